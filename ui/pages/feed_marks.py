"""What stands before a procedure's name in a list: how its step presses, and for whom it is done."""

from dataclasses import dataclass, replace

from onestop.office.work import Worklist, WorkRow
from ui.widgets import Row

Mark = tuple[str, str]
"""An icon of resources/icons and the role of its colour."""


@dataclass(frozen=True, slots=True)
class StepNote:
    """`marks` stand before the procedure's name, `tip` is shown where the mouse rests."""

    marks: tuple[Mark, ...]
    tip: str


NO_NOTE = StepNote((), "")
STOOD_IN: Mark = ("users", "accent")


def marked(row: Row, note: StepNote, whom: str) -> Row:
    """`whom`: words of `for_whom`."""
    marks = (*([STOOD_IN] if whom else []), *note.marks)
    tip = "\n".join(line for line in (whom, note.tip) if line)
    return replace(row, marks=marks, tip=tip) if marks or tip else row


def for_whom(worklist: Worklist, work: WorkRow) -> str:
    """`Thay Trần Thị Mai`: a dossier of somebody this officer stands in for today."""
    holder = work.row.holder_officer
    if holder not in {one.officer for one in worklist.stood_in()}:
        return ""
    return f"Thay {worklist.catalogue.officer(holder).name}"
