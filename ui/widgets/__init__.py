"""The widgets pages are built of. They are fed plain data and know no office, no store.

Each is imported when it is first named: the first window needs half of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ui.widgets.basic import (
        BigNumber,
        Button,
        Card,
        EmptyState,
        StatusChip,
        announce,
        danger,
        label,
        picture,
        plain,
        primary,
        rule,
    )
    from ui.widgets.checklist import Checklist, CheckRow, Given, Stepper
    from ui.widgets.choice import Choice
    from ui.widgets.dialogs import (
        Answer,
        FieldQuestion,
        Question,
        ReasonDialog,
        ask,
        confirm,
        reason_dialog,
        tell,
    )
    from ui.widgets.field import ComboField, DateField, Field, LineField, NoteField, error_words
    from ui.widgets.pageview import PageImage, PageView, Thumbnails, to_image
    from ui.widgets.panels import Drawer, ErrorSummary, Toast
    from ui.widgets.picker import Option, Picker
    from ui.widgets.pill import StatusPill, paint_bar, paint_pill, pill_size
    from ui.widgets.queue import NewsBar, QueueTable
    from ui.widgets.rail import Place, Rail, RailButton
    from ui.widgets.rows import PAGE, Column, Row, RowModel
    from ui.widgets.tabs import TabBar
    from ui.widgets.timeline import Moment, Timeline

__all__ = [
    "PAGE",
    "Answer",
    "BigNumber",
    "Button",
    "Card",
    "CheckRow",
    "Checklist",
    "Choice",
    "Column",
    "ComboField",
    "DateField",
    "Drawer",
    "EmptyState",
    "ErrorSummary",
    "Field",
    "FieldQuestion",
    "Given",
    "LineField",
    "Moment",
    "NewsBar",
    "NoteField",
    "Option",
    "PageImage",
    "PageView",
    "Picker",
    "Place",
    "Question",
    "QueueTable",
    "Rail",
    "RailButton",
    "ReasonDialog",
    "Row",
    "RowModel",
    "StatusChip",
    "StatusPill",
    "Stepper",
    "TabBar",
    "Thumbnails",
    "Timeline",
    "Toast",
    "announce",
    "ask",
    "confirm",
    "danger",
    "error_words",
    "label",
    "paint_bar",
    "paint_pill",
    "picture",
    "pill_size",
    "plain",
    "primary",
    "reason_dialog",
    "rule",
    "tell",
    "to_image",
]

_HOMES = {
    "basic": (
        "BigNumber",
        "Button",
        "Card",
        "EmptyState",
        "StatusChip",
        "announce",
        "danger",
        "label",
        "picture",
        "plain",
        "primary",
        "rule",
    ),
    "checklist": (
        "Checklist",
        "CheckRow",
        "Given",
        "Stepper",
    ),
    "choice": ("Choice",),
    "dialogs": (
        "Answer",
        "FieldQuestion",
        "Question",
        "ReasonDialog",
        "ask",
        "confirm",
        "reason_dialog",
        "tell",
    ),
    "field": (
        "ComboField",
        "DateField",
        "Field",
        "LineField",
        "NoteField",
        "error_words",
    ),
    "pageview": (
        "PageImage",
        "PageView",
        "Thumbnails",
        "to_image",
    ),
    "panels": (
        "Drawer",
        "ErrorSummary",
        "Toast",
    ),
    "picker": (
        "Option",
        "Picker",
    ),
    "pill": (
        "StatusPill",
        "paint_bar",
        "paint_pill",
        "pill_size",
    ),
    "queue": (
        "NewsBar",
        "QueueTable",
    ),
    "rail": (
        "Place",
        "Rail",
        "RailButton",
    ),
    "rows": (
        "PAGE",
        "Column",
        "Row",
        "RowModel",
    ),
    "tabs": ("TabBar",),
    "timeline": (
        "Moment",
        "Timeline",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Finds a name of `__all__` in its module, once."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found
