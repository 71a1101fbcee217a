"""What a page is, and what the frame around it offers. Pages know the frame, never one another."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from onestop.errors import OfficeError
from onestop.office.work import Worklist
from onestop.settings import Settings
from ui.tasks import Tasks

if TYPE_CHECKING:  # these bring the engine, which is imported behind the first paint
    from onestop.domain.dossier import Dossier
    from onestop.office.deeds import Done
    from onestop.office.office import Office


class Frame(Protocol):
    """The shell as its pages see it."""

    tasks: Tasks

    @property
    def office(self) -> "Office":
        """The office with the officer signed in now. Only after the store is open."""

    @property
    def worklist(self) -> Worklist:
        """Queues and search of the officer signed in; ready before the first paint."""

    @property
    def settings(self) -> Settings: ...

    def change_setting(self, key: str, value: str | int | bool) -> None: ...

    def go(self, place: str, dossier_id: str = "") -> None:
        """Shows a place: queue, receive, search, approve, hand_out, dossier; admin with a section's id."""

    def tell_done(self, done: "Done", undo: Callable[[], None] | None = None, says: bool = True) -> None:
        """Says that an act is saved (toast, with undo for eight seconds) and lets pages reload.

        `says`: False where the page in front says it itself.
        """

    def toast(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """A short message; with `undo` its button takes back what was done, for eight seconds."""

    def catalogue_changed(self) -> None:
        """Rows were changed at this desk: the catalogue is read anew for window, office and pages."""

    def show_error(self, error: OfficeError) -> None:
        """One calm bar or box with title and what to do."""

    def print_papers(self, dossier: "Dossier", form: str = "01", is_new: bool = False) -> None:
        """Opens the print drawer with that paper (forms: onestop/office/paper_words.py), or the first
        there is where the dossier has not come to it.

        `is_new`: just received, so the drawer comes by itself, takes no focus, and prints at
        once when the officer wants that.
        """

    def print_register(self) -> None:
        """Opens the print drawer with the register (mẫu 07) of this year."""

    def read_paper(self) -> None:
        """Asks for a scan or photograph of a printed paper and opens its dossier."""


def ready_office(frame: Frame) -> "Office | None":
    """The office, or None while the store is still being opened behind the first window."""
    return getattr(frame, "office", None)


class Page(QWidget):
    """One place of the program. The shell makes it once and shows it many times."""

    place = ""
    title = ""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame

    def enter(self, dossier_id: str = "") -> None:
        """Called whenever the page comes to the front; loads what it shows."""

    def leave(self) -> bool:
        """Called before another page comes; False keeps this one (the person chose to stay)."""
        return True

    def may_be_remade(self) -> bool:
        """False while something is typed here that stands nowhere else."""
        return True

    def shown_dossier(self) -> str:
        """What `enter` is told when this page is made anew."""
        return ""

    def go_on_from(self, old: "Page") -> None:
        """Called after `enter` on a page made anew for another zoom: it stands as the old one stood."""

    def reload(self, dossier_id: str) -> None:
        """Called after any act on a dossier, whatever page did it."""

    def catalogue_came(self) -> None:
        """Called when rows of the catalogue are others now; `frame.office` holds the new ones."""

    def panes(self) -> tuple[QWidget, ...]:
        """The widgets that F6 goes round."""
        return (self,)
