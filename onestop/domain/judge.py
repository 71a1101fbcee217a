"""What the root hub says of an entry, and why. Pure: everything it asks is in `Knowledge`.

Facts are never refused: paper moved, a citizen holds a receipt. An entry is accepted; or flagged,
so that a person ratifies or voids it; or held, until what it builds on is here; or quarantined,
when its bytes, its signature or its device cannot be believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from onestop.domain.acts import RULES, Act
from onestop.domain.code import CodeRange, DossierCode, parse_code, static_ranges
from onestop.domain.dossier import Dossier
from onestop.domain.entry import NEVER_SEEN, Header
from onestop.domain.legality import Absent, Actor, check_act
from onestop.domain.merger import Merger, MergerKind, family
from onestop.domain.moment import from_wire, local_day
from onestop.domain.settle import Verdict
from onestop.domain.state import Role
from onestop.errors import OfficeError


class Code(StrEnum):
    """Why a verdict is what it is."""

    FORMAT = "FORMAT"
    SIGNATURE = "SIGNATURE"
    DEVICE = "DEVICE"
    FORK = "FORK"
    GAP = "GAP"
    PARENT = "PARENT"
    REVOKED = "REVOKED"
    REVOKED_LATER = "REVOKED_LATER"
    EXPIRED = "EXPIRED"
    UNGRANTED = "UNGRANTED"
    ROLE = "ROLE"
    FROZEN = "FROZEN"
    CLOCK = "CLOCK"
    CODE = "CODE"
    ILLEGAL = "ILLEGAL"
    MERGED = "MERGED"
    SERVER_BUG = "SERVER_BUG"


CODES: Mapping[str, str] = {
    Code.FORMAT: "Bút ký không đúng định dạng nên không đọc được",
    Code.SIGNATURE: "Chữ ký của máy không khớp với nội dung bút ký",
    Code.DEVICE: "Máy ký chưa được đăng ký; chờ tỉnh xác nhận máy này",
    Code.FORK: "Hai bút ký khác nhau mang cùng một số của một máy: máy có thể đã bị sao chép",
    Code.GAP: "Còn thiếu bút ký trước đó của máy này; chờ gửi tiếp",
    Code.PARENT: "Còn thiếu bút ký mà bút ký này nối tiếp; chờ máy khác gửi",
    Code.REVOKED: "Máy hoặc cán bộ đã bị thu hồi quyền và đã được báo trước khi làm",
    Code.REVOKED_LATER: "Quyền bị thu hồi khi máy chưa được báo; cần người có thẩm quyền phê chuẩn",
    Code.EXPIRED: "Làm ngoài thời hạn được giao quyền",
    Code.UNGRANTED: "Cán bộ chưa được giao quyền làm việc này tại cơ quan này",
    Code.ROLE: "Vai trò của cán bộ không được làm việc này",
    Code.FROZEN: "Máy đang bị khoá vì nghi bị sao chép",
    Code.CLOCK: "Giờ ghi trên bút ký đáng ngờ",
    Code.CODE: "Mã hồ sơ không thuộc dãy số của quầy hoặc đã có hồ sơ khác mang mã này",
    Code.ILLEGAL: "Việc này không phù hợp với trạng thái hồ sơ khi đến tỉnh",
    Code.MERGED: "Làm song song với việc khác trên cùng hồ sơ; vẫn hợp lệ",
    Code.SERVER_BUG: "Máy chủ chưa xử lý được bút ký này; đã giữ nguyên để kiểm tra",
}
"""Words for people."""

CLOCK_SLACK: Final = timedelta(minutes=5)

_ACTS: Final[Mapping[str, Act]] = {act.value: act for act in Act}
_STARTS: Final = frozenset(act for act, rule in RULES.items() if rule.starts)


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    code: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the root stated it. `revoked_at`: cursor at which everyone could know it is not
    to be believed any more; `is_frozen`: because it was copied."""

    public: bytes
    office: str
    index: int
    self_grant: str = ""
    revoked_at: int | None = None
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What an officer may do, where and from when to when (wire moments, both included)."""

    officer: str
    roles: frozenset[Role]
    unit: str
    office: str
    begins: str
    ends: str
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """One incarnation of a device as the log has it.

    `taken`: entry ids by number, for the numbers that are asked about. `claims`: ids of shelved
    entries by number; `forked`: those of the branch that lost.
    """

    seq: int = 0
    entry: str | None = None
    at: str = ""
    taken: Mapping[int, str] = field(default_factory=dict)
    claims: Mapping[int, frozenset[str]] = field(default_factory=dict)
    forked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that the log knows when it judges one entry.

    `seen` is the cursor that the entry's desk had seen, in the numbers that live on after restores.
    `facts`: the body's JSON, None when erased. `after`: the dossier if the entry were accepted.
    `mergers`: of units of the desk's agency. `absent`: whom the officer stands in for on the day of
    the entry, by the rows of that agency that are known here.
    """

    entry: str
    device: Device | None
    is_signed: bool = True
    chain: Chain = Chain()
    is_missing_parent: bool = False
    seen: int = 0
    grant: Grant | None = None
    officer_revoked_at: int | None = None
    is_in_scope: bool = True
    facts: Any = None
    before: Dossier | None = None
    after: Dossier | None = None
    is_code_taken: bool = False
    leases: tuple[CodeRange, ...] = ()
    mergers: tuple[Merger, ...] = ()
    absent: tuple[Absent, ...] = ()


