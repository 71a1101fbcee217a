"""The style sheet: one text made from the tokens. Looks are set by `look.dress(widget, name)`."""

from onestop.paths import resource
from ui.tokens import Tokens

_SHEET = """
QWidget { color: @text; }
QMainWindow, QDialog, QWidget[look="page"] { background: @window; }
QLabel { background: transparent; }
QLabel[look="title"] { font-size: @15.0pt; font-weight: 700; }
QLabel[look="section"] { font-size: @11.25pt; font-weight: 700; }
QLabel[look="strong"] { font-weight: 700; }
QLabel[look="dim"] { color: @dim; }
QLabel[look="small"] { color: @dim; font-size: @9.0pt; }
QLabel[look="error"] { color: @error; font-weight: 700; font-size: @9.75pt; }
QLabel[look="success"] { color: @success; }
QLabel[look="warning"] { color: @warning; font-weight: 700; }
QLabel[look="number"] { font-size: @24.0pt; font-weight: 700; }

QFrame[look="card"] { background: @base; border: 1px solid @line; border-radius: @6px; }
QFrame[look="drawer"] { background: @base; border: 0; border-left: 1px solid @line; }
QFrame[look="bar"] { background: @base; border: 0; border-bottom: 1px solid @line; }
QFrame[look="popup"] { background: @base; border: 1px solid @border; border-radius: @4px; }
QFrame[look="rule"] { background: @line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[look="errors"] { background: @error_tint; border: 2px solid @error_edge; border-radius: @6px; }
QFrame[look="errors"] QLabel { color: @error; background: transparent; font-weight: 700; }
QFrame[look="notice"] { background: @selection; border: 1px solid @accent; border-radius: @6px; }
QFrame[look="toast"] { background: @toast; border-radius: @6px; }
QFrame[look="toast"] QLabel { color: @toast_text; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit {
  background: @base; color: @text; border: 1px solid @border; border-radius: @4px;
  padding: 0 @10px; min-height: @32px;
  selection-background-color: @accent; selection-color: @accent_text;
}
QPlainTextEdit, QTextEdit { padding: @4px @6px; }
QSpinBox { padding: 0 @4px; max-height: @32px; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; height: 0; border: 0; }
QLineEdit, QPlainTextEdit { placeholder-text-color: @dim; }
QSpinBox QLineEdit, QSpinBox QLineEdit:focus {
  border: 0; padding: 0; min-height: 0; background: transparent;
}
PageView { border: 1px solid @line; background: @window; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus {
  border: 2px solid @accent; padding: 0 @9px; min-height: @30px;
}
QSpinBox:focus { border: 2px solid @accent; padding: 0 @3px; min-height: @30px; max-height: @30px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @accent; padding: @3px @5px; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] {
  border: 2px solid @error_edge; padding: 0 @9px; min-height: @30px;
}
QPlainTextEdit[invalid="true"] { border: 2px solid @error_edge; padding: @3px @5px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: @alt; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QSpinBox:disabled {
  background: @alt; color: @dim; border-color: @line;
}
QComboBox::drop-down { border: 0; width: @28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { border: 1px solid @border; background: @base; outline: 0; padding: @4px; }
QComboBox QAbstractItemView::item { min-height: @32px; padding: 0 @8px; }
QComboBox QAbstractItemView::item:selected { background: @selection; color: @text; }

QPushButton {
  background: @base; color: @text; border: 1px solid @border; border-radius: @4px;
  padding: 0 @14px; min-height: @32px;
}
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selection; }
QPushButton:focus { border: 2px solid @accent; padding: 0 @13px; min-height: @30px; }
QPushButton:disabled { color: @dim; border-color: @line; background: @alt; }
QPushButton[look="primary"] {
  background: @accent; color: @accent_text; border: 1px solid @accent; font-weight: 700;
}
QPushButton[look="primary"]:hover { background: @accent_hover; border-color: @accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid @accent; }
QPushButton[look="danger"] {
  background: @danger; color: @danger_text; border: 1px solid @danger; font-weight: 700;
}
QPushButton[look="danger"]:hover { background: @danger_hover; border-color: @danger_hover; }
QPushButton[look="danger"]:focus { border: 2px solid @danger; }
QPushButton[look="primary"]:disabled, QPushButton[look="danger"]:disabled {
  color: @dim; border-color: @line; background: @alt;
}
QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent; padding: 0 @8px; }
QPushButton[look="quiet"]:hover { background: @hover; }
QPushButton[look="quiet"]:focus { border: 2px solid @accent; padding: 0 @7px; }
QPushButton[look="link"] {
  background: transparent; border: 1px solid transparent; color: @accent; text-align: left;
  padding: 0 @3px; text-decoration: underline; min-height: @26px;
}
QPushButton[look="link"]:focus { border: 2px solid @accent; padding: 0 @2px; min-height: @24px; }
QFrame[look="errors"] QPushButton[look="link"] { color: @error; }
QFrame[look="errors"] QPushButton[look="link"]:focus { border-color: @error; }
QFrame[look="toast"] QPushButton {
  background: transparent; border: 1px solid transparent; color: @toast_action; font-weight: 700;
}
QFrame[look="toast"] QPushButton:focus { border: 2px solid @toast_action; }
QToolButton {
  background: transparent; border: 1px solid transparent; border-radius: @4px;
  min-height: @30px; min-width: @30px;
}
QToolButton:hover { background: @hover; }
QToolButton:focus { border: 2px solid @accent; }
QLineEdit > QToolButton { min-height: 0; min-width: 0; border: 0; padding: 0; }
QToolButton[look="step"] { border: 1px solid @border; background: @base; }
QToolButton[look="step"]:hover { background: @hover; }
QToolButton[look="step"]:focus { border: 2px solid @accent; }

QCheckBox, QRadioButton {
  min-height: @32px; spacing: @8px; background: transparent;
  border: 2px solid transparent; border-radius: @4px; padding: 0 @4px;
}
QCheckBox::indicator, QRadioButton::indicator {
  width: @16px; height: @16px; border: 2px solid @border; background: @base;
}
QCheckBox::indicator { border-radius: @4px; }
QRadioButton::indicator { border-radius: @round; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url("@tick"); }
QRadioButton::indicator:checked { border: @6px solid @accent; width: @8px; height: @8px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid @accent; }

QTableView, QListView, QTreeView {
  background: @base; alternate-background-color: @alt; border: 1px solid @line; outline: 0;
  selection-background-color: @selection; selection-color: @text; gridline-color: @line;
}
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid @accent; }
QListView[look="plain"] { border: 2px solid transparent; background: transparent; }
QListView[look="plain"]:focus { border: 2px solid @accent; border-radius: @4px; }
QListView[look="popup"] { border: 1px solid @border; border-radius: @4px; }
QHeaderView { background: @window; border: 0; }
QHeaderView::section {
  background: @window; color: @dim; font-weight: 700; border: 0; border-bottom: 1px solid @line;
  padding: 0 @10px; min-height: @36px;
}
QTableCornerButton::section { background: @window; border: 0; }

QScrollArea { border: 0; background: transparent; }
QScrollArea[look="reading"] { border: 2px solid transparent; border-radius: @4px; }
QScrollArea[look="reading"]:focus { border-color: @accent; }
QScrollArea > QWidget > QWidget[look="clear"], QWidget[look="clear"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: @12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: @12px; margin: 0; }
QScrollBar::handle { background: @handle; border-radius: @3px; margin: @3px; }
QScrollBar::handle:vertical { min-height: @32px; }
QScrollBar::handle:horizontal { min-width: @32px; }
QScrollBar::handle:hover { background: @text; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: @base; border: 1px solid @border; padding: @4px; }
QMenu::item { padding: @6px @24px; border-radius: @4px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @dim; }
QMenu::separator { height: 1px; background: @line; margin: @4px; }
QToolTip { background: @toast; color: @toast_text; border: 0; padding: @6px; }
QProgressBar {
  background: @alt; border: 1px solid @border; border-radius: @4px; min-height: @18px; text-align: center;
}
QProgressBar::chunk { background: @accent; border-radius: @3px; }
QSplitter::handle { background: transparent; }
"""


