"""What the store says of the line: how much stands where, and which dossiers wait. Read by workers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dossier with entries that stand on this machine alone; `why` in plain words."""

    dossier: str
    code: str
    since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of entries; `waiting` is the oldest part of `waiting_dossiers`."""

    saved: int = 0
    at_office: int = 0
    at_province: int = 0
    backed_up: int = 0
    is_joined: bool = False
    has_relay: bool = False
    waiting_dossiers: int = 0
    waiting: tuple[Waiting, ...] = ()
