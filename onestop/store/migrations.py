"""Forward-only steps from one shape of the store to the next, by Alembic's operations.

Each step is frozen once released: it says what the tables were then, not what they are
now. A copy of the file is kept before any step runs on a store that holds data.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

Step = Callable[[Any], None]

LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE search USING fts5("
    "words, content='', contentless_delete=1, prefix='1 2 3 4', tokenize='unicode61')"
)

SEARCH_SETTINGS = ("('automerge', 0)", "('crisismerge', 64)")
"""FTS5 would merge its segments inside every 64th act, for tens of milliseconds: `Store.tidy` does it."""


def _first(op: Any) -> None:
    text, number, raw, flag = sa.Text, sa.Integer, sa.LargeBinary, sa.Boolean

    def column(name: str, kind: Any, needed: bool = True, key: bool = False) -> Any:
        return sa.Column(name, kind, nullable=not needed, primary_key=key)

    op.create_table(
        "entries",
        column("n", LONG, key=True),
        sa.Column("id", raw(32), nullable=False, unique=True),
        column("dossier", text, needed=False),
        column("device", text),
        column("incarnation", text),
        column("seq", number),
        column("kind", text),
        column("at", text),
        column("header", raw),
        column("signature", raw),
        column("body", raw, needed=False),
        column("salt", raw, needed=False),
        column("verdict", text),
        column("cursor", LONG, needed=False),
        sa.UniqueConstraint("device", "incarnation", "seq", name="entries_chain"),
    )
    op.create_index("entries_journal", "entries", ["dossier", "n"])
    needed = (
        *("state", "procedure_code", "procedure_name", "sector", "owner_name", "submitter_name"),
        *("id_number", "phone", "channel", "counter", "holder_unit", "holder_officer"),
        *("queue", "queue_at", "head"),
    )
    moments = ("received_at", "due_at", "original_due_at", "ended_at", "handed_out_at")
    op.create_table(
        "dossiers",
        column("n", LONG, key=True),
        sa.Column("id", text, nullable=False, unique=True),
        sa.Column("code", text, nullable=False, unique=True),
        *(column(name, text) for name in needed),
        *(column(name, text, needed=False) for name in moments),
        column("national", sa.SmallInteger),
        column("register_no", number),
        column("is_taken", flag),
        column("entry_count", number),
    )
    op.create_index("dossiers_queue", "dossiers", ["queue", "queue_at", "n"])
    op.create_index("dossiers_received", "dossiers", ["received_at"])
    op.create_table(
        "device_heads",
        column("device", text, key=True),
        column("incarnation", text, key=True),
        column("seq", number),
        column("entry", text),
        column("at", text),
    )
    op.create_table(
        "devices", column("device", text, key=True), column("public_key", raw), column("name", text)
    )
    op.create_table("outbox", sa.Column("entry", LONG, sa.ForeignKey("entries.n"), primary_key=True))
    op.create_table("serials", column("series", text, key=True), column("last", number))
    op.create_table("dossier_keys", column("dossier", text, key=True), column("key", raw))
    op.create_table(
        "blob_keys",
        column("sha256", text, key=True),
        column("dossier", text, key=True),
        column("wrapped", raw),
    )
    op.create_table(
        "drafts",
        column("id", text, key=True),
        *(column(name, text) for name in ("officer", "title", "value", "saved_at")),
    )
    op.create_index("drafts_officer", "drafts", ["officer", "saved_at"])
    op.create_table(
        "reference",
        column("kind", text, key=True),
        column("key", text, key=True),
        column("version", text),
        column("value", text),
    )
    op.create_table("local", column("key", text, key=True), column("value", text))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SEARCH_TABLE)
        for setting in SEARCH_SETTINGS:
            op.execute(f"INSERT INTO search(search, rank) VALUES {setting}")


def _sync(op: Any) -> None:
    text, number, long, raw, flag = sa.Text, sa.Integer, LONG, sa.LargeBinary, sa.Boolean

    def column(name: str, kind: Any, needed: bool = True, key: bool = False) -> Any:
        return sa.Column(name, kind, nullable=not needed, primary_key=key, autoincrement=False)

    for name, kind in (("code", text), ("place", long), ("received_at", text), ("placed_at", text)):
        op.add_column("entries", column(name, kind, needed=False))
    # Two desks that lost their line may have given one code twice: both dossiers are kept.
    # PostgreSQL named the constraint itself; SQLite left it without a name.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    naming = {"uq": "%(table_name)s_%(column_0_name)s_key"}
    with op.batch_alter_table("dossiers", naming_convention=naming if is_sqlite else None) as dossiers:
        dossiers.drop_constraint("dossiers_code_key", type_="unique")
        dossiers.create_index("dossiers_code", ["code"])
    sending: tuple[tuple[str, Any], ...] = (("relayed", flag), ("verdict", text), ("trouble", text))
    for name, kind in sending:
        op.add_column("outbox", column(name, kind, needed=False))
    outbox = sa.table("outbox", sa.column("relayed", flag), sa.column("verdict"), sa.column("trouble"))
    op.execute(outbox.update().values(relayed=False, verdict="", trouble=""))
    with op.batch_alter_table("outbox") as waiting:
        for name, kind in sending:
            waiting.alter_column(name, existing_type=kind, nullable=False)
    op.create_table(
        "standing",
        column("id", number, key=True),
        column("incarnation", text),
        column("epoch", text, needed=False),
        column("cursor", long),
        column("server_at", text, needed=False),
        column("server_mono", long, needed=False),
        column("server_boot", text, needed=False),
    )
    op.create_table(
        "officer_grants", column("officer", text, key=True), column("grant", text), column("until", text)
    )
    op.create_table(
        "peers",
        column("log", text, key=True),
        column("kind", text),
        column("epoch", text),
        column("cursor", long),
        column("checkpoint", text, needed=False),
        column("public_key", raw),
        column("durable", long),
        column("reached_at", text, needed=False),
    )
    op.create_table(
        "statements",
        column("id", text, key=True),
        column("kind", text),
        column("subject", text),
        column("body", raw),
        column("signature", raw),
        column("cursor", long, needed=False),
    )
    op.create_index("statements_subject", "statements", ["kind", "subject"])
    op.create_table(
        "tray",
        column("entry", text, key=True),
        *(column(name, text) for name in ("dossier", "verdict", "code", "at")),
    )
    op.create_index("tray_dossier", "tray", ["dossier"])
    op.create_table(
        "shelf",
        column("id", text, key=True),
        *(column(name, text) for name in ("verdict", "code", "device", "incarnation")),
        column("seq", long),
        *(column(name, text) for name in ("entry", "dossier")),
        column("raw", raw),
        column("at", text),
        column("sender", text, needed=False),
    )
    op.create_index("shelf_claim", "shelf", ["device", "incarnation", "seq"])
    op.create_index("shelf_dossier", "shelf", ["dossier"])
    op.create_table(
        "blob_moves",
        column("sha256", text, key=True),
        column("dossier", text, key=True),
        column("direction", text),
        column("length", long),
        column("is_done", flag),
        column("is_durable", flag),
    )
    op.create_index("blob_moves_open", "blob_moves", ["direction", "is_done"])
    _hub(op, column)


def _hub(op: Any, column: Callable[..., Any]) -> None:
    """The log of a hub. A desk has these too, empty: it can become its office's hub."""
    text, number, long, raw, flag = sa.Text, sa.Integer, LONG, sa.LargeBinary, sa.Boolean
    op.create_table(
        "log_head",
        column("log", text, key=True),
        column("epoch", text),
        column("base", long),
        column("cursor", long),
        column("frontier", raw),
        column("durable", long),
    )
    op.create_table(
        "records",
        column("cursor", long, key=True),
        column("kind", text),
        column("ref", text),
        column("leaf", raw(32)),
        column("at", text),
        column("value", text, needed=False),
    )
    op.create_index("records_ref", "records", ["kind", "ref"])
    op.create_table("streams", column("stream", text, key=True), column("cursor", long, key=True))
    op.create_table(
        "tiles",
        column("level", sa.SmallInteger, key=True),
        column("place", long, key=True),
        column("hash", raw(32)),
    )
    op.create_table(
        "epochs",
        column("epoch", text, key=True),
        column("base", long),
        column("ended_at", long, needed=False),
    )
    op.create_table("scopes", column("dossier", text, key=True), column("stream", text, key=True))
    op.create_table(
        "office_rows",
        *(column(name, text, key=True) for name in ("office", "kind", "key")),
        column("version", text),
        column("value", text, needed=False),
        column("cursor", long),
    )
    op.create_table(
        "enrolments",
        column("code_hash", text, key=True),
        *(column(name, text) for name in ("office", "kind", "name", "until")),
        column("device", text, needed=False),
    )
    op.create_table(
        "leases",
        column("agency", text, key=True),
        column("day", text, key=True),
        column("first", number, key=True),
        column("last", number),
        column("device", text),
        column("at", text),
    )
    op.create_table(
        "blobs",
        column("sha256", text, key=True),
        column("length", long),
        column("is_whole", flag),
        column("stored_at", text, needed=False),
        column("is_durable", flag),
        column("erased_at", text, needed=False),
    )
    op.create_table("blob_refs", column("sha256", text, key=True), column("dossier", text, key=True))
    op.create_table("blob_streams", column("sha256", text, key=True), column("stream", text, key=True))
    op.create_table("health", column("device", text, key=True), column("at", text), column("value", text))
    if op.get_bind().dialect.name == "postgresql":
        for statement in _APPEND_ONLY:
            op.execute(statement)


