"""The result: numbered by the records clerk, handed out at the counter."""

from onestop.domain.acts import RULES, Act
from onestop.domain.moment import local_day, show_on
from onestop.domain.person import normalise_id_number, parse_day
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.changes import money
from ui.acts.form import ActForm, Job, Scene, Warn, about
from ui.widgets import ComboField, DateField, LineField, error_words


class CompleteForm(ActForm):
    """Number and date as they stand on the result."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._today = local_day(scene.office.now)
        self.say("Ghi đúng như trên văn bản kết quả. Hồ sơ trở về Bộ phận Một cửa để trả.")
        self._number = LineField("number", "&Số, ký hiệu", "Ví dụ 125/TLKS-BS")
        self._issued = DateField("issued_on", "&Ngày ban hành", self._read)
        self._issued.set_text(show_on(self._today))
        self._title = LineField("title", "Tên &kết quả")
        self._title.set_text(scene.dossier.subject.procedure.result)
        self.add(self._number, self._issued)
        self.add(self._title)
        self.settle()

    def button_words(self) -> str:
        return "Vào sổ"

    def job(self) -> Job:
        issued_on = parse_day(self._issued.text(), self._today, "issued_on")
        if issued_on > self._today:
            raise InputError("Ngày ban hành ở sau hôm nay", "Xem lại ngày trên văn bản.", "issued_on")
        number, title, dossier_id = self._number.text(), self._title.text(), self.dossier_id
        return lambda office: deeds.complete(office, dossier_id, number, issued_on, title)

    def _read(self, text: str) -> str:
        return show_on(parse_day(text, self._today, "issued_on"))


class HandOutForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        subject = scene.dossier.subject
        person = subject.delegate or subject.owner
        self.say("Đối chiếu giấy tờ của người nhận với giấy tiếp nhận rồi mới trả.")
        owed = scene.dossier.fee_total_vnd - scene.dossier.collected_vnd
        if owed > 0:
            self.say(f"Chưa thu đủ phí, lệ phí: còn {money(owed)}.", "warning")
        self._recipient = LineField("recipient", "N&gười nhận")
        self._recipient.set_text(person.name)
        self._id_number = LineField("id_number", "&Số định danh (nếu có)", check=_id_trouble)
        self._id_number.set_digits()
        self._id_number.set_text(person.id_number)
        choices = tuple(deeds.HAND_OUT_METHODS.items())
        self._method = ComboField("method", "&Hình thức trả", choices)
        self.add(self._recipient)
        self.add(self._id_number)
        self.add(self._method)
        self.settle()

    def job(self) -> Job:
        recipient, method, dossier_id = self._recipient.text(), self._method.key(), self.dossier_id
        typed = self._id_number.text()
        id_number = normalise_id_number(typed, "id_number") if typed else ""
        return lambda office: deeds.hand_out(office, dossier_id, recipient, method, id_number)

    def next_form(self) -> str:
        return RULES[self.act].form

    def warn(self) -> Warn | None:
        result = self.scene.dossier.result
        text = f"{about(self.scene)}\n\nKết quả số {result.number}, giao cho {self._recipient.text()}."
        return Warn("Trả kết quả?", f"{text} Việc trả không hoàn tác được.", "Trả kết quả")


def _id_trouble(text: str) -> str:
    try:
        normalise_id_number(text) if text else ""
    except InputError as error:
        return error_words(error)
    return ""
