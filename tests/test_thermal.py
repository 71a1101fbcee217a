"""Slips on a thermal printer: the very stream goes to a printer that reads it strictly, and is looked at."""

import ctypes
import os
import socket
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from onestop.domain.template_sample import long_facts, sample_facts
from onestop.errors import PrintError
from onestop.office.templates import shipped_templates
from onestop.printing import thermal_file, thermal_network, thermal_winspool
from onestop.printing.dots import DOTS, Dots, is_roll, roll_dots
from onestop.printing.escpos import BAND_ROWS, CUT, fault_in, is_done, is_state, slip
from onestop.printing.form import form_pdf
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Rule
from onestop.printing.shapes import ROLL, cut_off
from onestop.printing.sheet import A5, Sheet
from onestop.printing.symbols import code128_modules, qr_modules
from onestop.printing.thermal import Thermal, print_slips, thermal_of
from onestop.printing.thermal_network import address_of
from onestop.printing.thermal_winspool import PrinterState, send_to_spooler
from onestop.printing.trial_slip import trial_slip_pdf
from onestop.printing.wrapping import Run
from onestop.settings import Settings
from tests.slip_printer import SlipPrinter, codes_on, decoded, picture, slip_printer

MADE_AT = datetime(2026, 11, 20, 1, 12, 5, tzinfo=UTC)
OFFICE = "Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập"
TRIAL = {"QR Code": "IN THU 2026-11-20T01:12:05.000Z", "Code 128": "IN THU"}


