"""Asking for what is missing, all faults at once, and taking it when it comes."""

from PySide6.QtWidgets import QWidget

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import ComponentLine
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.intake import missing_components
from ui.acts.form import ActForm, Job, Scene
from ui.acts.parts import FilesField
from ui.acts.phrases import PHRASES
from ui.acts.reasons import MODES, usual_mode
from ui.widgets import Checklist, ComboField, NoteField


class RequestSupplementForm(ActForm):
    """One notice names every fault (NĐ 118/2025, Điều 17 khoản 2 điểm a)."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Nêu đầy đủ, một lần các giấy tờ cần bổ sung. Thời hạn tạm dừng cho tới khi nhận bổ sung.")
        self._missing = NoteField("missing", "Giấy tờ cần &bổ sung", "Mỗi dòng một giấy tờ", rows=5)
        absent = missing_components(scene.dossier.subject.components)
        self._missing.set_text("\n".join(line.name for line in absent))
        self.add(self._missing)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        missing = tuple(line for line in self._missing.text().splitlines() if line)
        reason, dossier_id = self._reason.text(), self.dossier_id
        return lambda office: deeds.request_supplement(office, dossier_id, missing, reason)

    def next_form(self) -> str:
        return RULES[self.act].form


class TakeSupplementForm(ActForm):
    """What was asked for, ticked as it is handed in; scans beside it."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._asked = Checklist("asked", "Giấy tờ đã nhận", has_counts=False)
        asked = enumerate(scene.dossier.missing, start=1)
        self._asked.set_components([ComponentLine(no, item, is_given=True) for no, item in asked])
        self._asked.changed.connect(self.changed)
        self.rows.addWidget(self._asked)
        self._other = NoteField("given", "Giấy tờ khác (&nếu có)", "Mỗi dòng một giấy tờ", rows=2)
        self._mode = ComboField("mode", "Tính &hạn trả", MODES)
        self._mode.set_key(usual_mode(scene))
        self._files = FilesField("papers", "Bản quét (nếu có)", scene.office, scene.tasks)
        self.add(self._other)
        self.add(self._files)
        self.add(self._mode)
        self.settle()

    def texts(self) -> dict[str, str]:
        return super().texts() | {"asked": str(self._asked.given())}

    def first(self) -> QWidget | None:
        return next(iter(self._asked.rows()), None)

    def job(self) -> Job:
        given = self._given()
        if not given:
            raise InputError("Chưa chọn giấy tờ đã nhận", "Đánh dấu hoặc ghi ít nhất một giấy tờ.", "given")
        papers, mode, dossier_id = self._files.papers(), self._mode.key(), self.dossier_id
        return lambda office: deeds.take_supplement(office, dossier_id, given, papers, mode)

    def _given(self) -> tuple[str, ...]:
        asked = zip(self._asked.given(), self.scene.dossier.missing, strict=True)
        ticked = [item for given, item in asked if given.is_given]
        return (*ticked, *(line for line in self._other.text().splitlines() if line))
