"""A world made for one purpose; and what may happen to a call."""

from dataclasses import dataclass

from onestop.domain.acts import Act

CALL_FAULTS = (
    "refused",
    "request_lost",
    "request_cut",
    "request_flipped",
    "answer_lost",
    "answer_cut",
    "doubled",
    "delivered_again",
    "hub_killed",
)
"""What may happen to one call."""


@dataclass(frozen=True)
class Plan:
    """A world made for one purpose: these faults, so much more `often`, and acts that lean one way."""

    faults: tuple[str, ...] = ()
    rates: tuple[tuple[str, float], ...] = ()
    desks: int = 2
    has_relay: bool = False
    often: float = 3.0
    lean: tuple[Act, ...] = ()
