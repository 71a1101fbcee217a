"""I5, I6, I8, I14: codes, verdicts and trays are as the law of the log wants them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from onestop.domain.acts import RULES, Act
from onestop.domain.entry import parse_header
from onestop.domain.fold import Verdict, fold
from onestop.domain.judge import CLOCK_SLACK, Code
from onestop.domain.moment import from_wire
from onestop.domain.settle import Standing, settle
from onestop.domain.statement import parse_statement
from onestop.store import tables as t
from onestop.store.journal import list_journals, read_journal

if TYPE_CHECKING:
    from tests.sim.world import World


def codes_are_one(world: "World") -> None:
    """I6: a code names one dossier; another that bears it was flagged, and no two leases overlap."""
    with world.root.hub.store.read() as connection:
        bearers: dict[str, list[str]] = defaultdict(list)
        for row in connection.execute(select(t.dossiers.c.code, t.dossiers.c.id)):
            bearers[row.code].append(row.id)
        first = {
            ident: _first(connection, ident) for ids in bearers.values() if len(ids) > 1 for ident in ids
        }
        lent = connection.execute(
            select(t.leases).order_by(t.leases.c.agency, t.leases.c.day, t.leases.c.first)
        )
        blocks = lent.all()
    for code, ids in bearers.items():
        unflagged = [
            i for i in ids if first.get(i) is not None and first[i].verdict == Verdict.ACCEPTED.value
        ]
        assert len(ids) < 2 or len(unflagged) < 2, f"I6 {code} names {len(unflagged)} dossiers"
    for one, other in pairwise(blocks):
        is_same = (one.agency, one.day) == (other.agency, other.day)
        assert not is_same or one.last < other.first, f"I6 leases overlap: {one} {other}"
    with_own_ranges(world, blocks)


def with_own_ranges(world: "World", blocks: Iterable[Any]) -> None:
    """I6: what was lent is nobody's own; desks of an office have no number in common."""
    from onestop.domain.code import static_ranges

    own: dict[tuple[str, int], str] = {}
    for desk in world.desks.values():
        if desk.is_copied:
            continue
        for block in static_ranges(desk.office.desk.index):
            for serial in (block.first, block.last):
                held = own.setdefault((desk.agency, serial), desk.name)
                assert held == desk.name, f"I6 {desk.name} and {held} share {serial}"
            for lent in blocks:
                assert lent.last < block.first or block.last < lent.first, (
                    f"I6 {lent} was lent of {desk.name}"
                )


def _first(connection: Connection, dossier: str) -> Any:
    asked = select(t.entries).where(t.entries.c.dossier == dossier).order_by(t.entries.c.cursor).limit(1)
    return connection.execute(asked).first()


def verdicts_hold(world: "World") -> None:
    """I8, I14: by the root's own log, whoever knew that he was revoked did nothing, a decision of
    one who could not know waits for a person, and times lie between what was seen and received."""
    with world.root.hub.store.read() as connection:
        cuts = _cuts(connection)
        rows = connection.execute(select(t.entries).where(t.entries.c.cursor.is_not(None))).all()
        bases = connection.execute(select(t.epochs.c.epoch, t.epochs.c.base).order_by(t.epochs.c.base)).all()
    for row in rows:
        header = parse_header(row.header)
        _time_holds(row, header)
        seen = _seen(header.seen, bases)
        for subject in (header.officer, header.grant, header.device):
            for cut, until in cuts.get(subject, ()):
                is_later = until is not None and header.grant in until
                if seen >= cut and not is_later:
                    assert row.verdict == Verdict.QUARANTINED.value, (
                        f"I8 {row.id.hex()[:12]} of {subject} stands"
                    )


def _cuts(connection: Connection) -> dict[str, list[tuple[int, Any]]]:
    """When each officer, grant or device was revoked, and grants that an officer was given since."""
    cuts: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    given: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in connection.execute(select(t.statements).where(t.statements.c.kind.in_(("grant", "revoke")))):
        plain = parse_statement(row.body)
        if plain["kind"] == "grant":
            given[plain["officer"]].append((row.cursor or 0, row.id))
    for row in connection.execute(select(t.statements).where(t.statements.c.kind == "revoke")):
        plain = parse_statement(row.body)
        since = [ident for cursor, ident in given.get(plain["subject"], []) if cursor > (row.cursor or 0)]
        cuts[plain["subject"]].append((row.cursor or 0, since))
    return cuts


def _seen(seen: tuple[Any, int, Any], bases: Any) -> int:
    epoch, cursor = str(seen[0]), seen[1]
    names = [row.epoch for row in bases]
    if epoch not in names:
        return 0
    later: list[int] = [row.base for row in bases[names.index(epoch) + 1 :]]
    return min([cursor, *later])


