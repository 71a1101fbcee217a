"""A dossier's journal as plain words: who did what, when, why; newest last, as it was written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import Dossier, subject_from
from onestop.domain.entry import Header
from onestop.domain.fold import Step, unfold
from onestop.domain.legality import is_state_legal
from onestop.domain.moment import from_wire, show_at, show_on
from onestop.domain.settle import Standing
from onestop.errors import OfficeError
from onestop.office.changes import money, subject_changes
from onestop.office.deeds import HAND_OUT_METHODS, PAY_METHODS
from onestop.office.office import Catalogue, Office
from onestop.office.paper_words import form_words, paper_words
from onestop.store.journal import read_journal
from onestop.terms import show

ERASED = "Nội dung đã xoá theo quy định"
CONFLICT = "Chưa có hiệu lực: trái với bút ký khác, chờ người có thẩm quyền quyết định"
WAITING = "Tạm giữ: chờ các bút ký đứng trước nó"
ASIDE = "Cách ly: dữ liệu không đúng, không có hiệu lực"
FLAGGED = "Chưa có hiệu lực: chờ người có thẩm quyền phê chuẩn"
FLAGGED_FACT = "Có hiệu lực, chờ người có thẩm quyền phê chuẩn"
VOIDED = "Không có hiệu lực: đã huỷ"
UNKNOWN = "Bút ký của bản chương trình mới hơn"

GROUNDS: Mapping[str, str] = {
    "payment": "Chờ thực hiện nghĩa vụ tài chính",
    "other": "Tạm dừng theo quy định",
}

MARKS: Mapping[Standing, str] = {
    Standing.FLAGGED: show("flagged"),
    Standing.ILLEGAL: show("flagged"),
    Standing.HELD: show("held"),
    Standing.QUARANTINED: show("quarantine"),
    Standing.RATIFIED: show("ratified"),
    Standing.VOIDED: show("voided"),
}
"""What stands beside an entry that was not simply accepted."""


@dataclass(frozen=True, slots=True)
class JournalMoment:
    """One entry in words. `act` is None for a kind this program does not know.

    `icon` is a name of resources/icons; `lines` are the facts and reasons, one a line; `mark`
    is a word of `MARKS`, empty for what was simply accepted.
    """

    id: str
    at: datetime
    act: Act | None
    words: str
    officer_id: str
    officer: str
    title: str
    lines: tuple[str, ...]
    icon: str
    is_decision: bool = False
    is_erased: bool = False
    is_in_conflict: bool = False
    standing: Standing = Standing.ACCEPTED
    mark: str = ""


def read_timeline(office: Office, dossier_id: str) -> tuple[Dossier, tuple[JournalMoment, ...]]:
    """The dossier and its moments, oldest first, from one reading of its journal.

    Raises OfficeError when this store has no such dossier.
    """
    with office.store.read() as connection:
        journal = read_journal(connection, dossier_id)
    steps = list(unfold(journal))
    dossier = steps[-1].after if steps else None
    if dossier is None:
        raise OfficeError("Không tìm thấy hồ sơ", "Hồ sơ không có trên máy này. Hãy tìm lại theo mã hồ sơ.")
    headers = {step.entry.id: step.entry.header for step in steps}
    return dossier, tuple(_moment(office.catalogue, step, headers) for step in steps)


def _moment(catalogue: Catalogue, step: Step, headers: Mapping[str, Header]) -> JournalMoment:
    header, facts, standing = step.entry.header, step.facts, step.standing
    act = _act(header.kind)
    officer = catalogue.officer(header.officer)
    told = [ERASED] if facts is None else _lines(catalogue, act, facts, step.before, headers)
    told = [*stood_in_words(catalogue, facts), *told]
    return JournalMoment(
        id=step.entry.id,
        at=from_wire(header.at),
        act=act,
        words=RULES[act].done if act else UNKNOWN,
        officer_id=officer.id,
        officer=officer.name,
        title=officer.title,
        lines=tuple(line for line in (_effect_words(step, act), *told) if line),
        icon=ICONS[act] if act else "circle-help",
        is_decision=bool(act and RULES[act].is_decision),
        is_erased=facts is None,
        is_in_conflict=_is_in_conflict(step),
        standing=standing,
        mark=MARKS.get(standing, ""),
    )


def stood_in_words(catalogue: Catalogue, facts: Any) -> list[str]:
    """`Thay Trần Thị Mai`: the entry of a stand-in says for whom it was made."""
    absent = facts.get("on_behalf_of") if isinstance(facts, dict) else None
    return [f"Thay {catalogue.officer(absent).name}"] if isinstance(absent, str) and absent else []


def _is_in_conflict(step: Step) -> bool:
    return step.after is not None and step.entry.id in step.after.conflicts


def _effect_words(step: Step, act: Act | None) -> str:
    """Whether it has effect, where that is not plain."""
    if step.standing is Standing.FLAGGED and act is not None:
        if not is_state_legal(RULES[act], step.before):
            return CONFLICT
        return FLAGGED if RULES[act].is_decision and step.before else FLAGGED_FACT
    if step.standing is Standing.ILLEGAL and act is not None:
        return CONFLICT
    by_standing = {Standing.HELD: WAITING, Standing.QUARANTINED: ASIDE, Standing.VOIDED: VOIDED}
    return by_standing.get(step.standing) or (CONFLICT if _is_in_conflict(step) else "")


def _act(kind: str) -> Act | None:
    try:
        return Act(kind)
    except ValueError:
        return None


Facts = Mapping[str, Any]
_Words = Callable[["_Told"], list[str]]


@dataclass(frozen=True, slots=True)
class _Told:
    """One entry being put into words; `headers` of its journal, by id."""

    catalogue: Catalogue
    facts: Facts
    before: Dossier | None
    headers: Mapping[str, Header]


def _lines(
    catalogue: Catalogue, act: Act | None, facts: Facts, before: Dossier | None, headers: Mapping[str, Header]
) -> list[str]:
    if act is None:
        return []
    try:
        return _WORDS[act](_Told(catalogue, facts, before, headers))
    except (AttributeError, KeyError, TypeError, ValueError):
        # Another version wrote it: the act still stands in the journal, its facts cannot be told.
        return ["Nội dung ghi theo mẫu khác, không đọc được ở bản này"]


def _reason(told: _Told) -> list[str]:
    reason = told.facts.get("reason", "")
    return [f"Lý do: {reason}"] if reason else []


def _intake(told: _Told) -> list[str]:
    """The page's head says whose and what; a later correction says what it was before."""
    return [*_due(told, "Hạn trả"), *_papers(told), *_reason(told)]


