"""A changed calendar and the open dossiers: found, written in parts, cut off, begun again, undone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from build.fill import fill_store
from onestop.domain.acts import Act
from onestop.domain.calendar import WorkCalendar
from onestop.domain.dossier import Dossier
from onestop.domain.moment import VIETNAM, show_at, to_wire
from onestop.errors import RuleError
from onestop.office import deeds, recompute
from onestop.office.deeds import Target, find_dossier
from onestop.office.found import open_office
from onestop.office.intake import receive_dossier
from onestop.office.office import Office
from onestop.office.recompute import DueChange, preview_recompute, undo_recompute
from onestop.office.timeline import read_timeline
from onestop.store.check import verify_store
from onestop.store.store import Store, open_store
from tests.office_desk import ADMIN, HEAD, LEADER, RECEPTION, SPECIALIST, UNIT, Seat, form, seated

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)
COUNT = 300


def with_day_off(calendar: WorkCalendar, day: date, why: str = "Nghỉ theo công điện") -> WorkCalendar:
    return replace(calendar, version="thử", days_off={**calendar.days_off, day: why})


def without(calendar: WorkCalendar, day: date) -> WorkCalendar:
    return replace(calendar, days_off={k: why for k, why in calendar.days_off.items() if k != day})


# ---- many -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "onestop.db"
    fill_store(path, bytes(32), COUNT, NOW, is_all_open=True, span=timedelta(days=8))
    return path


@pytest.fixture
def office(filled: Path, tmp_path: Path) -> Iterator[Office]:
    copy = tmp_path / "onestop.db"
    copy.write_bytes(filled.read_bytes())
    store = open_store(copy, bytes(32))
    yield open_office(store, lambda: NOW, lambda: ("boot", 1), ADMIN)
    store.close()


def dues(store: Store) -> dict[str, tuple[str, str]]:
    rows = store.rows("SELECT id, due_at, original_due_at FROM dossiers", {})
    return {row[0]: (row[1], row[2]) for row in rows}


def entries_of(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM entries", {})[0][0])


def test_the_calendar_a_store_was_filled_by_changes_nothing(office: Office) -> None:
    assert preview_recompute(office, office.calendar) == []


def test_a_new_holiday_is_written_to_every_open_dossier_and_undone(office: Office) -> None:
    before = dues(office.store)
    after = with_day_off(office.calendar, date(2026, 11, 26))
    seen: list[tuple[int, int]] = []
    changes = preview_recompute(office, after, lambda done, total, _: seen.append((done, total)))
    assert COUNT / 3 < len(changes) < COUNT
    open_ones = len(office.store.rows("SELECT 1 FROM dossiers WHERE ended_at IS NULL", {}))
    assert (seen[0], seen[-1]) == ((0, open_ones), (open_ones, open_ones))
    assert dues(office.store) == before
    done = recompute.recompute(office, changes, "Nghỉ thêm 26/11")
    assert (done.changes, done.skipped) == (tuple(changes), ())
    now = dues(office.store)
    for change in changes:
        assert change.due_after is not None
        assert now[change.dossier_id][0] == to_wire(change.due_after) > before[change.dossier_id][0]
        assert change.code
        assert change.owner
        assert change.phone
        assert "26/11" in change.why
    assert {each: due for each, due in now.items() if due != before[each]}.keys() == {
        change.dossier_id for change in changes
    }
    assert preview_recompute(office, after) == []
    undone = undo_recompute(office, done.batch)
    assert len(undone.changes) == len(changes)
    assert dues(office.store) == before
    assert entries_of(office.store) - 2 * len(changes) > COUNT
    assert [finding.words for finding in verify_store(office.store).findings] == []


def test_a_holiday_taken_away_brings_the_dates_nearer(office: Office) -> None:
    before = dues(office.store)
    changes = preview_recompute(office, without(office.calendar, DAY))
    recompute.recompute(office, changes, "Bỏ nghỉ 24/11")
    assert changes
    assert all(dues(office.store)[each.dossier_id] < before[each.dossier_id] for each in changes)
    back = preview_recompute(office, office.calendar)
    recompute.recompute(office, back, "Nghỉ lại 24/11")
    assert dues(office.store) == before


class Cancelled(Exception):
    pass


def stop_after(parts: int) -> Callable[[int, int, str], None]:
    def progress(done: int, total: int, words: str) -> None:
        if done >= parts * 20:
            raise Cancelled

    return progress


def test_cut_off_half_way_it_is_begun_again_and_undone_as_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "PART", 20)
    before = dues(office.store)
    after = with_day_off(office.calendar, date(2026, 11, 26))
    changes = preview_recompute(office, after)
    with pytest.raises(Cancelled):
        recompute.recompute(office, changes, "Nghỉ thêm 26/11", stop_after(3), "mot-lan")
    rest = preview_recompute(office, after)
    assert [each.dossier_id for each in rest] == [each.dossier_id for each in changes[60:]]
    done = recompute.recompute(office, rest, "Nghỉ thêm 26/11", batch="mot-lan")
    assert preview_recompute(office, after) == []
    with pytest.raises(Cancelled):
        undo_recompute(office, done.batch, stop_after(2))
    undo_recompute(office, done.batch)
    assert dues(office.store) == before
    assert len(undo_recompute(office, done.batch).changes) == 0


def test_a_preview_can_be_cancelled_and_writes_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "PART", 20)
    count = entries_of(office.store)
    with pytest.raises(Cancelled):
        preview_recompute(office, without(office.calendar, DAY), stop_after(1))
    assert entries_of(office.store) == count


# ---- one ------------------------------------------------------------------------------


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def received(seat: Seat) -> str:
    """Friday 20/11/2026 08:00, five working days: Monday 30/11, for 24/11 is a holiday."""
    return receive_dossier(seat.as_(RECEPTION), form()).dossier.id


def processing(seat: Seat) -> str:
    dossier = received(seat)
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST), "")
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    return dossier


def find(seat: Seat, dossier: str) -> Dossier:
    return find_dossier(seat.office, dossier)


def change_calendar(seat: Seat, calendar: WorkCalendar) -> list[DueChange]:
    changes = preview_recompute(seat.as_(ADMIN), calendar)
    recompute.recompute(seat.as_(ADMIN), changes, "Lịch thay đổi")
    return changes


def on(day: int, month: int = 11, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=VIETNAM)


def test_the_journal_says_from_when_to_when_and_why(seat: Seat) -> None:
    dossier = received(seat)
    calendar = with_day_off(seat.office.calendar, date(2026, 11, 26))
    (change,) = change_calendar(seat, calendar)
    assert (show_at(change.due_before or NOW), show_at(change.due_after or NOW)) == (
        "30/11/2026 16:30",
        "01/12/2026 16:30",
    )
    told = read_timeline(seat.office, dossier)[1][-1]
    assert told.words == "Đã tính lại hạn trả"
    assert told.lines[0] == "Hạn trả mới: 01/12/2026 16:30"
    assert "Nghỉ theo công điện 26/11" in told.lines[1]
    assert told.lines[2:] == ("Hạn trước: 30/11/2026 16:30", "Lý do: Lịch thay đổi")
    clock = find(seat, dossier).clock
    assert clock.original_due_at == clock.due.at
    assert (clock.due.value, clock.due.unit, clock.due.calendar_version) == (5, "working_day", "thử")


@pytest.mark.parametrize("mode", ["shift", "restart"])
def test_a_pause_counts_as_it_did_when_the_clock_went_on(seat: Seat, mode: str) -> None:
    """The same dates as if the day had been off all along."""
    dossier = processing(seat)
    deeds.pause(seat.as_(SPECIALIST), dossier, "verify", "Chờ xác minh.")
    seat.clock.at = on(27)
    deeds.resume(seat.as_(SPECIALIST), dossier, "Đã xác minh.", mode)
    before = find(seat, dossier).due_at
    assert preview_recompute(seat.as_(ADMIN), seat.office.calendar) == []
    change_calendar(seat, with_day_off(seat.office.calendar, date(2026, 12, 2)))
    after = find(seat, dossier)
    # Shift: 30/11 and the four working days that the clock stood (23, 25, 26, 27). Restart: five from 27/11.
    assert show_at(before or NOW) == "04/12/2026 16:30"
    assert show_at(after.due_at or NOW) == "07/12/2026 16:30"
    assert after.clock.original_due_at == after.due_at


def test_a_paused_dossier_moves_and_is_shifted_from_there(seat: Seat) -> None:
    dossier = processing(seat)
    deeds.pause(seat.as_(SPECIALIST), dossier, "verify", "Chờ xác minh.")
    change_calendar(seat, with_day_off(seat.office.calendar, date(2026, 11, 26)))
    paused = find(seat, dossier)
    assert paused.is_paused
    assert show_at(paused.due_at or NOW) == "01/12/2026 16:30"
    seat.clock.at = on(23, hour=9)
    deeds.resume(seat.as_(SPECIALIST), dossier, "Đã xác minh.")
    assert show_at(find(seat, dossier).due_at or NOW) == "02/12/2026 16:30"


def test_an_apology_keeps_its_day_and_lateness_follows_the_first_date(seat: Seat) -> None:
    dossier = processing(seat)
    deeds.extend(seat.as_(HEAD), dossier, on(10, 12, 16), "Cơ quan xin lỗi.")
    (change,) = change_calendar(seat, with_day_off(seat.office.calendar, date(2026, 11, 26)))
    clock = find(seat, dossier).clock
    assert show_at(clock.due.at or NOW) == "10/12/2026 16:00"
    assert show_at(clock.original_due_at or NOW) == "01/12/2026 16:30"
    assert change.due_before == change.due_after


def test_an_apology_on_a_day_that_is_off_now_goes_to_the_next_working_day(seat: Seat) -> None:
    dossier = processing(seat)
    deeds.extend(seat.as_(HEAD), dossier, on(10, 12, 16), "Cơ quan xin lỗi.")
    (change,) = change_calendar(seat, with_day_off(seat.office.calendar, date(2026, 12, 10)))
    clock = find(seat, dossier).clock
    assert show_at(clock.due.at or NOW) == "11/12/2026 16:00"
    assert show_at(clock.original_due_at or NOW) == "30/11/2026 16:30"
    assert change.why == (
        "Hẹn 10/12/2026 là ngày nghỉ (Nghỉ theo công điện): chuyển sang ngày làm việc kế tiếp"
    )


def test_an_undo_leaves_a_date_that_came_after_it(seat: Seat) -> None:
    first, second = processing(seat), processing(seat)
    calendar = with_day_off(seat.office.calendar, date(2026, 11, 26))
    changes = preview_recompute(seat.as_(ADMIN), calendar)
    done = recompute.recompute(seat.as_(ADMIN), changes, "Lịch thay đổi")
    deeds.extend(seat.as_(HEAD), first, on(10, 12, 16), "Cơ quan xin lỗi.")
    undone = undo_recompute(seat.as_(ADMIN), done.batch)
    assert undone.skipped == (find(seat, first).code,)
    assert [each.dossier_id for each in undone.changes] == [second]
    assert show_at(find(seat, first).due_at or NOW) == "10/12/2026 16:00"
    assert show_at(find(seat, second).due_at or NOW) == "30/11/2026 16:30"


def test_a_date_that_came_meanwhile_is_not_overwritten(seat: Seat) -> None:
    """Both at the desk, where it is said, and in the fold of entries that crossed on their way."""
    dossier = processing(seat)
    changes = preview_recompute(seat.as_(ADMIN), with_day_off(seat.office.calendar, date(2026, 11, 26)))
    deeds.extend(seat.as_(HEAD), dossier, on(10, 12, 16), "Cơ quan xin lỗi.")
    done = recompute.recompute(seat.as_(ADMIN), changes, "Lịch thay đổi")
    assert (done.changes, done.skipped) == ((), (find(seat, dossier).code,))
    facts = {
        "due": {
            "at": to_wire(on(1, 12)),
            "value": 5,
            "unit": "working_day",
            "explanation": "",
            "calendar": "",
        },
        "due_before": to_wire(on(30, 11)),
        "reason": "Lịch thay đổi",
    }
    deeds.do(seat.as_(ADMIN), Act.RECOMPUTE, dossier, facts)
    assert show_at(find(seat, dossier).due_at or NOW) == "10/12/2026 16:00"
    told = read_timeline(seat.office, dossier)[1][-1]
    assert "Không áp dụng: hạn trả lúc đó đã là 10/12/2026 16:00" in told.lines


def test_what_has_ended_or_never_began_is_left_alone(seat: Seat) -> None:
    stopped = processing(seat)
    deeds.stop(seat.as_(LEADER), stopped, "Không đủ điều kiện.")
    assert preview_recompute(seat.as_(ADMIN), with_day_off(seat.office.calendar, date(2026, 11, 26))) == []


def test_only_an_administrator_recomputes(seat: Seat) -> None:
    received(seat)
    for work in (
        lambda: preview_recompute(seat.as_(HEAD), seat.office.calendar),
        lambda: recompute.recompute(seat.as_(HEAD), [], "x"),
        lambda: undo_recompute(seat.as_(HEAD), "x"),
    ):
        with pytest.raises(RuleError, match="không có quyền"):
            work()
