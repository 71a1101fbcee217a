"""The answer to a hello: where the log stands, proof that it never rewrote what the caller saw,

and whether one of the two went back in time.
"""

from collections.abc import Mapping
from typing import Any

from onestop.domain.moment import to_wire
from onestop.hub.hub import Hub
from onestop.store.device_view import Standing, lives_until, read_heads
from onestop.store.log import LogHead, proof_between, read_head, sign_head
from onestop.sync.wire import MAX_ENTRIES, MAX_RAW, PROTO, HelloOut, HelloReply

MIN_APP = "0.1.0"
HERD = 60
"""Seconds over which desks spread their first hello when a whole province comes back."""


def greet(hub: Hub, caller: Standing, said: HelloOut) -> HelloReply:
    now = hub.clock()
    with hub.store.read() as connection:
        head = read_head(connection, hub.ledger.log)
        common = _common(connection, head, said.log or {})
        heads = read_heads(connection, caller.device)
        return HelloReply(
            proto=PROTO,
            server_time=to_wire(now),
            log=head.log,
            epoch=head.epoch,
            base=head.base if _is_same_epoch(head, said.log or {}) else common,
            is_relay=hub.ledger.is_relay,
            head=sign_head(connection, hub.ledger, head, now),
            log_key=hub.ledger.key.public,
            proof=_proof(connection, head, said.log or {}, common),
            durable=head.durable,
            your_head=heads,
            actions=_actions(head, said, heads),
            limits={"entries": MAX_ENTRIES, "bytes": MAX_RAW, "herd": HERD},
            office=caller.office,
            min_app=MIN_APP,
        )


def _is_same_epoch(head: LogHead, known: Mapping[str, Any]) -> bool:
    return not known or known["log"] != head.log or known["epoch"] == head.epoch


def _common(connection: Any, head: LogHead, known: Mapping[str, Any]) -> int:
    """Up to which cursor the caller's log and this one are the same."""
    if not known or known["log"] != head.log:
        return 0
    if known["epoch"] == head.epoch:
        return head.cursor
    return lives_until(connection, known["epoch"]) or 0


def _proof(connection: Any, head: LogHead, known: Mapping[str, Any], common: int) -> tuple[bytes, ...]:
    """From the caller's checkpoint to the head; empty where there is nothing to prove."""
    size = known.get("cursor", 0)
    if not 0 < size <= common or known.get("log") != head.log:
        return ()
    return tuple(proof_between(connection, size, head.cursor))


def _actions(head: LogHead, said: HelloOut, heads: Mapping[str, tuple[int, str]]) -> tuple[str, ...]:
    named = []
    if not _is_same_epoch(head, said.log or {}):
        named.append("epoch_changed")
    ours, theirs = heads.get(said.incarnation), said.heads.get(said.incarnation, (0, ""))
    if ours is not None and ours[0] > theirs[0]:
        named.append("rolled_back")
    elif ours is not None and tuple(ours) != tuple(theirs) and ours[0] == theirs[0]:
        named.append("reincarnate")
    return tuple(named)
