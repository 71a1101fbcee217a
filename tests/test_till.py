"""The end of a cashier's day: sums from the journals, the drawer counted, reasons for a difference."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.dossier import Fee
from onestop.domain.till import split_payments
from onestop.errors import InputError, RuleError
from onestop.office import deeds
from onestop.office.till import close_till, day_sheet, may_see_all
from tests.office_desk import ADMIN, CASHIER, CLERK, RECEPTION, Seat, receive, seated

TODAY = date(2026, 11, 20)
CHARGE, LEVY = Fee("charge", "Phí bản sao", 16_000), Fee("levy", "Lệ phí", 20_000)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as one:
        yield one


def test_a_day_by_method_kind_and_officer(seat: Seat) -> None:
    first = receive(seat, fees=(CHARGE, LEVY))
    other = receive(seat, fees=(LEVY,))
    cashier, reception = seat.as_(CASHIER), seat.as_(RECEPTION)
    deeds.collect(cashier, first.id, 36_000, "cash", "26TAA 1")
    deeds.collect(cashier, other.id, 20_000, "transfer", "26TAA 2")
    deeds.refund(cashier, first.id, 4_000, "Thu thừa.")
    deeds.collect(reception, other.id, 5_000, "cash")
    sheet = day_sheet(cashier, TODAY, CASHIER)
    assert [line.amount_vnd for line in sheet.lines] == [36_000, 20_000, -4_000]
    assert sheet.by_method() == {"cash": 32_000, "transfer": 20_000}
    assert sheet.by_kind() == {"charge": 16_000, "levy": 36_000}
    assert (sheet.collected_vnd, sheet.refunded_vnd, sheet.cash_vnd) == (56_000, 4_000, 32_000)
    assert [line.fee_receipt for line in sheet.lines] == ["26TAA 1", "26TAA 2", ""]
    assert sheet.lines[0].code == first.code
    everyone = day_sheet(seat.as_(ADMIN), TODAY)
    assert everyone.by_kind() == {"charge": 16_000, "levy": 36_000, "other": 5_000}
    assert {line.officer for line in everyone.lines} == {CASHIER, RECEPTION}
    assert may_see_all(seat.as_(ADMIN))
    assert not may_see_all(cashier)


def test_a_day_ends_at_midnight_in_vietnam(seat: Seat) -> None:
    paid = receive(seat, fees=(LEVY,))
    deeds.collect(seat.as_(CASHIER), paid.id, 1_000, "cash")
    seat.clock.at = seat.clock.at.replace(hour=23, minute=59, second=50)
    deeds.collect(seat.as_(CASHIER), paid.id, 2_000, "cash")
    seat.clock.at += timedelta(seconds=15)
    deeds.collect(seat.as_(CASHIER), paid.id, 4_000, "cash")
    assert day_sheet(seat.as_(CASHIER), TODAY, CASHIER).cash_vnd == 3_000
    assert day_sheet(seat.as_(CASHIER), TODAY + timedelta(days=1), CASHIER).cash_vnd == 4_000
    assert day_sheet(seat.as_(CASHIER), TODAY - timedelta(days=1), CASHIER).lines == ()


def test_the_drawer_is_counted_and_a_difference_has_its_reason(seat: Seat) -> None:
    paid = receive(seat, fees=(LEVY,))
    cashier = seat.as_(CASHIER)
    deeds.collect(cashier, paid.id, 20_000, "cash")
    with pytest.raises(InputError) as raised:
        close_till(cashier, TODAY, 19_000)
    assert raised.value.field == "reason"
    assert day_sheet(cashier, TODAY, CASHIER).count is None
    short = close_till(cashier, TODAY, 19_000, "Trả nhầm tiền lẻ.")
    assert short.difference_vnd == -1_000
    whole = close_till(cashier, TODAY, 20_000)
    assert (whole.difference_vnd, whole.reason) == (0, "")
    assert day_sheet(cashier, TODAY, CASHIER).counts == (short, whole)
    assert day_sheet(cashier, TODAY - timedelta(days=1), CASHIER).counts == ()
    deeds.collect(cashier, paid.id, 3_000, "cash")
    later = day_sheet(cashier, TODAY, CASHIER)
    assert later.count == whole
    assert later.cash_vnd != whole.expected_vnd


def test_who_may_count_and_what(seat: Seat) -> None:
    with pytest.raises(RuleError):
        close_till(seat.as_(CLERK), TODAY, 0)
    with pytest.raises(InputError) as raised:
        close_till(seat.as_(CASHIER), TODAY, -1)
    assert raised.value.field == "counted"
    with pytest.raises(InputError) as raised:
        close_till(seat.as_(CASHIER), TODAY + timedelta(days=1), 0)
    assert raised.value.field == "day"


FEES = st.lists(
    st.builds(Fee, st.sampled_from(["charge", "levy"]), st.just("Khoản"), st.integers(0, 50_000)), max_size=4
)


@given(FEES, st.lists(st.integers(-40_000, 60_000), max_size=6))
def test_no_dong_is_lost_between_the_kinds(fees: list[Fee], amounts: list[int]) -> None:
    splits = split_payments(fees, amounts)
    assert [sum(split) for split in splits] == amounts
    if sum(amounts) >= sum(fee.amount_vnd for fee in fees):
        charge = sum(fee.amount_vnd for fee in fees if fee.kind == "charge")
        assert sum(split[0] for split in splits) == charge
