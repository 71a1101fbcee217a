"""Settings, each declared once in `SETTINGS`; the settings page reads this same table.

A machine's settings hold for every officer at that desk, an officer's for that officer only.
They live in one small TOML file that a person may read and mend.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from onestop.errors import InputError

Value = str | int | bool
Kind = Literal["choice", "number", "switch", "text"]
Scope = Literal["machine", "officer"]

PAPERS = (
    ("A4", "A4"),
    ("A5", "A5"),
    ("A5_ACROSS", "A5 ngang"),
    ("A5_TWO", "Hai A5 trên một A4"),
    ("K80", "Giấy cuộn 80 mm"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `choices` are (value, words) of a choice; `lowest`, `highest` bound a number."""

    key: str
    default: Value
    label_vi: str
    help_vi: str
    kind: Kind = "text"
    choices: tuple[tuple[str, str], ...] = ()
    lowest: int = 0
    highest: int = 0
    scope: Scope = "machine"

    def check(self, value: object) -> Value:
        """The value itself, or InputError whose field is the key and whose words say what fits."""
        # bool is an int in Python, yet `true` is no number of copies
        if self.kind == "switch":
            fits = isinstance(value, bool)
        elif self.kind == "number":
            fits = type(value) is int and self.lowest <= value <= self.highest
        elif self.kind == "choice":
            fits = value in [choice for choice, _ in self.choices]
        else:
            fits = isinstance(value, str) and len(value) <= 500 and value.isprintable()
        if fits and isinstance(value, str | int):
            return value
        raise InputError(f"{self.label_vi}: giá trị không hợp lệ", self._what_fits(), self.key)

    def _what_fits(self) -> str:
        if self.kind == "switch":
            return "Chọn bật hoặc tắt."
        if self.kind == "number":
            return f"Nhập một số từ {self.lowest} đến {self.highest}."
        if self.kind == "choice":
            return "Chọn một trong: " + ", ".join(words for _, words in self.choices) + "."
        return "Nhập một dòng chữ, tối đa 500 ký tự."


def _printer(key: str, paper: str) -> Setting:
    return Setting(key, "", f"Máy in {paper}", "Để trống: hỏi khi in.")


