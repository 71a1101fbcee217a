"""A hub beside the desks of `office_desk`: a real log in a real store, and what the line would carry.

No network here: what would travel is handed over, page by page, by the store's own functions.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from onestop.domain.moment import to_wire
from onestop.domain.offer import Page, Receipt
from onestop.domain.signing import SigningKey
from onestop.domain.state import Role
from onestop.office.found import open_office
from onestop.office.joining import join_existing, wish_of
from onestop.store import ledger as log
from onestop.store.greeting import HelloOutcome
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger_ingest import take_statements
from onestop.store.peers import ROOT, Peer, find_peer, peer_of
from onestop.store.rows import get_local
from onestop.store.sending import next_offers, statements_offered, statements_to_offer, take_receipts
from onestop.store.store import Store
from onestop.store.taking import Taken, take_hello, take_journal, take_page, wanted_journals
from onestop.sync.wire import HelloReply
from tests.office_desk import MORNING, Seat

AGENCY = "H56.99.88"
MANY = 500
MEGABYTE = 1 << 20


@dataclass
class Hub:
    """A root log. `now` is its clock."""

    store: Store
    folder: Path
    key: bytes
    now: datetime = MORNING + timedelta(hours=4)

    @property
    def ledger(self) -> log.Ledger:
        with self.store.read() as connection:
            return log.open_ledger(connection)

    def enrol(self, wish: dict[str, Any], public: bytes, office: str = AGENCY) -> dict[str, Any]:
        with self.store.write() as connection:
            ledger = log.open_ledger(connection)
            code = log.make_enrolment(connection, office, "desk", wish.get("name", "Quầy"), self.now)
            return log.use_enrolment(connection, ledger, code, public, wish, self.now)

    def join(self, seat: Seat, office: str = AGENCY) -> Seat:
        """The seat as a desk of this hub."""
        reply = self.enrol(wish_of(seat.office), seat.office.pen.key.public, office)
        return replace(seat, office=join_existing(seat.office, reply))

    def grant(self, officer: str, roles: set[Role] | None = None, **more: Any) -> str:
        wanted = {
            "officer": officer,
            "name": officer,
            "roles": roles or set(Role),
            "unit": more.get("unit", "pvhcc"),
            "office": more.get("office", AGENCY),
            "begins": MORNING - timedelta(days=30),
            "ends": self.now + timedelta(days=30),
            "now": self.now,
        }
        with self.store.write() as connection:
            return log.grant(connection, log.open_ledger(connection), **wanted).id

    def revoke(self, of: str, subject: str) -> None:
        with self.store.write() as connection:
            log.revoke(connection, log.open_ledger(connection), of, subject, "Thử", self.now)

    def put_row(self, kind: str, key: str, value: Any, office: str = AGENCY) -> None:
        with self.store.write() as connection:
            log.put_row(connection, log.open_ledger(connection), office, kind, key, value, self.now)

    def hello(self, seat: Seat, mono: tuple[str, int] | None = None) -> HelloOutcome:
        reply = self.reply_to(seat)
        with seat.store.write() as connection:
            return take_hello(connection, reply, mono)

    def reply_to(self, seat: Seat) -> HelloReply:
        with seat.store.read() as connection:
            device = get_local(connection, "desk")["device"]
            peer = find_peer(connection, self.ledger.log)
        known = peer.checkpoint.checkpoint if peer and peer.checkpoint else None
        with self.store.read() as connection:
            ledger = log.open_ledger(connection)
            head = log.read_head(connection, ledger.log)
            size = known.cursor if known else 0
            is_provable = 0 < size <= (head.cursor if known and known.epoch == head.epoch else head.base)
            return HelloReply(
                proto=1,
                server_time=to_wire(self.now),
                log=ledger.log,
                epoch=ledger.epoch,
                base=head.base,
                is_relay=ledger.is_relay,
                head=log.head_of(connection, ledger, self.now),
                log_key=ledger.key.public,
                proof=tuple(log.proof_between(connection, size, head.cursor)) if is_provable else (),
                durable=head.durable,
                your_head=log.device_head(connection, device),
            )

    def push(self, seat: Seat, limit: int = MANY) -> list[Receipt]:
        """One batch, and what came back; [] when nothing waits."""
        kind = "relay" if self.ledger.is_relay else ROOT
        with seat.store.read() as connection:
            offers = next_offers(connection, kind, limit, MEGABYTE)
            lost = statements_to_offer(connection)
            device = get_local(connection, "desk")["device"]
        with self.store.write() as connection:
            ledger = log.open_ledger(connection)
            if lost:
                brought = [(one.body, one.signature) for one in lost]
                take_statements(connection, ledger, brought, self.now)
            receipts = log.ingest(connection, ledger, offers, device, self.now) if offers else []
        with seat.store.write() as connection:
            statements_offered(connection, [one.id for one in lost])
            take_receipts(connection, kind, receipts)
        return receipts

    def push_all(self, seat: Seat) -> list[Receipt]:
        receipts: list[Receipt] = []
        while some := self.push(seat):
            receipts += some
        return receipts

    def page(self, seat: Seat, limit: int = MANY) -> Page:
        peer = self.peer(seat)
        with seat.store.read() as connection:
            office = get_local(connection, "office")
        with self.store.read() as connection:
            streams = (log.office_stream(office), log.POLICY)
            return log.read_page(
                connection, log.open_ledger(connection), streams, peer.cursor, limit, self.now
            )

    def peer(self, seat: Seat) -> Peer:
        with seat.store.read() as connection:
            peer = find_peer(connection, self.ledger.log)
        assert peer is not None
        return peer

    def pull(self, seat: Seat, limit: int = MANY) -> Taken:
        """One page."""
        page = self.page(seat, limit)
        with seat.store.write() as connection:
            return take_page(connection, page.head.checkpoint.log, page)

    def pull_all(self, seat: Seat) -> list[Taken]:
        taken, more = [], True
        while more:
            page = self.page(seat)
            with seat.store.write() as connection:
                taken.append(take_page(connection, page.head.checkpoint.log, page))
            more = page.more
        self.fetch_journals(seat)
        return taken

    def fetch_journals(self, seat: Seat) -> None:
        with seat.store.read() as connection:
            wanted = wanted_journals(connection)
        for dossier in wanted:
            with self.store.read() as connection:
                page = log.read_journal_page(connection, log.open_ledger(connection), dossier)
            with seat.store.write() as connection:
                take_journal(connection, ROOT, dossier, page.records)

    def meet(self, seat: Seat) -> None:
        """Hello, everything up, everything down."""
        assert not self.hello(seat).lies
        self.push_all(seat)
        self.pull_all(seat)

    def restart_at(self, base: int) -> None:
        """What `hub restore` ends with: the same log under a new epoch."""
        with self.store.write() as connection:
            log.start_epoch(connection, log.open_ledger(connection), base)


@contextmanager
def hub_in(folder: Path, is_relay: bool = False) -> Iterator[Hub]:
    """An empty root (or relay) in `folder`."""
    key = secrets.token_bytes(32)
    hub = Hub(open_hub_store(None, folder / "hub.db", key), folder, key)
    try:
        with hub.store.write() as connection:
            log.found_ledger(connection, SigningKey.generate(), is_relay, AGENCY if is_relay else "")
        yield hub
    finally:
        hub.store.close()


def reopened(seat: Seat) -> Seat:
    """The same desk as the program opens it the next morning."""
    office = open_office(seat.store, seat.clock, seat.clock.boot, seat.office.officer.id)
    return replace(seat, office=office)


def root_of(seat: Seat) -> Peer:
    with seat.store.read() as connection:
        peer = peer_of(connection, ROOT)
    assert peer is not None
    return peer
