"""One step of one paper, up or down. Small ones first; both ways take turns.

A paper that the other side has no use for yet (its entry is held there) or does not have yet
(the desk that scanned it is slow) is put off, and others go on.
"""

import time

from onestop.domain.moment import to_wire
from onestop.errors import StoreError
from onestop.store.blob_stream import NotTheBlob, keep_whole, read_piece, take_piece
from onestop.store.moves import Move, mark_durable, mark_sent, next_downloads, next_uploads
from onestop.store.parts import WrongOffset as PartElsewhere
from onestop.store.parts import finish_part
from onestop.sync.node import PUT_OFF, Node
from onestop.sync.transport import NotThere, Transport, WrongBytes, WrongOffset
from onestop.sync.wire import MAX_HAVE, BlobState

MOST_STRIKES = 3
_LOOK = 50  # papers looked at for one that is not put off


def move_paper(node: Node, transport: Transport, chunk: int) -> int:
    """Moves at most `chunk` bytes of one paper; how many moved. Raises LineFailed, StoreError."""
    resting = node.papers.resting(time.monotonic())
    limit = _LOOK + len(resting)
    with node.store.read() as connection:
        up = [move for move in next_uploads(connection, limit) if move.sha256 not in resting]
        down = [move for move in next_downloads(connection, limit) if move.sha256 not in resting]
    goes_up = bool(up) and (not down or not node.papers.was_up)
    node.papers.was_up = goes_up
    if goes_up:
        return _up(node, transport, up, chunk)
    return _down(node, transport, down[0], chunk) if down else 0


def _put_off(node: Node, digest: str, seconds: float = PUT_OFF) -> None:
    node.papers.put_off[digest] = time.monotonic() + seconds
    node.papers.states.pop(digest, None)


def _strike(node: Node, digest: str) -> None:
    """After three in a row it waits longer than the others: nobody is served by trying for ever."""
    strikes = node.papers.strikes.get(digest, 0) + 1
    node.papers.strikes[digest] = strikes
    if strikes >= MOST_STRIKES:
        _put_off(node, digest, PUT_OFF * min(60, 2 ** (strikes - MOST_STRIKES)))


# --- up


def _up(node: Node, transport: Transport, moves: list[Move], chunk: int) -> int:
    move = moves[0]
    state = node.papers.states.get(move.sha256)
    if state is None:
        _ask(node, transport, moves)
        return 0
    try:
        data, length = read_piece(node.store, move.sha256, state.offset, chunk)
    except StoreError:  # missing or damaged here: `verify` tells, the queue goes on
        _put_off(node, move.sha256, PUT_OFF * 60)
        return 0
    return _send(node, transport, move.sha256, state, data, length)


def _ask(node: Node, transport: Transport, moves: list[Move]) -> None:
    """What the hub has of the next papers; what it has whole need not go."""
    digests = [move.sha256 for move in moves[:MAX_HAVE]]
    told = transport.have(digests)
    node.papers.states |= {digest: told.get(digest, BlobState("missing")) for digest in digests}
    whole = [digest for digest in digests if node.papers.states[digest].state == "have"]
    with node.store.write() as connection:
        for digest in whole:
            mark_sent(connection, digest, node.papers.states[digest].durable)


def _send(node: Node, transport: Transport, digest: str, state: BlobState, data: bytes, length: int) -> int:
    try:
        offset = transport.patch(digest, state.offset, length, data)
    except WrongOffset as wrong:
        node.papers.states[digest] = BlobState("part", min(wrong.offset, length))
        _strike(node, digest)
        return 0
    except WrongBytes:
        node.papers.states[digest] = BlobState("missing")
        _strike(node, digest)
        return 0
    except NotThere:  # the entry that names it is not there yet
        _put_off(node, digest)
        return 0
    node.papers.states[digest] = BlobState("part", offset)
    if offset >= length:
        node.papers.states.pop(digest)
        node.papers.strikes.pop(digest, None)
        with node.store.write() as connection:
            mark_sent(connection, digest)
    return max(0, offset - state.offset)


# --- down


def _down(node: Node, transport: Transport, move: Move, chunk: int) -> int:
    here = node.parts.offset(move.sha256)
    count = 0
    try:
        if here < move.length:
            data = transport.fetch(move.sha256, here, min(move.length, here + chunk) - 1)
            count = len(data)
            here = take_piece(node.parts, move.sha256, move.length, data)
        if here >= move.length:
            _keep(node, move)
    except NotThere:  # who scanned it has not sent it yet
        _put_off(node, move.sha256)
    except (NotTheBlob, PartElsewhere):
        _strike(node, move.sha256)
    return count


def _keep(node: Node, move: Move) -> None:
    if node.ledger is not None:  # a relay keeps it as a hub does, for its desks
        finish_part(node.store, node.store.blobs_folder, node.parts, move.sha256, to_wire(node.clock()))
        with node.store.write() as connection:
            mark_sent(connection, move.sha256)
    else:
        keep_whole(node.store, node.parts, move.sha256)
    node.papers.strikes.pop(move.sha256, None)
    node.add_news({move.dossier})


def ask_durable(node: Node, transport: Transport, digests: list[str]) -> None:
    """Which of these the hub has in a verified backup by now."""
    told = transport.have(digests) if digests else {}
    durable = [digest for digest, state in told.items() if state.state == "have" and state.durable]
    if durable:
        with node.store.write() as connection:
            mark_durable(connection, durable)
