"""Which papers are to go up and which to come down; the entries that name them never wait.

A paper of an own entry goes up. One that a taken entry names comes down when its dossier is
open here, or when somebody asks for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, true, update

from onestop.domain.entry import BlobRef, parse_header
from onestop.errors import StoreError
from onestop.store.blobs import has_blob
from onestop.store.bulk import add_missing
from onestop.store.papers import give_blobs, keep_blob
from onestop.store.peers import RELAY
from onestop.store.prepared import Prepared, insert_row
from onestop.store.store import Store
from onestop.store.tables import blob_keys, blob_moves, blob_refs, blobs, entries, outbox

UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class Move:
    """A paper on its way: SHA-256 of its plain bytes, length in bytes."""

    sha256: str
    dossier: str
    length: int


_FIND = Prepared(
    select(blob_moves.c.direction).where(
        blob_moves.c.sha256 == bindparam("of_sha256"), blob_moves.c.dossier == bindparam("of_dossier")
    )
)
_ADD = Prepared(insert_row(blob_moves))


def queue_uploads(connection: Connection, dossier: str, refs: Iterable[BlobRef]) -> None:
    for ref in refs:
        _add(connection, dossier, ref, UP, is_done=False)


def queue_named_papers(connection: Connection) -> None:
    """Papers from before desks knew of hubs go up too."""
    with_papers = select(blob_keys.c.dossier).distinct()
    wanted = select(entries.c.dossier, entries.c.header).where(entries.c.dossier.in_(with_papers))
    for row in connection.execute(wanted).all():
        queue_uploads(connection, row.dossier, parse_header(row.header).blobs)


def queue_downloads(connection: Connection, dossier: str, refs: Iterable[BlobRef]) -> None:
    """What the store has already under another dossier needs no line: this one may open it too."""
    for ref in refs:
        known = select(blob_keys.c.dossier).where(blob_keys.c.sha256 == ref.sha256).limit(1)
        is_here = connection.execute(known).first() is not None
        if is_here:
            give_blobs(connection, dossier, (ref,))
        _add(connection, dossier, ref, DOWN, is_done=is_here)


def _add(connection: Connection, dossier: str, ref: BlobRef, direction: str, is_done: bool) -> None:
    if _FIND.run(connection, {"of_sha256": ref.sha256, "of_dossier": dossier}).fetchone():
        return
    row = {"sha256": ref.sha256, "dossier": dossier, "direction": direction, "length": ref.length}
    _ADD.run(connection, row | {"is_done": is_done, "is_durable": False})


def next_uploads(connection: Connection, limit: int = 20, to: str = "") -> list[Move]:
    """Each paper once, the shortest first: what somebody waits for is mostly a page or two.

    `to` a hub of this kind: only papers of dossiers whose entries it has all answered, for it
    takes no paper that no entry names, and the bytes would go in vain.
    """
    return _waiting(connection, UP, limit, ~_has_unanswered(to) if to else true())


def _has_unanswered(kind: str) -> ColumnElement[bool]:
    waiting = outbox.c.relayed.is_(False) if kind == RELAY else outbox.c.verdict == ""
    here = select(outbox.c.entry).join(entries, entries.c.n == outbox.c.entry)
    return here.where(entries.c.dossier == blob_moves.c.dossier, waiting).correlate(blob_moves).exists()


def next_downloads(connection: Connection, limit: int = 20) -> list[Move]:
    return _waiting(connection, DOWN, limit, true())


def _waiting(connection: Connection, direction: str, limit: int, more: ColumnElement[bool]) -> list[Move]:
    wanted = select(blob_moves).where(blob_moves.c.direction == direction, ~blob_moves.c.is_done, more)
    rows = connection.execute(wanted.order_by(blob_moves.c.length, blob_moves.c.sha256).limit(limit))
    moves = {row.sha256: Move(row.sha256, row.dossier, row.length) for row in rows}
    return list(moves.values())


def mark_sent(connection: Connection, sha256: str, is_durable: bool = False) -> None:
    """The hub has it whole; `is_durable`: in a verified backup too."""
    _mark(connection, [sha256], is_done=True)
    if is_durable:
        mark_durable(connection, [sha256])


def mark_durable(connection: Connection, digests: Iterable[str]) -> None:
    """The root has these in a verified backup; a relay tells its desks so from now on."""
    names = list(digests)
    _mark(connection, names, is_durable=True)
    connection.execute(update(blobs).where(blobs.c.sha256.in_(names)).values(is_durable=True))


def _mark(connection: Connection, digests: Iterable[str], **values: bool) -> None:
    found = blob_moves.c.sha256.in_(list(digests))
    connection.execute(update(blob_moves).where(found).values(values))


def offer_again(connection: Connection) -> None:
    """The hub went back in time: whatever is in no backup is asked about anew."""
    lost = (blob_moves.c.direction == UP) | blob_moves.c.is_done
    again = update(blob_moves).where(lost, ~blob_moves.c.is_durable)
    connection.execute(again.values(direction=UP, is_done=False))


def pass_on(connection: Connection, sha256: str) -> None:
    """A desk brought a paper whole to its office's relay: it goes on to the root."""
    _move_named(connection, sha256, UP)


