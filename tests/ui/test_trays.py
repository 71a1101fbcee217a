"""The trays of a printer: read from what the system says, chosen, remembered, handed on."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from ui.printer import Printer
from ui.trays import Tray, bins_in, find_trays, slots_in, take_from, tray_words

OPTIONS = """PageSize/Media Size: *A4 A5 Letter
InputSlot/Media Source: *Auto Tray1 Tray2 ManualFeed Bypass
Duplex/2-Sided Printing: *None DuplexNoTumble
"""


def test_slots_of_cups_in_words() -> None:
    assert slots_in(OPTIONS) == (
        Tray("slot:Auto", "Tự chọn"),
        Tray("slot:Tray1", "Khay 1"),
        Tray("slot:Tray2", "Khay 2"),
        Tray("slot:ManualFeed", "Nạp tay"),
        Tray("slot:Bypass", "Bypass"),
    )
    assert slots_in("PageSize/Media Size: *A4\n") == ()
    assert slots_in("") == ()


def test_bins_of_windows_come_in_fields_of_24_letters() -> None:
    names = "Khay giấy chính".ljust(24, "\0") + "Nạp tay".ljust(24, "\0") + "\0" * 24
    told = bins_in([15, 4, 260], names)
    assert told == (Tray("bin:15", "Khay giấy chính"), Tray("bin:4", "Nạp tay"), Tray("bin:260", "Khay 260"))


@pytest.mark.parametrize(
    ("slot", "words"),
    [("Cassette2", "Khay 2"), ("tray-3", "Khay 3"), ("Upper", "Khay trên"), ("Tray 1 (A5)", "Tray 1 (A5)")],
)
def test_words_of_a_slot(slot: str, words: str) -> None:
    assert tray_words(slot) == words


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS has no lpoptions there")
def test_the_system_is_asked_once_by_its_own_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "lpoptions"
    program.write_text(f"#!/bin/sh\n[ \"$1 $2 $3\" = '-p HP-Q02 -l' ] && cat <<'END'\n{OPTIONS}END\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert [tray.key for tray in find_trays(Printer("HP-Q02"))][:2] == ["slot:Auto", "slot:Tray1"]
    assert find_trays(Printer("other")) == ()
    assert find_trays(Printer("file", tmp_path / "a.pdf")) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS has no lpoptions there")
def test_a_machine_without_cups_has_no_trays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_trays(Printer("HP-Q02")) == ()


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("bin:1", QPrinter.PaperSource.Upper),
        ("bin:4", QPrinter.PaperSource.Manual),
        ("bin:14", QPrinter.PaperSource.Cassette),
        ("bin:260", QPrinter.PaperSource(260)),
    ],
)
def test_a_bin_becomes_the_printers_paper_source(
    app: QApplication, tmp_path: Path, key: str, source: QPrinter.PaperSource
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "a.pdf"))
    take_from(printer, key)
    assert printer.paperSource() == source
    take_from(printer, "slot:Tray2")
    assert printer.paperSource() == source, "a key of another system is passed over"
