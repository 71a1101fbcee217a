"""The print spooler of Windows, by ctypes: a job of data type RAW reaches the printer as it is."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint32, c_void_p, c_wchar_p
from typing import Any, Final

from onestop.errors import PrintError

# winspool.h: PRINTER_STATUS_…
_FAULTS: Final = (
    (0x00000010, "Máy in hết giấy. Thay cuộn giấy rồi in lại."),
    (0x00400000, "Nắp máy in đang mở. Đóng nắp rồi in lại."),
    (0x00000008, "Máy in bị kẹt giấy. Gỡ giấy kẹt rồi in lại."),
    (0x00000001, "Máy in đang tạm dừng. Bỏ tạm dừng trong danh sách máy in của Windows rồi in lại."),
    (0x00000080, "Máy in đang ngoại tuyến. Kiểm tra máy in đã bật và còn được nối với máy này."),
)


class DocInfo(Structure):
    """DOC_INFO_1W."""

    _fields_ = [
        ("pDocName", c_wchar_p),
        ("pOutputFile", c_wchar_p),
        ("pDatatype", c_wchar_p),
    ]


class PrinterState(Structure):
    """PRINTER_INFO_6: the status alone."""

    _fields_ = [("dwStatus", c_uint32)]


_SHAPES: Final = (
    ("OpenPrinterW", [c_wchar_p, POINTER(c_void_p), c_void_p]),
    ("GetPrinterW", [c_void_p, c_uint32, c_void_p, c_uint32, POINTER(c_uint32)]),
    ("StartDocPrinterW", [c_void_p, c_uint32, c_void_p]),
    ("StartPagePrinter", [c_void_p]),
    ("WritePrinter", [c_void_p, c_char_p, c_uint32, POINTER(c_uint32)]),
    ("EndPagePrinter", [c_void_p]),
    ("EndDocPrinter", [c_void_p]),
    ("AbortPrinter", [c_void_p]),
    ("ClosePrinter", [c_void_p]),
)


def spooler() -> Any:
    """winspool.drv with the shapes of its calls: without them a handle loses its upper half on 64 bits."""
    if sys.platform == "win32":
        library = ctypes.WinDLL("winspool.drv", use_last_error=True)
        for name, shape in _SHAPES:
            call = getattr(library, name)
            call.argtypes, call.restype = shape, c_int
        return library
    raise PrintError("Máy này không có bộ in của Windows", "Đặt máy in nhiệt theo địa chỉ mạng.")


def send_to_spooler(library: Any, queue: str, title: str, stream: bytes) -> None:
    """One job of the whole stream. Raises PrintError; nothing is printed then."""
    with _opened(library, queue) as handle:
        _look_at(library, handle, queue)
        job = DocInfo(title, None, "RAW")
        if not library.StartDocPrinterW(handle, 1, byref(job)):
            raise _unwilling(queue)
        is_taken = bool(library.StartPagePrinter(handle)) and _written(library, handle, stream)
        is_taken = is_taken and bool(library.EndPagePrinter(handle)) and bool(library.EndDocPrinter(handle))
        if not is_taken:
            library.AbortPrinter(handle)
            raise _unwilling(queue)


@contextmanager
def _opened(library: Any, queue: str) -> Iterator[c_void_p]:
    handle = c_void_p()
    if not library.OpenPrinterW(queue, byref(handle), None):
        raise PrintError(
            f"Không thấy máy in {queue}",
            "Kiểm tra tên máy in nhiệt trong Thiết lập có đúng tên trong danh sách máy in của Windows.",
        )
    try:
        yield handle
    finally:
        library.ClosePrinter(handle)


def _look_at(library: Any, handle: c_void_p, queue: str) -> None:
    """Many drivers always say that all is well; then the job waits in the queue."""
    state, needed = PrinterState(), c_uint32()
    if library.GetPrinterW(handle, 6, byref(state), ctypes.sizeof(state), byref(needed)):
        for bit, words in _FAULTS:
            if state.dwStatus & bit:
                raise PrintError(f"Máy in {queue} chưa in được", words)


def _written(library: Any, handle: c_void_p, stream: bytes) -> bool:
    """A spooler may take less than the whole at once."""
    done = 0
    while done < len(stream):
        taken = c_uint32()
        part = stream[done:]
        if not library.WritePrinter(handle, part, len(part), byref(taken)) or not taken.value:
            return False
        done += taken.value
    return True


def _unwilling(queue: str) -> PrintError:
    return PrintError(
        f"Máy in {queue} không nhận bản in",
        "Kiểm tra máy in đã bật, còn giấy và còn được nối với máy này; rồi in lại.",
    )
