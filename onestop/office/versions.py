"""The versions of every procedure, and which of them are in force on a day."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported with the engine
    from onestop.domain.procedure import Procedure

InForce = tuple[str, tuple["Procedure", ...], dict[str, "Procedure"]]


class Versions:
    """All versions by code, then by the day each comes into effect. Keeps what one day needed:
    a desk asks a hundred times a day, and the day passes while it runs."""

    __slots__ = ("_kept", "all", "are_dated")

    def __init__(self, versions: Iterable["Procedure"] = ()) -> None:
        self.all = tuple(versions)
        self.are_dated = any(one.effective_on for one in self.all)
        self._kept: InForce | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Versions) and self.all == other.all

    def __hash__(self) -> int:
        return hash(self.all)

    def on(self, day: str) -> tuple["Procedure", ...]:
        """Those in force on `day` (YYYY-MM-DD)."""
        return self._on(day)[1]

    def find(self, code: str, day: str) -> "Procedure | None":
        return self._on(day)[2].get(code)

    def find_version(self, code: str, version: str) -> "Procedure | None":
        """The very version that a dossier was received under, as `version_of` names it."""
        from onestop.domain.procedure import version_of  # behind the first window

        return next((one for one in self.all if one.code == code and version_of(one) == version), None)

    def _on(self, day: str) -> InForce:
        kept = self._kept
        if kept is None or kept[0] != day:
            # One assignment: the window's thread and the store's may both ask at midnight.
            kept = self._kept = _in_force(self.all, day)
        return kept


def _in_force(versions: tuple["Procedure", ...], day: str) -> InForce:
    if not versions:
        return day, (), {}
    from onestop.domain.procedure import in_force  # behind the first window

    found = in_force(versions, day)
    return day, found, {one.code: one for one in found}
