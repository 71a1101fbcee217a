"""How a machine becomes a desk of this hub, and how a desk shows each quarter hour that it is one."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from onestop.domain.moment import to_wire
from onestop.errors import Offline, Refused, RuleError
from onestop.hub.calls import HubHere, answers, fault, plain_answers
from onestop.hub.hub import Hub
from onestop.hub.practice import hand_on, is_practice_code, practice_enrolment, require_practice
from onestop.hub.shapes import EnrolReply, EnrolWish, NonceReply, TokenReply, TokenWish
from onestop.store.enrolment import use_enrolment
from onestop.store.ledger import take_statements
from onestop.store.listening import ring
from onestop.sync.lines import WireError, b64, from_b64

router = APIRouter(prefix="/sync/v1", tags=["join"])


@router.post("/enrol", responses=answers(401, 409), response_model=EnrolReply)
async def enrol(wish: EnrolWish, hub: HubHere, request: Request) -> EnrolReply:
    """Trades a one-time code for a place at this hub. A code works once."""
    host = request.client.host if request.client else ""
    reply = await hub.database.run(_enrol, hub, wish, host)
    hub.gate.forget()
    hub.wake.ring()
    return EnrolReply.model_validate(reply | {"authority": hub.authority})


def _enrol(hub: Hub, wish: EnrolWish, host: str) -> dict[str, object]:
    public = _bytes(wish.public)
    code = wish.code.partition(".")[0]  # behind the point stands the certificate's fingerprint
    told = wish.model_dump(exclude={"code", "public"})
    try:
        is_known = is_practice_code(code)
        if is_known:
            require_practice(hub, host)
            if hub.ledger.is_relay:
                return hand_on(hub, public, told)
        with hub.store.write() as connection:
            if is_known:
                code = practice_enrolment(connection, told, hub.clock())
            reply = use_enrolment(connection, hub.ledger, code, public, told, hub.clock())
            ring(connection)
    except Offline as error:
        raise fault(503, error.title) from error
    except (RuleError, Refused) as error:
        raise fault(401 if error.field == "code" else 409, f"{error.title}. {error.message}") from error
    return reply


@router.get("/nonce", responses=answers())
async def nonce(hub: HubHere) -> NonceReply:
    """Bytes to sign within a minute."""
    return NonceReply(nonce=b64(hub.gate.make_nonce()))


@router.post("/token", responses=answers(401, 403))
async def token(wish: TokenWish, hub: HubHere) -> TokenReply:
    """A token of 15 minutes for the device whose key signed the nonce."""
    signed = _bytes(wish.nonce), _bytes(wish.signature)
    if wish.statement is not None:
        stated = wish.statement.body.encode(), _bytes(wish.statement.signature)
        await hub.database.run(_recall, hub, wish.device, stated)
    made = await hub.database.run(hub.gate.make_token, wish.device, *signed)
    return TokenReply(token=made.text, until=to_wire(made.until))


def _recall(hub: Hub, device: str, stated: tuple[bytes, bytes]) -> None:
    """Takes back what this hub's own key signed of a device it no longer knows; else nothing."""
    if hub.ledger.is_relay or hub.knows(device):
        return
    with hub.store.write() as connection:
        take_statements(connection, hub.ledger, [stated], hub.clock())
        ring(connection)
    hub.gate.forget()


@router.get("/ca", response_class=PlainTextResponse, responses=plain_answers(404))
async def authority(hub: HubHere) -> str:
    """The certificate (PEM) of this hub's own authority; its fingerprint stands in every enrolment code."""
    if not hub.authority:
        raise fault(404, "this hub has no authority of its own")
    return hub.authority


def _bytes(text: str) -> bytes:
    try:
        return from_b64(text)
    except WireError as error:
        raise fault(422, "not base64") from error
