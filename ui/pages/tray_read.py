"""What the conflict tray shows, read on the store's thread: who wanted what, and how it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from onestop.domain.acts import RULES, STATES, Act
from onestop.domain.dossier import Dossier
from onestop.domain.entry import Entry, parse_header
from onestop.domain.fold import Verdict, fold
from onestop.domain.judge import CODES
from onestop.domain.legality import legal_acts
from onestop.domain.moment import show_at, show_on
from onestop.domain.settle import Journal, facts_of
from onestop.office.changes import Change, money, subject_changes
from onestop.office.office import Catalogue, Office
from onestop.office.timeline import JournalMoment, read_timeline
from onestop.store.journal import read_journal
from onestop.store.tray import TrayItem, list_tray

_OPEN = ("flagged", "illegal")
"""What a person can ratify; what is held waits for more data."""

_VOIDABLE = (*_OPEN, "quarantined")
"""What is quarantined has no effect; to void it says that it was seen to."""

_SHORT = {
    "REVOKED": "Quyền đã bị thu hồi",
    "REVOKED_LATER": "Quyền bị thu hồi sau",
    "EXPIRED": "Ngoài hạn giao quyền",
    "UNGRANTED": "Chưa được giao quyền",
    "ROLE": "Không đúng vai trò",
    "FROZEN": "Máy đang bị khoá",
    "CODE": "Trùng hoặc lạ mã",
    "ILLEGAL": "Trái trạng thái hồ sơ",
    "GAP": "Chờ dữ liệu của máy",
    "PARENT": "Chờ dữ liệu máy khác",
}


@dataclass(frozen=True, slots=True)
class TrayLine:
    """One line of the list; `short` and `why` say the reason in a few words and in full."""

    entry_id: str
    dossier_id: str
    code: str
    owner: str
    words: str
    officer: str
    desk: str
    at: datetime
    short: str
    why: str
    can_be_ratified: bool
    can_be_voided: bool


def read_tray(office: Office) -> tuple[TrayLine, ...]:
    """What waits for a person, oldest first."""
    with office.store.read() as connection:
        items = list_tray(connection)
    return tuple(_line(office, item) for item in items)


def _line(office: Office, item: TrayItem) -> TrayLine:
    header = parse_header(item.header)
    return TrayLine(
        entry_id=item.entry,
        dossier_id=item.dossier,
        code=item.dossier_code,
        owner=item.owner_name,
        words=_act_words(item.kind),
        officer=office.catalogue.officer(header.officer).name,
        desk=office.desk.name if item.device == office.pen.device else "",
        at=item.at,
        short=_SHORT.get(item.code) or CODES.get(item.code, "Cần người xem"),
        why=CODES.get(item.code, "Bút ký này chưa có hiệu lực, cần người có thẩm quyền xem."),
        can_be_ratified=item.verdict in _OPEN,
        can_be_voided=item.verdict in _VOIDABLE,
    )


def _act_words(kind: str) -> str:
    return RULES[Act(kind)].words if kind in set(Act) else "Việc của bản chương trình mới hơn"


@dataclass(frozen=True, slots=True)
class Case:
    """One entry in the tray, with the dossier around it.

    `changes`: what the entry set out to change, as it reads without it (`before`) and as it
    reads by this entry (`after`). `followers`: entries in the tray that build on it.
    """

    entry_id: str
    dossier: Dossier
    moment: JournalMoment
    changes: tuple[Change, ...]
    followers: tuple[JournalMoment, ...]
    legal: tuple[Act, ...]
    facts: Mapping[str, Any]

    @property
    def can_be_redone(self) -> bool:
        """What was done once without words of its own (taking over, a print) is simply done again."""
        return self.moment.act is not None and bool(self.facts)


def read_case(office: Office, dossier_id: str, entry_id: str) -> Case | None:
    """None when the entry is not in the dossier's journal (any more)."""
    with office.store.read() as connection:
        journal = read_journal(connection, dossier_id)
    entry = next((each for each, _ in journal if each.id == entry_id), None)
    now = fold(journal)
    if entry is None or now is None:
        return None
    _, moments = read_timeline(office, dossier_id)
    facts = facts_of(entry)
    told = {moment.id: moment for moment in moments}
    followers = [told[i] for i in followers_of(journal, entry_id) if i in now.conflicts and i in told]
    return Case(
        entry_id,
        now,
        told[entry_id],
        both_versions(office.catalogue, journal, entry),
        tuple(followers),
        legal_acts(now, office.actor),
        facts if isinstance(facts, dict) else {},
    )