def _refuse(told: _Told) -> list[str]:
    return _intake(told) if "procedure" in told.facts else _reason(told)


def _due(told: _Told, words: str) -> list[str]:
    due = told.facts.get("due") or {}
    if not due.get("at"):
        return []
    return [
        f"{words}: {show_at(from_wire(due['at']))}",
        *([due["explanation"]] if due["explanation"] else []),
    ]


def _papers(told: _Told) -> list[str]:
    return [f"Tệp: {paper['title']}" for paper in told.facts.get("papers", ())]


def _request_supplement(told: _Told) -> list[str]:
    return [*(f"Cần bổ sung: {item}" for item in told.facts["missing"]), *_reason(told)]


def _take_supplement(told: _Told) -> list[str]:
    given = [f"Đã nhận: {item}" for item in told.facts["given"]]
    return [*given, *_papers(told), *_due(told, "Hạn trả mới")]


def _sent(told: _Told) -> list[str]:
    to = told.facts["to"]
    unit = told.catalogue.unit_name(to["unit"])
    officer = told.catalogue.officer(to["officer"]).name if to.get("officer") else ""
    proposal, note = told.facts.get("proposal", ""), told.facts.get("note", "")
    return [f"Tới: {officer} · {unit}" if officer else f"Tới: {unit}", proposal, note]


def _taken_over(told: _Told) -> list[str]:
    sender = told.before.custody.sent_from if told.before else None
    if sender is None or not sender.officer:
        return []
    return [f"Từ: {told.catalogue.officer(sender.officer).name}"]


def _consult(told: _Told) -> list[str]:
    return [f"Hỏi: {told.catalogue.unit_name(told.facts['unit'])}", told.facts["question"]]


