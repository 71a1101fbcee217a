"""What each action of the engine does: reads the store, asks the hub, takes the answer in.

Everything may be done twice: an answer that was lost after the hub committed is simply given
again, and taking it again changes nothing. A transaction never waits for the line.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from onestop.domain.checkpoint import SignedCheckpoint
from onestop.domain.entry import entry_id
from onestop.domain.moment import from_wire, to_wire
from onestop.domain.offer import Offer, Page, Receipt, Record
from onestop.errors import OfficeError
from onestop.store.ledger import relay_journal, relay_news
from onestop.store.peers import ROOT, find_peer, peer_of
from onestop.store.sending import (
    next_offers,
    passed_on,
    shelved_offers,
    statements_offered,
    statements_to_offer,
    take_receipts,
)
from onestop.store.taking import OtherBranch, StalePage, take_hello, take_journal, take_page, wanted_journals
from onestop.store.todo import heads_of
from onestop.store.truth import sync_counts
from onestop.sync import happenings as h
from onestop.sync.beginning import continue_snapshot, wants_snapshot
from onestop.sync.happenings import Failure
from onestop.sync.node import Node, Papers, Talk, in_words
from onestop.sync.papers import move_paper
from onestop.sync.transport import ChosenLine, LineFailed, NotThere, SnapshotLine, Transport
from onestop.sync.upkeep import keep_up
from onestop.sync.wire import PROTOS, HelloOut, HelloReply

DETOUR = 120.0
"""Seconds until the office's relay is called again, when only the root answered."""

PART = 200
"""Records of one transaction: nobody at the counter waits longer for the store."""


def perform(action: h.Work, node: Node, transport: Transport) -> h.Outcome:
    """Does it, to the end or to a failure; never raises for what line, hub or disk may do."""
    do, fail = _WORK[type(action)]
    try:
        outcome: h.Outcome = do(action, node, transport)
    except LineFailed as error:
        return fail(error.failure)
    except OtherBranch as error:
        transport.doubt_own()
        return fail(Failure("epoch", in_words(error)))
    except StalePage as error:
        return fail(Failure("epoch", in_words(error)))
    except OfficeError as error:
        return fail(Failure("store", in_words(error)))
    return outcome


# --- hello


def _hello(_: h.Hello, node: Node, transport: Transport) -> h.Outcome:
    reply = _greeted(node, transport)
    mono = node.monotonic()
    node.clock_off = round((node.clock() - from_wire(reply.server_time)).total_seconds())
    if reply.proto not in PROTOS or "update_app" in reply.actions:
        return h.HelloFailed(Failure("version"))
    with node.store.write() as connection:
        outcome = take_hello(connection, reply, mono)
    if outcome.lies:
        return h.HelloFailed(Failure("lies", outcome.lies))
    node.talk = Talk(reply.log, outcome.kind)
    can_begin = isinstance(transport, SnapshotLine)
    node.begins = can_begin and wants_snapshot(node, outcome.kind, reply.head.checkpoint.cursor)
    node.papers = Papers()
    node.add_news(outcome.dossiers)
    todo = node.todo()
    return h.HelloDone(
        waiting=todo.offers,
        blobs=todo.blobs,
        journals=todo.journals,
        is_revoked=bool(reply.revoked) or "revoked" in reply.actions,
        herd=float(reply.limits["herd"]) if "herd" in reply.limits else None,
        max_entries=reply.limits.get("entries"),
        again=DETOUR if isinstance(transport, ChosenLine) and transport.is_detour else None,
    )


def _greeted(node: Node, transport: Transport) -> HelloReply:
    """A proof leads from the checkpoint we name: it must be one of the log that answers.

    Relay and root may take turns while one of them goes: an answer of the other one proves nothing.
    Raises LineFailed when they go on doing so.
    """
    known = _known_head(node, node.talk.log if node.talk else "")
    for _ in range(_MOST_TURNS):
        reply = transport.hello(_hello_out(node, known))
        other = _known_head(node, reply.log) if known is None or reply.log != known.checkpoint.log else None
        if other is None:
            return reply
        known = other
    raise LineFailed(Failure("offline", "hubs take turns in answering"))


