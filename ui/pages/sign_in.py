"""Who sits at this desk now: the officers of the office as cards, by unit. Also the lock screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.dossier import Role
from onestop.domain.text import fold
from onestop.office.office import Catalogue, Officer
from onestop.terms import TERMS
from ui import look
from ui.pages.page import Frame, Page
from ui.widgets.basic import EmptyState, label, picture
from ui.widgets.field import LineField

_COLUMNS = 3


def role_words(roles: frozenset[Role]) -> str:
    """`Tiếp nhận · Thu phí` in the words of the glossary."""
    words = {term.code: term.show for term in TERMS}
    return (
        "Mọi vai trò"
        if len(roles) == len(Role)
        else " · ".join(words[role] for role in Role if role in roles)
    )


class OfficerCard(QPushButton):
    """An officer to be chosen by click or Enter."""

    def __init__(self, officer: Officer) -> None:
        super().__init__()
        self.officer = officer
        self.setObjectName(f"officer_{officer.id}")
        self.setProperty("look", "plain")
        self.setAutoDefault(False)
        self.setAccessibleName(f"{officer.name}, {role_words(officer.roles)}, {officer.title}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(officer.name, "strong"))
        words.addWidget(label(role_words(officer.roles), "small"))
        self._title = label(officer.title, "small", is_wrapped=True)
        words.addWidget(self._title)
        self._title.setVisible(bool(officer.title))
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
        row.setSpacing(look.px(12))
        row.addWidget(picture("user", "accent", 28), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(look.px(76))

    def is_found(self, typed: str) -> bool:
        words = fold(f"{self.officer.name} {role_words(self.officer.roles)} {self.officer.title}")
        return all(word in words for word in fold(typed).split())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class SignInPage(Page):
    """Arrows go from card to card, Enter chooses; letters filter. `chosen(officer_id)`."""

    place = "sign_in"
    title = "Ai đang ngồi ở quầy này?"
    chosen = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.setObjectName("sign_in")
        self.filter = LineField("officer_filter", "&Tìm theo tên hoặc vai trò")
        self.filter.editor.textChanged.connect(self._narrow)
        self.filter.editor.installEventFilter(self)
        self.cards: list[OfficerCard] = []
        self._groups: list[tuple[QWidget, list[OfficerCard]]] = []
        self._none = EmptyState("search", "Không có cán bộ nào khớp", "Xoá bớt chữ đã gõ.")
        self._fill(frame.worklist.catalogue)

    def enter(self, dossier_id: str = "") -> None:
        self.filter.set_text("")
        here = next((c for c in self.cards if c.officer.id == self.frame.worklist.officer.id), None)
        (here or self.filter).setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filter, *(self.cards[:1]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: _COLUMNS,
            Qt.Key.Key_Up: -_COLUMNS,
        }.get(Qt.Key(event.key()))
        text = event.text()
        if step:
            self._step(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and len(self.shown()) == 1:
            self.shown()[0].click()
        elif text.strip() and text.isprintable() and not self.filter.editor.hasFocus():
            self.filter.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.filter.editor.insert(text)
        else:
            super().keyPressEvent(event)

    def shown(self) -> list[OfficerCard]:
        """The cards that fit what was typed."""
        return [card for card in self.cards if not card.isHidden()]

    def _fill(self, catalogue: Catalogue) -> None:
        inside = QWidget()
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(8), 0)
        column.setSpacing(look.px(12))
        for unit in catalogue.units:
            officers = [officer for officer in catalogue.officers if officer.unit == unit.id]
            if officers:
                column.addWidget(self._group(unit.name, officers))
        column.addWidget(self._none)
        column.addStretch(1)
        self._none.hide()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        middle = QVBoxLayout()
        middle.setSpacing(look.px(12))
        middle.addWidget(label(self.title, "title"))
        middle.addWidget(label(catalogue.agency.name + " · " + catalogue.agency.office_name, "dim"))
        if catalogue.is_practice:
            middle.addWidget(_practice_bar())
        middle.addWidget(self.filter)
        middle.addWidget(scroll, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(24), look.px(24), look.px(24), look.px(16))
        row.addStretch(1)
        row.addLayout(middle, 12)
        row.addStretch(1)

    def _group(self, words: str, officers: list[Officer]) -> QWidget:
        made = QWidget()
        made.setProperty("look", "clear")
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.px(8))
        grid.addWidget(label(words, "section"), 0, 0, 1, _COLUMNS)
        cards = [OfficerCard(officer) for officer in officers]
        for place, card in enumerate(cards):
            card.clicked.connect(lambda _=False, each=card: self.chosen.emit(each.officer.id))
            grid.addWidget(card, 1 + place // _COLUMNS, place % _COLUMNS)
        for each in range(_COLUMNS):
            grid.setColumnStretch(each, 1)
        self.cards += cards
        self._groups.append((made, cards))
        return made

    def _narrow(self, typed: str) -> None:
        for group, cards in self._groups:
            for card in cards:
                card.setVisible(card.is_found(typed))
            group.setVisible(any(not card.isHidden() for card in cards))
        self._none.setVisible(not self.shown())

    def _step(self, by: int) -> None:
        shown = self.shown()
        here = next((place for place, card in enumerate(shown) if card.hasFocus()), None)
        if not shown:
            return
        place = 0 if here is None else min(max(0, here + by), len(shown) - 1)
        shown[place].setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(shown[place])


def _practice_bar() -> QFrame:
    made = QFrame()
    made.setObjectName("practice_bar")
    made.setProperty("look", "notice")
    row = QHBoxLayout(made)
    row.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
    row.setSpacing(look.px(8))
    row.addWidget(picture("info", "accent", 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label("Văn phòng thực hành", "strong"))
    row.addWidget(label("Cơ quan, cán bộ và công dân đều do tưởng tượng: cứ thử, không sợ hỏng."), 1)
    return made
