"""Questions of the calendar: which days, why, for whom; and the hours of this office."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onestop.domain.moment import show_on
from onestop.domain.office_hours import DayPart
from onestop.domain.person import parse_day
from onestop.errors import InputError, InputErrors
from onestop.office.calendar_rows import (
    PART_WORDS,
    CalendarRows,
    DayForm,
    HoursForm,
    hours_of,
    with_days,
    with_hours,
)
from ui import look
from ui.widgets import Answer, ComboField, DateField, Field, FieldQuestion, LineField, error_words

_SEASONS = 2
_KINDS = (
    ("off", "Ngày nghỉ theo quy định (cả nước)"),
    ("closed", "Cơ quan này đóng cửa"),
    ("worked", "Làm bù (cả nước)"),
    ("own_worked", "Làm việc ngày nghỉ tại cơ quan này"),
)
_SATURDAYS = (
    ("closed", "Nghỉ"),
    ("reception", "Chỉ tiếp nhận, không tính hạn"),
    ("working", "Ngày làm việc"),
)
_ANSWERS = (Answer("yes", "Ghi vào lịch", "primary", "Ctrl+Enter"), Answer("", "Quay lại", "plain", "Esc"))
_SPAN = re.compile(r"(\d{1,2})[:hg](\d{2})?\s*[-–]\s*(\d{1,2})[:hg](\d{2})?")
_DAYS = re.compile(r"(\d{1,2})/(\d{1,2})\s*[-–]\s*(\d{1,2})/(\d{1,2})")


class _CalendarQuestion(FieldQuestion):
    """A question with fields whose answer is new rows; it stays open while something is wrong."""

    def __init__(self, parent: QWidget | None, title: str, text: str, rows: CalendarRows) -> None:
        super().__init__(parent, title, text, _ANSWERS, icon="calendar")
        self.setMinimumWidth(look.px(620))
        self.before, self.rows = rows, rows

    def answered(self) -> CalendarRows:
        """Raises InputError or InputErrors."""
        raise NotImplementedError  # each question has its own fields

    def field_of(self, name: str | None) -> Field | None:
        return self.findChild(Field, (name or "").replace(".", "_"))

    def take(self, key: str) -> None:
        if key == "yes":
            try:
                self.rows = self.answered()
            except InputErrors as several:
                self._show(several.errors)
                return
            except InputError as error:
                self._show([error])
                return
        super().take(key)

    def _show(self, errors: Sequence[InputError]) -> None:
        for error in reversed(errors):
            field = self.field_of(error.field)
            if field is not None:
                field.set_error(error_words(error))
                field.setFocus()
        QTimer.singleShot(0, self, self.fit)  # the words are laid out first

    def _beside(self, *fields: Field) -> None:
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for field in fields:
            row.addWidget(field, 1)
        self.body.addLayout(row)


class DayDialog(_CalendarQuestion):
    """Days off, days worked instead, closures of this office."""

    def __init__(self, parent: QWidget | None, rows: CalendarRows, day: date, today: date) -> None:
        super().__init__(
            parent, "Thêm vào lịch", "Chưa lưu: các hồ sơ đổi hạn được cho xem trước khi lưu.", rows
        )
        self.setObjectName("day_dialog")
        self._today = today
        self.kind = ComboField("kind", "&Loại ngày", _KINDS)
        self.first = DateField("first", "&Từ ngày", self._read)
        self.last = DateField("last", "Đế&n ngày", self._read, "để trống: một ngày")
        self.part = ComboField("part", "&Buổi", [(part.value, words) for part, words in PART_WORDS.items()])
        self.reason = LineField("reason", "Lý &do", "Ghi trong cách tính hạn trả")
        self.body.addWidget(self.kind)
        self._beside(self.first, self.last, self.part)
        self.body.addWidget(self.reason)
        self.first.set_text(show_on(day))
        self.kind.changed.connect(self._kind_changed)
        self._kind_changed()
        self.reason.setFocus()

    def answered(self) -> CalendarRows:
        kind, first = self.kind.key(), self._day(self.first)
        last = self._day(self.last) if self.last.text() else first
        part = DayPart(self.part.key()) if kind == "closed" else DayPart.WHOLE
        form = DayForm(
            first, last, self.reason.text(), kind in {"closed", "own_worked"}, kind.endswith("worked"), part
        )
        return with_days(self.before, form)

    def _kind_changed(self) -> None:
        self.part.setEnabled(self.kind.key() == "closed")

    def _day(self, field: DateField) -> date:
        return parse_day(field.text(), self._today, field.name())

    def _read(self, text: str) -> str:
        return show_on(parse_day(text, self._today, "first")) if text else ""


class HoursDialog(_CalendarQuestion):
    """The office's own hours: ordinary days, seasons, Saturdays."""

    def __init__(self, parent: QWidget | None, rows: CalendarRows) -> None:
        text = "Mỗi buổi ghi dạng 07:00–11:30; các buổi cách nhau bằng dấu phẩy. Mùa để trống nếu không dùng."
        super().__init__(parent, "Giờ làm việc của cơ quan", text, rows)
        self.setObjectName("hours_dialog")
        now = hours_of(rows)
        self.hours = _line("hours", "&Giờ làm việc hằng ngày", spans_words(now.hours))
        self.hand_out_by = _line("hand_out_by", "Giờ &trả kết quả", now.hand_out_by)
        self.saturday = ComboField("saturday", "Thứ &Bảy", _SATURDAYS)
        self.saturday.set_key(now.saturday)
        self.saturday_hours = _line("saturday_hours", "Giờ thứ Bảy", spans_words(now.saturday_hours))
        self._beside(self.hours, self.hand_out_by)
        self._beside(self.saturday, self.saturday_hours)
        self.seasons = [self._season(number, now.seasons) for number in range(_SEASONS)]
        self.hours.setFocus()

    def answered(self) -> CalendarRows:
        form = HoursForm(
            hours=spans_of(self.hours.text(), "hours"),
            hand_out_by=self.hand_out_by.text(),
            saturday=self.saturday.key(),
            saturday_hours=spans_of(self.saturday_hours.text(), "saturday_hours", can_be_empty=True),
            seasons=[row for number in range(_SEASONS) if (row := self._season_row(number))]
            + hours_of(self.before).seasons[_SEASONS:],
        )
        return with_hours(self.before, form)

    def _season(self, number: int, rows: list[dict[str, Any]]) -> tuple[LineField, LineField, LineField]:
        row = rows[number] if number < len(rows) else {}
        name = _line(f"seasons_{number}", "Mùa" if number == 0 else "", row.get("name", ""))
        days = _line(f"season_days_{number}", "Từ–đến (ngày/tháng)" if number == 0 else "", _days_words(row))
        spans = spans_words(row.get("hours", []))
        hours = _line(f"season_hours_{number}", "Giờ làm việc" if number == 0 else "", spans)
        for field, words in ((name, "Tên mùa"), (days, "Ngày của mùa"), (hours, "Giờ của mùa")):
            field.editor.setAccessibleName(f"{words} {number + 1}")
            field.label.setVisible(number == 0)
        name.editor.setPlaceholderText("Mùa hè" if number == 0 else "Mùa đông")
        days.editor.setPlaceholderText("16/04–15/10" if number == 0 else "16/10–15/04")
        self._beside(name, days, hours)
        return name, days, hours

    def _season_row(self, number: int) -> dict[str, Any]:
        name, days, hours = self.seasons[number]
        if not (name.text() or days.text() or hours.text()):
            return {}
        found = _DAYS.fullmatch(days.text())
        if found is None:
            raise InputError("Ngày của mùa chưa đúng", "Ghi dạng 16/04–15/10.", days.name())
        first_day, first_month, last_day, last_month = (int(part) for part in found.groups())
        kept = next((row for row in hours_of(self.before).seasons if row.get("name", "") == name.text()), {})
        return kept | {
            "name": name.text(),
            "from": f"{first_month:02d}-{first_day:02d}",
            "to": f"{last_month:02d}-{last_day:02d}",
            "hours": spans_of(hours.text(), hours.name()),
        }


def spans_words(spans: Sequence[Sequence[str]]) -> str:
    """`07:00–11:30, 13:30–17:00`."""
    return ", ".join(f"{start}–{end}" for start, end in spans)


def spans_of(text: str, field: str, can_be_empty: bool = False) -> list[list[str]]:
    """The spans typed. Raises InputError naming the field."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    found = [_SPAN.fullmatch(part) for part in parts]
    if (not parts and not can_be_empty) or not all(found):
        raise InputError("Giờ làm việc chưa đúng", "Ghi dạng 07:00–11:30, 13:30–17:00.", field)
    spans = [match.groups() for match in found if match]
    return [[f"{int(a):02d}:{b or '00'}", f"{int(c):02d}:{d or '00'}"] for a, b, c, d in spans]


def _line(name: str, title: str, text: str) -> LineField:
    made = LineField(name, title)
    made.set_text(text)
    return made


def _days_words(row: dict[str, Any]) -> str:
    if not row:
        return ""
    first, last = (str(row[name]).split("-") for name in ("from", "to"))
    return f"{first[1]}/{first[0]}–{last[1]}/{last[0]}"