_MOST_TURNS = 4


def _known_head(node: Node, log: str) -> SignedCheckpoint | None:
    with node.store.read() as connection:
        peer = find_peer(connection, log) if log else peer_of(connection, ROOT)
    return peer.checkpoint if peer else None


def _hello_out(node: Node, known: SignedCheckpoint | None) -> HelloOut:
    with node.store.read() as connection:
        heads = heads_of(connection, node.device)
    counts = sync_counts(node.store.rows)
    queue = {
        "entries": counts.waiting_entries,
        "blobs": counts.blobs,
        "bytes": counts.blob_bytes,
        "oldest": to_wire(counts.oldest_at) if counts.oldest_at else None,
    }
    return HelloOut(
        app=node.app,
        device=node.device,
        incarnation=node.incarnation(),
        heads=heads,
        log=None if known is None else _named(known),
        at=to_wire(node.clock()),
        queue=queue,
        free=node.disk_free(),
    )


def _named(known: SignedCheckpoint) -> dict[str, Any]:
    head = known.checkpoint
    return {"log": head.log, "epoch": head.epoch, "cursor": head.cursor, "root": head.root}


def _talk(node: Node) -> Talk:
    """Raises LineFailed before the first hello: nothing else can be done then."""
    if node.talk is None:
        raise LineFailed(Failure("epoch", "no hello yet"))
    return node.talk


# --- entries


def _push(action: h.Push, node: Node, transport: Transport) -> h.Outcome:
    talk = _talk(node)
    with node.store.read() as connection:
        offers = next_offers(connection, talk.kind, action.limit, action.max_bytes)
        statements = statements_to_offer(connection) if talk.kind == ROOT else []
    if not offers and not statements:
        return _pass_on(node, transport)
    began = time.monotonic()
    try:
        pushed = transport.push(offers, statements)
    except LineFailed as error:
        return h.PushFailed(error.failure, len(offers))
    seconds = time.monotonic() - began
    for part in _parts(pushed.receipts):
        with node.store.write() as connection:
            node.add_news(take_receipts(connection, talk.kind, part))
    if statements:
        with node.store.write() as connection:
            statements_offered(connection, [one.id for one in statements])
    return h.PushDone(len(offers), node.todo().offers, pushed.bytes, seconds)


def _pass_on(node: Node, transport: Transport) -> h.Outcome:
    """What could not be placed here, line by line, once nothing else waits: the branch of a copied
    desk, and at a relay what was held or could not be read. The root says what it is worth, or keeps
    it unread where it fails on it."""
    with node.store.read() as connection:
        lines = shelved_offers(connection, PART)
    for shelf_id, offer in lines:
        try:
            transport.push([offer])
        except LineFailed as error:
            if error.failure.kind != "bug":
                raise
            _hand_in(transport, offer)
        with node.store.write() as connection:
            passed_on(connection, shelf_id)
    return h.PushDone(len(lines), node.todo().offers, 0, 0.0)


def _quarantine(_: h.Quarantine, node: Node, transport: Transport) -> h.Outcome:
    """The hub keeps the bytes unread, this desk notes why; nothing is lost on either side."""
    talk = _talk(node)
    with node.store.read() as connection:
        offers = next_offers(connection, talk.kind, 1, 1)
    for offer in offers:
        _hand_in(transport, offer)
        receipt = Receipt(
            entry_id(offer.header), "quarantined", None, None, to_wire(node.clock()), "SERVER_BUG"
        )
        with node.store.write() as connection:
            node.add_news(take_receipts(connection, talk.kind, [receipt]))
    return h.QuarantineDone(node.todo().offers)


