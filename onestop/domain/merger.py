"""Mergers of units and of agencies: from a day on the work of the old one is the new one's.

Nothing that was written is rewritten. Dossiers, codes and journals keep the old name; whoever asks
“whose is this today?” follows the mergers. So old codes are found for ever, open dossiers stand in
the new unit's queue at once, and a report can be cut by the old boundary or by the new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from onestop.domain.agency_code import parse_agency_code
from onestop.errors import InputError


class MergerKind(StrEnum):
    UNIT = "unit"
    AGENCY = "agency"


class Boundary(StrEnum):
    """Which boundary a report is cut by."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Merger:
    """`old`, `new`: unit ids or agency codes; `on`: the first day; `ground`: the decision behind it."""

    old: str
    new: str
    on: date
    ground: str
    kind: MergerKind = MergerKind.UNIT


def merger_plain(merger: Merger) -> dict[str, str]:
    """As a row; `merger_from` reads it back."""
    return {
        "old": merger.old,
        "new": merger.new,
        "on": merger.on.isoformat(),
        "ground": merger.ground,
        "kind": merger.kind.value,
    }


def merger_from(plain: Mapping[str, Any]) -> Merger:
    """Raises KeyError or ValueError for another shape."""
    day = date.fromisoformat(plain["on"])
    return Merger(plain["old"], plain["new"], day, plain["ground"], MergerKind(plain["kind"]))


def present(mergers: Iterable[Merger], kind: MergerKind, code: str, day: date) -> str:
    """Who does the work of `code` on `day`: itself, or the one at the end of the chain of mergers."""
    nexts = {key(kind, each.old): each.new for each in mergers if each.kind is kind and each.on <= day}
    passed = set()
    while key(kind, code) in nexts and key(kind, code) not in passed:
        passed.add(key(kind, code))  # rows from outside may run in a ring: then the last one stays
        code = nexts[key(kind, code)]
    return code


def present_unit(mergers: Iterable[Merger], unit: str, day: date) -> str:
    """The unit that does the work of `unit` on `day`."""
    return present(mergers, MergerKind.UNIT, unit, day)


def family(mergers: Iterable[Merger], kind: MergerKind, code: str, day: date) -> frozenset[str]:
    """All codes whose work is one on `day`: `code`, what it is merged into, and all merged into that."""
    ours = tuple(each for each in mergers if each.kind is kind)
    if not ours:
        return frozenset({code})
    now = key(kind, present(ours, kind, code, day))
    codes = {code, *(each.old for each in ours), *(each.new for each in ours)}
    return frozenset(each for each in codes if key(kind, present(ours, kind, each, day)) == now)


def by_boundary(
    counts: Mapping[str, int],
    mergers: Iterable[Merger],
    day: date,
    boundary: Boundary,
    kind: MergerKind = MergerKind.UNIT,
) -> dict[str, int]:
    """Counts by code, cut by the old boundary (as each dossier was written) or the one of `day`.

    The sum is the same: what was counted under a merged code goes to the one that has its work.
    """
    summed: dict[str, int] = {}
    known = tuple(mergers)
    for code, count in counts.items():
        whose = present(known, kind, code, day) if boundary is Boundary.NEW else code
        summed[whose] = summed.get(whose, 0) + count
    return summed


def check_merger(mergers: Iterable[Merger], wanted: Merger) -> None:
    """Raises InputError naming the field that cannot stand: `old`, `new` or `ground`."""
    known = tuple(mergers)
    old, new = key(wanted.kind, wanted.old), key(wanted.kind, wanted.new)
    if not new:
        raise InputError("Chưa chọn nơi nhận việc", "Hãy chọn đơn vị hoặc cơ quan mới.", "new")
    if old == new:
        raise InputError("Nơi cũ và nơi mới là một", "Hãy chọn một nơi khác.", "new")
    if any(each.kind is wanted.kind and key(each.kind, each.old) == old for each in known):
        raise InputError("Nơi này đã sáp nhập trước đó", "Xem trong danh sách sáp nhập.", "old")
    if key(wanted.kind, present(known, wanted.kind, wanted.new, date.max)) == old:
        words = "Nơi mới đã sáp nhập vào chính nơi cũ này. Hãy chọn nơi khác."
        raise InputError("Hai nơi sáp nhập vòng quanh nhau", words, "new")
    if not wanted.ground:
        words = "Ghi số, ngày của nghị quyết hoặc quyết định."
        raise InputError("Chưa nhập căn cứ sáp nhập", words, "ground")


def key(kind: MergerKind, code: str) -> str:
    """What a code is compared by: an agency's old and new forms are one."""
    if kind is MergerKind.UNIT:
        return code
    try:
        return parse_agency_code(code).new_form
    except InputError:
        return code
