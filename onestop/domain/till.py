"""A day's money of a cashier: what was taken and given back, and what must lie in the drawer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onestop.domain.dossier import Fee

CASH = "cash"


@dataclass(frozen=True, slots=True)
class TillLine:
    """One payment: above zero taken, below zero given back. `charge_vnd`: how much of it is phí; the
    rest is lệ phí, or not assigned (`other_vnd`) where more was taken than owed."""

    entry: str
    dossier: str
    code: str
    payer: str
    at: datetime
    officer: str
    method: str
    fee_receipt: str
    amount_vnd: int
    charge_vnd: int = 0
    levy_vnd: int = 0
    other_vnd: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """What somebody counted in the drawer, and why it is not what it should be. `expected_vnd`:
    what the journals said then; it may be another sum once entries of other desks have come."""

    at: datetime
    officer: str
    counted_vnd: int
    expected_vnd: int
    reason: str = ""

    @property
    def difference_vnd(self) -> int:
        """Above zero: more than expected."""
        return self.counted_vnd - self.expected_vnd


@dataclass(frozen=True, slots=True)
class DaySheet:
    """`officer` None: all of them. `waiting`: payments of the day without effect yet (in the tray)."""

    day: date
    officer: str | None
    lines: tuple[TillLine, ...]
    counts: tuple[Count, ...] = ()
    waiting: int = 0

    @property
    def collected_vnd(self) -> int:
        return sum(line.amount_vnd for line in self.lines if line.amount_vnd > 0)

    @property
    def refunded_vnd(self) -> int:
        """Zero or above."""
        return -sum(line.amount_vnd for line in self.lines if line.amount_vnd < 0)

    @property
    def cash_vnd(self) -> int:
        """What must lie in the drawer beside the change it held in the morning."""
        return self.by_method().get(CASH, 0)

    @property
    def count(self) -> Count | None:
        """The last one; earlier ones stay below it."""
        return self.counts[-1] if self.counts else None

    def by_method(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.method] = sums.get(line.method, 0) + line.amount_vnd
        return sums

    def by_kind(self) -> dict[str, int]:
        """`charge`, `levy`, and `other` where there is any."""
        sums = {
            "charge": sum(line.charge_vnd for line in self.lines),
            "levy": sum(line.levy_vnd for line in self.lines),
            "other": sum(line.other_vnd for line in self.lines),
        }
        return {kind: amount for kind, amount in sums.items() if amount or kind != "other"}


def split_payments(fees: Sequence[Fee], amounts: Iterable[int]) -> list[tuple[int, int, int]]:
    """(charge, levy, other) of each payment, in their order: fee lines are filled one after the
    other, and what is given back is taken from the last one filled."""
    paid, splits = 0, []
    for amount in amounts:
        before, paid = paid, paid + amount
        splits.append(tuple(_filled(fees, paid)[i] - _filled(fees, before)[i] for i in range(3)))
    return [(charge, levy, other) for charge, levy, other in splits]


def _filled(fees: Sequence[Fee], paid: int) -> tuple[int, int, int]:
    """What a sum paid so far covers."""
    left, charge, levy = paid, 0, 0
    for fee in fees:
        part = min(max(left, 0), fee.amount_vnd)
        left -= part
        charge += part if fee.kind == "charge" else 0
        levy += part if fee.kind != "charge" else 0
    return charge, levy, left
