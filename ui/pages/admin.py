"""Quản trị: what the office keeps as data, a section each in the list at the left.

A section is a QWidget made with the frame; `enter()` is called whenever it comes to the front.
It may also have, as a page has: `leave() -> bool` (False: stay, something is typed here),
`reload(dossier_id)`, `catalogue_came()` (rows are others now) and `panes()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from ui import look
from ui.pages.page import Frame, Page
from ui.widgets.basic import label

_WIDTH = 208


@dataclass(frozen=True, slots=True)
class Section:
    """`make` imports the section at its first visit."""

    id: str
    words: str
    icon: str
    make: Callable[[Frame], QWidget]


def _calendar(frame: Frame) -> QWidget:
    from ui.pages.calendar_section import CalendarSection

    return CalendarSection(frame)


def _agencies(frame: Frame) -> QWidget:
    from ui.pages.agencies_section import AgenciesSection

    return AgenciesSection(frame)


def _officers(frame: Frame) -> QWidget:
    from ui.pages.officers_section import OfficersSection

    return OfficersSection(frame)


def _routes(frame: Frame) -> QWidget:
    from ui.pages.routes_section import RoutesSection

    return RoutesSection(frame)


def _forms(frame: Frame) -> QWidget:
    from ui.pages.forms_section import FormsSection

    return FormsSection(frame)


def _templates(frame: Frame) -> QWidget:
    from ui.pages.templates_section import TemplatesSection

    return TemplatesSection(frame)


def _packs(frame: Frame) -> QWidget:
    from ui.pages.packs_section import PacksSection

    return PacksSection(frame)


def _fees(frame: Frame) -> QWidget:
    from ui.pages.fees_section import FeesSection

    return FeesSection(frame)


def _till(frame: Frame) -> QWidget:
    from ui.pages.till import TillSection

    return TillSection(frame)


def _procedures(frame: Frame) -> QWidget:
    from ui.pages.procedures_section import ProceduresSection

    return ProceduresSection(frame)


SECTIONS: tuple[Section, ...] = (
    Section("calendar", "Lịch làm việc", "calendar", _calendar),
    Section("procedures", "Thủ tục", "list-checks", _procedures),
    Section("fees", "Phí, lệ phí", "wallet", _fees),
    Section("till", "Đối soát cuối ngày", "square-check", _till),
    Section("agencies", "Cơ quan, địa bàn", "building-2", _agencies),
    Section("officers", "Cán bộ, xử lý thay", "users", _officers),
    Section("routes", "Quy trình nội bộ", "git-compare-arrows", _routes),
    Section("forms", "Tờ khai", "file-text", _forms),
    Section("templates", "Mẫu in", "printer", _templates),
    Section("packs", "Gói dữ liệu", "package-check", _packs),
)  # fmt: skip


class AdminPage(Page):
    """`enter(section_id)` opens a section; without one the last."""

    place = "admin"
    title = "Quản trị"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.setObjectName("admin")
        self.section = ""
        self._made: dict[str, QWidget] = {}
        self.list = _section_list()
        self._stage = QStackedWidget()
        column = QVBoxLayout()
        column.setSpacing(look.px(8))
        column.addWidget(label(self.title, "title"))
        column.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(14), look.px(8), look.px(8), look.px(8))
        row.setSpacing(look.px(12))
        row.addLayout(column)
        row.addWidget(self._stage, 1)
        self.list.currentRowChanged.connect(self._row_changed)

    def enter(self, dossier_id: str = "") -> None:
        """`dossier_id` holds the id of a section here."""
        wanted = dossier_id or self.section or SECTIONS[0].id
        self._bring(wanted)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Icons of a list follow no theme by themselves."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "list"):
            for row, section in enumerate(SECTIONS):
                self.list.item(row).setIcon(look.icon(section.icon, "text", 20))

    def leave(self) -> bool:
        return bool(self._ask("leave", True))

    def may_be_remade(self) -> bool:
        return bool(self._ask("may_be_remade", True))

    def shown_dossier(self) -> str:
        return self.section

    def reload(self, dossier_id: str) -> None:
        if self.isVisible():
            self._ask("reload", None, dossier_id)

    def catalogue_came(self) -> None:
        self._ask("catalogue_came", None)

    def panes(self) -> tuple[QWidget, ...]:
        front = self.front()
        inside = self._ask("panes", (front,) if front else ())
        return (self.list, *inside)

    def front(self) -> QWidget | None:
        """The section shown now."""
        return self._made.get(self.section)

    def _ask(self, name: str, otherwise: Any, *given: str) -> Any:
        """What the section in front has to say; the names are optional there."""
        said = getattr(self.front(), name, None)
        return said(*given) if said is not None else otherwise

    @Slot(int)
    def _row_changed(self, row: int) -> None:
        wanted = SECTIONS[row].id
        if wanted == self.section:
            return
        if self.leave():
            self._bring(wanted)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)  # arrows go on down the list; Tab goes in
        else:
            self._mark(self.section)

    def _bring(self, section_id: str) -> None:
        self._mark(section_id)
        if section_id not in self._made:
            section = next(each for each in SECTIONS if each.id == section_id)
            self._made[section_id] = section.make(self.frame)
            self._stage.addWidget(self._made[section_id])
        self.section = section_id
        front = self._made[section_id]
        self._stage.setCurrentWidget(front)
        self._ask("enter", None)

    def _mark(self, section_id: str) -> None:
        row = next(row for row, each in enumerate(SECTIONS) if each.id == section_id)
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)


def _section_list() -> QListWidget:
    made = QListWidget()
    made.setObjectName("admin_sections")
    made.setAccessibleName("Các phần quản trị")
    made.setFixedWidth(look.px(_WIDTH))
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setIconSize(QSize(look.px(20), look.px(20)))
    made.setSpacing(look.px(1))
    for section in SECTIONS:
        item = QListWidgetItem(look.icon(section.icon, "text", 20), section.words)
        item.setSizeHint(QSize(0, look.px(38)))
        made.addItem(item)
    return made
