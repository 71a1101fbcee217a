"""The widgets pages are built of. They are fed plain data and know no office, no store."""

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
from ui.widgets.dialogs import Answer, Question, ReasonDialog, ask, confirm, reason_dialog, tell
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
