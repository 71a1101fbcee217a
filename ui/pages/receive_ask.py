"""Papers are missing: everything that is missing in one notice (NĐ 118/2025, Điều 17)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from onestop.domain.text import nfc
from ui import look
from ui.pages.receive_components import Scroll
from ui.widgets import Answer, FieldQuestion, NoteField, label

_LONGEST = 66
"""Letters of a paper's name that fit beside its box; the tip and the screen reader give all of it."""


class SupplementDialog(FieldQuestion):
    """Ticks what is missing; other faults as lines of text; and why."""

    def __init__(self, parent: QWidget, owner: str, missing: Sequence[str], others: Sequence[str]) -> None:
        """`missing`: needed papers not given (ticked); `others`: the rest not given."""
        answers = (
            Answer("yes", "Ghi nhận và yêu cầu bổ sung", "primary", "Ctrl+Enter"),
            Answer("", "Quay lại", "plain", "Esc"),
        )
        text = (
            f"Hồ sơ của {owner}. Nêu đủ mọi nội dung trong một lần; thời hạn giải quyết chưa tính "
            "cho đến khi nhận đủ."
        )
        super().__init__(parent, "Yêu cầu bổ sung, hoàn thiện hồ sơ", text, answers, icon="file-clock")
        self.setObjectName("supplement")
        self.setMinimumWidth(look.px(640))
        self.boxes = [self._box(name, is_on=True) for name in missing]
        self.boxes += [self._box(name, is_on=False) for name in others]
        self.other = NoteField("other", "&Nội dung khác cần sửa, bổ sung (mỗi dòng một nội dung)", rows=2)
        self.reason = NoteField("reason", "&Lý do", "Ghi vào nhật ký và in trên phiếu", rows=2)
        self.reason.set_text("Hồ sơ chưa đủ thành phần theo quy định của thủ tục")
        self._error = label("", "error", is_wrapped=True)
        self._error.hide()
        self.body.addWidget(self._list())
        for part in (self._error, self.other, self.reason):
            self.body.addWidget(part)
        (self.boxes[0] if self.boxes else self.other.editor).setFocus()

    def missing(self) -> tuple[str, ...]:
        """Everything to be brought, in the order shown."""
        ticked = [str(box.property("paper")) for box in self.boxes if box.isChecked()]
        typed = [nfc(line) for line in self.other.text().splitlines() if nfc(line)]
        return (*ticked, *typed)

    def take(self, key: str) -> None:
        if key == "yes" and not self.missing():
            self._error.setText("Hãy chọn ít nhất một giấy tờ, hoặc ghi nội dung cần bổ sung.")
            self._error.show()
            self.fit()
            return
        if key == "yes" and not self.reason.text():
            self.reason.set_error("Hãy ghi lý do")
            self.reason.setFocus()
            return
        super().take(key)

    def _box(self, name: str, *, is_on: bool) -> QCheckBox:
        box = QCheckBox(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…")
        box.setProperty("paper", name)
        box.setToolTip(name)
        box.setAccessibleName(name)
        box.setChecked(is_on)
        return box

    def _list(self) -> Scroll:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(14), 0)
        column.setSpacing(0)
        for box in self.boxes:
            column.addWidget(box)
        column.addStretch(1)
        scroll = Scroll(inside)
        scroll.setMaximumHeight(look.px(220))
        scroll.setMinimumHeight(min(look.px(220), look.px(38) * len(self.boxes)))
        return scroll
