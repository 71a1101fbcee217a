"""Acts whose whole content is a reason, and those that move the legal clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from onestop.domain.acts import RULES, Act
from onestop.domain.calendar import WorkCalendar
from onestop.domain.dossier import ApologyDraft
from onestop.domain.moment import VIETNAM, local_day, show_at, show_on, weekday
from onestop.domain.person import parse_day
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.office import Office
from onestop.office.paper_words import PAPER_FORMS
from onestop.office.routes import return_words
from onestop.office.timeline import GROUNDS
from ui.acts.form import ActForm, Job, Scene, Warn, about
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField, DateField

Deed = Callable[[Office, str, str], Done]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one act of this shape says and does. `warning` empty: it can be taken back."""

    deed: Deed
    hint: str
    warning: str = ""


_KINDS: Mapping[Act, _Kind] = {
    Act.SEND_BACK: _Kind(deeds.send_back, "Hồ sơ trở về người đã chuyển, kèm lý do."),
    Act.RECALL: _Kind(deeds.recall, "Lấy lại hồ sơ khi người nhận chưa nhận bàn giao."),
    Act.DISAPPROVE: _Kind(deeds.disapprove, "Hồ sơ trở về người đã trình, kèm lý do."),
    Act.STOP: _Kind(
        deeds.stop,
        "Lý do được in trên Thông báo dừng giải quyết (mẫu 05).",
        "Hồ sơ dừng hẳn, không mở lại được.",
    ),
    Act.WITHDRAW: _Kind(
        deeds.withdraw, "Trả lại giấy tờ đã nộp cho chủ hồ sơ.", "Hồ sơ kết thúc, không mở lại được."
    ),
    Act.REFUSE: _Kind(
        deeds.refuse,
        "Nêu rõ căn cứ; lý do được in trên Phiếu từ chối (mẫu 03).",
        "Hồ sơ kết thúc, không mở lại được.",
    ),
}


class ReasonForm(ActForm):
    """Send back, recall, disapprove, stop, withdraw, refuse."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._kind = _KINDS[act]
        self.say(self._kind.hint)
        if act is Act.SEND_BACK:
            words = return_words(scene.office, scene.dossier)
            if words:
                self.say(words, "warning")
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        reason, deed, dossier_id = self._reason.text(), self._kind.deed, self.dossier_id
        return lambda office: deed(office, dossier_id, reason)

    def warn(self) -> Warn | None:
        if not self._kind.warning:
            return None
        words = RULES[self.act].words
        return Warn(f"{words}?", f"{about(self.scene)}\n\n{self._kind.warning}", words)

    def next_form(self) -> str:
        return RULES[self.act].form


class PauseForm(ActForm):
    """Waits for a duty of the owner, or for a lawful reason; the clock stands still."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Thời hạn giải quyết tạm dừng cho tới khi hồ sơ được tiếp tục.")
        choices = [("other", GROUNDS["other"]), ("payment", GROUNDS["payment"])]
        self._ground = ComboField("ground", "Că&n cứ tạm dừng", choices)
        self.add(self._ground)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        ground, reason, dossier_id = self._ground.key(), self._reason.text(), self.dossier_id
        return lambda office: deeds.pause(office, dossier_id, ground, reason)


MODES = (("shift", "Cộng thêm thời gian đã tạm dừng"), ("restart", "Tính lại từ đầu"))
"""How the clock runs on after a pause."""


def usual_mode(scene: Scene) -> str:
    """The desk's own choice, or what the procedure of this dossier says."""
    chosen = scene.resume_mode
    return chosen if chosen in dict(MODES) else deeds.resumption_of(scene.office, scene.dossier)


class ResumeForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Thời hạn giải quyết chạy tiếp từ lúc này.")
        self._mode = ComboField("mode", "Tính &hạn trả", MODES)
        self._mode.set_key(usual_mode(scene))
        self._reason = self.add_reason(PHRASES[act])
        self.add(self._mode)
        self.settle()

    def job(self) -> Job:
        mode, reason, dossier_id = self._mode.key(), self._reason.text(), self.dossier_id
        return lambda office: deeds.resume(office, dossier_id, reason, mode)


class ExtendForm(ActForm):
    """Apology and a new date (mẫu 04), drafted or decided; lateness stays measured by the first date."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._today = local_day(scene.office.now)
        self.say(self._hint(), "strong" if act is Act.EXTEND and self._draft else "dim")
        self._day = DateField("due", "&Ngày hẹn trả mới", self._read)
        self._day.set_text(show_on(self._suggested()))
        self._day.changed.connect(self._preview)
        self._day.left.connect(self._preview)
        self.add(self._day)
        self._words = self.say("", "strong")
        self._reason = self.add_reason(PHRASES[act])
        self._reason.set_text(self._draft.reason if self._draft else "")
        self._preview()
        self.settle()

    def job(self) -> Job:
        day = self._day_typed()
        due_at = datetime.combine(day, self._calendar.hand_out_on(day), VIETNAM)
        reason, dossier_id = self._reason.text(), self.dossier_id
        deed = deeds.extend if self.act is Act.EXTEND else deeds.draft_apology
        return lambda office: deed(office, dossier_id, due_at, reason)

    def next_form(self) -> str:
        return RULES[self.act].form

    @property
    def _calendar(self) -> WorkCalendar:
        return self.scene.office.calendar

    @property
    def _draft(self) -> ApologyDraft | None:
        return self.scene.dossier.apology_draft

    def _hint(self) -> str:
        """Who asks for it, to the one who decides; whoever drafts is told that nothing is promised yet."""
        if self.act is Act.DRAFT_APOLOGY:
            return "In dự thảo mẫu 04 trình ký; hạn trả chỉ đổi khi người có thẩm quyền gia hạn."
        if self._draft is None:
            return f"Lý do được in trên {PAPER_FORMS['04'].lower()} (mẫu 04), dưới lời xin lỗi."
        name = self.scene.office.catalogue.officer(self._draft.officer).name
        return f"Mẫu 04 do {name} trình lúc {show_at(self._draft.at)}."

    def _suggested(self) -> date:
        if self._draft and self._draft.due_at and local_day(self._draft.due_at) > self._today:
            return local_day(self._draft.due_at)
        due_at = self.scene.dossier.due_at
        start = max(self._today, local_day(due_at)) if due_at else self._today
        return self._calendar.add_working_days(start, 3)

    def _read(self, text: str) -> str:
        return show_on(parse_day(text, self._today, "due"))

    def _day_typed(self) -> date:
        return parse_day(self._day.text(), self._today, "due")

    def _preview(self) -> None:
        try:
            self._words.setText(self._promise(self._day_typed()))
        except InputError:
            self._words.setText("")  # still being typed: the field says what is wrong when it is left

    def _promise(self, day: date) -> str:
        why = self._calendar.reason_off(day)
        shown = f"{weekday(day)} {show_on(day)}"
        if why:
            working = self._calendar.next_working_day(day)
            return f"{shown} là ngày nghỉ ({why}). Ngày làm việc kế tiếp: {show_on(working)}."
        if day <= self._today:
            return f"{shown} không ở sau hôm nay."
        days = self._calendar.working_days_between(self._today, day)
        return f"Hẹn trả {self._calendar.hand_out_on(day):%H:%M} {shown} · còn {days} ngày làm việc"
