"""The command line: reads what is wanted, builds the parts, hands them in.

python main.py [--data-dir D] [--profile P] [--demo]      the desk
python main.py hub [--listen HOST:PORT] …                 a hub of an office or a province
python main.py due --procedure CODE --received MOMENT …   when a result is due, and why
python main.py pack check|import|export FILE              procedures, fees, routes… as Excel or JSON
python main.py register --out FILE --numbers 1..50        a part of the register as PDF or Excel
python main.py gallery --out DIR                          every paper as PDF and picture, to be looked at
python main.py tour | verify | rebuild | bench | selftest
"""

import argparse
import gc
import os
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from onestop.errors import InputError, OfficeError
from onestop.paths import Profile, default_data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import NoReturn

    from onestop.office.command import OfficeOf
    from onestop.office.office import Office
    from onestop.store.store import Store

PRACTICE = "practice"
# Drivers of the screen are the machine's own and never travel with the program.
_LIBRARY = """Máy này thiếu thư viện hệ thống {}. Trên Debian/Ubuntu hãy gõ:

    sudo apt-get install --no-install-recommends libgl1 libegl1
"""


def main(argv: list[str] | None = None) -> int:
    """The exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    _speak_vietnamese()
    if arguments[:1] == ["bench"]:  # it has options of its own
        return bench(arguments[1:])
    try:
        if arguments[:1] == ["hub"]:  # its options are its own, and bring a web server
            return hub(arguments[1:])
        if arguments and arguments[0] in _TOOLS:
            return _TOOLS[arguments[0]](arguments[1:])
        wanted = parser().parse_args(arguments)
        return int(COMMANDS[wanted.command](wanted))
    except OfficeError as error:
        print(f"{error.title}. {error.message}", file=sys.stderr)
        return 1
    except ImportError as error:
        if ".so" not in str(error):
            raise
        print(_LIBRARY.format(str(error).split(":")[0]), file=sys.stderr)
        return 1


def bench(arguments: list[str]) -> int:
    if getattr(sys, "frozen", False):
        print("Lệnh bench chỉ có trong mã nguồn, không có trong bản đóng gói. Ở đó hãy gõ: make bench")
        return 1
    from build.bench import main as measure

    return measure(arguments)


def hub(arguments: list[str]) -> int:
    from onestop.hub.cli import add_arguments, run

    made = argparse.ArgumentParser(prog="onestop hub", description=_WORDS["hub"])
    add_arguments(made)
    return run(made.parse_args(arguments))


def due(arguments: list[str]) -> int:
    from onestop.office.due_command import add_arguments, run

    return _run_tool("due", arguments, add_arguments, run)


def pack(arguments: list[str]) -> int:
    from onestop.office.pack_command import add_arguments, run

    return _run_tool("pack", arguments, add_arguments, run)


def fee(arguments: list[str]) -> int:
    from datetime import UTC, datetime

    from onestop.office.fee_command import add_arguments, run

    now = datetime.now(UTC)
    return _run_tool("fee", arguments, lambda made: add_arguments(made, now), run)


def gallery(arguments: list[str]) -> int:
    from onestop.office.gallery_command import add_arguments, run

    return _run_tool("gallery", arguments, add_arguments, run)


def register(arguments: list[str]) -> int:
    from onestop.office.register_command import add_arguments, run

    return _run_tool("register", arguments, add_arguments, run)


_TOOLS = {"due": due, "fee": fee, "gallery": gallery, "pack": pack, "register": register}
"""Commands for administrators and scripts, without a window: their options are their own."""


def _run_tool(
    name: str,
    arguments: list[str],
    add_arguments: "Callable[[argparse.ArgumentParser], None]",
    run: "Callable[[argparse.Namespace, OfficeOf], int]",
) -> int:
    made = ToolParser(prog=f"onestop {name}", description=_WORDS[name])
    _add_profile(made)
    made.add_argument("--demo", action="store_true", help="dùng dữ liệu của văn phòng thực hành")
    add_arguments(made)
    wanted = made.parse_args(arguments)
    return run(wanted, lambda: _office_of(wanted))


class ToolParser(argparse.ArgumentParser):
    """Says in Vietnamese which option cannot stand; a script sees exit code 1."""

    _SAID = (
        ("unrecognized arguments", "Không có lựa chọn này"),
        ("the following arguments are required", "Còn thiếu"),
        ("expected one argument", "cần một giá trị"),
        ("invalid choice", "không có giá trị này"),
        ("invalid int value", "phải là số nguyên"),
        ("ambiguous option", "Lựa chọn chưa rõ"),
        ("argument ", ""),
        (" (choose from", "; chọn trong ("),
        ("could match", "có thể là"),
    )

    def error(self, message: str) -> "NoReturn":
        for theirs, ours in self._SAID:
            message = message.replace(theirs, ours)
        raise InputError(f"{message[:1].upper()}{message[1:]}", f"Xem cách ghi: {self.prog} --help")


@contextmanager
def _office_of(wanted: argparse.Namespace) -> "Iterator[Office | None]":
    """The office of the profile; None where no desk was founded: a tool then takes what is shipped."""
    if not profile_of(wanted).database.exists():
        yield None
        return
    from onestop.office.found import open_office
    from onestop.sync.publishing import rows_sender
    from ui.clock import MonotonicClock, machine_clock

    with _opened(wanted) as store:
        office = open_office(store, machine_clock, MonotonicClock())
        office.told.send_rows = rows_sender(store)
        yield office


def hub_elsewhere(wanted: argparse.Namespace) -> int:
    name = wanted.command
    print(f"Gõ “{name}” ngay sau main.py: main.py {name} --help", file=sys.stderr)
    return 2


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="onestop", description="Chương trình bàn làm việc của Bộ phận Một cửa"
    )
    made.set_defaults(command="desk")
    _add_profile(made)
    made.add_argument("--demo", action="store_true", help="mở văn phòng thực hành")
    made.add_argument("--hub", default="", metavar="URL", help="máy chủ mà quầy mới nối vào")
    made.add_argument("--safe-mode", action="store_true", help="giao diện mặc định, không nối thiết bị")
    made.add_argument("--time-start", action="store_true", help=argparse.SUPPRESS)
    commands = made.add_subparsers(title="lệnh", metavar="")
    for name, words in _WORDS.items():
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(command=name)
        if name == "courier":
            command.add_argument("way", choices=["out", "in"], help="out: ghi gói; in: nhận biên nhận")
            command.add_argument("file", type=Path, metavar="TỆP")
        if name in {"verify", "rebuild", "courier"}:
            _add_profile(command, is_repeated=True)
            command.add_argument("--demo", action="store_true", default=argparse.SUPPRESS)
        if name == "tour":
            command.add_argument("--out", type=Path, default=Path("out/tour"), help="thư mục kết quả")
            command.add_argument("--part", default="", help=argparse.SUPPRESS)
    return made


_WORDS = {
    "hub": "máy chủ của cơ quan hoặc của tỉnh, và lệnh quản trị của nó",
    "pack": "kiểm tra, nhập, xuất gói danh mục, mức thu, lịch, quy trình (Excel, JSON)",
    "fee": "tính phí, lệ phí của một thủ tục và cho xem vì sao",
    "due": "tính hạn trả của một thủ tục và cho xem từng ngày được tính",
    "register": "ghi một phần sổ theo dõi hồ sơ thành PDF hoặc Excel",
    "gallery": "ghi mọi mẫu in với dữ liệu mẫu thành PDF và ảnh để xem",
    "courier": "gửi và nhận dữ liệu qua USB khi không có đường truyền",
    "tour": "chạy thử một ngày làm việc, ghi giấy tờ và ảnh màn hình",
    "verify": "kiểm tra mọi chuỗi, chữ ký, và hồ sơ so với nhật ký",
    "rebuild": "dựng lại danh sách hồ sơ và chỉ mục tìm kiếm từ nhật ký",
    "bench": "đo tốc độ",
    "selftest": "tự kiểm tra các bộ phận của chương trình",
}


def _add_profile(made: argparse.ArgumentParser, is_repeated: bool = False) -> None:
    """Also after the command's name; given before it, it is not undone there."""
    absent = argparse.SUPPRESS if is_repeated else None
    made.add_argument("--data-dir", type=Path, default=absent, help="thư mục dữ liệu")
    made.add_argument("--profile", default=absent, help="tên hồ sơ cấu hình, mỗi cơ quan một tên")


