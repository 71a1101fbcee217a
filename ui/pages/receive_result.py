"""What may still be done with the dossier just received, while its code stands on the page."""

from PySide6.QtCore import QObject

from onestop.domain.dossier import Dossier
from onestop.errors import OfficeError
from onestop.office.deeds import Done, find_dossier
from onestop.office.intake import Received
from ui.pages import receive_acts as acts
from ui.pages.page import Frame
from ui.pages.receive_done import DonePanel


class ResultDesk(QObject):
    """Prints, forwards, opens; keeps the panel true when another page acts."""

    def __init__(self, parent: QObject, frame: Frame, panel: DonePanel) -> None:
        super().__init__(parent)
        self._frame, self._panel = frame, panel
        self.dossier: Dossier | None = None
        panel.print_wanted.connect(self.print_paper)
        panel.forward_wanted.connect(self.forward)
        panel.open_wanted.connect(self.open)

    def show(self, received: Received) -> None:
        self.dossier = received.dossier
        self._panel.show_received(received, self._frame.office.catalogue)

    def reload(self, dossier_id: str) -> None:
        if self.dossier and self.dossier.id == dossier_id:
            office = self._frame.office
            self._frame.tasks.run(
                self, lambda: find_dossier(office, dossier_id), self._show_again, _pass_over
            )

    def print_paper(self) -> None:
        """The receipt, or what is handed out in its stead: the request for papers, the refusal."""
        if self.dossier and self._panel.can_print():
            self._frame.print_papers(self.dossier, self._panel.form)

    def open(self) -> None:
        if self.dossier:
            self._frame.go("dossier", self.dossier.id)

    def forward(self, unit: str) -> None:
        """To the unit of its sector, at once; undone as long as nobody has taken it over."""
        if self.dossier:
            office, dossier_id = self._frame.office, self.dossier.id
            self._frame.tasks.run(self, lambda: acts.forward(office, dossier_id, unit), self._forwarded)

    def _forwarded(self, done: Done) -> None:
        self._show_again(done.dossier)
        self._frame.tell_done(done, lambda: self._take_back(done.dossier.id))

    def _take_back(self, dossier_id: str) -> None:
        office = self._frame.office
        self._frame.tasks.run(self, lambda: acts.take_back(office, dossier_id), self._taken_back)

    def _taken_back(self, done: Done) -> None:
        self._show_again(done.dossier)
        self._frame.tell_done(done)

    def _show_again(self, dossier: Dossier) -> None:
        if self.dossier and self.dossier.id == dossier.id:
            self.dossier = dossier
            self._panel.show_dossier(dossier, self._frame.office.catalogue)


def _pass_over(_: OfficeError) -> None:
    """The dossier may be gone from this desk; what is shown stays as it was."""
