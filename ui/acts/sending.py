"""Acts that send the folder on, and the questions that go beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import Role
from onestop.domain.legality import is_legal
from onestop.domain.moment import local_day
from onestop.domain.stand_in import who_stands_in
from onestop.office import deeds
from onestop.office.deeds import Done, Target
from onestop.office.office import Office, Officer
from ui.acts.form import ActForm, Job, Scene, Warn, about
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField, NoteField

_HANDLERS = RULES[Act.TAKE_OVER].roles
_DECIDERS = RULES[Act.APPROVE].roles
_WHOLE_UNIT = "Cả đơn vị (ai nhận trước thì giữ)"
_UNDONE = "Hoàn tác ngay sau khi chuyển."


@dataclass(frozen=True, slots=True)
class _Kind:
    """One sending act: who may be its target, and what is written with it."""

    deed: Callable[[Office, str, str, Target], Done]
    roles: frozenset[Role]
    fact: str
    title: str
    suggest: Callable[[Scene], Officer | str]
    hint: str = ""
    can_undo: bool = True


def _forward_to(scene: Scene) -> Officer | str:
    """By the routing of the sector: its unit, and there the specialist."""
    office, catalogue = scene.office, scene.office.catalogue
    unit = catalogue.routing.get(scene.dossier.subject.procedure.sector, "")
    others = [
        each
        for each in catalogue.in_role(Role.SPECIALIST, unit)
        if each.id != office.officer.id and unit in (each.unit, "")
    ]
    return others[0] if others else unit


def _propose_to(scene: Scene) -> Officer | str:
    """The head of the officer's own unit; a head proposes to the leader."""
    me, catalogue = scene.office.officer, scene.office.catalogue
    heads = [each for each in catalogue.in_role(Role.HEAD, me.unit) if each.unit == me.unit]
    if heads and heads[0].id != me.id:
        return heads[0]
    return _first(scene, Role.LEADER)


def _by_route(scene: Scene, act: Act, roles: frozenset[Role]) -> Officer | str | None:
    """Whom the route names for the next step. A leader who approves signs too: nothing changes hands."""
    from onestop.office.routes import next_receiver  # only here, when a form is opened

    if act is Act.APPROVE and scene.office.officer.roles & roles:
        return None
    return next_receiver(scene.office, scene.dossier, roles)


def _next_words(scene: Scene) -> str:
    from onestop.office.routes import next_words  # only here, when a form is opened

    return next_words(scene.office, scene.dossier)


def _approve_to(scene: Scene) -> Officer | str:
    return _first(scene, Role.LEADER)


def _sign_to(scene: Scene) -> Officer | str:
    return _first(scene, Role.CLERK)


def _first(scene: Scene, role: Role) -> Officer | str:
    """A leader who approves signs too; otherwise the first of the role."""
    me = scene.office.officer
    found = scene.office.catalogue.in_role(role, me.unit)
    return me if role in me.roles else next(iter(found), "")


_KINDS: Mapping[Act, _Kind] = {
    Act.FORWARD: _Kind(
        lambda office, dossier, text, to: deeds.forward(office, dossier, to, text),
        _HANDLERS,
        "note",
        "&Lời dặn (nếu có)",
        _forward_to,
    ),
    Act.PROPOSE: _Kind(
        deeds.propose,
        _DECIDERS,
        "proposal",
        "Nội &dung trình",
        _propose_to,
    ),
    Act.APPROVE: _Kind(
        lambda office, dossier, text, to: deeds.approve(office, dossier, to, text),
        frozenset({Role.LEADER}),
        "note",
        "Ý &kiến phê duyệt (nếu có)",
        _approve_to,
        "Chuyển lãnh đạo ký kết quả.",
    ),
    Act.SIGN: _Kind(
        lambda office, dossier, text, to: deeds.sign(office, dossier, to, text),
        frozenset({Role.CLERK}),
        "note",
        "Ý &kiến (nếu có)",
        _sign_to,
        "Chuyển văn thư vào sổ, đóng dấu.",
        can_undo=False,
    ),
}


