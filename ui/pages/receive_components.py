"""The live checklist at the right: what the procedure asks for, and the sheets handed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.data_lookup import is_looked_up, is_taken
from onestop.domain.dossier import ComponentLine
from onestop.domain.procedure import Procedure
from onestop.office.intake import component_lines
from onestop.office.office import Office
from ui import look
from ui.pages.receive_data import DataDialog
from ui.widgets import Button, Checklist, EmptyState, label

KINDS = {
    "present": "chỉ xuất trình, trả lại ngay",
    "data": "thay bằng dữ liệu; chỉ nộp khi không khai thác được",
    "if_delegated": "nếu uỷ quyền",
    "if_any": "nếu có",
}
_SAYS_NOTHING = {"giấy tờ phải nộp", "giấy tờ phải xuất trình", "xuất trình"}


class Scroll(QScrollArea):
    """A column that scrolls up and down, and follows the keyboard."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        inside.setProperty("look", "clear")
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(look.px(24))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        """The whole field with its label and error, not the edge of its editor."""
        inside = self.widget()
        if now is None or inside is None or not inside.isAncestorOf(now):
            return
        top = now.mapTo(inside, QPoint(0, 0)).y()
        self.ensureVisible(0, top - look.px(28), 0, 0)
        self.ensureVisible(0, top + now.height() + look.px(24), 0, 0)


