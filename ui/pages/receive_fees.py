"""Fee lines of the intake page. What the catalogue does not know is asked, never guessed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.fee import find_rule, linked_rules
from onestop.domain.moment import local_day
from onestop.domain.procedure import Procedure
from onestop.errors import InputError
from onestop.office.office import Office
from ui import look
from ui.pages.receive_fee_rule import RuleLine, fresh_line
from ui.pages.receive_money import ChoiceField, MoneyField, WordsField
from ui.pages.receive_typed import FeeText, read_vnd, short, show_vnd
from ui.widgets import Button, label, plain

KINDS = (("levy", "Lệ phí"), ("charge", "Phí"))
MOST_LINES = 8


class FeeLine(QWidget):
    """Kind, name, amount, and a button that takes the line away."""

    changed = Signal()
    left = Signal()
    removed = Signal()

    def __init__(self, place: int, fee: FeeText, is_first: bool) -> None:
        super().__init__()
        self.ground = fee.ground
        self.kind = ChoiceField(f"fees.{place}.kind", "Loại", KINDS)
        self.name = WordsField(f"fees.{place}.name", "&Khoản thu" if is_first else "Khoản thu")
        self.amount = MoneyField(f"fees.{place}", "Số tiền (đồng)")
        self.kind.set_key(fee.kind)
        self.name.set_text(fee.name)
        self.name.editor.setToolTip(fee.name)
        self.amount.set_text(fee.amount)
        remove = Button("", "quiet", icon="trash-2")
        remove.setAccessibleName("Bỏ khoản thu này")
        remove.setToolTip("Bỏ khoản thu này")
        remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addWidget(self.kind, 2)
        row.addWidget(self.name, 6)
        row.addWidget(self.amount, 3)
        below_label = QVBoxLayout()
        below_label.addSpacing(self.kind.label.sizeHint().height() + look.px(4))
        below_label.addWidget(remove)
        below_label.addStretch(1)
        row.addLayout(below_label)
        for field in (self.kind, self.name, self.amount):
            field.changed.connect(self.changed)
            field.left.connect(self.left)

    def typed(self) -> FeeText:
        return FeeText(self.kind.key(), self.name.text(), self.amount.editor.text(), self.ground)


class FeeLines(QWidget):
    """All lines, the catalogue's own words about fees, and their sum."""

    changed = Signal()
    left = Signal()
    rebuilt = Signal()

    def __init__(self, name: str, office: Callable[[], Office]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._office, self._is_online = office, False
        self.lines: list[FeeLine | RuleLine] = []
        self._note = label("", "small", is_wrapped=True)
        self.add = plain("Thêm khoản thu", icon="plus")
        self.add.clicked.connect(self._add_empty)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(look.px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(self._rows)
        column.addWidget(self._note)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def offer(self, procedure: Procedure) -> None:
        """The lines a procedure starts with: of its rules, else what the catalogue says of one amount."""
        rules = linked_rules(self._office().catalogue.fees, procedure.fees, self._today())
        self.set_lines([fresh_line(*each) for each in rules] or default_fees(procedure))
        self.show_note(procedure)

    def show_note(self, procedure: Procedure | None) -> None:
        """The catalogue's remark; a line that comes from a rule says why by itself."""
        has_rule = any(isinstance(line, RuleLine) for line in self.lines)
        note = _note(procedure) if procedure and not has_rule else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def set_lines(self, fees: Sequence[FeeText]) -> None:
        for line in self.lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [self._line(place, fee) for place, fee in enumerate(fees)]
        for line in self.lines:
            self._rows.addWidget(line)
            line.changed.connect(self.changed)
            line.left.connect(self.left)
            line.removed.connect(lambda line=line: self._remove(line))
        self.add.setEnabled(len(self.lines) < MOST_LINES)
        self.rebuilt.emit()

    def _line(self, place: int, fee: FeeText) -> FeeLine | RuleLine:
        """A rule that is gone since the draft was kept leaves a line to be typed."""
        rule = find_rule(self._office().catalogue.fees, fee.rule, self._today()) if fee.rule else None
        if rule is not None:
            return RuleLine(place, rule, fee, self._is_online)
        return FeeLine(place, fee, place == 0)

    def _today(self) -> str:
        return local_day(self._office().now).isoformat()

    def set_online(self, is_online: bool) -> None:
        """Over which channel the application came: some rates are lower online."""
        self._is_online = is_online
        for line in self.lines:
            if isinstance(line, RuleLine):
                line.set_online(is_online)

    def typed(self) -> tuple[FeeText, ...]:
        return tuple(line.typed() for line in self.lines)

    def total_words(self) -> str:
        """`8.000 đồng`, `Không thu`, or that an amount is still asked for."""
        total = 0
        for fee in self.typed():
            if fee.missing:
                return fee.missing
            try:
                total += read_vnd(fee.amount)
            except InputError:
                return "Chưa nhập số tiền"
        return f"{show_vnd(total)} đồng" if total else "Không thu"

    def amount_of(self, name: str) -> QWidget | None:
        """The amount of `fees.N`, the first one for `fees`."""
        place = name.partition(".")[2]
        number = int(place) if place.isdigit() else 0
        if number >= len(self.lines):
            return self.add
        line = self.lines[number]
        return line.asking() if isinstance(line, RuleLine) else line.amount

    def _add_empty(self) -> None:
        self.set_lines((*self.typed(), FeeText()))
        last = self.lines[-1]
        (last.kind if isinstance(last, FeeLine) else last.amount).setFocus()
        self.changed.emit()

    def _remove(self, line: FeeLine | RuleLine) -> None:
        self.set_lines([each.typed() for each in self.lines if each is not line])
        (self.lines[-1].amount if self.lines else self.add).setFocus()
        self.changed.emit()


def default_fees(procedure: Procedure) -> tuple[FeeText, ...]:
    """One line with the catalogue's amount, one to be filled where it knows none, none when free."""
    if procedure.fee_vnd == 0:
        return ()
    kind = "charge" if procedure.sector == "Chứng thực" or "TT 281" in procedure.fee_note else "levy"
    amount = "" if procedure.fee_vnd is None else show_vnd(procedure.fee_vnd)
    name = "Phí" if kind == "charge" else "Lệ phí"
    return (FeeText(kind, f"{name} {_short(procedure)}", amount, procedure.fee_note),)


def _short(procedure: Procedure) -> str:
    words = short(procedure.name.removeprefix("Thủ tục "))
    return words[:1].lower() + words[1:]


def _note(procedure: Procedure) -> str:
    if procedure.fee_vnd is None:
        asked = "Danh mục chưa ghi mức thu tại địa phương: hãy nhập số tiền, được miễn thì nhập 0."
        return f"{asked} {procedure.fee_note}".strip()
    if procedure.fee_vnd == 0 and not procedure.fee_note:
        return "Theo danh mục: không thu phí, lệ phí."
    return procedure.fee_note
