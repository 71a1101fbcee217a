"""The hub's hello as it travels in a return: same log or restored one, proof, who is behind.

A desk without a line draws the same consequences from it as from a hello (`greeting`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.domain.entry import EntryError
from onestop.domain.moment import to_wire
from onestop.store.bundle_lines import key_of, number_of, text_of
from onestop.store.device_view import lives_until, read_heads
from onestop.store.log import Ledger, LogHead, proof_between, read_head, sign_head
from onestop.store.sealed import broken


@dataclass(frozen=True, slots=True)
class Greeting:
    """A `greeting.Hello`. `common`: up to which cursor the desk's log and this one are the same."""

    server_time: str
    log: str
    epoch: str
    base: int
    is_relay: bool
    head: SignedCheckpoint
    log_key: bytes
    proof: Sequence[bytes]
    durable: int
    your_head: Mapping[str, tuple[int, str]]
    common: int


def greeting_for(
    connection: Connection, ledger: Ledger, device: str, epoch: str, checked: int, now: datetime
) -> Greeting:
    """For a desk that last checked `checked` records of the log in `epoch`."""
    head = read_head(connection, ledger.log)
    is_same = epoch == head.epoch
    common = head.cursor if is_same else (lives_until(connection, epoch) or 0)
    return Greeting(
        server_time=to_wire(now),
        log=head.log,
        epoch=head.epoch,
        base=head.base if is_same else common,
        is_relay=ledger.is_relay,
        head=sign_head(connection, ledger, head, now),
        log_key=ledger.key.public,
        proof=_proof(connection, head, checked, common),
        durable=head.durable,
        your_head=read_heads(connection, device),
        common=common,
    )


def _proof(connection: Connection, head: LogHead, checked: int, common: int) -> list[bytes]:
    return proof_between(connection, checked, head.cursor) if 0 < checked <= common else []


def greeting_plain(greeting: Greeting) -> dict[str, Any]:
    return {
        "server_time": greeting.server_time,
        "log": greeting.log,
        "epoch": greeting.epoch,
        "base": greeting.base,
        "is_relay": greeting.is_relay,
        "head": checkpoint_plain(greeting.head),
        "log_key": greeting.log_key.hex(),
        "proof": [node.hex() for node in greeting.proof],
        "durable": greeting.durable,
        "your_head": {chain: list(head) for chain, head in greeting.your_head.items()},
        "common": greeting.common,
    }


def greeting_from(plain: Any) -> Greeting:
    """Raises StoreError for anything that is not such a hello."""
    try:
        return Greeting(
            server_time=text_of(plain, "server_time"),
            log=text_of(plain, "log"),
            epoch=text_of(plain, "epoch"),
            base=number_of(plain, "base"),
            is_relay=plain["is_relay"] is True,
            head=checkpoint_from(plain["head"]),
            log_key=key_of(plain, "log_key"),
            proof=[bytes.fromhex(node) for node in plain["proof"]],
            durable=number_of(plain, "durable"),
            your_head={
                str(chain): (int(seq), str(entry)) for chain, (seq, entry) in plain["your_head"].items()
            },
            common=number_of(plain, "common"),
        )
    except (EntryError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise broken() from error
