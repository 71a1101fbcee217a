"""What a look at the store reports: counts, and findings in words."""

from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int, str], None]
"""Called with (done, total, words); may raise to cancel."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the journal says; `where` names entry, dossier or file."""

    where: str
    words: str


@dataclass(slots=True)
class Report:
    """What was looked at, what was found, and what is only to be known."""

    entries: int = 0
    dossiers: int = 0
    blobs: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def found(self, where: str, words: str) -> None:
        self.findings.append(Finding(where, words))

    def note(self, where: str, words: str) -> None:
        """Something to know that is no damage."""
        self.notes.append(Finding(where, words))

    @property
    def is_clean(self) -> bool:
        return not self.findings


def quiet(done: int, total: int, words: str) -> None:
    """No one watches."""
