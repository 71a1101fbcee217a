"""Tờ khai: the forms of procedures, each shown filled in with sample values, on screen and on paper."""

from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from onestop.domain.declaration import DeclarationForm, form_key, form_to_dict
from onestop.domain.declaration_check import check_form
from onestop.domain.declaration_sample import SAMPLE_OWNER, sample_values
from onestop.domain.declaration_values import sources_of
from onestop.domain.moment import local_day
from onestop.errors import OfficeError
from onestop.office.changing import RowChange, change_rows
from onestop.office.declaring import form_paper
from onestop.office.office import Catalogue, Office
from onestop.printing import PageImage, declaration_pdf, page_images
from ui import look
from ui.pages.page import Frame
from ui.pages.receive_components import Scroll
from ui.widgets import EmptyState, PageView, TabBar, label
from ui.widgets.declaration import DeclarationFields

_TABS = (("screen", "Trên màn hình", None), ("paper", "Bản in", None), ("blank", "Bản in để trống", None))
_CONFIDENCE = {
    "high": "theo đúng mẫu ban hành",
    "medium": "cần đối chiếu với mẫu ban hành",
    "low": "phải đối chiếu với mẫu ban hành",
}
_DPI = 110


class FormsSection(QWidget):
    """Forms are imported and exported as packs; here they are looked at, and asked for or not."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("forms_section")
        self._frame = frame
        self.forms: tuple[DeclarationForm, ...] = ()
        self.list = QListWidget()
        self.list.setObjectName("forms")
        self.list.setAccessibleName("Danh sách tờ khai")
        self.title = label("", "section", is_wrapped=True)
        self.facts = label("", "dim", is_wrapped=True)
        self.findings = label("", "warning", is_wrapped=True)
        self.is_needed = QCheckBox("&Bắt buộc điền trên máy khi tiếp nhận")
        self.tabs = TabBar("form_tabs", "Cách xem tờ khai")
        self.tabs.set_tabs(_TABS)
        self.preview = DeclarationFields(self._today)
        self.pages = PageView("form_pages")
        self._lay_out()
        self.list.currentRowChanged.connect(lambda _: self._show())
        self.tabs.chosen.connect(lambda _: self._show_tab())
        self.is_needed.clicked.connect(self._change_needed)

    def enter(self) -> None:
        self._read()

    def catalogue_came(self) -> None:
        """Rows are others now: a pack was imported here, or came from the hub."""
        self._read()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.list, self.tabs)

    def form(self) -> DeclarationForm | None:
        row = self.list.currentRow()
        return self.forms[row] if 0 <= row < len(self.forms) else None

    # ---- showing -------------------------------------------------------------------------

    def _read(self) -> None:
        shown = self.form()
        catalogue = self._frame.office.catalogue
        self.forms = tuple(sorted(catalogue.declarations, key=lambda form: (form.title, form.effective_on)))
        self.list.blockSignals(True)
        self.list.clear()
        for form in self.forms:
            item = QListWidgetItem(f"{form.title}\n{_summary(form)}")
            self.list.addItem(item)
        keys = [form_key(form) for form in self.forms]
        known = keys.index(form_key(shown)) if shown and form_key(shown) in keys else 0
        self.list.setCurrentRow(known)
        self.list.blockSignals(False)
        self._show()

    def _show(self) -> None:
        form = self.form()
        self._stage.setCurrentWidget(self._right if form else self._empty)
        if form is None:
            return
        self.title.setText(form.title)
        self.facts.setText(_facts(self._frame.office.catalogue, form))
        words = [f"{finding.where}: {finding.words}".removeprefix(": ") for finding in check_form(form)]
        self.findings.setText("\n".join(words))
        self.findings.setVisible(bool(words))
        self.is_needed.setChecked(form.needed)
        today = self._today()
        self.preview.show_form(form)
        self.preview.set_sources(sources_of(SAMPLE_OWNER, SAMPLE_OWNER, today))
        self.preview.fill(sample_values(form, today))
        self._show_tab()

    def _show_tab(self) -> None:
        form, key = self.form(), self.tabs.key()
        self._views.setCurrentWidget(self._screen if key == "screen" else self.pages)
        if form is None or key == "screen":
            return
        office = self._frame.office
        self.pages.set_pages([])
        self._frame.tasks.run(
            self,
            partial(_pictures, office, form, key == "paper", self._today()),
            lambda pages: self._show_pages(form, key, pages),
            self._frame.show_error,
            where="files",
            busy=False,
        )

    def _show_pages(self, form: DeclarationForm, key: str, pages: list[PageImage]) -> None:
        """Another form or another view may have been chosen meanwhile."""
        if form == self.form() and key == self.tabs.key():
            self.pages.set_pages(pages)

    # ---- the one thing that is changed here ----------------------------------------------

    def _change_needed(self) -> None:
        form, office, is_on = self.form(), self._frame.office, self.is_needed.isChecked()
        if form is None:
            return
        row = form_to_dict(form) | {"needed": is_on}
        if not is_on:
            del row["needed"]
        words = f"{'Bắt buộc' if is_on else 'Không bắt buộc'} điền trên máy: {form.title}"
        change = RowChange("declaration", form_key(form), row)
        self._frame.tasks.run(
            self,
            lambda: change_rows(office, [change], words),
            lambda _: self._frame.catalogue_changed(),
            self._not_changed,
        )

    def _not_changed(self, error: OfficeError) -> None:
        self._read()
        self._frame.show_error(error)

    def _today(self) -> date:
        return local_day(self._frame.office.now)

    # ---- building ------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.list.setFixedWidth(look.px(300))
        self.list.setWordWrap(True)
        self.list.setSpacing(look.px(3))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._screen = Scroll(_padded(self.preview))
        self._views = QStackedWidget()
        self._views.addWidget(self._screen)
        self._views.addWidget(self.pages)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(look.px(6))
        for part in (self.title, self.facts, self.findings, self.is_needed, self.tabs):
            right.addWidget(part)
        right.addWidget(self._views, 1)
        words = "Nhập mẫu tờ khai bằng gói dữ liệu (JSON) ở mục Gói dữ liệu."
        self._empty = EmptyState("file-text", "Chưa có mẫu tờ khai", words)
        self._stage = QStackedWidget()
        self._stage.addWidget(self._right)
        self._stage.addWidget(self._empty)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(self.list)
        row.addWidget(self._stage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(label("Tờ khai", "title"))
        column.addLayout(row, 1)


def _padded(inside: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(look.px(4), 0, look.px(12), look.px(8))
    column.addWidget(inside)
    column.addStretch(1)
    return made


def _pictures(office: Office, form: DeclarationForm, is_filled: bool, today: date) -> list[PageImage]:
    """The pages of the form with sample values, or with dots to fill in."""
    values = sample_values(form, today) if is_filled else {}
    return page_images(declaration_pdf(form_paper(office, form, values)), _DPI)


def _summary(form: DeclarationForm) -> str:
    since = f" · từ {form.effective_on}" if form.effective_on else ""
    return f"bản {form.version}{since} · {len(form.procedures)} thủ tục"


def _facts(catalogue: Catalogue, form: DeclarationForm) -> str:
    names = {one.code: one.name for one in catalogue.procedures}
    codes = [code.partition("/")[0] for code in form.procedures]
    procedures = "; ".join(f"{code} {names.get(code, '(không có trong danh mục)')}" for code in codes[:4])
    more = f" và {len(codes) - 4} thủ tục khác" if len(codes) > 4 else ""
    sure = _CONFIDENCE.get(form.confidence, "")
    return f"{form.ground}{f' · {sure}' if sure else ''}\nThủ tục: {procedures}{more}"
