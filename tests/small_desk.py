"""A desk without a window or a store: it signs real entries, for tests of what a hub does with them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, Party, ProcedureRef, Subject, subject_plain
from onestop.domain.entry import NEVER_SEEN, BlobRef, Entry, Seen
from onestop.domain.fold import apply
from onestop.domain.legality import Actor
from onestop.domain.moment import VIETNAM, to_wire
from onestop.domain.offer import Offer
from onestop.domain.signing import SigningKey
from onestop.domain.state import Role
from onestop.domain.statement import make_statement
from onestop.store.ledger import Ledger, add_statement, found_ledger, grant
from onestop.store.store import Store
from onestop.store.writer import Draft, Head, Pen, new_id, seal

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)
OFFICE, NEIGHBOUR = "H56.14", "H56.15"
UNIT = "counter"
OFFICER = "u-mai"
EVERY_ROLE = frozenset(Role)


def offer_of(entry: Entry) -> Offer:
    return Offer(entry.header_bytes, entry.signature, entry.body, entry.salt)


def intake_body(code: str, **changes: Any) -> dict[str, Any]:
    """The facts of a reception at the counter."""
    subject = Subject(
        procedure=ProcedureRef("1.000593", "Đăng ký lại khai sinh", "Hộ tịch", "1", "Giấy khai sinh"),
        owner=Party(name="Lò Thị Đức", id_number="038192012345"),
        submitter=Party(name="Lò Thị Đức", phone="0912345678"),
    )
    due = {
        "at": to_wire(MORNING + timedelta(days=5)),
        "value": 5,
        "unit": "working_days",
        "explanation": "",
        "calendar": "1",
    }
    plain = {"code": code, "counter": UNIT, "register_no": 1, "due": due, "papers": []}
    return subject_plain(subject) | plain | changes


@dataclass
class SmallDesk:
    """Signs entries one after the other; knows the dossiers it made."""

    index: int = 1
    office: str = OFFICE
    key: SigningKey = field(default_factory=SigningKey.generate)
    device: str = field(default_factory=lambda: new_id(MORNING))
    incarnation: str = "a1b2c3d4e5f60718"
    grant: str = ""
    officer: str = OFFICER
    seen: Seen = NEVER_SEEN
    at: datetime = MORNING
    head: Head = field(default_factory=lambda: Head(0, None, ""))
    serial: int = 0
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)

    def join(self, connection: Connection, ledger: Ledger) -> "SmallDesk":
        """Stated by the root, its officer granted every role for a fortnight."""
        add_statement(connection, ledger, self.stated(), MORNING)
        self.grant = self.granted(connection, ledger)
        return self

    def stated(self) -> dict[str, Any]:
        """What a root says of this desk."""
        return {
            "kind": "device",
            "device": self.device,
            "public": self.key.public.hex(),
            "office": self.office,
            "index": self.index,
            "name": f"Quầy {self.index}",
            "by": "",
            "self_grant": "",
        }

    def statement(self, ledger: Ledger) -> tuple[bytes, bytes]:
        """The same, signed, as a desk brings it back after a restore."""
        made = make_statement(ledger.key, self.stated())
        return made.body, made.signature

    def granted(
        self, connection: Connection, ledger: Ledger, roles: frozenset[Role] = EVERY_ROLE, **changes: Any
    ) -> str:
        """A grant for this desk's officer; its id."""
        asked: dict[str, Any] = {
            "officer": self.officer,
            "name": "Nguyễn Thị Mai",
            "roles": roles,
            "unit": UNIT,
            "office": self.office,
            "begins": MORNING - timedelta(days=1),
            "ends": MORNING + timedelta(days=13),
            "now": MORNING,
        }
        return grant(connection, ledger, **(asked | changes)).id

    def code(self) -> str:
        self.serial += 1
        return f"{self.office}-261120-{(self.index - 1) * 350 + self.serial:04d}"

    def receive(self, **changes: Any) -> Offer:
        """A new dossier."""
        return self.act(Act.RECEIVE, new_id(self.at), intake_body(self.code(), **changes))

    def note(self, dossier: str, text: str = "Đã gọi điện cho người nộp") -> Offer:
        return self.act(Act.ADD_NOTE, dossier, {"text": text})

    def act(self, act: Act, dossier: str, body: dict[str, Any], blobs: tuple[BlobRef, ...] = ()) -> Offer:
        entry = self.sign(act, dossier, body, self.dossiers.get(dossier), blobs)
        after = apply(self.dossiers.get(dossier), entry.header, entry.id, body)
        assert after is not None
        self.dossiers[dossier] = after
        self.head = Head(entry.header.seq, entry.id, entry.header.at)
        self.offers.append(offer_of(entry))
        return self.offers[-1]

    def sign(
        self,
        act: Act,
        dossier: str,
        body: dict[str, Any],
        before: Dossier | None,
        blobs: tuple[BlobRef, ...] = (),
    ) -> Entry:
        """An entry that follows the head; the desk itself does not take note of it."""
        self.at += timedelta(seconds=1)
        pen = Pen(self.device, self.incarnation, self.key, self.grant, seen=self.seen)
        actor = Actor(self.officer, EVERY_ROLE, UNIT)
        return seal(pen, Draft(act, dossier, actor, self.at, body, ("boot", 1), blobs), before, self.head)

    def clone(self) -> "SmallDesk":
        """The same disk in another machine."""
        return replace(self, dossiers=dict(self.dossiers), offers=[])


def found(store: Store, is_relay: bool = False, office: str = "") -> Ledger:
    with store.write() as connection:
        return found_ledger(connection, SigningKey.generate(), is_relay, office)


def joined(store: Store, ledger: Ledger, index: int = 1, office: str = OFFICE) -> SmallDesk:
    with store.write() as connection:
        return SmallDesk(index=index, office=office).join(connection, ledger)
