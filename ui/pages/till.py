"""Đối soát cuối ngày: a day's payments, what must lie in the drawer, what was counted."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.moment import local, local_day, show_at, show_on
from onestop.domain.person import parse_day
from onestop.domain.till import Count, DaySheet, TillLine
from onestop.errors import InputError, OfficeError
from onestop.office.till import close_till, day_sheet, may_count, may_see_all
from onestop.office.till_papers import count_words, method_words, save_till, sums_of, title_of
from ui import look
from ui.acts.parts import MoneyField
from ui.pages.page import Frame, Page
from ui.pages.row_form import SidedRoom, day_field
from ui.widgets import (
    Card,
    Column,
    ComboField,
    ErrorSummary,
    LineField,
    QueueTable,
    Row,
    RowModel,
    error_words,
    label,
    plain,
    primary,
)

_COLUMNS = (
    Column("Giờ", "23:59"),
    Column("Mã hồ sơ", "H56.99.88-261123-0012"),
    Column("Người nộp", "Nguyễn Thị Đặng Hường", stretch=1),
    Column("Hình thức", "Chuyển khoản", stretch=1),
    Column("Biên lai", "26TAA 00000123"),
    Column("Số tiền", "1.000.000", is_number=True),
)
_ALL = "*"


class TillSection(SidedRoom):
    """`enter` reads the day anew; an act elsewhere does too."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.sheet: DaySheet | None = None
        today = local_day(frame.worklist.now())
        self.day = day_field("day", "&Ngày", today)
        self.whose = ComboField("whose", "&Cán bộ thu", (("", ""),))
        self.whose.editor.setMinimumContentsLength(16)
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("till_table", "Các lần thu, hoàn trong ngày", self._model)
        self.said = label("", "dim", is_wrapped=True)
        self.sums = QGridLayout()
        self.closing = ClosingForm(frame)
        self._sums_card, self._count_card = Card("Cộng ngày", margin=14), Card("Kiểm đếm tiền mặt", margin=14)
        self._sums_card.body.addLayout(self.sums)
        self._count_card.body.addWidget(self.closing)
        super().__init__(self._left(), (self._sums_card, self._count_card), narrow_columns=(3, 4))
        self.setObjectName("till_section")
        self._is_first = True
        self.day.left.connect(self.read)
        self.day.editor.returnPressed.connect(self.read)
        self.whose.changed.connect(self.read)
        self.closing.counted.connect(self.read)
        self.table.opened.connect(lambda line: frame.go("dossier", self._dossier_of(line)))

    def enter(self) -> None:
        self._offer_officers()
        if self._is_first:
            self.day.set_text(show_on(local_day(self._frame.office.now)))
            self._is_first = False
        self.read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def reload(self, dossier_id: str) -> None:
        self.read()

    def catalogue_came(self) -> None:
        self._offer_officers()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.day, self.table, self.closing)

    def read(self) -> None:
        try:
            day = self._day()
        except InputError as error:
            self.day.set_error(error_words(error))
            return
        office, whose = self._frame.office, self.whose.key()
        officer = None if whose == _ALL else whose
        self._frame.tasks.run(
            self, lambda: day_sheet(office, day, officer), self._show, self._frame.show_error, busy=False
        )

    def _day(self) -> date:
        today = local_day(self._frame.office.now)
        return parse_day(self.day.text(), today, "day") if self.day.text() else today

    def _offer_officers(self) -> None:
        """A cashier sees what is his own; who answers for the office sees everybody's."""
        office = self._frame.office
        choices = [(office.officer.id, office.officer.name)]
        if may_see_all(office):
            others = [one for one in office.catalogue.officers if one.id != office.officer.id]
            choices = [(_ALL, "Cả cơ quan"), *choices, *((one.id, one.name) for one in others)]
        self.whose.set_choices(choices)

    def _show(self, sheet: DaySheet) -> None:
        self.sheet = sheet
        self._model.show_rows([_row(line) for line in sheet.lines])
        self.said.setText(_said(sheet))
        _fill(self.sums, (*sums_of(sheet), ("Tiền mặt phải có", sheet.cash_vnd)))
        own = sheet.officer == self._frame.office.officer.id and may_count(self._frame.office)
        self._count_card.setVisible(own or bool(sheet.counts))
        self.closing.show_sheet(sheet, own)
        for button in (self.pdf, self.excel):
            button.setEnabled(bool(sheet.lines))

    def _dossier_of(self, entry: str) -> str:
        lines = self.sheet.lines if self.sheet else ()
        return next((line.dossier for line in lines if line.entry == entry), "")

    def _left(self) -> QVBoxLayout:
        self.pdf = plain("&Lưu PDF…", icon="printer")
        self.excel = plain("Lưu &Excel…", icon="download")
        self.pdf.clicked.connect(lambda: self._ask_where("pdf"))
        self.excel.clicked.connect(lambda: self._ask_where("xlsx"))
        head = QHBoxLayout()
        head.setSpacing(look.px(12))
        head.addWidget(self.day)
        head.addWidget(self.whose, 1)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addWidget(self.said, 1)
        foot.addWidget(self.pdf)
        foot.addWidget(self.excel)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(label("Đối soát cuối ngày", "title"))
        left.addLayout(head)
        left.addWidget(self.table, 1)
        left.addLayout(foot)
        return left

    def _ask_where(self, ending: str) -> None:
        if self.sheet is None:
            return
        folder = self._frame.settings.text("print.folder")
        dialog = QFileDialog(self, "Lưu bảng đối soát", folder, f"Tệp (*.{ending})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(f"{title_of(self.sheet)}.{ending}")
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """What is shown, as Excel or PDF by the file's ending."""
        office, sheet = self._frame.office, self.sheet
        if sheet is not None:
            self._frame.tasks.run(
                self,
                lambda: save_till(office, sheet, path),
                lambda made: self._frame.toast(f"Đã lưu {made.name}"),
                self._frame.show_error,
                where="files",
            )


class ClosingForm(QWidget):
    """What was counted; a difference wants its reason. Earlier counts of the day stand below."""

    counted = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._frame = frame
        self._sheet: DaySheet | None = None
        self.errors = ErrorSummary("till_errors")
        self.amount = MoneyField("counted", "&Đếm được (đồng)")
        self.reason = LineField("reason", "Lý &do chênh lệch (nếu có)")
        self.button = primary("C&hốt quầy thu", icon="check")
        self.before = label("", "small", is_wrapped=True)
        self._where = label("Số đếm được giữ tại quầy này.", "small", is_wrapped=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        for part in (self.errors, self.amount, self.reason, self.button, self._where, self.before):
            column.addWidget(part)
        self.button.clicked.connect(self.close_till)

    def show_sheet(self, sheet: DaySheet, own: bool) -> None:
        is_other = self._sheet is None or (self._sheet.day, self._sheet.officer) != (sheet.day, sheet.officer)
        self._sheet = sheet
        if is_other:
            self.amount.set_text("")
            self.reason.set_text("")
            self.errors.clear()
        for part in (self.amount, self.reason, self.button, self._where):
            part.setVisible(own)
        self.before.setText("\n".join(_count_line(count, sheet.cash_vnd) for count in reversed(sheet.counts)))
        self.before.setVisible(bool(sheet.counts))

    def close_till(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        for field in (self.amount, self.reason):
            field.set_error("")
        self.errors.clear()
        try:
            amount = self.amount.amount()
        except InputError as error:
            self._refused(error)
            return
        office, reason = self._frame.office, self.reason.text()
        self._frame.tasks.run(
            self, lambda: close_till(office, sheet.day, amount, reason), self._done, self._refused
        )

    def _done(self, count: Count) -> None:
        self.amount.set_text("")
        self.reason.set_text("")
        self._frame.toast(f"Đã chốt quầy thu: {count_words(count)}")
        self.counted.emit()

    def _refused(self, error: OfficeError) -> None:
        places = {"counted": self.amount, "reason": self.reason}
        place = places.get(error.field or "")
        if not isinstance(error, InputError):
            self._frame.show_error(error)
            return
        if place is not None:
            place.set_error(error_words(error))
        self.errors.show_errors([(error.title, place)])


class TillPage(Page):
    """The section as a place of its own, for those who take money."""

    place = "till"
    title = "Đối soát"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.setObjectName("till")
        self.section = TillSection(frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(8), look.px(14), look.px(8))
        column.addWidget(self.section)

    def enter(self, dossier_id: str = "") -> None:
        self.section.enter()

    def reload(self, dossier_id: str) -> None:
        if self.isVisible():
            self.section.reload(dossier_id)

    def catalogue_came(self) -> None:
        self.section.catalogue_came()

    def panes(self) -> tuple[QWidget, ...]:
        return self.section.panes()


def _row(line: TillLine) -> Row:
    words = f"{line.amount_vnd:,}".replace(",", ".")
    method = (
        method_words(line.method) if line.amount_vnd > 0 else f"Hoàn: {method_words(line.method).lower()}"
    )
    cells = (f"{local(line.at):%H:%M}", line.code, line.payer, method, line.fee_receipt, words)
    return Row(line.entry, cells, is_strong=False)


def _said(sheet: DaySheet) -> str:
    words = f"{len(sheet.lines)} lần thu, hoàn ngày {show_on(sheet.day)}"
    return f"{words} · {sheet.waiting} lần còn chờ xử lý, chưa tính" if sheet.waiting else words


def _count_line(count: Count, cash_vnd: int) -> str:
    words = f"{show_at(count.at)}: {count_words(count)}"
    return words if count.expected_vnd == cash_vnd else f"{words} (sổ đã đổi sau khi chốt)"


def _fill(grid: QGridLayout, sums: tuple[tuple[str, int], ...]) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    for place, (words, amount) in enumerate(sums):
        is_last = place == len(sums) - 1
        value = label(f"{amount:,}".replace(",", "."), "strong" if is_last else "")
        grid.addWidget(label(words, "strong" if is_last else "dim"), place, 0)
        grid.addWidget(value, place, 1, Qt.AlignmentFlag.AlignRight)
