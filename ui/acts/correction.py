"""The correction: the whole subject in fields, and what will read differently afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from onestop.domain.acts import RULES, Act
from onestop.domain.declaration import DeclarationForm, find_form
from onestop.domain.declaration_values import sources_of
from onestop.domain.dossier import ComponentLine, Declaration, Fee, Party, ProcedureRef, Subject
from onestop.domain.moment import local_day, show_at
from onestop.domain.person import parse_born_on, show_born_on, show_phone
from onestop.domain.procedure import has_ordinary
from onestop.errors import ConflictError, InputError, RuleError
from onestop.office import deeds
from onestop.office.changes import subject_changes
from onestop.office.correcting import (
    correct_dossier,
    corrected_due,
    lines_in_case,
    named_case,
    received_under,
)
from onestop.office.deeds import Done
from onestop.office.intake import IntakeForm, PartyForm, check_intake
from onestop.office.office import Office
from ui.acts.form import ActForm, Job, Scene
from ui.acts.parts import MoneyField
from ui.acts.phrases import PHRASES
from ui.widgets import Checklist, ComboField, DateField, Field, LineField, NoteField
from ui.widgets.declaration import DeclarationFields

_SEXES = (("", "Không ghi"), ("nam", "Nam"), ("nữ", "Nữ"))


class PartyFields:
    """The fields of one person or organisation, named `owner.name` and so on."""

    def __init__(self, form: ActForm, prefix: str, party: Party, read_day: Callable[[str], str]) -> None:
        self._party, self._prefix = party, prefix
        self._by_name: dict[str, Field] = {}
        is_person = party.kind == "person"
        self._put(form, ("name", "Họ tên" if is_person else "Tên tổ chức"))
        if is_person:
            self._put(form, ("id_number", "Số định danh"), ("born_on", "Ngày sinh"), read_day=read_day)
            self._put(form, ("sex", "Giới tính"), ("phone", "Số điện thoại"))
            self._put(form, ("address", "Nơi cư trú"))
            self._put(form, ("email", "Thư điện tử (nếu có)"))
        else:
            self._put(form, ("tax_code", "Mã số thuế"), ("phone", "Số điện thoại"))
            self._put(form, ("address", "Địa chỉ"))
            self._put(form, ("email", "Thư điện tử (nếu có)"))

    def typed(self) -> PartyForm:
        texts = {name: field.text() for name, field in self._by_name.items()}
        return PartyForm(kind=self._party.kind, **texts)

    def _put(
        self, form: ActForm, *rows: tuple[str, str], read_day: Callable[[str], str] | None = None
    ) -> None:
        made = [self._field(name, words, read_day) for name, words in rows]
        form.add(*made)

    def _field(self, name: str, words: str, read_day: Callable[[str], str] | None) -> Field:
        full, value = f"{self._prefix}.{name}", getattr(self._party, name)
        field: Field
        if name == "sex":
            field = ComboField(full, words, _SEXES)
        elif name == "born_on" and read_day:
            field, value = DateField(full, words, read_day, ""), show_born_on(value)
        else:
            field = LineField(full, words)
            value = show_phone(value) if name == "phone" else value
        field.set_text(value)
        self._by_name[name] = field
        return field


class CorrectForm(ActForm):
    """Opens with the subject as it stands; the code and the clock stay (they are not typed)."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._before = scene.dossier.subject
        self._procedure = received_under(scene.office.catalogue, self._before.procedure)
        self._lines = self._before.components
        self.say("Sửa chỗ sai rồi ghi lý do. Mã hồ sơ giữ nguyên; hạn trả chỉ đổi khi đổi trường hợp.")
        self.say(_owner_title(self._before), "section")
        self._owner = PartyFields(self, "owner", self._before.owner, self._read_day)
        self._delegate = self._delegate_fields()
        self._content = NoteField("content", "Nội &dung yêu cầu giải quyết", rows=3)
        self._content.set_text(self._before.content)
        self._sets = LineField("sets", "Số &bộ hồ sơ")
        self._sets.set_text(str(self._before.sets))
        self._note = NoteField("note", "&Ghi chú (nếu có)", rows=2)
        self._note.set_text(self._before.note)
        self._declaration = self._declaration_fields()
        self.say("Nội dung", "section")
        self._case = self._case_field()
        self.add(self._content)
        self.add(self._sets)
        self._fees = self._fee_fields()
        self.add(self._note)
        self._add_declaration()
        self._checklist = self._components()
        self._reason = self.add_reason(PHRASES[act], "&Lý do đính chính", rows=3)
        self._difference = self._difference_label()
        self.changed.connect(self._show_difference)
        self.settle()

    def job(self) -> Job:
        after, reason, before = self._after(), self._reason.text(), self._before
        if not subject_changes(before, after):
            raise InputError("Chưa sửa gì", "Sửa ít nhất một chỗ, hoặc bấm Đóng.", "owner.name")
        dossier_id = self.dossier_id
        return lambda office: _correct(office, dossier_id, before, after, reason)

    def next_form(self) -> str:
        return RULES[self.act].form

    def texts(self) -> dict[str, str]:
        declared = str(self._declaration.values()) if self._declaration else ""
        return super().texts() | {"components": str(self._checklist.given()), "declaration": declared}

    def place(self, name: str | None) -> Field | None:
        declared = self._declaration.place(name or "") if self._declaration else None
        is_declared = (name or "").startswith("declaration.")
        return declared if is_declared else super().place(name)

    def mark(self, errors: Sequence[InputError]) -> list[tuple[str, QWidget | None]]:
        if self._declaration:
            self._declaration.clear_errors()
        return super().mark(errors)

    def _forms(self) -> tuple[DeclarationForm, ...]:
        return self.scene.office.catalogue.declarations

    def _declaration_fields(self) -> DeclarationFields | None:
        """In the version it was filled in; None where the form came on paper or is not known here."""
        filled = self._before.declaration
        form = find_form(self._forms(), filled.form, filled.version) if filled else None
        if filled is None or form is None or form.version != filled.version:
            return None
        today = local_day(self.scene.office.now)
        made = DeclarationFields(lambda: today)
        made.show_form(form)
        made.set_sources(sources_of(self._before.owner, self._before.submitter, today))
        made.fill(filled.values)
        made.changed.connect(self.changed)
        self._declared_before = made.values()
        return made

    def _add_declaration(self) -> None:
        form = self._declaration.form() if self._declaration else None
        if self._declaration and form:
            self.say(form.title, "section")
            self.rows.addWidget(self._declaration)

    def _declared(self) -> Declaration | None:
        """As it stands in the dossier unless the officer touched it: an age must not grow by itself."""
        filled, fields = self._before.declaration, self._declaration
        if fields is None or filled is None or fields.values() == self._declared_before:
            return None
        return replace(filled, values=fields.values())

    def _delegate_fields(self) -> PartyFields | None:
        if self._before.delegate is None:
            return None
        self.say("Người nộp", "section")
        return PartyFields(self, "submitter", self._before.delegate, self._read_day)

    def _fee_fields(self) -> list[MoneyField]:
        fields = [
            MoneyField(f"fee {place}", fee.name, fee.amount_vnd)
            for place, fee in enumerate(self._before.fees)
        ]
        for field in fields:
            self.add(field)
        return fields

    def _case_field(self) -> ComboField | None:
        """None where the procedure, as it was received under, has no cases."""
        procedure = self._procedure
        if procedure is None or not procedure.cases:
            return None
        first = [("", "Trường hợp thông thường")] if has_ordinary(procedure) else []
        rows = [(case.id, f"{case.name} · {case.time_limit.words().lower()}") for case in procedure.cases]
        made = ComboField("case", "T&rường hợp", first + rows)
        made.editor.setMinimumContentsLength(24)
        made.set_key(self._before.procedure.case)
        made.changed.connect(self._case_changed)
        self.add(made)
        return made

    def _case_id(self) -> str:
        return self._case.key() if self._case else self._before.procedure.case

    def _case_changed(self) -> None:
        """Papers of the other case; what is ticked stays ticked under the same name."""
        case_id, procedure = self._case_id(), self._procedure
        ticked: tuple[ComponentLine, ...] = tuple(self._checklist.apply(self._lines))  # type: ignore[arg-type]  # gives back the lines it was fed
        if procedure is not None:
            is_back = case_id == self._before.procedure.case
            self._lines = self._before.components if is_back else lines_in_case(procedure, case_id, ticked)
            self._checklist.set_components(self._lines)

    def _components(self) -> Checklist:
        made = Checklist("components")
        made.set_components(self._before.components)
        made.changed.connect(self.changed)
        self.rows.addWidget(made)
        return made

    def _difference_label(self) -> QLabel:
        self.say("Sẽ thay đổi", "section")
        made = self.say("Chưa sửa chỗ nào.", "")
        made.setObjectName("difference")
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made

    def _show_difference(self) -> None:
        try:
            after = self._after()
            changes = [each.words for each in subject_changes(self._before, after, self._forms())]
            changes += self._due_change(after)
        except (InputError, RuleError):
            return  # still being typed: the field says what is wrong when it is left
        self._difference.setText("\n".join(changes) or "Chưa sửa chỗ nào.")

    def _due_change(self, after: Subject) -> list[str]:
        due, old = corrected_due(self.scene.office, self.scene.dossier, after), self.scene.dossier.due_at
        if due is None or due.at is None or old is None:
            return []
        return [f"Hạn trả: {show_at(old)} → {show_at(due.at)} ({due.explanation})"]

    def _after(self) -> Subject:
        """The subject as typed. Raises InputErrors."""
        typed = IntakeForm(
            procedure_code=self._before.procedure.code,
            case=self._case_id(),
            owner=self._owner.typed(),
            submitter=self._delegate.typed() if self._delegate else None,
            content=self._content.text(),
            components=tuple(self._checklist.apply(self._lines)),  # type: ignore[arg-type]  # gives back the lines it was fed
            sets=_whole(self._sets.text()),
            fees=self._typed_fees(),
            channel=self._before.channel,
            note=self._note.text(),
            declaration=self._declared(),
        )
        after, _ = check_intake(self.scene.office, typed, self._procedure)
        declaration = after.declaration or self._before.declaration
        before = self._before
        return replace(after, procedure=self._kept(), agencies=before.agencies, declaration=declaration)

    def _kept(self) -> ProcedureRef:
        """The procedure as it was on the day of reception, in the case that is picked."""
        kept, case_id = self._before.procedure, self._case_id()
        if self._procedure is None or case_id == kept.case:
            return kept
        return named_case(kept, self._procedure, case_id)

    def _typed_fees(self) -> tuple[Fee, ...]:
        pairs = zip(self._before.fees, self._fees, strict=True)
        return tuple(replace(fee, amount_vnd=field.amount()) for fee, field in pairs)

    def _read_day(self, text: str) -> str:
        return show_born_on(parse_born_on(text, local_day(self.scene.office.now)))


def _correct(office: Office, dossier_id: str, before: Subject, after: Subject, reason: str) -> Done:
    """A correction replaces the whole subject: not over one that came meanwhile."""
    if deeds.find_dossier(office, dossier_id).subject != before:
        raise ConflictError(
            "Hồ sơ vừa được đính chính ở nơi khác",
            "Hãy đóng khung này, xem lại thông tin mới rồi đính chính tiếp nếu còn sai.",
        )
    return correct_dossier(office, dossier_id, after, reason)


def _owner_title(subject: Subject) -> str:
    return "Chủ hồ sơ, người nộp" if subject.delegate is None else "Chủ hồ sơ"


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise InputError("Số bộ hồ sơ chưa đúng", "Nhập một số từ 1 đến 99.", "sets")
    return int(text)
