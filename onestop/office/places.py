"""The provinces and communes that ship with the program, read when somebody first looks for one."""

from functools import lru_cache

from onestop.domain.place import Place, find_places, places_from_pack
from onestop.office.packs import read_pack


@lru_cache(maxsize=1)
def read_places() -> tuple[Place, ...]:
    """34 provinces with 3,321 communes; never changed while the program runs."""
    return places_from_pack(read_pack("places.json"))


def look_up(query: str, limit: int = 20, near: str = "") -> list[Place]:
    """Places for what was typed, best first; `near`: code of the province that comes first of equals."""
    return find_places(read_places(), query, limit, near)


@lru_cache(maxsize=8)
def province_of(agency_code: str) -> str:
    """Code of the province that an agency stands in, "" where its code tells none.

    After the mergers of 2025 a province is named by the H code it kept.
    """
    head = next((part for part in agency_code.upper().split(".") if part.startswith("H")), "")
    rows = read_pack("provinces.json")["provinces"]
    return next((str(row["gso_code"]) for row in rows if row["h_code"] == head), "")
