"""The blob folder of a hub at rest: what the law took away goes, a root keeps all else, a relay need not."""

import os
import secrets
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import update

from onestop.domain.moment import to_wire
from onestop.domain.signing import SigningKey
from onestop.store.blobs import has_blob
from onestop.store.evict import tidy_hub_blobs
from onestop.store.hub_store import open_hub_store
from onestop.store.log import found_ledger
from onestop.store.moves import mark_durable, mark_sent
from onestop.store.parts import Parts, find_key, finish_part
from onestop.store.store import Store
from onestop.store.tables import blob_refs, blobs
from tests.office_desk import MORNING


@pytest.fixture(params=[False, True], ids=["root", "relay"])
def hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    store = open_hub_store(None, tmp_path / "onestop.db", secrets.token_bytes(32))
    with store.write() as connection:
        found_ledger(connection, SigningKey.generate(), is_relay=request.param)
    yield store
    store.close()


def keep(hub: Store, plain: bytes) -> str:
    """A paper as desks bring it: named by an entry, then uploaded."""
    digest = sha256(plain).hexdigest()
    fresh = {"is_whole": False, "stored_at": None, "is_durable": False, "erased_at": None}
    with hub.write() as connection:
        connection.execute(blobs.insert().values(sha256=digest, length=len(plain), **fresh))
        connection.execute(blob_refs.insert().values(sha256=digest, dossier="d"))
    parts = Parts(hub.path.parent / "parts", bytes(32), 0)
    writer = parts.begin(digest, 0, len(plain))
    writer.write(plain)
    writer.close()
    finish_part(hub, hub.blobs_folder, parts, digest, to_wire(MORNING))
    return digest


def is_relay(hub: Store) -> bool:
    return bool(hub.rows("SELECT 1 FROM blob_moves", {}))


def test_what_was_erased_goes_with_its_key(hub: Store) -> None:
    gone, kept = keep(hub, b"%PDF-1.7 erased"), keep(hub, b"%PDF-1.7 kept")
    with hub.write() as connection:
        connection.execute(update(blobs).where(blobs.c.sha256 == gone).values(erased_at=to_wire(MORNING)))
    assert tidy_hub_blobs(hub, MORNING).orphans == 1
    assert (has_blob(hub.blobs_folder, gone), has_blob(hub.blobs_folder, kept)) == (False, True)
    with hub.read() as connection:
        assert find_key(connection, gone) is None
        assert find_key(connection, kept) is not None
    assert tidy_hub_blobs(hub, MORNING).orphans == 0


def test_what_no_key_opens_goes_after_a_week(hub: Store) -> None:
    kept, stray = keep(hub, b"%PDF-1.7 kept"), sha256(b"stray").hexdigest()
    path = hub.blobs_folder / stray[:2] / stray
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left by a crash")
    at = (MORNING - timedelta(days=8)).timestamp()
    os.utime(path, (at, at))
    assert tidy_hub_blobs(hub, MORNING).orphans == 1
    assert (path.exists(), has_blob(hub.blobs_folder, kept)) == (False, True)


def test_a_relay_lets_go_only_what_the_root_has_durable(hub: Store) -> None:
    sent, durable = keep(hub, b"%PDF-1.7 sent"), keep(hub, b"%PDF-1.7 durable")
    with hub.write() as connection:
        mark_sent(connection, sent)
        mark_sent(connection, durable)
        mark_durable(connection, [durable])
    report = tidy_hub_blobs(hub, MORNING, 0 if is_relay(hub) else None)
    assert report.evicted.evicted == (1 if is_relay(hub) else 0)
    assert has_blob(hub.blobs_folder, sent)
    assert has_blob(hub.blobs_folder, durable) is not is_relay(hub)
