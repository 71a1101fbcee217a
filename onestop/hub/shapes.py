"""The shapes of the hub's JSON calls: every text has a pattern, every list and number a bound."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints

Device = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Hex16 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,64}$")]
Base64 = Annotated[
    str,
    StringConstraints(
        pattern=r"^([0-9A-Za-z+/]{4}){0,100}([0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$",
    ),
]
Moment = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)?$")
]
Day = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Words = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]


def _whole(value: object) -> object:
    """JSON has one kind of number: 3.0 is 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = Annotated[int, Field(ge=0, lt=2**53), BeforeValidator(_whole)]
Index = Annotated[int, Field(ge=0, le=20), BeforeValidator(_whole)]
Block = Annotated[int, Field(ge=1, le=200), BeforeValidator(_whole)]
CLOSED: dict[str, JsonValue] = {"additionalProperties": False}
"""Members whose names do not fit are refused; the schema says so."""

ChainHead = tuple[Count, Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]]


class Wide(BaseModel):
    """What a later program says more is not read."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Fault(Wide):
    """Why a call was not answered; for a program, not for people."""

    detail: str


class WrongEnd(Wide):
    """The part ends elsewhere."""

    detail: str
    offset: Count


class EnrolWish(Wide):
    """What a new device says of itself; `code` is printed by `hub enrol`."""

    code: Annotated[str, StringConstraints(min_length=8, max_length=200, pattern=r"^[0-9A-Za-z:.-]+$")]
    public: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z+/]{43}=$")]
    name: Words = ""
    device: Device | None = None
    index: Index = 0
    incarnation: Hex16 | None = None
    self_grant: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    log: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{0,64}$")] = ""
    log_key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class EnrolReply(BaseModel):
    """The device's place: its id, office and index, its statement, and the keys to trust."""

    model_config = ConfigDict(extra="allow")


class NonceReply(Wide):
    nonce: Base64


class Stated(Wide):
    """A statement of the root: canonical JSON as it was signed, and the log key's signature."""

    body: Annotated[str, Field(max_length=8192)]
    signature: Base64


class TokenWish(Wide):
    """`signature`: of the device's key over b"mc.token.1\\0" and the bytes of the nonce.

    `statement`: what this hub once stated of the device; a hub restored from an older backup may
    have forgotten it.
    """

    device: Device
    nonce: Base64
    signature: Base64
    statement: Stated | None = None


class TokenReply(Wide):
    token: str
    until: Moment


class LogPlace(Wide):
    """The last checkpoint of this log that the device checked."""

    log: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
    epoch: Hex16
    cursor: Count
    root: Digest


class HelloWish(Wide):
    app: Words = ""
    device: Device
    incarnation: Hex16
    heads: Annotated[
        dict[Hex16, Annotated[ChainHead, Field(strict=False)]],
        Field(max_length=1000, json_schema_extra=CLOSED),
    ] = {}
    log: LogPlace | None = None
    at: Moment = ""
    queue: Annotated[dict[Words, Count | Words | None], Field(max_length=20, json_schema_extra=CLOSED)] = {}
    free: Count = 0
    proto: Annotated[list[Count], Field(max_length=20)] = [1]


class HeadShape(BaseModel):
    """A signed checkpoint: size and Merkle root of the log at a moment."""

    log: str
    epoch: str
    cursor: int
    root: str
    at: str
    signature: str


class HelloReplyShape(BaseModel):
    proto: int
    min_app: str
    server_time: str
    log: str
    epoch: str
    base: int
    is_relay: bool
    head: HeadShape
    log_key: str
    proof: list[str]
    durable: int
    your_head: dict[str, tuple[int, str]]
    actions: list[str]
    limits: dict[str, int]
    office: str
    revoked: str


class HaveWish(Wide):
    hashes: Annotated[list[Digest], Field(max_length=500)]


class HaveState(Wide):
    state: Literal["have", "part", "missing"]
    offset: int
    durable: bool


class OffsetReply(Wide):
    """How far the part reaches now; `complete` when the whole blob was checked and stored."""

    offset: int
    complete: bool


class LeaseWish(Wide):
    """`device`: for whom a relay asks; desks ask for themselves."""

    day: Day
    count: Block
    device: Device | None = None


class LeaseReply(Wide):
    day: Day
    first: int
    last: int


class HealthWish(Wide):
    """Counters of a desk; names and whole numbers only, nothing of any dossier."""

    counters: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")], Count],
        Field(max_length=40, json_schema_extra=CLOSED),
    ] = {}
    app: Words = ""


class Ticket(Wide):
    """The shelf's own name of what was left there."""

    ticket: str


class Empty(Wide):
    pass


def plain(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json")
