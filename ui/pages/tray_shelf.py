"""Kệ cách ly: bytes that could not be read or believed. Kept as they came, for somebody to look at."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.judge import CODES
from onestop.domain.moment import from_wire
from onestop.office.office import Office
from onestop.store.tray import ShelfItem, list_shelf
from ui import look
from ui.pages.page import Frame, ready_office
from ui.sync_words import counted, moment_words
from ui.widgets import Card, Column, EmptyState, QueueTable, Row, RowModel, label, plain

_COLUMNS = (
    Column("Nhận lúc", "16/11 09:00"),
    Column("Máy ghi", "0192f3a4-1c2d"),
    Column("Số", "12.345", is_number=True),
    Column("Vì sao", "Chữ ký của máy không khớp với nội dung bút ký", stretch=1),
    Column("Cỡ", "12.345 byte", is_number=True),
)
_UNKNOWN = "Chương trình chưa đọc được dòng này"
_WORDS = (
    "Những dòng này được giữ nguyên từng byte và không ảnh hưởng hồ sơ nào. "
    "Dòng bị tạm giữ tự được dùng khi phần còn thiếu đến nơi; dòng bị cách ly cần bộ phận hỗ trợ xem. "
    "Tệp xuất ra có thể chứa dữ liệu cá nhân: chỉ gửi cho bộ phận hỗ trợ của tỉnh."
)


def read_shelf(office: Office) -> tuple[ShelfItem, ...]:
    with office.store.read() as connection:
        return list_shelf(connection)


class ShelfRoom(QWidget):
    """`counted(n)` after each reading."""

    counted = Signal(int)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("tray_shelf")
        self._frame = frame
        self.items: tuple[ShelfItem, ...] = ()
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("shelf_table", "Kệ cách ly, cũ nhất trước", self._model)
        self.table.current_changed.connect(lambda _: self._show_current())
        self._empty = EmptyState(
            "archive", "Kệ cách ly đang trống", "Mọi dữ liệu nhận về đều đọc được và tin được."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.about = label("", is_wrapped=True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.export = plain("&Xuất ra tệp để gửi hỗ trợ…", icon="download")
        self.export.clicked.connect(self.choose_file)
        self._lay_out()

    def read(self) -> None:
        office = ready_office(self._frame)
        if office is not None:
            self._frame.tasks.run(
                self, partial(read_shelf, office), self._show, self._frame.show_error, busy=False
            )

    def choose_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # each class of Qt costs its part of a millisecond

        chosen, _ = QFileDialog.getSaveFileName(self, "Xuất ra tệp để gửi hỗ trợ", "ke-cach-ly.ndjson")
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        """All of the shelf, a line each, as it came."""
        office = self._frame.office
        from ui.pages.tray_export import write_shelf

        self._frame.tasks.run(
            self,
            partial(write_shelf, office, path),
            lambda count: self._frame.toast(f"Đã xuất {counted(count)} dòng ra {path.name}"),
            self._frame.show_error,
        )

    def current(self) -> ShelfItem | None:
        return next((item for item in self.items if item.id == self.table.current_id()), None)

    def _show(self, items: tuple[ShelfItem, ...]) -> None:
        self.items = items
        self.counted.emit(len(items))
        self._model.show_rows([self._row(item) for item in items])
        self._stack.setCurrentWidget(self.table if items else self._empty)
        self._card.setVisible(bool(items))
        if items and not self.table.current_id():
            self.table.select_first()
        self._show_current()

    def _row(self, item: ShelfItem) -> Row:
        at = moment_words(from_wire(item.at), self._frame.worklist.now())
        number = counted(item.seq) if item.seq else ""
        why = CODES.get(item.code, _UNKNOWN)
        return Row(item.id, (at, item.device[:13], number, why, f"{counted(item.length)} byte"))

    def _show_current(self) -> None:
        item = self.current()
        if item is None:
            self.about.setText("")
            return
        kept = "Tạm giữ" if item.verdict == "held" else "Cách ly"
        lines = [
            f"{kept}: {CODES.get(item.code, _UNKNOWN)}",
            f"Máy ghi: {item.device or 'không đọc được'}",
            f"Hồ sơ: {item.dossier or 'không đọc được'}",
            f"Mã dòng: {item.id[:16]}",
        ]
        self.about.setText("\n".join(lines))

    def _lay_out(self) -> None:
        self._card = Card(margin=12)
        self._card.body.addWidget(label(_WORDS, "dim", is_wrapped=True))
        self._card.body.addWidget(self.about)
        row = QHBoxLayout()
        row.addWidget(self.export)
        row.addStretch(1)
        self._card.body.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self._stack, 1)
        column.addWidget(self._card)