SETTINGS = (
    # The look, for each officer
    Setting(
        "look.theme",
        "system",
        "Giao diện",
        "Sáng, tối, tương phản cao hoặc theo hệ thống.",
        "choice",
        (("system", "Theo hệ thống"), ("light", "Sáng"), ("dark", "Tối"), ("contrast", "Tương phản cao")),
        scope="officer",
    ),
    Setting(
        "look.density",
        "normal",
        "Độ thoáng của danh sách",
        "Chiều cao mỗi dòng trong hàng việc và bảng.",
        "choice",
        (("roomy", "Thoáng"), ("normal", "Vừa"), ("compact", "Gọn")),
        scope="officer",
    ),
    Setting(
        "look.zoom",
        100,
        "Cỡ chữ (%)",
        "Ctrl+= phóng to, Ctrl+- thu nhỏ, Ctrl+0 về 100.",
        "number",
        lowest=80,
        highest=200,
        scope="officer",
    ),
    # Papers
    Setting(
        "print.receipt_size",
        "A5",
        "Khổ giấy tiếp nhận",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả (mẫu 01).",
        "choice",
        PAPERS,
    ),
    Setting(
        "print.receipt_copies",
        2,
        "Số liên giấy tiếp nhận",
        "Một liên lưu, một liên giao người nộp.",
        "number",
        lowest=1,
        highest=5,
    ),
    Setting(
        "print.on_receive",
        True,
        "In ngay khi tiếp nhận",
        "In giấy tiếp nhận ngay sau khi lưu hồ sơ.",
        "switch",
    ),
    _printer("print.receipt_printer", "giấy tiếp nhận"),
    _printer("print.slip_printer", "phiếu kiểm soát, phiếu yêu cầu"),
    _printer("print.register_printer", "sổ theo dõi"),
    Setting("print.slip_copies", 1, "Số bản phiếu kiểm soát", "Mỗi lần in.", "number", lowest=1, highest=5),
    Setting("print.register_copies", 1, "Số bản sổ theo dõi", "Mỗi lần in.", "number", lowest=1, highest=5),
    Setting("print.folder", "", "Thư mục lưu PDF", "Để trống: thư mục Tài liệu của người dùng máy."),
    # The thermal printer of 80 mm, which takes dots instead of pages
    Setting(
        "print.thermal_way",
        "none",
        "Máy in nhiệt nối bằng",
        "Khổ K80 in thẳng bằng lệnh ESC/POS, không qua trình điều khiển.",
        "choice",
        (
            ("none", "Không có máy in nhiệt"),
            ("network", "Mạng (TCP)"),
            ("queue", "Hàng đợi in của hệ thống"),
            ("file", "Tệp hoặc cổng"),
        ),
    ),
    Setting(
        "print.thermal_network",
        "",
        "Địa chỉ máy in nhiệt",
        "Ví dụ 192.168.1.50; cổng 9100 nếu không ghi khác, như 192.168.1.50:9101.",
    ),
    Setting(
        "print.thermal_queue",
        "",
        "Tên trong danh sách máy in",
        "Đúng như tên máy in của hệ thống, ví dụ XP-80C.",
    ),
    Setting(
        "print.thermal_file",
        "",
        "Tệp, cổng hoặc thư mục",
        "Ví dụ /dev/usb/lp0 hoặc \\\\quay1\\K80; thư mục: mỗi lần in một tệp .prn.",
    ),
    Setting(
        "print.thermal_feed_mm",
        4,
        "Đẩy giấy trước khi cắt (mm)",
        "Tăng lên nếu dao cắt vào dòng cuối.",
        "number",
        lowest=0,
        highest=40,
    ),
    Setting("print.thermal_cut", True, "Tự cắt giấy", "Tắt nếu máy in không có dao cắt.", "switch"),
    # The card reader
    Setting(
        "scan.port",
        "",
        "Cổng đầu đọc thẻ",
        "Đầu đọc ở chế độ USB-COM, ví dụ COM4 hoặc /dev/ttyACM0. Để trống: đầu đọc gõ như bàn phím.",
    ),
    Setting(
        "scan.prefix",
        "",
        "Ký tự đầu khi quét",
        "Phím mà đầu đọc gửi trước nội dung thẻ, ví dụ F13. Để trống: nhận ra theo tốc độ gõ.",
    ),
    # The queue
    Setting(
        "queue.soon_days",
        2,
        "Sắp đến hạn khi còn (ngày làm việc)",
        "Hồ sơ còn từng ấy ngày làm việc trở xuống được xếp vào “Sắp đến hạn”.",
        "number",
        lowest=1,
        highest=10,
    ),
    # The clock of a dossier
    Setting(
        "supplement.resume_mode",
        "procedure",
        "Tính hạn trả khi hồ sơ chạy tiếp",
        "Chọn sẵn khi nhận bổ sung hoặc cho hồ sơ chạy tiếp; từng hồ sơ vẫn đổi được.",
        "choice",
        (
            ("procedure", "Theo quy định của từng thủ tục"),
            ("shift", "Cộng thêm thời gian đã tạm dừng"),
            ("restart", "Tính lại từ đầu"),
        ),
    ),
    # What receipts tell the submitter
    Setting(
        "agency.look_up_address",
        "",
        "Địa chỉ tra cứu hồ sơ",
        "In trên giấy tiếp nhận, ví dụ địa chỉ cổng dịch vụ công của tỉnh.",
    ),
    Setting("agency.hotline", "", "Đường dây nóng", "Số điện thoại in trên giấy tiếp nhận."),
    # The screen left alone
    Setting(
        "desk.lock_minutes",
        10,
        "Khoá màn hình sau (phút)",
        "Khi không ai dùng máy. 0: không khoá.",
        "number",
        lowest=0,
        highest=120,
    ),
)

PRINTED_FORMS = (
    "01", "02", "03", "04", "05", "06", "07", "TK", "GN", "BN", "BG", "BK", "QT", "DS", "NH", "01N",
)  # fmt: skip


def _remembered(form: str) -> tuple[Setting, ...]:
    copies = f"Số bản lần trước, mẫu {form}"
    return (
        Setting(f"paper.{form}_printer", "", f"Máy in lần trước, mẫu {form}", ""),
        Setting(f"paper.{form}_size", "", f"Khổ giấy lần trước, mẫu {form}", ""),
        Setting(f"paper.{form}_copies", 0, copies, "", "number", lowest=0, highest=5),
        Setting(f"paper.{form}_tray", "", f"Khay giấy lần trước, mẫu {form}", ""),
    )


