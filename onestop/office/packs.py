"""The packs of data that ship with the program, and the plain rows they are put down as."""

import json
from typing import Any

from onestop.domain.procedure import procedure_to_dict, procedures_from_pack, row_key
from onestop.paths import resource

ShippedRow = tuple[str, str, str, Any]
"""(kind, key, version, value): the value is canonical, so without fractions and with ASCII names."""


def read_pack(name: str) -> Any:
    """The plain JSON of a shipped pack below `resources/packs/`."""
    return json.loads(resource("packs", name).read_text("utf-8"))


def shipped_rows() -> list[ShippedRow]:
    """Every row that a new office and a new hub begin with: one line for each pack."""
    return [
        *_calendar_rows(),
        *_procedure_rows(),
        ("provinces", "vn", "1", read_pack("provinces.json")),
    ]


def _calendar_rows() -> list[ShippedRow]:
    calendar = read_pack("calendar.json")
    return [("calendar", "vn", calendar["version"], calendar)]


def _procedure_rows() -> list[ShippedRow]:
    procedures = procedures_from_pack(read_pack("procedures.json"))
    return [("procedure", row_key(one), one.version, procedure_to_dict(one)) for one in procedures]
