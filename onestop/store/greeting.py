"""What a hub's hello means for this node: is it the same log, did it go back, did we?

A log that contradicts what its key signed before raises an alarm that stays, and nothing more
is sent. One that was restored says so by a new epoch: what it lost is brought back from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select, true, update

from onestop.domain.checkpoint import Checkpoint, SignedCheckpoint, is_checkpoint_signed
from onestop.domain.fold import Verdict
from onestop.domain.merkle import verify_consistency
from onestop.store import moves
from onestop.store.log import log_id
from onestop.store.peers import RELAY, ROOT, Peer, add_peer, change_peer, find_peer, peer_of
from onestop.store.projection import refold_all
from onestop.store.receipts import ask_again, carry
from onestop.store.rows import get_local, put_local
from onestop.store.sending import LOG_LIES, TO_OFFER
from onestop.store.shelving import pass_on_again
from onestop.store.standing import new_incarnation, note_time, read_standing, rewind_seen
from onestop.store.tables import device_heads, entries, outbox, statements

SPOKEN_WITH = "spoken_with"
"""Local row: the log of the hub that last answered a hello."""

ROOT_BASE = "root_base"
"""Local row: the root's running epoch, and the last cursor that was known here before it."""


class Hello(Protocol):
    """A hub's answer to hello, as `onestop.sync.wire.HelloReply` has it."""

    @property
    def server_time(self) -> str: ...
    @property
    def log(self) -> str: ...
    @property
    def epoch(self) -> str: ...
    @property
    def base(self) -> int: ...
    @property
    def is_relay(self) -> bool: ...
    @property
    def head(self) -> SignedCheckpoint: ...
    @property
    def log_key(self) -> bytes: ...
    @property
    def proof(self) -> Sequence[bytes]: ...
    @property
    def durable(self) -> int: ...
    @property
    def your_head(self) -> Mapping[str, tuple[int, str]]: ...


@dataclass(frozen=True, slots=True)
class HelloOutcome:
    """`kind` of the hub; `lies`: what its log contradicts, in words, nothing may be sent;
    `is_rewound`: it lost what came after a backup; `is_new`: never read before;
    `is_rolled_back`: this store is older than the hub knows it, a new chain was begun."""

    kind: str
    lies: str = ""
    is_new: bool = False
    is_rewound: bool = False
    is_rolled_back: bool = False
    dossiers: frozenset[str] = frozenset()


def take_hello(connection: Connection, reply: Hello, mono: tuple[str, int] | None = None) -> HelloOutcome:
    """Checks a hello and draws every consequence, on an open write transaction.

    `mono`: this machine's (boot id, ms) when the answer came; with it the root's time is kept.
    """
    kind = RELAY if reply.is_relay else ROOT
    peer = find_peer(connection, reply.log)
    is_new = peer is None
    lies = _stranger(connection, reply, kind) if peer is None else _lies(peer, reply)
    if lies:
        put_local(connection, LOG_LIES, _alarm(peer, reply, kind, lies))
        return HelloOutcome(kind, lies)
    dossiers: set[str] = set()
    if peer is None:
        dossiers |= _meet(connection, reply, kind)
    elif peer.epoch != reply.epoch:
        dossiers |= _rewind(connection, peer, reply)
    _turn(connection, reply.log, kind)
    _remember(connection, reply, kind, mono)
    is_rolled_back = _is_rolled_back(connection, reply.your_head)
    if is_rolled_back:
        new_incarnation(connection)
    is_rewound = peer is not None and peer.epoch != reply.epoch
    return HelloOutcome(kind, "", is_new, is_rewound, is_rolled_back, frozenset(dossiers))


def _stranger(connection: Connection, reply: Hello, kind: str) -> str:
    """A log is named by its key. A desk has one root for life; its relay may be another tomorrow."""
    if log_id(reply.log_key) != reply.log or not is_checkpoint_signed(reply.log_key, reply.head):
        return "Máy chủ không chứng minh được nhật ký của mình"
    if kind == ROOT and peer_of(connection, ROOT) is not None:
        return "Đây không phải máy chủ của tỉnh mà quầy này đã ghi danh"
    return "" if _is_of(reply.head.checkpoint, reply) else "Mốc nhật ký không khớp lời chào của máy chủ"


def _is_of(checkpoint: Checkpoint, reply: Hello) -> bool:
    return (checkpoint.log, checkpoint.epoch) == (reply.log, reply.epoch)


def _lies(peer: Peer, reply: Hello) -> str:
    """What is wrong with the log of a hub that was read before; empty when nothing is."""
    if not is_checkpoint_signed(peer.public_key, reply.head) or not _is_of(reply.head.checkpoint, reply):
        return "Chữ ký mốc nhật ký của máy chủ sai"
    if (RELAY if reply.is_relay else ROOT) != peer.kind:
        return "Máy chủ tự nhận vai khác với trước"
    known = peer.checkpoint.checkpoint if peer.checkpoint else None
    return "" if known is None else _contradicts(known, reply)


def _contradicts(known: Checkpoint, reply: Hello) -> str:
    head = reply.head.checkpoint
    if known.epoch != reply.epoch:
        if not 0 <= reply.base <= head.cursor:
            return "Điểm phục hồi của máy chủ không hợp lệ"
        if known.cursor > reply.base:
            return ""  # what it lost it cannot prove; the desks bring it back
    roots = bytes.fromhex(known.root), bytes.fromhex(head.root)
    if not verify_consistency(known.cursor, roots[0], head.cursor, roots[1], list(reply.proof)):
        return "Nhật ký của máy chủ không còn chứa những gì đã ký trước đây"
    return ""


