"""What a receipt for certification (chứng thực) says of the papers to be certified: how many pages the
original has and how many copies were asked for, as the declaration of the dossier holds it."""

from collections.abc import Mapping, Sequence
from typing import Any

from onestop.domain.declaration import DeclarationForm, find_form
from onestop.domain.declaration_values import show_value
from onestop.domain.dossier import Dossier
from onestop.office.office import Office
from onestop.printing.wording import count_words

CertifiedRows = tuple[dict[str, str], ...]


def certified_rows(office: Office, dossier: Dossier) -> CertifiedRows:
    """`no`, `name`, `pages`, `copies`, one row a paper; none where no declaration says them: the table is
    then filled in by hand, like `electronic`, which the officer ticks."""
    filled = dossier.subject.declaration
    values = filled.values if filled else {}
    papers = values.get("papers")
    if isinstance(papers, Sequence) and not isinstance(papers, str):
        named = [(_listed_name(paper), paper) for paper in papers if isinstance(paper, Mapping)]
    elif filled and "pages" in values:
        form = find_form(office.catalogue.declarations, filled.form, filled.version)
        named = [(_single_name(form, values), values)]
    else:
        return ()
    return tuple(_row(number, name, counts) for number, (name, counts) in enumerate(named, 1))


def _row(number: int, name: str, counts: Mapping[str, Any]) -> dict[str, str]:
    return {
        "no": str(number),
        "name": name,
        "pages": _count(counts.get("pages")),
        "copies": _count(counts.get("copies")),
        "electronic": "",
    }


def _count(value: Any) -> str:
    return count_words(value) if isinstance(value, int) else ""


def _listed_name(paper: Mapping[str, Any]) -> str:
    holder = str(paper.get("holder", "")).strip()
    title = str(paper.get("title", ""))
    return f"{title} ({holder})" if holder else title


def _single_name(form: DeclarationForm | None, values: Mapping[str, Any]) -> str:
    """A paper that is chosen from a list, or named in the words of whoever brought it."""
    own = str(values.get("paper_words", ""))
    spec = next((each for each in form.fields() if each.id == "paper"), None) if form else None
    return own or (show_value(spec, values.get("paper")) if spec else "")
