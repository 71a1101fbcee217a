"""The packs of data that ship with the program, and the plain rows they are put down as."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from onestop.domain.case_reading import cased_procedures
from onestop.domain.declaration import form_from_dict, form_key, form_to_dict
from onestop.domain.fee import fee_from_dict, fee_to_dict
from onestop.domain.procedure import Procedure, procedure_to_dict, row_key
from onestop.domain.route import route_from_dict, route_key, route_to_dict
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
        *_fee_rows(),
        *_route_rows(),
        *_declaration_rows(),
        ("provinces", "vn", "1", read_pack("provinces.json")),
    ]


def _calendar_rows() -> list[ShippedRow]:
    calendar = read_pack("calendar.json")
    return [("calendar", "vn", calendar["version"], calendar)]


def _procedure_rows() -> list[ShippedRow]:
    cases = read_pack("cases.json")["procedures"]
    procedures = _with_fees(cased_procedures(read_pack("procedures.json"), cases))
    return [("procedure", row_key(one), one.version, procedure_to_dict(one)) for one in procedures]


def _with_fees(procedures: Iterable[Procedure]) -> list[Procedure]:
    """What a procedure collects is written in the pack of fees, beside the amounts."""
    links = read_pack("fees.json")["links"]
    return [_with_links(one, tuple(links.get(one.code, ()))) for one in procedures]


def _with_links(procedure: Procedure, links: tuple[str, ...]) -> Procedure:
    """Its cases collect the same, except where a case names fees of its own."""
    cases = tuple(replace(case, fees=case.fees or links) for case in procedure.cases)
    return replace(procedure, fees=procedure.fees or links, cases=cases)


def _fee_rows() -> list[ShippedRow]:
    pack = read_pack("fees.json")
    return [("fee", row["id"], pack["version"], fee_to_dict(fee_from_dict(row))) for row in pack["rules"]]


def _route_rows() -> list[ShippedRow]:
    routes = [route_from_dict(row) for row in read_pack("routes.json")]
    return [("route", route_key(one), one.version, _plain(route_to_dict(one))) for one in routes]


def _declaration_rows() -> list[ShippedRow]:
    forms = [form_from_dict(row) for row in read_pack("declarations.json")["forms"]]
    return [("declaration", form_key(one), one.version, form_to_dict(one)) for one in forms]


def _plain(value: Any) -> Any:
    """As it comes back from a row: tuples are lists there."""
    return json.loads(json.dumps(value))