def judge(header: Header, known: Knowledge, received_at: datetime) -> Judgement:
    """The verdict on a well-formed entry (`form.require_form`), in the order of the protocol."""
    fault = judge_identity(known) or judge_chain(header, known)
    if fault:
        return fault
    if known.is_missing_parent:
        return Judgement(Verdict.HELD, Code.PARENT)
    fault = _authority(header, known) or _meaning(header, known)
    if fault:
        return fault
    if is_time_doubtful(header, known.chain, received_at):
        return Judgement(Verdict.ACCEPTED, Code.CLOCK)
    if known.before is not None and set(header.parents) != set(known.before.heads):
        return Judgement(Verdict.ACCEPTED, Code.MERGED)
    return Judgement(Verdict.ACCEPTED)


def judge_identity(known: Knowledge) -> Judgement | None:
    """Whose it is. An unknown device may yet be stated: after a restore desks bring statements back."""
    if known.device is None:
        return Judgement(Verdict.HELD, Code.DEVICE)
    if not known.is_signed:
        return Judgement(Verdict.QUARANTINED, Code.SIGNATURE)
    return None


def judge_chain(header: Header, known: Knowledge) -> Judgement | None:
    """Whether it is the device's next entry, or one that was stepped over and comes later."""
    chain = known.chain
    if known.entry in chain.forked or header.prev in chain.forked:
        return Judgement(Verdict.QUARANTINED, Code.FORK)
    if header.seq <= chain.seq:
        is_late = header.seq not in chain.taken and known.entry in chain.claims.get(header.seq, ())
        return None if is_late else Judgement(Verdict.QUARANTINED, Code.FORK)
    if header.seq == chain.seq + 1 and header.prev == chain.entry:
        return None
    return None if _steps_over(header, chain) else Judgement(Verdict.HELD, Code.GAP)


def _steps_over(header: Header, chain: Chain) -> bool:
    """One bad or waiting entry does not stop a desk: its successor names it, so nothing can hide."""
    between = header.seq - chain.seq - 1
    if not 0 < between <= len(chain.claims) or header.prev not in chain.claims.get(header.seq - 1, ()):
        return False
    return all(seq in chain.claims for seq in range(chain.seq + 1, header.seq))


def _authority(header: Header, known: Knowledge) -> Judgement | None:
    """Judged by what the desk could know when it wrote, not by what is known now."""
    device = known.device
    cuts = [(device.revoked_at, Code.FROZEN if device.is_frozen else Code.REVOKED)] if device else []
    cuts.append((known.officer_revoked_at, Code.REVOKED))
    if known.grant is not None:
        cuts.append((known.grant.revoked_at, Code.REVOKED))
    for revoked_at, code in cuts:
        if revoked_at is not None and known.seen >= revoked_at:
            return Judgement(Verdict.QUARANTINED, code)
    if any(revoked_at is not None for revoked_at, _ in cuts):
        return _flagged(Code.REVOKED_LATER)
    return None if is_self_granted(header, known) else _granted(header, known)


