"""Founding an office on a machine, and opening it again."""

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from onestop.domain.dossier import Role
from onestop.domain.entry import canonical, entry_id
from onestop.domain.moment import to_wire
from onestop.domain.person import normalise_name
from onestop.domain.signing import SigningKey
from onestop.domain.text import nfc
from onestop.errors import InputError, InputErrors, StoreError
from onestop.office.catalogue import officer_from, read_catalogue
from onestop.office.office import Agency, Clock, Desk, LastMoment, Monotonic, Office, Officer, Told, Unit
from onestop.office.packs import read_pack, shipped_rows
from onestop.store.anchor import Mooring
from onestop.store.lent import read_leases
from onestop.store.rows import get_local, list_reference, put_local, put_reference
from onestop.store.standing import found_standing, read_standing
from onestop.store.store import Store
from onestop.store.writer import Pen, enrol_device, last_moment, new_id

_AGENCY_CODE = r"[A-Z0-9]+(\.[A-Z0-9]+){0,3}"


@dataclass(frozen=True, slots=True)
class Founding:
    """What the first page of a new desk asks for, as typed."""

    agency_code: str
    agency_name: str
    superior_body: str
    place: str
    desk_index: int
    desk_name: str
    officer_name: str
    office_name: str = "Bộ phận Tiếp nhận và Trả kết quả"


def found_office(store: Store, form: Founding, now: datetime) -> str:
    """A new office with one counter and one officer of every role; the officer's id.

    Raises InputErrors naming the fields that cannot stand.
    """
    check_founding(form)
    agency = Agency(
        code=form.agency_code.strip().upper(),
        name=nfc(form.agency_name),
        superior_body=nfc(form.superior_body),
        issuing_body=nfc(form.agency_name).upper(),
        office_name=nfc(form.office_name),
        place=nfc(form.place),
    )
    counter = Unit("counter", agency.office_name)
    first = Officer(
        "officer-1", normalise_name(form.officer_name, "officer_name"), frozenset(Role), counter.id
    )
    with store.write() as connection:
        _put_desk(connection, Desk(form.desk_index, nfc(form.desk_name)), now)
        _put_agency(connection, agency, units=(counter,), officers=(first,), routing={}, is_practice=False)
        put_packs(connection)
        put_local(connection, "officer", first.id)
    return first.id


def found_practice(store: Store, now: datetime) -> str:
    """The invented office of the practice pack; the id of its first reception officer."""
    pack = read_pack("practice.json")
    plain = pack["agency"]
    superior, issuing = plain["letterhead"]
    agency = Agency(
        code=plain["code"],
        name=plain["name"],
        superior_body=superior,
        issuing_body=issuing,
        office_name=plain["counter"],
        place=plain["place"],
        address=plain["address"],
        phone=plain["phone"],
        lookup_address=plain["lookup"],
    )
    units = tuple(Unit(unit["id"], unit["name"]) for unit in pack["units"])
    officers = tuple(officer_from(row) for row in pack["officers"])
    with store.write() as connection:
        _put_desk(connection, Desk(**pack["desk"]), now)
        _put_agency(
            connection,
            agency,
            units=units,
            officers=officers,
            routing=pack["routing"],
            is_practice=True,
        )
        put_packs(connection)
        put_local(connection, "officer", officers[0].id)
    return officers[0].id


def open_office(store: Store, clock: Clock, monotonic: Monotonic, officer_id: str = "") -> Office:
    """The office this store belongs to, with the last officer of this desk signed in.

    Raises StoreError when the store was never founded.
    """
    with store.read() as connection:
        desk = get_local(connection, "desk")
    if desk is None:
        raise StoreError("Máy này chưa được thiết lập", "Hãy điền trang thiết lập ban đầu.")
    pen = _pen(desk)
    mooring, told = Mooring(store, pen.device, pen.incarnation), Told()
    mooring.moor()
    with store.read() as connection:
        catalogue = read_catalogue(
            partial(list_reference, connection), bool(get_local(connection, "is_practice"))
        )
        officer = catalogue.officer(officer_id or get_local(connection, "officer") or "")
        last_at = last_moment(connection, pen)
        _hear(connection, told)

    return Office(
        store=store,
        pen=pen,
        desk=Desk(desk["index"], desk["name"]),
        officer=officer,
        catalogue=catalogue,
        clock=clock,
        monotonic=monotonic,
        last_at=LastMoment(last_at, mooring.follow),
        told=told,
    )


