"""How often one address may ask what anybody may ask."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_ADDRESSES = 10_000


@dataclass
class Pace:
    """`most` at once, then one more after each `every`; kept in this process alone."""

    most: int
    every: timedelta
    _free_at: dict[str, datetime] = field(default_factory=dict)

    def admit(self, address: str, now: datetime) -> bool:
        """Counts only what is let in: whoever goes on asking is served again in time."""
        free_at = max(self._free_at.get(address, now), now)
        if free_at - now > self.every * (self.most - 1):
            return False
        if len(self._free_at) >= MOST_ADDRESSES:
            self._forget(now)
        self._free_at[address] = free_at + self.every
        return True

    def _forget(self, now: datetime) -> None:
        """Those who have been quiet; all of them when nobody has: memory must not grow by asking."""
        busy = {address: at for address, at in self._free_at.items() if at > now}
        self._free_at = busy if len(busy) < MOST_ADDRESSES else {}
