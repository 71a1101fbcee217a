"""What the frame reads behind the page: counts for the rail, ports for the card reader."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onestop.domain.work import PAUSED
from onestop.office.work import Worklist
from onestop.store.whereabouts import count_waiting, is_joined

if TYPE_CHECKING:
    from onestop.office.office import Office


@dataclass(frozen=True, slots=True)
class Counts:
    """Running dossiers of the officer, those to decide, those to hand out; entries not sent.

    `tray`: entries that wait for a person's decision.
    """

    queue: int
    approve: int
    hand_out: int
    unsent: int
    tray: int
    is_joined: bool


def read_counts(worklist: Worklist) -> Counts:
    whole, (unsent, conflicts) = worklist.tabs()[0].view, count_waiting(worklist.rows)
    return Counts(
        worklist.count(replace(whole, upper=PAUSED)),
        worklist.count(worklist.to_decide()),
        worklist.count(worklist.at_counter()),
        unsent,
        conflicts,
        is_joined(worklist.rows),
    )


def tidy_papers(office: "Office") -> None:
    """Order in the folder of scans, which is read whole. Raises StoreError."""
    from onestop.store.evict import tidy_blobs

    tidy_blobs(office.store, office.now)


def read_ports() -> list[str]:
    from ui.devices import port_names

    return port_names()
