"""The store of a hub: which database, what goes wrong, and in which words."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from onestop.errors import StoreError
from onestop.store import hub_store as module
from onestop.store.hub_store import PostgresStore, open_hub_store
from onestop.store.migrations import NEWEST, version_of
from onestop.store.rows import get_local, keep_serial, last_serial, put_local
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures

KEY = b"k" * 32
Fresh = Callable[[], str]


def test_without_an_address_it_is_the_encrypted_file(tmp_path: Path) -> None:
    store = open_hub_store(None, tmp_path / "hub.db", KEY)
    with store.write() as connection:
        put_local(connection, "canary", "CANARY Ngọc")
    store.close()
    assert b"CANARY" not in b"".join(path.read_bytes() for path in tmp_path.glob("hub.db*"))


def test_what_was_written_is_there_when_it_is_opened_again(fresh_database: Fresh, tmp_path: Path) -> None:  # noqa: F811
    url = fresh_database()
    for turn in range(3):
        store = open_hub_store(
            url.replace("postgresql+psycopg", "postgresql"), tmp_path / "hub" / "hub.db", KEY
        )
        assert isinstance(store, PostgresStore)
        with store.write() as connection:
            assert get_local(connection, "turn") == (turn - 1 if turn else None)
            put_local(connection, "turn", turn)
            assert version_of(connection) == NEWEST
        assert store.rows("SELECT value FROM local WHERE key = :key", {"key": "turn"}) == [(str(turn),)]
        assert store.blobs_folder == tmp_path / "hub" / "blobs"
        store.tidy()
        store.close()


def test_an_exception_undoes_everything_and_readers_cannot_write(
    fresh_database: Fresh,  # noqa: F811
    tmp_path: Path,
) -> None:
    store = open_hub_store(fresh_database(), tmp_path / "hub.db", KEY)

    def cut_off() -> None:
        with store.write() as connection:
            put_local(connection, "x", 1)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        cut_off()
    with store.read() as connection:
        assert get_local(connection, "x") is None
    with pytest.raises(StoreError), store.read() as connection:
        put_local(connection, "x", 1)
    with pytest.raises(StoreError, match="báo lỗi"), store.write() as connection:
        connection.connection.cursor().execute("SELECT nothing FROM nowhere")
    store.close()


def test_workers_that_start_at_once_make_the_tables_once(fresh_database: Fresh, tmp_path: Path) -> None:  # noqa: F811
    url = fresh_database()
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda n: open_hub_store(url, tmp_path / str(n) / "hub.db", KEY), range(4)))

    def work(number: int) -> None:
        for _ in range(25):
            with stores[number].write() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
                keep_serial(connection, "shared", (last_serial(connection, "shared") or 0) + 1)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    with stores[0].read() as connection:
        assert last_serial(connection, "shared") == 100
    for store in stores:
        store.close()


def test_a_database_of_a_newer_program_is_refused(
    fresh_database: Fresh,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = fresh_database()
    open_hub_store(url, tmp_path / "hub.db", KEY).close()
    monkeypatch.setattr(module, "NEWEST", NEWEST - 1)
    with pytest.raises(StoreError, match="mới hơn"):
        open_hub_store(url, tmp_path / "hub.db", KEY)


@pytest.mark.parametrize("url", ["mysql://x/y", "no address", "postgresql://[::1"])
def test_an_address_of_another_kind_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="không đúng dạng"):
        open_hub_store(url, tmp_path / "hub.db", KEY)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Không nối được"):
        open_hub_store(f"postgresql://nobody@/none?host={tmp_path}", tmp_path / "hub.db", KEY)
