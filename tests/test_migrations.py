"""The steps from one shape of the store to the next, on PostgreSQL as on the encrypted file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect

from onestop.store import migrations
from onestop.store.cipher import connect
from onestop.store.hub_store import open_hub_store
from onestop.store.migrations import NEWEST, migrate, version_of
from onestop.store.store import open_store
from onestop.store.tables import metadata
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures

KEY = b"k" * 32


def difference(connection: Any) -> list[Any]:
    """What stands between the database and the program's own tables."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(thing: Any, name: str | None, kind: str, is_reflected: bool, other: Any) -> bool:
        return not (kind == "table" and (str(name).startswith("search") or name == "schema_version"))

    options = {"compare_type": True, "compare_server_default": _defaults, "include_object": ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _defaults(context: Any, column: Any, ours: Any, said: Any, wanted: Any, rendered: Any) -> bool:
    """Numbers that PostgreSQL draws for a key are no default of ours."""
    return not (said or "").startswith("nextval(") and (said or None) != (rendered or None)


def test_postgresql_gets_exactly_the_tables_of_the_program(
    fresh_database: Callable[[], str],  # noqa: F811
    tmp_path: Path,
) -> None:
    store = open_hub_store(fresh_database(), tmp_path / "hub.db", KEY)
    with store.read() as connection:
        assert difference(connection) == []
        names = {index["name"] for t in metadata.tables for index in inspect(connection).get_indexes(t)}
        assert names >= {index.name for table in metadata.tables.values() for index in table.indexes}
        assert version_of(connection) == NEWEST
    store.close()


def test_a_store_of_the_first_version_keeps_its_rows(tmp_path: Path, monkeypatch: Any) -> None:
    """Made by the first step alone, as the first released program did."""
    path = tmp_path / "onestop.db"
    with monkeypatch.context() as first:
        first.setattr(migrations, "STEPS", migrations.STEPS[:1])
        first.setattr(migrations, "NEWEST", 1)
        first.setattr("onestop.store.store.NEWEST", 1)
        open_store(path, KEY).close()
    raw = connect(path, KEY)
    for sql in _OLD_ROWS:
        raw.execute(sql)
    raw.close()
    store = open_store(path, KEY)
    with store.read() as connection:
        assert difference(connection) == []
    assert store.rows("SELECT entry, relayed, verdict, trouble FROM outbox", {}) == [(1, 0, "", "")]
    assert store.rows("SELECT code, cursor, place FROM entries", {}) == [(None, None, None)]
    assert store.rows("SELECT count(*) FROM dossiers WHERE code = 'H1-261120-0001'", {}) == [(1,)]
    store.close()
    assert (tmp_path / "onestop.v1.bak").exists()


_OLD_ROWS = (
    "INSERT INTO entries (id, device, incarnation, seq, kind, at, header, signature, verdict)"
    " VALUES (x'00', 'd', 'i', 1, 'receive', '', x'00', x'00', 'accepted')",
    "INSERT INTO outbox (entry) VALUES (1)",
    "INSERT INTO dossiers (id, code, state, procedure_code, procedure_name, sector, owner_name,"
    " submitter_name, id_number, phone, channel, counter, holder_unit, holder_officer, queue, queue_at,"
    " head, national, register_no, is_taken, entry_count)"
    " VALUES ('d1', 'H1-261120-0001', 'received', '', '', '', '', '', '', '', '', '', '', '', '', '', '',"
    " 2, 1, 1, 1)",
)


def test_the_first_version_s_rows_survive_on_postgresql_too(
    fresh_database: Callable[[], str],  # noqa: F811
    monkeypatch: Any,
) -> None:
    engine = create_engine(fresh_database())
    with monkeypatch.context() as first, engine.begin() as connection:
        first.setattr(migrations, "STEPS", migrations.STEPS[:1])
        first.setattr(migrations, "NEWEST", 1)
        assert version_of(connection) == 0
        migrate(connection, 0)
        assert version_of(connection) == 1
        for sql in _OLD_ROWS:
            row = sql.replace("x'00'", "'\\x00'::bytea").replace(" 2, 1, 1, 1)", " 2, 1, true, 1)")
            connection.exec_driver_sql(row)
    with engine.begin() as connection:
        migrate(connection, 1)
        assert difference(connection) == []
        assert connection.exec_driver_sql("SELECT entry, relayed, verdict FROM outbox").all() == [
            (1, False, "")
        ]
    engine.dispose()
