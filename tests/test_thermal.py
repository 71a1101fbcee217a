"""Slips over the network, to a printer of this machine that reads the stream strictly; settings."""

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from onestop.errors import PrintError
from onestop.printing import thermal_network
from onestop.printing.dots import Dots
from onestop.printing.escpos import fault_in, is_done, is_state, slip
from onestop.printing.thermal import Thermal, print_slips, thermal_of
from onestop.printing.thermal_network import address_of
from onestop.printing.trial_slip import trial_slip_pdf
from onestop.settings import Settings
from tests.slip_printer import MADE_AT, OFFICE, TRIAL, SlipPrinter, codes_on, slip_printer


@pytest.fixture(scope="module")
def trial() -> bytes:
    return trial_slip_pdf(OFFICE, "Máy in nhiệt K80 (192.168.1.50)", MADE_AT)


def quiet(begun: int, total: int) -> None:
    """Nobody watches."""


# --- Where it goes: the network


def test_over_the_network_it_waits_until_all_is_on_paper(trial: bytes) -> None:
    told: list[tuple[int, int]] = []
    with slip_printer() as printer:
        thermal = Thermal("network", printer.address, feed_mm=4)
        assert print_slips(trial, thermal, "thử", 2, lambda *at: told.append(at)) == 2
        # said to be done means on paper, so nothing needs to be waited for
        assert [codes_on(each) for each in printer.roll.slips] == [TRIAL, TRIAL]
        assert printer.roll.rubbish == []
    assert told[0] == (0, 2)
    assert (1, 2) in told
    assert told[-1] == (2, 2)


def test_a_printer_that_never_answers_prints_all_the_same(trial: bytes) -> None:
    with slip_printer(tells=False) as printer:
        assert print_slips(trial, Thermal("network", printer.address), "thử", 1, quiet) == 1
    assert [codes_on(each) for each in printer.roll.slips] == [TRIAL]
    assert printer.roll.rubbish == []


@pytest.mark.parametrize(
    ("state", "words"), [({"rows_left": 0}, "hết giấy"), ({"is_open": True}, "Nắp máy in")]
)
def test_what_keeps_it_from_printing_is_said_before_anything_is_sent(
    trial: bytes, state: dict[str, Any], words: str
) -> None:
    with slip_printer(**state) as printer:
        with pytest.raises(PrintError) as caught:
            print_slips(trial, Thermal("network", printer.address), "thử", 1, quiet)
        assert printer.roll.begun == 0
    assert words in caught.value.message
    assert printer.address in caught.value.title


def test_paper_that_ends_in_the_middle_is_told(trial: bytes) -> None:
    with slip_printer(rows_left=200) as printer, pytest.raises(PrintError) as caught:
        print_slips(trial, Thermal("network", printer.address), "thử", 1, quiet)
    assert "hết giấy" in caught.value.message
    assert printer.roll.slips == []


def test_what_is_stopped_is_cut_off_and_the_next_one_is_clean(trial: bytes) -> None:
    class Stopped(Exception):
        pass

    def stop_in_the_second(begun: int, total: int) -> None:
        if begun == 1:
            raise Stopped

    with slip_printer() as printer:
        thermal = Thermal("network", printer.address)
        with pytest.raises(Stopped):
            print_slips(trial, thermal, "thử", 3, stop_in_the_second)
        print_slips(trial, thermal, "thử", 1, quiet)
    assert [codes_on(each) for each in printer.roll.slips] == [TRIAL, TRIAL]
    assert printer.roll.rubbish == []


def test_dots_that_look_like_a_question_do_no_harm() -> None:
    """The printer answers them in between; those answers are no end and no fault."""
    rows = b"\x10\x04\x02\x10\x04\x04" * 12 * 50
    with slip_printer() as printer:
        thermal_network.send_over_network(printer.address, slip(Dots(rows)), lambda: None)
        assert len(printer.roll.slips) == 1
    assert printer.roll.rubbish == []


