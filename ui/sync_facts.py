"""What the store says of the line: how much stands where, and which dossiers wait. Read by workers."""

from dataclasses import dataclass
from datetime import datetime

from onestop.store.queue import Rows
from onestop.store.truth import Truth, sync_counts, truth_of
from onestop.store.whereabouts import WaitingDossier, Whereabouts, is_joined, list_waiting, whereabouts_of
from ui.sync_words import moment_words
from ui.widgets.truth import Mark, Stop

_LISTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dossier with entries that stand on this machine alone; `why` in plain words."""

    dossier: str
    code: str
    since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    """`waiting` is the oldest part of `waiting_dossiers`."""

    where: Whereabouts
    waiting_dossiers: int
    waiting: tuple[Waiting, ...]


def read_facts(rows: Rows) -> Facts:
    """A desk alone waits for nothing: all it has stands here, and is not gone through."""
    where = whereabouts_of(rows)
    if not where.is_joined:
        return Facts(where, 0, ())
    listed = tuple(
        Waiting(each.dossier, each.code or "Chưa có mã", each.since, _why(each))
        for each in list_waiting(rows, _LISTED)
    )
    return Facts(where, sync_counts(rows).waiting_dossiers, listed)


def _why(each: WaitingDossier) -> str:
    from onestop.domain.judge import CODES

    if each.trouble:
        return CODES.get(each.trouble, "Máy chủ chưa nhận: cần người xem")
    if each.is_at_office:
        return "Đã ở cơ quan, chờ lên tỉnh"
    return "Chờ gửi"


@dataclass(frozen=True, slots=True)
class TruthTold:
    """The truth line of one dossier, ready to be shown."""

    stops: tuple[Stop, ...]
    reason: str
    is_trouble: bool


def read_truth(rows: Rows, dossier_id: str, now: datetime) -> TruthTold:
    """Saved at the counter, at the office, at the province, in a backup; and why not further."""
    return truth_told(truth_of(rows, dossier_id), is_joined(rows), now)


def truth_told(truth: Truth, is_there_a_hub: bool, now: datetime) -> TruthTold:
    is_stuck = bool(truth.trouble)
    office = _stop("building-2", "Tại cơ quan", truth.office_at, is_stuck, now)
    if truth.province_at is not None and truth.office_at == truth.province_at:
        office = Stop(office.icon, office.words, mark="passed")  # straight to the province
    stops = (
        _stop("hard-drive", "Đã lưu tại quầy", truth.saved_at, False, now),
        office,
        _stop("landmark", "Tại tỉnh", truth.province_at, is_stuck, now),
        Stop("database-backup", "Đã sao lưu", mark="done" if truth.backup else "open"),
    )
    return TruthTold(stops, _reason(truth, is_there_a_hub), is_stuck)


def _stop(icon: str, words: str, at: datetime | None, is_stuck: bool, now: datetime) -> Stop:
    if at is not None:
        return Stop(icon, words, moment_words(at, now), "done")
    mark: Mark = "stuck" if is_stuck else "open"
    return Stop(icon, words, mark=mark)


def _reason(truth: Truth, is_there_a_hub: bool) -> str:
    if truth.trouble:
        return truth.trouble
    if not is_there_a_hub:
        return "Chỉ có ở máy này: máy chưa nối máy chủ."
    if truth.waiting:
        return f"{truth.waiting} bút ký chờ gửi lên tỉnh."
    return ""
