"""The catalogue as it lies in the store's reference rows. Light: no engine is imported."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from onestop.domain.calendar import WorkCalendar, calendar_from_rows
from onestop.domain.merger import merger_from
from onestop.domain.stand_in import stand_in_from_dict
from onestop.domain.state import Role
from onestop.errors import StoreError
from onestop.office.office import Agency, Catalogue, Officer, Unit
from onestop.office.versions import Versions

if TYPE_CHECKING:  # imported with the engine
    from onestop.domain.declaration import DeclarationForm
    from onestop.domain.fee import FeeRule
    from onestop.domain.procedure import Procedure
    from onestop.domain.route import Route

ListKind = Callable[[str], list[Any]]
"""Gives the values of a kind of reference rows, by key."""


def read_catalogue(list_kind: ListKind, is_practice: bool, with_procedures: bool = True) -> Catalogue:
    """`with_procedures` False: what the first window needs, without parsing hundreds of procedures.

    Raises StoreError for a desk that was joined and has not read anything yet.
    """
    agencies = list_kind("agency")
    if not agencies:
        raise StoreError(
            "Quầy chưa nhận được danh mục của cơ quan",
            "Hãy nối mạng với máy chủ rồi mở lại; danh mục về trong lần nhận đầu tiên.",
        )
    return Catalogue(
        agency=Agency(**agencies[0]),
        units=tuple(Unit(**row) for row in list_kind("unit")),
        officers=tuple(officer_from(row) for row in list_kind("officer")),
        versions=Versions(_procedures(list_kind("procedure")) if with_procedures else ()),
        calendar=_calendar(list_kind("calendar")),
        routing=_routing(next(iter(list_kind("routing")), {})),
        id_provinces=_id_provinces(list_kind("provinces")[0]) if with_procedures else {},
        is_practice=is_practice,
        fees=_fees(list_kind("fee")) if with_procedures else (),
        routes=_routes(list_kind("route")) if with_procedures else (),
        declarations=_declarations(list_kind("declaration")) if with_procedures else (),
        templates=tuple(list_kind("template")) if with_procedures else (),
        stand_ins=tuple(stand_in_from_dict(row) for row in list_kind("stand_in")),  # as mergers
        mergers=tuple(merger_from(row) for row in list_kind("merger")),  # the first window lists by them
    )


def _calendar(rows: list[Any]) -> WorkCalendar:
    """The national row, and the agency's own laid over it where there is one."""
    national = next(row for row in rows if "years" in row)
    return calendar_from_rows(national, next((row for row in rows if "years" not in row), None))


def officer_from(row: dict[str, Any]) -> Officer:
    roles = frozenset(Role(role) for role in row["roles"])
    return Officer(row["id"], row["name"], roles, row["unit"], row.get("title", ""))


def _routing(row: dict[str, Any]) -> dict[str, str]:
    """Unit by sector. A hub's rows have no Vietnamese keys, so there they are pairs."""
    return dict(row["pairs"]) if "pairs" in row else row


def _procedures(rows: list[Any]) -> "tuple[Procedure, ...]":
    from onestop.domain.procedure import procedure_from_dict

    return tuple(map(procedure_from_dict, rows))


def _fees(rows: list[Any]) -> "tuple[FeeRule, ...]":
    """Every version of every rule."""
    from onestop.domain.fee import fee_from_dict

    return tuple(map(fee_from_dict, rows))


def _routes(rows: list[Any]) -> "tuple[Route, ...]":
    """Every version of every route."""
    from onestop.domain.route import route_from_dict

    return tuple(map(route_from_dict, rows))


def _declarations(rows: list[Any]) -> "tuple[DeclarationForm, ...]":
    """Every version of every form."""
    from onestop.domain.declaration import form_from_dict

    return tuple(map(form_from_dict, rows))


def _id_provinces(pack: dict[str, Any]) -> dict[str, str]:
    """First three digits of an ID number → province of the list in force before 7/2025."""
    return {row["prefix"]: row["name"] for row in pack["former_provinces"]}
