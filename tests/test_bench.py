"""The measuring itself: small stores are sound, every figure comes out whole. No time is judged."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from build.bench import GROUPS, main
from build.fill import fill_store
from onestop.domain.text import fold
from onestop.domain.work import query_words
from onestop.office.found import open_office
from onestop.office.work import Worklist
from onestop.store.check import verify_store
from onestop.store.queue import list_page
from onestop.store.store import Store, open_store

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
COUNT = 500
OF_ONE_DESK = (
    *("start", "receive", "search", "queue", "table", "receipt", "batch", "register", "verify"),
    "recompute",
)
"""What one desk does by itself; what travels is measured with a hub and a line."""

OF_SYNC = {
    "line": ("time", "bytes with cuts", "bytes up without text"),
    "backlog": ("time",),
    "scans": ("time", "floor", "bytes"),
    "ingest": ("hub ingest", "hub push by HTTP", "bare", "copy"),
    "push": ("bare",),
    "again": ("rows added", "time", "nothing new", "idle"),
    "seen": ("straight", "by a relay"),
    "fresh": ("time", "bytes"),
    "month": ("time", "bytes up"),
}
FIELDS = {
    *("name", "unit", "ours", "reference", "reference_name"),
    *("ratio", "goal", "reached", "rounds", "note"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("filled") / "onestop.db"
    fill_store(path, bytes(32), COUNT, NOW)
    return open_store(path, bytes(32))


def test_a_filled_store_has_nothing_for_verify_to_say(store: Store) -> None:
    report = verify_store(store)
    assert [finding.words for finding in report.findings] == []
    assert report.dossiers == COUNT
    assert report.entries > COUNT


def test_a_filled_store_has_open_dossiers_in_several_queues(store: Store) -> None:
    rows = store.rows("SELECT queue, count(*) FROM dossiers WHERE queue <> '' GROUP BY queue", {})
    assert len(rows) >= 5
    assert COUNT * 0.02 < sum(count for _, count in rows) < COUNT * 0.10


def test_everyone_in_a_filled_store_is_found_without_marks(store: Store) -> None:
    office = open_office(store, lambda: NOW, lambda: ("test", 0))
    worklist = Worklist(store.rows, office.officer, office.catalogue, office.clock)
    for row in list_page(store.rows, limit=60):
        found = worklist.search(f"{fold(row.owner_name)} {row.code}")
        assert [work.row.id for work in found] == [row.id], query_words(row.owner_name)


@pytest.mark.slow
def test_every_figure_of_a_desk_is_taken_and_written(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    asked = [
        "--out",
        str(out),
        "--stores",
        str(tmp_path / "stores"),
        "--sizes",
        "300",
        "500",
        "--rounds",
        "1",
    ]
    assert main([*asked, "--only", *OF_ONE_DESK]) == 0
    said = json.loads(out.read_text("utf-8"))
    assert said["failed"] == []
    names = [each["name"] for each in said["figures"]]
    assert len(names) == len(set(names))
    for beginning in _BEGINNINGS:
        assert any(name.startswith(beginning) for name in names), beginning
    for each in said["figures"]:
        _is_whole(each)


def test_every_group_has_its_test() -> None:
    assert set(GROUPS) == {*OF_ONE_DESK, *OF_SYNC}


@pytest.mark.slow
@pytest.mark.parametrize("group", OF_SYNC)
def test_figures_of_sync_are_taken_without_peers(group: str, tmp_path: Path) -> None:
    """Small, and no time is judged; but what must be exact is: nothing is added twice, all of it arrives."""
    out = tmp_path / "bench.json"
    asked = ["--out", str(out), "--stores", str(tmp_path / "stores"), "--quick", "--peers", str(tmp_path)]
    assert main([*asked, "--only", group]) == 0
    said = json.loads(out.read_text("utf-8"))["figures"]
    names = [each["name"] for each in said]
    assert len(names) == len(set(names))
    for word in OF_SYNC[group]:
        assert any(word in name for name in names), word
    for each in said:
        assert set(each) == FIELDS
        assert "KHÔNG xong" not in each["note"], each
        if "rows added" in each["name"]:
            assert each["ours"] == 0


_BEGINNINGS = (
    *(
        "start to painted queue",
        "memory at first paint",
        "receive_dossier p50 against plain",
        "receive_dossier p50 ·",
        "receive_dossier p99",
    ),
    *("receive_dossier growth", "search keystroke p95", "search missed đ/Đ names", "queue page 1 "),
    *("queue page 100", "table first paint", "table jump to end", "table extra memory"),
    *("receipt PDF warm", "receipt PDF cold", "receipt PDF size", "verify, one signature"),
    *("window away at most", "one receipt of a batch"),
    *("register PDF, a line", "register Excel, a line", "register, 20 lines", "register, kept while"),
    *("recompute whole", "recompute look", "recompute write", "recompute undo"),
)


def _is_whole(figure: dict[str, Any]) -> None:
    assert set(figure) == FIELDS
    assert figure["ours"] >= 0
    assert figure["rounds"] >= 1
    assert figure["unit"]
    assert figure["reference_name"]
    if figure["name"].startswith("search missed"):
        assert figure["ours"] == 0
    if figure["name"].startswith("verify"):
        assert "CÓ SAI LỆCH" not in figure["note"]


def test_only_the_groups_asked_for_are_measured(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "bench.json"
    assert main(["--out", str(out), "--only", "receipt", "--rounds", "1", "--sizes", "300"]) == 0
    names = [each["name"] for each in json.loads(out.read_text("utf-8"))["figures"]]
    assert names
    assert all(name.startswith("receipt") for name in names)


def test_what_cannot_be_measured_is_said_and_the_rest_still_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> Any:
        raise RuntimeError("no window here")

    monkeypatch.setitem(GROUPS, "start", breaks)
    out = tmp_path / "bench.json"
    assert main(["--out", str(out), "--only", "start", "receipt", "--rounds", "1", "--sizes", "300"]) == 1
    said = json.loads(out.read_text("utf-8"))
    assert said["failed"] == [{"name": "start", "error": "RuntimeError: no window here"}]
    assert said["figures"]
