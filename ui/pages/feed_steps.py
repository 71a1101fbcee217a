"""What a list tells of internal routes: at which step a dossier stands, and when that step is due."""

from collections.abc import Sequence

from onestop.office.routes import Pressure, list_standings
from onestop.office.work import Worklist, WorkRow
from ui.pages.feed_marks import Mark, StepNote

_MARKS: dict[Pressure, tuple[Mark, ...]] = {
    Pressure.SOON: (("clock-alert", "warning_icon"),),
    Pressure.OVERDUE: (("clock-alert", "error_edge"),),
}
STEP_LOOKS = {Pressure.SOON: "warning", Pressure.OVERDUE: "error"}
"""Looks of a line that tells of a step."""


def read_steps(worklist: Worklist, works: Sequence[WorkRow]) -> dict[str, StepNote]:
    """By dossier id."""
    now, catalogue = worklist.now(), worklist.catalogue
    found = list_standings(worklist.rows, catalogue, (work.row for work in works), now)
    return {
        ident: StepNote(_MARKS.get(standing.pressure, ()), standing.words(now))
        for ident, standing in found.items()
    }


def read_step(worklist: Worklist, work: WorkRow) -> tuple[str, Pressure]:
    """In words, and how it presses; empty for a dossier that goes no route."""
    now = worklist.now()
    standing = list_standings(worklist.rows, worklist.catalogue, [work.row], now).get(work.row.id)
    return (standing.words(now), standing.pressure) if standing else ("", Pressure.NONE)
