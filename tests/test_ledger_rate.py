"""What ingest costs, as a ratio taken in one run: machines differ, signatures cost the same on all sides."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from onestop.domain.entry import signed_message
from onestop.domain.offer import Offer
from onestop.domain.signing import is_signed
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import ingest
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures
from tests.small_desk import MORNING, SmallDesk, found, joined

COUNT = 2000
NOW = MORNING + timedelta(hours=1)


def a_week(desk: SmallDesk) -> list[Offer]:
    for _ in range(COUNT // 8):
        desk.receive()
        for _ in range(7):
            desk.note(list(desk.dossiers)[-1])
    return desk.offers


def test_ingest_on_postgresql_costs_no_more_than_a_few_signatures(
    fresh_database: Callable[[], str],  # noqa: F811
    tmp_path: Path,
) -> None:
    """Form, verdict, fold, log, projections and COPY, beside checking each signature once."""
    store = open_hub_store(fresh_database(), tmp_path / "hub.db", b"k" * 32)
    ledger = found(store)
    desk = joined(store, ledger)
    offers = a_week(desk)
    began = time.process_time()
    assert all(is_signed(desk.key.public, signed_message(o.header), o.signature) for o in offers)
    checking = time.process_time() - began
    began = time.process_time()
    for start in range(0, COUNT, 500):
        with store.write() as connection:
            receipts = ingest(connection, ledger, offers[start : start + 500], "sender", NOW)
        assert {receipt.verdict for receipt in receipts} == {"accepted"}
    taking = time.process_time() - began
    store.close()
    assert taking < checking * 5, f"{taking / checking:.1f} signatures an entry"
