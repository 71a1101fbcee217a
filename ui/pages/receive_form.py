"""The form itself: sections in the order of speech at the counter, and the checklist beside them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.dossier import ComponentLine
from onestop.domain.moment import local_day
from onestop.domain.procedure import Procedure, find_procedures, in_case
from onestop.errors import InputError
from onestop.office.intake import CHANNELS
from onestop.office.office import Catalogue, Office
from ui import look
from ui.pages.receive_case import CaseField
from ui.pages.receive_components import (
    ComponentPanel,
    Handed,
    Scroll,
    fresh_lines,
    with_asked_counts,
)
from ui.pages.receive_declaration import DeclarationSection
from ui.pages.receive_fees import FeeLines
from ui.pages.receive_papers import PaperFiles
from ui.pages.receive_party import PartyFields
from ui.pages.receive_sections import Sections
from ui.pages.receive_side import DueCard
from ui.pages.receive_typed import Typed, clock_words, intake_form, short
from ui.tasks import Tasks
from ui.widgets import ComboField, Field, LineField, Option, Picker, label

OWNER_KEYS = {
    "id_number": "&Số định danh",
    "tax_code": "Mã &số thuế",
    "name": "&Họ, chữ đệm, tên",
    "organisation": "Tên tổ c&hức",
    "born_on": "&Ngày sinh",
    "sex": "&Giới tính",
    "phone": "Đ&iện thoại (nếu có)",
    "email": "Thư điện tử (nếu có)",
    "address": "Nơi &cư trú, địa chỉ",
}
SUBMITTER_KEYS = {name: words.replace("&", "") for name, words in OWNER_KEYS.items()}
UNITS = (("working_day", "ngày làm việc"), ("calendar_day", "ngày"), ("hour", "giờ làm việc"))


class IntakeFields(QWidget):
    """Fed and read as `Typed`. `changed` only when a person changes something, never by filling."""

    changed = Signal()
    left = Signal()
    procedure_chosen = Signal()
    card_taken = Signal()

    def __init__(self, tasks: Tasks, office: Callable[[], Office], heads: Sequence[QWidget] = ()) -> None:
        """`heads` stand over the first section: errors and notices."""
        super().__init__()
        self._office = office
        self._is_filling = False
        self.procedure = Picker(
            "procedure", "&Tên hoặc mã thủ tục", self._find, lost="Hãy chọn một dòng trong danh sách"
        )
        self.case = CaseField("case")
        self._handed = Handed()
        self._offered: tuple[object, ...] = ()
        self.time_value = LineField("time_limit", "Thời hạn giải &quyết")
        self.time_value.set_digits()
        self.time_unit = ComboField("time_limit.unit", "Đơn vị", UNITS)
        clock = (lambda: local_day(office().now), lambda: clock_words(office()))
        self.owner = PartyFields("owner", OWNER_KEYS, *clock)
        self.submitter = PartyFields("submitter", SUBMITTER_KEYS, *clock)
        self.is_owner_here = QCheckBox("Người nộp &là chủ hồ sơ")
        self.is_owner_here.setChecked(True)
        self.content = LineField("content", "Nội &dung yêu cầu")
        self.sets = LineField("sets", "Số &bộ", check=_sets_trouble)
        self.channel = ComboField("channel", "Hình thức nộp", tuple(CHANNELS.items()))
        self.note = LineField("note", "Ghi chú (nếu có)")
        self.declaration = DeclarationSection(office)
        self.papers = PaperFiles("papers", tasks, office)
        self.fees = FeeLines("fees", office)
        self.components = ComponentPanel("components_panel", office)
        self.due = DueCard()
        self._lay_out(heads)
        self._connect()
        self._show_sections()

    # ---- typed values -----------------------------------------------------------------

    def typed(self) -> Typed:
        sources = {party.prefix: party.source for party in (self.owner, self.submitter) if party.source}
        return Typed(
            procedure_code=self.procedure.key(),
            procedure=self.procedure.editor.text(),
            owner=self.owner.typed(),
            is_owner_here=self.is_owner_here.isChecked(),
            submitter=self.submitter.typed(),
            content=self.content.editor.text(),
            sets=self.sets.editor.text(),
            channel=self.channel.key(),
            note=self.note.editor.text(),
            time_value=self.time_value.editor.text(),
            time_unit=self.time_unit.key(),
            components=self.components.lines(),
            fees=self.fees.typed(),
            papers=self.papers.typed(),
            sources=sources,
            case=self.case.key(),
            declaration=self.declaration.filled(),
        )

    def fill(self, typed: Typed) -> None:
        """Shows a draft, or nothing at all; tells nobody."""
        self._is_filling = True
        procedure = self._procedure(typed.procedure_code)
        self.procedure.set_option(option(procedure) if procedure else None)
        if procedure is None:
            self.procedure.set_text(typed.procedure)
        self.case.show_cases(procedure, typed.case)
        self._handed = Handed()
        self.owner.fill(typed.owner, typed.sources.get("owner", ""))
        self.submitter.fill(typed.submitter, typed.sources.get("submitter", ""))
        self.is_owner_here.setChecked(typed.is_owner_here)
        self._fill_rest(typed, procedure)
        self._is_filling = False
        self._show_sections()
        self.recompute()

    def _fill_rest(self, typed: Typed, procedure: Procedure | None) -> None:
        for field, text in (
            (self.content, typed.content), (self.sets, typed.sets), (self.note, typed.note),
            (self.time_value, typed.time_value),
        ):  # fmt: skip
            field.set_text(text)
        self.channel.set_key(typed.channel)
        self.time_unit.set_key(typed.time_unit)
        asked = self._asked()
        lines = with_asked_counts(asked, typed.components) if asked else typed.components
        self._show_lines(lines)
        self.papers.fill(typed.papers)
        self.components.show_files(self.papers.counts())
        self.fees.set_lines(typed.fees)
        self._offered = _fees_of(asked)
        self._show_procedure(procedure)
        self.declaration.fill(typed.declaration)

    # ---- following what is typed --------------------------------------------------------

    def recompute(self) -> None:
        """Due date and sum anew: after a change, and as time goes on (15:00!)."""
        self.fees.set_online(self.channel.key() == "online")
        form, _ = intake_form(self.typed())
        self.declaration.set_parties(form.owner, form.submitter or form.owner)
        is_known = bool(self.procedure.key())
        self.due.show_due(self._office(), form, is_known)
        is_open = self.case.is_open()
        self.due.show_fee(self.fees.total_words() if is_known and not is_open else "—")

    def set_catalogue(self, catalogue: Catalogue) -> None:
        for party in (self.owner, self.submitter):
            party.set_provinces(catalogue.id_provinces, catalogue.agency.code)

    def card_taker(self) -> PartyFields:
        """Whose card is scanned: where the keyboard is, else the owner; never an organisation."""
        if self.owner.kind() == "organisation":
            # A card is a person's: the one who comes for the organisation.
            self.is_owner_here.setChecked(False)
            return self.submitter
        is_submitter = not self.is_owner_here.isChecked() and self.submitter.has_focus()
        return self.submitter if is_submitter else self.owner

    def open_questions(self) -> list[InputError]:
        """What stands open on the page itself: cards not yet decided on, files not yet kept."""
        errors = [
            InputError("Thẻ ghi khác nội dung đã nhập", "Chọn giữ nội dung đã nhập hoặc lấy theo thẻ.", name)
            for name in ("owner", "submitter")
            if self._party(name).comparison.differences()
        ]
        if self.case.is_open() and self.components.lines():
            errors.append(InputError("Trường hợp đã chọn không còn", "Hãy chọn lại trường hợp.", "case"))
        if self.papers.is_busy():
            errors.append(InputError("Đang lưu tệp giấy tờ", "Chờ lưu xong rồi tiếp nhận.", "papers"))
        return errors

    def _party(self, prefix: str) -> PartyFields:
        return self.owner if prefix == "owner" else self.submitter

    def target(self, name: str | None) -> QWidget | None:
        """The widget of an `InputError.field`, to jump to; None for an unknown one."""
        head, _, rest = (name or "").partition(".")
        if head in {"owner", "submitter"}:
            party = self._party(head)
            return party.field(name or "") if rest else party.comparison
        if head == "components" and rest.isdigit():
            return self.components.box(int(rest))
        if head == "declaration":
            return self.declaration.place(name or "")
        if head == "fees":
            return self.fees.amount_of(name or "")
        plain = {
            "procedure": self.procedure, "case": self.case, "time_limit": self.time_value,
            "sets": self.sets, "channel": self.channel, "papers": self.papers.add,
        }  # fmt: skip
        return plain.get(head)

    def show_errors(self, errors: Sequence[InputError]) -> None:
        """Words beside each field concerned; what was typed stays."""
        for error in errors:
            target = self.target(error.field)
            if isinstance(target, Field):
                target.set_error(error.message or error.title)

    def _find(self, query: str) -> list[Option]:
        found = find_procedures(self._office().catalogue.procedures, query, 30)
        return [option(procedure) for procedure in found]

    def _procedure(self, code: str) -> Procedure | None:
        return next((each for each in self._office().catalogue.procedures if each.code == code), None)

    def _chosen(self, code: str) -> None:
        procedure = self._procedure(code)
        self.case.show_cases(procedure)
        self._handed, self._offered = Handed(), ()
        self._take_case()
        if procedure and self.procedure.editor.hasFocus():
            QApplication.sendPostedEvents()  # the cases are laid out before the focus goes on to them
            self.procedure.editor.focusNextChild()
        self._tell()
        self.procedure_chosen.emit()

    def _asked(self) -> Procedure | None:
        """What is asked in the picked case over the chosen channel; None while a case is to be picked."""
        procedure = self._procedure(self.procedure.key())
        if procedure is None or self.case.is_open():
            return None
        return in_case(procedure, self.case.key(), self.channel.key() == "online")

    def _case_chosen(self) -> None:
        self._handed.keep(self.components.lines())
        self._take_case()

    def _take_case(self) -> None:
        """Papers, time and fees of the case. What was handed in stays so; fees that were typed stay
        if the case collects the same."""
        asked = self._asked()
        self._show_lines(self._handed.carry(fresh_lines(asked)) if asked else ())
        if asked is None:
            self.fees.set_lines(())
        elif self._offered != _fees_of(asked):
            self.fees.offer(asked)
        self._offered = _fees_of(asked)
        self._show_procedure(self._procedure(self.procedure.key()))

    def _show_lines(self, lines: Sequence[ComponentLine]) -> None:
        if self.case.is_open():
            self.components.say_empty("Chưa chọn trường hợp", "Chọn trường hợp để biết giấy tờ cần có.")
        else:
            self.components.say_empty("Chưa chọn thủ tục", "Giấy tờ cần có sẽ hiện ở đây.")
        self.components.set_lines(lines)
        self.papers.set_lines(lines)
        self.components.show_files(self.papers.counts())

    def _show_procedure(self, chosen: Procedure | None) -> None:
        procedure = self._asked() or chosen
        self.declaration.show_form(procedure, self.case.key())
        self._sections.set_shown(self.declaration, self.declaration.has_form())
        self.fees.show_note(procedure)
        is_asked = procedure is not None and procedure.time_limit.unit.value == "unspecified"
        self._time.setVisible(is_asked and not self.case.is_open())
        if procedure is None:
            self.procedure.set_hint("")
            self.content.editor.setPlaceholderText("")
            return
        self._time_note.setText(procedure.time_note or "Danh mục chưa ghi đơn vị thời hạn.")
        limit = "" if is_asked or self.case.is_open() else procedure.time_limit.words().lower()
        result = f"kết quả: {short(procedure.result)}" if procedure.result else ""
        words = (f"Lĩnh vực {procedure.sector}", limit, result)
        self.procedure.set_hint(" · ".join(part for part in words if part))
        self.content.editor.setPlaceholderText(procedure.name)

    def _tell(self) -> None:
        if not self._is_filling:
            self.recompute()
            self.changed.emit()

    def _papers_changed(self) -> None:
        self.components.show_files(self.papers.counts())
        self._tell()

    def _show_sections(self) -> None:
        self._sections.set_shown(self.submitter, not self.is_owner_here.isChecked())

    # ---- building -----------------------------------------------------------------------

    def _connect(self) -> None:
        self.procedure.chosen.connect(self._chosen)
        self.case.chosen.connect(self._case_chosen)
        self.channel.changed.connect(lambda: self._show_procedure(self._procedure(self.procedure.key())))
        self.is_owner_here.toggled.connect(self._show_sections)
        self.is_owner_here.clicked.connect(self._tell)
        self.papers.changed.connect(self._papers_changed)
        fields = (self.procedure, self.case, self.content, self.sets, self.channel, self.note)
        rest = (self.time_value, self.time_unit, self.declaration, self.owner, self.submitter, self.fees)
        for part in (*fields, *rest):
            part.changed.connect(self._tell)
            part.left.connect(self.left)
        for party in (self.owner, self.submitter):
            party.card_taken.connect(self.card_taken)
        self.components.changed.connect(self._tell)

    def _lay_out(self, heads: Sequence[QWidget]) -> None:
        self._time_note = label("", "small", is_wrapped=True)
        self._time = _column(_row((self.time_value, 2), (self.time_unit, 2), (None, 4)), self._time_note)
        owner = _column(self.owner, self.is_owner_here)
        body = _column(
            _row((self.content, 1)), _row((self.sets, 1), (self.channel, 3), (self.note, 6)), spacing=8
        )
        self._sections = Sections(heads)
        for title, part in (
            ("Thủ tục", _column(self.procedure, self.case, self._time, spacing=8)),
            ("Chủ hồ sơ", owner),
            ("Người nộp (được uỷ quyền)", self.submitter),
            ("Nội dung", body),
            ("Tờ khai", self.declaration),
            ("Giấy tờ", self.papers),
            ("Phí, lệ phí", self.fees),
        ):
            self._sections.add(title, part)
        self.pane = Scroll(self._sections)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)


def option(procedure: Procedure) -> Option:
    """As the picker shows it: code and name, then sector and time."""
    return Option(
        procedure.code,
        f"{procedure.code} · {_name(procedure)}",
        f"{procedure.sector} · {procedure.time_limit.words()}",
    )


def _fees_of(procedure: Procedure | None) -> tuple[object, ...]:
    """What its fee lines are made of."""
    return (procedure.code, procedure.fees, procedure.fee_vnd) if procedure else ()


def _name(procedure: Procedure) -> str:
    """Nearly every name begins with "Thủ tục": it tells nothing apart."""
    name = procedure.name.removeprefix("Thủ tục ")
    return name[:1].upper() + name[1:]


def _sets_trouble(text: str) -> str:
    is_fit = text.isascii() and text.isdigit() and 1 <= int(text) <= 99
    return "" if is_fit else "Nhập số từ 1 đến 99"


def _row(*parts: tuple[QWidget | None, int]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look.px(12))
    for part, stretch in parts:
        if part is None:
            row.addStretch(stretch)
        else:
            row.addWidget(part, stretch)
    return made


def _column(*parts: QWidget, spacing: int = 4) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.px(spacing))
    for part in parts:
        column.addWidget(part)
    return made
