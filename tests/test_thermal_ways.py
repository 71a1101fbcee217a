"""Slips through a queue of the system (CUPS, Windows) and into files and ports."""

import ctypes
import os
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from onestop.errors import PrintError
from onestop.printing import thermal_file, thermal_winspool
from onestop.printing.dots import roll_dots
from onestop.printing.escpos import CUT, slip
from onestop.printing.thermal import Thermal, print_slips
from onestop.printing.thermal_winspool import PrinterState, send_to_spooler
from onestop.printing.trial_slip import trial_slip_pdf
from tests.slip_printer import MADE_AT, OFFICE, TRIAL, codes_on, decoded


@pytest.fixture(scope="module")
def trial() -> bytes:
    return trial_slip_pdf(OFFICE, "Máy in nhiệt K80 (192.168.1.50)", MADE_AT)


def quiet(begun: int, total: int) -> None:
    """Nobody watches."""


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
