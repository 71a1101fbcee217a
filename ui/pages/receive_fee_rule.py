"""A fee line that comes from a rule: what is counted, who is exempt, the amount, and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.fee import FEE_KINDS, FeeAmount, FeeRule, Formula, Quantity, compute, fee_tail, is_open
from onestop.errors import InputError
from ui import look
from ui.pages.receive_money import ChoiceField, MoneyField, WordsField
from ui.pages.receive_typed import FeeText, show_vnd
from ui.widgets import Button, Field, LineField, label

_COUNTED = {
    Formula.PER_PAGE: (("pages", "Số trang bản chính"), ("copies", "Số bản")),
    Formula.PER_COPY: (("copies", "Số bản"),),
    Formula.PER_CASE: (("cases", "Số trường hợp"),),
}
_NO_EXEMPTION = ("", "Không miễn, giảm")


class RuleLine(QWidget):
    """Read and fed as `FeeText`. The amount is the rule's; typed only where it is not known yet."""

    changed = Signal()
    left = Signal()
    removed = Signal()

    def __init__(self, place: int, rule: FeeRule, fee: FeeText, is_online: bool) -> None:
        super().__init__()
        self.rule, self._is_online = rule, is_online
        self._made: FeeAmount | None = None
        self._missing, self._faulty = "", ""
        self.counts = {name: self._count(f"fees.{place}.{name}", words, name) for name, words in _asked(rule)}
        self.row = ChoiceField(f"fees.{place}.row", "Mức thu", _rows(rule))
        self.exemption = ChoiceField(f"fees.{place}.exemption", "Diện miễn, giảm", _exemptions(rule))
        self.amount = MoneyField(f"fees.{place}", "Số tiền (đồng)")
        self.why = label("", "small", is_wrapped=True)
        self._fill(fee)
        self._lay_out()
        self._connect()
        self._show(fee.amount)

    def typed(self) -> FeeText:
        made = self._made
        words = f"{made.ground}: {made.explanation}" if made else self.rule.ground
        return FeeText(
            self.rule.kind,
            self.rule.name,
            self.amount.editor.text(),
            words,
            rule=self.rule.id,
            row=self.row.key(),
            exemption=self.exemption.key(),
            missing=self._missing,
            **{name: field.editor.text() for name, field in self.counts.items()},
        )

    def set_online(self, is_online: bool) -> None:
        if is_online != self._is_online:
            self._is_online = is_online
            self._show(self.amount.editor.text() if is_open(self.rule) else "")

    def asking(self) -> QWidget:
        """The field that is still to be filled: a count, the row, else the amount."""
        if not self._missing:
            return self.amount
        return self.counts.get(self._faulty, self.row)

    def _quantity(self) -> Quantity:
        """Raises InputError for a count that is no number."""
        counts = {name: _read_count(name, field) for name, field in self.counts.items()}
        return Quantity(
            **counts, row=self.row.key(), is_online=self._is_online, exemption=self.exemption.key()
        )

    def _show(self, typed: str = "") -> None:
        """The amount anew; `typed` stays where the rule does not know it."""
        self._made, self._missing, self._faulty = None, "", ""
        try:
            self._made = compute(self.rule, self._quantity())
        except InputError as error:
            self._ask(error, typed)
            return
        self.amount.editor.setReadOnly(True)
        self.amount.set_text(show_vnd(self._made.amount_vnd))
        self.why.setText(f"Vì sao: {self._made.explanation} Căn cứ: {self._made.ground}.")

    def _ask(self, error: InputError, typed: str) -> None:
        self.why.setText(f"{error.title}. {error.message}")
        is_unknown = error.field == "amount"
        self.amount.editor.setReadOnly(not is_unknown)
        if is_unknown:
            self.amount.set_text(typed)
            return
        self._missing, self._faulty = error.title, error.field or ""
        self.amount.set_text("")

    def _fill(self, fee: FeeText) -> None:
        typed = {"pages": fee.pages, "copies": fee.copies, "cases": fee.cases}
        for name, field in self.counts.items():
            field.set_text(typed[name])
        self.row.set_key(fee.row)
        self.exemption.set_key(fee.exemption)
        for combo in (self.row, self.exemption):
            combo.editor.setToolTip(combo.editor.currentText())

    def _recount(self) -> None:
        self._show()
        for combo in (self.row, self.exemption):
            combo.editor.setToolTip(combo.editor.currentText())
        self.changed.emit()

    def _count(self, name: str, words: str, kind: str) -> WordsField:
        made = WordsField(name, words)
        made.set_digits()
        made.editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        made.editor.setPlaceholderText("số trang" if kind == "pages" else "")
        return made

    def _connect(self) -> None:
        for field in (*self.counts.values(), self.row, self.exemption):
            field.changed.connect(self._recount)
            field.left.connect(self.left)
        self.amount.changed.connect(self.changed)
        self.amount.left.connect(self.left)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addLayout(self._head())
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        column.addLayout(row)
        for field, stretch in self._fields():
            row.addWidget(field, stretch)
        column.addWidget(self.why)

    def _fields(self) -> list[tuple[Field, int]]:
        """Only what this rule asks; the others keep their first choice."""
        counts: list[tuple[Field, int]] = [(each, 2) for each in self.counts.values()]
        rows: list[tuple[Field, int]] = [(self.row, 5)] if self.rule.rows else []
        exemptions: list[tuple[Field, int]] = [(self.exemption, 5)] if self.rule.exemptions else []
        return [*rows, *counts, *exemptions, (self.amount, 3)]

    def _head(self) -> QHBoxLayout:
        remove = Button("", "quiet", icon="trash-2")
        remove.setAccessibleName(f"Bỏ khoản thu: {self.rule.name}")
        remove.setToolTip("Bỏ khoản thu này")
        remove.clicked.connect(self.removed)
        name = label(f"{FEE_KINDS[self.rule.kind]} · {_tail(self.rule)}", "strong", is_wrapped=True)
        name.setToolTip(self.rule.note)
        head = QHBoxLayout()
        head.addWidget(name, 1)
        head.addWidget(remove)
        return head


