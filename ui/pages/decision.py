"""What is read before a decision: the proposal, opinions, what changed since, people, papers."""

from dataclasses import dataclass

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier
from onestop.domain.legality import legal_acts
from onestop.domain.moment import show_at
from onestop.office.changes import money
from onestop.office.office import Catalogue, Office
from onestop.office.timeline import JournalMoment, read_timeline
from ui.pages.dossier_info import Sheet

DECISIONS = (Act.COMPLETE, Act.SIGN, Act.APPROVE)
RETURNS = (Act.DISAPPROVE, Act.SEND_BACK)


@dataclass(frozen=True, slots=True)
class Brief:
    """A dossier with the acts that are legal now, and what happened since this officer's last act."""

    dossier: Dossier
    legal: tuple[Act, ...]
    proposed: JournalMoment | None
    since: tuple[JournalMoment, ...]

    @property
    def decision(self) -> Act | None:
        """The act this dossier waits for, if it is this officer's."""
        return next((act for act in DECISIONS if act in self.legal), None)

    @property
    def way_back(self) -> Act | None:
        return next((act for act in RETURNS if act in self.legal), None)


def read_brief(office: Office, dossier_id: str) -> Brief:
    """Raises OfficeError when the dossier is not in this store."""
    dossier, told = read_timeline(office, dossier_id)
    legal = legal_acts(dossier, office.actor)
    proposed = next((each for each in reversed(told) if each.act is Act.PROPOSE), None)
    return Brief(dossier, legal, proposed, _since(told, office.officer.id))


def _since(told: tuple[JournalMoment, ...], officer_id: str) -> tuple[JournalMoment, ...]:
    """Newest first; empty for a dossier this officer has never had."""
    mine = [place for place, each in enumerate(told) if each.officer_id == officer_id]
    return tuple(reversed(told[mine[-1] + 1 :])) if mine else ()


def show_brief(sheet: Sheet, catalogue: Catalogue, brief: Brief) -> None:
    """The summary, most needed first: whoever decides reads from the top and may stop."""
    dossier, subject = brief.dossier, brief.dossier.subject
    sheet.begin()
    sheet.add_section("Nội dung trình", _proposal(brief))
    changes = [(f"{show_at(each.at)}", _told(each)) for each in brief.since]
    sheet.add_section("Thay đổi từ lần bạn xử lý trước", changes)
    asked = [
        (catalogue.unit_name(c.unit), f"{c.question}\n→ {c.opinion or 'chưa trả lời'}")
        for c in dossier.consultations
    ]
    sheet.add_section("Lấy ý kiến", asked)
    party = subject.owner
    who = (
        ("Họ tên" if party.kind == "person" else "Tên tổ chức", party.name),
        ("Số định danh", party.id_number or party.tax_code),
        ("Nơi cư trú" if party.kind == "person" else "Địa chỉ", party.address),
        ("Người nộp", subject.delegate.name if subject.delegate else ""),
    )
    sheet.add_section("Chủ hồ sơ", who)
    content = subject.content if subject.content != subject.procedure.name else ""
    sheet.add_section("Yêu cầu", (("Nội dung", content), ("Kết quả", subject.procedure.result)))
    if subject.components:
        sheet.add_components(subject.components)
    owed = dossier.fee_total_vnd - dossier.collected_vnd
    fees = (("Phải thu", money(dossier.fee_total_vnd)), ("Còn thiếu", money(owed) if owed > 0 else ""))
    sheet.add_section("Phí, lệ phí", fees if dossier.fee_total_vnd else ())
    sheet.end()


def _proposal(brief: Brief) -> tuple[tuple[str, str], ...]:
    told = brief.proposed
    who = f"{told.officer}, {told.title}" if told and told.title else told.officer if told else ""
    return (
        ("Đề xuất", brief.dossier.result.proposal),
        ("Người trình", who),
        ("Lúc", show_at(told.at) if told else ""),
    )


def _told(each: JournalMoment) -> str:
    return "\n".join((f"{each.words} · {each.officer}", *each.lines))


def obstacles(brief: Brief, catalogue: Catalogue) -> tuple[str, ...]:
    """Why a dossier should not be approved together with others, in words."""
    dossier = brief.dossier
    found = []
    if Act.APPROVE not in brief.legal:
        found.append("không còn chờ bạn phê duyệt")
    waiting = [catalogue.unit_name(c.unit) for c in dossier.consultations if not c.opinion]
    if waiting:
        found.append(f"còn chờ ý kiến của {', '.join(waiting)}")
    absent = [line.name for line in dossier.subject.components if line.needed and not line.is_given]
    if absent:
        found.append(f"thiếu giấy tờ: {'; '.join(absent)}")
    if dossier.conflicts:
        found.append("có bút ký trái nhau")
    if any(each.act is Act.PROPOSE for each in brief.since):
        found.append("được trình lại sau khi bạn trả lại")
    owed = dossier.fee_total_vnd - dossier.collected_vnd
    if owed > 0:
        found.append(f"còn thiếu {money(owed)} phí, lệ phí")
    return tuple(found)