REMEMBERED = tuple(setting for form in PRINTED_FORMS for setting in _remembered(form))
"""What was chosen last for each kind of paper at this desk; the print panel shows it, no page does."""

_BY_KEY = MappingProxyType({setting.key: setting for setting in (*SETTINGS, *REMEMBERED)})


def setting_of(key: str) -> Setting:
    """The declaration of a key. Raises KeyError: a key that is not declared is a bug."""
    return _BY_KEY[key]


class Settings:
    """What is set, over the defaults. It never changes: `with_value` gives another."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        """Raises KeyError for a key that is not declared, InputError for a value that does not fit."""
        checked = {key: setting_of(key).check(value) for key, value in (values or {}).items()}
        self._values: Mapping[str, Value] = MappingProxyType(checked)

    def get(self, key: str) -> Value:
        default = setting_of(key).default
        return self._values.get(key, default)

    def text(self, key: str) -> str:
        """The value of a text or a choice. Raises TypeError when asked for a number or a switch."""
        value = self.get(key)
        if not isinstance(value, str):
            raise TypeError(f"{key} is not a text")
        return value

    def number(self, key: str) -> int:
        value = self.get(key)
        if isinstance(value, str | bool):
            raise TypeError(f"{key} is not a number")
        return value

    def is_on(self, key: str) -> bool:
        value = self.get(key)
        if not isinstance(value, bool):
            raise TypeError(f"{key} is not a switch")
        return value

    def with_value(self, key: str, value: object) -> "Settings":
        return Settings({**self._values, key: value})

    def changed(self) -> Mapping[str, Value]:
        """Only what differs from the defaults, in the order of their declaration."""
        return {key: self.get(key) for key, one in _BY_KEY.items() if self.get(key) != one.default}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave. `warning` is for the officer, empty when all was read."""

    settings: Settings
    warning: str = ""


def load_settings(path: Path, now: datetime) -> Loaded:
    """Settings of a file. No file: defaults. A file that is no TOML is kept aside, never lost.

    A single value that does not fit falls back to its default and is named in the warning;
    keys of a newer program are passed over. `now` names the file that is kept aside.
    """
    if not path.exists():
        return Loaded(Settings())  # most desks change nothing, so the reader of TOML is not loaded
    import tomllib

    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Loaded(Settings())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return Loaded(Settings(), _keep_aside(path, now))
    except OSError:
        return Loaded(Settings(), f"Không đọc được tệp thiết lập {path.name}; đang dùng thiết lập mặc định.")
    settings, unfit = Settings(), []
    for key, value in _flat(plain):
        try:
            settings = settings.with_value(key, value)
        except InputError:
            unfit.append(setting_of(key).label_vi)
        except KeyError:
            continue
    return Loaded(settings, _words_for(unfit))


def save_settings(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults: beside first, then in one step. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(to_toml(settings.changed()))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def to_toml(values: Mapping[str, Value]) -> str:
    """TOML of dotted keys, one table for the part before the dot, with each label as a comment."""
    lines: list[str] = []
    table = ""
    for key, value in values.items():
        part, name = key.split(".", 1)
        if part != table:
            lines += ["", f"[{part}]"] if lines else [f"[{part}]"]
            table = part
        lines.append(f"{name} = {_toml_value(value)}  # {setting_of(key).label_vi}")
    return "".join(f"{line}\n" for line in lines)


def _toml_value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    # Only printable text passes `check`, so no control characters need escaping.
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _flat(plain: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for part, table in plain.items():
        if isinstance(table, dict):
            yield from ((f"{part}.{name}", value) for name, value in table.items())


def _keep_aside(path: Path, now: datetime) -> str:
    aside = path.with_name(f"{path.name}.broken-{now:%Y%m%d-%H%M%S}")
    try:
        path.replace(aside)
    except OSError:
        return f"Tệp thiết lập {path.name} bị hỏng; đang dùng thiết lập mặc định."
    return f"Tệp thiết lập bị hỏng, đã giữ lại thành {aside.name}; đang dùng thiết lập mặc định."


def _words_for(unfit: list[str]) -> str:
    if not unfit:
        return ""
    return f"Thiết lập không hợp lệ, đã dùng mặc định: {', '.join(unfit)}."
