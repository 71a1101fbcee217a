"""What the table of acts says of one dossier and one officer: may they, now, with these facts?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from onestop.domain.acts import FACT_WORDS, REFOLDS, RULES, STATES, Act, HolderRule, Next, Rule
from onestop.domain.state import Role, State
from onestop.errors import InputError, RuleError

if TYPE_CHECKING:
    from onestop.domain.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Absent:
    """An officer somebody stands in for: id, the roles in which, the unit."""

    officer: str
    roles: frozenset[Role]
    unit: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: officer id, the roles in force now, the unit; `agency` (a code) where it is known.

    `units`, `agencies`: those whose work became one with his by mergers, his own among them or not.
    `absent`: the officers he stands in for today. `stands_for`: the one of them for whom he acts.
    """

    officer: str
    roles: frozenset[Role]
    unit: str
    agency: str = ""
    units: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    absent: tuple[Absent, ...] = ()
    stands_for: str = ""

    def hats(self) -> "tuple[Actor, ...]":
        """He himself, then he as the stand-in of each officer who is away."""
        return (self, *(self._as_stand_in(each) for each in self.absent))

    def _as_stand_in(self, absent: Absent) -> "Actor":
        units = self.units | {absent.unit}
        return replace(
            self, roles=self.roles | absent.roles, units=units, absent=(), stands_for=absent.officer
        )

    def is_for(self, officer: str | None) -> bool:
        """Whether what is that officer's is his: he is that officer, or stands in for him."""
        return bool(officer) and officer in (self.officer, self.stands_for)

    def works_in(self, unit: str) -> bool:
        return unit == self.unit or unit in self.units

    def works_for(self, agency: str) -> bool:
        return agency == self.agency or agency in self.agencies


def next_state(rule: Rule, dossier: "Dossier | None", facts: Mapping[str, Any] | None) -> State:
    """The state after a legal act; `facts` decides only where the rule branches."""
    if rule.branch and facts and facts.get("ground") in rule.branch:
        return rule.branch[facts["ground"]]
    if isinstance(rule.to, State):
        return rule.to
    if dossier is None:
        raise ValueError(f"{rule.act} cannot start a dossier")
    before = {
        Next.SAME: dossier.state,
        Next.BEFORE_PAUSE: dossier.clock.paused_state,
        Next.BEFORE_SENDING: dossier.custody.sent_state,
    }[rule.to]
    return before or dossier.state


def is_state_legal(rule: Rule, dossier: "Dossier | None") -> bool:
    if dossier is None:
        return rule.starts
    return dossier.state in rule.froms


def is_holder_legal(rule: Rule, dossier: "Dossier | None", actor: Actor) -> bool:
    """Whether the folder's whereabouts let this officer act."""
    if dossier is None or rule.holder is HolderRule.ANYONE:
        return True
    custody = dossier.custody
    holder = custody.holder
    if rule.holder is HolderRule.COUNTER:
        return actor.works_in(custody.counter)
    if rule.holder is HolderRule.SENDER:
        sender = custody.sent_from
        return sender is not None and actor.is_for(sender.officer)
    if holder is None:
        return False
    if rule.holder is HolderRule.HOLDER:
        return holder.is_taken and actor.is_for(holder.officer)
    return actor.is_for(holder.officer) or (holder.officer is None and actor.works_in(holder.unit))


def is_agency_legal(rule: Rule, dossier: "Dossier | None", actor: Actor) -> bool:
    """Whether the agency of this officer has the dossier, or is the one it was sent to.

    What may be done in every state (notes, prints, refunds, settling) stays with both.
    """
    if dossier is None or not actor.agency or rule.froms >= _EVERY_STATE:
        return True
    if rule.act is Act.TRANSFER_IN:
        return actor.works_for(dossier.in_transit_to)
    return not dossier.agency or actor.works_for(dossier.agency)


_EVERY_STATE = frozenset(State)

_Fit = Callable[["Dossier", Actor], bool]