def fetch_above(connection: Connection, sha256: str) -> None:
    """A desk asks its relay for a paper that is not there: it is fetched from the root."""
    _move_named(connection, sha256, DOWN)


def is_on_its_way(connection: Connection, sha256: str) -> bool:
    """Whether a relay is fetching it already."""
    here = (blob_moves.c.sha256 == sha256) & (blob_moves.c.direction == DOWN)
    return (
        connection.execute(select(blob_moves.c.sha256).where(here, ~blob_moves.c.is_done)).first() is not None
    )


def count_open(connection: Connection) -> int:
    """Papers that still have to go either way."""
    waiting = select(blob_moves.c.sha256).where(~blob_moves.c.is_done)
    return connection.scalar(select(func.count()).select_from(waiting.distinct().subquery())) or 0


def _move_named(connection: Connection, sha256: str, direction: str) -> None:
    """For every dossier whose entries, as this relay has them, name the paper."""
    named = select(blob_refs.c.dossier, blobs.c.length).join(blobs, blobs.c.sha256 == blob_refs.c.sha256)
    fresh = {"direction": direction, "is_done": False, "is_durable": False}
    found = connection.execute(named.where(blob_refs.c.sha256 == sha256)).all()
    rows = [{"sha256": sha256, "dossier": row.dossier, "length": row.length} | fresh for row in found]
    add_missing(connection, blob_moves, rows)
    moved = update(blob_moves).where(blob_moves.c.sha256 == sha256)
    connection.execute(moved.values(direction=direction, is_done=False))


def want_paper(connection: Connection, dossier: str, ref: BlobRef) -> None:
    """Somebody asks for a paper that is not on this machine (any more)."""
    queue_downloads(connection, dossier, (ref,))
    here = (blob_moves.c.sha256 == ref.sha256) & (blob_moves.c.dossier == dossier)
    connection.execute(update(blob_moves).where(here).values(direction=DOWN, is_done=False))


def take_paper(store: Store, sha256: str, source: Path) -> None:
    """A paper that came down whole is kept, and every dossier that waited for it may open it.

    Raises StoreError when the bytes are not those of the name, or the disk is full; InputError
    for a kind of file this program does not keep.
    """
    ref = keep_blob(store, source)
    if ref.sha256 != sha256:
        raise StoreError("Tệp nhận về không đúng mã băm", "Chương trình sẽ tải lại tệp này.", "papers")
    with store.write() as connection:
        waiting = select(blob_moves.c.dossier).where(blob_moves.c.sha256 == sha256)
        for (dossier,) in connection.execute(waiting).all():
            give_blobs(connection, dossier, (ref,))
        _mark(connection, [sha256], is_done=True)


def is_paper_here(store: Store, sha256: str) -> bool:
    return has_blob(store.blobs_folder, sha256)


def may_be_away(connection: Connection) -> set[tuple[str, str]]:
    """(dossier, digest) of papers that lawfully are not on this machine: to come, or kept by the hub."""
    away = or_(blob_moves.c.is_durable, (blob_moves.c.direction == DOWN) & ~blob_moves.c.is_done)
    rows = connection.execute(select(blob_moves.c.dossier, blob_moves.c.sha256).where(away))
    return {(dossier, digest) for dossier, digest in rows}