def _alarm(peer: Peer | None, reply: Hello, kind: str, words: str) -> dict[str, Any]:
    known = peer.checkpoint.checkpoint if peer and peer.checkpoint else None
    head = reply.head.checkpoint
    return {
        "kind": kind,
        "log": reply.log,
        "words": words,
        "at": reply.server_time,
        "ours": None if known is None else [known.epoch, known.cursor, known.root],
        "theirs": [head.epoch, head.cursor, head.root],
    }


def _meet(connection: Connection, reply: Hello, kind: str) -> set[str]:
    """A hub that was never read. A new relay has nothing yet: whatever the root has not numbered
    is brought to it, and the numbers of the old relay mean nothing any more."""
    add_peer(connection, reply.log, kind, reply.epoch, reply.log_key)
    return _forget_places(connection, 0) if kind == RELAY else set()


def _turn(connection: Connection, log: str, kind: str) -> None:
    """Another hub than last time. The one before may never come back with what it had not passed on:
    all of that is brought to this one, whoever wrote it. To offer too much does no harm."""
    before = get_local(connection, SPOKEN_WITH)
    if before == log:
        return
    put_local(connection, SPOKEN_WITH, log)
    if before is not None:
        moves.offer_again(connection)
        if kind == ROOT:
            carry(connection, true())


def _rewind(connection: Connection, peer: Peer, reply: Hello) -> set[str]:
    base = min(reply.base, peer.cursor)
    if peer.kind == RELAY:
        change_peer(connection, peer.log, epoch=reply.epoch, cursor=base, durable=min(peer.durable, base))
        return _forget_places(connection, reply.base)
    return rewind_root(connection, peer, reply.epoch, reply.base)


def rewind_root(connection: Connection, root: Peer, epoch: str, base: int) -> set[str]:
    """The root lost what came after `base` and goes on under another epoch; dossiers that look
    different now. A relay may be the one to tell: to offer too much again does no harm."""
    touched = _forget_cursors(connection, base)
    lost = statements.c.cursor > base
    connection.execute(update(statements).where(lost).values(cursor=TO_OFFER))
    moves.offer_again(connection)
    rewind_seen(connection, epoch, base)
    durable, cursor = min(root.durable, base), min(root.cursor, base)
    change_peer(connection, root.log, epoch=epoch, cursor=cursor, durable=durable)
    return touched


def _forget_cursors(connection: Connection, base: int) -> set[str]:
    """What the root said of entries above `base` is unknown again; all of them are offered again,
    whoever wrote them."""
    lost = entries.c.cursor > base
    touched = _dossiers_of(connection, lost)
    numbers = [n for (n,) in connection.execute(select(entries.c.n).where(lost))]
    unsaid = {"cursor": None, "code": None, "received_at": None, "verdict": Verdict.ACCEPTED.value}
    connection.execute(update(entries).where(lost).values(unsaid))
    touched |= ask_again(connection)
    pass_on_again(connection)
    for start in range(0, len(numbers), _PART):
        carry(connection, entries.c.n.in_(numbers[start : start + _PART]))
    refold_all(connection, touched)
    return touched


_PART = 5_000
"""Numbers in one list: SQLite takes 32,766 at most."""


def _forget_places(connection: Connection, base: int) -> set[str]:
    lost = entries.c.place > base
    touched = _dossiers_of(connection, lost & entries.c.cursor.is_(None))
    connection.execute(update(entries).where(lost).values(place=None, placed_at=None))
    connection.execute(update(outbox).values(relayed=False))
    pass_on_again(connection)
    carry(connection, entries.c.place.is_(None))
    refold_all(connection, touched)
    return touched


def _dossiers_of(connection: Connection, which: Any) -> set[str]:
    wanted = select(entries.c.dossier).where(which, entries.c.dossier.is_not(None)).distinct()
    return {dossier for (dossier,) in connection.execute(wanted)}


def _remember(connection: Connection, reply: Hello, kind: str, mono: tuple[str, int] | None) -> None:
    change_peer(
        connection,
        reply.log,
        checkpoint=reply.head,
        durable=reply.durable,
        reached_at=reply.server_time,
    )
    if kind == ROOT:
        _note_base(connection, reply)
        if mono is not None:
            note_time(connection, reply.server_time, mono)


def _note_base(connection: Connection, reply: Hello) -> None:
    """Up to where the root's log was known before its running epoch: a relay tells its desks."""
    noted = get_local(connection, ROOT_BASE)
    if noted is None or noted["epoch"] != reply.epoch:
        put_local(connection, ROOT_BASE, {"epoch": reply.epoch, "base": reply.base})


def _is_rolled_back(connection: Connection, heads: Mapping[str, tuple[int, str]]) -> bool:
    """Whether the hub has of our running chain what we have not, or another entry under a number."""
    standing = read_standing(connection)
    desk = get_local(connection, "desk")
    if standing is None or desk is None or standing.incarnation not in heads:
        return False
    seq, entry = heads[standing.incarnation]
    chain = (device_heads.c.device == desk["device"]) & (device_heads.c.incarnation == standing.incarnation)
    own = connection.scalar(select(device_heads.c.seq).where(chain)) or 0
    if seq > own:
        return True
    here = (entries.c.device == desk["device"]) & (entries.c.incarnation == standing.incarnation)
    ident = connection.scalar(select(entries.c.id).where(here, entries.c.seq == seq))
    return seq > 0 and ident is not None and ident.hex() != entry