def test_a_printer_that_takes_no_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It took the connection and reads nothing: without paper a buffer once full stays full."""
    monkeypatch.setattr(thermal_network, "_SEND_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as stuck:
        address = f"127.0.0.1:{stuck.getsockname()[1]}"
        with pytest.raises(PrintError, match="không trả lời") as caught:
            thermal_network.send_over_network(address, slip(Dots(bytes(72 * 200_000))), lambda: None)
    assert "còn giấy" in caught.value.message


def test_two_counters_share_a_printer(trial: bytes) -> None:
    with slip_printer() as printer:
        thermal = Thermal("network", printer.address)
        with ThreadPoolExecutor(2) as counters:
            sent = [counters.submit(print_slips, trial, thermal, "thử", 2, quiet) for _ in range(2)]
        assert [each.result() for each in sent] == [2, 2]
    assert [codes_on(each) for each in printer.roll.slips] == [TRIAL] * 4
    assert printer.roll.rubbish == []


def test_a_printer_busy_with_another_counter_is_tried_again(
    trial: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It turns lines away while it is busy; here until it has been tried twice."""
    monkeypatch.setattr(thermal_network, "_PAUSE_SECONDS", 0.05)
    with slip_printer() as busy:
        address = busy.address
    came: list[SlipPrinter] = []

    def come_back(begun: int, total: int) -> None:
        if not came:
            came.append(SlipPrinter(port=int(address.rpartition(":")[2])))
            came[0].start()

    assert print_slips(trial, Thermal("network", address), "thử", 1, come_back) == 1
    came[0].stop()
    assert [codes_on(each) for each in came[0].roll.slips] == [TRIAL]


def test_no_printer_at_its_address_is_said_in_words(trial: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thermal_network, "_PAUSE_SECONDS", 0.01)
    with slip_printer() as printer:
        gone = printer.address
    with pytest.raises(PrintError, match="không nhận kết nối") as caught:
        print_slips(trial, Thermal("network", gone), "thử", 1, quiet)
    assert "Thiết lập" in caught.value.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.168.1.50", ("192.168.1.50", 9100)),
        (" 192.168.1.50:9101 ", ("192.168.1.50", 9101)),
        ("may-in.quay1", ("may-in.quay1", 9100)),
        ("[fe80::1]:9100", ("fe80::1", 9100)),
    ],
)
def test_an_address_is_read(text: str, found: tuple[str, int]) -> None:
    assert address_of(text) == found


@pytest.mark.parametrize(
    "text", ["", "máy in", "http://192.168.1.50", "192.168.1.50:0", "192.168.1.50:99999"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(PrintError, match="Địa chỉ máy in nhiệt"):
        address_of(text)


def test_answers_are_told_apart() -> None:
    assert is_done(0x00)
    assert is_done(0x0F)
    assert not is_done(0x12)
    assert is_state(0x12)
    assert is_state(0x7E)
    assert not any(map(is_state, b"\x14\x00\x00\x0f")), "what a printer tells unasked is no answer"
    assert fault_in(0x12, 0x12) == ""
    assert fault_in(0x12, 0x1E) == "", "near the end is not the end"
    assert "hết giấy" in fault_in(0x12, 0x72)
    assert "Nắp" in fault_in(0x16, 0x72)
    assert "báo lỗi" in fault_in(0x52, 0x12)


# --- Settings


def test_settings_name_the_printer() -> None:
    assert thermal_of(Settings()) is None
    assert thermal_of(Settings({"print.thermal_way": "network"})) is None
    found = thermal_of(Settings({"print.thermal_way": "network", "print.thermal_network": " 192.168.1.50 "}))
    assert found == Thermal("network", "192.168.1.50", feed_mm=4)
    assert found.name == "Máy in nhiệt K80 (192.168.1.50)"
    queue = {"print.thermal_way": "queue", "print.thermal_queue": "XP-80C", "print.thermal_cut": False}
    assert thermal_of(Settings(queue)) == Thermal("queue", "XP-80C", feed_mm=4, is_cut=False)
