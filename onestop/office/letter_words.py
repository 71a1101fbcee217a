"""How letters of an office are numbered, whom they speak to, and in whose name they are signed.

Nghị định 30/2020/NĐ-CP, Phụ lục I: the heads name the body whose head signs, its short sign stands
behind the number, a deputy signs for (KT.) the head.
"""

from typing import Final
from unicodedata import normalize

from onestop.domain.dossier import Party
from onestop.domain.state import Role
from onestop.domain.text import fold, nfc
from onestop.office.office import Catalogue, Officer
from onestop.printing.wording import count_words

UNNUMBERED: Final = "……"
HEAD_OF_AGENCY: Final = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"
"""Signs where the journal does not say who will."""


def addressee_words(party: Party) -> tuple[str, str]:
    """(whom the letter is to, how it speaks to them)."""
    if party.kind != "person":
        return party.name, "Quý cơ quan, tổ chức"
    return f"Ông/Bà {party.name}".strip(), "Ông/Bà"


def letter_number(number: int, desk: int, *, begun: int, year: int, earlier: int = 0) -> str:
    """`42`; of another book than the first `02-42`; a second letter of the form `42.2`; in a later
    `year` than the dossier's `begun` `42-2026`.

    It is the dossier's number in the register: no two letters of a form and year share it, and no desk
    has to ask another for it. Left to fill in (`desk` 0) where the book is not one of this office.
    """
    if not number or not desk:
        return UNNUMBERED
    book = f"{desk:02d}-" if desk > 1 else ""
    again = f".{earlier + 1}" if earlier else ""
    return f"{book}{count_words(number)}{again}" + (f"-{begun}" if begun != year else "")


def body_initials(issuing_body: str, place: str) -> str:
    """`Trung tâm Phục vụ hành chính công phường Tân Lập` → `TTPVHCC`: its short sign in the number of
    a letter (Nghị định 30/2020, Phụ lục I), without the name of the place."""
    words = _without_place(nfc(issuing_body).split(), nfc(place).casefold().split())
    words = [word for word in words if word.casefold() not in ("và", "-", "–")]
    spelt = [] if issuing_body.isupper() else [word for word in words if len(word) > 1 and word.isupper()]
    initials = "".join(word[0] for word in words if word not in spelt) or "".join(spelt)
    # Ủy ban nhân dân is UBND, but Đất đai stays ĐĐ.
    return "".join(normalize("NFD", letter)[0] for letter in initials).upper()


def _without_place(words: list[str], place: list[str]) -> list[str]:
    """The place may be written with its kind or without."""
    for named in (place, place[1:]):
        if named and [word.casefold() for word in words[-len(named) :]] == named:
            words = words[: -len(named)]
            break
    return words[:-1] if words and words[-1].casefold() in ("xã", "phường", "tỉnh") else words


def bodies_of(catalogue: Catalogue, signer: Officer | None) -> dict[str, str]:
    """The heads of a letter that the head of a body signs: they name the body that he is the head of.

    `signer` None: the head of the agency, whoever that is.
    """
    agency = catalogue.agency
    own = agency.name.replace("UBND", "Ủy ban nhân dân", 1)
    if signer is None or Role.LEADER in signer.roles or not signer.unit:
        above = agency.superior_body
        return {"superior_body": "" if fold(above) == fold(own) else above, "issuing_body": own}
    return {"superior_body": own, "issuing_body": catalogue.unit_name(signer.unit)}


def signer_roles(officer: Officer, absent: Officer | None) -> str:
    """`PHÓ CHỦ TỊCH` signs `KT. CHỦ TỊCH`, a stand-in for the one who is away; a line each."""
    own = officer.title.upper() or HEAD_OF_AGENCY
    if absent is not None and absent.title:
        return f"KT. {absent.title.upper()}\n{own}"
    return f"KT. {own.removeprefix('PHÓ ')}\n{own}" if own.startswith("PHÓ ") else own
