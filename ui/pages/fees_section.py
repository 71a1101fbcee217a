"""Phí, lệ phí: the rules with what is still open, edited as text, tried out before they are saved."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.fee import FeeRule, Formula, Quantity, compute, is_open, vnd_words
from onestop.domain.moment import local_day, show_on
from onestop.domain.person import parse_day
from onestop.errors import InputError, InputErrors
from onestop.office.fee_saving import FeeTexts, find_rules, rule_from, save_rule, texts_of, what_counts
from ui import look
from ui.acts.parts import MoneyField
from ui.pages.page import Frame
from ui.pages.row_form import Job, RowForm, SidedRoom, day_field
from ui.widgets import (
    Card,
    Column,
    ComboField,
    LineField,
    NoteField,
    QueueTable,
    Row,
    RowModel,
    error_words,
    label,
    primary,
)

_COLUMNS = (
    Column("Khoản thu", "Phí chứng thực bản sao từ bản chính", stretch=3),
    Column("Mức", "2.000 đồng/trang"),
    Column("Áp dụng từ", "01/01/2027"),
    Column("Căn cứ", "TT 226/2016/TT-BTC", stretch=1),
)
_LACKING = (("", "Tất cả"), ("lacking", "Chưa có mức"))
_COUNT_WORDS = {"pages": "Số trang", "copies": "Số bản", "cases": "Số lượng"}
_CONFIDENCE = {"high": "chắc chắn", "medium": "cần kiểm tra", "low": "chưa chắc"}
_TYPING_MS = 120


class FeesSection(SidedRoom):
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.line = LineField("fee_query", "&Tìm theo tên, căn cứ (không cần dấu)")
        self.lacking = ComboField("fee_lacking", "&Mức thu", _LACKING)
        self.count = label("", "dim")
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("fees_table", "Phí, lệ phí", self._model)
        self.form = FeeForm(frame)
        self.trial = FeeTrial(self.form.typed)
        form = Card(margin=14)
        form.body.addWidget(self.form)
        super().__init__(self._left(), (form,), narrow_columns=(2, 3))
        self.setObjectName("fees_section")
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self.line.changed.connect(self._typing.start)
        self.lacking.changed.connect(self.read)
        self.table.current_changed.connect(lambda _: self._show_current())
        for field in self.form.fields:
            field.changed.connect(self.trial.recount)

    def enter(self) -> None:
        self.read()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def catalogue_came(self) -> None:
        self.read()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.table, self.form, self.trial)

    def read(self) -> None:
        found = find_rules(self._frame.office.catalogue.fees, self.line.text(), bool(self.lacking.key()))
        self._model.show_rows([_row(rule) for rule in found])
        self.count.setText(f"{len(found)} mức thu")
        if not self.table.current_id():
            self.table.select_first()
        self._show_current()

    def current(self) -> FeeRule | None:
        fees = self._frame.office.catalogue.fees
        return next((rule for rule in fees if _row_id(rule) == self.table.current_id()), None)

    def _show_current(self) -> None:
        rule = self.current()
        self.form.setVisible(rule is not None)
        self.trial.setVisible(rule is not None)
        if rule is not None and not self.form.is_saving:
            self.form.show_rule(rule)
            self.trial.show_rule(rule)

    def _left(self) -> QVBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(look.px(12))
        head.addWidget(self.line, 1)
        head.addWidget(self.lacking)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(label("Phí, lệ phí", "title"))
        left.addLayout(head)
        left.addWidget(self.table, 1)
        left.addWidget(self.count)
        trial = Card("Tính thử với mức đang ghi", margin=12)
        trial.body.addWidget(self.trial)
        left.addWidget(trial)
        return left


class FeeForm(RowForm):
    """Amounts, online rates, exemptions, and from when; a later day makes a version of its own."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "fee_form")
        self.rule: FeeRule | None = None
        today = local_day(frame.worklist.now())
        self._today = today
        self.head = label("", "section", is_wrapped=True)
        self.note = label("", "small", is_wrapped=True)
        self.rows.insertWidget(0, self.head)
        self.rows.insertWidget(1, self.note)
        self.name_field = LineField("name", "Tê&n khoản thu")
        self.ground = LineField("ground", "&Căn cứ")
        self.amount, self.online = (
            MoneyField("amount_vnd", "Mứ&c thu"),
            MoneyField("online_vnd", "Mức trực tuyến"),
        )
        self.cap = MoneyField("cap_vnd", "Tối đa mỗi bản")
        self.steps = NoteField("steps", "Bậc trang", "Mỗi dòng: từ trang | số đồng", rows=2)
        self.levels = NoteField("rows", "Bảng mức thu", "Mỗi dòng: mã | lời | mức | mức trực tuyến", rows=4)
        self.exemptions = NoteField(
            "exemptions", "Diện &miễn, giảm", "Mỗi dòng: mã | đối tượng | phần trăm | căn cứ", rows=3
        )
        self.since = day_field("effective_on", "Áp dụng từ n&gày", today, "Để trống: sửa mức đang dùng")
        for field in (self.name_field, self.ground):
            self.add(field)
        self.add(self.amount, self.online)
        for single in (self.steps, self.cap, self.levels, self.exemptions, self.since):
            self.add(single)
        self.add_button(primary("&Lưu mức thu", icon="save"))

    def show_rule(self, rule: FeeRule) -> None:
        self.clear_errors()
        self.rule = rule
        self.head.setText(rule.name)
        says = (rule.note, f"Độ tin cậy: {_CONFIDENCE[rule.confidence]}.")
        self.note.setText(" ".join(words for words in says if words))
        texts = texts_of(rule)
        since = show_on(parse_day(texts.effective_on, self._today, "")) if texts.effective_on else ""
        for field, text in (
            (self.name_field, texts.name), (self.ground, texts.ground), (self.amount, texts.amount),
            (self.online, texts.online), (self.cap, texts.cap), (self.steps, texts.steps),
            (self.levels, texts.rows), (self.exemptions, texts.exemptions), (self.since, since),
        ):  # fmt: skip
            field.set_text(text)
        is_simple = rule.formula not in {Formula.PER_PAGE, Formula.TABLE}
        for field in (self.amount, self.online):
            field.setVisible(is_simple)
        for field in (self.steps, self.cap):
            field.setVisible(rule.formula is Formula.PER_PAGE)
        self.levels.setVisible(rule.formula is Formula.TABLE)

    def typed(self) -> FeeRule:
        """The rule as it stands in the fields now. Raises InputErrors."""
        assert self.rule is not None
        return rule_from(self.rule, self._texts())

    def job(self) -> Job:
        rule = self.typed()
        return lambda office: save_rule(office, rule)

    def _texts(self) -> FeeTexts:
        since = self.since.text()
        try:
            on = parse_day(since, self._today, "effective_on").isoformat() if since else ""
        except InputError as error:
            raise InputErrors([error]) from error
        return FeeTexts(
            self.name_field.text(), self.ground.text(), self.amount.text(), self.online.text(),
            self.cap.text(), self.steps.text(), self.levels.text(), self.exemptions.text(), on,
        )  # fmt: skip


