"""What is chosen before printing: kind of paper, sheet, copies, printer and tray; remembered by kind."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from onestop.errors import OfficeError
from ui import look
from ui.pages.page import Frame
from ui.paper_kinds import PaperKind
from ui.printer import FindPrinters, Printer, load_print_support
from ui.thermal import thermal_printers
from ui.trays import FindTrays, Tray
from ui.widgets import Button, ComboField

_SEEKING, _NONE = "Đang tìm máy in…", "Chưa có máy in"
_ANY_TRAY = ("", "Theo máy in")


class PrintFields(QWidget):
    """`changed`: another paper is wanted now. `settled`: what can be printed on is another or known now."""

    changed = Signal()
    settled = Signal()
    failed = Signal(object)

    def __init__(
        self, frame: Frame, find: FindPrinters, find_trays: FindTrays, *, is_for_many: bool = False
    ) -> None:
        super().__init__()
        self._is_for_many = is_for_many
        self._frame, self._find, self._find_trays = frame, find, find_trays
        self._kinds: dict[str, PaperKind] = {}
        self._printers: tuple[Printer, ...] | None = None
        self._trays: dict[str, tuple[Tray, ...]] = {}
        self._is_seeking = False
        self._make_fields()
        self._connect()
        self._lay_out()

    # Kinds, sheets, copies

    def show_kinds(self, kinds: Sequence[PaperKind], key: str) -> None:
        """The kinds to choose from; the one of `key`, or the first where it is not among them."""
        self._kinds = {kind_key(kind): kind for kind in kinds}
        self.kind.set_choices([(each, kind.choice_words) for each, kind in self._kinds.items()])
        self.kind.set_key(key)
        self._show_kind()
        if self._printers is None:
            self.find_printers()
        self._show_printers()

    def kinds(self) -> list[PaperKind]:
        return list(self._kinds.values())

    def chosen(self) -> PaperKind:
        return self._kinds[self.kind.key()]

    def has_kind(self) -> bool:
        return self.kind.key() in self._kinds

    def sheet_size(self) -> str:
        return self.sheet.key()

    def count(self) -> int:
        return int(self.copies.key())

    def _show_kind(self) -> None:
        """Sheets and copies of this kind, as they were chosen last."""
        kind, settings = self.chosen(), self._frame.settings
        self.sheet.set_choices(kind.size_choices())
        self.sheet.set_key(kind.size(settings))
        self.sheet.editor.setEnabled(len(kind.sizes) > 1)
        self.copies.set_choices(kind.copy_choices())
        self.copies.set_key(str(kind.copies(settings)))
        self.on_receive.setVisible(kind.form == "01" and not self._is_for_many)
        self.on_receive.setChecked(settings.is_on("print.on_receive"))

    def _choose_kind(self) -> None:
        self._show_kind()
        self._show_printers()
        self.changed.emit()

    def _choose_size(self) -> None:
        self._frame.change_setting(self.chosen().size_key, self.sheet.key())
        self._show_printers()
        self.changed.emit()

    def _choose_copies(self) -> None:
        self._frame.change_setting(self.chosen().copies_key, self.count())
        self.changed.emit()

    # Printers and trays

    def find_printers(self) -> None:
        """Asks the system, in a worker; the remembered printer can be used meanwhile."""
        if self._is_seeking:
            return
        self._is_seeking = True
        load_print_support()
        self.refresh.setEnabled(False)
        self._frame.tasks.run(
            self, self._find, self._take_printers, self._miss_printers, where="files", busy=False
        )

    def printer_chosen(self) -> Printer | None:
        """None where there is no printer to choose."""
        name = self.printer.key()
        if not name:
            return None
        return next((each for each in self._offered() if each.name == name), Printer(name))

    def is_known(self) -> bool:
        """Whether somebody has said before where papers of this kind are printed."""
        return bool(self._last())

    def tray_chosen(self) -> str:
        return "" if self.tray.isHidden() else self.tray.key()

    def remember_printer(self) -> None:
        """What was printed on is what is offered next time."""
        key, printer = self.chosen().printer_key, self.printer_chosen()
        if printer and not printer.thermal and self._frame.settings.text(key) != printer.name:
            self._frame.change_setting(key, printer.name)

    def _take_printers(self, printers: tuple[Printer, ...]) -> None:
        self._printers, self._is_seeking = printers, False
        self._trays.clear()
        self.refresh.setEnabled(True)
        self._show_printers()
        self.settled.emit()

    def _miss_printers(self, error: OfficeError) -> None:
        self._take_printers(())
        self.failed.emit(error)

    def _show_printers(self) -> None:
        if not self.has_kind():
            return
        last = self._last()
        if self._printers is None:
            choices = [(last, last)] if last else [("", _SEEKING)]
        else:
            choices = [(each.name, each.name) for each in self._offered()] or [("", _NONE)]
        self.printer.set_choices(choices)
        self.printer.set_key(last)
        self.printer.editor.setEnabled(bool(self.printer.key()))
        self.printer.set_hint(self._printer_hint(last))
        self._show_trays()

    def _thermal(self) -> tuple[Printer, ...]:
        """Takes the roll and nothing else."""
        return thermal_printers(self._frame.settings) if self.sheet_size() == "K80" else ()

    def _offered(self) -> tuple[Printer, ...]:
        return (*self._thermal(), *(self._printers or ()))

    def _last(self) -> str:
        """Where this kind was printed last; the roll has a printer of its own."""
        thermal = self._thermal()
        return thermal[0].name if thermal else self.chosen().printer(self._frame.settings)

    def _printer_hint(self, last: str) -> str:
        if not self.printer.key() and self._printers is not None:
            return "Máy này chưa cài máy in nào. Vẫn xem và lưu PDF được."
        if last and self.printer.key() != last:
            return f"Không thấy {last}, máy in dùng lần trước."
        return ""

    def _choose_printer(self) -> None:
        self.remember_printer()
        self._show_trays()
        self.settled.emit()

    def _show_trays(self) -> None:
        """A printer with one tray, or one whose trays are not known, is not asked about."""
        printer = self.printer_chosen()
        known = self._trays.get(printer.name) if printer else ()
        self.tray.setVisible(bool(known) and len(known or ()) > 1)
        if known:
            self.tray.set_choices([_ANY_TRAY, *((each.key, each.words) for each in known)])
            self.tray.set_key(self._frame.settings.text(self.chosen().tray_key))
        elif known is None and printer is not None and self._printers is not None:
            self._trays[printer.name] = ()
            self._frame.tasks.run(
                self,
                partial(self._find_trays, printer),
                partial(self._take_trays, printer.name),
                where="files",
                busy=False,
            )

    def _take_trays(self, name: str, trays: tuple[Tray, ...]) -> None:
        self._trays[name] = trays
        if trays:
            self._show_trays()

    def _choose_tray(self) -> None:
        self._frame.change_setting(self.chosen().tray_key, self.tray.key())

    # Parts

    def _make_fields(self) -> None:
        self.kind = ComboField("form", "Loại giấy", [])
        self.sheet = ComboField("size", "Khổ giấy", [])
        self.copies = ComboField("copies", "Số bản", [])
        self.printer = ComboField("printer", "Máy in", [])
        self.tray = ComboField("tray", "Khay giấy", [_ANY_TRAY])
        self.refresh = Button("", "quiet", icon="refresh-cw")
        self.refresh.setAccessibleName("Tìm lại máy in")
        self.refresh.setToolTip("Tìm lại máy in")
        self.on_receive = QCheckBox("In ngay khi tiếp nhận")
        for narrow in (self.sheet, self.copies, self.tray):
            narrow.editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for wide in (self.kind, self.printer):
            wide.editor.setMinimumContentsLength(12)
        self.tray.hide()

    def _connect(self) -> None:
        self.kind.changed.connect(self._choose_kind)
        self.sheet.changed.connect(self._choose_size)
        self.copies.changed.connect(self._choose_copies)
        self.printer.changed.connect(self._choose_printer)
        self.tray.changed.connect(self._choose_tray)
        self.refresh.clicked.connect(self.find_printers)
        self.on_receive.clicked.connect(lambda on: self._frame.change_setting("print.on_receive", on))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(row_of((self.kind, 1), (self.sheet, 0)))
        printers = row_of((self.printer, 1), (self.tray, 0))
        beside = QVBoxLayout()  # level with the fields, whose titles stand above them
        beside.addSpacing(look.px(20))
        beside.addWidget(self.refresh)
        beside.addStretch(1)
        printers.addLayout(beside)
        column.addLayout(printers)
        self.last_row = row_of((self.copies, 1))
        self.last_row.addWidget(self.on_receive, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(self.last_row)


def kind_key(kind: PaperKind) -> str:
    """The same form can be one paper for several dossiers and one for each."""
    return f"{kind.form}+" if kind.is_shared else kind.form


def row_of(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.px(8))
    for part, stretch in parts:
        row.addWidget(part, stretch)
    return row
