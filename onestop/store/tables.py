"""The tables, for SQLite (encrypted) and PostgreSQL alike.

`entries` is the truth; `dossiers`, `tray` and `search` are projections of it, written in the
same transaction and rebuilt from it at will. `reference` holds plain versioned rows. Desks
and hubs have the same tables: any desk of an office can become its hub.
"""

from sqlalchemy import (
    BigInteger,
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

Long = BigInteger().with_variant(Integer, "sqlite")
"""Row numbers and cursors: SQLite numbers rows of an INTEGER PRIMARY KEY only."""

entries = Table(
    "entries",
    metadata,
    Column("n", Long, primary_key=True),
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
    Column("code", Text),  # why the log says so: one of `domain.judge.CODES`
    Column("cursor", Long),  # place in the root hub's log; NULL while it has not said
    Column("place", Long),  # place in the office relay's log
    Column("received_at", Text),  # when the hub that gave the verdict had it
    Column("placed_at", Text),  # when the office's relay had it
    UniqueConstraint("device", "incarnation", "seq", name="entries_chain"),
    Index("entries_journal", "dossier", "n"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("n", Long, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("code", Text, nullable=False),
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
    Index("dossiers_code", "code"),
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
    Column("entry", Long, ForeignKey("entries.n"), primary_key=True),
    Column("relayed", Boolean, nullable=False),  # the office's relay has it
    Column("verdict", Text, nullable=False),  # "" waits; "held", "quarantined": the hub's last word
    Column("trouble", Text, nullable=False),  # code of that word
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

# --- what desks and relays know of the hub they speak to

standing = Table(
    "standing",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("incarnation", Text, nullable=False),
    Column("epoch", Text),  # the last signed checkpoint of the root log: `seen` of every entry
    Column("cursor", Long, nullable=False),
    Column("server_at", Text),
    Column("server_mono", Long),  # this machine's monotonic ms when `server_at` was read
    Column("server_boot", Text),
)

officer_grants = Table(
    "officer_grants",
    metadata,
    Column("officer", Text, primary_key=True),
    Column("grant", Text, nullable=False),
    Column("until", Text, nullable=False),
)

peers = Table(
    "peers",
    metadata,
    Column("log", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # "root" or "relay"
    Column("epoch", Text, nullable=False),
    Column("cursor", Long, nullable=False),  # pulled so far
    Column("checkpoint", Text),  # JSON of the newest signed one that was checked
    Column("public_key", LargeBinary, nullable=False),
    Column("durable", Long, nullable=False),
    Column("reached_at", Text),
)

statements = Table(
    "statements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("cursor", Long),  # of its record in the root log
    Index("statements_subject", "kind", "subject"),
)

tray = Table(
    "tray",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("verdict", Text, nullable=False),  # "flagged", "quarantined", "held", "illegal"
    Column("code", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("tray_dossier", "dossier"),
)

shelf = Table(
    "shelf",
    metadata,
    Column("id", Text, primary_key=True),  # SHA-256 of `raw`
    Column("verdict", Text, nullable=False),  # "held" or "quarantined"
    Column("code", Text, nullable=False),
    Column("device", Text, nullable=False),  # what the bytes claim; "" when unreadable
    Column("incarnation", Text, nullable=False),
    Column("seq", Long, nullable=False),
    Column("entry", Text, nullable=False),
    Column("dossier", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Column("sender", Text),  # the device that brought it
    Index("shelf_claim", "device", "incarnation", "seq"),
    Index("shelf_dossier", "dossier"),
)

blob_moves = Table(
    "blob_moves",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("dossier", Text, primary_key=True),
    Column("direction", Text, nullable=False),  # "up" or "down"
    Column("length", Long, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("is_durable", Boolean, nullable=False),
    Index("blob_moves_open", "direction", "is_done"),
)

# --- the log of a hub

log_head = Table(
    "log_head",
    metadata,
    Column("log", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("base", Long, nullable=False),  # last cursor that was there when this epoch began
    Column("cursor", Long, nullable=False),  # last number given; its row is the log's one lock
    Column("frontier", LargeBinary, nullable=False),  # Merkle: the hashes of the full subtrees
    Column("durable", Long, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("cursor", Long, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),  # entry, statement, row, scope, receipt, head
    Column("ref", Text, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("at", Text, nullable=False),
    Column("value", Text),  # JSON; an entry's bytes stand in `entries`
    Index("records_ref", "kind", "ref"),
)

streams = Table(
    "streams",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("cursor", Long, primary_key=True, autoincrement=False),
)

tiles = Table(
    "tiles",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", Long, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

epochs = Table(
    "epochs",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("base", Long, nullable=False),
    Column("ended_at", Long),  # last cursor of it that lives on; NULL for the running one
)

scopes = Table(
    "scopes",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
)

office_rows = Table(
    "office_rows",
    metadata,
    Column("office", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("value", Text),  # JSON; NULL: taken away
    Column("cursor", Long, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("kind", Text, nullable=False),  # "desk" or "relay"
    Column("name", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("device", Text),  # who used it
)

leases = Table(
    "leases",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("device", Text, nullable=False),
    Column("at", Text, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("length", Long, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    Column("stored_at", Text),
    Column("is_durable", Boolean, nullable=False),
    Column("erased_at", Text),  # by law: no dossier has it any more, its file must go
)

blob_refs = Table(
    "blob_refs",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("dossier", Text, primary_key=True),
)

blob_streams = Table(
    "blob_streams",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
)

health = Table(
    "health",
    metadata,
    Column("device", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("value", Text, nullable=False),
)
