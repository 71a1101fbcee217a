"""A relay tells its root where the desks of its office find it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from onestop.errors import Refused
from onestop.hub.calls import Caller, HubHere, fault, known
from onestop.hub.hub import Hub
from onestop.hub.shapes import Empty, Wide
from onestop.store.device_view import Standing
from onestop.store.listening import ring
from onestop.store.office_relay import put_relay
from onestop.sync.line import fingerprint, require_safe

router = APIRouter(prefix="/sync/v1", tags=["join"])


class RelayWish(Wide):
    """`authority`: the certificate (PEM) of the relay's own authority; "" for the system's."""

    url: Annotated[str, StringConstraints(min_length=8, max_length=200, pattern=r"^https?://[!-~]+$")]
    authority: Annotated[str, StringConstraints(max_length=8192, pattern=r"^[ -~\n]*$")] = ""


@router.post("/relay", responses=known())
async def relay(wish: RelayWish, hub: HubHere, caller: Caller) -> Empty:
    """The last relay of an office that told its address is the one its desks call first."""
    if not caller.is_relay or hub.ledger.is_relay:
        raise fault(403, "only a relay tells its root where it is")
    await hub.database.run(_note, hub, caller, _sound(wish.url), wish.authority)
    hub.wake.ring()
    return Empty()


def _sound(url: str) -> str:
    try:
        return require_safe(url)
    except (Refused, ValueError) as error:
        raise fault(422, "no address that desks may call") from error


def _note(hub: Hub, caller: Standing, url: str, authority: str) -> None:
    if authority and not fingerprint(authority):
        raise fault(422, "no certificate")
    with hub.store.write() as connection:
        put_relay(connection, hub.ledger, caller.office, url, authority, hub.clock())
        ring(connection)
