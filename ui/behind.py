"""What the frame reads behind the page: counts for the rail, ports for the card reader."""

from dataclasses import dataclass, replace

from onestop.domain.work import PAUSED
from onestop.office.work import Worklist
from onestop.store.whereabouts import count_waiting, is_joined


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


def read_ports() -> list[str]:
    from ui.devices import port_names

    return port_names()
