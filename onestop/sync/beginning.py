"""How a fresh desk begins: with its office's snapshot, piece by piece over any line, then by pulls.

Reading a log of years from its first record would take a morning. Whatever is wrong with a
snapshot, the log is still there: then that is read whole.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO, cast

from onestop.errors import OfficeError
from onestop.store.blob_stream import take_piece
from onestop.store.peers import ROOT
from onestop.store.rows import drop_local, get_local, put_local
from onestop.store.snapshot import is_fresh, list_dossiers, take_snapshot
from onestop.sync.node import Node
from onestop.sync.packed import unpacking
from onestop.sync.transport import NotThere, SnapshotLine

LONG = 2_000
"""Records of a log that are read sooner than a snapshot of it is made."""

PIECE = 1024 * 1024
_COMING = "snapshot"
"""Local row: {"name", "length"} of the one that is coming; the name is "" before its first piece."""


def wants_snapshot(node: Node, kind: str, cursor: int) -> bool:
    """Whether the hub of `kind` that was greeted, its log at `cursor`, is asked for one."""
    if kind != ROOT or node.ledger is not None:
        return False
    with node.store.write() as connection:
        is_begun = get_local(connection, _COMING) is not None
        if not is_begun and cursor >= LONG and is_fresh(connection):
            put_local(connection, _COMING, {"name": "", "length": 0})
            return True
    return is_begun


def continue_snapshot(node: Node, line: SnapshotLine) -> bool:
    """One piece more, and all of it once it is here; False when the desk goes on by pulls.

    Raises LineFailed. What came before a cut or a kill is kept.
    """
    with node.store.read() as connection:
        kept = get_local(connection, _COMING)
    name, length = kept["name"], kept["length"]
    if not name or node.parts.offset(name) < length:
        try:
            name, length = _fetch(node, line, name, length)
        except NotThere:  # a hub that gives none
            return _end(node, name)
    if not name or node.parts.offset(name) < length:
        return True
    return _take(node, name)


def _fetch(node: Node, line: SnapshotLine, name: str, length: int) -> tuple[str, int]:
    """Takes one piece; which snapshot is coming now, and its length."""
    here = node.parts.offset(name) if name else 0
    piece = line.snapshot(name, here, here + PIECE - 1)
    if piece.name != name:  # the first piece of one; or the hub has thrown away what was begun
        if name:
            node.parts.discard(name)
        with node.store.write() as connection:
            put_local(connection, _COMING, {"name": piece.name, "length": piece.length})
    if piece.name:
        take_piece(node.parts, piece.name, piece.length, piece.data)
    return piece.name, piece.length


def _take(node: Node, name: str) -> bool:
    """A snapshot that cannot be used is no reason to wait: the log says the same."""
    try:
        take_snapshot(node.store, lambda: _opened(node, name))
    except OfficeError:
        return _end(node, name)
    with node.store.read() as connection:
        node.add_news(list_dossiers(connection))
    return _end(node, name)


@contextmanager
def _opened(node: Node, name: str) -> Iterator[BinaryIO]:
    with closing(node.parts.open(name)) as part:
        yield cast(BinaryIO, unpacking(part))


def _end(node: Node, name: str) -> bool:
    with node.store.write() as connection:
        drop_local(connection, _COMING)
    if name:
        node.parts.discard(name)
    return False
