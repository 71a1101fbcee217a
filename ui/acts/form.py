"""What the form of an act is: fields on a dossier that become one job for the store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import Dossier
from onestop.errors import InputError
from onestop.office.deeds import Done
from onestop.office.office import Office
from ui import look
from ui.tasks import Tasks
from ui.widgets import ComboField, Field, NoteField, error_words, label

Job = Callable[[Office], Done]
"""Runs on the store's thread with plain values only."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a form stands on: the office, the dossier as it was read, the way to slow work.

    `resume_mode` is the desk's usual way to let the clock run on: `shift` or `restart`.
    """

    office: Office
    dossier: Dossier
    tasks: Tasks
    resume_mode: str = "shift"


@dataclass(frozen=True, slots=True)
class Warn:
    """Asked once before an act that cannot be taken back."""

    title: str
    text: str
    words: str


class ActForm(QWidget):
    """`fields` bear the names of the act's facts, so that an InputError finds its place."""

    changed = Signal()

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.scene, self.act = scene, act
        self.fields: list[Field] = []
        self._start: dict[str, str] = {}
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(look.px(12))

    @property
    def dossier_id(self) -> str:
        return self.scene.dossier.id

    def button_words(self) -> str:
        return RULES[self.act].words

    def job(self) -> Job:
        """The act with what stands in the fields. Raises InputError or InputErrors."""
        raise NotImplementedError  # each form has its own

    def warn(self) -> Warn | None:
        """The question before an act that cannot be taken back."""
        return None

    def undo(self, done: Done) -> Job | None:
        """What takes it back within eight seconds, where the law of the table allows it."""
        return None

    def next_form(self) -> str:
        """The paper to offer after the act: its form number, or empty."""
        return ""

    def add(self, *fields: Field) -> None:
        """One row: fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for field in fields:
            self.fields.append(field)
            field.changed.connect(self.changed)
            row.addWidget(field, 1)
        self.rows.addLayout(row)

    def say(self, words: str, kind: str = "dim") -> QLabel:
        made = label(words, kind, is_wrapped=True)
        self.rows.addWidget(made)
        return made

    def settle(self) -> None:
        """Called once when all fields are filled: what differs later was typed by a person."""
        self.rows.addStretch(1)
        self.begin()

    def begin(self) -> None:
        """What stands in the fields now is the program's, not the officer's."""
        self._start = self.texts()

    def first(self) -> QWidget | None:
        """Where the focus begins when it is no field."""
        return None

    def texts(self) -> dict[str, str]:
        return {field.name(): field.text() for field in self.fields}

    def is_changed(self) -> bool:
        return self.texts() != self._start

    def place(self, name: str | None) -> Field | None:
        """The field of a fact: exactly, or by the last word of `owner.name`."""
        return next((field for field in self.fields if field.name() == name), None)

    def mark(self, errors: Sequence[InputError]) -> list[tuple[str, QWidget | None]]:
        """Shows each error at its field; gives (words, the place to jump to)."""
        for field in self.fields:
            field.set_error("")
        marked: list[tuple[str, QWidget | None]] = []
        for error in errors:
            place = self.place(error.field)
            if place is not None:
                place.set_error(error_words(error))
            marked.append((error.title if place is not None else error_words(error), place))
        return marked

    def add_reason(self, phrases: Sequence[str], title: str = "&Lý do", rows: int = 4) -> NoteField:
        """The reason, with common phrases to begin from."""
        reason = NoteField("reason", title, rows=rows)
        self.add_phrases(phrases, reason)
        self.add(reason)
        return reason

    def add_phrases(self, phrases: Sequence[str], into: NoteField) -> None:
        choices = [("", "Chọn câu thường dùng…"), *((phrase, phrase) for phrase in phrases)]
        combo = ComboField(f"{into.name()}_phrase", "&Mẫu câu", choices)
        combo.editor.setMinimumContentsLength(12)
        combo.changed.connect(lambda: _put(combo, into, self.changed.emit))
        self.rows.addWidget(combo)


def _put(combo: ComboField, into: NoteField, tell: Callable[[], None]) -> None:
    """Adds the phrase below what was typed; nothing typed is lost."""
    if combo.key():
        into.set_text("\n".join(part for part in (into.text(), combo.key()) if part))
        combo.set_key("")
        into.setFocus()
        tell()


def about(scene: Scene) -> str:
    """`H56… · Nguyễn Thị Đặng Hường · Đăng ký khai sinh`: the thing and the person."""
    dossier = scene.dossier
    return f"{dossier.code} · {dossier.owner.name} · {dossier.subject.procedure.title}"
