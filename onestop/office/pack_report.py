"""What was read of a pack, where each of it stands in the file, and what is to be said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onestop.office.changing import RowChange


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a pack: the sheet (or kind), the line from 1 (0: all of it), the column's letter and head."""

    sheet: str
    line: int = 0
    column: str = ""
    head: str = ""

    def words(self) -> str:
        parts = [f"trang “{self.sheet}”"] if self.sheet else []
        parts += [f"dòng {self.line}"] if self.line else []
        if self.column or self.head:
            named = f"cột {self.column} ({self.head})" if self.column and self.head else ""
            parts.append(named or f"mục “{self.head or self.column}”")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class PackFinding:
    """One mistake, or (`is_error` False) something to look at: `words` what, `remedy` what to do."""

    place: Place
    words: str
    remedy: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class PackRow:
    """A row of a pack. `places`: where members stand, `steps.1.role` for one inside; `place`: the row."""

    kind: str
    value: dict[str, Any]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, member: str) -> Place:
        """Of the member, of what it lies in, or of the row."""
        while member:
            if member in self.places:
                return self.places[member]
            member = member.rpartition(".")[0]
        return self.place


@dataclass(frozen=True, slots=True)
class Pack:
    """What was read of a file. `kinds`: those it speaks of at all; `findings`: what could not be read."""

    name: str
    rows: tuple[PackRow, ...]
    kinds: frozenset[str]
    findings: tuple[PackFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One member that would be another one, in words."""

    head: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowDiff:
    """What would become of one row. `how`: added, changed, removed."""

    kind: str
    key: str
    name: str
    how: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PackReport:
    """What a pack would do, before anything is written. `changes`: nothing as long as there are errors."""

    name: str
    findings: tuple[PackFinding, ...]
    diffs: tuple[RowDiff, ...]
    changes: tuple[RowChange, ...]

    @property
    def errors(self) -> tuple[PackFinding, ...]:
        return tuple(each for each in self.findings if each.is_error)

    @property
    def is_sound(self) -> bool:
        return not self.errors

    def counted(self, how: str) -> int:
        return sum(each.how == how for each in self.diffs)

    def words(self) -> str:
        """One sentence for the head of a page or the end of a printed report."""
        if not self.is_sound:
            return f"Có {len(self.errors)} lỗi. Chưa có gì được ghi."
        if not self.diffs:
            return "Không có gì thay đổi."
        parts = [f"thêm {self.counted('added')}", f"sửa {self.counted('changed')}"]
        parts += [f"bỏ {self.counted('removed')}"] if self.counted("removed") else []
        return f"Gói hợp lệ: {', '.join(parts)} dòng."
