"""Agency codes (mã định danh cơ quan) in their two forms, which name the same agency.

Old form `000.00.06.H56` (QCVN 102:2016/BTTTT): four levels read from the right, zeros where a
level is not used. New form `H56.06` (QĐ 20/2020/QĐ-TTg, as amended by QĐ 09/2025/QĐ-TTg): the
first level first, at most four. Papers and dossier codes of both are about for years, so both
are read everywhere and compared by what they name.
"""

import re
from dataclasses import dataclass
from typing import Final

from onestop.errors import InputError

_NEW: Final = re.compile(r"([A-Z][0-9]{2})((?:\.[0-9]{2,3}){0,3})")
_OLD: Final = re.compile(r"([0-9]{3})\.([0-9]{2})\.([0-9]{2})\.([A-Z][0-9]{2})")
_ANYWHERE: Final = re.compile(
    r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(?:\.[0-9]{2,3}){1,3}"
)
_HINT: Final = "Ví dụ: H56.99.88 (dạng mới) hoặc 000.88.99.H56 (dạng cũ)."


@dataclass(frozen=True, slots=True)
class AgencyCode:
    """`head`: the first level (`H56` a province, `G15` a ministry); `below`: the numbers of levels 2–4."""

    head: str
    below: tuple[int, ...] = ()

    @property
    def level(self) -> int:
        """1 (a province, a ministry) to 4."""
        return 1 + len(self.below)

    @property
    def parent(self) -> "AgencyCode | None":
        """The agency above; None above a province or a ministry."""
        return AgencyCode(self.head, self.below[:-1]) if self.below else None

    @property
    def new_form(self) -> str:
        return ".".join((self.head, *(f"{number:02d}" for number in self.below)))

    @property
    def old_form(self) -> str:
        second, third, fourth = (*self.below, 0, 0, 0)[:3]
        return f"{fourth:03d}.{third:02d}.{second:02d}.{self.head}"

    def is_below(self, other: "AgencyCode") -> bool:
        """Whether `other` stands above it, at whatever distance."""
        return self.level > other.level and (self.head, self.below[: len(other.below)]) == (
            other.head,
            other.below,
        )


def parse_agency_code(text: str) -> AgencyCode:
    """Reads either form, as typed. Raises InputError (field `agency_code`)."""
    typed = "".join(text.split()).upper()
    if old := _OLD.fullmatch(typed):
        *numbers, head = old.groups()
        return _checked(head, tuple(int(number) for number in reversed(numbers)))
    if new := _NEW.fullmatch(typed):
        numbers = new[2].split(".")[1:]
        # Three digits stand at the fourth level only: there the old form had room for them.
        if all(len(number) == 2 for number in numbers[:2]):
            return _checked(new[1], tuple(int(number) for number in numbers), is_new=True)
    raise _wrong(_HINT)


def _checked(head: str, numbers: tuple[int, ...], is_new: bool = False) -> AgencyCode:
    """Zeros end the old form; a level below a level that is not used names nothing."""
    used = numbers
    while used and used[-1] == 0 and not is_new:
        used = used[:-1]
    if 0 in used:
        raise _wrong("Một cấp ở giữa là 00 mà cấp dưới nó lại có số. Hãy xem văn bản cấp mã.")
    return AgencyCode(head, used)


def _wrong(message: str) -> InputError:
    return InputError("Mã định danh cơ quan không đúng dạng", message, "agency_code")


def is_same_agency(one: str, other: str) -> bool:
    """Whether two codes, each in either form, name one agency; texts that are no codes only as texts."""
    try:
        return parse_agency_code(one) == parse_agency_code(other)
    except InputError:
        return one.strip().upper() == other.strip().upper()


def both_forms(text: str) -> tuple[str, str]:
    """(new form, old form). Raises InputError."""
    code = parse_agency_code(text)
    return code.new_form, code.old_form


def in_every_form(query: str) -> tuple[str, ...]:
    """What a person typed to find dossiers, then the same with its agency code in the other form.

    `000.00.06.H56-231027-0361` also asks for `H56.06-231027-0361`; a text without a code stays alone.
    """
    found = _ANYWHERE.search(query.upper())
    if found is None or len(query.upper()) != len(query):
        return (query,)
    try:
        forms = both_forms(found[0])
    except InputError:
        return (query,)
    begin, end = found.span()
    asked = [query[:begin] + form + query[end:] for form in forms if form != found[0]]
    return (query, *asked)
