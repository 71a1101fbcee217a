"""Roles to be ticked, one box each, in two columns."""

from collections.abc import Collection

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from onestop.domain.state import Role
from onestop.terms import show
from ui import look
from ui.widgets.field import Field


class RoleTicks(Field):
    """A field whose value is a set of roles; `offer` shows only some of them."""

    def __init__(self, name: str, title: str) -> None:
        holder = QWidget()
        super().__init__(name, title, holder)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(4))
        self.boxes: dict[Role, QCheckBox] = {}
        for place, role in enumerate(Role):
            box = self.boxes[role] = QCheckBox(show(role.value))
            box.toggled.connect(lambda _: self.changed.emit())
            grid.addWidget(box, place // 2, place % 2)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, box in self.boxes.items() if box.isChecked() and not box.isHidden())

    def tick(self, roles: Collection[Role]) -> None:
        """Says nothing of it."""
        for role, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(role in roles)
            box.blockSignals(False)
        self.set_error("")

    def offer(self, roles: Collection[Role]) -> None:
        """Only these can be ticked now."""
        for role, box in self.boxes.items():
            box.setVisible(role in roles)
        self.tick(roles)

    def text(self) -> str:
        return " ".join(sorted(self.roles()))

    def set_text(self, text: str) -> None:
        self.tick([Role(word) for word in text.split()])
