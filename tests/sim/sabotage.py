"""Does the simulator find bugs? Each switch breaks one thing in the program, and must be caught.

`python -m tests.sim.sabotage` prints what caught each, and after how many seeds. A switch is a patch
made from here: the program itself has none.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from unittest.mock import patch

from sqlalchemy import bindparam, delete, false, select, update

from onestop.domain import code as codes
from onestop.domain import fold as folding
from onestop.domain import judge as judging
from onestop.domain.acts import Act
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
from tests.sim.world import Plan, World

Patch = tuple[Any, str, Any]
STEPS = 50
_LOSSY = (("answer_lost", 0.25), ("doubled", 0.15))
_MEET = (("meanwhile", 0.3),)


@dataclass(frozen=True)
class Switch:
    """One bug: what it replaces, and the plan of a world that it should not survive."""

    name: str
    patches: Callable[[], Sequence[Patch]]
    plan: Plan
    seeds: int = 25


@dataclass(frozen=True)
class Caught:
    """By which promise, after how many seeds and seconds; `seeds` 0: not at all."""

    switch: str
    by: str
    seeds: int
    seconds: float


# --- the switches


def _ack_before_commit() -> list[Patch]:
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


def _log_before_entries() -> list[Patch]:
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


def _no_dedupe() -> list[Patch]:
    return [(ledger_ingest.Session, "_stored", lambda self, arrivals: {})]


def _rollback_undetected() -> list[Patch]:
    return [
        (anchor.Mooring, "_is_adrift", lambda self, connection: False),
        (greeting, "_is_rolled_back", lambda connection, heads: False),
    ]


def _epoch_unchecked() -> list[Patch]:
    def rewind(connection: Any, peer: Any, reply: Any) -> set[str]:
        change_peer(connection, peer.log, epoch=reply.epoch)
        return set()

    return [(greeting, "_rewind", rewind)]


def _edge_triggered() -> list[Patch]:
    def failed(state: Any, name: Any, failure: Any, now: float, random: Any, tries: int = 0) -> Any:
        return with_lane(state, name, Lane(due=float("inf"), failure=failure))

    return [(noting, "failed", failed)]


def _unbounded_back_off() -> list[Patch]:
    return [(states, "back_off", lambda tries, random, after=None: 120.0 * 4.0**tries)]


def _held_dropped() -> list[Patch]:
    real = ledger_sheet.Sheet.shelve

    def shelve(self: Any, arrival: Any, judgement: Judgement) -> str:
        ident = real(self, arrival, judgement)
        if judgement.verdict is Verdict.HELD:
            del self._shelved[ident]
        return ident

    return [(ledger_sheet.Sheet, "shelve", shelve)]


def _held_forced() -> list[Patch]:
    real = judging.judge

    def judge(header: Any, known: Any, at: Any) -> Judgement:
        said = real(header, known, at)
        return Judgement(Verdict.ACCEPTED) if said.verdict is Verdict.HELD and known.device else said

    return [(ledger_ingest, "judge", judge)]


def _held_forgotten() -> list[Patch]:
    return [(ledger_ingest.Session, "_wake", lambda self: None)]


def _offset_off_by_one() -> list[Patch]:
    real = read_piece
    return [
        (papers, "read_piece", lambda store, digest, at, limit: real(store, digest, at and at + 1, limit))
    ]


def _hash_unchecked() -> list[Patch]:
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


def _leases_overlap() -> list[Patch]:
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


def _own_ranges_overlap() -> list[Patch]:
    real = codes.static_ranges
    return [(codes, "static_ranges", lambda index, *more: real(1, *more))]


def _fold_by_arrival() -> list[Patch]:
    wanted = (
        select(*journal._COLUMNS).where(entries.c.dossier == bindparam("of_dossier")).order_by(entries.c.n)
    )
    return [(journal, "_OF_DOSSIER", Prepared(wanted))]


def _evicted_early() -> list[Patch]:
    return [(evict, "_free_to_go", _all_blobs)]


def _all_blobs(connection: Any) -> set[str]:
    return set(connection.scalars(select(blob_keys.c.sha256)))


def _revoked_accepted() -> list[Patch]:
    return [(judging, "_authority", lambda header, known: None)]


def _flagged_takes_effect() -> list[Patch]:
    real = folding._continued

    def continued(dossier: Any, header: Any, ident: str, body: Any, verdict: Any, *more: Any) -> Any:
        return real(dossier, header, ident, body, Verdict.ACCEPTED, *more)

    return [(folding, "_continued", continued)]


def _erase_leaves_salt() -> list[Patch]:
    real = ledger_sheet.Sheet._set_body

    def keep(self: Any, entry: Any) -> None:
        real(self, replace(entry, salt=b"0" * 16))

    return [(ledger_sheet.Sheet, "_set_body", keep)]


def _erase_at_the_root_only() -> list[Patch]:
    return [(projection, "erase_settled", lambda connection, dossier, journal: ())]


def _tray_dropped() -> list[Patch]:
    return [(ledger_sheet.Sheet, "_tray", lambda self, folder: ())]


def _tray_of_desk_dropped() -> list[Patch]:
    return [(projection, "keep_tray", lambda connection, dossier_id, dossier: None)]


def _copies_undetected() -> list[Patch]:
    return [(ledger_ingest.Session, "_freeze", lambda self, arrival: None)]


def _outbox_not_cleared() -> list[Patch]:
    nothing = delete(outbox).where(outbox.c.entry == bindparam("of_n"), false())
    return [(receipts, "_SENT", Prepared(nothing))]


def _cleared_without_receipt() -> list[Patch]:
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


def _cursor_before_page() -> list[Patch]:
    real = work._take

    def take(node: Any, talk: Any, page: Any) -> None:
        with node.store.write() as connection:
            change_peer(connection, talk.log, cursor=page.next)
        real(node, talk, page)

    return [(work, "_take", take)]


def _poison_stops_all() -> list[Patch]:
    def bug(state: Any, event: Any, now: float, random: Any) -> Any:
        return states.failed(state, states.ENTRIES, event.failure, now, random)

    return [(noting, "_hub_failed_on_batch", bug)]


def _unknown_stops_pull() -> list[Patch]:
    def unknown(basket: Any, record: Any) -> None:
        raise StoreError("không hiểu", "bản ghi lạ")

    return [(taking, "_unknown", unknown)]


def _signature_unchecked() -> list[Patch]:
    return [(ledger_ingest, "is_signed", lambda *_: True)]


def _back_fill_forgotten() -> list[Patch]:
    return [(taking, "want_journal", lambda connection, dossier, count: False)]


def _leaf_skipped() -> list[Patch]:
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


def _durable_too_early() -> list[Patch]:
    real = log.read_head

    def head(connection: Any, name: str) -> Any:
        known = real(connection, name)
        return replace(known, durable=known.cursor)

    from onestop.hub import greeting as greeting_of_hub
    from onestop.store import streams

    return [(streams, "read_head", head), (greeting_of_hub, "read_head", head)]


def _clock_believed() -> list[Patch]:
    return [(judging, "is_time_doubtful", lambda header, chain, at: False)]


def _code_taken_twice() -> list[Patch]:
    return [(judging, "_is_code_lawful", lambda header, known: True)]


def _journal_not_relayed() -> list[Patch]:
    return [(work, "relay_journal", lambda connection, ledger, records: None)]


def _papers_not_relayed() -> list[Patch]:
    return [(relay_log, "_papers", lambda connection, header, into: None)]


def _shelf_not_passed_on() -> list[Patch]:
    return [(work, "shelved_offers", lambda connection, limit: [])]


def _fork_by_first_come() -> list[Patch]:
    """The branch that was here first stays, whatever the root chose."""

    def no_room(connection: Any, header: Any, receipt: Any, own: str) -> set[str]:
        claim = {"of_device": header.device, "of_incarnation": header.incarnation, "of_seq": header.seq}
        if foreign._RIVAL.run(connection, claim).fetchone() is not None:
            raise foreign.Odd("quarantined", Code.FORK, header.dossier or "")
        return set()

    return [(foreign, "_make_room", no_room)]


def _new_epoch_not_relayed() -> list[Patch]:
    return [(relay_log, "_new_epoch", lambda connection, ledger, tail, page: None)]


_FULL = Plan(("disk_full", "reboot"), often=6)
_KILLS = Plan((), (("hub_killed", 0.4),))
_RESTORE = Plan(("hub_backup", "hub_restored"), _MEET, often=4)
_RELAY = Plan((), _MEET, has_relay=True)
_BAD_LINE = Plan((), (("refused", 0.3), ("answer_lost", 0.2)))
_TWO_WAYS = Plan(("partition",), (("refused", 0.4),), has_relay=True, often=3)
_GAPS = Plan(("poisoned",), (("answer_lost", 0.2),), often=6)

SWITCHES = (
    Switch("reported as saved before the commit", _ack_before_commit, _FULL),
    Switch("number committed without its entry", _log_before_entries, _KILLS),
    Switch("no dedupe on push", _no_dedupe, Plan((), _LOSSY)),
    Switch(
        "roll-back undetected, numbers given twice",
        _rollback_undetected,
        Plan(("image", "rolled_back"), often=6),
    ),
    Switch("epoch unchecked", _epoch_unchecked, _RESTORE),
    Switch("retry only on events", _edge_triggered, _BAD_LINE),
    Switch("back-off without bound", _unbounded_back_off, _BAD_LINE),
    Switch("held entries dropped", _held_dropped, _GAPS),
    Switch("held entries forced in", _held_forced, _GAPS),
    Switch("held entries never judged again", _held_forgotten, _TWO_WAYS),
    Switch(
        "offset of a scan off by one",
        _offset_off_by_one,
        Plan((), (("request_cut", 0.7),), lean=(Act.ATTACH,)),
    ),
    Switch(
        "hash of a scan unchecked", _hash_unchecked, Plan((), (("request_flipped", 0.5),), lean=(Act.ATTACH,))
    ),
    Switch("lent numbers overlap", _leases_overlap, Plan(("leased",), often=6)),
    Switch("own numbers overlap", _own_ranges_overlap, Plan()),
    Switch("fold in order of arrival", _fold_by_arrival, Plan(("partition",), _MEET, often=3)),
    Switch(
        "scans evicted before they are safe", _evicted_early, Plan(("tidied",), often=6, lean=(Act.ATTACH,))
    ),
    Switch("revoked accepted", _revoked_accepted, Plan(("officer_revoked",), often=6)),
    Switch(
        "decision that waits takes effect",
        _flagged_takes_effect,
        Plan(("officer_revoked", "role_changed"), often=6),
    ),
    Switch("erasing leaves the salt", _erase_leaves_salt, Plan((), lean=(Act.ERASE,))),
    Switch("erasing stays at the root", _erase_at_the_root_only, Plan((), lean=(Act.ERASE,))),
    Switch(
        "tray of the root drops rows", _tray_dropped, Plan(("officer_revoked", "partition"), _MEET, often=5)
    ),
    Switch(
        "tray of a desk drops rows",
        _tray_of_desk_dropped,
        Plan(("officer_revoked", "partition"), _MEET, often=5),
    ),
    Switch("copied desk is not frozen", _copies_undetected, Plan(("clone",), often=8)),
    Switch("outbox not cleared by a receipt", _outbox_not_cleared, Plan()),
    Switch("outbox cleared without a receipt", _cleared_without_receipt, _BAD_LINE),
    Switch("cursor moves before its page", _cursor_before_page, Plan(("power_cut_armed",), often=6)),
    Switch("poison stops the batch", _poison_stops_all, Plan(("poisoned",), often=6)),
    Switch("unknown record stops the pull", _unknown_stops_pull, Plan(("novelty",), often=4)),
    Switch("signature unchecked", _signature_unchecked, Plan(("forged", "partition"), _MEET, often=6)),
    Switch(
        "back-fill of a transferred folder forgotten",
        _back_fill_forgotten,
        Plan((), desks=3, lean=(Act.TRANSFER_OUT,)),
    ),
    Switch("Merkle leaf skipped", _leaf_skipped, Plan()),
    Switch("durable without a backup", _durable_too_early, Plan()),
    Switch("doubtful time believed", _clock_believed, Plan(("clock_jump",), often=6)),
    Switch(
        "code of another dossier accepted",
        _code_taken_twice,
        Plan(("image", "rolled_back", "clone"), often=5),
    ),
    Switch(
        "relay keeps a journal to itself",
        _journal_not_relayed,
        Plan((), desks=3, has_relay=True, lean=(Act.TRANSFER_OUT,)),
    ),
    Switch(
        "relay hides papers",
        _papers_not_relayed,
        Plan((), desks=3, has_relay=True, lean=(Act.TRANSFER_OUT, Act.ATTACH)),
    ),
    Switch(
        "relay keeps its shelf to itself",
        _shelf_not_passed_on,
        Plan(("clone", "poisoned"), has_relay=True, often=6),
    ),
    Switch(
        "relay is silent about a restore",
        _new_epoch_not_relayed,
        Plan(("hub_backup", "hub_restored", "partition"), (("refused", 0.3),), has_relay=True, often=4),
        40,
    ),
    Switch(
        "first branch of a copy stays",
        _fork_by_first_come,
        Plan(("clone",), _MEET, has_relay=True, often=8),
        40,
    ),
)


# --- running them


@contextmanager
def sabotaged(switch: Switch) -> Iterator[None]:
    with ExitStack() as held:
        for target, name, value in switch.patches():
            held.enter_context(patch.object(target, name, value))
        yield


def hunt(switch: Switch) -> Caught:
    """The first seed that the bug does not survive."""
    began = time.monotonic()
    for seed in range(switch.seeds):
        said = _run(switch, seed)
        if said:
            return Caught(switch.name, said, seed + 1, time.monotonic() - began)
    return Caught(switch.name, "", 0, time.monotonic() - began)


def _run(switch: Switch, seed: int) -> str:
    """What a world said of it; empty when it held."""
    with World(seed, plan=switch.plan) as world, sabotaged(switch):
        try:
            world.run(STEPS, most=300)
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:90].replace("\n", " ")
    return ""


def table(found: Sequence[Caught]) -> str:
    rows = [f"{one.switch:46} {one.seeds or 'NOT':>5} {one.seconds:6.1f} s  {one.by}" for one in found]
    return "\n".join([f"{'switch':46} {'seeds':>5} {'time':>8}  caught by", *rows])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sim.sabotage")
    parser.add_argument("part", nargs="?", default="0/1", help="k/n: every n-th switch from the k-th")
    parser.add_argument("--only", default="", help="switches with this in their name")
    wanted = parser.parse_args(arguments)
    place, count = (int(one) for one in wanted.part.split("/"))
    found = []
    for switch in SWITCHES[place::count]:
        if wanted.only in switch.name:
            found.append(hunt(switch))
            print(table(found[-1:]).splitlines()[-1], flush=True)
    missed = [one.switch for one in found if not one.seeds]
    print(f"{len(found) - len(missed)} of {len(found)} caught in {sum(one.seconds for one in found):.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.sim.sabotage", *sys.argv[1:]])
    sys.exit(main())