class FeeTrial(QWidget):
    """What the rule, as it stands typed now, gives for counts that are typed here."""

    def __init__(self, rule: Callable[[], FeeRule]) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._rule = rule
        self.counts = {name: LineField(f"trial_{name}", words) for name, words in _COUNT_WORDS.items()}
        self.row = ComboField("trial_row", "Dòng", (("", "Chọn dòng…"),))
        self.exemption = ComboField("trial_exemption", "Diện", (("", "Không miễn, giảm"),))
        self.way = ComboField("trial_way", "Hình thức nộp", (("", "Trực tiếp"), ("online", "Trực tuyến")))
        self.amount = label("", "section", is_wrapped=True)
        self.why = label("", "small", is_wrapped=True)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        column.addLayout(row)
        column.addWidget(self.amount)
        column.addWidget(self.why)
        for count in self.counts.values():
            count.set_digits()
            count.set_text("1")
            row.addWidget(count, 1)
        for combo in (self.row, self.exemption, self.way):
            combo.editor.setMinimumContentsLength(8)
            row.addWidget(combo, 2)
        for field in (*self.counts.values(), self.row, self.exemption, self.way):
            field.changed.connect(self.recount)

    def show_rule(self, rule: FeeRule) -> None:
        asked = what_counts(rule)
        for name, field in self.counts.items():
            field.setVisible(name in asked)
        self.row.set_choices([("", "Chọn dòng…"), *((row.id, row.words) for row in rule.rows)])
        self.row.set_key(rule.rows[0].id if rule.rows else "")
        self.row.setVisible("row" in asked)
        exemptions = [(one.id, one.words) for one in rule.exemptions]
        self.exemption.set_choices([("", "Không miễn, giảm"), *exemptions])
        self.exemption.set_key("")
        self.recount()

    def recount(self) -> None:
        try:
            made = compute(self._rule(), self._quantity())
        except InputError as error:
            self.amount.setText("Chưa tính được")
            self.why.setText(error_words(error.errors[0] if isinstance(error, InputErrors) else error))
            return
        self.amount.setText(vnd_words(made.amount_vnd))
        self.why.setText(f"{made.explanation} Căn cứ: {made.ground}.")

    def _quantity(self) -> Quantity:
        made = Quantity(row=self.row.key(), is_online=bool(self.way.key()), exemption=self.exemption.key())
        pages, copies, cases = (_number(self.counts[name]) for name in _COUNT_WORDS)
        return replace(made, pages=pages, copies=copies, cases=cases)


def _number(field: LineField) -> int:
    text = field.text()
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _row(rule: FeeRule) -> Row:
    since = "" if not rule.effective_on else "/".join(reversed(rule.effective_on.split("-")))
    return Row(_row_id(rule), (rule.name, _level_words(rule), since, rule.ground), is_strong=False)


def _row_id(rule: FeeRule) -> str:
    return f"{rule.id}@{rule.effective_on}"


def _level_words(rule: FeeRule) -> str:
    if is_open(rule):
        return "chưa có mức"
    if rule.steps:
        return f"{vnd_words(rule.steps[0].amount_vnd)}/trang"
    if rule.rows:
        return "theo bảng"
    unit = {Formula.PER_COPY: "/bản", Formula.PER_CASE: f"/{rule.unit or 'trường hợp'}"}
    return f"{vnd_words(rule.amount_vnd or 0)}{unit.get(rule.formula, '')}"
