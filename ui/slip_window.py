"""A scanned transfer slip: what stands on it, and the one act it is for. Lies over the page in front."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from onestop.office.deeds import Done
from onestop.office.transfer import SlipPreview
from ui import look
from ui.acts import ActPanel, Scene
from ui.acts.between import SlipInForm
from ui.keys import bind


class SlipWindow(QDialog):
    """`taken(Done)` once the folder has been taken in. Ctrl+Enter takes it in, Esc leaves it."""

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("slip_window")
        self.setWindowTitle("Tiếp nhận liên thông")
        self.setAccessibleName("Tiếp nhận liên thông theo phiếu chuyển")
        self.panel = ActPanel()
        self.panel.done.connect(self._did)
        self.panel.closed.connect(self._leave)
        column = QVBoxLayout(self)
        side = look.px(12)
        column.setContentsMargins(side, side, side, side)
        column.addWidget(self.panel)
        bind(self, "main_act", self.panel.execute)

    def sizeHint(self) -> QSize:
        return QSize(look.px(620), look.px(560))

    def show_slip(self, scene: Scene, told: SlipPreview, data: bytes) -> None:
        """Another slip that is scanned meanwhile takes the place of the first."""
        self.panel.open_form(SlipInForm(scene, told, data), takes_focus=False)
        self.open()
        self.panel.focus_first()

    def _leave(self) -> None:
        self.done(self.DialogCode.Rejected.value)

    def _did(self, done: Done, _: object) -> None:
        self.taken.emit(done)
