"""Lịch làm việc: the days off and the swapped days of a year."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import look
from ui.pages.page import Frame
from ui.widgets import Column, QueueTable, Row, RowModel, label

_COLUMNS = (Column("Ngày", "24/11/2026"), Column("Lý do", "Tết Nguyên đán", stretch=1))


class CalendarSection(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("calendar_days", "Ngày nghỉ trong năm", self._model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(label("Lịch làm việc", "title"))
        column.addWidget(self.table, 1)

    def enter(self) -> None:
        year = self._frame.worklist.now().year
        off = self._frame.office.catalogue.calendar.days_off
        days = sorted(day for day in off if day.year == year)
        self._model.show_rows([Row(day.isoformat(), (f"{day:%d/%m/%Y}", off[day])) for day in days])