_FITS: Mapping[Act, _Fit] = {
    Act.TAKE_OVER: lambda d, _: d.holder is not None and not d.holder.is_taken,
    Act.SEND_BACK: lambda d, _: bool(d.custody.trail),
    Act.GIVE_OPINION: lambda d, who: any(who.works_in(c.unit) and not c.opinion for c in d.consultations),
    # An accepted dossier ends by stop or withdraw; refusal is for those never accepted.
    Act.REFUSE: lambda d, _: d.received_at is None,
    # Only a promise that was given can be moved.
    Act.RECOMPUTE: lambda d, _: d.received_at is not None,
    Act.REFUND: lambda d, _: d.collected_vnd > 0,
    Act.DETACH: lambda d, _: bool(d.visible_papers),
    Act.VOID_PAPER: lambda d, _: bool(d.standing_papers()),
    Act.TRANSFER_IN: lambda d, _: bool(d.in_transit_to),
    Act.RATIFY: lambda d, _: bool(_for_a_person(d)),
    Act.VOID: lambda d, _: bool(_for_a_person(d)) or bool(d.aside),
}
"""Rows whose sense depends on more than state and holder."""


def _fits(rule: Rule, dossier: "Dossier | None", actor: Actor) -> bool:
    fit = _FITS.get(rule.act)
    return fit is None or dossier is None or fit(dossier, actor)


def is_legal(act: Act, dossier: "Dossier | None", actor: Actor) -> bool:
    """Whether `actor` may do `act` now; the facts of the act are checked by `check_act`."""
    return any(_is_legal(act, dossier, each) for each in actor.hats())


def acting_as(act: Act, dossier: "Dossier | None", actor: Actor) -> Actor:
    """He himself where he may, else as the stand-in of the first officer for whom he may."""
    return next((each for each in actor.hats() if _is_legal(act, dossier, each)), actor)


def _is_legal(act: Act, dossier: "Dossier | None", actor: Actor) -> bool:
    rule = RULES[act]
    if dossier is not None and dossier.is_read_only:
        return False
    return (
        is_state_legal(rule, dossier)
        and bool(rule.roles & actor.roles)
        and is_agency_legal(rule, dossier, actor)
        and is_holder_legal(rule, dossier, actor)
        and _fits(rule, dossier, actor)
    )


def legal_acts(dossier: "Dossier | None", actor: Actor) -> tuple[Act, ...]:
    """The acts this officer may do now, in the order of the table."""
    return tuple(act for act in RULES if is_legal(act, dossier, actor))


def check_act(act: Act, dossier: "Dossier | None", actor: Actor, facts: Mapping[str, Any]) -> None:
    """Raise RuleError or InputError, in words, unless the act is legal and has its facts."""
    rule, actor = RULES[act], acting_as(act, dossier, actor)
    if dossier is not None and dossier.is_read_only:
        raise RuleError(
            "Hồ sơ chỉ xem được trên máy này",
            "Hồ sơ có bút ký của bản chương trình mới hơn. Hãy cập nhật chương trình.",
        )
    if not is_state_legal(rule, dossier):
        state = STATES[dossier.state].words if dossier else "chưa có trong sổ"
        raise RuleError(
            f"Chưa thể thực hiện: {rule.words}",
            f"Hồ sơ đang ở trạng thái “{state}”. Hãy mở lại hồ sơ để xem việc làm được.",
        )
    if not rule.roles & actor.roles:
        raise RuleError(f"Bạn không có quyền: {rule.words}", "Hãy chuyển cho cán bộ có vai trò phù hợp.")
    if not is_agency_legal(rule, dossier, actor):
        raise RuleError(
            f"Hồ sơ ở cơ quan khác: {rule.words}", "Chỉ cơ quan đang giữ hoặc được chuyển hồ sơ mới làm được."
        )
    if not is_holder_legal(rule, dossier, actor) or not _fits(rule, dossier, actor):
        raise RuleError(_not_yours(rule), "Xem ai đang giữ hồ sơ ở đầu trang hồ sơ; chỉ người đó làm được.")
    for fact in rule.needs:
        if not facts.get(fact):
            raise InputError(
                f"Thiếu: {FACT_WORDS[fact]}", f"Hãy nhập “{FACT_WORDS[fact]}” rồi thực hiện lại.", fact
            )
    if dossier is not None and act in _MATCHES:
        fact, words, matches = _MATCHES[act]
        if not matches(dossier, actor, facts[fact]):
            raise InputError(words, "Hãy mở lại hồ sơ rồi chọn hoặc nhập lại.", fact)
    if act is Act.ERASE and actor.is_for(facts["second"]):
        raise InputError("Cán bộ thứ hai phải là người khác", "Việc xoá cần hai cán bộ.", "second")