def is_self_granted(header: Header, known: Knowledge) -> bool:
    """Written by a desk that worked alone, before it was joined to any hub."""
    device = known.device
    alone = header.seen == NEVER_SEEN and header.grant != ""
    return device is not None and alone and header.grant == device.self_grant


def _granted(header: Header, known: Knowledge) -> Judgement | None:
    grant, device = known.grant, known.device
    if grant is None or device is None or grant.officer != header.officer:
        return _flagged(Code.UNGRANTED)
    if grant.office not in ("", device.office) or not known.is_in_scope:
        return _flagged(Code.UNGRANTED)
    if not grant.begins <= max(header.at, header.seen[2] or "") <= grant.ends:
        return _flagged(Code.EXPIRED)
    act = _act(header)
    roles = grant.roles.union(*(each.roles for each in _named(known)))
    return None if act is None or RULES[act].roles & roles else _flagged(Code.ROLE)


def _named(known: Knowledge) -> tuple[Absent, ...]:
    """Whom the entry says it was done for, if that is so; erased, it can no longer say."""
    if known.facts is None:
        return known.absent
    name = known.facts.get("on_behalf_of") if isinstance(known.facts, dict) else None
    return tuple(each for each in known.absent if each.officer == name)


def _meaning(header: Header, known: Knowledge) -> Judgement | None:
    act = _act(header)
    if act is None or header.dossier is None:
        return None
    if not is_act_legal(act, header, known):
        return _flagged(Code.ILLEGAL)
    if act in _STARTS and known.before is None and not _is_code_lawful(header, known):
        return _flagged(Code.CODE)
    return None


def is_act_legal(act: Act, header: Header, known: Knowledge) -> bool:
    """By the table of acts, on the dossier as the log has it; who was alone had every role."""
    if known.after is None or known.entry in known.after.conflicts:
        return False
    if known.grant is None or known.facts is None:
        return known.before is not None or act in _STARTS
    actor = replace(_actor(header, known.grant, known.mergers), absent=_named(known))
    try:
        check_act(act, known.before, actor, known.facts)
    except (OfficeError, AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


def _actor(header: Header, grant: Grant, mergers: tuple[Merger, ...]) -> Actor:
    """A grant names the unit of its day; after a merger its officer works in the other one too."""
    day = local_day(from_wire(header.at))
    units = family(mergers, MergerKind.UNIT, grant.unit, day) if mergers else frozenset[str]()
    return Actor(header.officer, grant.roles, grant.unit, units=units)


def _act(header: Header) -> Act | None:
    """None for a kind that a newer program wrote: this one cannot say what is legal there."""
    return _ACTS.get(header.kind)


def _is_code_lawful(header: Header, known: Knowledge) -> bool:
    if known.is_code_taken:
        return False
    if known.facts is None or known.device is None or is_self_granted(header, known):
        return True
    code = code_of(known.facts)
    if code is None or code.agency_code != known.device.office:
        return False
    return any(code.serial in block for block in (*_own_ranges(known.device.index), *known.leases))


def code_of(facts: Any) -> DossierCode | None:
    """The dossier code that an intake's facts give."""
    text = facts.get("code") if isinstance(facts, dict) else None
    try:
        return parse_code(text) if isinstance(text, str) and len(text) <= 64 else None
    except OfficeError:
        return None


def _own_ranges(index: int) -> tuple[CodeRange, ...]:
    try:
        return static_ranges(index)
    except OfficeError:
        return ()


def is_time_doubtful(header: Header, chain: Chain, received_at: datetime) -> bool:
    """Before what the desk had already seen or written, or after it came here."""
    at = from_wire(header.at)
    seen_at = header.seen[2]
    if seen_at is not None and from_wire(seen_at) - at > CLOCK_SLACK:
        return True
    is_behind_own = header.seq > chain.seq and header.at < chain.at
    return is_behind_own or at - received_at > CLOCK_SLACK


def _flagged(code: Code) -> Judgement:
    return Judgement(Verdict.FLAGGED, code)
