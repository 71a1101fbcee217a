"""F6: from one pane of the window to the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def step_pane(panes: Sequence[QWidget], by: int) -> None:
    """Moves the focus to the pane after (1) or before (-1) the one that has it."""
    if not panes:
        return
    focused = QApplication.focusWidget()
    here = next((i for i, pane in enumerate(panes) if _has_focus(pane, focused)), -1 if by > 0 else 0)
    _focus_first(panes[(here + by) % len(panes)])


def _has_focus(pane: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (pane is focused or pane.isAncestorOf(focused))


def _focus_first(pane: QWidget) -> None:
    """The pane itself, or the first thing in it that takes the focus."""
    if pane.focusPolicy() is not Qt.FocusPolicy.NoFocus:
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    each = pane.nextInFocusChain()
    while each is not None and each is not pane:
        is_ready = each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        if is_ready and pane.isAncestorOf(each):
            each.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        each = each.nextInFocusChain()
