"""Beside the year: the day that is chosen, the office's hours, and what is not saved yet."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.office.calendar_rows import HoursForm
from ui import look
from ui.pages.calendar_dialogs import spans_words
from ui.widgets import Card, label, plain, primary

_SATURDAYS = {"closed": "", "reception": "Thứ Bảy: chỉ tiếp nhận", "working": "Thứ Bảy: làm việc"}
_SHOWN = 5


class CalendarSide(QWidget):
    """Its buttons say what is wanted; it changes nothing."""

    add_wanted = Signal()
    drop_wanted = Signal()
    hours_wanted = Signal()
    effect_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("calendar_side")
        self.day = label("", "strong", is_wrapped=True)
        self.what = label("", "dim", is_wrapped=True)
        self.add = plain("&Thêm vào lịch…", "Enter", "plus")
        self.drop = plain("&Bỏ khỏi lịch", "Delete", "minus")
        self.hours = label("", is_wrapped=True)
        self.edit = plain("Sửa &giờ làm việc…", icon="clock")
        self.changes = label("", is_wrapped=True)
        self.effect = primary("Xem ảnh hưởng", "Ctrl+Enter")
        self.forget = plain("Bỏ tha&y đổi", icon="undo-2")
        self._unsaved = Card("Chưa lưu", margin=12)
        self._saved = Card("Hồ sơ đang giải quyết", margin=12)
        self.again = plain("Tính &lại theo lịch này…", icon="refresh-cw")
        for button, wanted in (
            (self.add, self.add_wanted),
            (self.drop, self.drop_wanted),
            (self.edit, self.hours_wanted),
            (self.effect, self.effect_wanted),
            (self.again, self.effect_wanted),
            (self.forget, self.forget_wanted),
        ):
            button.clicked.connect(wanted)
        self._lay_out()

    def show_day(self, words: str, what: str, can_drop: bool) -> None:
        self.day.setText(words)
        self.what.setText(what)
        self.drop.setEnabled(can_drop)

    def show_hours(self, form: HoursForm) -> None:
        lines = [spans_words(form.hours), f"Trả kết quả trước {form.hand_out_by}"]
        lines += [f"{row.get('name') or 'Mùa'}: {spans_words(row['hours'])}" for row in form.seasons]
        lines.append(_SATURDAYS.get(form.saturday, ""))
        self.hours.setText("\n".join(line for line in lines if line))

    def show_changes(self, lines: Sequence[str]) -> None:
        more = [f"… và {len(lines) - _SHOWN} thay đổi khác"] if len(lines) > _SHOWN else []
        self.changes.setText("\n".join([*lines[:_SHOWN], *more]))
        self._unsaved.setVisible(bool(lines))
        self._saved.setVisible(not lines)

    def _lay_out(self) -> None:
        chosen, hours = Card(margin=12), Card("Giờ làm việc", margin=12)
        for part in (self.day, self.what, self.add, self.drop):
            chosen.body.addWidget(part)
        chosen.body.setSpacing(look.px(8))
        hours.body.setSpacing(look.px(8))
        hours.body.addWidget(self.hours)
        hours.body.addWidget(self.edit)
        self._unsaved.body.setSpacing(look.px(8))
        for part in (self.changes, self.effect, self.forget):
            self._unsaved.body.addWidget(part)
        words = "Xem và sửa hạn trả chưa theo lịch hiện hành, ví dụ khi tỉnh vừa gửi lịch mới."
        self._saved.body.setSpacing(look.px(8))
        self._saved.body.addWidget(label(words, "dim", is_wrapped=True))
        self._saved.body.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        for card in (chosen, self._unsaved, hours, self._saved):
            column.addWidget(card)
        column.addStretch(1)


class YearHead(QWidget):
    """`stepped(by)`: the year before or after."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.year = label("", "title")
        self.about = label("", "dim", is_wrapped=True)
        self.setFixedHeight(look.px(36))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        self.back = plain("", icon="chevron-left")
        self.on = plain("", icon="chevron-right")
        for button, words, by in ((self.back, "Năm trước", -1), (self.on, "Năm sau", 1)):
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setFixedWidth(look.px(60))
            button.clicked.connect(lambda _=False, by=by: self.stepped.emit(by))
        for part in (self.back, self.year, self.on):
            row.addWidget(part)
        row.addWidget(self.about, 1)
        row.addStretch()

    def show_year(self, year: int, about: str) -> None:
        self.year.setText(f"Lịch làm việc {year}")
        self.about.setText(about)
