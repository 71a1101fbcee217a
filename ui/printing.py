"""The print panel: what will be printed, on which printer, and what became of it.

Papers are made, pictured and printed in workers; the panel only shows and asks. Printing
goes on behind when another dossier is opened: errands wait in line, one printer at a time.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.dossier import Dossier
from onestop.domain.moment import local
from onestop.errors import OfficeError
from ui import look
from ui.keys import shown
from ui.pages.page import Frame
from ui.paper_kinds import RECEIPT, REGISTER, kind_of, kinds_of
from ui.paper_preview import PaperPreview
from ui.print_line import PrintLine
from ui.print_strip import PrintStrip
from ui.print_work import Errand, Made, Wanted, make_paper
from ui.printer import FindPrinters, Printer, find_printers, load_print_support
from ui.tasks import Report, Running
from ui.widgets import Button, ComboField, label, plain, primary

_YEARS_BACK = 5
_SEEKING, _NONE = "Đang tìm máy in…", "Chưa có máy in"


class PrintPanel(QWidget):
    """Fills the print drawer. `open` for a dossier's papers, `open_register` for mẫu 07."""

    def __init__(self, frame: Frame, find: FindPrinters = find_printers) -> None:
        super().__init__()
        self.setObjectName("print_panel")
        self._frame, self._find = frame, find
        self._dossier: Dossier | None = None
        self._made: Made | None = None
        self._making: Running | None = None
        self._printers: tuple[Printer, ...] | None = None
        self._is_seeking = self._is_print_wished = self._is_quiet = False
        self._make_fields()
        self._make_foot()
        self._lay_out()

    # What is shown

    def open(self, dossier: Dossier, form: str = RECEIPT.form, is_new: bool = False) -> None:
        """A dossier's paper. `is_new`: just received, so it is printed at once if the officer wants that."""
        self._dossier, self._is_quiet = dossier, is_new
        self.head.setText(f"{dossier.code} · {dossier.owner.name}")
        self.kind.set_choices([(kind.form, kind.words) for kind in kinds_of(dossier)])
        self._begin(form)
        settings = self._frame.settings
        has_printer = bool(settings.text(kind_of(form).printer_key))
        self._is_print_wished = is_new and settings.is_on("print.on_receive") and has_printer

    def open_register(self, year: int = 0) -> None:
        """Mẫu 07 of a year; 0: this year."""
        self._dossier, self._is_quiet = None, False
        self.head.setText(self._frame.office.catalogue.agency.office_name)
        this_year = local(self._frame.office.now).year
        years = range(this_year, this_year - _YEARS_BACK, -1)
        self.year.set_choices([(str(each), str(each)) for each in years])
        self.year.set_key(str(year or this_year))
        self.kind.set_choices([(REGISTER.form, REGISTER.words)])
        self._begin(REGISTER.form)

    def reload(self, dossier_id: str) -> None:
        """After any act: the paper shown may say something else now."""
        if self._dossier is not None and self._dossier.id == dossier_id and self.isVisible():
            self._make()

    def _begin(self, form: str) -> None:
        self.kind.set_key(form)
        self._show_kind()
        if self.line.is_idle():
            self.strip.clear()
        if self._printers is None:
            self.find_printers()
        self._show_printers()
        self._make()

    def _wanted(self) -> Wanted:
        kind = kind_of(self.kind.key())
        dossier_id = self._dossier.id if self._dossier and kind.is_per_dossier else ""
        year = int(self.year.key() or 0)
        return Wanted(kind, dossier_id, year, self.sheet.key(), int(self.copies.key()))

    def _show_kind(self) -> None:
        """Sheets and copies of this kind, as they were chosen last."""
        kind, settings = kind_of(self.kind.key()), self._frame.settings
        self.sheet.set_choices([(size, size) for size in kind.sizes])
        self.sheet.set_key(kind.size(settings))
        self.sheet.setVisible(kind.is_per_dossier)
        self.year.setVisible(not kind.is_per_dossier)
        self.copies.set_choices([(str(n), kind.copy_words(n)) for n in (1, 2)])
        self.copies.set_key(str(kind.copies(settings)))
        self.on_receive.setVisible(kind is RECEIPT)
        self.on_receive.setChecked(settings.is_on("print.on_receive"))

    def _choose_kind(self) -> None:
        self._show_kind()
        self._show_printers()
        self._make()

    def _choose_size(self) -> None:
        kind = kind_of(self.kind.key())
        if kind.size_key:
            self._frame.change_setting(kind.size_key, self.sheet.key())
        self._make()

    def _choose_copies(self) -> None:
        self._frame.change_setting(kind_of(self.kind.key()).copies_key, int(self.copies.key()))
        self._make()

    # The paper

    def _make(self) -> None:
        wanted = self._wanted()
        if self._making is not None:
            self._making.cancel()
        if self._made is None or self._made.wanted.dossier_id != wanted.dossier_id or not wanted.dossier_id:
            self.preview.show_paper(None)
        self._made = None
        self._making = self._frame.tasks.run_long(
            self,
            partial(make_paper, self._frame.office, wanted),
            self._show_made,
            self._show_unmade,
            on_progress=self._show_making,
            where="files",
        )
        self.preview.set_caption("Đang lập bản in…")

    def _show_made(self, made: Made) -> None:
        if made.wanted != self._wanted():
            return
        self._made, self._making = made, None
        self._end_making()
        self.preview.show_paper(made)
        parts = [f"{made.count} trang", made.wanted.size, made.mark]
        if made.count > self.preview.most_shown():
            parts.append(f"xem trước {self.preview.most_shown()} trang đầu")
        self.preview.set_caption(" · ".join(part for part in parts if part))
        if self._is_print_wished:
            self._is_print_wished = False
            self.print()

    def _show_making(self, report: Report) -> None:
        if self.line.is_idle() and self._making is not None:
            self.strip.show_progress(f"Đang lập sổ: {report.words}", 0, 0)

    def _show_unmade(self, error: OfficeError) -> None:
        self._making, self._is_print_wished = None, False
        self._end_making()
        self.preview.set_caption("")
        self.strip.show_error(_words(error))

    def _end_making(self) -> None:
        if self.line.is_idle() and self.strip.is_moving():
            self.strip.clear()

    def paper(self) -> bytes:
        """What would be printed now; empty while it is being made."""
        return self._made.pdf if self._made else b""

    # Printers

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

    def _take_printers(self, printers: tuple[Printer, ...]) -> None:
        self._printers, self._is_seeking = printers, False
        self.refresh.setEnabled(True)
        self._show_printers()

    def _miss_printers(self, error: OfficeError) -> None:
        self._take_printers(())
        self.strip.show_error(_words(error))

    def _show_printers(self) -> None:
        last = self._frame.settings.text(kind_of(self.kind.key()).printer_key)
        if self._printers is None:
            choices = [(last, last)] if last else [("", _SEEKING)]
        else:
            choices = [(each.name, each.name) for each in self._printers] or [("", _NONE)]
        self.printer.set_choices(choices)
        self.printer.set_key(last)
        self.printer.editor.setEnabled(bool(self.printer.key()))
        hint = ""
        if not self.printer.key() and self._printers is not None:
            hint = "Máy này chưa cài máy in nào. Vẫn xem và lưu PDF được."
        elif last and self.printer.key() != last:
            hint = f"Không thấy {last}, máy in dùng lần trước."
        self.printer.set_hint(hint)
        self.print_button.setEnabled(bool(self.printer.key()))

    def _choose_printer(self) -> None:
        self._frame.change_setting(kind_of(self.kind.key()).printer_key, self.printer.key())

    def _printer(self) -> Printer:
        name = self.printer.key()
        return next((each for each in self._printers or () if each.name == name), Printer(name))

    # Printing and saving

    def print(self) -> None:
        """Ctrl+P: what is shown, to the printer chosen; asked too early, it follows when it is made."""
        if not self.printer.key():
            return
        if self._made is None:
            self._is_print_wished = self._making is not None
            return
        key = self._made.wanted.kind.printer_key
        if self._frame.settings.text(key) != self.printer.key():
            self._choose_printer()
        self._send(Errand(self._made, printer=self._printer()))

    def save(self) -> None:
        """Ctrl+S: asks where."""
        if self._made is None:
            return
        made, chosen = self._made, self._folder() / f"{self._made.title}.pdf"
        dialog = QFileDialog(self, "Lưu PDF", str(chosen.parent), "PDF (*.pdf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(chosen.name)
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path), made))
        dialog.open()

    def save_to(self, path: Path, made: Made | None = None) -> None:
        """The paper as our own PDF, whose text can be found and copied."""
        made = made or self._made
        if made is not None:
            self._frame.change_setting("print.folder", str(path.parent))
            self._send(Errand(made, path=path))

    def cancel(self) -> None:
        """Stops what is being printed, else the register that is being made."""
        if self.line.cancel() or self._making is None:
            return
        self._making.cancel()
        self._making = None
        self.strip.show_words("Đã huỷ, chưa lập xong.", "info", "Lập lại", self._make)
        self.preview.set_caption("")

    def _folder(self) -> Path:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(self._frame.settings.text("print.folder") or documents)

    def _send(self, errand: Errand) -> None:
        if errand.made.dossier is not None:
            self._made = None  # the next one is another paper: it says that it is a reprint
        self.line.add(errand)

    def _show_sending(self, errand: Errand, report: Report | None = None) -> None:
        verb = "Đang in" if errand.printer else "Đang lưu"
        step = f": {report.words}" if report else "…"
        behind = f" · còn {self.line.count()} bản chờ" if self.line.count() else ""
        done, total = (report.done, report.total) if report else (0, 0)
        self.strip.show_progress(f"{verb} {errand.made.title}{step}{behind}", done, total)

    def _show_sent(self, errand: Errand) -> None:
        title, path = errand.made.title, errand.path
        if path is not None:
            self.strip.show_words(
                f"Đã lưu {path.name}", "circle-check", "Mở thư mục", partial(_open, path.parent)
            )
        elif errand.printer is not None:
            is_shown = errand.made.wanted == self._wanted()
            words = f"Đã gửi {'' if is_shown else title + ' '}tới {errand.printer.name}"
            self.strip.show_words(words, "circle-check", "In lại" if is_shown else "", self.print)
        self._make_again()

    def _show_unnoted(self, errand: Errand, error: OfficeError) -> None:
        """The paper is out, so that is said first."""
        verb = "Đã in" if errand.printer else "Đã lưu"
        self.strip.show_error(f"{verb}, nhưng chưa ghi được vào nhật ký hồ sơ. {_words(error)}")
        self._make_again()

    def _show_unsent(self, errand: Errand, error: OfficeError) -> None:
        self.strip.show_error(_words(error))
        self._make_again()

    def _show_cancelled(self, errand: Errand) -> None:
        self.strip.show_words(f"Đã huỷ in {errand.made.title}.", "info")
        self._make_again()

    def _make_again(self) -> None:
        if self._made is None and self._making is None and self.isVisible():
            self._make()

    # Keys

    def showEvent(self, event: QShowEvent) -> None:
        """In a drawer the first thing would be its "Đóng"."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._take_focus_once_shown)

    def _take_focus_once_shown(self) -> None:
        """A panel that came by itself leaves the focus where somebody copies the code."""
        if not self._is_quiet:
            self.take_focus()

    def take_focus(self) -> None:
        (self.print_button if self.print_button.isEnabled() else self.save_button).setFocus()

    def event(self, event: QEvent) -> bool:
        """Ctrl+P and Ctrl+S are the panel's own while the focus is in it."""
        is_ours = isinstance(event, QKeyEvent) and self._slot_of(event) is not None
        if is_ours and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        slot = self._slot_of(event)
        if slot is None:
            super().keyPressEvent(event)
        else:
            slot()

    def _slot_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return None
        return {Qt.Key.Key_P: self.print, Qt.Key.Key_S: self.save}.get(Qt.Key(event.key()))

    # Parts

    def _make_fields(self) -> None:
        self.head = label("", "strong", is_wrapped=True)
        self.kind = ComboField("form", "Loại giấy", [])
        self.sheet = ComboField("size", "Khổ giấy", [])
        self.year = ComboField("year", "Năm", [])
        self.copies = ComboField("copies", "Số bản", [])
        self.printer = ComboField("printer", "Máy in", [])
        self.refresh = Button("Tìm lại máy in", "quiet", icon="refresh-cw")
        self.on_receive = QCheckBox("In ngay khi tiếp nhận")
        for narrow in (self.sheet, self.year, self.copies):
            narrow.editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind.changed.connect(self._choose_kind)
        self.sheet.changed.connect(self._choose_size)
        self.year.changed.connect(self._make)
        self.copies.changed.connect(self._choose_copies)
        self.printer.changed.connect(self._choose_printer)
        self.refresh.clicked.connect(self.find_printers)
        self.on_receive.clicked.connect(lambda on: self._frame.change_setting("print.on_receive", on))

    def _make_foot(self) -> None:
        self.preview = PaperPreview(self._frame.tasks)
        self.strip = PrintStrip()
        self.strip.cancelled.connect(self.cancel)
        self.print_button = primary("In", shown("print_panel"), "printer")
        self.save_button = plain("Lưu PDF…", "Ctrl+S", "save")
        self.print_button.clicked.connect(self.print)
        self.save_button.clicked.connect(self.save)
        self.line = PrintLine(self._frame, self)
        self.line.began.connect(self._show_sending)
        self.line.moved.connect(self._show_sending)
        self.line.sent.connect(self._show_sent)
        self.line.unnoted.connect(self._show_unnoted)
        self.line.failed.connect(self._show_unsent)
        self.line.cancelled.connect(self._show_cancelled)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.head)
        column.addLayout(_row((self.kind, 1), (self.sheet, 0), (self.year, 0)))
        column.addLayout(_row((self.printer, 1), (self.copies, 0)))
        column.addLayout(_row((self.on_receive, 1), (self.refresh, 0)))
        column.addWidget(self.preview, 1)
        column.addWidget(self.strip)
        column.addLayout(_row((self.print_button, 1), (self.save_button, 1)))


def _row(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.px(8))
    for part, stretch in parts:
        row.addWidget(part, stretch)
    return row


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _words(error: OfficeError) -> str:
    return f"{error.title.rstrip('.')}. {error.message}"