class SendForm(ActForm):
    """Forward, propose, approve, sign: a unit, perhaps one officer of it, and some words."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._kind = _KINDS[act]
        for words in (self._kind.hint, _next_words(scene)):
            if words:
                self.say(words)
        if act is Act.APPROVE and scene.dossier.result.proposal:
            self.say(f"Nội dung trình: {scene.dossier.result.proposal}", "")
        self._unit = ComboField("to", "Đơ&n vị nhận", self._units())
        self._officer = ComboField("officer", "&Cán bộ nhận", ())
        self._text = NoteField(self._kind.fact, self._kind.title, rows=4)
        self._unit.changed.connect(self._list_officers)
        self._suggest()
        self.add(self._unit)
        self.add(self._officer)
        if act in PHRASES:
            self.add_phrases(PHRASES[act], self._text)
        self.add(self._text)
        self.settle()

    def job(self) -> Job:
        to = Target(self._unit.key(), self._officer.key())
        text, deed, dossier_id = self._text.text(), self._kind.deed, self.dossier_id
        return lambda office: deed(office, dossier_id, text, to)

    def undo(self, done: Done) -> Job | None:
        if not self._kind.can_undo or not is_legal(Act.RECALL, done.dossier, self.scene.office.actor):
            return None
        dossier_id = self.dossier_id
        return lambda office: deeds.recall(office, dossier_id, _UNDONE)

    def warn(self) -> Warn | None:
        if self.act is not Act.SIGN:
            return None
        text = f"{about(self.scene)}\n\nViệc ký không hoàn tác được."
        return Warn("Ký kết quả giải quyết?", text, "Ký")

    def _candidates(self, unit: str = "") -> list[Officer]:
        """Everyone who may take it, but never the sender, unless he alone can (a leader signs)."""
        me = self.scene.office.officer.id
        wanted = self._kind.roles
        found = [each for each in self.scene.office.catalogue.officers if each.roles & wanted]
        others = [each for each in found if each.id != me or self.act is Act.APPROVE] or found
        return [each for each in others if unit in ("", each.unit)]

    def _units(self) -> list[tuple[str, str]]:
        catalogue = self.scene.office.catalogue
        wanted = {each.unit for each in self._candidates()}
        return [(unit.id, unit.name) for unit in catalogue.units if unit.id in wanted]

    def _suggest(self) -> None:
        target = _by_route(self.scene, self.act, self._kind.roles) or self._kind.suggest(self.scene)
        self._unit.set_key(target.unit if isinstance(target, Officer) else target)
        self._list_officers()
        if isinstance(target, Officer):
            self._officer.set_key(target.id)

    def _list_officers(self) -> None:
        office = self.scene.office
        named = [(each.id, _described(office, each)) for each in self._candidates(self._unit.key())]
        self._officer.set_choices([("", _WHOLE_UNIT), *named])


def _described(office: Office, officer: Officer) -> str:
    """Who is away is said so, with whoever has the folder in hand instead."""
    words = f"{officer.name} · {officer.title}" if officer.title else officer.name
    away = who_stands_in(office.catalogue.stand_ins, officer.id, local_day(office.now))
    return f"{words} · vắng, {office.catalogue.officer(away.stand_in).name} xử lý thay" if away else words


class ConsultForm(ActForm):
    """A question to another unit; the folder stays where it is."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Hồ sơ vẫn ở chỗ bạn; đơn vị được hỏi trả lời trong nhật ký.")
        me = scene.office.officer.unit
        roles = RULES[Act.GIVE_OPINION].roles
        wanted = {each.unit for each in scene.office.catalogue.officers if each.roles & roles}
        named = [(u.id, u.name) for u in scene.office.catalogue.units if u.id in wanted and u.id != me]
        self._unit = ComboField("unit", "Đơ&n vị được hỏi", named)
        self._question = NoteField("question", "Nội &dung xin ý kiến", rows=5)
        self.add(self._unit)
        self.add(self._question)
        self.settle()

    def job(self) -> Job:
        unit, question, dossier_id = self._unit.key(), self._question.text(), self.dossier_id
        return lambda office: deeds.consult(office, dossier_id, unit, question)


class OpinionForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        me = scene.office.actor
        open_ones = [c for c in scene.dossier.consultations if me.works_in(c.unit) and not c.opinion]
        choices = [(c.id, c.question.replace("\n", " ")) for c in open_ones]
        self._asked = ComboField("consultation", "&Phiếu lấy ý kiến", choices)
        if len(open_ones) > 1:
            self.add(self._asked)
        elif open_ones:
            asker = scene.office.catalogue.officer(open_ones[0].asked_by)
            self.say(f"{asker.name} hỏi:", "dim")
            self.say(open_ones[0].question, "")
        self._opinion = NoteField("opinion", "Ý &kiến của đơn vị", rows=6)
        self.add(self._opinion)
        self.settle()

    def job(self) -> Job:
        asked, opinion, dossier_id = self._asked.key(), self._opinion.text(), self.dossier_id
        return lambda office: deeds.give_opinion(office, dossier_id, asked, opinion)
