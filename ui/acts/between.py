"""Between agencies: a folder goes to another one, and one that came is taken in."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from onestop.domain.acts import RULES, Act
from onestop.domain.legality import is_legal
from onestop.domain.moment import show_at
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.office import Agency
from onestop.office.transfer import (
    ROLES,
    SlipPreview,
    known_agencies,
    take_in_by_slip,
    transfer_in,
    transfer_out,
)
from ui import look
from ui.acts.form import ActForm, Job, Scene, Warn, about
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField, LineField, NoteField, label

_UNDONE = "Hoàn tác ngay sau khi chuyển."
_CHOOSE = ("", "Nhập mã và tên bên dưới")


class TransferOutForm(ActForm):
    """An agency of the catalogue, or its code and name typed; what it is to the dossier; why."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Sau khi chuyển, cơ quan này không ghi được vào hồ sơ nữa. Bản giấy đi kèm phiếu chuyển.")
        self._known = ComboField("known_agency", "&Cơ quan đã có trong danh mục", (_CHOOSE,))
        self._known.editor.setMinimumContentsLength(12)
        self._known.changed.connect(self._choose)
        self._known.hide()
        self._code = LineField("to_agency", "Mã định danh cơ &quan nhận", "Ví dụ H56.77.66")
        self._name = LineField("agency_name", "Tên cơ qu&an nhận")
        self._role = ComboField("role", "Chuyển đế&n", tuple(ROLES.items()))
        for field in (self._known, self._code, self._name, self._role):
            self.add(field)
        self._reason = self.add_reason(PHRASES[act], rows=3)
        self._note = NoteField("note", "Lời &dặn (nếu có)", rows=2)
        self.add(self._note)
        self.settle()
        scene.tasks.run(self, partial(known_agencies, scene.office), self._list, lambda _: None)

    def job(self) -> Job:
        to = Agency(self._code.text(), self._name.text(), "", "", "", "")
        reason, note, role = self._reason.text(), self._note.text(), self._role.key()
        dossier_id = self.dossier_id
        return lambda office: transfer_out(office, dossier_id, to, reason, note, role)

    def warn(self) -> Warn | None:
        words = RULES[self.act].words
        text = f"{about(self.scene)}\n\nChuyển đến: {self._name.text()} ({self._code.text()})"
        return Warn(f"{words}?", text, "Chuyển")

    def undo(self, done: Done) -> Job | None:
        if not is_legal(Act.RECALL, done.dossier, self.scene.office.actor):
            return None
        dossier_id = self.dossier_id
        return lambda office: deeds.recall(office, dossier_id, _UNDONE)

    def next_form(self) -> str:
        return RULES[self.act].form

    def _list(self, known: tuple[tuple[str, str], ...]) -> None:
        """The field shows itself only where the catalogue names other agencies."""
        self._known.set_choices((_CHOOSE, *known))
        self._known.setVisible(bool(known))

    def _choose(self) -> None:
        code = self._known.key()
        if code:
            self._code.set_text(code)
            self._name.set_text(self._known.editor.currentText())


class TransferInForm(ActForm):
    """Nothing to type: the paper is counted, then the folder is this officer's."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Kiểm đếm bản giấy theo phiếu chuyển trước khi tiếp nhận. Bạn sẽ là người giữ hồ sơ.")
        if scene.dossier.reason:
            self.say(f"Lý do chuyển: {scene.dossier.reason}", "")
        if scene.dossier.is_stub:
            self.say("Nhật ký của cơ quan chuyển chưa về máy này; hồ sơ sẽ đầy đủ sau khi đồng bộ.", "dim")
        self.settle()

    def job(self) -> Job:
        dossier_id = self.dossier_id
        return lambda office: transfer_in(office, dossier_id)


class SlipInForm(ActForm):
    """The same, of a slip that was scanned: what stands on it, to be compared with the paper."""

    def __init__(self, scene: Scene, told: SlipPreview, data: bytes) -> None:
        super().__init__(scene, Act.TRANSFER_IN)
        self._data = data
        self.say("So với bản giấy và kiểm đếm giấy tờ trước khi tiếp nhận. Bạn sẽ là người giữ hồ sơ.")
        if told.is_doubtful:
            self.say("Máy hoặc cán bộ chuyển đã bị thu hồi quyền: hãy gọi cơ quan chuyển hỏi lại.", "warning")
        self._show(slip_lines(told))
        if told.dossier.is_stub:
            self.say("Nhật ký của cơ quan chuyển chưa về máy này; hồ sơ sẽ đầy đủ sau khi đồng bộ.", "dim")
        self.settle()

    def job(self) -> Job:
        data = self._data
        return lambda office: take_in_by_slip(office, data)

    def _show(self, lines: tuple[tuple[str, str], ...]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(6))
        grid.setColumnStretch(1, 1)
        for row, (name, words) in enumerate(lines):
            grid.addWidget(label(name, "dim"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(words, "strong" if row == 0 else "", is_wrapped=True), row, 1)
        self.rows.addLayout(grid)


def slip_lines(told: SlipPreview) -> tuple[tuple[str, str], ...]:
    """What a slip says, one line each; nothing for what it does not say."""
    dossier = told.dossier
    lines = (
        ("Mã hồ sơ", dossier.code),
        ("Chủ hồ sơ", dossier.owner.name),
        ("Thủ tục", dossier.subject.procedure.title),
        ("Cơ quan chuyển", f"{told.from_name} ({told.from_code})"),
        ("Chuyển lúc", show_at(told.sent_at)),
        ("Vai trò nơi nhận", ROLES.get(told.role, "")),
        ("Lý do", told.reason),
        ("Lời dặn", told.note),
        ("Hạn trả", show_at(dossier.due_at) if dossier.due_at else ""),
    )
    return tuple((name, words) for name, words in lines if words)
