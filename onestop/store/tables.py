"""The tables, for SQLite (encrypted) and PostgreSQL alike.

`entries` is the truth; `dossiers` and `search` are projections of it, written in the same
transaction and rebuilt from it at will. `reference` holds plain versioned rows.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", LargeBinary(32), nullable=False, unique=True),
    Column("dossier", Text),
    Column("device", Text, nullable=False),
    Column("incarnation", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Column("salt", LargeBinary),
    Column("verdict", Text, nullable=False),
    Column("cursor", Integer),
    UniqueConstraint("device", "incarnation", "seq", name="entries_chain"),
    Index("entries_journal", "dossier", "n"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("code", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("national", SmallInteger, nullable=False),
    Column("procedure_code", Text, nullable=False),
    Column("procedure_name", Text, nullable=False),
    Column("sector", Text, nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("submitter_name", Text, nullable=False),
    Column("id_number", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("received_at", Text),
    Column("due_at", Text),
    Column("original_due_at", Text),
    Column("ended_at", Text),
    Column("handed_out_at", Text),
    Column("register_no", Integer, nullable=False),
    Column("counter", Text, nullable=False),
    Column("holder_unit", Text, nullable=False),
    Column("holder_officer", Text, nullable=False),
    Column("is_taken", Boolean, nullable=False),
    Column("queue", Text, nullable=False),
    Column("queue_at", Text, nullable=False),
    Column("head", Text, nullable=False),
    Column("entry_count", Integer, nullable=False),
    Index("dossiers_queue", "queue", "queue_at", "n"),
    Index("dossiers_received", "received_at"),
)

device_heads = Table(
    "device_heads",
    metadata,
    Column("device", Text, primary_key=True),
    Column("incarnation", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("at", Text, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    Column("device", Text, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("entry", Integer, ForeignKey("entries.n"), primary_key=True),
)

serials = Table(
    "serials",
    metadata,
    Column("series", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

dossier_keys = Table(
    "dossier_keys",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

blob_keys = Table(
    "blob_keys",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("dossier", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("officer", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    Index("drafts_officer", "officer", "saved_at"),
)

reference = Table(
    "reference",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("value", Text, nullable=False),
)

local = Table(
    "local",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