class ComponentPanel(QWidget):
    """Headed "Thành phần hồ sơ · 2/3 bắt buộc"; what must be there stands first."""

    changed = Signal()
    rebuilt = Signal()

    def __init__(self, name: str, office: Callable[[], Office]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._office = office
        self._lines: tuple[ComponentLine, ...] = ()
        self._files: Mapping[int | None, int] = {}
        self.list = Checklist("components")
        self.list.changed.connect(self._listed)
        self._head = label("", "section", is_wrapped=True)
        own_head = self.list.findChild(QLabel)
        if own_head is not None:
            own_head.hide()  # it would scroll away; the count must be seen all the time
        self._empty = EmptyState("list-checks", "Chưa chọn thủ tục", "Giấy tờ cần có sẽ hiện ở đây.")
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, look.px(8), 0)
        inner.addWidget(self.list)
        inner.addStretch(1)
        self._scroll = Scroll(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self._head)
        column.addWidget(self._empty, 1)
        column.addWidget(self._scroll, 1)
        self.set_lines(())

    def set_lines(self, lines: Sequence[ComponentLine]) -> None:
        """Shows the components of a procedure, ticked and counted as they say."""
        self._lines, self._files = tuple(lines), {}
        shown = [replace(line, note=_note(line)) for line in self._lines]
        extras = {line.no: self._data_button(line) for line in self._lines if line.kind == "data"}
        self.list.set_components(sorted(shown, key=lambda line: not line.needed), extras)
        self._scroll.verticalScrollBar().setValue(0)
        self._empty.setVisible(not lines)
        self._scroll.setVisible(bool(lines))
        self._count()
        self.rebuilt.emit()

    def say_empty(self, title: str, words: str) -> None:
        """Why there is nothing to tick."""
        self._empty.set_words("list-checks", title, words)

    def lines(self) -> tuple[ComponentLine, ...]:
        """In the procedure's own order; what was not handed in counts no sheet."""
        given = {each.no: each for each in self.list.given()}
        return tuple(
            replace(
                line,
                is_given=given[line.no].is_given,
                originals=given[line.no].originals,
                certified=given[line.no].certified,
                copies=given[line.no].copies,
                note="" if is_taken(line) and not given[line.no].is_given else line.note,
            )
            for line in self._lines
        )

    def look_up(self, no: int) -> None:
        """Asks where data was taken from for a component, or why it was not found."""
        line = next(each for each in self.lines() if each.no == no)
        dialog = DataDialog(self, self._office(), line.name)
        if dialog.exec():
            self._put(
                replace(line, note=dialog.words, is_given=dialog.is_given or line.is_given), dialog.is_given
            )
        dialog.deleteLater()

    def _put(self, told: ComponentLine, is_data: bool) -> None:
        """No sheet is handed in for what was taken from data."""
        line = replace(told, originals=0, certified=0, copies=0) if is_data else told
        files = self._files
        self.set_lines([line if each.no == line.no else each for each in self.lines()])
        self._files = files
        box = self.box(line.no)
        if box is not None:
            box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _data_button(self, line: ComponentLine) -> QWidget:
        made = Button("Khai thác dữ liệu…", "quiet", icon="search")
        made.setObjectName(f"data_{line.no}")
        made.setAccessibleName(f"Khai thác dữ liệu thay {line.name}")
        made.clicked.connect(lambda _=False, no=line.no: self.look_up(no))
        return made

    def head(self) -> str:
        return self._head.text()

    def _listed(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        needed = [line for line in self.lines() if line.needed]
        done = sum(line.is_given for line in needed)
        self._head.setText(
            f"Thành phần hồ sơ · {done}/{len(needed)} bắt buộc" if needed else "Thành phần hồ sơ"
        )

    def box(self, no: int) -> QWidget | None:
        rows = self.list.rows()  # not by name alone: rows just replaced are still children for a moment
        return next((row for row in rows if row.objectName() == f"component_{no}"), None)

    def focused_no(self) -> int | None:
        """The component the keyboard is in: its box, or one of its counts."""
        widget: QWidget | None = self.window().focusWidget()
        while widget is not None and widget is not self.list:
            for line in self._lines:
                box = self.box(line.no)
                if box is not None and (widget is box or widget is box.parentWidget()):
                    return line.no
            widget = widget.parentWidget()
        return None

    def show_files(self, counts: Mapping[int | None, int]) -> None:
        """The first file of a component ticks its box: whoever scanned it has the paper in hand."""
        for row, line in zip(self.list.rows(), self._in_view(), strict=True):
            if counts.get(line.no, 0) > self._files.get(line.no, 0) and not row.isChecked():
                row.setChecked(True)
        self._files = dict(counts)

    def _in_view(self) -> list[ComponentLine]:
        return sorted(self._lines, key=lambda line: not line.needed)


class Handed:
    """What was handed in, by the name of the paper: it is there whatever the case is called."""

    def __init__(self) -> None:
        self._lines: dict[str, ComponentLine] = {}

    def keep(self, lines: Sequence[ComponentLine]) -> None:
        """A paper of these lines that is not ticked (any more) was not handed in."""
        for line in lines:
            if line.is_given:
                self._lines[line.name] = line
            else:
                self._lines.pop(line.name, None)

    def carry(self, lines: Sequence[ComponentLine]) -> tuple[ComponentLine, ...]:
        return tuple(self._carried(line) for line in lines)

    def _carried(self, line: ComponentLine) -> ComponentLine:
        kept = self._lines.get(line.name)
        if kept is None:
            return line
        note = kept.note if is_looked_up(kept) else line.note
        return replace(kept, no=line.no, kind=line.kind, needed=line.needed, note=note)


def fresh_lines(procedure: Procedure) -> tuple[ComponentLine, ...]:
    """Nothing given yet; the counts are those the procedure asks for, shown once a box is ticked."""
    asked = {component.no: component for component in procedure.components}
    return tuple(
        replace(line, originals=asked[line.no].originals, copies=asked[line.no].copies)
        for line in component_lines(procedure)
    )


def with_asked_counts(procedure: Procedure, lines: Sequence[ComponentLine]) -> tuple[ComponentLine, ...]:
    """Lines of a draft on the page: what is not given shows the asked counts again when ticked."""
    fresh = {line.no: line for line in fresh_lines(procedure)}
    return tuple(line if line.is_given else fresh.get(line.no, line) for line in lines)


def _note(line: ComponentLine) -> str:
    if is_looked_up(line):
        return line.note
    condition = "" if line.note.strip().lower() in _SAYS_NOTHING else line.note
    kind = KINDS.get(line.kind, "")
    if line.kind == "if_any" and condition:
        return condition  # the source's own words say when
    return kind if kind and line.kind != "present" else " · ".join(part for part in (kind, condition) if part)