def quiet(begun: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def trial() -> bytes:
    return trial_slip_pdf(OFFICE, "Máy in nhiệt K80 (192.168.1.50)", MADE_AT)


def coded(text: str, x: float, y: float, module_mm: float) -> bytes:
    """A slip with one QR code, at any place in points."""
    sheet = Sheet(ROLL, "", "bản thử")
    modules = qr_modules(text)
    side = modules.columns * module_mm * MM
    sheet.symbol(x, y, module_mm * MM, side, modules)
    sheet.skip(y + side)
    pages, shape = cut_off(sheet.finish(), ROLL)
    return ink(pages, shape, Imprint("thử", OFFICE, text, MADE_AT))


def corner(page: Image.Image) -> tuple[int, int]:
    """Where the first burnt dots stand, from the left and from above; the foot of the slip left out."""
    box = ImageChops.invert(page.crop((0, 0, page.width, page.height - 30))).getbbox()
    assert box is not None
    return box[0], box[1]


# --- Dots


def test_a_slip_is_as_wide_as_the_head_and_reaches_both_edges(trial: bytes) -> None:
    assert is_roll(trial)
    page = picture(roll_dots(trial, 0).rows)
    assert page.width == DOTS == 576
    upper = page.convert("L").crop((0, 0, DOTS, 40))
    box = ImageChops.invert(upper).getbbox()
    assert box is not None
    assert (box[0], box[2]) == (0, DOTS)


def test_a_slip_ends_with_its_last_line(trial: bytes) -> None:
    dots = roll_dots(trial, 0)
    assert dots.rows[-72:].strip(b"\0")
    assert dots.height * 72 == len(dots.rows)


@pytest.mark.parametrize(("x", "y"), [(10.3, 13.21), (0.0, 7.77), (55.55, 30.04)])
@pytest.mark.parametrize(("module_mm", "dots"), [(0.75, 6), (0.5, 4), (0.57, 4), (0.375, 3)])
def test_every_module_of_a_code_is_whole_dots(x: float, y: float, module_mm: float, dots: int) -> None:
    text = "H15.50.05.13-261120-2001"
    modules = qr_modules(text)
    page = picture(roll_dots(coded(text, x, y, module_mm), 0).rows).convert("L")
    left, top = corner(page)
    code = page.crop((left, top, left + modules.columns * dots, top + modules.rows * dots))
    assert abs(left - x / MM * 8) <= 0.51
    assert abs(top - y / MM * 8) <= 0.51
    wanted = Image.new("L", (modules.columns, modules.rows), 255)
    for column, row, wide, high in modules.rectangles:
        wanted.paste(0, (column, row, column + wide, row + high))
    assert code.tobytes() == wanted.resize(code.size, Image.Resampling.NEAREST).tobytes()


def test_bars_keep_their_widths() -> None:
    sheet, bars = Sheet(ROLL, "", "bản thử"), code128_modules("261120-2001")
    sheet.symbol(7.31, 9.03, 0.25 * MM, 9 * MM, bars)
    sheet.skip(12 * MM)
    pages, shape = cut_off(sheet.finish(), ROLL)
    page = picture(roll_dots(ink(pages, shape, Imprint("thử", OFFICE, "", MADE_AT)), 0).rows).convert("L")
    left, top = corner(page)
    row = page.crop((left, top + 30, left + bars.columns * 2, top + 31)).tobytes()
    runs = [len(list(same)) for _, same in groupby(row)]
    assert all(run % 2 == 0 for run in runs)
    assert sum(runs[::2]) == 2 * sum(wide for _, _, wide, _ in bars.rectangles)


@pytest.mark.parametrize("weight", [0.25, 0.5, 0.7])
def test_no_line_of_a_table_is_lost_between_two_dots(weight: float) -> None:
    sheet, ys = Sheet(ROLL, "", "bản thử"), [20 + 5.0731 * n for n in range(20)]
    for y in ys:
        sheet.add(Rule(10, y, 150, y, weight))
    sheet.skip(ys[-1])
    pages, shape = cut_off(sheet.finish(), ROLL)
    page = picture(roll_dots(ink(pages, shape, Imprint("thử", OFFICE, "", MADE_AT)), 0).rows).convert("L")
    column = page.crop((300, 0, 301, page.height)).tobytes()
    assert [shade for shade, _ in groupby(column)].count(0) == len(ys)


def test_small_letters_with_two_marks_differ_on_paper() -> None:
    """At the smallest size in use each keeps its marks: no two become the same dots."""
    signs, seen = "aâăãáàảạấầẩẫậắằẳẵặeêếềểễệoôốồổỗộơớờởỡợuưứừửữự", set()
    for sign in signs:
        sheet = Sheet(ROLL, "", "bản thử")
        sheet.paragraph([Run(sign)], ROLL.small)
        page = ink(sheet.finish(), replace(ROLL, height_mm=20), Imprint("thử", OFFICE, sign, MADE_AT))
        seen.add(picture(roll_dots(page, 0).rows).crop((0, 0, 60, 60)).tobytes())
    assert len(seen) == len(signs)


def test_another_sheet_is_refused_with_what_to_do() -> None:
    sheet = Sheet(A5, "", "bản thử")
    sheet.paragraph([Run("Khổ A5")])
    pdf = ink(sheet.finish(), A5, Imprint("thử", OFFICE, "", MADE_AT))
    assert not is_roll(pdf)
    with pytest.raises(PrintError, match="khổ K80") as caught:
        roll_dots(pdf, 0)
    assert "Giấy cuộn 80 mm" in caught.value.message


# --- The stream


def test_what_is_burnt_is_what_was_drawn(trial: bytes) -> None:
    dots = roll_dots(trial, 0)
    commands = list(slip(dots, feed_mm=5))
    roll = decoded(b"".join(commands))
    assert roll.rubbish == []
    assert max(len(command) for command in commands) <= 4096
    [made] = roll.slips
    assert made.height % BAND_ROWS == 0
    assert 40 <= made.height - dots.height < 40 + BAND_ROWS
    assert made.tobytes()[: len(dots.rows)] == bytes(255 - byte for byte in dots.rows)
    assert codes_on(made) == TRIAL


@pytest.mark.parametrize("rows", [0, 1, 48, 55, 56, 57, 96, 1000])
def test_every_length_comes_out_whole(rows: int) -> None:
    burnt = bytes(n % 255 + 1 for n in range(72 * rows))
    roll = decoded(b"".join(slip(Dots(burnt))))
    assert roll.rubbish == []
    assert b"".join(each.tobytes() for each in roll.slips)[: len(burnt)] == bytes(255 - n for n in burnt)


def test_a_printer_without_a_knife_gets_no_cut(trial: bytes) -> None:
    roll = decoded(b"".join(slip(roll_dots(trial, 0), is_cut=False)))
    assert roll.slips == []
    assert codes_on(picture(bytes(roll.rows))) == TRIAL


def test_the_reader_of_these_tests_sees_rubbish(trial: bytes) -> None:
    """A stand-in that swallows everything would prove nothing."""
    stream = b"".join(slip(roll_dots(trial, 0)))
    assert decoded(stream[:500] + stream[501:]).rubbish
    assert decoded(b"Xin ch\xc3\xa0o" + stream).rubbish
    assert decoded(b"\x1dv0\x00\x48\x00\x30\x00" + bytes(72 * 48)).rubbish
    assert decoded(stream[:-6]).rubbish


def test_every_slip_of_the_roll_comes_out_with_its_codes() -> None:
    """Each shipped template that may stand on a roll, its codes read from the dots alone."""
    printed = 0
    for template in shipped_templates():
        kinds = (sample_facts, long_facts) if template.form == "NH" else (sample_facts,)
        for facts in [kind(template) for kind in kinds if "K80" in template.sizes]:
            pdf = form_pdf(template, facts, "K80", 1)
            roll = decoded(b"".join(slip(roll_dots(pdf, 0))))
            assert roll.rubbish == [], template.key
            codes = codes_on(roll.slips[0].crop((0, 0, DOTS, 1600)))
            has_codes = any(getattr(block, "has_codes", False) for block in template.blocks)
            assert not has_codes or (facts.proof or facts.code) in codes.values(), template.key
            printed += 1
    assert printed


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


# --- Where it goes: a queue of the system


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands `lp` and `lpstat` that act as those of CUPS; what they got lies in the folder."""
    folder = tmp_path / "cups"
    folder.mkdir()
    (folder / "state").write_text("printer XP-80C is idle.  enabled since\n", encoding="utf-8")
    lp = 'echo "$@" > "$HERE/asked"\n[ "$2" = XP-80C ] || exit 1\ncat > "$HERE/job"\n'
    lpstat = '[ "$3" = XP-80C ] || exit 1\ncat "$HERE/state"\n'
    for name, words in (("lp", lp), ("lpstat", lpstat)):
        command = folder / name
        command.write_text(f"#!/bin/sh\nHERE='{folder}'\n{words}", encoding="utf-8")
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


on_unix = pytest.mark.skipif(sys.platform == "win32", reason="CUPS is the queue of other systems")


@on_unix
def test_a_queue_gets_the_stream_as_it_is(trial: bytes, cups: Path) -> None:
    print_slips(trial, Thermal("queue", "XP-80C"), "H15-2001 Giấy tiếp nhận", 1, quiet)
    asked = (cups / "asked").read_text(encoding="utf-8")
    assert "-o raw" in asked
    assert "H15-2001 Giấy tiếp nhận" in asked
    roll = decoded((cups / "job").read_bytes())
    assert roll.rubbish == []
    assert [codes_on(each) for each in roll.slips] == [TRIAL]


@on_unix
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("printer XP-80C is idle.\n\tAlerts: media-empty-error\n", "hết giấy"),
        ("printer XP-80C is idle.\n\tAlerts: cover-open\n", "đang mở"),
        ("printer XP-80C disabled since Sun 22 Nov 2026 -\n\tPaused\n", "tạm dừng"),
    ],
)
def test_a_queue_that_stands_still_is_told(trial: bytes, cups: Path, state: str, words: str) -> None:
    (cups / "state").write_text(state, encoding="utf-8")
    with pytest.raises(PrintError, match=words):
        print_slips(trial, Thermal("queue", "XP-80C"), "thử", 1, quiet)
    assert not (cups / "job").exists()


@on_unix
def test_a_queue_that_is_not_there_is_told(trial: bytes, cups: Path) -> None:
    with pytest.raises(PrintError, match="Máy in HP không nhận bản in"):
        print_slips(trial, Thermal("queue", "HP"), "thử", 1, quiet)


@on_unix
def test_a_machine_without_cups_is_told(
    trial: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrintError, match="chưa có hệ thống in"):
        print_slips(trial, Thermal("queue", "XP-80C"), "thử", 1, quiet)


# --- Where it goes: the spooler of Windows


@dataclass
class Spooler:
    """winspool.drv as far as we call it: takes 4 KiB a time, and says what it was asked in order."""

    status: int = 0
    takes: bool = True
    calls: list[str] = field(default_factory=list)
    job: bytes = b""
    title: str = ""
    kind: str = ""

    def OpenPrinterW(self, name: str, handle: Any, _: object) -> int:
        self.calls.append("open")
        if name != "XP-80C":
            return 0
        handle._obj.value = 7
        return 1

    def GetPrinterW(self, handle: Any, level: int, into: Any, size: int, needed: Any) -> int:
        assert (handle.value, level, size) == (7, 6, 4)
        into._obj.dwStatus = self.status
        return 1

    def StartDocPrinterW(self, handle: Any, level: int, doc: Any) -> int:
        self.calls.append("start")
        self.title, self.kind = doc._obj.pDocName, doc._obj.pDatatype
        return 42

    def StartPagePrinter(self, handle: Any) -> int:
        self.calls.append("page")
        return 1

    def WritePrinter(self, handle: Any, part: bytes, length: int, taken: Any) -> int:
        assert len(part) == length
        taken._obj.value = min(length, 4096) if self.takes else 0
        self.job += part[: taken._obj.value]
        return 1

    def EndPagePrinter(self, handle: Any) -> int:
        return 1

    def EndDocPrinter(self, handle: Any) -> int:
        self.calls.append("end")
        return 1

    def AbortPrinter(self, handle: Any) -> int:
        self.calls.append("abort")
        return 1

    def ClosePrinter(self, handle: Any) -> int:
        self.calls.append("close")
        return 1


def test_the_spooler_gets_all_of_it_as_raw(trial: bytes) -> None:
    spooler, stream = Spooler(), b"".join(slip(roll_dots(trial, 0)))
    send_to_spooler(spooler, "XP-80C", "Giấy tiếp nhận", stream)
    assert spooler.job == stream
    assert (spooler.title, spooler.kind) == ("Giấy tiếp nhận", "RAW")
    assert spooler.calls == ["open", "start", "page", "end", "close"]


@pytest.mark.parametrize(("status", "words"), [(0x10, "hết giấy"), (0x80, "ngoại tuyến"), (0x400000, "Nắp")])
def test_the_spooler_says_why_not(status: int, words: str) -> None:
    spooler = Spooler(status=status)
    with pytest.raises(PrintError) as caught:
        send_to_spooler(spooler, "XP-80C", "thử", b"x")
    assert words in caught.value.message
    assert spooler.calls == ["open", "close"]


def test_a_job_the_spooler_does_not_take_is_thrown_away() -> None:
    spooler = Spooler(takes=False)
    with pytest.raises(PrintError, match="không nhận bản in"):
        send_to_spooler(spooler, "XP-80C", "thử", b"x")
    assert spooler.calls[-2:] == ["abort", "close"]
    with pytest.raises(PrintError, match="Không thấy máy in HP"):
        send_to_spooler(spooler, "HP", "thử", b"x")


def test_shapes_of_the_spooler_are_those_of_windows() -> None:
    pointer = ctypes.sizeof(ctypes.c_void_p)
    assert ctypes.sizeof(thermal_winspool.DocInfo) == 3 * pointer
    assert ctypes.sizeof(PrinterState) == 4


# --- Where it goes: a file


def test_a_folder_gets_a_file_for_each_job(trial: bytes, tmp_path: Path) -> None:
    print_slips(trial, Thermal("file", str(tmp_path)), "H15.50/2001: Giấy", 1, quiet)
    [made] = tmp_path.iterdir()
    assert made.name == "H15.50_2001_ Giấy.prn"
    assert [codes_on(each) for each in decoded(made.read_bytes()).slips] == [TRIAL]


def test_a_file_or_device_gets_the_stream(trial: bytes, tmp_path: Path) -> None:
    print_slips(trial, Thermal("file", str(tmp_path / "lp0")), "thử", 2, quiet)
    assert len(decoded((tmp_path / "lp0").read_bytes()).slips) == 2


def test_somebodys_document_is_not_overwritten(trial: bytes, tmp_path: Path) -> None:
    thermal = Thermal("file", str(tmp_path / "thu.txt"))
    (tmp_path / "thu.txt").write_text("Kính gửi ông Lò Văn Đức", encoding="utf-8")
    with pytest.raises(PrintError, match="không phải bản in"):
        print_slips(trial, thermal, "thử", 1, quiet)
    assert (tmp_path / "thu.txt").read_text(encoding="utf-8") == "Kính gửi ông Lò Văn Đức"
    (tmp_path / "thu.txt").unlink()
    for _ in range(2):
        print_slips(trial, thermal, "thử", 1, quiet)
    assert len(decoded((tmp_path / "thu.txt").read_bytes()).slips) == 1


def test_a_place_that_cannot_be_written_is_told(trial: bytes, tmp_path: Path) -> None:
    with pytest.raises(PrintError, match="Không ghi được bản in"):
        print_slips(trial, Thermal("file", str(tmp_path / "none" / "lp0")), "thử", 1, quiet)


@pytest.fixture
def port() -> Iterator[tuple[str, int]]:
    """A port that the system shows as a file, and the printer's end of it."""
    pty, tty = pytest.importorskip("pty"), pytest.importorskip("tty")
    machine, desk = pty.openpty()
    tty.setraw(desk)
    yield os.ttyname(desk), machine
    for end in (machine, desk):
        os.close(end)


def test_a_port_gets_the_stream_as_the_printer_takes_it(trial: bytes, port: tuple[str, int]) -> None:
    where, machine = port
    took = bytearray()

    def take() -> None:
        while not took.endswith(CUT):
            took.extend(os.read(machine, 300))

    with ThreadPoolExecutor(1) as reading:
        done = reading.submit(take)
        print_slips(trial, Thermal("file", where), "thử", 1, quiet)
        done.result(10)
    assert [codes_on(each) for each in decoded(bytes(took)).slips] == [TRIAL]


def test_a_port_that_takes_no_more_is_told(
    trial: bytes, port: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thermal_file, "_STUCK_SECONDS", 0.2)
    with pytest.raises(PrintError, match="không nhận tiếp") as caught:
        print_slips(trial, Thermal("file", port[0]), "thử", 1, quiet)
    assert "còn giấy" in caught.value.message


# --- Settings


def test_settings_name_the_printer() -> None:
    assert thermal_of(Settings()) is None
    assert thermal_of(Settings({"print.thermal_way": "network"})) is None
    found = thermal_of(Settings({"print.thermal_way": "network", "print.thermal_network": " 192.168.1.50 "}))
    assert found == Thermal("network", "192.168.1.50", feed_mm=4)
    assert found.name == "Máy in nhiệt K80 (192.168.1.50)"
    queue = {"print.thermal_way": "queue", "print.thermal_queue": "XP-80C", "print.thermal_cut": False}
    assert thermal_of(Settings(queue)) == Thermal("queue", "XP-80C", feed_mm=4, is_cut=False)
