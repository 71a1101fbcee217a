"""How the blocks of a template stand in the list of its editor, and what findings say of them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from onestop.domain.template import Template
from onestop.domain.template_check import Finding
from onestop.domain.template_edit import depths
from onestop.domain.template_words import block_words, flat_all, texts_of
from ui import look
from ui.widgets import Button, Row, plain


def short(icon: str, words: str) -> Button:
    """A picture alone; its words as tip and for the reader."""
    made = plain("", icon=icon)
    made.setToolTip(words)
    made.setAccessibleName(words.partition(" (")[0])
    made.setFixedWidth(look.px(40))
    return made


def block_rows(template: Template) -> list[Row]:
    texts: dict[int, str] = {}
    for each in texts_of(template):
        if each.member != "when" and each.text.strip():
            texts[each.place] = f"{texts.get(each.place, '')} {each.text}".strip()
    rows = [Row("0", ("Chung", template.name), is_strong=True)]
    places = zip(flat_all(template.blocks), depths(template.blocks), strict=True)
    for number, (block, depth) in enumerate(places, 1):
        words = f"{'   ' * depth}{block_words(block)}"
        rows.append(Row(str(number), (words, texts.get(number, "")), tip=texts.get(number, "")))
    return rows


def finding_words(found: Finding) -> str:
    return f"Khối {found.place}. {found.words}" if found.place else found.words


class Link(QWidget):
    """Where a finding leads: `find` shows the place and gives its field; without one the focus goes to
    the list."""

    def __init__(self, table: QWidget, find: Callable[[], QWidget | None]) -> None:
        super().__init__(table)
        self._table, self._find = table, find
        self.hide()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        (self._find() or self._table).setFocus(reason)
