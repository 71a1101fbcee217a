"""Forward-only steps from one shape of the store to the next, by Alembic's operations.

Each step is frozen once released: it says what the tables were then, not what they are
now. A copy of the file is kept before any step runs on a store that holds data.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

Step = Callable[[Any], None]

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
        column("n", number, key=True),
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
        column("cursor", number, needed=False),
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
        column("n", number, key=True),
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
    op.create_table("outbox", sa.Column("entry", number, sa.ForeignKey("entries.n"), primary_key=True))
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


STEPS: tuple[tuple[int, str, Step], ...] = ((1, "Kho đầu tiên", _first),)
NEWEST = STEPS[-1][0]


def migrate(connection: Connection, version: int) -> None:
    """Runs every step after `version` on an open transaction."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    operations = Operations(MigrationContext.configure(connection))
    for number, _, step in STEPS:
        if number > version:
            step(operations)
    connection.exec_driver_sql(f"PRAGMA user_version = {NEWEST}")
