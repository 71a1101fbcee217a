"""What a paper somebody brought is worth, and what to compare it with. Lies over the page in front."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from onestop.office.proving import PaperCheck, Worth
from onestop.office.work import WorkRow
from ui import look
from ui.widgets import Answer, Question, label

OPEN = "open"

_ICONS = {
    Worth.GENUINE: ("badge-check", "success_icon"),
    Worth.REPLACED: ("history", "warning_icon"),
    Worth.UNPRINTED: ("cloud-alert", "warning_icon"),
    Worth.VOIDED: ("file-x", "error"),
    Worth.STRANGER: ("shield-alert", "error"),
    Worth.ALTERED: ("octagon-alert", "error"),
}


class PaperWindow(Question):
    """`answer()` is `OPEN` where the dossier is to be opened. Enter opens it, Esc leaves it."""

    def __init__(self, parent: QWidget, check: PaperCheck, work: WorkRow | None) -> None:
        answers = [Answer("", "Đóng", shortcut="Esc")]
        if work is not None:
            answers.append(Answer(OPEN, "Mở hồ sơ", "primary"))
        icon, role = _ICONS[check.worth]
        super().__init__(parent, check.title, check.words, answers, icon=icon, role=role)
        self.setObjectName("paper_window")
        self.setMinimumWidth(look.px(560))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lines = [*check.lines(), *_why(check), *_dossier_lines(work)]
        self.body.addLayout(_grid(self.lines))


def _why(check: PaperCheck) -> list[tuple[str, str]]:
    return [("Lý do huỷ", check.why)] if check.why else []


def _dossier_lines(work: WorkRow | None) -> list[tuple[str, str]]:
    if work is None:
        return []
    return [("Chủ hồ sơ", work.row.owner_name), ("Thủ tục", work.row.procedure_name)]


def _grid(lines: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(16))
    grid.setVerticalSpacing(look.px(4))
    grid.setColumnStretch(1, 1)
    for place, (name, text) in enumerate(lines):
        grid.addWidget(label(name, "dim"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text, "strong", is_wrapped=True), place, 1)
    return grid
