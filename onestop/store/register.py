"""The numbers of the register as this store has them: which desk drew which, and for what dossier."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from onestop.domain.acts import Act
from onestop.domain.moment import from_wire
from onestop.store.device_view import list_standings
from onestop.store.journal import IN_ORDER
from onestop.store.rows import get_local
from onestop.store.tables import dossiers, entries
from onestop.store.trust import office_of

_INTAKES = (Act.SUBMIT.value, Act.RECEIVE.value, Act.REFUSE.value)


class Begun(NamedTuple):
    """A dossier and the number its intake drew.

    `device`: the desk that drew it. `at`: when it was received, or begun where it was not received.
    `is_void`: the intake has no effect (any more); `register_no` is then 0 if its content was erased.
    """

    dossier: str
    code: str
    register_no: int
    device: str
    at: datetime
    is_void: bool = False


def list_begun(connection: Connection, year: int) -> list[Begun]:
    """Every dossier whose code is of that year, in no order. Those of other agencies are among them."""
    wanted = (
        select(
            dossiers.c.id,
            dossiers.c.code,
            dossiers.c.register_no,
            dossiers.c.received_at,
            entries.c.device,
            entries.c.at,
        )
        .join(entries, entries.c.dossier == dossiers.c.id)
        .where(dossiers.c.code.like(f"%-{year % 100:02d}____-%"), entries.c.kind.in_(_INTAKES))
        .order_by(*IN_ORDER)
    )
    found: dict[str, Begun] = {}
    for dossier, code, number, received_at, device, at in connection.execute(wanted):
        if dossier not in found:
            found[dossier] = Begun(dossier, code, number, device, from_wire(received_at or at))
    return [one if one.register_no else _void(connection, one) for one in found.values()]


def _void(connection: Connection, begun: Begun) -> Begun:
    """The number that an intake without effect drew stands in its body alone."""
    of_it = entries.c.dossier == begun.dossier, entries.c.kind.in_(_INTAKES)
    body = connection.scalar(select(entries.c.body).where(*of_it).order_by(*IN_ORDER).limit(1))
    try:
        number = int(json.loads(body or b"{}").get("register_no", 0))
    except (AttributeError, TypeError, ValueError):
        number = 0
    return begun._replace(register_no=number, is_void=True)


def begun_by(connection: Connection, dossier: str) -> str:
    """The desk that took a dossier in; "" for one known by a slip alone."""
    of_it = entries.c.dossier == dossier, entries.c.kind.in_(_INTAKES)
    return connection.scalar(select(entries.c.device).where(*of_it).order_by(*IN_ORDER).limit(1)) or ""


def desk_numbers(connection: Connection) -> dict[str, int]:
    """Device → number of its desk (1–20), for the desks of this office that ever were."""
    office = office_of(connection)
    known = {
        one.device: one.index
        for one in list_standings(connection)
        if office and one.office == office and not one.is_relay
    }
    own = get_local(connection, "desk")
    return known | ({own["device"]: own["index"]} if own else {})