def _give_opinion(told: _Told) -> list[str]:
    asked = told.before.consultations if told.before else ()
    question = next((c.question for c in asked if c.id == told.facts["consultation"]), "")
    return [f"Về: {question}" if question else "", told.facts["opinion"]]


def _pause(told: _Told) -> list[str]:
    return [GROUNDS.get(told.facts["ground"], GROUNDS["other"]), *_reason(told)]


def _resume(told: _Told) -> list[str]:
    return [*_reason(told), *_due(told, "Hạn trả mới")]


def _draft_apology(told: _Told) -> list[str]:
    return [*_due(told, "Xin hẹn lại")[:1], *_reason(told)]


def _extend(told: _Told) -> list[str]:
    return [*_due(told, "Hẹn lại")[:1], *_reason(told)]


def _recompute(told: _Told) -> list[str]:
    """Where another desk had given another date meanwhile, this one did not come to hold."""
    former = told.facts.get("due_before")
    known = told.before.clock.due.at if told.before else None
    before = [f"Hạn trước: {show_at(from_wire(former))}"] if former else []
    if former and known and from_wire(former) != known:
        before.append(f"Không áp dụng: hạn trả lúc đó đã là {show_at(known)}")
    return [*_due(told, "Hạn trả mới"), *before, *_reason(told)]


def _correct(told: _Told) -> list[str]:
    after = subject_from(told.facts["subject"])
    forms = told.catalogue.declarations
    changes = subject_changes(told.before.subject, after, forms) if told.before else ()
    return [*(change.words for change in changes), *_reason(told)]


def _complete(told: _Told) -> list[str]:
    issued_on = show_on(date.fromisoformat(told.facts["issued_on"]))
    return [f"Số {told.facts['number']}, ngày {issued_on}", told.facts.get("title", "")]


def _hand_out(told: _Told) -> list[str]:
    facts = told.facts
    id_number = facts.get("id_number", "")
    numbered = f", số định danh {id_number}" if id_number else ""
    recipient: str = f"Người nhận: {facts['recipient']}{numbered}"
    method: str = HAND_OUT_METHODS.get(facts["method"]) or facts["method"]
    return [recipient, method]


def _collect(told: _Told) -> list[str]:
    facts = told.facts
    method = PAY_METHODS.get(facts["method"], facts["method"])
    receipt = facts.get("fee_receipt", "")
    return [f"{money(facts['amount_vnd'])} · {method}", f"Biên lai: {receipt}" if receipt else ""]


def _refund(told: _Told) -> list[str]:
    method = PAY_METHODS.get(told.facts.get("method", ""), "")
    return [" · ".join(filter(None, [money(told.facts["amount_vnd"]), method])), *_reason(told)]


def _note(told: _Told) -> list[str]:
    """A note, or a question about an entry to somebody."""
    about, to = told.facts.get("about"), told.facts.get("to")
    return [
        f"Hỏi: {told.catalogue.officer(to).name}" if to else "",
        f"Về: {_named(told, about)}" if about else "",
        told.facts["text"],
    ]


def _named(told: _Told, entry_id: str) -> str:
    """`Đã trình duyệt · Nguyễn Thị Ánh Tuyết · 20/11/2026 08:15`."""
    header = told.headers.get(entry_id)
    if header is None:
        return "bút ký không có trên máy này"
    act = _act(header.kind)
    officer = told.catalogue.officer(header.officer).name
    return f"{RULES[act].done if act else UNKNOWN} · {officer} · {show_at(from_wire(header.at))}"


def _settled(told: _Told) -> list[str]:
    return [*(f"Bút ký: {_named(told, each)}" for each in told.facts["entries"]), *_reason(told)]


def _erased(told: _Told) -> list[str]:
    facts = told.facts
    second = told.catalogue.officer(facts["second"]).name
    return [*_settled(told), f"Căn cứ: {facts['ground']}", f"Cán bộ thứ hai: {second}"]


def _transfer_out(told: _Told) -> list[str]:
    facts = told.facts
    return [f"Tới: {facts['to_agency']['name']}", *_reason(told), facts.get("note", "")]


def _transfer_in(told: _Told) -> list[str]:
    unit = told.catalogue.unit_name(told.facts["counter"])
    return [f"Cơ quan tiếp nhận: {told.facts['agency']} · {unit}"]