def profile_of(wanted: argparse.Namespace) -> Profile:
    """Raises InputError for a name that cannot be a folder."""
    name = wanted.profile or (PRACTICE if wanted.demo else "default")
    return Profile(wanted.data_dir or default_data_dir(), name)


def has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM") or not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def desk(wanted: argparse.Namespace) -> int:
    if not has_display():
        print("Máy này không có màn hình. Chạy thử một ngày làm việc, kết quả ở out/tour.", flush=True)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return tour(argparse.Namespace(out=Path("out/tour"), part=""))
    gc.disable()  # until the window stands there: then `Sweep` collects, on the window's thread alone
    # Before Qt: PySide reads the source of every module that is imported after it.
    import onestop.office.work
    import onestop.store.glance  # noqa: F401  both for their time only
    from ui.app import Wish, run_desk

    return run_desk(Wish(profile_of(wanted), wanted.demo, wanted.time_start, wanted.safe_mode, wanted.hub))


def tour(wanted: argparse.Namespace) -> int:
    from ui.tour.day import play_part, run_tour

    return play_part(wanted.out, wanted.part) if wanted.part else run_tour(wanted.out)


def verify(wanted: argparse.Namespace) -> int:
    from onestop.store.check import verify_store
    from onestop.store.check_hub import is_hub, verify_hub

    with _opened(wanted) as store:
        report = verify_hub(store, _say) if is_hub(store) else verify_store(store, _say)
    print(f"Đã kiểm tra {report.dossiers} hồ sơ, {report.entries} bút ký, {report.blobs} tệp giấy tờ.")
    for finding in report.findings:
        print(f"  {finding.where}: {finding.words}")
    print("Không có sai lệch." if report.is_clean else f"Có {len(report.findings)} sai lệch.")
    return 0 if report.is_clean else 1


