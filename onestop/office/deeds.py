"""Acts on a dossier that is already in the book: one function for each.

Every function is `verb(office, dossier_id, …) -> Done`, one transaction, and raises RuleError
(not legal now, or not yours), InputError (a fact is missing) or StoreError.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from onestop.domain.acts import REFOLDS, RULES, Act
from onestop.domain.deadline import Pause, TimeLimit, TimeUnit, extended_due, resumed_due
from onestop.domain.dossier import Dossier, Due, Subject, subject_plain
from onestop.domain.entry import BlobRef, Entry
from onestop.domain.fee_receipt import read_fee_receipt
from onestop.domain.fold import due_plain
from onestop.domain.moment import from_wire, local_day, to_wire
from onestop.domain.text import nfc, nfc_lines
from onestop.errors import InputError, OfficeError, RuleError
from onestop.office.office import Office
from onestop.store.journal import read_dossier, read_journal
from onestop.store.writer import Draft, record

PAY_METHODS = {"cash": "Tiền mặt", "transfer": "Chuyển khoản", "online": "Thanh toán trực tuyến"}
"""Ways of paying, as they are kept and as people read them."""

RESTART = "restart"
"""The other way to let the clock run on is `shift`."""

HAND_OUT_METHODS = {
    "in_person": "Nhận trực tiếp",
    "post": "Bưu chính công ích",
    "digital": "Bản điện tử",
}
"""Ways a result reaches its owner."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that is saved: the dossier as it stands now, and words to say so."""

    dossier: Dossier
    entry_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where a dossier is sent: a unit, perhaps one officer of it."""

    unit: str
    officer: str = ""


def write(
    office: Office,
    draft: Draft,
    complete: Callable[[Connection], Draft] | None = None,
    then: Sequence[Draft] = (),
) -> Done:
    """Records one act, and those that belong to it, in one transaction: all of them or none.

    "Saved" is said after it has committed, in the words of the last act.
    """
    with office.store.write() as connection:
        final = complete(connection) if complete else draft
        recorded = record(connection, office.pen, final)
        for follower in then:
            recorded = record(connection, office.pen, follower)
    if office.last_at:
        office.last_at.move(from_wire(recorded.entry.header.at))
    words = f"{RULES[[draft, *then][-1].act].done} {recorded.dossier.code}"
    return Done(recorded.dossier, recorded.entry.id, words)


def find_dossier(office: Office, dossier_id: str) -> Dossier:
    """The dossier as its journal tells it. Raises OfficeError when there is none."""
    with office.store.read() as connection:
        dossier = read_dossier(connection, dossier_id)
    if dossier is None:
        raise OfficeError("Không tìm thấy hồ sơ", "Hồ sơ không có trên máy này. Hãy tìm lại theo mã hồ sơ.")
    return dossier


def do(
    office: Office, act: Act, dossier_id: str, facts: dict[str, Any], blobs: tuple[BlobRef, ...] = ()
) -> Done:
    """Records one act of the officer who sits here, with its facts."""
    draft = Draft(act, dossier_id, office.actor, office.now, facts, office.monotonic(), blobs)
    return write(office, draft)


def request_supplement(office: Office, dossier_id: str, missing: tuple[str, ...], reason: str) -> Done:
    """All faults in one notice (NĐ 118/2025, Điều 17.2a); the clock stands still until it is answered."""
    return do(office, Act.REQUEST_SUPPLEMENT, dossier_id, supplement_facts(missing, reason))


def supplement_facts(missing: Sequence[str], reason: str) -> dict[str, Any]:
    return {"missing": [nfc(item) for item in missing if nfc(item)], "reason": nfc_lines(reason)}


def take_supplement(
    office: Office, dossier_id: str, given: tuple[str, ...], papers: tuple[Any, ...] = (), mode: str = ""
) -> Done:
    """Takes what was asked for; the clock runs on by shift or by restart ("": the procedure's own way)."""
    facts = {"given": [nfc(item) for item in given if nfc(item)], "papers": [asdict(p) for p in papers]}
    return do(
        office, Act.TAKE_SUPPLEMENT, dossier_id, facts | _resumed(office, dossier_id, mode), _refs(papers)
    )


def forward(office: Office, dossier_id: str, to: Target, note: str = "") -> Done:
    return do(office, Act.FORWARD, dossier_id, _sent(to) | {"note": nfc_lines(note)})


def take_over(office: Office, dossier_id: str) -> Done:
    return do(office, Act.TAKE_OVER, dossier_id, {})


def send_back(office: Office, dossier_id: str, reason: str) -> Done:
    return do(office, Act.SEND_BACK, dossier_id, {"reason": nfc_lines(reason)})


def recall(office: Office, dossier_id: str, reason: str) -> Done:
    return do(office, Act.RECALL, dossier_id, {"reason": nfc_lines(reason)})


def consult(office: Office, dossier_id: str, unit: str, question: str) -> Done:
    return do(office, Act.CONSULT, dossier_id, {"unit": unit, "question": nfc_lines(question)})


def give_opinion(office: Office, dossier_id: str, consultation: str, opinion: str) -> Done:
    facts = {"consultation": consultation, "opinion": nfc_lines(opinion)}
    return do(office, Act.GIVE_OPINION, dossier_id, facts)


def propose(office: Office, dossier_id: str, proposal: str, to: Target) -> Done:
    return do(office, Act.PROPOSE, dossier_id, _sent(to) | {"proposal": nfc_lines(proposal)})


def approve(office: Office, dossier_id: str, to: Target, note: str = "") -> Done:
    return do(office, Act.APPROVE, dossier_id, _sent(to) | {"note": nfc_lines(note)})


def disapprove(office: Office, dossier_id: str, reason: str) -> Done:
    return do(office, Act.DISAPPROVE, dossier_id, {"reason": nfc_lines(reason)})


def sign(office: Office, dossier_id: str, to: Target, note: str = "") -> Done:
    return do(office, Act.SIGN, dossier_id, _sent(to) | {"note": nfc_lines(note)})


def pause(office: Office, dossier_id: str, ground: str, reason: str) -> Done:
    """`ground` "payment": waits for a financial duty of the owner; anything else: a lawful pause."""
    return do(office, Act.PAUSE, dossier_id, {"ground": ground, "reason": nfc_lines(reason)})


def resume(office: Office, dossier_id: str, reason: str, mode: str = "") -> Done:
    facts: dict[str, Any] = {"reason": nfc_lines(reason)}
    return do(office, Act.RESUME, dossier_id, facts | _resumed(office, dossier_id, mode))


def stop(office: Office, dossier_id: str, reason: str) -> Done:
    return do(office, Act.STOP, dossier_id, {"reason": nfc_lines(reason)})


def draft_apology(office: Office, dossier_id: str, new_due_at: datetime, reason: str) -> Done:
    """Asks the head for an apology with a new date; nothing is promised before the head decides."""
    facts = {"reason": nfc_lines(reason), "due": _later_due(office, dossier_id, new_due_at)}
    return do(office, Act.DRAFT_APOLOGY, dossier_id, facts)


def extend(office: Office, dossier_id: str, new_due_at: datetime, reason: str) -> Done:
    """Apology with a new date; the original due date stays what lateness is measured by."""
    facts = {"reason": nfc_lines(reason), "due": _later_due(office, dossier_id, new_due_at)}
    return do(office, Act.EXTEND, dossier_id, facts)


def _later_due(office: Office, dossier_id: str, new_due_at: datetime) -> dict[str, Any]:
    old = find_dossier(office, dossier_id).clock.due
    limit = TimeLimit(old.value, TimeUnit(old.unit))
    new = extended_due(office.calendar, limit, new_due_at, office.now)
    return due_plain(Due(new.due_at, old.value, old.unit, new.explanation, new.calendar_version))


def withdraw(office: Office, dossier_id: str, reason: str) -> Done:
    return do(office, Act.WITHDRAW, dossier_id, {"reason": nfc_lines(reason)})


def refuse(office: Office, dossier_id: str, reason: str) -> Done:
    return do(office, Act.REFUSE, dossier_id, {"reason": nfc_lines(reason)})


def correct(office: Office, dossier_id: str, subject: Subject, reason: str) -> Done:
    """Replaces what the dossier says as a whole; the code and the clock stay."""
    return do(
        office, Act.CORRECT, dossier_id, {"reason": nfc_lines(reason), "subject": subject_plain(subject)}
    )


def complete(office: Office, dossier_id: str, number: str, issued_on: date, title: str = "") -> Done:
    facts = {"number": nfc(number), "issued_on": issued_on.isoformat(), "title": nfc(title)}
    return do(office, Act.COMPLETE, dossier_id, facts)


def hand_out(office: Office, dossier_id: str, recipient: str, method: str, id_number: str = "") -> Done:
    _require_known(method, HAND_OUT_METHODS)
    facts = {"recipient": nfc(recipient), "method": method, "id_number": nfc(id_number)}
    return do(office, Act.HAND_OUT, dossier_id, facts)


def collect(office: Office, dossier_id: str, amount_vnd: int, method: str, fee_receipt: str = "") -> Done:
    """`fee_receipt`: series and number given by the recognised e-receipt system, never by us."""
    _require_money(amount_vnd)
    _require_known(method, PAY_METHODS)
    given = str(read_fee_receipt(fee_receipt, local_day(office.now))) if nfc(fee_receipt) else ""
    facts = {"amount_vnd": amount_vnd, "method": method, "fee_receipt": given}
    return do(office, Act.COLLECT, dossier_id, facts)


def refund(office: Office, dossier_id: str, amount_vnd: int, reason: str, method: str = "cash") -> Done:
    """`method`: how the money went back; the day's cash is counted by it."""
    _require_money(amount_vnd)
    _require_known(method, PAY_METHODS)
    collected = find_dossier(office, dossier_id).collected_vnd
    if amount_vnd > collected:
        raise InputError(
            f"Số tiền hoàn lớn hơn số đã thu ({collected:,} đồng)".replace(",", "."),
            "Hãy nhập số tiền không vượt quá số đã thu.",
            "amount_vnd",
        )
    facts = {"amount_vnd": amount_vnd, "reason": nfc_lines(reason), "method": method}
    return do(office, Act.REFUND, dossier_id, facts)


def add_note(office: Office, dossier_id: str, text: str) -> Done:
    return do(office, Act.ADD_NOTE, dossier_id, {"text": nfc_lines(text)})


def ask(office: Office, dossier_id: str, about: str, text: str, to: str = "") -> Done:
    """A question about one entry of the journal, to one officer or to whoever reads it."""
    facts = {"text": nfc_lines(text), "about": about}
    return do(office, Act.ADD_NOTE, dossier_id, facts | ({"to": to} if to else {}))


def ratify(office: Office, dossier_id: str, entries: Sequence[str], reason: str) -> Done:
    """Entries that wait take effect at their own place. Raises RuleError for one's own entry."""
    _require_other_hand(office, dossier_id, entries, RULES[Act.RATIFY].words)
    return do(office, Act.RATIFY, dossier_id, {"entries": list(entries), "reason": nfc_lines(reason)})


def void(office: Office, dossier_id: str, entries: Sequence[str], reason: str) -> Done:
    """Entries that wait stay without effect. Raises RuleError for one's own entry."""
    _require_other_hand(office, dossier_id, entries, RULES[Act.VOID].words)
    return do(office, Act.VOID, dossier_id, {"entries": list(entries), "reason": nfc_lines(reason)})


def erase(office: Office, dossier_id: str, entries: Sequence[str], ground: str, second: str) -> Done:
    """What entries say is deleted by law; that they were made stays (Luật 91/2025/QH15, Điều 14).

    `second`: the head or leader who answers for it too. Raises InputError and RuleError.
    """
    if second and not office.catalogue.officer(second).roles & RULES[Act.ERASE].roles:
        raise InputError(
            "Cán bộ thứ hai phải là trưởng phòng hoặc lãnh đạo", "Hãy chọn lại cán bộ thứ hai.", "second"
        )
    kinds = {entry.id: entry.header.kind for entry in _entries(office, dossier_id)}
    if any(kinds.get(each, Act.ERASE) in REFOLDS for each in entries):
        raise InputError(
            "Không xoá được nội dung bút ký đã chọn",
            "Bút ký phê chuẩn, huỷ, xoá phải giữ nguyên. Hãy chọn bút ký khác của hồ sơ này.",
            "entries",
        )
    code = find_dossier(office, dossier_id).code
    facts = {"entries": list(entries), "ground": nfc_lines(ground), "second": second, "code": code}
    return do(office, Act.ERASE, dossier_id, facts)


def attach(office: Office, dossier_id: str, papers: tuple[Any, ...]) -> Done:
    """`papers`: PaperForm of files already kept in the store."""
    return do(office, Act.ATTACH, dossier_id, {"papers": [asdict(p) for p in papers]}, _refs(papers))


def detach(office: Office, dossier_id: str, sha256: str, reason: str) -> Done:
    return do(office, Act.DETACH, dossier_id, {"sha256": sha256, "reason": nfc_lines(reason)})


def print_paper(
    office: Office, dossier_id: str, form: str, copies: int, replaces_at: datetime | None = None
) -> Done:
    facts = {"form": form, "copies": copies, "replaces_at": to_wire(replaces_at) if replaces_at else None}
    return do(office, Act.PRINT_PAPER, dossier_id, facts)


def void_paper(office: Office, dossier_id: str, printed: str, reason: str) -> Done:
    """A printed paper no longer counts. `printed`: id of the entry of its printing."""
    return do(office, Act.VOID_PAPER, dossier_id, {"printed": printed, "reason": nfc_lines(reason)})


def _entries(office: Office, dossier_id: str) -> list[Entry]:
    with office.store.read() as connection:
        return [entry for entry, _ in read_journal(connection, dossier_id)]


def _require_other_hand(office: Office, dossier_id: str, entries: Sequence[str], words: str) -> None:
    """Two officers answer for what is settled: nobody ratifies or voids an entry of his own."""
    own = {e.id for e in _entries(office, dossier_id) if e.header.officer == office.officer.id}
    if own.intersection(entries):
        raise RuleError(
            f"Bút ký do chính bạn ghi: {words}", "Hãy đề nghị người có thẩm quyền khác quyết định."
        )


def _sent(to: Target) -> dict[str, Any]:
    return {"to": {"unit": to.unit, "officer": to.officer} if to.unit else None}


def _refs(papers: tuple[Any, ...]) -> tuple[BlobRef, ...]:
    return tuple(BlobRef(p.sha256, p.length, p.mime, "paper") for p in papers)


def _require_known(method: str, methods: Mapping[str, str]) -> None:
    if method not in methods:
        raise InputError("Chưa chọn hình thức", f"Chọn một trong: {', '.join(methods.values())}.", "method")


def _require_money(amount_vnd: int) -> None:
    if amount_vnd <= 0:
        raise InputError("Số tiền phải lớn hơn 0", "Nhập số đồng, ví dụ 8.000.", "amount_vnd")


def resumption_of(office: Office, dossier: Dossier) -> str:
    """`shift` or `restart`: how the clock of this dossier goes on by the procedure it was received under;
    shift where the catalogue does not know that any more."""
    kept, versions = dossier.subject.procedure, office.catalogue.versions
    known = versions.find_version(kept.code, kept.version)
    known = known or next((each for each in versions.all if each.code == kept.code), None)
    return known.resumption.value if known else "shift"


def _resumed(office: Office, dossier_id: str, mode: str) -> dict[str, Any]:
    """The new due date after a pause: shifted by the time paused, or counted afresh."""
    dossier = find_dossier(office, dossier_id)
    clock = dossier.clock
    if clock.due.at is None or clock.paused_at is None:
        return {}
    limit = TimeLimit(clock.due.value, TimeUnit(clock.due.unit))
    way = mode or resumption_of(office, dossier)
    pause = Pause(clock.paused_at, office.now, way == RESTART)
    new = resumed_due(office.calendar, limit, clock.due.at, pause)
    kept = Due(new.due_at, clock.due.value, clock.due.unit, new.explanation, new.calendar_version)
    return {"due": due_plain(kept), "resumption": way}