def _detach(told: _Told) -> list[str]:
    papers = told.before.papers if told.before else ()
    title = next((p.title for p in papers if p.sha256 == told.facts["sha256"]), "")
    return [f"Tệp: {title}" if title else "", *_reason(told)]


def _print(told: _Told) -> list[str]:
    facts = told.facts
    copies = facts.get("copies", 0)
    line = form_words(facts["form"]) + (f", {copies} bản" if copies else "")
    replaces = facts.get("replaces_at")
    return [line, f"Thay thế giấy cấp lúc {show_at(from_wire(replaces))}" if replaces else ""]


def _void_paper(told: _Told) -> list[str]:
    papers = told.before.printed if told.before else ()
    found = next((one for one in papers if one.entry == told.facts["printed"]), None)
    return [paper_words(found) if found else "", *_reason(told)]


_WORDS: Mapping[Act, _Words] = {
    Act.SUBMIT: _intake,
    Act.RECEIVE: _intake,
    Act.REFUSE: _refuse,
    Act.REQUEST_SUPPLEMENT: _request_supplement,
    Act.TAKE_SUPPLEMENT: _take_supplement,
    Act.FORWARD: _sent,
    Act.TAKE_OVER: _taken_over,
    Act.SEND_BACK: _reason,
    Act.RECALL: _reason,
    Act.CONSULT: _consult,
    Act.GIVE_OPINION: _give_opinion,
    Act.PROPOSE: _sent,
    Act.APPROVE: _sent,
    Act.DISAPPROVE: _reason,
    Act.SIGN: _sent,
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.STOP: _reason,
    Act.DRAFT_APOLOGY: _draft_apology,
    Act.EXTEND: _extend,
    Act.RECOMPUTE: _recompute,
    Act.WITHDRAW: _reason,
    Act.CORRECT: _correct,
    Act.COMPLETE: _complete,
    Act.HAND_OUT: _hand_out,
    Act.COLLECT: _collect,
    Act.REFUND: _refund,
    Act.ADD_NOTE: _note,
    Act.ATTACH: _papers,
    Act.DETACH: _detach,
    Act.PRINT_PAPER: _print,
    Act.VOID_PAPER: _void_paper,
    Act.TRANSFER_OUT: _transfer_out,
    Act.TRANSFER_IN: _transfer_in,
    Act.RATIFY: _settled,
    Act.VOID: _settled,
    Act.ERASE: _erased,
}

ICONS: Mapping[Act, str] = {
    Act.SUBMIT: "file-plus-2",
    Act.RECEIVE: "file-check-2",
    Act.REFUSE: "file-x",
    Act.REQUEST_SUPPLEMENT: "list-checks",
    Act.TAKE_SUPPLEMENT: "package-check",
    Act.FORWARD: "send",
    Act.TAKE_OVER: "handshake",
    Act.SEND_BACK: "corner-up-left",
    Act.RECALL: "undo-2",
    Act.CONSULT: "users",
    Act.GIVE_OPINION: "message-square",
    Act.PROPOSE: "arrow-right",
    Act.APPROVE: "stamp",
    Act.DISAPPROVE: "circle-x",
    Act.SIGN: "badge-check",
    Act.PAUSE: "circle-pause",
    Act.RESUME: "play",
    Act.STOP: "ban",
    Act.DRAFT_APOLOGY: "file-clock",
    Act.EXTEND: "calendar",
    Act.RECOMPUTE: "calendar-check",
    Act.WITHDRAW: "log-out",
    Act.CORRECT: "pen-line",
    Act.COMPLETE: "circle-check",
    Act.HAND_OUT: "hand-helping",
    Act.COLLECT: "wallet",
    Act.REFUND: "rotate-ccw",
    Act.ADD_NOTE: "message-square",
    Act.ATTACH: "paperclip",
    Act.DETACH: "trash-2",
    Act.PRINT_PAPER: "printer",
    Act.VOID_PAPER: "file-warning",
    Act.TRANSFER_OUT: "building-2",
    Act.TRANSFER_IN: "inbox",
    Act.RATIFY: "square-check",
    Act.VOID: "x",
    Act.ERASE: "lock",
}
"""The picture of each act; buttons and the journal show the same one."""
