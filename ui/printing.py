"""The print panel: what will be printed, on which printer, and what became of it.

Papers are made, pictured and printed in workers; the panel only shows and asks. Printing
goes on behind when another dossier is opened: errands wait in line, one printer at a time.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from onestop.domain.dossier import Dossier
from onestop.domain.template import SIZE_WORDS
from onestop.errors import OfficeError
from onestop.office.deeds import find_dossier
from ui import look
from ui.keys import shown
from ui.pages.page import Frame
from ui.paper_kinds import REGISTER, PaperKind, kinds_of
from ui.paper_preview import PaperPreview
from ui.print_fields import PrintFields, row_of
from ui.print_line import PrintLine
from ui.print_strip import PrintStrip
from ui.print_work import Errand, Made, Wanted, make_paper
from ui.printer import FindPrinters, find_printers
from ui.register_fields import RegisterFields
from ui.tasks import Report, Running
from ui.trays import FindTrays, find_trays
from ui.widgets import label, plain, primary


class PrintPanel(QWidget):
    """Fills the print drawer. `open` for a dossier's papers, `open_register` for mẫu 07."""

    def __init__(
        self, frame: Frame, find: FindPrinters = find_printers, trays: FindTrays = find_trays
    ) -> None:
        super().__init__()
        self.setObjectName("print_panel")
        self._frame = frame
        self._dossier: Dossier | None = None
        self._made: Made | None = None
        self._making: Running | None = None
        self._is_print_wished = self._is_quiet = False
        self._make_fields(find, trays)
        self._make_foot()
        self._lay_out()

    # What is shown

    def open(self, dossier: Dossier, form: str = "01", is_new: bool = False) -> None:
        """A dossier's paper. `is_new`: just received, so it is printed at once if the officer wants that."""
        self._dossier, self._is_quiet = dossier, is_new
        self.head.setText(f"{dossier.code} · {dossier.owner.name}")
        kinds = kinds_of(self._frame.office, dossier)
        if not kinds:
            self._show_nothing()
            return
        self._begin(kinds, form)
        is_wanted = is_new and self._frame.settings.is_on("print.on_receive")
        self._is_print_wished = is_wanted and self.fields.is_known()

    def open_register(self, year: int = 0) -> None:
        """Mẫu 07 of a year; 0: this year."""
        self._dossier, self._is_quiet = None, False
        self.head.setText(self._frame.office.catalogue.agency.office_name)
        self.register.open_year(year)
        self._begin([REGISTER], REGISTER.form)

    def reload(self, dossier_id: str) -> None:
        """After any act: the paper shown may say something else now, and others may have come."""
        if self._dossier is not None and self._dossier.id == dossier_id and self.isVisible():
            office = self._frame.office
            read = partial(find_dossier, office, dossier_id)
            self._frame.tasks.run(self, read, self._take_again, self._show_unmade, busy=False)

    def _take_again(self, dossier: Dossier) -> None:
        if self._dossier is None or self._dossier.id != dossier.id:
            return  # another one is shown by now
        self._dossier = dossier
        kinds = kinds_of(self._frame.office, dossier)
        if not kinds:
            self._show_nothing()
        elif kinds != self.fields.kinds():
            self._begin(kinds, self.kind.key())
        else:
            self._make()

    def _begin(self, kinds: Sequence[PaperKind], form: str) -> None:
        self.fields.setEnabled(True)
        self.fields.show_kinds(kinds, form)
        self.register.show_all(self._dossier is None)
        self._show_version()
        if self.line.is_idle():
            self.strip.clear()
        self._allow_printing()
        self._make()

    def _show_nothing(self) -> None:
        """A dossier that has not come to any paper yet."""
        if self._making is not None:
            self._making.cancel()
        self._made = self._making = None
        self._is_print_wished = False
        self.fields.setEnabled(False)
        self.register.show_all(False)
        self.preview.show_paper(None)
        self.preview.set_caption("")
        self.print_button.setEnabled(False)
        self.strip.show_words("Hồ sơ này chưa có giấy nào để in: hồ sơ chưa được tiếp nhận.", "info")

    def _wanted(self) -> Wanted:
        kind = self.fields.chosen()
        dossier_id = self._dossier.id if self._dossier and kind.is_per_dossier else ""
        span = self.register.span() if kind is REGISTER else None
        return Wanted(kind, dossier_id, span, self.fields.sheet_size(), self.fields.count())

    def _choose(self) -> None:
        self._show_version()
        self._make()

    def _show_version(self) -> None:
        """The whole name of the paper and the circular it follows, below its short one."""
        kind = self.fields.chosen()
        self.kind.editor.setToolTip(", ".join(part for part in (kind.name, kind.circular) if part))

    def _allow_printing(self) -> None:
        self.print_button.setEnabled(self.fields.printer_chosen() is not None)

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
        circular = made.wanted.kind.circular.removesuffix("/TT-VPCP")
        parts = [f"{made.count} trang", SIZE_WORDS[made.wanted.size], circular, made.mark]
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

    # Printing and saving

    def print(self) -> None:
        """Ctrl+P: what is shown, to the printer chosen; asked too early, it follows when it is made.
        Where there is no printer it becomes a PDF."""
        if self._made is None:
            self._is_print_wished = self._making is not None
            return
        printer = self.fields.printer_chosen()
        if printer is None:
            self.save()
            return
        self.fields.remember_printer()
        self._send(Errand(self._made, printer=printer, tray=self.fields.tray_chosen()))

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
        if self.line.cancel() or self.register.cancel() or self._making is None:
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

    def _make_fields(self, find: FindPrinters, trays: FindTrays) -> None:
        self.head = label("", "strong", is_wrapped=True)
        fields = self.fields = PrintFields(self._frame, find, trays)
        self.kind, self.sheet = fields.kind, fields.sheet
        self.copies, self.printer, self.tray = fields.copies, fields.printer, fields.tray
        self.on_receive = fields.on_receive
        self.strip = PrintStrip()
        self.register = RegisterFields(self._frame, self.strip)
        self.register.changed.connect(self._make)
        fields.changed.connect(self._choose)
        fields.settled.connect(self._allow_printing)
        fields.failed.connect(lambda error: self.strip.show_error(_words(error)))

    def _make_foot(self) -> None:
        self.preview = PaperPreview(self._frame.tasks)
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
        for each in (self.fields, self.register):  # the preview gives way, not they
            each.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            column.addWidget(each)
        column.addWidget(self.preview, 1)
        column.addWidget(self.strip)
        column.addLayout(row_of((self.print_button, 1), (self.save_button, 1), (self.register.excel, 0)))
        self.fields.last_row.addWidget(self.register.paper_book)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _words(error: OfficeError) -> str:
    return f"{error.title.rstrip('.')}. {error.message}"
