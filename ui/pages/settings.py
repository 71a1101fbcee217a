"""Thiết lập: every line of onestop/settings.py, in cards, kept as soon as it is changed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from onestop.errors import InputError
from onestop.settings import SETTINGS, Setting, Value
from ui import look
from ui.pages.page import Frame, Page
from ui.sync_settings import ServerCard
from ui.thermal import ThermalTrial
from ui.widgets.basic import Card, label
from ui.widgets.field import ComboField, Field, LineField, error_words

_CARDS = (
    (
        ("Giao diện của bạn", "look."),
        ("Hàng việc", "queue."),
        ("Thời hạn giải quyết", "supplement."),
        ("Khoá màn hình", "desk."),
        ("Đầu đọc thẻ", "scan."),
        ("Máy in nhiệt", "print.thermal_"),
    ),
    (("In giấy", "print."), ("Cơ quan", "agency.")),
)
_PREFIXES = tuple(prefix for cards in _CARDS for _, prefix in cards)


class SettingsPage(Page):
    place = "settings"
    title = "Thiết lập"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.setObjectName("settings")
        self._fill: list[Callable[[], None]] = []
        self.editors: dict[str, QWidget] = {}
        inside = QWidget()
        inside.setProperty("look", "clear")
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, look.px(8), 0)
        row.setSpacing(look.px(12))
        for cards in _CARDS:
            column = QVBoxLayout()
            column.setSpacing(look.px(12))
            if cards is _CARDS[-1]:
                self.server = ServerCard(frame)
                column.addWidget(self.server)
            for words, prefix in cards:
                column.addWidget(self._card(words, prefix))
            column.addStretch(1)
            row.addLayout(column, 1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(label(self.title, "title"))
        head.addWidget(label("Đổi đến đâu, lưu đến đó", "dim"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(8), look.px(8), look.px(8))
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self._scroll, 1)

    def enter(self, dossier_id: str = "") -> None:
        """Shows what holds now; filling changes nothing."""
        for fill in self._fill:
            fill()
        self.server.read()
        self.thermal.show_fields()
        self.editors["look.theme"].setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.editors["look.theme"], self.server, self.editors["print.receipt_size"])

    def _card(self, words: str, prefix: str) -> Card:
        made = Card(words)
        for setting in SETTINGS:
            if _prefix_of(setting.key) == prefix:
                editor = self._editor(setting)
                self.editors[setting.key] = editor
                made.body.addWidget(editor)
        if prefix == "print.thermal_":
            self.thermal = ThermalTrial(self.frame, self.editors)
            made.body.addWidget(self.thermal)
        return made

    def _editor(self, setting: Setting) -> QWidget:
        if setting.kind == "switch":
            return self._switch(setting)
        if setting.kind == "choice":
            return self._choice(setting)
        return self._line(setting)

    def _switch(self, setting: Setting) -> QWidget:
        made = QWidget()
        made.setProperty("look", "clear")
        box = QCheckBox(setting.label_vi)
        box.setObjectName(setting.key)
        box.setAccessibleDescription(setting.help_vi)
        # `clicked` comes from a person only, never from filling
        box.clicked.connect(lambda is_on: self.frame.change_setting(setting.key, is_on))
        self._fill.append(lambda: box.setChecked(self.frame.settings.is_on(setting.key)))
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(box)
        column.addWidget(label(setting.help_vi, "small", is_wrapped=True))
        made.setFocusProxy(box)
        return made

    def _choice(self, setting: Setting) -> Field:
        made = ComboField(setting.key, setting.label_vi, setting.choices, setting.help_vi)
        made.changed.connect(lambda: self.frame.change_setting(setting.key, made.key()))
        self._fill.append(lambda: made.set_key(self.frame.settings.text(setting.key)))
        return made

    def _line(self, setting: Setting) -> Field:
        made = LineField(setting.key, setting.label_vi, setting.help_vi)
        if setting.kind == "number":
            made.set_digits()
        made.check = partial(_what_is_wrong, setting)
        made.left.connect(lambda: self._keep(setting, made))
        self._fill.append(lambda: made.set_text(str(self.frame.settings.get(setting.key))))
        return made

    def _keep(self, setting: Setting, field: Field) -> None:
        """A line is kept when it is left, if it fits and differs."""
        if not field.error():
            value = value_of(setting, field.text())
            if value != self.frame.settings.get(setting.key):
                self.frame.change_setting(setting.key, value)


def _prefix_of(key: str) -> str:
    """The card it stands in: that of the longest prefix."""
    return max((prefix for prefix in _PREFIXES if key.startswith(prefix)), key=len)


def value_of(setting: Setting, text: str) -> Value:
    """The value typed. Raises InputError when it does not fit."""
    plain: Value = text
    if setting.kind == "number":
        plain = int(text) if text.isascii() and text.isdigit() else ""
    return setting.check(plain)


def _what_is_wrong(setting: Setting, text: str) -> str:
    try:
        value_of(setting, text)
    except InputError as error:
        return error_words(error)
    return ""
