"""Ratify or void one entry of the tray, with those that build on it; its facts in a form again."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox

from onestop.domain.acts import Act
from onestop.office import deeds
from ui.acts.form import ActForm, Job, Scene
from ui.acts.phrases import PHRASES
from ui.pages.tray_read import Case

_REDO = "Làm lại theo hiện trạng hồ sơ."
_SAYS = {
    Act.RATIFY: "Bút ký có hiệu lực tại đúng chỗ của nó trong nhật ký. Lý do ghi vào nhật ký.",
    Act.VOID: "Bút ký ở lại trong nhật ký nhưng không có hiệu lực. Lý do ghi vào nhật ký.",
}


class TrayForm(ActForm):
    """Phê chuẩn or Huỷ bút ký; `is_redo`: the act itself is offered again afterwards."""

    def __init__(self, scene: Scene, act: Act, case: Case, is_redo: bool = False) -> None:
        super().__init__(scene, act)
        self.case, self.is_redo = case, is_redo
        moment = case.moment
        self.say(f"{moment.words} · {moment.officer}", "strong")
        self.say(_SAYS[act])
        self.followers = QCheckBox(f"&Gồm cả {len(case.followers)} bút ký dựa trên bút ký này")
        self.followers.setObjectName("followers")
        self.followers.setChecked(bool(case.followers))
        self.followers.setVisible(bool(case.followers))
        self.followers.setAccessibleDescription("; ".join(f"{m.words}, {m.officer}" for m in case.followers))
        self.rows.addWidget(self.followers)
        for each in case.followers:
            self.say(f"• {each.words} · {each.officer}", "small")
        self.reason = self.add_reason(PHRASES[act])
        if is_redo:
            self.reason.set_text(_REDO)
        self.settle()

    def button_words(self) -> str:
        return "Huỷ và làm lại" if self.is_redo else super().button_words()

    def entries(self) -> tuple[str, ...]:
        """The entry itself first."""
        others = self.case.followers if self.followers.isChecked() else ()
        return (self.case.entry_id, *(moment.id for moment in others))

    def job(self) -> Job:
        deed = deeds.ratify if self.act is Act.RATIFY else deeds.void
        entries, reason, dossier_id = self.entries(), self.reason.text(), self.dossier_id
        return lambda office: deed(office, dossier_id, entries, reason)


def put_facts(form: ActForm, facts: Mapping[str, Any]) -> None:
    """What the voided entry said stands in the form again; what does not fit is left out."""
    texts = _flat(facts)
    for field in form.fields:
        name = field.name()
        if name in texts:
            field.set_text(texts[name])
            field.changed.emit()  # the officers of a unit are listed anew


def _flat(facts: Mapping[str, Any]) -> dict[str, str]:
    """`{"to": {"unit": "x"}}` → `{"to.unit": "x", "unit": "x"}`; lists of words one a line."""
    texts: dict[str, str] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            inner = _flat(value)
            texts |= inner | {f"{name}.{key}": text for key, text in inner.items()}
        elif isinstance(value, list | tuple):
            texts[name] = "\n".join(each for each in value if isinstance(each, str))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            texts[name] = _shown_day(str(value))
    return texts


def _shown_day(text: str) -> str:
    """A day as people type it: forms take `21/11/2026`."""
    parts = text.split("-")
    is_day = [len(part) for part in parts] == [4, 2, 2] and all(part.isdigit() for part in parts)
    return "/".join(reversed(parts)) if is_day else text
