"""Slips onto a thermal printer of 80 mm: over the network, through a queue of the system, or into a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from onestop.printing.dots import roll_dots
from onestop.printing.escpos import slip
from onestop.printing.pictures import page_count
from onestop.settings import Settings

Way = Literal["network", "queue", "file"]
Tell = Callable[[int, int], None]
"""Told (slips begun, slips in all) before every band; what it raises stops the printing."""

_KEYS: Final[dict[str, Way]] = {"network": "network", "queue": "queue", "file": "file"}


@dataclass(frozen=True, slots=True)
class Thermal:
    """Where slips go: `where` is an address (`host` or `host:port`), a queue's name, or a path."""

    way: Way
    where: str
    feed_mm: int = 0
    is_cut: bool = True

    @property
    def name(self) -> str:
        """How it is called in lists of printers."""
        return f"Máy in nhiệt K80 ({self.where})"


def thermal_of(settings: Settings) -> Thermal | None:
    """The thermal printer of this desk; None where none is set."""
    way = _KEYS.get(settings.text("print.thermal_way"))
    where = settings.text(f"print.thermal_{way}").strip() if way else ""
    if way is None or not where:
        return None
    is_cut = settings.is_on("print.thermal_cut")
    return Thermal(way, where, settings.number("print.thermal_feed_mm"), is_cut)


def print_slips(pdf: bytes, thermal: Thermal, title: str, copies: int, tell: Tell) -> int:
    """Every page as a slip of its own; how many went out.

    Raises PrintError, and whatever `tell` raises: then the slip begun is cut off over the network;
    nothing has gone to a queue or a file yet.
    """
    count = page_count(pdf) * copies
    bands = _bands(pdf, thermal, copies, tell)
    if thermal.way == "network":
        from onestop.printing.thermal_network import send_over_network

        send_over_network(thermal.where, bands, lambda: tell(count, count))
    elif thermal.way == "queue":
        from onestop.printing.thermal_queue import send_to_queue

        send_to_queue(thermal.where, title, b"".join(bands))
    else:
        from onestop.printing.thermal_file import send_to_file

        send_to_file(thermal.where, title, b"".join(bands))
    return count


def _bands(pdf: bytes, thermal: Thermal, copies: int, tell: Tell) -> Iterator[bytes]:
    pages = page_count(pdf)
    for number in range(pages * copies):
        for band in slip(roll_dots(pdf, number % pages), thermal.feed_mm, is_cut=thermal.is_cut):
            tell(number, pages * copies)
            yield band