def style_sheet(tokens: Tokens, zoom: float) -> str:
    """`@name` is a token, `@12px` / `@9.0pt` a size that follows the zoom, `@tick` a picture,
    `@round` the radius of a radio button.

    A style sheet cannot recolour a picture, so the tick is shipped once for each theme.
    """
    return "".join(_value(part, tokens, zoom) for part in _split(_SHEET))


def _round(zoom: float) -> int:
    """Half of a radio button's side, empty or chosen. Qt draws square corners for any radius above it."""
    empty, chosen = round(16 * zoom) + 2 * 2, round(8 * zoom) + 2 * round(6 * zoom)
    return min(empty, chosen) // 2


def _split(sheet: str) -> list[str]:
    first, *rest = sheet.split("@")
    return [first, *("@" + part for part in rest)]


def _value(part: str, tokens: Tokens, zoom: float) -> str:
    if not part.startswith("@"):
        return part
    end = next(i for i, c in enumerate(part[1:], 1) if not (c.isalnum() or c in "_."))
    word, tail = part[1:end], part[end:]
    if word == "tick":
        return resource("icons", f"tick-{tokens.theme.value}.svg").as_posix() + tail
    if word == "round":
        return f"{_round(zoom)}px{tail}"
    if word.endswith("px"):
        return f"{round(float(word[:-2]) * zoom)}px{tail}"
    if word.endswith("pt"):
        return f"{float(word[:-2]) * zoom:.2f}pt{tail}"
    return tokens.colour(word) + tail
