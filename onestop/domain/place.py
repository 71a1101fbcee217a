"""Provinces and communes as they are since 1/7/2025, found without accents, a few letters of each word.

An address is kept as it was written. A place found here only writes its words behind what
somebody typed; nothing is looked up, corrected or replaced afterwards.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onestop.domain.text import fold, nfc

_KINDS = (["xa"], ["phuong"], ["dac", "khu"], ["tinh"], ["thanh", "pho"])
_SHORT = {"tp": ["thanh", "pho"], "p": ["phuong"], "x": ["xa"], "t": ["tinh"]}
"""What people write for a kind, when a name follows."""
# Where a commune begins in an address without commas: `Thôn 3 xã tan hoa`.
_BEGINS = re.compile(r"(?:^|[\s,])((?:xã|xa|phường|phuong|đặc khu|dac khu)\s)", re.IGNORECASE)
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Place:
    """`code` of the statistics office; a commune names its province, a province names none."""

    code: str
    kind: str
    name: str
    province: "Place | None" = None
    _name_words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _all_words: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = tuple(_fold_words(self.name))
        initials = "".join(word[0] for word in named)  # TP HCM
        above = self.province._all_words if self.province else (initials,)
        # A frozen dataclass is only written here, while it is being made.
        object.__setattr__(self, "_name_words", named)
        object.__setattr__(self, "_all_words", (*_fold_words(self.kind), *named, *above))

    @property
    def words(self) -> str:
        """As it stands in an address: `xã Tân Hòa, tỉnh Thanh Hóa`."""
        own = f"{self.kind} {self.name}"
        return f"{own}, {self.province.words}" if self.province else own


def places_from_pack(pack: Mapping[str, Any]) -> tuple[Place, ...]:
    """The provinces, each before its communes. Raises KeyError or ValueError for another shape."""
    found = []
    for row in pack["provinces"]:
        province = Place(row["code"], row["kind"], row["name"])
        found.append(province)
        found += [Place(code, kind, name, province) for code, kind, name in row["communes"]]
    return tuple(found)


def find_places(
    places: Sequence[Place], query: str, limit: int = 20, near: str = "", least: int = _LEAST
) -> list[Place]:
    """The best matches for what was typed, best first: `tan hoa thanh hoa`, `p ben thanh`, `phu quoc`.

    Each word typed must begin a word of its own, of the place or of its province. A province stands before
    communes that fit as well, then those of the province with the code `near`. Fewer letters than
    `least`: nothing.
    """
    typed = _typed_words(query)
    if len("".join(typed)) < least:
        return []
    ranked = [
        (rank, number) for number, place in enumerate(places) if (rank := _rank(place, typed)) is not None
    ]
    accents = nfc(query).casefold()
    order = sorted(
        ranked,
        key=lambda each: (
            each[0],
            places[each[1]].name.casefold() not in accents,
            places[each[1]].province is not None,
            not _is_near(places[each[1]], near),
            len(places[each[1]]._name_words),
            each[1],
        ),
    )
    return [places[number] for _, number in order[:limit]]


def split_address(text: str) -> tuple[str, str]:
    """What was typed as (what stays, the end that may name a place): `Thôn 3, xã tan` → `Thôn 3`, `xã tan`.

    A commune and a province behind it are one end: `Thôn 3, xã tan hoa, thanh hoa`.
    """
    parts = text.split(",")
    end = len(parts) - 1
    if end and _BEGINS.match(parts[end - 1].strip()):
        end -= 1
    kept, tail = ",".join(parts[:end]), ",".join(parts[end:])
    inside = list(_BEGINS.finditer(tail))
    if inside and not kept:
        kept, tail = tail[: inside[-1].start(1)], tail[inside[-1].start(1) :]
    return kept.rstrip(" ,"), tail.strip()


def with_place(text: str, place: Place) -> str:
    """The address with the place at its end; everything before it as it was typed."""
    kept, _ = split_address(text)
    return f"{kept}, {place.words}" if kept else place.words


# ---- ranking ----------------------------------------------------------------------------


def _rank(place: Place, typed: list[str]) -> int | None:
    """0: the whole name stands there; 1: its beginning; 2: its words somewhere; None: another place."""
    if not all(any(word.startswith(each) for word in place._all_words) for each in typed):
        return None
    if not _has_own_words(place, typed):
        return None
    # A name may hold the word of a kind (Phương Thạnh, Bến Thành): both readings count.
    return min(_name_rank(place._name_words, core) for core in (typed, _without_kinds(typed)))


def _has_own_words(place: Place, typed: list[str]) -> bool:
    """`tan hoa thanh hoa` asks for two words that begin with `hoa`."""
    free = sorted(place._all_words, key=len)
    for each in sorted(typed, key=len, reverse=True):
        fits = next((word for word in free if word.startswith(each)), None)
        if fits is None:
            return False
        free.remove(fits)
    return True


def _name_rank(named: tuple[str, ...], core: list[str]) -> int:
    if tuple(core[: len(named)]) == named:
        return 0
    is_begun = bool(core) and all(word.startswith(each) for word, each in zip(named, core, strict=False))
    return 1 if is_begun else 2


def _without_kinds(typed: list[str]) -> list[str]:
    for kind in _KINDS:
        if typed[: len(kind)] == kind:
            return typed[len(kind) :]
    return typed


def _is_near(place: Place, near: str) -> bool:
    return (place.province or place).code == near


def _typed_words(query: str) -> list[str]:
    words = _fold_words(query)
    *before, last = words or [""]
    spelled = [_SHORT.get(word, [word]) for word in before]
    return [*(word for each in spelled for word in each), last]


def _fold_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(nfc(text)))