def rebuild(wanted: argparse.Namespace) -> int:
    from onestop.store.check import rebuild_store

    with _opened(wanted) as store:
        count = rebuild_store(store, _say)
    print(f"Đã dựng lại {count} hồ sơ từ nhật ký.")
    return verify(wanted)


def courier(wanted: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from onestop.sync.courier import run_courier_in, run_courier_out

    if wanted.way == "in":
        return run_courier_in(wanted)
    return run_courier_out(wanted, datetime.now(UTC))


def selftest(wanted: argparse.Namespace) -> int:
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from onestop.hub.selftest import CHECKS
    from ui.selftest import run_selftest

    return run_selftest(CHECKS)


COMMANDS = {
    "desk": desk,
    "hub": hub_elsewhere,
    "due": hub_elsewhere,
    "fee": hub_elsewhere,
    "gallery": hub_elsewhere,
    "register": hub_elsewhere,
    "pack": hub_elsewhere,
    "courier": courier,
    "tour": tour,
    "verify": verify,
    "rebuild": rebuild,
    "selftest": selftest,
}


def _opened(wanted: argparse.Namespace) -> "AbstractContextManager[Store]":
    from contextlib import closing
    from getpass import getpass

    from onestop.errors import StoreError
    from onestop.store.store import open_store
    from onestop.store.vault import load_key, needs_passphrase

    profile = profile_of(wanted)
    if not profile.database.exists():
        raise StoreError("Chưa có kho dữ liệu", f"Không thấy {profile.database.name} trong {profile.folder}.")
    asks = needs_passphrase(profile.folder)
    passphrase = getpass("Mật khẩu mở kho: ") if asks else ""
    return closing(open_store(profile.database, load_key(profile.folder, passphrase)))


def _speak_vietnamese() -> None:
    """Output that goes into a file or another program is in the system's old letters on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a program with a window has no stream there at all
            stream.reconfigure(encoding="utf-8", errors="replace")


def _say(done: int, total: int, words: str) -> None:
    if sys.stderr and sys.stderr.isatty():
        print(f"\r{words}: {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        freeze_support()  # `hub --workers`: each process of a hub is this program, started again
    sys.exit(main())
