"""What the table of acts says of one dossier and one officer: may they, now, with these facts?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onestop.domain.acts import FACT_WORDS, RULES, STATES, Act, HolderRule, Next, Rule
from onestop.domain.state import Role, State
from onestop.errors import InputError, RuleError

if TYPE_CHECKING:
    from onestop.domain.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: officer id, the roles in force now, the unit."""

    officer: str
    roles: frozenset[Role]
    unit: str


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
        return actor.unit == custody.counter
    if rule.holder is HolderRule.SENDER:
        sender = custody.sent_from
        return sender is not None and sender.officer == actor.officer
    if holder is None:
        return False
    if rule.holder is HolderRule.HOLDER:
        return holder.is_taken and holder.officer == actor.officer
    return holder.officer == actor.officer or (holder.officer is None and holder.unit == actor.unit)


_Fit = Callable[["Dossier", Actor], bool]

_FITS: Mapping[Act, _Fit] = {
    Act.TAKE_OVER: lambda d, _: d.holder is not None and not d.holder.is_taken,
    Act.SEND_BACK: lambda d, _: bool(d.custody.trail),
    Act.GIVE_OPINION: lambda d, who: any(c.unit == who.unit and not c.opinion for c in d.consultations),
    # An accepted dossier ends by stop or withdraw; refusal is for those never accepted.
    Act.REFUSE: lambda d, _: d.received_at is None,
    Act.REFUND: lambda d, _: d.collected_vnd > 0,
    Act.DETACH: lambda d, _: bool(d.visible_papers),
}
"""Rows whose sense depends on more than state and holder."""


def _fits(rule: Rule, dossier: "Dossier | None", actor: Actor) -> bool:
    fit = _FITS.get(rule.act)
    return fit is None or dossier is None or fit(dossier, actor)


def is_legal(act: Act, dossier: "Dossier | None", actor: Actor) -> bool:
    """Whether `actor` may do `act` now; the facts of the act are checked by `check_act`."""
    rule = RULES[act]
    if dossier is not None and dossier.is_read_only:
        return False
    return (
        is_state_legal(rule, dossier)
        and bool(rule.roles & actor.roles)
        and is_holder_legal(rule, dossier, actor)
        and _fits(rule, dossier, actor)
    )


def legal_acts(dossier: "Dossier | None", actor: Actor) -> tuple[Act, ...]:
    """The acts this officer may do now, in the order of the table."""
    return tuple(act for act in RULES if is_legal(act, dossier, actor))


def check_act(act: Act, dossier: "Dossier | None", actor: Actor, facts: Mapping[str, Any]) -> None:
    """Raise RuleError or InputError, in words, unless the act is legal and has its facts."""
    rule = RULES[act]
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


_MATCHES: Mapping[Act, tuple[str, str, Callable[["Dossier", Actor, Any], bool]]] = {
    Act.GIVE_OPINION: (
        "consultation",
        "Phiếu lấy ý kiến không gửi đến đơn vị bạn hoặc đã được trả lời",
        lambda d, who, ident: any(
            c.id == ident and c.unit == who.unit and not c.opinion for c in d.consultations
        ),
    ),
    Act.DETACH: (
        "sha256",
        "Hồ sơ không có giấy tờ này",
        lambda d, _, digest: any(paper.sha256 == digest for paper in d.visible_papers),
    ),
    Act.REFUND: (
        "amount_vnd",
        "Số tiền hoàn lớn hơn số đã thu",
        lambda d, _, amount: amount <= d.collected_vnd,
    ),
}
"""Facts that must name something the dossier has."""


def _not_yours(rule: Rule) -> str:
    if rule.holder is HolderRule.SENDER:
        return "Không thu hồi được: hồ sơ đã được nhận bàn giao hoặc không do bạn chuyển"
    if rule.holder is HolderRule.COUNTER:
        return f"Chỉ Bộ phận Một cửa đã nhận hồ sơ mới làm được: {rule.words}"
    return f"Hồ sơ không ở chỗ bạn: {rule.words}"