def fresh_line(rule: FeeRule, row: str) -> FeeText:
    """What a rule's line begins with: one of each; pages are counted by the officer."""
    copies = "0" if rule.is_on_request else "1"
    return FeeText(rule.kind, rule.name, rule=rule.id, row=row, copies=copies, cases="1")


def _asked(rule: FeeRule) -> tuple[tuple[str, str], ...]:
    if rule.formula is Formula.TABLE:
        return (("cases", f"Số {rule.unit}"),) if rule.unit else ()
    if rule.formula is Formula.PER_CASE and rule.unit:
        return (("cases", f"Số {rule.unit}"),)
    return _COUNTED.get(rule.formula, ())


def _rows(rule: FeeRule) -> list[tuple[str, str]]:
    return [("", "Chọn dòng…"), *((row.id, row.words) for row in rule.rows)]


def _exemptions(rule: FeeRule) -> list[tuple[str, str]]:
    return [
        _NO_EXEMPTION,
        *((one.id, f"{_off(one.percent_off)}: {one.words}") for one in rule.exemptions),
    ]


def _off(percent: int) -> str:
    return "Miễn" if percent == 100 else f"Giảm {percent}%"


def _tail(rule: FeeRule) -> str:
    """The name without its kind, which stands before it."""
    tail = fee_tail(rule.kind, rule.name)
    return tail[:1].upper() + tail[1:]


def _read_count(name: str, field: LineField) -> int:
    text = field.text().replace(".", "")
    if not text:
        raise InputError(f"Chưa nhập {field.title().lower()}", "Hãy đếm rồi nhập.", name)
    if not (text.isascii() and text.isdigit()):
        raise InputError(f"{field.title()} chưa đúng", "Chỉ nhập chữ số.", name)
    return int(text[:9])
