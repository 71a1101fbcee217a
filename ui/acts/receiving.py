"""Receiving an application that was only registered: the papers are checked, the clock starts."""

from PySide6.QtWidgets import QLabel

from onestop.domain.acts import RULES, Act
from onestop.domain.deadline import TimeUnit
from onestop.domain.dossier import Party
from onestop.domain.moment import show_at
from onestop.errors import InputError
from onestop.office.intake import IntakeForm, PartyForm, preview_due, receive_dossier
from onestop.office.office import Office
from ui.acts.form import ActForm, Job, Scene
from ui.widgets import Checklist, ComboField, LineField

_UNITS = (("working_day", "ngày làm việc"), ("calendar_day", "ngày"), ("hour", "giờ làm việc"))


class ReceiveForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Kiểm tra giấy tờ đã nộp. Thời hạn giải quyết tính từ lúc tiếp nhận.")
        self._checklist = Checklist("components")
        self._checklist.set_components(scene.dossier.subject.components)
        self._checklist.changed.connect(self.changed)
        self.rows.addWidget(self._checklist)
        self._value = LineField("time_limit", "Thời &hạn", "Theo quyết định công bố thủ tục")
        self._unit = ComboField("time_unit", "Đơ&n vị", _UNITS)
        if self._needs_limit(scene.office):
            self.add(self._value, self._unit)
        self._due: QLabel = self.say("", "strong")
        self._why: QLabel = self.say("", "dim")
        self.changed.connect(self._preview)
        self._preview()
        self.settle()

    def job(self) -> Job:
        typed, dossier_id = self._typed(), self.dossier_id
        return lambda office: receive_dossier(office, typed, dossier_id)

    def next_form(self) -> str:
        return RULES[self.act].form

    def texts(self) -> dict[str, str]:
        return super().texts() | {"components": str(self._checklist.given())}

    def mark(self, errors):  # type: ignore[no-untyped-def]  # as in ActForm
        """A missing paper is told by the row of the checklist."""
        rows = {row.objectName(): row for row in self._checklist.rows()}
        marked = super().mark(errors)
        places = [rows.get((error.field or "").replace("components.", "component_")) for error in errors]
        return [(words, place or row) for (words, place), row in zip(marked, places, strict=True)]

    def _needs_limit(self, office: Office) -> bool:
        procedure = office.catalogue.procedure(self.scene.dossier.subject.procedure.code)
        return procedure.time_limit.unit is TimeUnit.UNSPECIFIED

    def _typed(self) -> IntakeForm:
        subject = self.scene.dossier.subject
        typed = self._value.text()
        return IntakeForm(
            procedure_code=subject.procedure.code,
            owner=_typed_party(subject.owner),
            submitter=_typed_party(subject.delegate) if subject.delegate else None,
            content=subject.content,
            components=tuple(self._checklist.apply(subject.components)),  # type: ignore[arg-type]  # gives back the lines it was fed
            sets=subject.sets,
            fees=subject.fees,
            channel=subject.channel,
            note=subject.note,
            time_value=int(typed) if typed.isascii() and typed.isdigit() else 0,
            time_unit=self._unit.key(),
        )

    def _preview(self) -> None:
        try:
            due = preview_due(self.scene.office, self._typed())
        except InputError:
            self._due.setText("")
            self._why.setText("")
            return
        self._due.setText(f"Hạn trả: {show_at(due.due_at)}")
        self._why.setText(due.explanation)


def _typed_party(party: Party) -> PartyForm:
    names = ("kind", "name", "id_number", "born_on", "sex", "address", "phone", "email", "tax_code")
    return PartyForm(**{name: getattr(party, name) for name in names})
