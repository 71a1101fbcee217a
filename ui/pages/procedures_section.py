"""Thủ tục: all procedures with what is still open in them, found without accents; one opens to be edited."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.procedure import Procedure
from onestop.office.procedure_edit import CONFIDENCES, FEES, LIMIT, Wanted, lacks, narrow
from ui import look
from ui.pages.page import Frame
from ui.pages.procedure_editor import ProcedureEditor
from ui.widgets import Column, ComboField, LineField, QueueTable, Row, RowModel, label

_COLUMNS = (
    Column("Mã", "1.001193"),
    Column("Thủ tục", "Thủ tục đăng ký khai sinh", stretch=3),
    Column("Lĩnh vực", "Đăng ký, quản lý cư trú", stretch=1),
    Column("Thời hạn", "15 ngày làm việc"),
    Column("Cần bổ sung", "thời hạn, mức thu"),
)
_SECTOR = 2
_LACKING = (
    ("", "Tất cả"),
    ("any", "Cần bổ sung"),
    (LIMIT, "Thiếu thời hạn"),
    (FEES, "Thiếu mức thu"),
)
_LACK_WORDS = {LIMIT: "thời hạn", FEES: "mức thu"}
_TYPING_MS, _WIDE = 120, 900


class ProceduresSection(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("procedures_section")
        self._frame = frame
        self.line = LineField("procedure_query", "&Tìm theo tên, mã hoặc chữ đầu (không cần dấu)")
        self.sector = ComboField("sector_filter", "&Lĩnh vực", (("", "Tất cả"),))
        self.lacking = ComboField("lacking_filter", "&Cần bổ sung", _LACKING)
        self.confidence = ComboField(
            "confidence_filter", "Độ t&in cậy", (("", "Tất cả"), *CONFIDENCES.items())
        )
        self.count = label("", "dim")
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("procedures_table", "Thủ tục hành chính", self._model)
        self.editor = ProcedureEditor(frame)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._stage = QStackedWidget()
        self._lay_out()
        self._connect()

    # ---- the section and its page -----------------------------------------------------

    def enter(self) -> None:
        self._fill_sectors()
        self.read()
        if self._stage.currentWidget() is self._list:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        return not self.is_editing() or self.editor.may_close()

    def may_be_remade(self) -> bool:
        return not self.is_editing() or not self.editor.is_changed()

    def catalogue_came(self) -> None:
        self._fill_sectors()
        self.read()
        self.editor.catalogue_came()

    def panes(self) -> tuple[QWidget, ...]:
        if self.is_editing():
            return (self.editor,)
        return (self.line, self.table)

    def is_editing(self) -> bool:
        return self._stage.currentWidget() is self.editor

    def open(self, code: str) -> None:
        self._stage.setCurrentWidget(self.editor)
        self.editor.show_procedure(code)
        self.editor.part.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_editing():
            self.editor.close_editor()
        elif event.key() == Qt.Key.Key_Down and self.line.editor.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.setColumnHidden(_SECTOR, self.width() < look.px(_WIDE))
        self.table.fit()

    # ---- the list ---------------------------------------------------------------------

    def read(self) -> None:
        """From the catalogue in memory: nothing is waited for."""
        everyone = self._frame.office.catalogue.procedures
        wanted = Wanted(self.line.text(), self.sector.key(), self.lacking.key(), self.confidence.key())
        found = narrow(everyone, wanted)
        lacking = sum(bool(lacks(one)) for one in everyone)
        self.count.setText(f"{len(found)} / {len(everyone)} thủ tục · {lacking} cần bổ sung")
        self._model.show_rows([_row(one) for one in found])
        if not self.table.current_id():
            self.table.select_first()

    def _fill_sectors(self) -> None:
        sectors = sorted({one.sector for one in self._frame.office.catalogue.procedures})
        self.sector.set_choices((("", "Tất cả"), *((each, each) for each in sectors)))

    def _closed(self) -> None:
        self._stage.setCurrentWidget(self._list)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self._list = QWidget()
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(label("Thủ tục hành chính", "title"))
        head.addWidget(self.count, 1)
        filters = QHBoxLayout()
        filters.setSpacing(look.px(12))
        for field, share in ((self.line, 5), (self.sector, 3), (self.lacking, 2), (self.confidence, 2)):
            filters.addWidget(field, share)
            if isinstance(field, ComboField):
                field.editor.setMinimumContentsLength(6)
        column.addLayout(head)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        self._stage.addWidget(self._list)
        self._stage.addWidget(self.editor)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stage)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.read)
        self.line.changed.connect(self._typing.start)
        for field in (self.sector, self.lacking, self.confidence):
            field.changed.connect(self.read)
        self.table.opened.connect(self.open)
        self.editor.closed.connect(self._closed)


def _row(one: Procedure) -> Row:
    lacking = ", ".join(_LACK_WORDS[each] for each in lacks(one))
    cases = f" · {len(one.cases)} trường hợp" if one.cases else ""
    cells = (one.code, f"{one.name}{cases}", one.sector, one.time_limit.words(), lacking)
    return Row(one.code, cells)
