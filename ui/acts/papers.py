"""Adding papers to a dossier, taking a wrong one out of sight, voiding a printed one."""

from onestop.domain.acts import Act
from onestop.domain.legality import is_legal
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.intake import PaperForm
from onestop.office.office import Office
from onestop.office.paper_words import paper_words
from ui.acts.form import ActForm, Job, Scene
from ui.acts.parts import FilesField
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField

_UNDONE = "Hoàn tác ngay sau khi thêm."


class AttachForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.files = FilesField("papers", "Tệp giấy tờ", scene.office, scene.tasks)
        components = [(str(c.no), c.name) for c in scene.dossier.subject.components]
        self._component = ComboField(
            "component", "T&huộc thành phần", [("", "Giấy tờ khác của hồ sơ"), *components]
        )
        self._component.editor.setMinimumContentsLength(12)
        self._papers: tuple[PaperForm, ...] = ()
        self.add(self.files)
        self.add(self._component)
        self.settle()

    def job(self) -> Job:
        number = int(self._component.key()) if self._component.key() else None
        papers, dossier_id = self.files.papers(number), self.dossier_id
        if not papers:
            raise InputError("Chưa chọn tệp nào", "Bấm “Chọn tệp…” hoặc kéo tệp vào.", "papers")
        self._papers = papers
        return lambda office: deeds.attach(office, dossier_id, papers)

    def undo(self, done: Done) -> Job | None:
        if not is_legal(Act.DETACH, done.dossier, self.scene.office.actor):
            return None
        dossier_id, added = self.dossier_id, tuple(paper.sha256 for paper in self._papers)
        return lambda office: _detach_all(office, dossier_id, added)


def _detach_all(office: Office, dossier_id: str, added: tuple[str, ...]) -> Done:
    done = [deeds.detach(office, dossier_id, sha256, _UNDONE) for sha256 in added]
    return done[-1]


class DetachForm(ActForm):
    """The paper stays in the journal and in the store; it is only no longer shown."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Giấy tờ không còn hiện trong hồ sơ; nhật ký vẫn giữ việc đã thêm và gỡ.")
        choices = [(paper.sha256, paper.title) for paper in scene.dossier.visible_papers]
        self.paper = ComboField("sha256", "&Giấy tờ cần gỡ", choices)
        self.paper.editor.setMinimumContentsLength(12)
        self.add(self.paper)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        sha256, reason, dossier_id = self.paper.key(), self._reason.text(), self.dossier_id
        return lambda office: deeds.detach(office, dossier_id, sha256, reason)


class VoidPaperForm(ActForm):
    """A printed paper no longer counts: one that was spoiled, or taken back from the citizen."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Gạch bỏ tờ giấy rồi lưu. Nhật ký giữ việc đã in; giấy in sau không mang chữ “in lại”.")
        standing = reversed(scene.dossier.standing_papers())
        self.printed = ComboField(
            "printed", "&Giấy cần huỷ", [(one.entry, paper_words(one)) for one in standing]
        )
        self.printed.editor.setMinimumContentsLength(12)
        self.add(self.printed)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        printed, reason, dossier_id = self.printed.key(), self._reason.text(), self.dossier_id
        return lambda office: deeds.void_paper(office, dossier_id, printed, reason)