def followers_of(journal: Journal, entry_id: str) -> tuple[str, ...]:
    """Entries that build on one, directly or through others, in the order of the log."""
    reached = {entry_id}
    for entry, _ in journal:
        if reached & set(entry.header.parents):
            reached.add(entry.id)
    return tuple(entry.id for entry, _ in journal if entry.id in reached and entry.id != entry_id)


def both_versions(catalogue: Catalogue, journal: Journal, entry: Entry) -> tuple[Change, ...]:
    """Field by field: only what the entry set out to change, seen from where its author stood.

    `before` is the dossier without it: a flagged fact is in effect until somebody voids it.
    """
    without = without_effect(journal, entry.id)
    seen = author_saw(journal, entry)
    before, after = fold(seen), fold([*seen, (entry, Verdict.ACCEPTED)])
    if after is None:
        return ()
    known = fields_of(catalogue, before) if before else {}
    stands = fields_of(catalogue, without) if without else {}
    wanted = fields_of(catalogue, after)
    touched = [what for what in wanted if wanted[what] != known.get(what, "")]
    changes = [Change(what, stands.get(what, ""), wanted[what]) for what in touched]
    return (*changes, *subject_versions(catalogue, before, after, without))


def without_effect(journal: Journal, entry_id: str) -> Dossier | None:
    """The dossier as it stands when this entry has no effect."""
    return fold([(e, Verdict.QUARANTINED if e.id == entry_id else verdict) for e, verdict in journal])


def subject_versions(
    catalogue: Catalogue, before: Dossier | None, after: Dossier, without: Dossier | None
) -> tuple[Change, ...]:
    """What a correction meant to change; a line that both already agree on reads the same twice."""
    if before is None or without is None:
        return ()
    forms = catalogue.declarations
    meant = subject_changes(before.subject, after.subject, forms)
    differing = {each.what: each for each in subject_changes(without.subject, after.subject, forms)}
    return tuple(differing.get(each.what) or replace(each, before=each.after) for each in meant)


def author_saw(journal: Journal, entry: Entry) -> list[tuple[Entry, Verdict]]:
    """The part of the journal the entry builds on: its parents, theirs, and so on."""
    by_id: Mapping[str, Entry] = {each.id: each for each, _ in journal}
    wanted, seen = list(entry.header.parents), set[str]()
    while wanted:
        each = wanted.pop()
        if each in by_id and each not in seen:
            seen.add(each)
            wanted.extend(by_id[each].header.parents)
    return [(each, verdict) for each, verdict in journal if each.id in seen]


def fields_of(catalogue: Catalogue, dossier: Dossier) -> dict[str, str]:
    """What a dossier says apart from its subject, in words; empty text for what it does not say."""
    result, custody = dossier.result, dossier.custody
    holder = dossier.holder
    officer = catalogue.officer(holder.officer).name if holder and holder.officer else ""
    unit = catalogue.unit_name(holder.unit) if holder else ""
    asked = [f"{catalogue.unit_name(c.unit)}: {c.opinion or 'chưa trả lời'}" for c in dossier.consultations]
    return {
        "Mã hồ sơ": dossier.code,
        "Trạng thái": STATES[dossier.state].words,
        "Người đang giữ": " · ".join(part for part in (officer, unit) if part),
        "Hạn trả": show_at(dossier.due_at) if dossier.due_at else "",
        "Lý do": dossier.reason,
        "Nội dung trình": result.proposal,
        "Số kết quả": " · ".join(p for p in (result.number, _day(result.issued_on), result.title) if p),
        "Người nhận kết quả": result.recipient,
        "Trả lúc": show_at(result.handed_out_at) if result.handed_out_at else "",
        "Cần bổ sung": "; ".join(dossier.missing),
        "Giấy tờ": "; ".join(paper.title for paper in dossier.visible_papers),
        "Ý kiến": "; ".join(asked),
        "Đã thu": money(dossier.collected_vnd) if dossier.payments else "",
        "Cơ quan giải quyết": custody.agency,
        "Đang chuyển đến": custody.in_transit_to,
    }


def _day(iso: str) -> str:
    """A day as it is kept, in words; what another program wrote stays as it is."""
    try:
        return show_on(date.fromisoformat(iso))
    except ValueError:
        return iso