def _hand_in(transport: Transport, offer: Offer) -> None:
    """One that no line lets through is set aside here alone: the queue must go on."""
    try:
        transport.quarantine(offer)
    except LineFailed as error:
        if error.failure.kind != "too_big":
            raise


# --- pull


def _pull(action: h.Pull, node: Node, transport: Transport) -> h.Outcome:
    talk = _talk(node)
    with node.store.read() as connection:
        peer = find_peer(connection, talk.log)
    if peer is None:
        raise LineFailed(Failure("epoch", "a hub that was never greeted"))
    if node.begins and isinstance(transport, SnapshotLine):
        return _begin(node, transport)
    began = time.monotonic()
    page = transport.pull(peer.epoch, peer.cursor, action.limit, action.wait)
    seconds = time.monotonic() - began
    for part in _pages(page):
        _take(node, talk, part)
    todo = node.todo()
    return h.PullDone(len(page.records), page.more, seconds, todo.offers, todo.blobs, todo.journals)


def _begin(node: Node, line: SnapshotLine) -> h.Outcome:
    """A piece of the snapshot instead of a page; the log goes on behind it."""
    began = time.monotonic()
    node.begins = continue_snapshot(node, line)
    todo = node.todo()
    return h.PullDone(1, True, time.monotonic() - began, todo.offers, todo.blobs, todo.journals)


def _take(node: Node, talk: Talk, page: Page) -> None:
    with node.store.write() as connection:
        taken = take_page(connection, talk.log, page)
        if node.ledger is not None:
            relay_news(connection, node.ledger, taken, page)
    node.add_news(taken.dossiers)


def _pages(page: Page) -> Iterator[Page]:
    """The same page in parts of at most PART records, each a whole step of the cursor."""
    parts = list(_parts(page.records)) or [()]
    for part in parts[:-1]:
        yield replace(page, records=part, next=part[-1].cursor, more=True)
    yield replace(page, records=parts[-1])


def _parts(all_: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(all_), PART):
        yield all_[start : start + PART]


def _journal(_: h.Journal, node: Node, transport: Transport) -> h.Outcome:
    """One dossier that came into view, whole. One that the hub does not show is wanted no more."""
    talk = _talk(node)
    with node.store.read() as connection:
        wanted = wanted_journals(connection, 1)
    for dossier in wanted:
        records = _whole_journal(transport, dossier)
        with node.store.write() as connection:
            taken = take_journal(connection, talk.kind, dossier, records)
            if node.ledger is not None:
                relay_journal(connection, node.ledger, records)
        node.add_news(taken.dossiers | {dossier})
    todo = node.todo()
    return h.JournalDone(todo.journals, todo.blobs)


def _whole_journal(transport: Transport, dossier: str) -> list[Record]:
    records: list[Record] = []
    after = 0
    try:
        while True:
            page = transport.journal(dossier, after)
            records += page.records
            if not page.more or page.next <= after:
                return records
            after = page.next
    except NotThere:
        return records


# --- papers and upkeep


def _blob_step(action: h.BlobStep, node: Node, transport: Transport) -> h.Outcome:
    _talk(node)
    began = time.monotonic()
    count, rest = move_paper(node, transport, action.chunk)
    return h.BlobDone(count, time.monotonic() - began, node.todo().blobs, rest)


def _health(_: h.Health, node: Node, transport: Transport) -> h.Outcome:
    _talk(node)
    keep_up(node, transport)
    return h.HealthDone()


_WORK: dict[type, tuple[Callable[[Any, Node, Transport], h.Outcome], Callable[[Failure], h.Outcome]]] = {
    h.Hello: (_hello, h.HelloFailed),
    h.Push: (_push, h.PushFailed),
    h.Quarantine: (_quarantine, h.QuarantineFailed),
    h.Pull: (_pull, h.PullFailed),
    h.Journal: (_journal, h.JournalFailed),
    h.BlobStep: (_blob_step, h.BlobFailed),
    h.Health: (_health, h.HealthFailed),
}
