"""A root hub and desks joined to it, without a line: the stores' own functions hand over what travels."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from onestop.domain.offer import Receipt
from onestop.domain.signing import SigningKey
from onestop.store.bundle_in import ensure_box
from onestop.store.enrolment import make_enrolment, use_enrolment
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import ingest, read_page
from onestop.store.log import POLICY, Ledger, found_ledger, office_stream, open_ledger
from onestop.store.peers import ROOT, add_peer, peer_of
from onestop.store.rows import get_local, put_local
from onestop.store.sending import next_offers, take_receipts
from onestop.store.store import Store
from onestop.store.taking import take_page
from tests.office_desk import MORNING, Seat

OFFICE = "H56.99.88"


@dataclass
class Town:
    """A root hub in `folder`. `now` is its clock."""

    store: Store
    folder: Path
    now: datetime = MORNING + timedelta(hours=1)

    @property
    def ledger(self) -> Ledger:
        with self.store.read() as connection:
            return open_ledger(connection)

    def join(self, seat: Seat, office: str = OFFICE, *, is_read: bool = True) -> None:
        """Enrols a desk as it would over the line; `is_read`: and lets it read what there is."""
        with seat.store.read() as connection:
            desk = get_local(connection, "desk")
        key = SigningKey(bytes.fromhex(desk["secret"])).public
        wish = {"device": desk["device"], "index": desk["index"], "self_grant": desk["grant"]}
        with self.store.write() as connection:
            code = make_enrolment(connection, office, "desk", desk["name"], self.now)
            answer = use_enrolment(connection, open_ledger(connection), code, key, wish, self.now)
        with seat.store.write() as connection:
            add_peer(connection, answer["log"], ROOT, answer["epoch"], bytes.fromhex(answer["log_key"]))
            put_local(connection, "office", office)
        if is_read:
            self.pull(seat, office)

    def push(self, seat: Seat, limit: int = 500) -> list[Receipt]:
        """One batch of what waits, and the receipts taken; [] when nothing waits."""
        with seat.store.read() as connection:
            offers = next_offers(connection, ROOT, limit, 2**20)
            device = get_local(connection, "desk")["device"]
        if not offers:
            return []
        with self.store.write() as connection:
            receipts = ingest(connection, open_ledger(connection), offers, device, self.now)
        with seat.store.write() as connection:
            take_receipts(connection, ROOT, receipts)
        return receipts

    def push_all(self, seat: Seat) -> list[Receipt]:
        receipts: list[Receipt] = []
        while some := self.push(seat):
            receipts += some
        return receipts

    def pull(self, seat: Seat, office: str = OFFICE) -> int:
        """Everything new; how many records."""
        count, more = 0, True
        while more:
            with seat.store.read() as connection:
                root = peer_of(connection, ROOT)
            assert root is not None
            with self.store.read() as connection:
                streams = [office_stream(office), POLICY]
                page = read_page(connection, open_ledger(connection), streams, root.cursor, 500)
            with seat.store.write() as connection:
                take_page(connection, root.log, page)
            count, more = count + len(page.records), page.more
        return count


@contextmanager
def founded(folder: Path, url: str | None = None) -> Iterator[Town]:
    """An empty root hub, its box key published."""
    store = open_hub_store(url, folder / "onestop.db", secrets.token_bytes(32))
    town = Town(store, folder)
    try:
        with store.write() as connection:
            found_ledger(connection, SigningKey.generate(), is_relay=False)
            ensure_box(connection, open_ledger(connection), town.now)
        yield town
    finally:
        store.close()


def rows_of(store: Store, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.rows(sql, values)]


def count(store: Store, table: str) -> int:
    return int(rows_of(store, f"SELECT count(*) FROM {table}")[0][0])


def verdicts(receipts: Iterable[Receipt]) -> list[str]:
    return [receipt.verdict for receipt in receipts]
