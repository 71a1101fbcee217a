"""The dialog for papers of several dossiers: which paper, on what, how far, and what did not come out."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QProgressBar, QVBoxLayout, QWidget

from onestop.errors import OfficeError
from ui import look
from ui.keys import bind
from ui.pages.page import Frame
from ui.paper_kinds import PaperKind
from ui.print_batch import Batch, Item, Order, Selection, read_selection
from ui.print_fields import PrintFields, kind_key, row_of
from ui.printer import FindPrinters, find_printers
from ui.tasks import Report
from ui.trays import FindTrays, find_trays
from ui.widgets import Button, announce, label, plain, primary


class PrintMany(QDialog):
    """Opened with the dossiers chosen in a list. What came out is in their journals when it closes."""

    def __init__(
        self,
        parent: QWidget,
        frame: Frame,
        ids: Sequence[str],
        find: FindPrinters = find_printers,
        trays: FindTrays = find_trays,
    ) -> None:
        super().__init__(parent)
        self._frame, self._ids = frame, tuple(ids)
        self.setObjectName("print_many")
        self.setWindowTitle("In cho nhiều hồ sơ")
        self._selection: Selection | None = None
        self._items: tuple[Item, ...] = ()
        self._total = 0
        self._out: dict[str, set[str]] = {}
        self._make_parts(find, trays)
        self._lay_out()
        self._connect()
        self._read()

    # What is chosen

    def _read(self) -> None:
        office, ids = self._frame.office, self._ids
        self._frame.tasks.run(self, lambda: read_selection(office, ids), self._show, self._refuse)

    def _refuse(self, error: OfficeError) -> None:
        self._frame.show_error(error)
        self.done(0)

    def _show(self, selection: Selection) -> None:
        self._selection = selection
        self._state.setText("")
        if not selection.kinds:
            self._state.setText("Các hồ sơ đã chọn chưa có giấy nào để in.")
            return
        self.fields.setEnabled(True)
        self.fields.show_kinds(selection.kinds, "01")
        self._choose()
        (self.print_button if self.print_button.isEnabled() else self.save_button).setFocus()

    def _choose(self) -> None:
        """Another kind: those that have it are printed, the others are named."""
        if self._selection is None or self.batch.is_going():
            return
        kind, known = self.fields.chosen(), self._selection
        out = self._out.get(kind_key(kind), set())
        self._offer([item for item in known.of(kind) if item.id not in out])
        lines = [f"{item.words}: chưa có giấy này" for item in known.items if item not in known.of(kind)]
        self._show_missed(lines, "Không in")

    def _offer(self, items: Sequence[Item]) -> None:
        self._items = tuple(items)
        self.list.clear()
        self.list.addItems([item.words for item in items])
        self._list_title.setText(f"Sẽ in ({len(items)})")
        count = f"1 giấy chung {len(items)} hồ sơ" if self._is_shared() else f"{len(items)} giấy"
        self.print_button.setText(f" In {count}  (Ctrl+Enter)")
        self.save_button.setText(" Lưu PDF…  (Ctrl+S)")
        for button in (self.print_button, self.save_button):
            button.setVisible(bool(items))
        self._allow()

    def batch_items(self) -> tuple[Item, ...]:
        """Those whose papers would be printed now."""
        return self._items

    def _is_shared(self) -> bool:
        return self.fields.has_kind() and self.fields.chosen().is_shared

    def _allow(self) -> None:
        is_ready = bool(self._items) and not self.batch.is_going()
        self.print_button.setEnabled(is_ready and self.fields.printer_chosen() is not None)
        self.save_button.setEnabled(is_ready)

    # Printing

    def print_all(self) -> None:
        """Ctrl+Enter."""
        printer = self.fields.printer_chosen()
        if printer is None or not self.print_button.isEnabled():
            return
        self.fields.remember_printer()
        self._start(Order(*self._chosen(), printer, self.fields.tray_chosen()))

    def save_all(self) -> None:
        """Ctrl+S: asks for the folder."""
        if not self.save_button.isEnabled():
            return
        kept = self._frame.settings.text("print.folder")
        dialog = QFileDialog(self, "Lưu các tệp PDF vào thư mục", kept)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self.save_to(Path(folder)))
        dialog.open()

    def save_to(self, folder: Path) -> None:
        self._frame.change_setting("print.folder", str(folder))
        kind, size, copies = self._chosen()
        self._start(Order(kind, size, copies, folder=folder))

    def put_away(self) -> None:
        """Esc while it runs stops the rest; a paper that is out already stays out."""
        if self.batch.is_going():
            self.batch.cancel()
            self._state.setText("Đang dừng…")
        else:
            self.done(0)

    def _chosen(self) -> tuple[PaperKind, str, int]:
        return self.fields.chosen(), self.fields.sheet_size(), self.fields.count()

    def _start(self, order: Order) -> None:
        self._total = 1 if order.kind.is_shared else len(self._items)
        self._bar.setRange(0, self._total)
        self._bar.setValue(0)
        self._bar.show()
        self._show_missed([], "")
        self.fields.setEnabled(False)
        self.close_button.setText("Dừng  (Esc)")
        self.batch.start(order, self._items)
        self._allow()

    def _show_moving(self, item: Item, report: Report | None) -> None:
        number = min(self._bar.value() + 1, self._total)
        step = f": {report.words}" if report else ""
        self._state.setText(f"{number}/{self._total} · {item.words}{step}")

    def _show_passed(self, item: Item) -> None:
        self._bar.setValue(self._bar.value() + 1)

    def _show_ended(self, is_stopped: bool) -> None:
        batch = self.batch
        self._bar.hide()
        self.close_button.setText("Đóng  (Esc)")
        self.fields.setEnabled(True)
        words = self.summary()
        self._state.setText(f"Đã dừng. {words}" if is_stopped else words)
        announce(self, words)
        if batch.last is not None:
            self._frame.tell_done(batch.last, says=False)
        self._out.setdefault(kind_key(self.fields.chosen()), set()).update(each.id for each in batch.printed)
        self._offer(batch.rest)
        if not batch.rest:
            self._list_title.setText(f"Đã in ({len(batch.printed)})")
            self.list.addItems([item.words for item in batch.printed])
        self._show_missed([f"{each.item.words}: {each.why}" for each in batch.missed], "Chưa in được")
        self.close_button.setFocus()

    def summary(self) -> str:
        """`Đã in 28 hồ sơ, còn 2 hồ sơ chưa in.`"""
        words = f"Đã in {len(self.batch.printed)} hồ sơ"
        return f"{words}, còn {len(self.batch.rest)} hồ sơ chưa in." if self.batch.rest else f"{words}."

    def _show_missed(self, lines: Sequence[str], title: str) -> None:
        self._missed_title.setText(f"{title} ({len(lines)})")
        self.missed.clear()
        self.missed.addItems(list(lines))
        for part in (self._missed_title, self.missed):
            part.setVisible(bool(lines))

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter alone prints nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.matches(QKeySequence.StandardKey.Save):
            self.save_all()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(not self.batch.is_going())
        self.put_away()

    # Parts

    def _make_parts(self, find: FindPrinters, trays: FindTrays) -> None:
        self.fields = PrintFields(self._frame, find, trays, is_for_many=True)
        self.fields.setEnabled(False)
        self.batch = Batch(self._frame, self)
        self._list_title = label("", "strong")
        self.list, self.missed = QListWidget(), QListWidget()
        self.list.setAccessibleName("Hồ sơ sẽ in")
        self.missed.setAccessibleName("Hồ sơ không in được")
        self.missed.setWordWrap(True)
        self.missed.setMaximumHeight(look.px(110))
        for each in (self.list, self.missed):
            each.setSpacing(look.px(2))
        self._missed_title = label("", "warning")
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Tiến độ in")
        self._state = label("Đang đọc các hồ sơ đã chọn…", "dim", is_wrapped=True)
        self.print_button: Button = primary("In", "Ctrl+Enter", "printer")
        self.save_button = plain("Lưu PDF…", "Ctrl+S", "save")
        self.close_button = plain("Đóng", "Esc")
        for button in (self.print_button, self.save_button):
            button.setEnabled(False)
        for hidden in (self._bar, self._missed_title, self.missed):
            hidden.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(12))
        column.addWidget(label(f"In cho {len(self._ids)} hồ sơ", "section"))
        column.addWidget(self.fields)
        column.addWidget(self._list_title)
        column.addWidget(self.list, 1)
        for part in (self._missed_title, self.missed, self._bar, self._state):
            column.addWidget(part)
        column.addLayout(
            row_of((QWidget(), 1), (self.print_button, 0), (self.save_button, 0), (self.close_button, 0))
        )
        self.resize(look.px(620), look.px(580))

    def _connect(self) -> None:
        self.fields.changed.connect(self._choose)
        self.fields.settled.connect(self._allow)
        self.batch.moved.connect(self._show_moving)
        self.batch.passed.connect(self._show_passed)
        self.batch.ended.connect(self._show_ended)
        self.print_button.clicked.connect(self.print_all)
        self.save_button.clicked.connect(self.save_all)
        self.close_button.clicked.connect(self.put_away)
        bind(self, "main_act", self.print_all)
