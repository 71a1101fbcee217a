"""What commands of administrators and scripts stand on: the rows of a desk, or those that are shipped."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from typing import Any

from onestop.office.catalogue import read_catalogue
from onestop.office.office import Agency, Catalogue, Office
from onestop.office.packs import shipped_rows

OfficeOf = Callable[[], AbstractContextManager[Office | None]]
"""Opens the office of the chosen profile; gives None where there is none yet."""

_NOBODY = Agency("", "Dữ liệu kèm theo chương trình", "", "", "", "")


@contextmanager
def catalogue_of(office_of: OfficeOf) -> Iterator[Catalogue]:
    """The catalogue of the desk if there is one, else the shipped packs."""
    with office_of() as office:
        yield office.catalogue if office is not None else shipped_catalogue()


def shipped_catalogue() -> Catalogue:
    """What a new office would begin with: no officers, no units."""
    kinds: dict[str, list[Any]] = {"agency": [asdict(_NOBODY)]}
    for kind, _, _, value in shipped_rows():
        kinds.setdefault(kind, []).append(value)
    return read_catalogue(lambda kind: kinds.get(kind, []), is_practice=False)
