"""Looking for damage in the store of a hub: its log recomputed to the root, its folds compared."""

from sqlalchemy import Connection, func, select

from onestop.store.backup_check import UNREADABLE, check_restored
from onestop.store.check import check_pages
from onestop.store.journal import list_journals, read_dossier
from onestop.store.log import head_of, open_ledger
from onestop.store.report import Progress, Report, quiet
from onestop.store.rows import get_local
from onestop.store.store import Store
from onestop.store.tables import blobs, dossiers, entries, tray
from onestop.store.tray import TrayRow, tray_of


def is_hub(store: Store) -> bool:
    """Whether this store keeps a log of its own."""
    with store.read() as connection:
        return get_local(connection, "ledger") is not None


def verify_hub(store: Store, progress: Progress = quiet) -> Report:
    """As a backup is proved: every leaf, the signed root, every entry, every fold against its row.

    Raises StoreError when the file cannot be read at all.
    """
    with store.read() as connection:
        ledger = open_ledger(connection)
        report = check_restored(connection, head_of(connection, ledger), ledger, progress)
        check_pages(connection, report)
        _check_trays(connection, report)
        count = select(func.count())
        report.entries = connection.scalar(count.select_from(entries)) or 0
        report.dossiers = connection.scalar(count.select_from(dossiers)) or 0
        whole = count.select_from(blobs).where(blobs.c.is_whole)
        report.blobs = connection.scalar(whole) or 0
    return report


def _check_trays(connection: Connection, report: Report) -> None:
    """A leaf holds an entry's id, not what was said of it: an edited verdict shows here."""
    kept: dict[str, set[TrayRow]] = {}
    for row in connection.execute(select(tray)):
        kept.setdefault(row.dossier, set()).add((row.entry, row.verdict, row.code, row.at))
    for dossier_id in list_journals(connection):
        stood = kept.pop(dossier_id, set())
        try:
            wanted = set(tray_of(connection, dossier_id, read_dossier(connection, dossier_id)))
        except UNREADABLE:
            continue  # said already by the fold's own check
        if stood != wanted:
            report.found(dossier_id[:12], "Khay việc cần xem khác với nhật ký")
    for dossier_id in kept:
        report.found(dossier_id[:12], "Khay việc cần xem có hồ sơ lạ")
