"""What ingest asks of the database does not grow with the batch; its speed is shown by `make bench`."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from onestop.domain.offer import Offer
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import ingest
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures
from tests.small_desk import MORNING, SmallDesk, found, joined

NOW = MORNING + timedelta(hours=1)
MOST = 30
"""Statements for a batch, however long it is; COPY is one of them."""


def a_week(desk: SmallDesk, count: int) -> list[Offer]:
    for _ in range(count // 8):
        desk.receive()
        for _ in range(7):
            desk.note(list(desk.dossiers)[-1])
    return desk.offers


@pytest.mark.parametrize("batch", [80, 800])
def test_ingest_on_postgresql_asks_the_same_for_a_small_and_a_large_batch(
    fresh_database: Callable[[], str],  # noqa: F811
    tmp_path: Path,
    batch: int,
) -> None:
    store = open_hub_store(fresh_database(), tmp_path / "hub.db", b"k" * 32)
    ledger = found(store)
    offers = a_week(joined(store, ledger), batch * 2)
    asked: Counter[str] = Counter()

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked[statement] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        for start in (0, batch):
            asked.clear()
            with store.write() as connection:
                receipts = ingest(connection, ledger, offers[start : start + batch], "sender", NOW)
            assert {receipt.verdict for receipt in receipts} == {"accepted"}
            assert 0 < asked.total() <= MOST, asked.most_common(5)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        store.close()
