"""What stands before a procedure's name in a list: how its step presses, and for whom it is done."""

from dataclasses import dataclass, replace

from onestop.office.work import Worklist, WorkRow
from ui.widgets import Row

PROCEDURE = 3
"""The column with room for more words."""


@dataclass(frozen=True, slots=True)
class StepNote:
    """`mark` stands before the procedure's name, `tip` is shown where the mouse rests."""

    mark: str
    tip: str


NO_NOTE = StepNote("", "")


def marked(row: Row, marks: str) -> Row:
    cells = list(row.cells)
    cells[PROCEDURE] = marks + cells[PROCEDURE]
    return replace(row, cells=tuple(cells)) if marks else row


def for_whom(worklist: Worklist, work: WorkRow) -> str:
    """`Thay Trần Thị Mai · `: a dossier of somebody this officer stands in for today."""
    holder = work.row.holder_officer
    if holder not in {one.officer for one in worklist.stood_in()}:
        return ""
    return f"Thay {worklist.catalogue.officer(holder).name} · "
