"""A hub's ledger, as the floors above use it: one door to its parts.

Every function works on an open transaction of `hub_store` (`write` or `read`).
"""

from onestop.store.enrolment import make_enrolment, use_enrolment
from onestop.store.leases import lease_codes, leases_of
from onestop.store.ledger_ingest import ingest, quarantine_line, take_statements
from onestop.store.log import (
    POLICY,
    Ledger,
    LogHead,
    found_ledger,
    head_of,
    log_id,
    office_stream,
    open_ledger,
    proof_between,
    read_head,
    set_durable,
    start_epoch,
)
from onestop.store.office_rows import list_rows, put_row
from onestop.store.relay_log import relay_journal, relay_news
from onestop.store.statements import (
    Stated,
    add_statement,
    device_of,
    grant,
    grants_at,
    is_device_revoked,
    list_stated,
    revoke,
)
from onestop.store.streams import device_head, dossier_by_code, read_journal_page, read_page, streams_of

__all__ = [
    "POLICY",
    "Ledger",
    "LogHead",
    "Stated",
    "add_statement",
    "device_head",
    "device_of",
    "dossier_by_code",
    "found_ledger",
    "grant",
    "grants_at",
    "head_of",
    "ingest",
    "is_device_revoked",
    "lease_codes",
    "leases_of",
    "list_rows",
    "list_stated",
    "log_id",
    "make_enrolment",
    "office_stream",
    "open_ledger",
    "proof_between",
    "put_row",
    "quarantine_line",
    "read_head",
    "read_journal_page",
    "read_page",
    "relay_journal",
    "relay_news",
    "revoke",
    "set_durable",
    "start_epoch",
    "streams_of",
    "take_statements",
    "use_enrolment",
]
