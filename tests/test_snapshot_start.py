"""A fresh desk and a hub whose log is long: it begins with a snapshot over a line that is cut, and
ends where a desk ends that read every record."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.moment import VIETNAM
from onestop.office import deeds
from onestop.store import snapshot
from onestop.store.check import verify_store
from onestop.store.snapshot import Opened, SnapshotReport
from onestop.store.store import Store
from onestop.sync import beginning
from onestop.sync.happenings import Hello, Pull
from onestop.sync.joined import _keep, desk_runner, join_desk
from onestop.sync.line import Address
from onestop.sync.work import perform
from tests.fault_proxy import FaultProxy, Line
from tests.hub_process import Running, running
from tests.office_desk import RECEPTION, SPECIALIST, UNIT, Seat, new_folder, open_seat, receive
from tests.relay_office import Desk, desk, joined_seat, reopened, until

pytestmark = pytest.mark.slow

DOSSIERS = 1_500
FORWARDED = 700
DAYS = 11
CUT_BYTES = 250_000


@dataclass(frozen=True)
class Province:
    root: Running
    last: str


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """A root with the open dossiers of one desk that worked alone for a season."""
    folder = tmp_path_factory.mktemp("province")
    with running(folder / "root", "--demo") as root:
        seat = open_seat(new_folder(folder / "old", 1), datetime.now(VIETNAM) - timedelta(days=DAYS))
        names = []
        for _ in range(DAYS - 1):
            names += [receive(seat).id for _ in range(DOSSIERS // (DAYS - 1))]
            seat.clock.at += timedelta(days=1)
        for name in names[:FORWARDED]:
            deeds.forward(seat.as_(RECEPTION), name, deeds.Target(UNIT, SPECIALIST))
        join_desk(seat.office, root.url, root.code())
        with desk(seat) as old:
            until("all is at the root", lambda: old.statuses and not old.unsent(), 200)
        yield Province(root, names[-1])


def whole(here: Desk) -> dict[str, Any]:
    """All that a desk knows of the office, but the order in which it came."""
    columns = "id, code, state, owner_name, queue, queue_at, head, entry_count, register_no, holder_unit"
    return {
        "dossiers": sorted(here.rows(f"SELECT {columns} FROM dossiers")),
        "entries": sorted(here.rows("SELECT id, dossier, verdict, cursor, body, salt, kind FROM entries")),
        "rows": {
            row[:3]: json.loads(row[3])
            for row in here.rows("SELECT kind, key, version, value FROM reference WHERE kind != 'grant'")
        },
        "statements": sorted(here.rows("SELECT id, kind, subject FROM statements")),
        "peer": here.rows("SELECT log, epoch, cursor FROM peers"),
        "heads": sorted(here.rows("SELECT device, incarnation, seq, entry FROM device_heads")),
        "wanted": here.rows("SELECT key FROM local WHERE key LIKE 'want:%' OR key = 'snapshot'"),
        "shelf": here.rows("SELECT id FROM shelf"),
    }


def is_ready(here: Desk) -> bool:
    """The desk has the whole season (and what the other tests' desks took in since)."""
    counted = here.rows("SELECT count(*) FROM dossiers")[0][0] >= DOSSIERS
    return bool(counted and here.statuses and here.statuses[-1].phase == "synced")


def test_a_fresh_desk_begins_over_a_line_that_is_cut(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = province.root
    new, slow = (joined_seat(tmp_path / name, index, root) for index, name in ((2, "new"), (3, "slow")))
    monkeypatch.setattr(beginning, "PIECE", 300_000)
    with FaultProxy(int(root.url.rpartition(":")[2]), Line(cut_bytes=CUT_BYTES), seed=3) as proxy:
        _keep(new.store, [Address(f"http://127.0.0.1:{proxy.port}")])
        with desk(new) as here:
            fast = until("the fresh desk has all", partial(is_ready, here), 120)
            cuts, mine = proxy.count().cuts, whole(here)
    with monkeypatch.context() as other:
        other.setattr(beginning, "LONG", 10**9)
        with desk(slow) as here:
            long = until("the other desk has all", partial(is_ready, here), 240)
            assert whole(here) == mine
    print(f"{DOSSIERS} dossiers: by snapshot {fast:.1f} s with {cuts} cuts, by pulls {long:.1f} s")
    assert cuts >= 2
    again = reopened(tmp_path / "new")
    _keep(again.store, [Address(root.url)])  # the cut line is gone
    with desk(again) as here:
        mine_too = here.receive().id
        until("it works on", lambda: here.statuses and not here.unsent())
        assert here.has(mine_too)
        assert verify_store(here.seat.store).findings == []


def test_a_kill_while_the_snapshot_is_taken_loses_nothing(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = joined_seat(tmp_path / "new", 4, province.root)
    real = snapshot.take_snapshot
    taken: list[int] = []

    def killed(store: Store, opened: Opened) -> SnapshotReport:
        def stop(done: int, of: int, words: str) -> None:
            taken.append(done)
            if done and len(taken) < 3:
                raise SystemExit

        return real(store, opened, stop)

    monkeypatch.setattr("onestop.sync.beginning.take_snapshot", killed)
    monkeypatch.setattr(snapshot, "_PAGE", 500)
    with pytest.raises(SystemExit):
        begin_without_threads(seat)
    assert 0 < len(seat.store.rows("SELECT id FROM dossiers", {})) < DOSSIERS
    monkeypatch.setattr("onestop.sync.beginning.take_snapshot", real)
    with desk(seat) as here:
        until("the fresh desk has all", partial(is_ready, here), 120)
        assert here.rows("SELECT key FROM local WHERE key = 'snapshot'") == []
        assert verify_store(here.seat.store).findings == []


def begin_without_threads(seat: Seat) -> None:
    """Hello and one pull after the other, in this thread."""
    made = desk_runner(seat.store, seat.clock, seat.clock.boot, herd=0)
    assert made is not None
    try:
        perform(Hello(), made.node, made._transport)
        assert made.node.begins
        while made.node.begins:
            perform(Pull(500, 0), made.node, made._transport)
    finally:
        made.stop()
