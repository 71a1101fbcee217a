"""Tab follows the eye: the order of the keyboard is the order of the layouts, also for what came later."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def order_tabs(root: QWidget) -> None:
    """Qt puts widgets made later at the end; this puts them where they stand."""
    window = root.window()
    order = [p for p in reading_order(root) if p.window() is window]
    for one, other in pairwise(order):
        QWidget.setTabOrder(one, other)


def reading_order(widget: QWidget) -> list[QWidget]:
    """Everything below `widget` that Tab reaches, as laid out: column by column, row by row."""
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        return reading_order(inside) if inside is not None else []
    layout = widget.layout()
    return _of_layout(layout) if layout is not None else []


def _of_layout(layout: QLayout) -> list[QWidget]:
    found: list[QWidget] = []
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if inner is not None:
            found += _of_layout(inner)
        elif widget is not None:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
                found.append(widget)
            found += reading_order(widget)
    return found
