"""An administrator at one desk changes rows: the root takes them for that office alone, every desk hears."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from onestop.errors import ConflictError, Offline, Refused
from onestop.office.changing import RowChange, change_rows, list_changes, undo_change
from onestop.office.office import Office
from onestop.store.office_rows import row_name
from onestop.store.rows import put_local, read_reference
from onestop.sync import wire
from onestop.sync.joined import HUBS
from onestop.sync.publishing import rows_sender
from tests.hub_process import WARD, Caller, Running, running, stranger
from tests.office_desk import ADMIN, FIVE_DAYS, RECEPTION, Seat
from tests.relay_office import Desk, desk, join_relay, joined_seat, until

ADMIN_OF_WARD = "nl-thuy"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("root"), "--demo") as hub:
        yield hub


@pytest.fixture(scope="module")
def ours(root: Running) -> Caller:
    caller = stranger(root.url, "019aa999-0000-7000-8000-000000000001")
    caller.enrol(root.code())
    return caller.sign_in()


@pytest.fixture(scope="module")
def theirs(root: Running) -> Caller:
    caller = stranger(root.url, "019aa999-0000-7000-8000-000000000002")
    caller.enrol(root.code(WARD))
    return caller.sign_in()


def row_of(seat: Seat, kind: str, key: str) -> Any:
    with seat.store.read() as connection:
        return read_reference(connection, kind, key)


def name_of(seat: Seat, key: str = FIVE_DAYS) -> str:
    return str(row_of(seat, "procedure", key)["name"])


def admin_at(seat: Seat) -> Office:
    office = seat.as_(ADMIN)
    office.told.send_rows = rows_sender(seat.store)
    return office


def renamed(seat: Seat, name: str, key: str = FIVE_DAYS) -> list[RowChange]:
    return [RowChange("procedure", key, row_of(seat, "procedure", key) | {"name": name})]


def has_pulled(one: Desk) -> bool:
    return bool(one.statuses) and one.statuses[-1].phase == "synced"


def unit(ident: str = "to-moi", **more: Any) -> dict[str, Any]:
    return {
        "kind": "unit",
        "key": f"900 {ident}",
        "value": {"id": ident, "name": "Tổ mới", "parent": ""},
    } | more


def send(caller: Caller, *rows: dict[str, Any], officer: str = ADMIN) -> Any:
    return caller.call("POST", wire.ROWS, json={"officer": officer, "words": "Thử", "rows": list(rows)})


def rows_heard(caller: Caller, kind: str) -> dict[str, Any]:
    found = {}
    for record in caller.pull_all():
        if record.kind == "row" and record.value["kind"] == kind:
            found[record.value["key"]] = record.value["value"]
    return found


# ---- desks ----------------------------------------------------------------------------


def test_a_change_at_one_desk_reaches_the_other_and_so_does_its_undoing(
    root: Running, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(desk(joined_seat(tmp_path / "1", 1, root)))
        second = stack.enter_context(desk(joined_seat(tmp_path / "2", 2, root)))
        until("both pulled", lambda: has_pulled(first) and has_pulled(second))
        office, before = admin_at(first.seat), name_of(first.seat)
        changed = change_rows(office, renamed(first.seat, "Tên ở quầy một"), "Đổi tên")
        assert changed.count == 1
        assert name_of(first.seat) == "Tên ở quầy một"
        until("the other hears", lambda: name_of(second.seat) == "Tên ở quầy một")
        undo_change(office, changed.id)
        until("the other hears again", lambda: name_of(second.seat) == before)
        assert name_of(first.seat) == before


def test_what_another_desk_changed_meanwhile_is_not_written_over(root: Running, tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(desk(joined_seat(tmp_path / "1", 3, root)))
        late = stack.enter_context(desk(joined_seat(tmp_path / "2", 4, root)))
        until("both pulled", lambda: has_pulled(first) and has_pulled(late))
        late.runner.stop()
        change_rows(admin_at(first.seat), renamed(first.seat, "Người đến trước", "1.001193"), "Đổi")
        before = name_of(late.seat, "1.001193")
        with pytest.raises(ConflictError, match="quầy khác"):
            change_rows(admin_at(late.seat), renamed(late.seat, "Người đến sau", "1.001193"), "Đổi")
        assert name_of(late.seat, "1.001193") == before
        assert list_changes(late.seat.office) == []


def test_only_an_officer_with_the_right_may(root: Running, tmp_path: Path) -> None:
    with desk(joined_seat(tmp_path / "1", 5, root)) as one:
        until("pulled", lambda: has_pulled(one))
        office = admin_at(one.seat).as_officer(RECEPTION)
        with pytest.raises(Refused, match="không nhận"):
            change_rows(office, renamed(one.seat, "Không được"), "Đổi")
        assert name_of(one.seat) != "Không được"


def test_without_a_line_nothing_is_written(root: Running, tmp_path: Path) -> None:
    seat = joined_seat(tmp_path / "1", 6, root)
    with seat.store.write() as connection:
        put_local(connection, HUBS, [{"url": "http://127.0.0.1:9", "authority": ""}])
    with pytest.raises(Offline, match="Chưa có gì được ghi"):
        change_rows(admin_at(seat), renamed(seat, "Không có mạng"), "Đổi")
    assert name_of(seat) != "Không có mạng"
    assert list_changes(seat.office) == []
    seat.store.close()


@pytest.mark.slow
def test_a_desk_behind_a_relay_reaches_the_root_through_it(root: Running, tmp_path: Path) -> None:
    with ExitStack() as stack:
        join_relay(root, tmp_path / "relay")
        relay = stack.enter_context(running(tmp_path / "relay", "--relay", "--upstream", root.url))
        caller = stranger(relay.url, "019aa999-0000-7000-8000-000000000003")
        stranger(root.url, caller.device, caller.key).enrol(root.code())
        until("the relay knows the desk", lambda: caller.ask_token().status_code == 200)
        answer = send(caller.sign_in(), unit("qua-tram"))
        assert answer.status_code == 200, answer.text
        assert send(caller, unit("khong-duoc"), officer=RECEPTION).status_code == 403


# ---- what the root takes --------------------------------------------------------------


def test_a_row_goes_into_the_stream_of_the_callers_office_alone(ours: Caller, theirs: Caller) -> None:
    assert send(ours, unit("chi-cua-ta")).status_code == 200
    assert "900 chi-cua-ta" in rows_heard(ours, "unit")
    assert "900 chi-cua-ta" not in rows_heard(theirs, "unit")


@pytest.mark.parametrize("officer", [ADMIN_OF_WARD, RECEPTION, "nobody", "x"])
def test_an_officer_of_another_office_or_without_the_right_is_refused(ours: Caller, officer: str) -> None:
    answer = send(ours, unit("khong-duoc"), officer=officer)
    assert answer.status_code == 403
    assert "900 khong-duoc" not in rows_heard(ours, "unit")


def test_the_administrator_of_one_office_says_nothing_for_another(theirs: Caller) -> None:
    assert send(theirs, unit("cua-ai")).status_code == 403
    assert send(theirs, unit("cua-phuong"), officer=ADMIN_OF_WARD).status_code == 200


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"kind": "unit", "key": "901 x", "value": {"id": "x"}}, 422),
        ({"kind": "grant", "key": "x", "value": {}}, 422),
        ({"kind": "relay", "key": "relay", "value": {"url": "http://127.0.0.1:1"}}, 422),
        ({"kind": "unit", "key": "901 x", "value": {"id": "x", "name": "x", "parent": 0.5}}, 422),
        ({"kind": "calendar", "key": "vn", "value": None}, 422),
        ({"kind": "agency", "key": "H56.99.77", "value": None}, 422),
        ({"kind": "merger", "key": "H56.99.77", "value": {
            "old": "H56.99.77", "new": "H56.99.88", "on": "2026-01-01", "ground": "x",
            "kind": "agency"}}, 409),
        ({"kind": "officer", "key": "901 x", "value": {
            "id": ADMIN_OF_WARD, "name": "X", "roles": ["leader"], "unit": "pvhcc", "title": ""}}, 409),
    ],
)  # fmt: skip
def test_what_must_not_be_is_refused_with_all_that_came_with_it(
    ours: Caller, row: dict[str, Any], status: int
) -> None:
    answer = send(ours, unit("cung-chuyen"), row)
    assert answer.status_code == status, answer.text
    assert "900 cung-chuyen" not in rows_heard(ours, "unit")


def test_a_stale_row_is_a_conflict_and_the_same_row_is_none(ours: Caller) -> None:
    first = unit("hai-lan")
    assert send(ours, first).status_code == 200
    assert send(ours, first).status_code == 200  # asked again after a lost answer
    other = unit("hai-lan", value={"id": "hai-lan", "name": "Khác", "parent": ""})
    assert send(ours, other).status_code == 409
    assert send(ours, other | {"was": row_name(first["value"])}).status_code == 200


def test_an_officer_of_the_rows_is_granted_and_one_taken_away_is_revoked(ours: Caller) -> None:
    value = {"id": "u-moi", "name": "Đinh Thị Mới", "roles": ["admin"], "unit": "pvhcc", "title": ""}
    row = {"kind": "officer", "key": "900 u-moi", "value": value}
    assert send(ours, row).status_code == 200
    assert send(ours, unit("do-nguoi-moi"), officer="u-moi").status_code == 200
    fewer = value | {"roles": ["reception"]}
    assert send(ours, row | {"value": fewer, "was": row_name(value)}).status_code == 200
    assert send(ours, unit("het-quyen"), officer="u-moi").status_code == 403
    assert send(ours, row | {"value": value, "was": row_name(fewer)}).status_code == 200
    assert send(ours, unit("lai-co-quyen"), officer="u-moi").status_code == 200
    assert send(ours, row | {"value": None, "was": row_name(value)}).status_code == 200
    assert send(ours, unit("khong-con"), officer="u-moi").status_code == 403


def test_without_a_token_nothing_is_asked(root: Running) -> None:
    answer = stranger(root.url).http.post(wire.ROWS, json={"officer": ADMIN, "rows": [unit()]})
    assert answer.status_code == 401
