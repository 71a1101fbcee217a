"""What must hold once all is healed and quiet, read from the stores of programs that have ended."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.entry import parse_header
from onestop.domain.merkle import Frontier
from onestop.store import tables as t
from onestop.store.check import verify_store
from onestop.store.journal import list_journals, read_dossier
from onestop.store.log import Ledger, open_ledger, read_head
from onestop.store.parts import blob_length, find_key, read_range
from onestop.store.projection import row_of
from onestop.store.store import Store


def ids_at(store: Store) -> set[str]:
    with store.read() as connection:
        return {ident.hex() for (ident,) in connection.execute(select(t.entries.c.id))}


def log_is_sound(store: Store) -> list[str]:
    """Numbers without a gap, every leaf under the root, no entry twice; the entries' ids by number."""
    with store.read() as connection:
        ledger = open_ledger(connection)
        head = read_head(connection, ledger.log)
        rows = connection.execute(select(t.records).order_by(t.records.c.cursor)).all()
        numbered = _numbers(connection, ledger)
        leaves = [bytes(row.leaf) for row in rows]
    assert [row.cursor for row in rows] == list(range(1, head.cursor + 1))
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert frontier.root() == head.root, "the root is not that of the records"
    stood = [row.ref for row in rows if row.kind == "entry"]
    twice = [ref for ref, count in Counter(stood).items() if count > 1]
    assert not twice, f"numbered twice: {twice[:3]}"
    assert {row.ref: row.cursor for row in rows if row.kind == "entry"} == numbered
    return stood


def _numbers(connection: Connection, ledger: Ledger) -> dict[str, int]:
    number = t.entries.c.place if ledger.is_relay else t.entries.c.cursor
    asked = select(t.entries.c.id, number).where(number.is_not(None))
    return {ident.hex(): cursor for ident, cursor in connection.execute(asked)}


def chains_are_whole(store: Store) -> None:
    """Each device's numbers run 1, 2, 3 …, and none stands for two entries."""
    chains: dict[tuple[str, str], list[int]] = {}
    asked = select(t.entries.c.device, t.entries.c.incarnation, t.entries.c.seq)
    with store.read() as connection:
        for device, incarnation, seq in connection.execute(asked.order_by(t.entries.c.seq)):
            chains.setdefault((device, incarnation), []).append(seq)
    for chain, numbers in chains.items():
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), f"a gap in {chain}"


def rows_are_folds(store: Store) -> dict[str, dict[str, Any]]:
    """Every row is what its journal says; the rows, without the numbers each store gives itself."""
    with store.read() as connection:
        rows = {row.id: dict(row._mapping) for row in connection.execute(select(t.dossiers))}
        for ident in list_journals(connection):
            dossier = read_dossier(connection, ident)
            assert dossier is not None, ident
            wrong = {k: (v, rows[ident][k]) for k, v in row_of(dossier).items() if rows[ident][k] != v}
            assert not wrong, f"{dossier.code}: {wrong}"
    for row in rows.values():
        del row["n"]
    return rows


def words_of(store: Store) -> dict[str, tuple[Any, ...]]:
    """The root's word on each entry, as this node knows it."""
    columns = (t.entries.c.id, t.entries.c.verdict, t.entries.c.code, t.entries.c.cursor)
    with store.read() as connection:
        rows = connection.execute(select(*columns)).all()
    return {row.id.hex(): (row.verdict, row.code or "", row.cursor) for row in rows}


def tray_of(store: Store) -> set[tuple[str, str, str]]:
    with store.read() as connection:
        return {(row.entry, row.verdict, row.code) for row in connection.execute(select(t.tray))}


def nothing_waits(store: Store, others_work: bool = False) -> None:
    """Outboxes hold nothing but what stands in a tray; every paper is where it belongs.

    `others_work`: papers of other desks may be on their way here at any moment.
    """
    with store.read() as connection:
        shown = set(connection.scalars(select(t.tray.c.entry)))
        asked = select(t.entries.c.id, t.outbox.c.verdict).join(t.outbox, t.outbox.c.entry == t.entries.c.n)
        left = [(row.id.hex(), row.verdict) for row in connection.execute(asked)]
        moves = connection.execute(select(t.blob_moves).where(~t.blob_moves.c.is_done)).all()
    hidden = [one for one in left if not one[1] or one[0] not in shown]
    assert not hidden, f"waits and is in no tray: {hidden[:3]}"
    moves = [move for move in moves if not (others_work and move.direction == "down")]
    assert not moves, f"papers still on their way: {moves[:3]}"


def blobs_are_sound(store: Store) -> set[str]:
    """Every whole paper of a hub has the bytes of its name; their names."""
    with store.read() as connection:
        whole = sorted(connection.scalars(select(t.blobs.c.sha256).where(t.blobs.c.is_whole)))
        keys = {digest: find_key(connection, digest) for digest in whole}
    for digest in whole:
        key = keys[digest]
        assert key is not None, digest
        last = blob_length(store.blobs_folder, digest) - 1
        plain = b"".join(read_range(store.blobs_folder, digest, key, 0, last))
        assert sha256(plain).hexdigest() == digest
    return set(whole)


def papers_named(store: Store) -> set[str]:
    """Papers that entries of this store name."""
    with store.read() as connection:
        headers = connection.scalars(select(t.entries.c.header)).all()
    return {ref.sha256 for header in headers for ref in parse_header(header).blobs}


def is_undamaged(store: Store) -> None:
    findings = verify_store(store).findings
    assert findings == [], findings[:3]


def hub_is_undamaged(store: Store) -> None:
    """The file of a hub that keeps its own log: pages, log, chains, rows. (`verify_store` knows desks.)"""
    with store.read() as connection:
        for pragma in ("cipher_integrity_check", "integrity_check"):
            said = [row[0] for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
            assert said in ([], ["ok"]), said[:3]
    log_is_sound(store)
    chains_are_whole(store)
    rows_are_folds(store)


def are_there(saved: Iterable[str], where: set[str], name: str) -> None:
    lost = set(saved) - where
    assert not lost, f"{name} lost {len(lost)} that it said were saved: {sorted(lost)[:3]}"