def hear(store: Store, told: Told) -> None:
    """Reads anew what the hub told this desk; called when something came from it."""
    with store.read() as connection:
        _hear(connection, told)


def _hear(connection: Connection, told: Told) -> None:
    standing = read_standing(connection)
    if standing is not None:
        told.trusted_at = standing.trusted_at
    told.leases = read_leases(connection)


def sign_in(office: Office, officer_id: str) -> Office:
    """Another officer takes this desk; remembered for the next start."""
    signed_in = office.as_officer(officer_id)
    with office.store.write() as connection:
        put_local(connection, "officer", officer_id)
    return signed_in


def check_founding(form: Founding) -> None:
    """Raises InputErrors naming every field that cannot stand."""
    errors = []
    if not re.fullmatch(_AGENCY_CODE, form.agency_code.strip().upper()):
        errors.append(
            InputError(
                "Mã định danh cơ quan không đúng dạng", "Ví dụ: H56.99.88 hoặc 000.00.06.H56.", "agency_code"
            )
        )
    for name, words in _NEEDED:
        if not nfc(getattr(form, name)):
            errors.append(InputError(f"Chưa nhập: {words}", f"Hãy nhập {words.lower()}.", name))
    if not 1 <= form.desk_index <= 20:
        errors.append(
            InputError("Số quầy phải từ 1 đến 20", "Mỗi quầy của cơ quan một số riêng.", "desk_index")
        )
    if errors:
        raise InputErrors(errors)


_NEEDED = (
    ("agency_name", "Tên cơ quan"),
    ("place", "Địa danh ghi trên giấy"),
    ("desk_name", "Tên quầy"),
    ("officer_name", "Họ tên cán bộ"),
)


def _put_desk(connection: Connection, desk: Desk, now: datetime) -> None:
    key = SigningKey.generate()
    device = new_id(now)
    # A desk alone grants itself; a hub's grant replaces this one at enrolment.
    grant = {"device": device, "from": to_wire(now), "policy": 1, "by": "self", "public": key.public.hex()}
    pen = Pen(device, secrets.token_hex(8), key, entry_id(canonical(grant)))
    enrol_device(connection, pen, desk.name)
    found_standing(connection, pen.incarnation)
    put_reference(connection, "grant", pen.grant, "1", grant)
    plain = {
        "device": device,
        "incarnation": pen.incarnation,
        "secret": key.secret.hex(),
        "grant": pen.grant,
        "policy": pen.policy,
    }
    put_local(connection, "desk", asdict(desk) | plain)


def _pen(desk: dict[str, Any]) -> Pen:
    key = SigningKey(bytes.fromhex(desk["secret"]))
    return Pen(desk["device"], desk["incarnation"], key, desk["grant"], desk["policy"])


def _put_agency(
    connection: Connection,
    agency: Agency,
    *,
    units: tuple[Unit, ...],
    officers: tuple[Officer, ...],
    routing: dict[str, str],
    is_practice: bool,
) -> None:
    put_reference(connection, "agency", agency.code, "1", asdict(agency))
    for place, unit in enumerate(units):
        put_reference(connection, "unit", f"{place:03d} {unit.id}", "1", asdict(unit))
    for place, officer in enumerate(officers):
        plain = asdict(officer) | {"roles": sorted(officer.roles)}
        put_reference(connection, "officer", f"{place:03d} {officer.id}", "1", plain)
    put_reference(connection, "routing", "sectors", "1", routing)
    put_local(connection, "is_practice", is_practice)


def put_packs(connection: Connection) -> None:
    """Calendar, procedures, provinces and what else is shipped, as rows."""
    for row in shipped_rows():
        put_reference(connection, *row)
