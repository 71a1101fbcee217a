"""“Vì sao ngày này?” on the intake page and on the dossier page: the whole calculation of a due date."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from onestop.domain.moment import local, show_on, weekday
from onestop.errors import InputError
from onestop.office.due_story import DueStory, tell_dossier, tell_intake
from onestop.office.intake import IntakeForm
from onestop.office.office import Office
from ui.widgets.due_why import explain_due

if TYPE_CHECKING:
    from ui.pages.dossier import DossierPage


def show_intake_due(page: QWidget, office: Office, form: IntakeForm) -> None:
    """Of the receipt that would be printed now; nothing happens while there is none."""
    try:
        story = tell_intake(office, form)
    except InputError:
        return  # the card already says what is missing
    show_story(page, story)


def show_dossier_due(page: "DossierPage") -> None:
    """Of the dossier that is shown, read from its journal off the window's thread."""
    if page.dossier is None or page.dossier.due_at is None:
        return
    frame = page.frame
    read = partial(tell_dossier, frame.office, page.dossier.id)
    frame.tasks.run(page, read, partial(show_story, page), frame.show_error)


def show_story(page: QWidget, story: DueStory) -> None:
    title = "Chưa có hạn trả"
    if story.due_at is not None:
        at = local(story.due_at)
        title = f"Hạn trả {at:%H:%M} {weekday(at.date())} {show_on(at.date())}"
    explain_due(page.window(), title, story.sentence, story.lines, story.calendar_version)
