"""The table of acts: what may be done to a dossier, when, by whom, and what it does.

Buttons, the writer, the hub and the tests ask this one table. States and national codes:
the status list of the public-service portal (domain notes §4.1); papers: Thông tư
03/2025/TT-VPCP, Phụ lục I.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from onestop.domain.state import Role, State


class Act(StrEnum):
    SUBMIT = "submit"
    RECEIVE = "receive"
    REFUSE = "refuse"
    REQUEST_SUPPLEMENT = "request_supplement"
    TAKE_SUPPLEMENT = "take_supplement"
    FORWARD = "forward"
    TAKE_OVER = "take_over"
    SEND_BACK = "send_back"
    RECALL = "recall"
    CONSULT = "consult"
    GIVE_OPINION = "give_opinion"
    PROPOSE = "propose"
    APPROVE = "approve"
    DISAPPROVE = "disapprove"
    SIGN = "sign"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    DRAFT_APOLOGY = "draft_apology"
    EXTEND = "extend"
    RECOMPUTE = "recompute"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    COMPLETE = "complete"
    HAND_OUT = "hand_out"
    COLLECT = "collect"
    REFUND = "refund"
    ADD_NOTE = "add_note"
    ATTACH = "attach"
    DETACH = "detach"
    PRINT_PAPER = "print_paper"
    VOID_PAPER = "void_paper"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    RATIFY = "ratify"
    VOID = "void"
    ERASE = "erase"


REFOLDS = frozenset({Act.RATIFY, Act.VOID, Act.ERASE})
"""Acts on other entries of the journal: after one of them it is folded anew from its beginning."""


class HolderRule(StrEnum):
    """Who, seen from the folder, may act."""

    HOLDER = "holder"  # has it in hand
    ADDRESSED = "addressed"  # has it, or it was sent to them or to their unit
    SENDER = "sender"  # sent it, and it was not yet taken over
    COUNTER = "counter"  # an officer of the counter that received it
    ANYONE = "anyone"


class Effect(StrEnum):
    """What an act does to the legal clock."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    RECOMPUTE = "recompute"
    END = "end"


class Next(StrEnum):
    """Next states that depend on the dossier itself."""

    SAME = "same"
    BEFORE_PAUSE = "before_pause"
    BEFORE_SENDING = "before_sending"


@dataclass(frozen=True, slots=True)
class StateRow:
    state: State
    words: str
    national: int
    is_open: bool
    is_running: bool = False


