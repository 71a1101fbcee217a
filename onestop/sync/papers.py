"""One step of one paper, up or down. Small ones first; both ways take turns.

A paper that the other side has no use for yet (its entry is held there) or does not have yet
(the desk that scanned it is slow) is put off, and others go on.
"""

import time

from onestop.domain.moment import to_wire
from onestop.errors import StoreError
from onestop.store.blob_stream import NotTheBlob, keep_whole, read_piece, take_piece
from onestop.store.moves import Move, mark_durable, mark_sent, next_downloads, next_uploads
from onestop.store.parts import DiskFull, finish_part
from onestop.store.parts import WrongBytes as PartSpoilt
from onestop.store.parts import WrongOffset as PartElsewhere
from onestop.sync.node import Node
from onestop.sync.transport import LineFailed, NotThere, Transport, WrongBytes, WrongOffset
from onestop.sync.wire import MAX_HAVE, BlobState

FIRST_PUT_OFF, LAST_PUT_OFF = 2.0, 120.0
"""Seconds until a paper that the other side did not want, or did not have, is tried again."""

ENTRY_FIRST = 0.5
"""Seconds of rest when every paper waits for the entry that names it."""

LOST = 3600.0
"""The same for one that is damaged here, or whose bytes are not those of its name."""
_LOOK = 50  # papers looked at for one that is not put off


def move_paper(node: Node, transport: Transport, chunk: int) -> tuple[int, float]:
    """Moves at most `chunk` bytes of one paper: how many moved, and how long all others rest.

    Raises LineFailed, StoreError.
    """
    resting = node.papers.resting(time.monotonic())
    limit = _LOOK + len(resting)
    kind = node.talk.kind if node.talk else ""
    with node.store.read() as connection:
        up = [move for move in next_uploads(connection, limit, kind) if move.sha256 not in resting]
        down = [move for move in next_downloads(connection, limit) if move.sha256 not in resting]
    goes_up = bool(up) and (not down or not node.papers.was_up)
    node.papers.was_up = goes_up
    if goes_up:
        return _up(node, transport, up, chunk), 0.0
    if down:
        return _down(node, transport, down[0], chunk), 0.0
    return 0, node.papers.rest(time.monotonic()) or ENTRY_FIRST


def _put_off(node: Node, digest: str, seconds: float = 0.0) -> None:
    """Longer each time: nobody is served by trying for ever."""
    strikes = node.papers.strikes.get(digest, 0)
    node.papers.strikes[digest] = strikes + 1
    wait = seconds or min(LAST_PUT_OFF, FIRST_PUT_OFF * 2 ** min(strikes, 10))
    node.papers.put_off[digest] = time.monotonic() + wait
    node.papers.states.pop(digest, None)


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
        _put_off(node, move.sha256, LOST)
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
        if wrong.offset > length or wrong.offset == state.offset:
            _put_off(node, digest)
        else:
            node.papers.states[digest] = BlobState("part", wrong.offset)
        return 0
    except LineFailed:  # some of it arrived: asked before it is sent on, else a whole chunk goes in vain
        node.papers.states.pop(digest, None)
        raise
    except (WrongBytes, NotThere):  # begun anew after a while; or its entry is not there yet
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
    except NotTheBlob:  # an entry that names no paper
        _put_off(node, move.sha256, LOST)
    except (NotThere, PartElsewhere):  # mostly: who scanned it has not sent it yet
        _put_off(node, move.sha256)
    return count


def _keep(node: Node, move: Move) -> None:
    if node.ledger is not None:
        _keep_for_desks(node, move.sha256)
    else:
        keep_whole(node.store, node.parts, move.sha256)
    node.papers.strikes.pop(move.sha256, None)
    node.add_news({move.dossier})


def _keep_for_desks(node: Node, digest: str) -> None:
    """A relay keeps it as a hub does; it came from the root, so it need not go there."""
    try:
        finish_part(node.store, node.store.blobs_folder, node.parts, digest, to_wire(node.clock()))
    except PartSpoilt as error:
        raise NotTheBlob from error
    except DiskFull as error:
        raise StoreError(
            "Ổ đĩa của trạm không còn chỗ", "Hãy dọn chỗ trống; trạm sẽ nhận tiếp từ chỗ dở."
        ) from error
    with node.store.write() as connection:
        mark_sent(connection, digest)


def ask_durable(node: Node, transport: Transport, digests: list[str]) -> None:
    """Which of these the hub has in a verified backup by now."""
    told = transport.have(digests) if digests else {}
    durable = [digest for digest, state in told.items() if state.state == "have" and state.durable]
    if durable:
        with node.store.write() as connection:
            mark_durable(connection, durable)
