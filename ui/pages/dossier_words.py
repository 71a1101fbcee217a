"""What the head of the dossier page says, from the dossier alone."""

from collections.abc import Sequence

from onestop.domain.acts import STATES, Act
from onestop.domain.dossier import Dossier, State
from onestop.domain.moment import local, show_at, show_on, to_wire, weekday
from onestop.domain.settle import Standing
from onestop.domain.work import QueueRow, queue_at_of
from onestop.office.office import Catalogue
from onestop.office.paper_list import PaperChoice
from onestop.office.timeline import CONFLICT, JournalMoment
from onestop.office.work import Worklist, WorkRow
from ui.widgets import Moment

NEXT_ACTS = (
    Act.HAND_OUT,
    Act.COMPLETE,
    Act.SIGN,
    Act.APPROVE,
    Act.TAKE_SUPPLEMENT,
    Act.RECEIVE,
    Act.TRANSFER_IN,
    Act.TAKE_OVER,
    Act.GIVE_OPINION,
    Act.RESUME,
    Act.PROPOSE,
    Act.FORWARD,
)
"""The step that brings a dossier nearer to its result: the first legal one is the main button."""


def main_act(dossier: Dossier, legal: tuple[Act, ...], is_overdue: bool) -> Act | None:
    """The one filled button; None when the dossier waits for somebody else."""
    found = next((act for act in NEXT_ACTS if act in legal), None)
    if found is not None:
        return found
    if (is_overdue or dossier.apology_draft) and Act.EXTEND in legal:
        return Act.EXTEND
    owes = dossier.fee_total_vnd > dossier.collected_vnd
    return Act.COLLECT if owes and Act.COLLECT in legal else None


def standing(worklist: Worklist, dossier: Dossier) -> WorkRow:
    """The dossier as a row of a queue: the same urgency and words as in every list."""
    clock, holder = dossier.clock, dossier.holder
    row = QueueRow(
        n=0,
        id=dossier.id,
        code=dossier.code,
        state=dossier.state,
        owner_name=dossier.owner.name,
        procedure_name=dossier.subject.procedure.title,
        received_at=to_wire(clock.received_at) if clock.received_at else "",
        due_at=to_wire(clock.due.at) if clock.due.at else "",
        original_due_at=to_wire(clock.original_due_at) if clock.original_due_at else "",
        ended_at=to_wire(clock.ended_at) if clock.ended_at else "",
        queue_at=queue_at_of(dossier),
        holder_unit=holder.unit if holder else "",
        holder_officer=(holder.officer or "") if holder else "",
        is_taken=bool(holder and holder.is_taken),
    )
    return worklist.shown(row)


def due_words(dossier: Dossier) -> str:
    """`Hạn trả: 16:30 Thứ Tư 25/11/2026`, or why there is none."""
    if dossier.state is State.SUBMITTED:
        return "Hạn trả: tính từ khi tiếp nhận"
    due_at = dossier.due_at
    if due_at is None:
        return "Hạn trả: không có"
    at = local(due_at)
    words = f"Hạn trả: {at:%H:%M} {weekday(at.date())} {show_on(at.date())}"
    return f"{words} (đang tạm dừng)" if dossier.is_paused else words


def due_reason(dossier: Dossier) -> str:
    """How the due moment came about, and what was promised first if it was moved."""
    clock = dossier.clock
    first = clock.original_due_at
    moved = first is not None and clock.due.at is not None and first != clock.due.at
    promised = f"hẹn lần đầu {show_at(first)}" if moved and first is not None else ""
    return " · ".join(part for part in (clock.due.explanation, promised) if part)


