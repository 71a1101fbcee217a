"""Serials of dossier codes that a hub lent to this desk, by the day they may be used on."""

from datetime import date

from sqlalchemy import Connection

from onestop.store.rows import get_local, put_local

_KEY = "leases"

Ranges = tuple[tuple[int, int], ...]


def keep_lease(connection: Connection, day: date, first: int, last: int) -> None:
    """Keeps the serials `first` to `last` of `day`; days long gone are forgotten."""
    key = f"{day:%y%m%d}"
    kept = get_local(connection, _KEY) or {}
    ranges = kept.get(key, [])
    if [first, last] in ranges:
        return
    newest = sorted({*kept, key})[-_DAYS:]
    kept[key] = [*ranges, [first, last]]
    put_local(connection, _KEY, {each: kept[each] for each in newest})


_DAYS = 30


def read_leases(connection: Connection) -> dict[str, Ranges]:
    """Ranges by day (`yymmdd`), in the order they were lent."""
    kept = get_local(connection, _KEY) or {}
    return {day: tuple((first, last) for first, last in ranges) for day, ranges in kept.items()}