def _time_holds(row: Any, header: Any) -> None:
    if row.verdict != Verdict.ACCEPTED.value or row.code == Code.CLOCK or row.received_at is None:
        return
    at, received = from_wire(header.at), from_wire(row.received_at)
    assert at <= received + CLOCK_SLACK + timedelta(seconds=1), f"I14 {row.id.hex()[:12]} is of the future"
    if header.seen[2] is not None:
        assert at >= from_wire(header.seen[2]) - CLOCK_SLACK, (
            f"I14 {row.id.hex()[:12]} is older than what it saw"
        )


def trays_show_all(world: "World") -> None:
    """I5: whatever was not accepted and not settled is in the tray, whatever has no number on the
    shelf or in the outbox with a word; a flagged decision has no effect."""
    with world.root.hub.store.read() as connection:
        shown = set(connection.scalars(select(t.tray.c.entry)))
        for ident in list_journals(connection):
            journal = read_journal(connection, ident)
            _flagged_is_shown(journal, shown)
    for name, store in world.stores():
        with store.read() as connection:
            _troubled_is_shown(name, connection)


def _flagged_is_shown(journal: Any, shown: set[str]) -> None:
    settled = settle(journal)
    for entry, verdict in journal:
        standing = settled.standing(entry.id, verdict)
        if standing in (Standing.FLAGGED, Standing.QUARANTINED) and entry.id not in settled.fates:
            assert entry.id in shown, f"I5 {entry.id[:12]} is {standing} and in no tray"
    waiting = [e.id for e, v in journal if settled.standing(e.id, v) is Standing.FLAGGED and _decides(e)]
    if waiting:
        without = fold([pair for pair in journal if pair[0].id not in waiting])
        whole = fold(journal)
        assert whole is not None
        if without is not None:
            same = (without.state, without.holder, without.clock.due) == (
                whole.state,
                whole.holder,
                whole.clock.due,
            )
            assert same or journal[0][0].id in waiting, (
                f"I8 a decision that waits took effect: {waiting[0][:12]}"
            )


def _decides(entry: Any) -> bool:
    try:
        return RULES[Act(entry.header.kind)].is_decision
    except ValueError:
        return False


def _troubled_is_shown(name: str, connection: Connection) -> None:
    shown = set(connection.scalars(select(t.tray.c.entry)))
    columns = (t.entries.c.id, t.entries.c.dossier, t.outbox.c.verdict)
    asked = select(*columns).join(t.outbox, t.outbox.c.entry == t.entries.c.n)
    for row in connection.execute(asked.where(t.outbox.c.verdict != "", t.entries.c.dossier.is_not(None))):
        ident = row.id.hex()
        is_settled = ident in shown or ident in settle(read_journal(connection, row.dossier)).fates
        assert is_settled, f"I5 {name}: {ident[:12]} is {row.verdict} and in no tray"


def forks_are_frozen(world: "World") -> None:
    """A copied desk is frozen, and no other is."""
    with world.root.hub.store.read() as connection:
        forked = set(connection.scalars(select(t.shelf.c.device).where(t.shelf.c.code == Code.FORK)))
        revoked = connection.execute(select(t.statements).where(t.statements.c.kind == "revoke")).all()
    plains = [parse_statement(row.body) for row in revoked]
    frozen = {plain["subject"] for plain in plains if plain["reason"] == "fork"}
    stopped = {plain["subject"] for plain in plains if plain["of"] == "device"}
    assert forked <= stopped, "a copied desk goes on under one name"
    lawful = {desk.office.pen.device for desk in world.desks.values() if desk.may_fork}
    assert frozen <= lawful, "I3 a desk is frozen that nobody copied: it gave a number twice"


def held_wait_for_something(world: "World") -> None:
    """Whatever is held at the root still lacks something."""
    with world.root.hub.store.read() as connection:
        rows = connection.execute(select(t.shelf).where(t.shelf.c.verdict == Verdict.HELD.value)).all()
        heads = {(r.device, r.incarnation): r for r in connection.execute(select(t.device_heads))}
        here = {ident.hex() for (ident,) in connection.execute(select(t.entries.c.id))}
    for row in rows:
        header = parse_header(json.loads(row.raw)["h"].encode())
        head = heads.get((row.device, row.incarnation))
        is_next = (head.seq + 1, head.entry) == (header.seq, header.prev) if head else header.seq == 1
        if row.code in (Code.GAP, Code.PARENT):
            assert not (is_next and here.issuperset(header.parents)), (
                f"held with nothing missing: {row.entry[:12]}"
            )