_MATCHES: Mapping[Act, tuple[str, str, Callable[["Dossier", Actor, Any], bool]]] = {
    Act.GIVE_OPINION: (
        "consultation",
        "Phiếu lấy ý kiến không gửi đến đơn vị bạn hoặc đã được trả lời",
        lambda d, who, ident: any(
            c.id == ident and who.works_in(c.unit) and not c.opinion for c in d.consultations
        ),
    ),
    Act.DETACH: (
        "sha256",
        "Hồ sơ không có giấy tờ này",
        lambda d, _, digest: any(paper.sha256 == digest for paper in d.visible_papers),
    ),
    Act.VOID_PAPER: (
        "printed",
        "Giấy này chưa in hoặc đã huỷ",
        lambda d, _, entry: any(one.entry == entry for one in d.standing_papers()),
    ),
    Act.REFUND: (
        "amount_vnd",
        "Số tiền hoàn lớn hơn số đã thu",
        lambda d, _, amount: amount <= d.collected_vnd,
    ),
    Act.TRANSFER_OUT: (
        "to_agency",
        "Cơ quan nhận chưa đủ mã và tên, hoặc đang giữ hồ sơ này",
        lambda d, who, to: _is_agency(to) and to["code"] not in (who.agency, d.agency),
    ),
    Act.TRANSFER_IN: (
        "agency",
        "Hồ sơ được chuyển đến cơ quan khác",
        lambda d, who, code: code == d.in_transit_to and who.agency in ("", code),
    ),
    Act.RATIFY: (
        "entries",
        "Bút ký không chờ phê chuẩn",
        lambda d, _, ids: _are_ids(ids) and _for_a_person(d).issuperset(ids),
    ),
    Act.VOID: (
        "entries",
        "Bút ký không chờ quyết định",
        lambda d, _, ids: _are_ids(ids) and {*_for_a_person(d), *d.aside}.issuperset(ids),
    ),
    Act.ERASE: ("entries", "Chưa chọn bút ký cần xoá nội dung", lambda d, _, ids: _are_ids(ids)),
}
"""Facts that must name something the dossier has."""


def _for_a_person(dossier: "Dossier") -> frozenset[str]:
    """Entries that wait for a word, and those that have one: a later word wins."""
    return frozenset((*dossier.conflicts, *dossier.ratified, *dossier.voided))


def _is_agency(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(part), str) and value[part] for part in ("code", "name")
    )


def _are_ids(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _not_yours(rule: Rule) -> str:
    if rule.holder is HolderRule.SENDER:
        return "Không thu hồi được: hồ sơ đã được nhận bàn giao hoặc không do bạn chuyển"
    if rule.act is Act.VOID_PAPER:
        return "Hồ sơ không có giấy đã in nào còn giá trị để huỷ"
    if rule.act in REFOLDS:
        return f"Hồ sơ không có bút ký nào chờ quyết định: {rule.words}"
    if rule.holder is HolderRule.COUNTER:
        return f"Chỉ Bộ phận Một cửa đã nhận hồ sơ mới làm được: {rule.words}"
    return f"Hồ sơ không ở chỗ bạn: {rule.words}"