STATES: Mapping[State, StateRow] = {
    row.state: row
    for row in (
        StateRow(State.SUBMITTED, "Mới đăng ký", 1, is_open=True),
        StateRow(State.RECEIVED, "Được tiếp nhận", 2, is_open=True, is_running=True),
        StateRow(State.REFUSED, "Không được tiếp nhận", 3, is_open=False),
        StateRow(State.PROCESSING, "Đang xử lý", 4, is_open=True, is_running=True),
        StateRow(State.IN_TRANSIT, "Đang chuyển liên thông", 4, is_open=True, is_running=True),
        StateRow(State.PROPOSED, "Đã trình duyệt", 4, is_open=True, is_running=True),
        StateRow(State.APPROVED, "Đã phê duyệt", 4, is_open=True, is_running=True),
        StateRow(State.SIGNED, "Đã ký, chờ vào sổ", 4, is_open=True, is_running=True),
        StateRow(State.AWAITING_SUPPLEMENT, "Chờ bổ sung giấy tờ", 5, is_open=True),
        StateRow(State.AWAITING_PAYMENT, "Chờ thực hiện nghĩa vụ tài chính", 6, is_open=True),
        StateRow(State.WITHDRAWN, "Đã rút hồ sơ", 7, is_open=False),
        StateRow(State.PAUSED, "Tạm dừng xử lý", 8, is_open=True),
        StateRow(State.STOPPED, "Dừng giải quyết", 8, is_open=False),
        StateRow(State.COMPLETED, "Đã có kết quả, chờ trả", 9, is_open=True),
        StateRow(State.HANDED_OUT, "Đã trả kết quả", 10, is_open=False),
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `needs` are body facts that must not be empty."""

    act: Act
    words: str
    done: str
    froms: frozenset[State]
    to: State | Next
    roles: frozenset[Role]
    holder: HolderRule
    needs: tuple[str, ...] = ()
    effect: Effect = Effect.NONE
    starts: bool = False
    is_decision: bool = False
    form: str = ""
    branch: Mapping[str, State] = field(default_factory=dict)


_EVERY_ROLE = frozenset(Role)
_ON_THE_WAY = frozenset({State.IN_TRANSIT})
# The agency that sent a folder has no more right to write to it, the other has none yet.
_RUNNING = frozenset(s for s, row in STATES.items() if row.is_running) - _ON_THE_WAY
_OPEN = frozenset(s for s, row in STATES.items() if row.is_open) - _ON_THE_WAY
_PENDING = frozenset({State.PROPOSED, State.APPROVED, State.SIGNED})
_WORKING = frozenset({State.RECEIVED, State.PROCESSING})
_WAITING = frozenset({State.PAUSED, State.AWAITING_PAYMENT, State.AWAITING_SUPPLEMENT})
_UNTIL_DECIDED = _OPEN - {State.APPROVED, State.SIGNED, State.COMPLETED}
_EVERY_STATE = frozenset(State)
_HANDLERS = frozenset({Role.RECEPTION, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.CLERK})
_DECIDERS = frozenset({Role.HEAD, Role.LEADER})
_RECEPTION = frozenset({Role.RECEPTION})
_CASHIERS = frozenset({Role.CASHIER, Role.RECEPTION})
_INTAKE = ("code", "procedure", "owner")

# A table is read across, not down.
# fmt: off
RULES: Mapping[Act, Rule] = {
    rule.act: rule
    for rule in (
        Rule(
            Act.SUBMIT, "Ghi nhận đăng ký", "Đã ghi nhận đăng ký", frozenset(), State.SUBMITTED,
            _RECEPTION, HolderRule.ANYONE, _INTAKE, starts=True,
        ),
        Rule(
            Act.RECEIVE, "Tiếp nhận", "Đã tiếp nhận", frozenset({State.SUBMITTED}), State.RECEIVED,
            _RECEPTION, HolderRule.COUNTER, (*_INTAKE, "due"), Effect.START, starts=True, form="01",
        ),
        Rule(
            Act.REFUSE, "Từ chối tiếp nhận", "Đã từ chối tiếp nhận",
            frozenset({State.SUBMITTED, State.AWAITING_SUPPLEMENT}), State.REFUSED, _RECEPTION,
            HolderRule.COUNTER, ("reason",), Effect.END, starts=True, is_decision=True, form="03",
        ),
        Rule(
            Act.REQUEST_SUPPLEMENT, "Yêu cầu bổ sung", "Đã yêu cầu bổ sung", _WORKING | {State.SUBMITTED},
            State.AWAITING_SUPPLEMENT, frozenset({Role.RECEPTION, Role.SPECIALIST, Role.HEAD}),
            HolderRule.HOLDER, ("missing", "reason"), Effect.PAUSE, form="02",
        ),
        Rule(
            Act.TAKE_SUPPLEMENT, "Nhận bổ sung", "Đã nhận bổ sung", frozenset({State.AWAITING_SUPPLEMENT}),
            Next.BEFORE_PAUSE, _RECEPTION, HolderRule.COUNTER, ("given",), Effect.RESUME,
        ),
        Rule(
            Act.FORWARD, "Chuyển", "Đã chuyển", _WORKING, State.PROCESSING, _HANDLERS, HolderRule.HOLDER,
            ("to",), form="06",
        ),
        Rule(
            Act.TAKE_OVER, "Nhận bàn giao", "Đã nhận bàn giao", _RUNNING | _WAITING, Next.SAME, _HANDLERS,
            HolderRule.ADDRESSED,
        ),
        Rule(
            Act.SEND_BACK, "Trả lại bước trước", "Đã trả lại bước trước", _PENDING | {State.PROCESSING},
            State.PROCESSING, _HANDLERS, HolderRule.ADDRESSED, ("reason",),
        ),
        Rule(
            Act.RECALL, "Thu hồi", "Đã thu hồi", _PENDING | _ON_THE_WAY | {State.PROCESSING},
            Next.BEFORE_SENDING, _HANDLERS, HolderRule.SENDER, ("reason",),
        ),
        Rule(
            Act.CONSULT, "Lấy ý kiến", "Đã gửi lấy ý kiến", frozenset({State.PROCESSING}), Next.SAME,
            frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER}), HolderRule.HOLDER, ("unit", "question"),
        ),
        Rule(
            Act.GIVE_OPINION, "Cho ý kiến", "Đã cho ý kiến", _RUNNING | _WAITING, Next.SAME,
            frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER}), HolderRule.ANYONE,
            ("consultation", "opinion"),
        ),
        Rule(
            Act.PROPOSE, "Trình duyệt", "Đã trình duyệt", frozenset({State.PROCESSING}), State.PROPOSED,
            frozenset({Role.SPECIALIST, Role.HEAD}), HolderRule.HOLDER, ("proposal", "to"),
        ),
        Rule(
            Act.APPROVE, "Phê duyệt", "Đã phê duyệt", frozenset({State.PROPOSED}), State.APPROVED,
            _DECIDERS, HolderRule.ADDRESSED, ("to",), is_decision=True,
        ),
        Rule(
            Act.DISAPPROVE, "Không duyệt", "Không duyệt", frozenset({State.PROPOSED, State.APPROVED}),
            State.PROCESSING, _DECIDERS, HolderRule.ADDRESSED, ("reason",), is_decision=True,
        ),
        Rule(
            Act.SIGN, "Ký", "Đã ký", frozenset({State.APPROVED}), State.SIGNED, frozenset({Role.LEADER}),
            HolderRule.ADDRESSED, ("to",), is_decision=True,
        ),
        Rule(
            Act.PAUSE, "Tạm dừng", "Đã tạm dừng", _WORKING, State.PAUSED,
            frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER}), HolderRule.HOLDER, ("ground", "reason"),
            Effect.PAUSE, branch={"payment": State.AWAITING_PAYMENT},
        ),
        Rule(
            Act.RESUME, "Tiếp tục", "Đã tiếp tục giải quyết",
            frozenset({State.PAUSED, State.AWAITING_PAYMENT}), Next.BEFORE_PAUSE,
            frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER}), HolderRule.HOLDER, ("reason",),
            Effect.RESUME,
        ),
        Rule(
            Act.STOP, "Dừng giải quyết", "Đã dừng giải quyết", _RUNNING | _WAITING, State.STOPPED,
            _DECIDERS, HolderRule.ANYONE, ("reason",), Effect.END, is_decision=True, form="05",
        ),
        # Mẫu 04 is signed by a head: whoever has the folder drafts it, a decider extends by it.
        Rule(
            Act.DRAFT_APOLOGY, "Trình gia hạn", "Đã trình gia hạn", _WORKING, Next.SAME,
            frozenset({Role.RECEPTION, Role.SPECIALIST}), HolderRule.HOLDER, ("reason", "due"), form="04",
        ),
        Rule(
            Act.EXTEND, "Xin lỗi và gia hạn", "Đã xin lỗi và gia hạn", _RUNNING, Next.SAME, _DECIDERS,
            HolderRule.ANYONE, ("reason", "due"), Effect.EXTEND, is_decision=True, form="04",
        ),
        # The calendar changed: what it makes of the dates is no decision on the dossier.
        Rule(
            Act.RECOMPUTE, "Tính lại hạn trả", "Đã tính lại hạn trả", _RUNNING | _WAITING, Next.SAME,
            frozenset({Role.ADMIN}), HolderRule.ANYONE, ("due", "reason"), Effect.RECOMPUTE,
        ),
        Rule(
            Act.WITHDRAW, "Rút hồ sơ", "Đã rút hồ sơ", _UNTIL_DECIDED, State.WITHDRAWN, _RECEPTION,
            HolderRule.COUNTER, ("reason",), Effect.END, form="05",
        ),
        Rule(
            Act.CORRECT, "Đính chính", "Đã đính chính", _OPEN - {State.COMPLETED}, Next.SAME, _RECEPTION,
            HolderRule.COUNTER, ("reason", "subject"), form="01",
        ),
        Rule(
            Act.COMPLETE, "Vào sổ, có kết quả", "Đã có kết quả", frozenset({State.SIGNED}),
            State.COMPLETED, frozenset({Role.CLERK}), HolderRule.ADDRESSED, ("number", "issued_on"),
            Effect.END,
        ),
        Rule(
            Act.HAND_OUT, "Trả kết quả", "Đã trả kết quả", frozenset({State.COMPLETED}), State.HANDED_OUT,
            _RECEPTION, HolderRule.COUNTER, ("recipient", "method"), form="BN",
        ),
        Rule(
            Act.COLLECT, "Thu phí, lệ phí", "Đã thu phí, lệ phí", _OPEN, Next.SAME, _CASHIERS,
            HolderRule.ANYONE, ("amount_vnd", "method"),
        ),
        Rule(
            Act.REFUND, "Hoàn phí, lệ phí", "Đã hoàn phí, lệ phí", _EVERY_STATE, Next.SAME,
            frozenset({Role.CASHIER}), HolderRule.ANYONE, ("amount_vnd", "reason"),
        ),
        Rule(
            Act.ADD_NOTE, "Ghi chú", "Ghi chú", _EVERY_STATE, Next.SAME, _EVERY_ROLE, HolderRule.ANYONE,
            ("text",),
        ),
        Rule(
            Act.ATTACH, "Thêm giấy tờ", "Đã thêm giấy tờ", _OPEN, Next.SAME, _HANDLERS, HolderRule.ANYONE,
            ("papers",),
        ),
        Rule(
            Act.DETACH, "Gỡ giấy tờ", "Đã gỡ giấy tờ", _UNTIL_DECIDED, Next.SAME, _HANDLERS,
            HolderRule.HOLDER, ("sha256", "reason"),
        ),
        Rule(
            Act.PRINT_PAPER, "In", "Đã in", _EVERY_STATE, Next.SAME, _EVERY_ROLE, HolderRule.ANYONE,
            ("form",),
        ),
        # Whoever may print may say that a sheet is spoiled; the next one is then no reprint.
        Rule(
            Act.VOID_PAPER, "Huỷ giấy đã in", "Đã huỷ giấy đã in", _EVERY_STATE, Next.SAME, _EVERY_ROLE,
            HolderRule.ANYONE, ("printed", "reason"),
        ),
        Rule(
            Act.TRANSFER_OUT, "Chuyển cơ quan khác", "Đã chuyển cơ quan khác", _WORKING, State.IN_TRANSIT,
            _HANDLERS, HolderRule.HOLDER, ("to_agency", "reason"), form="06",
        ),
        Rule(
            Act.TRANSFER_IN, "Tiếp nhận liên thông", "Đã tiếp nhận liên thông", _ON_THE_WAY,
            State.PROCESSING, _RECEPTION, HolderRule.ANYONE, ("agency", "counter"),
        ),
        Rule(
            Act.RATIFY, "Phê chuẩn", "Đã phê chuẩn", _EVERY_STATE, Next.SAME, _DECIDERS,
            HolderRule.ANYONE, ("entries", "reason"), is_decision=True,
        ),
        Rule(
            Act.VOID, "Huỷ bút ký", "Đã huỷ bút ký", _EVERY_STATE, Next.SAME, _DECIDERS,
            HolderRule.ANYONE, ("entries", "reason"), is_decision=True,
        ),
        # Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 14; two officers answer for it.
        Rule(
            Act.ERASE, "Xoá dữ liệu theo luật", "Đã xoá dữ liệu theo luật", _EVERY_STATE, Next.SAME,
            _DECIDERS, HolderRule.ANYONE, ("entries", "ground", "second"), is_decision=True,
        ),
    )
}
# fmt: on

FACT_WORDS: Mapping[str, str] = {
    "reason": "Lý do",
    "to": "Nơi nhận",
    "missing": "Giấy tờ cần bổ sung",
    "given": "Giấy tờ đã bổ sung",
    "unit": "Đơn vị được hỏi ý kiến",
    "question": "Nội dung xin ý kiến",
    "consultation": "Phiếu lấy ý kiến",
    "opinion": "Ý kiến",
    "proposal": "Nội dung trình",
    "ground": "Căn cứ",
    "due": "Hạn trả kết quả",
    "subject": "Nội dung đính chính",
    "number": "Số kết quả",
    "issued_on": "Ngày ban hành",
    "recipient": "Người nhận kết quả",
    "method": "Hình thức",
    "amount_vnd": "Số tiền",
    "text": "Nội dung ghi chú",
    "papers": "Giấy tờ",
    "sha256": "Giấy tờ",
    "form": "Loại phiếu",
    "printed": "Giấy đã in",
    "code": "Mã hồ sơ",
    "procedure": "Thủ tục",
    "owner": "Chủ hồ sơ",
    "to_agency": "Cơ quan nhận",
    "agency": "Cơ quan tiếp nhận",
    "counter": "Bộ phận tiếp nhận",
    "entries": "Bút ký",
    "second": "Cán bộ thứ hai",
}
