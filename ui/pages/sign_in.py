"""Who sits at this desk now: the officers of the office as cards, by unit. Also the lock screen."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from onestop.domain.dossier import Role
from onestop.domain.text import fold
from onestop.office.office import Catalogue, Officer
from onestop.terms import TERMS
from ui import look
from ui.pages.page import Frame, Page
from ui.widgets.basic import EmptyState, label, picture
from ui.widgets.field import LineField

_WIDE = 1200
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


def role_words(roles: frozenset[Role]) -> str:
    """`Tiếp nhận · Thu phí` in the words of the glossary."""
    words = {term.code: term.show for term in TERMS}
    return (
        "Mọi vai trò"
        if len(roles) == len(Role)
        else " · ".join(words[role] for role in Role if role in roles)
    )


class OfficerCard(QAbstractButton):
    """An officer to be chosen by click or Enter; as high as the words in it need."""

    stepped = Signal(Qt.Key)

    def __init__(self, officer: Officer) -> None:
        super().__init__()
        self.officer = officer
        self.setObjectName(f"officer_{officer.id}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{officer.name}, {role_words(officer.roles)}, {officer.title}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(officer.name, "strong"))
        words.addWidget(label(role_words(officer.roles), "small"))
        words.addWidget(label(officer.title if officer.title != role_words(officer.roles) else "", "small"))
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
        row.setSpacing(look.px(12))
        row.addWidget(picture("user", "accent", 28), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        inside = self.layout()
        assert inside is not None
        return inside.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(look.colour("accent" if self.hasFocus() else "border"), width))
        painter.setBrush(look.colour("hover" if self.underMouse() else "base"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(6), look.px(6))
        painter.end()

    def is_found(self, typed: str) -> bool:
        words = fold(f"{self.officer.name} {role_words(self.officer.roles)} {self.officer.title}")
        return all(word in words for word in fold(typed).split())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() in _ARROWS:
            # Qt would look for a neighbour within the unit only, the area around would scroll
            self.stepped.emit(Qt.Key(event.key()))
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
        self._groups: list[tuple[QWidget, QGridLayout, list[OfficerCard]]] = []
        self._placed_for = 0
        self._none = EmptyState("search", "Không có cán bộ nào khớp", "Xoá bớt chữ đã gõ.")
        self._fill(frame.worklist.catalogue)

    def enter(self, dossier_id: str = "") -> None:
        self.filter.set_text("")
        here = next((c for c in self.cards if c.officer.id == self.frame.worklist.officer.id), None)
        (here or self.filter).setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filter, *(self.cards[:1]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in _ARROWS:
            self._step(Qt.Key(event.key()))
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
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        middle = QVBoxLayout()
        middle.setSpacing(look.px(12))
        title = QVBoxLayout()
        title.setSpacing(look.px(4))
        title.addWidget(label(self.title, "title"))
        title.addWidget(label(catalogue.agency.name, "dim"))
        head = QHBoxLayout()
        head.addLayout(title, 1)
        head.addWidget(self.filter)
        self.filter.setFixedWidth(look.px(360))
        middle.addLayout(head)
        if catalogue.is_practice:
            middle.addWidget(_practice_bar())
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
        grid.addWidget(label(words, "section"), 0, 0, 1, 3)
        cards = [OfficerCard(officer) for officer in officers]
        for card in cards:
            card.clicked.connect(lambda _=False, each=card: self.chosen.emit(each.officer.id))
            card.stepped.connect(self._step)
        self.cards += cards
        self._groups.append((made, grid, cards))
        return made

    def columns(self) -> int:
        """Four cards side by side where there is room."""
        return 4 if self.width() >= look.px(_WIDE) else 3

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.columns() != self._placed_for:
            self._placed_for = self.columns()
            for _, grid, cards in self._groups:
                _place(grid, cards, self._placed_for)

    def _narrow(self, typed: str) -> None:
        for group, _, cards in self._groups:
            for card in cards:
                card.setVisible(card.is_found(typed))
            group.setVisible(any(not card.isHidden() for card in cards))
        self._none.setVisible(not self.shown())

    def _step(self, key: Qt.Key) -> None:
        shown = self.shown()
        here = next((card for card in shown if card.hasFocus()), None)
        card = _neighbour(shown, here, key) if here else next(iter(shown), None)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(card)


def _neighbour(cards: list[OfficerCard], here: OfficerCard, key: Qt.Key) -> OfficerCard | None:
    """Before or after in reading order; above or below: the nearest row, then the nearest column."""
    if key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
        place = cards.index(here) + (1 if key == Qt.Key.Key_Right else -1)
        return cards[place] if 0 <= place < len(cards) else None
    at = here.mapToGlobal(here.rect().center())
    sign = 1 if key == Qt.Key.Key_Down else -1
    found = []
    for place, card in enumerate(cards):
        there = card.mapToGlobal(card.rect().center())
        if (there.y() - at.y()) * sign > 0:
            found.append((abs(there.y() - at.y()), abs(there.x() - at.x()), place))
    return cards[min(found)[2]] if found else None


def _place(grid: QGridLayout, cards: list[OfficerCard], columns: int) -> None:
    for place, card in enumerate(cards):
        grid.removeWidget(card)
        grid.addWidget(card, 1 + place // columns, place % columns)
    for each in range(4):
        grid.setColumnStretch(each, 1 if each < columns else 0)


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
