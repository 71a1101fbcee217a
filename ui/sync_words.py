"""What the window says of sync: picture and colour of the chip, the lines of the panel."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from onestop.domain.moment import local, local_day

if TYPE_CHECKING:  # nothing of sync is loaded before the first paint
    from onestop.sync.status import SyncStatus

_LOOKS = {
    "alone": ("cloud-off", "warning_icon"),
    "offline": ("cloud-off", "dim"),
    "connecting": ("cloud-sync", "dim"),
    "sending": ("cloud-upload", "accent"),
    "receiving": ("cloud-download", "accent"),
    "synced": ("cloud-check", "success_icon"),
    "trouble": ("cloud-alert", "warning_icon"),
}


@dataclass(frozen=True, slots=True)
class ChipLook:
    icon: str
    role: str
    words: str


def chip_look(status: "SyncStatus", now: datetime) -> ChipLook:
    """Picture, colour and words. Offline is a state: grey, never red; conflicts are amber."""
    from onestop.sync.status import chip_words

    icon, role = _LOOKS[status.phase]
    if status.conflicts and status.phase not in {"alone", "sending"}:
        icon, role = "git-compare-arrows", "warning_icon"
    return ChipLook(icon, role, chip_words(status, now))


def moment_words(moment: datetime, now: datetime) -> str:
    """`10:42`; `21/11 10:42` on another day; `21/11/2025 10:42` in another year."""
    at, today = local(moment), local_day(now)
    time = f"{at:%H:%M}"
    if at.date() == today:
        return time
    return f"{at:%d/%m} {time}" if at.year == today.year else f"{at:%d/%m/%Y} {time}"


def counted(number: int) -> str:
    """`12.345`."""
    return f"{number:,}".replace(",", ".")


def left_words(seconds: int | None) -> str:
    """`còn khoảng 4 phút`; empty when nobody can say."""
    if seconds is None:
        return ""
    from onestop.sync.status import span_words

    return f"còn khoảng {span_words(seconds)}"


def next_try_words(status: "SyncStatus", now: datetime) -> str:
    """`Thử lại sau 12 giây`; empty while something is under way."""
    if status.next_try is None:
        return ""
    rest = int((status.next_try - now).total_seconds())
    if rest <= 0:
        return "Đang thử lại…"
    from onestop.sync.status import span_words

    return f"Thử lại sau {span_words(rest)}"


def waiting_tip(status: "SyncStatus", now: datetime) -> str:
    """The lines of the panel in a few words, for whoever rests on the chip."""
    from onestop.sync.status import panel_lines

    return "\n".join(f"{what}: {words}" for what, words in panel_lines(status, now))
