"""The paper trays of a printer: asked of the system in a worker, chosen by a key that is remembered.

Keys: `slot:Tray2` is an InputSlot of CUPS, `bin:2` a bin of Windows by its number (DMBIN).
"""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from ui.printer import Printer

_WAIT_S = 5
_SLOTS = re.compile(r"^(?:InputSlot|media-source)/[^:]*:(.*)$", re.MULTILINE)
_NUMBERED = re.compile(r"(?:tray|cassette|lower)?[-_ ]?(\d+)", re.IGNORECASE)
_WORDS = {
    "auto": "Tự chọn",
    "default": "Tự chọn",
    "automaticallyselect": "Tự chọn",
    "upper": "Khay trên",
    "lower": "Khay dưới",
    "middle": "Khay giữa",
    "manual": "Nạp tay",
    "manualfeed": "Nạp tay",
    "multipurpose": "Khay đa năng",
    "mptray": "Khay đa năng",
    "envelope": "Phong bì",
    "cassette": "Hộc giấy",
    "largecapacity": "Hộc giấy lớn",
}
_CUPS_OPTIONS = 0xFE00  # how Qt's own dialog hands options to CUPS; it has no public name
_BIN_NAMES, _BINS, _NAME_LENGTH = 12, 6, 24
_TO_QT = {**{number: number - 1 for number in range(1, 12)}, 14: 11, 15: 12}
"""DMBIN_… of Windows to QPrinter.PaperSource; from 256 on a driver's own numbers pass as they are."""


@dataclass(frozen=True, slots=True)
class Tray:
    key: str
    words: str


FindTrays = Callable[["Printer"], tuple[Tray, ...]]


def find_trays(printer: "Printer") -> tuple[Tray, ...]:
    """May take seconds: a network printer is asked. Empty where the system knows of none."""
    if printer.path is not None or printer.thermal is not None:
        return ()
    return _windows_trays(printer.name) if sys.platform == "win32" else _cups_trays(printer.name)


def _cups_trays(name: str) -> tuple[Tray, ...]:
    try:
        told = subprocess.run(
            ["lpoptions", "-p", name, "-l"], capture_output=True, text=True, timeout=_WAIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()  # printing goes on from whatever tray the printer takes
    return slots_in(told.stdout)


def slots_in(options: str) -> tuple[Tray, ...]:
    """The trays in what `lpoptions -l` says: `InputSlot/Media Source: *Auto Tray1 Tray2`."""
    found = _SLOTS.search(options)
    slots = [slot.removeprefix("*") for slot in found[1].split()] if found else []
    return tuple(Tray(f"slot:{slot}", tray_words(slot)) for slot in slots)


def tray_words(slot: str) -> str:
    """`Tray2` is `Khay 2`; a name nobody knows stands as the driver has it."""
    known = _WORDS.get(re.sub(r"[^a-z]", "", slot.lower())) if not any(c.isdigit() for c in slot) else ""
    numbered = _NUMBERED.fullmatch(slot)
    return known or (f"Khay {numbered[1]}" if numbered else slot)


def _windows_trays(name: str) -> tuple[Tray, ...]:
    if sys.platform == "win32":
        import ctypes

        ask = ctypes.WinDLL("winspool.drv").DeviceCapabilitiesW
        count = ask(name, None, _BINS, None, None)
        if count > 0:
            numbers, names = (ctypes.c_uint16 * count)(), ctypes.create_unicode_buffer(_NAME_LENGTH * count)
            ask(name, None, _BINS, numbers, None)
            ask(name, None, _BIN_NAMES, names, None)
            return bins_in(list(numbers), names[:])
    return ()


def bins_in(numbers: list[int], names: str) -> tuple[Tray, ...]:
    """Bins by number, and their names in fields of 24 letters that end at the first NUL."""
    fields = (names[n * _NAME_LENGTH : (n + 1) * _NAME_LENGTH] for n in range(len(numbers)))
    words = [field.partition("\0")[0].strip() for field in fields]
    return tuple(
        Tray(f"bin:{number}", name or f"Khay {number}") for number, name in zip(numbers, words, strict=True)
    )


def take_from(printer: "QPrinter", tray: str) -> None:
    """Has a printer take its paper from a tray; a key of another system is passed over."""
    from PySide6.QtPrintSupport import QPrintEngine, QPrinter

    system, _, name = tray.partition(":")
    if system == "bin" and name.isdigit():
        number = int(name)
        printer.setPaperSource(QPrinter.PaperSource(_TO_QT.get(number, number)))
    elif system == "slot" and sys.platform != "win32":
        key = QPrintEngine.PrintEnginePropertyKey(_CUPS_OPTIONS)
        printer.printEngine().setProperty(key, ["InputSlot", name])
