"""Lịch làm việc: the year as a picture, its days off and swaps, the office's hours; saved only
after what it does to open dossiers was seen."""

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.calendar import WorkCalendar
from onestop.domain.moment import local_day
from onestop.errors import InputError
from onestop.office.calendar_rows import (
    CalendarRows,
    day_mark,
    difference,
    hours_of,
    read_rows,
    without_day,
)
from ui import look
from ui.keys import bind
from ui.pages.calendar_dialogs import DayDialog, HoursDialog
from ui.pages.calendar_effect import EffectRoom, Saved
from ui.pages.calendar_side import CalendarSide, YearHead
from ui.pages.page import Frame
from ui.sync_words import counted
from ui.widgets.year_picture import DayLook, YearPicture

_WIDE = 900
_SIDE, _NARROW_SIDE = 300, 264
_MARKED = frozenset({"off", "closed", "half", "worked"})
_FIRST, _LAST = 2000, 2100


class CalendarSection(QWidget):
    """`rows`: what is saved; `wanted`: what it shall be, the same until somebody edits."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("calendar_section")
        self._frame = frame
        self.rows: CalendarRows | None = None
        self.wanted: CalendarRows | None = None
        self._calendar: WorkCalendar | None = None
        self._make_parts()
        self._lay_out()
        bind(self, "main_act", self.go_on)

    # ---- what the page asks -----------------------------------------------------------

    def enter(self) -> None:
        self._read()

    def may_be_remade(self) -> bool:
        return not self.is_dirty and not self.room.is_busy

    def catalogue_came(self) -> None:
        if not self.room.is_busy:
            self._read()

    def panes(self) -> tuple[QWidget, ...]:
        if self._stack.currentWidget() is self.room:
            return (self.room,)
        return (self.picture, self.side)

    @property
    def is_dirty(self) -> bool:
        return self.rows is not None and self.wanted is not None and bool(self._differences())

    # ---- edits ------------------------------------------------------------------------

    @Slot()
    def add_days(self) -> None:
        if self.wanted is not None:
            today = local_day(self._frame.office.now)
            self._ask(DayDialog(self, self.wanted, self.picture.day, today))

    @Slot()
    def drop_day(self) -> None:
        if self.wanted is None:
            return
        try:
            self.take(without_day(self.wanted, self.picture.day))
        except InputError as error:
            self._frame.toast(f"{error.title}. {error.message}")

    @Slot()
    def edit_hours(self) -> None:
        if self.wanted is not None:
            self._ask(HoursDialog(self, self.wanted))

    @Slot()
    def forget(self) -> None:
        if self.rows is not None:
            self.take(self.rows)

    def take(self, rows: CalendarRows) -> None:
        """What the calendar shall be; nothing is saved."""
        self.wanted, self._calendar = rows, rows.calendar
        self._show_all()

    @Slot()
    def go_on(self) -> None:
        """Ctrl+Enter: what it does to open dossiers, then saving."""
        if self._stack.currentWidget() is self.room:
            self.room.write()
        elif self.rows is not None and self.wanted is not None:
            lines = self._differences()
            words = "; ".join(lines)[:400] or "Tính lại theo lịch hiện hành"
            self._stack.setCurrentWidget(self.room)
            self.room.look_at(self.wanted, self.rows, f"Lịch làm việc thay đổi: {words}" if lines else words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is self.room:
            self.room.give_up()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(_WIDE)
        self.side.setFixedWidth(look.px(_SIDE if is_wide else _NARROW_SIDE))
        self.head.about.setVisible(is_wide)

    # ---- inside -----------------------------------------------------------------------

    def _ask(self, dialog: DayDialog | HoursDialog) -> None:
        dialog.exec()
        if dialog.answer() == "yes":
            self.take(dialog.rows)
        dialog.deleteLater()
        self.picture.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        office = self._frame.office
        self._frame.tasks.run(
            self, partial(read_rows, office), self._show_rows, self._frame.show_error, busy=False
        )

    def _show_rows(self, rows: CalendarRows) -> None:
        """What somebody began to edit stays, unless it is just what was saved."""
        is_first = self.rows is None
        wanted = self.wanted if self.is_dirty else None
        self.rows = rows
        self.wanted = wanted if wanted is not None and difference(rows, wanted) else rows
        self._calendar = self.wanted.calendar
        if is_first:
            self.picture.day = local_day(self._frame.office.now)
        self._show_all()

    def _show_all(self) -> None:
        if self.rows is None or self.wanted is None:
            return
        today = local_day(self._frame.office.now)
        self.picture.show_year(self._look_of, self.picture.day, today, self._changed_days())
        self.side.show_hours(hours_of(self.wanted))
        self.side.show_changes(self._differences())
        self._show_year_head()
        self._show_day(self.picture.day)

    def _show_year_head(self) -> None:
        assert self._calendar is not None  # shown only after it was read
        year = self.picture.day.year
        marks = [day_mark(self._calendar, day) for day in _days_of(year)]
        off = sum(mark.kind == "off" for mark in marks)
        worked = sum(mark.kind == "worked" for mark in marks)
        parts = [f"{off} ngày nghỉ"]
        parts += [f"{worked} ngày làm bù"] if worked else []
        parts += ["có ngày dự kiến"] if any(mark.is_estimate for mark in marks) else []
        self.head.show_year(year, " · ".join(parts))

    @Slot(object)
    def _show_day(self, day: date) -> None:
        if self._calendar is None:
            return
        mark = day_mark(self._calendar, day)
        told = {"off": "Ngày nghỉ", "closed": "Cơ quan đóng cửa", "worked": "Làm bù", "weekend": "Cuối tuần"}
        kind = told.get(mark.kind, "Ngày làm việc")
        what = f"{kind}: {mark.words}" if mark.words and mark.kind != "half" else mark.words or kind
        self.side.show_day(
            self.picture.words_of(day).partition(":")[0],
            what + (" (dự kiến)" if mark.is_estimate else ""),
            mark.kind in _MARKED,
        )

    def _look_of(self, day: date) -> DayLook:
        assert self._calendar is not None  # the picture is fed only once it was read
        mark = day_mark(self._calendar, day)
        return DayLook(mark.kind, mark.words, mark.is_estimate)

    def _changed_days(self) -> set[date]:
        if not self.is_dirty or self.rows is None or self._calendar is None:
            return set()
        saved, year = self.rows.calendar, self.picture.day.year
        return {day for day in _days_of(year) if day_mark(saved, day) != day_mark(self._calendar, day)}

    def _differences(self) -> list[str]:
        if self.rows is None or self.wanted is None or self.rows is self.wanted:
            return []
        return difference(self.rows, self.wanted)

    def _step_year(self, by: int) -> None:
        day = self.picture.day
        year = min(_LAST, max(_FIRST, day.year + by))
        self._to_year(date(year, day.month, min(day.day, 28)))

    def _to_year(self, day: date) -> None:
        self.picture.day = day
        self._show_all()

    @Slot(object)
    def _saved(self, saved: Saved) -> None:
        count = len(saved.done.changes)
        self.rows = self.wanted  # read anew below, under its new version
        self._read()
        if saved.changed is not None:
            self._frame.catalogue_changed()
        self._frame.toast(f"Đã lưu lịch, {counted(count)} hồ sơ có hạn trả mới", partial(self._undo, saved))

    def _undo(self, saved: Saved) -> None:
        self._stack.setCurrentWidget(self.room)
        self.room.take_back(saved, self._undone)

    def _undone(self) -> None:
        self._frame.catalogue_changed()
        self._back()

    @Slot()
    def _stopped(self) -> None:
        self._frame.catalogue_changed()
        self._frame.toast("Đã dừng. Hồ sơ đã ghi giữ hạn mới; bấm “Tính lại theo lịch này” để làm tiếp.")
        self._back()

    @Slot()
    def _back(self) -> None:
        self._stack.setCurrentWidget(self._year)
        self.picture.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def _make_parts(self) -> None:
        self.head, self.picture, self.side = YearHead(), YearPicture(), CalendarSide()
        self.room = EffectRoom(self._frame)
        self.head.stepped.connect(self._step_year)
        self.picture.selected.connect(self._show_day)
        self.picture.wanted.connect(self.add_days)
        self.picture.dropped.connect(self.drop_day)
        self.picture.year_wanted.connect(lambda _: self._to_year(self.picture.day))
        self.side.add_wanted.connect(self.add_days)
        self.side.drop_wanted.connect(self.drop_day)
        self.side.hours_wanted.connect(self.edit_hours)
        self.side.effect_wanted.connect(self.go_on)
        self.side.forget_wanted.connect(self.forget)
        self.room.saved.connect(self._saved)
        self.room.stopped.connect(self._stopped)
        self.room.closed.connect(self._back)

    def _lay_out(self) -> None:
        self._year = QWidget()
        row = QHBoxLayout(self._year)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(self.head)
        left.addWidget(self.picture, 1)
        row.addLayout(left, 1)
        row.addWidget(self.side)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._year)
        self._stack.addWidget(self.room)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(first + n) for n in range(date(year, 12, 31).toordinal() - first + 1)]