def holder_words(catalogue: Catalogue, dossier: Dossier) -> str:
    """`Đang ở: Nguyễn Thị Ánh Tuyết · Văn phòng HĐND và UBND, chưa nhận bàn giao`."""
    holder = dossier.holder
    if dossier.state is State.IN_TRANSIT:
        return f"Đang chuyển đến {agency_words(catalogue, dossier.in_transit_to)}"
    if dossier.agency not in ("", catalogue.agency.code) and STATES[dossier.state].is_open:
        return f"Đang ở {agency_words(catalogue, dossier.agency)}"
    if dossier.state is State.HANDED_OUT:
        return f"Đã trả cho: {dossier.result.recipient}"
    if holder is None:
        return ""
    unit = catalogue.unit_name(holder.unit)
    if not STATES[dossier.state].is_open:
        return f"Lưu tại: {unit}"
    name = f"{catalogue.officer(holder.officer).name} · {unit}" if holder.officer else unit
    is_waiting = not holder.is_taken and STATES[dossier.state].is_running
    return f"Đang ở: {name}, chưa nhận bàn giao" if is_waiting else f"Đang ở: {name}"


def agency_words(catalogue: Catalogue, code: str) -> str:
    """`UBND xã Tân Hòa` for this agency; of others the catalogue knows no more than the code."""
    own = catalogue.agency
    return own.name if code == own.code else f"cơ quan {code}"


def notices(dossier: Dossier, moments: Sequence[JournalMoment] = ()) -> tuple[str, ...]:
    """What must not be overlooked, one line each. With the journal's moments it is told apart what
    only waits for a person's word from what another entry stands against."""
    lines = []
    if dossier.missing:
        lines.append(f"Chờ bổ sung: {'; '.join(dossier.missing)}")
    draft = dossier.apology_draft
    if draft and draft.due_at and STATES[dossier.state].is_running:
        lines.append(f"Chờ người có thẩm quyền ký xin lỗi, hẹn lại {show_at(draft.due_at)}: {draft.reason}")
    lines += _conflict_words(dossier, moments)
    if dossier.is_read_only:
        lines.append("Chỉ xem được trên máy này: hồ sơ có bút ký của bản chương trình mới hơn")
    return tuple(lines)


def _conflict_words(dossier: Dossier, moments: Sequence[JournalMoment]) -> list[str]:
    waiting = [moment for moment in moments if moment.id in dossier.conflicts]
    if not waiting:
        count = len(dossier.conflicts)
        return [f"Có {count} bút ký chờ người có thẩm quyền quyết định (xem Nhật ký)"] if count else []
    illegal = sum(m.standing is not Standing.FLAGGED or CONFLICT in m.lines for m in waiting)
    flagged = len(waiting) - illegal
    words = (
        (flagged, f"Có {flagged} bút ký chờ người có thẩm quyền phê chuẩn (xem Nhật ký)"),
        (
            illegal,
            f"Có {illegal} bút ký trái với bút ký khác, chưa có hiệu lực, chờ quyết định (xem Nhật ký)",
        ),
    )
    return [line for count, line in words if count]


def reprint_words(dossier: Dossier) -> str:
    """Words when a corrected dossier still has its old receipt in the citizen's hand; else empty."""
    printed = dossier.standing_papers("01")
    corrected = dossier.correction_at
    if not printed or corrected is None or printed[-1].at > corrected:
        return ""
    return f"Đã đính chính: cần in giấy tiếp nhận thay thế giấy cấp lúc {show_at(printed[-1].at)}"


def print_words(choices: Sequence[PaperChoice]) -> tuple[tuple[str, str], ...]:
    """`In giấy tiếp nhận (mẫu 01)`: each paper that can be printed now, by its form."""
    return tuple((one.form, f"In {one.words[:1].lower()}{one.words[1:]}") for one in choices)


def shown_moment(told: JournalMoment) -> Moment:
    """A moment as the timeline shows it."""
    at = local(told.at)
    person = f"{told.officer}, {told.title}" if told.title else told.officer
    return Moment(
        id=told.id,
        day=f"{weekday(at.date())} {show_on(at.date())}",
        time=f"{at:%H:%M}",
        icon=told.icon,
        verb=told.words,
        person=person,
        reason="\n".join(told.lines),
        is_decision=told.is_decision,
        tone="warning_icon" if told.is_in_conflict else "accent",
    )
