"""Looking for damage among papers: their files, and the keys that open them."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from onestop.domain.entry import BlobRef, EntryError, require_canonical
from onestop.errors import OfficeError
from onestop.store.blobs import has_blob, read_blob, unwrap
from onestop.store.moves import may_be_away
from onestop.store.papers import DRAFTS
from onestop.store.report import Progress, Report
from onestop.store.store import Store
from onestop.store.tables import blob_keys, dossier_keys, entries

_Locks = dict[tuple[str, str], bytes]
"""The key of a blob, by dossier and digest, as far as it could be unwrapped."""


def check_papers(store: Store, connection: Connection, own: str, report: Report, progress: Progress) -> None:
    """`own`: this desk's device. Papers of others may still be on their way, those the hub keeps
    may have left this disk, those of erased entries are gone by law."""
    named = list(_blob_refs(connection, own))
    locks = _check_keys(connection, {(dossier, ref.sha256) for dossier, ref, _ in named}, report)
    away = may_be_away(connection)
    for dossier, ref, is_ours in named:
        place = (dossier, ref.sha256)
        is_here = place in locks and has_blob(store.blobs_folder, ref.sha256)
        if not is_here and (place in away or (place not in locks and not is_ours)):
            continue
        report.blobs += 1
        key = locks.get((dossier, ref.sha256))
        if key is None:
            report.found(ref.sha256[:12], "Mất khoá mở tệp giấy tờ")
        elif not has_blob(store.blobs_folder, ref.sha256):
            report.found(ref.sha256[:12], "Mất tệp giấy tờ trên ổ đĩa")
        else:
            _check_blob(store, ref, key, report)
        progress(report.blobs, len(named), "Kiểm tra tệp giấy tờ")


def _check_keys(connection: Connection, named: set[tuple[str, str]], report: Report) -> _Locks:
    """Each key opens, and none opens a paper to a dossier that does not name it."""
    keys = {row.dossier: row.key for row in connection.execute(select(dossier_keys))}
    unused = set(keys)
    locks: _Locks = {}
    for row in connection.execute(select(blob_keys)):
        place = (row.dossier, row.sha256)
        unused.discard(row.dossier)
        try:
            locks[place] = unwrap(keys.get(row.dossier, b""), row.sha256, row.wrapped)
        except OfficeError:
            report.found(row.sha256[:12], "Khoá mở tệp giấy tờ bị đổi hoặc mất")
        if row.dossier != DRAFTS and place not in named:
            report.found(row.sha256[:12], "Có khoá mở tệp cho hồ sơ không có tệp đó")
    for dossier in unused:
        report.found(dossier[:12], "Có khoá của hồ sơ không có giấy tờ nào")
    return locks


def _check_blob(store: Store, ref: BlobRef, key: bytes, report: Report) -> None:
    try:
        plain = read_blob(store.blobs_folder, ref.sha256, key)
    except OfficeError:
        report.found(ref.sha256[:12], "Tệp giấy tờ bị sửa hoặc hỏng")
        return
    if len(plain) != ref.length:
        report.found(ref.sha256[:12], "Tệp giấy tờ sai độ dài")


def _blob_refs(connection: Connection, own: str) -> Iterator[tuple[str, BlobRef, bool]]:
    """(dossier, paper, whether this desk itself must have had it) of every entry that names one."""
    columns = (entries.c.dossier, entries.c.device, entries.c.header, entries.c.body)
    for row in connection.execute(select(*columns)):
        if not isinstance(row.header, bytes) or b'"blobs":[]' in row.header:
            continue
        try:
            header = require_canonical(row.header)
        except EntryError:
            continue  # said already by the chain's own check
        for ref in header.blobs:
            yield row.dossier, ref, row.device == own and row.body is not None