_APPEND_ONLY = (
    """
    CREATE FUNCTION onestop_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'entries and records are never changed or removed'; END $$
    """,
    """
    CREATE TRIGGER entries_fixed
    BEFORE UPDATE OF id, dossier, device, incarnation, seq, kind, at, header, signature ON entries
    FOR EACH ROW EXECUTE FUNCTION onestop_refuse()
    """,
    """
    CREATE TRIGGER entries_kept BEFORE DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION onestop_refuse()
    """,
    """
    CREATE TRIGGER records_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON records
    FOR EACH STATEMENT EXECUTE FUNCTION onestop_refuse()
    """,
)
"""What a hub was told stays told; of an entry only verdict and places may change, and an erased body go."""


STEPS: tuple[tuple[int, str, Step], ...] = (
    (1, "Kho đầu tiên", _first),
    (2, "Nối các quầy, cơ quan và tỉnh", _sync),
)
NEWEST = STEPS[-1][0]


def migrate(connection: Connection, version: int) -> None:
    """Runs every step after `version` on an open transaction."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    operations = Operations(MigrationContext.configure(connection))
    for number, _, step in STEPS:
        if number > version:
            step(operations)
    _keep_version(connection)


def version_of(connection: Connection) -> int:
    """Number of the last step that ran; 0 for an empty database."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if connection.exec_driver_sql("SELECT to_regclass('schema_version')").scalar_one() is None:
        return 0
    return int(connection.exec_driver_sql("SELECT version FROM schema_version").scalar_one())


def _keep_version(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {NEWEST}")
        return
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)")
    connection.exec_driver_sql("DELETE FROM schema_version")
    connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({NEWEST})")
