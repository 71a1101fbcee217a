"""Which papers a dossier can have now, each with the sheets and copies of its template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from onestop.domain.dossier import Dossier, State
from onestop.domain.moment import local_day
from onestop.domain.template import Template, Title, chosen, field_names, flat
from onestop.office.office import Office
from onestop.office.paper_words import form_words, short_words
from onestop.office.templates import templates_of


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """One form as it can be printed. `copies`: a sheet for each, "" for papers that are all alike.

    `circular`: where the form is prescribed, else "", and `number` its number there, which another
    circular may give to another form. `is_marked`: says itself that it is a reprint; `replaces`: and,
    after a correction, which paper it stands in place of.
    """

    form: str
    name: str
    sizes: tuple[str, ...]
    copies: tuple[str, ...] = ("",)
    circular: str = ""
    number: str = ""
    is_marked: bool = False
    replaces: bool = False

    @property
    def words(self) -> str:
        """`Phiếu từ chối (mẫu 03)`."""
        return f"{short_words(self.form)} (mẫu {self.number})" if self.circular else short_words(self.form)


def papers_of(office: Office, dossier: Dossier) -> tuple[PaperChoice, ...]:
    """What can be printed of a dossier as it stands, the forms of the circular first."""
    templates = templates_of(office.catalogue)
    day = local_day(dossier.received_at or office.now)
    procedure = dossier.subject.procedure.code
    found = []
    for form in (form for form, fits in _FITS.items() if fits(dossier)):
        try:
            found.append(choice_of(chosen(templates, form, day, procedure)))
        except LookupError:
            found += [_DRAWN[form]] if form in _DRAWN else []
    return tuple(found)


def shared_papers(office: Office) -> tuple[PaperChoice, ...]:
    """Papers made once for several dossiers together."""
    templates, today = templates_of(office.catalogue), local_day(office.now)
    found = []
    for form in MANY:
        try:
            found.append(choice_of(chosen(templates, form, today)))
        except LookupError:
            continue  # the office has no such template
    return tuple(found)


def shared_forms_of(dossier: Dossier) -> tuple[str, ...]:
    """The shared papers this dossier may stand on."""
    return tuple(form for form, fits in _FITS_TOGETHER.items() if fits(dossier))


def choice_of(template: Template) -> PaperChoice:
    marks = _marks(template)
    return PaperChoice(
        template.form,
        template.name,
        template.sizes,
        template.copies,
        template.circular,
        template.number or template.form,
        is_marked=bool(marks),
        replaces="replaces" in marks,
    )


def _marks(template: Template) -> set[str]:
    """What stands below the title of its own history."""
    notes = [note for block in flat(template.blocks) if isinstance(block, Title) for note in block.notes]
    return {name for note in notes for name in field_names(note)} & {"reprint", "replaces"}


def _is_received(dossier: Dossier) -> bool:
    return dossier.received_at is not None


def _has_result(dossier: Dossier) -> bool:
    return bool(dossier.result.number)


_FITS: Final[Mapping[str, Callable[[Dossier], bool]]] = {
    "01": _is_received,
    "02": lambda dossier: dossier.supplement_rounds > 0,
    "03": lambda dossier: dossier.state is State.REFUSED,
    "04": lambda dossier: dossier.apology_at is not None or dossier.apology_draft is not None,
    "05": lambda dossier: dossier.state in (State.STOPPED, State.WITHDRAWN),
    "06": _is_received,
    "TK": lambda dossier: dossier.subject.declaration is not None,
    "GN": lambda dossier: bool(dossier.payments),
    "BN": _has_result,
    "BG": _is_received,
    "BK": _has_result,
    "QT": _is_received,
    "NH": lambda dossier: _is_received(dossier) and bool(dossier.subject.submitter.address),
}
"""When a dossier has come to a paper; in the order in which they are offered."""

_FITS_TOGETHER: Final[Mapping[str, Callable[[Dossier], bool]]] = {
    "01N": _is_received,
    "DS": _is_received,
    "BK": _has_result,
}

MANY: Final = tuple(_FITS_TOGETHER)
"""Forms that one paper of several dossiers can be made of."""

_DRAWN: Final[Mapping[str, PaperChoice]] = {"TK": PaperChoice("TK", form_words("TK"), ("A4",))}
"""Papers that are drawn without a template."""
