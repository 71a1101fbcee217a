"""The drawer at the right edge: the print panel in it is made when first asked for."""

from typing import TYPE_CHECKING

from ui.pages.page import Frame
from ui.widgets.panels import Drawer

if TYPE_CHECKING:  # printing is imported at the first paper
    from onestop.domain.dossier import Dossier
    from ui.printing import PrintPanel


class PrintDrawer(Drawer):
    def __init__(self, frame: Frame) -> None:
        super().__init__("print_drawer", "In phiếu")
        self._frame = frame
        self._panel: PrintPanel | None = None

    def show_papers(self, dossier: "Dossier", form: str, is_new: bool) -> None:
        """`is_new`: it comes by itself, so the focus stays on the page."""
        panel = self._made()
        panel.open(dossier, form, is_new)
        if is_new:
            self.come_up()
        else:
            self._open(panel)

    def show_register(self) -> None:
        panel = self._made()
        panel.open_register()
        self._open(panel)

    def reload(self, dossier_id: str) -> None:
        """After any act: the paper shown may say something else now."""
        if self._panel is not None:
            self._panel.reload(dossier_id)

    def _open(self, panel: "PrintPanel") -> None:
        if self.isVisible():
            panel.take_focus()
        else:
            self.open_drawer()

    def _made(self) -> "PrintPanel":
        if self._panel is None:
            from ui.printing import PrintPanel

            self._panel = PrintPanel(self._frame)
            self.body.addWidget(self._panel)
        return self._panel
