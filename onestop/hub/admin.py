"""What the people who run a hub do: offices, officers, codes for desks, taking trust back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from onestop.domain.moment import from_wire
from onestop.domain.state import Role
from onestop.errors import InputError
from onestop.hub.hub import Hub
from onestop.office.packs import shipped_rows
from onestop.store.device_view import list_standings
from onestop.store.enrolment import GOOD_FOR, make_enrolment
from onestop.store.listening import ring
from onestop.store.office_rows import list_rows, put_row
from onestop.store.statements import Stated, grant, grants_at, list_stated, revoke

GRANT_LIFE = timedelta(days=14)
"""How long a desk may work on without hearing from its hub."""
RENEW_BEFORE = timedelta(days=10)

EVERYONE = ""


@dataclass(frozen=True, slots=True)
class OfficeForm:
    """An agency as its papers name it, its units (id, name), who works on which sector."""

    code: str
    name: str
    superior_body: str = ""
    issuing_body: str = ""
    office_name: str = "Bộ phận Tiếp nhận và Trả kết quả"
    place: str = ""
    address: str = ""
    phone: str = ""
    lookup_address: str = ""
    units: tuple[tuple[str, str], ...] = ()
    routing: Mapping[str, str] = field(default_factory=dict)
    is_practice: bool = False


@dataclass(frozen=True, slots=True)
class OfficerForm:
    id: str
    name: str
    roles: tuple[str, ...]
    unit: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code for one machine, and when it ends."""

    text: str
    until: datetime


def has_offices(hub: Hub) -> bool:
    with hub.store.read() as connection:
        return bool(list_rows(connection, EVERYONE, "agencies"))


def list_offices(hub: Hub) -> dict[str, str]:
    """Code → name."""
    with hub.store.read() as connection:
        return {key: value["name"] for key, value in list_rows(connection, EVERYONE, "agencies")}


def put_catalogue(hub: Hub, now: datetime) -> int:
    """The shipped catalogue for everyone; how many procedures. Rows that are the same stay."""
    rows = shipped_rows()
    with hub.store.write() as connection:
        for kind, key, _, value in rows:
            put_row(connection, hub.ledger, EVERYONE, kind, key, value, now)
        ring(connection)
    return sum(kind == "procedure" for kind, *_ in rows)


def add_office(hub: Hub, form: OfficeForm, now: datetime) -> None:
    """Writes an office's rows; given again, they are brought up to date."""
    agency = {
        name: getattr(form, name)
        for name in (
            "code", "name", "superior_body", "issuing_body", "office_name",
            "place", "address", "phone", "lookup_address",
        )
    }  # fmt: skip
    units = form.units or (("counter", form.office_name),)
    with hub.store.write() as connection:
        known = {"code": form.code, "name": form.name}
        put_row(connection, hub.ledger, EVERYONE, "agencies", form.code, known, now)
        put_row(connection, hub.ledger, form.code, "agency", form.code, agency, now)
        for place, (ident, name) in enumerate(units):
            unit = {"id": ident, "name": name}
            put_row(connection, hub.ledger, form.code, "unit", f"{place:03d} {ident}", unit, now)
        # Rows have ASCII member names only, so sectors stand in pairs.
        routing = {"pairs": [list(pair) for pair in form.routing.items()]}
        put_row(connection, hub.ledger, form.code, "routing", "sectors", routing, now)
        ring(connection)


def add_officer(hub: Hub, office: str, form: OfficerForm, now: datetime) -> None:
    """An officer with a grant for two weeks, which the hub renews. Raises InputError."""
    roles = _roles(form.roles)
    with hub.store.write() as connection:
        officers = list_rows(connection, office, "officer")
        kept = [key for key, value in officers if value["id"] == form.id]
        key = kept[0] if kept else f"{len(officers):03d} {form.id}"
        row = {
            "id": form.id, "name": form.name, "roles": sorted(roles), "unit": form.unit, "title": form.title,
        }  # fmt: skip
        put_row(connection, hub.ledger, office, "officer", key, row, now)
        _grant(connection, hub, row | {"office": office}, now)
        ring(connection)


def _roles(named: tuple[str, ...]) -> list[Role]:
    try:
        return [Role(name) for name in named]
    except ValueError as error:
        known = ", ".join(role.value for role in Role)
        raise InputError("Không có vai trò này", f"Chọn trong: {known}.", "roles") from error


def _grant(connection: Any, hub: Hub, officer: Mapping[str, Any], now: datetime) -> None:
    grant(
        connection,
        hub.ledger,
        officer=officer["id"],
        name=officer["name"],
        roles=[Role(role) for role in officer["roles"]],
        unit=officer["unit"],
        office=officer["office"],
        begins=now,
        ends=now + GRANT_LIFE,
        now=now,
    )


def renew_grants(hub: Hub, now: datetime) -> int:
    """New grants for officers whose own soon ends; how many. Whoever was revoked gets none."""
    renewed = 0
    with hub.store.write() as connection:
        in_force = _newest(grants_at(connection, now))
        lapsed = _newest(list_stated(connection, "grant"))
        revoked = {one.plain["subject"]: one.cursor for one in list_stated(connection, "revoke")}
        for officer, stated in lapsed.items():
            newest = in_force.get(officer)
            if newest is not None and from_wire(newest.plain["to"]) - now > RENEW_BEFORE:
                continue
            if max(revoked.get(officer, 0), revoked.get(stated.id, 0)) > stated.cursor:
                continue
            _grant(connection, hub, stated.plain | {"id": officer}, now)
            renewed += 1
        if renewed:
            ring(connection)
    return renewed


def _newest(stated: list[Stated]) -> dict[str, Stated]:
    return {one.plain["officer"]: one for one in sorted(stated, key=lambda one: one.cursor)}


def make_code(hub: Hub, office: str, name: str, now: datetime, *, for_relay: bool = False) -> Code:
    """A one-time code for a desk or a relay of an office. Raises InputError for an unknown office."""
    if office not in list_offices(hub):
        raise InputError(
            f"Không có cơ quan {office}", "Thêm bằng: hub office add MÃ TÊN. Xem: hub status.", "office"
        )
    with hub.store.write() as connection:
        text = make_enrolment(connection, office, "relay" if for_relay else "desk", name, now)
    return Code(text, now + GOOD_FOR)


def take_back(hub: Hub, of: str, subject: str, reason: str, now: datetime) -> None:
    """Revokes a grant, an officer or a device. Raises InputError for one that is not there."""
    if subject not in _subjects(hub, of):
        raise InputError("Không tìm thấy đối tượng cần thu hồi", "Xem mã ở: hub status --all.", of)
    with hub.store.write() as connection:
        revoke(connection, hub.ledger, of, subject, reason, now)
        ring(connection)


def _subjects(hub: Hub, of: str) -> set[str]:
    with hub.store.read() as connection:
        if of == "device":
            return {one.device for one in list_standings(connection)}
        stated = list_stated(connection, "grant")
    return {one.plain["officer"] if of == "officer" else one.id for one in stated}
