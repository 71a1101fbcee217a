"""Bugs to put into the program from outside: each gives the patches that make it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, false, select, update

from onestop.domain import code as codes
from onestop.domain import fold as folding
from onestop.domain import judge as judging
from onestop.domain.judge import Code, Judgement
from onestop.domain.settle import Verdict
from onestop.errors import StoreError
from onestop.store import (
    anchor,
    blobs,
    evict,
    foreign,
    greeting,
    journal,
    ledger_ingest,
    ledger_sheet,
    log,
    projection,
    receipts,
    relay_log,
    taking,
)
from onestop.store.blob_stream import read_piece
from onestop.store.peers import change_peer
from onestop.store.prepared import Prepared
from onestop.store.sending import next_offers
from onestop.store.store import Store
from onestop.store.tables import blob_keys, entries, leases, log_head, outbox
from onestop.sync import noting, papers, work
from onestop.sync import state as states
from onestop.sync.state import Lane, with_lane

Patch = tuple[Any, str, Any]


def ack_before_commit() -> list[Patch]:
    real = Store.write

    @contextmanager
    def write(self: Store) -> Iterator[Any]:
        is_done = False
        try:
            with real(self) as connection:
                yield connection
                is_done = True
        except StoreError:
            if not is_done:
                raise

    return [(Store, "write", write)]


def log_before_entries() -> list[Patch]:
    """The number is given and committed by itself: a kill between leaves a number without an entry."""
    real = ledger_sheet.Sheet.write

    def write(self: Any, connection: Any, *, is_relay: bool) -> Any:
        told = update(log_head).values(cursor=log_head.c.cursor + len(self._entries))
        connection.execute(told)
        connection.connection.commit()
        connection.connection.cursor().execute("BEGIN IMMEDIATE")
        connection.execute(update(log_head).values(cursor=log_head.c.cursor - len(self._entries)))
        return real(self, connection, is_relay=is_relay)

    return [(ledger_sheet.Sheet, "write", write)]


def no_dedupe() -> list[Patch]:
    return [(ledger_ingest.Session, "_stored", lambda self, arrivals: {})]


def rollback_undetected() -> list[Patch]:
    return [
        (anchor.Mooring, "_is_adrift", lambda self, connection: False),
        (greeting, "_is_rolled_back", lambda connection, heads: False),
    ]


def epoch_unchecked() -> list[Patch]:
    def rewind(connection: Any, peer: Any, reply: Any) -> set[str]:
        change_peer(connection, peer.log, epoch=reply.epoch)
        return set()

    return [(greeting, "_rewind", rewind)]


def edge_triggered() -> list[Patch]:
    def failed(state: Any, name: Any, failure: Any, now: float, random: Any, tries: int = 0) -> Any:
        return with_lane(state, name, Lane(due=float("inf"), failure=failure))

    return [(noting, "failed", failed)]


def unbounded_back_off() -> list[Patch]:
    return [(states, "back_off", lambda tries, random, after=None: 120.0 * 4.0**tries)]


def held_dropped() -> list[Patch]:
    real = ledger_sheet.Sheet.shelve

    def shelve(self: Any, arrival: Any, judgement: Judgement) -> str:
        ident = real(self, arrival, judgement)
        if judgement.verdict is Verdict.HELD:
            del self._shelved[ident]
        return ident

    return [(ledger_sheet.Sheet, "shelve", shelve)]


def held_forced() -> list[Patch]:
    real = judging.judge

    def judge(header: Any, known: Any, at: Any) -> Judgement:
        said = real(header, known, at)
        return Judgement(Verdict.ACCEPTED) if said.verdict is Verdict.HELD and known.device else said

    return [(ledger_ingest, "judge", judge)]


def held_forgotten() -> list[Patch]:
    return [(ledger_ingest.Session, "_wake", lambda self: None)]


def offset_off_by_one() -> list[Patch]:
    real = read_piece
    return [
        (papers, "read_piece", lambda store, digest, at, limit: real(store, digest, at and at + 1, limit))
    ]


def hash_unchecked() -> list[Patch]:
    real = blobs._write

    def write(folder: Any, file: Any, digest: str, key: bytes) -> Any:
        plain = file.read()
        name = sha256(plain).hexdigest()
        length = real(folder, io.BytesIO(plain), name, key)
        if name != digest:
            target = folder / digest[:2] / digest
            target.parent.mkdir(parents=True, exist_ok=True)
            (folder / name[:2] / name).replace(target)
        return length

    return [(blobs, "_write", write)]


def leases_overlap() -> list[Patch]:
    def lend(
        connection: Any, agency: str, day: str, device: str, count: int, at: str = ""
    ) -> tuple[int, int]:
        lent = len(connection.execute(select(leases.c.first)).all())
        first = codes.DEFAULT_POLICY.lease.first + 3 * lent
        row = {
            "agency": agency,
            "day": day,
            "first": first,
            "last": first + count,
            "device": device,
            "at": at,
        }
        connection.execute(leases.insert().values(row))
        return first, first + count

    from onestop.hub import api_log

    return [(api_log, "lease_codes", lend)]


def own_ranges_overlap() -> list[Patch]:
    real = codes.static_ranges
    return [(codes, "static_ranges", lambda index, *more: real(1, *more))]


def fold_by_arrival() -> list[Patch]:
    wanted = (
        select(*journal._COLUMNS).where(entries.c.dossier == bindparam("of_dossier")).order_by(entries.c.n)
    )
    return [(journal, "_OF_DOSSIER", Prepared(wanted))]


def evicted_early() -> list[Patch]:
    return [(evict, "_free_to_go", _all_blobs)]


def _all_blobs(connection: Any) -> set[str]:
    return set(connection.scalars(select(blob_keys.c.sha256)))


def revoked_accepted() -> list[Patch]:
    return [(judging, "_authority", lambda header, known: None)]


def flagged_takes_effect() -> list[Patch]:
    real = folding._continued

    def continued(dossier: Any, header: Any, ident: str, body: Any, verdict: Any, *more: Any) -> Any:
        return real(dossier, header, ident, body, Verdict.ACCEPTED, *more)

    return [(folding, "_continued", continued)]


def erase_leaves_salt() -> list[Patch]:
    real = ledger_sheet.Sheet._set_body

    def keep(self: Any, entry: Any) -> None:
        real(self, replace(entry, salt=b"0" * 16))

    return [(ledger_sheet.Sheet, "_set_body", keep)]


def erase_at_the_root_only() -> list[Patch]:
    return [(projection, "erase_settled", lambda connection, dossier, journal: ())]


def tray_dropped() -> list[Patch]:
    return [(ledger_sheet.Sheet, "_tray", lambda self, folder: ())]


def tray_of_desk_dropped() -> list[Patch]:
    return [(projection, "keep_tray", lambda connection, dossier_id, dossier: None)]


def copies_undetected() -> list[Patch]:
    return [(ledger_ingest.Session, "_freeze", lambda self, arrival: None)]


def outbox_not_cleared() -> list[Patch]:
    nothing = delete(outbox).where(outbox.c.entry == bindparam("of_n"), false())
    return [(receipts, "_SENT", Prepared(nothing))]


def cleared_without_receipt() -> list[Patch]:
    real = next_offers

    def offers(connection: Any, kind: str, limit: int, most: int) -> Any:
        found = real(connection, kind, limit, most)
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(delete(outbox))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
        return found

    return [(work, "next_offers", offers)]


def cursor_before_page() -> list[Patch]:
    real = work._take

    def take(node: Any, talk: Any, page: Any) -> None:
        with node.store.write() as connection:
            change_peer(connection, talk.log, cursor=page.next)
        real(node, talk, page)

    return [(work, "_take", take)]


def poison_stops_all() -> list[Patch]:
    def bug(state: Any, event: Any, now: float, random: Any) -> Any:
        return states.failed(state, states.ENTRIES, event.failure, now, random)

    return [(noting, "_hub_failed_on_batch", bug)]


def unknown_stops_pull() -> list[Patch]:
    def unknown(basket: Any, record: Any) -> None:
        raise StoreError("không hiểu", "bản ghi lạ")

    return [(taking, "_unknown", unknown)]


def signature_unchecked() -> list[Patch]:
    return [(ledger_ingest, "is_signed", lambda *_: True)]


def back_fill_forgotten() -> list[Patch]:
    return [(taking, "want_journal", lambda connection, dossier, count: False)]


def leaf_skipped() -> list[Patch]:
    seen = [0]
    tail = log.Tail.__init__

    def begin(self: Any, name: str, epoch: str, cursor: int, frontier: Any) -> None:
        tail(self, name, epoch, cursor, frontier)
        add = frontier.append

        class Odd:
            def append(self, leaf: bytes) -> Any:
                seen[0] += 1
                return add(b"\0" * 32 if seen[0] % 7 == 0 else leaf)

            def encode(self) -> bytes:
                return bytes(frontier.encode())

        self._frontier = Odd()

    return [(log.Tail, "__init__", begin)]


def durable_too_early() -> list[Patch]:
    real = log.read_head

    def head(connection: Any, name: str) -> Any:
        known = real(connection, name)
        return replace(known, durable=known.cursor)

    from onestop.hub import greeting as greeting_of_hub
    from onestop.store import streams

    return [(streams, "read_head", head), (greeting_of_hub, "read_head", head)]


def clock_believed() -> list[Patch]:
    return [(judging, "is_time_doubtful", lambda header, chain, at: False)]


def code_taken_twice() -> list[Patch]:
    return [(judging, "_is_code_lawful", lambda header, known: True)]


def journal_not_relayed() -> list[Patch]:
    return [(work, "relay_journal", lambda connection, ledger, records: None)]


def papers_not_relayed() -> list[Patch]:
    return [(relay_log, "_papers", lambda connection, header, into: None)]


def shelf_not_passed_on() -> list[Patch]:
    return [(work, "shelved_offers", lambda connection, limit: [])]


def fork_by_first_come() -> list[Patch]:
    """The branch that was here first stays, whatever the root chose."""

    def no_room(connection: Any, header: Any, receipt: Any, own: str) -> set[str]:
        claim = {"of_device": header.device, "of_incarnation": header.incarnation, "of_seq": header.seq}
        if foreign._RIVAL.run(connection, claim).fetchone() is not None:
            raise foreign.Odd("quarantined", Code.FORK, header.dossier or "")
        return set()

    return [(foreign, "_make_room", no_room)]


def new_epoch_not_relayed() -> list[Patch]:
    return [(relay_log, "_new_epoch", lambda connection, ledger, tail, page: None)]
