"""Looking for damage: every chain, every signature, every fold against its projection.

Whatever was edited in the file by other means than `record` shows up here as a finding in
words. `rebuild_store` makes all projections anew from the journals.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, text

from onestop.domain.dossier import Dossier
from onestop.domain.entry import (
    Entry,
    EntryError,
    body_hash,
    canonical,
    entry_id,
    require_canonical,
    signed_message,
)
from onestop.domain.fold import Verdict, apply
from onestop.domain.signing import SigningKey, is_signed
from onestop.domain.work import query_words, search_words
from onestop.store.check_papers import check_papers
from onestop.store.journal import entry_of, list_journals, read_dossier
from onestop.store.projection import index_words, row_of
from onestop.store.report import Finding, Progress, Report, quiet
from onestop.store.store import Store
from onestop.store.tables import (
    device_heads,
    devices,
    dossiers,
    entries,
    local,
    outbox,
    reference,
    serials,
)

__all__ = ["Finding", "Progress", "Report", "rebuild_store", "verify_store"]

_UNREADABLE = (EntryError, ValueError, TypeError, KeyError, AttributeError)
"""What reading a journal or a row of another shape ends in."""


def verify_store(store: Store, progress: Progress = quiet, every_signature: bool = True) -> Report:
    """Checks all that can be checked; raises only when the file cannot be read at all.

    `every_signature` False trusts a chain's hashes and checks one signature a run: the last
    one proves all before it, since each entry holds the hash of the one before.
    """
    report = Report()
    with store.read() as connection:
        _check_pages(connection, report)
        _check_chains(connection, report, progress, every_signature)
        words = _check_dossiers(connection, report, progress)
        _check_search(connection, words, report)
        _check_serials(connection, report)
        check_papers(store, connection, report, progress)
    return report


def rebuild_store(store: Store, progress: Progress = quiet) -> int:
    """All rows and search words anew from the journals, in one transaction; how many dossiers."""
    with store.write() as connection:
        connection.execute(delete(dossiers))
        connection.execute(text("INSERT INTO search(search) VALUES ('delete-all')"))
        journals = list_journals(connection)
        for number, dossier_id in enumerate(journals, start=1):
            dossier = read_dossier(connection, dossier_id)
            if dossier is not None:
                inserted = connection.execute(dossiers.insert().values(n=number, **row_of(dossier)))
                assert inserted.rowcount == 1
                index_words(connection, number, search_words(dossier))
            progress(number, len(journals), "Dựng lại hồ sơ")
    return len(journals)


def _check_pages(connection: Connection, report: Report) -> None:
    for (said,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check"):
        report.found("tệp kho", f"Trang dữ liệu hỏng: {said}")
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said != "ok":
            report.found("tệp kho", f"Cấu trúc tệp hỏng: {said}")
    # The program makes neither; one put in by other hands would change rows behind its back.
    foreign = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    for (name,) in connection.exec_driver_sql(foreign):
        report.found("tệp kho", f"Có phần lạ trong cấu trúc kho: {name}")


@dataclass(slots=True)
class _Chain:
    seq: int = 0
    entry: str | None = None
    at: str = ""
    unproven: tuple[bytes, bytes] | None = None


def _check_chains(connection: Connection, report: Report, progress: Progress, every_signature: bool) -> None:
    keys = {row.device: row.public_key for row in connection.execute(select(devices))}
    total = connection.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()
    queued = {row.entry for row in connection.execute(select(outbox))}
    chains: dict[tuple[str, str], _Chain] = {}
    for row in connection.execute(select(entries).order_by(entries.c.n)):
        report.entries += 1
        if not _is_sound(row):
            report.found(f"bút ký số {row.n}", "Cột có kiểu dữ liệu lạ")
            continue
        queued.discard(row.n) if row.n in queued else report.found(
            row.id.hex()[:12], "Bút ký chưa gửi nhưng không có trong hàng chờ gửi"
        )
        prev = _check_entry(row, report)
        chain = chains.setdefault((row.device, row.incarnation), _Chain())
        _check_link(row, prev, chain, report)
        proof = (row.header, row.signature)
        if every_signature:
            _check_signature(keys.get(row.device), proof, row.id.hex(), report)
        else:
            chain.unproven = proof
        if report.entries % 500 == 0:
            progress(report.entries, total, "Kiểm tra chuỗi và chữ ký")
    for entry in queued:
        report.found(f"bút ký số {entry}", "Có trong hàng chờ gửi nhưng đã mất khỏi nhật ký")
    for (device, _), chain in chains.items():
        if chain.unproven:
            _check_signature(keys.get(device), chain.unproven, chain.entry or "", report)
    _check_heads(connection, chains, report)
    _check_desk(connection, keys, report)


def _is_sound(row: Any) -> bool:
    """Whether every column holds its type: SQLite itself would take any."""
    raws = isinstance(row.id, bytes) and isinstance(row.header, bytes) and isinstance(row.signature, bytes)
    bodies = all(isinstance(part, bytes | None) for part in (row.body, row.salt))
    texts = all(isinstance(part, str) for part in (row.device, row.incarnation, row.kind, row.at))
    return raws and bodies and texts and isinstance(row.seq, int)


def _check_entry(row: Any, report: Report) -> str | None:
    """The id of the entry before it, as its header says."""
    where = row.id.hex()[:12]
    try:
        header = require_canonical(row.header)
    except EntryError:
        report.found(where, "Phần đầu bút ký không đúng dạng chuẩn")
        return None
    if entry_id(row.header) != row.id.hex():
        report.found(where, "Mã băm của bút ký không khớp nội dung")
    columns = (row.dossier, row.device, row.incarnation, row.seq, row.kind, row.at)
    said = (header.dossier, header.device, header.incarnation, header.seq, header.kind, header.at)
    if columns != said:
        report.found(where, "Cột tra cứu khác với phần đầu đã ký")
    if row.body is None or row.salt is None:
        report.found(where, "Mất nội dung bút ký mà không có quyết định xoá")
    elif body_hash(row.salt, row.body) != header.body_hash or len(row.body) != header.body_length:
        report.found(where, "Nội dung bút ký bị sửa")
    # A desk alone has no receipt of a hub, so no verdict but its own.
    if row.cursor is None and row.verdict != Verdict.ACCEPTED:
        report.found(where, "Phán quyết bị đổi mà không có biên nhận của máy chủ")
    if row.cursor is not None:
        report.found(where, "Có số thứ tự của máy chủ nhưng máy này chưa nối máy chủ")
    return header.prev


def _check_link(row: Any, prev: str | None, chain: _Chain, report: Report) -> None:
    where = row.id.hex()[:12]
    if row.seq != chain.seq + 1:
        report.found(where, f"Chuỗi của quầy đứt: sau số {chain.seq} là số {row.seq}")
    elif prev != chain.entry:
        report.found(where, "Bút ký không nối vào bút ký trước")
    if row.at < chain.at:
        report.found(where, "Giờ ghi chạy lùi trong chuỗi")
    chain.seq, chain.entry, chain.at = row.seq, row.id.hex(), row.at


def _check_signature(key: bytes | None, proof: tuple[bytes, bytes], where: str, report: Report) -> None:
    header, signature = proof
    if key is None:
        report.found(where[:12], "Không biết khoá của quầy đã ký")
    elif not is_signed(key, signed_message(header), signature):
        report.found(where[:12], "Chữ ký sai")


def _check_heads(connection: Connection, chains: dict[tuple[str, str], _Chain], report: Report) -> None:
    heads = {(row.device, row.incarnation): row for row in connection.execute(select(device_heads))}
    for key in heads.keys() | chains.keys():
        head, chain = heads.get(key), chains.get(key)
        said = (head.seq, head.entry, head.at) if head else None
        real = (chain.seq, chain.entry, chain.at) if chain else None
        if said != real:
            report.found(f"chuỗi {key[0][:8]}", "Đầu chuỗi khác bút ký cuối: có bút ký bị xoá hoặc thêm")


def _check_desk(connection: Connection, keys: dict[str, bytes], report: Report) -> None:
    plain = connection.scalar(select(local.c.value).where(local.c.key == "desk"))
    if plain is None:
        if report.entries:
            report.found("quầy", "Mất thông tin của quầy này")
        return
    granted = _check_grants(connection, report)
    for device, key in keys.items():
        if (device, key.hex()) not in granted.values():
            report.found(f"quầy {device[:8]}", "Khoá của quầy không có trong giấy cấp quyền nào")
    try:
        desk = json.loads(plain)
        public = SigningKey(bytes.fromhex(desk["secret"])).public
        own = (desk["device"], public.hex())
    except _UNREADABLE:
        report.found("quầy", "Thông tin của quầy này bị hỏng")
        return
    if keys.get(desk["device"]) != public or granted.get(desk["grant"]) != own:
        report.found("quầy", "Khoá ký của quầy không khớp khoá đã đăng ký và được cấp quyền")


def _check_grants(connection: Connection, report: Report) -> dict[str, tuple[str, str]]:
    """Device and public key by the id of the grant that names them; an id is the grant's own hash."""
    granted: dict[str, tuple[str, str]] = {}
    rows = select(reference.c.key, reference.c.value).where(reference.c.kind == "grant")
    for key, value in connection.execute(rows):
        try:
            grant = json.loads(value)
            if entry_id(canonical(grant)) != key:
                raise ValueError("another grant than its id says")
            granted[key] = (grant["device"], grant["public"])
        except _UNREADABLE:
            report.found(f"giấy cấp quyền {key[:8]}", "Giấy cấp quyền của quầy bị sửa")
    return granted


def _check_dossiers(connection: Connection, report: Report, progress: Progress) -> dict[str, int]:
    """The search words each journal gives, as a hash by dossier: a million sets would not fit."""
    words: dict[str, int] = {}
    rows = {row.id: row for row in connection.execute(select(dossiers))}
    journals = list_journals(connection)
    for number, dossier_id in enumerate(journals, start=1):
        report.dossiers += 1
        dossier = _check_dossier(connection, dossier_id, rows.pop(dossier_id, None), report)
        if dossier is not None:
            words[dossier_id] = hash(frozenset(query_words(search_words(dossier))))
        if number % 200 == 0:
            progress(number, len(journals), "So nhật ký với danh sách hồ sơ")
    for row in rows.values():
        report.found(row.code, "Hồ sơ có trong danh sách nhưng không có nhật ký")
    return words


def _check_dossier(connection: Connection, dossier_id: str, row: Any, report: Report) -> Dossier | None:
    try:
        dossier = _walk(connection, dossier_id, report)
    except _UNREADABLE:
        report.found(dossier_id[:12], "Không đọc được nhật ký của hồ sơ")
        return None
    if dossier is None or row is None:
        report.found(dossier_id[:12], "Nhật ký có nhưng hồ sơ không có trong danh sách")
        return dossier
    name = dossier.code or dossier_id[:12]
    for column, value in row_of(dossier).items():
        if getattr(row, column) != value:
            report.found(name, f"Cột “{column}” khác với nhật ký")
    for conflict in dossier.conflicts:
        report.found(
            dossier.code or dossier_id[:12], f"Bút ký {conflict[:12]} không hợp lệ ở trạng thái lúc đó"
        )
    return dossier


def _walk(connection: Connection, dossier_id: str, report: Report) -> Dossier | None:
    """Folds a journal, checking on the way that each entry builds on what stood before it."""
    dossier: Dossier | None = None
    known: set[str] = set()
    statement = select(entries).where(entries.c.dossier == dossier_id).order_by(entries.c.n)
    for row in connection.execute(statement):
        entry: Entry = entry_of(row)
        if not set(entry.header.parents) <= known:
            report.found(entry.id[:12], "Bút ký dựa trên bút ký không có trong hồ sơ")
        known.add(entry.id)
        dossier = apply(dossier, entry.header, entry.id, entry.facts(), Verdict(row.verdict))
    return dossier


def _check_search(connection: Connection, known: dict[str, int], report: Report) -> None:
    """The search index holds exactly the words of each dossier."""
    numbers = {row.n: row for row in connection.execute(select(dossiers.c.n, dossiers.c.id, dossiers.c.code))}
    for number, words in _indexed(connection):
        row = numbers.pop(number, None)
        if row is None:
            report.found(f"chỉ mục {number}", "Chỉ mục tìm kiếm có hồ sơ lạ")
            continue
        if hash(frozenset(words)) != known.get(row.id):
            report.found(row.code, "Chỉ mục tìm kiếm khác với nhật ký")
    for row in numbers.values():
        report.found(row.code, "Hồ sơ không có trong chỉ mục tìm kiếm")


def _indexed(connection: Connection) -> Iterator[tuple[int, set[str]]]:
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab(main, search, instance)"
    )
    held: dict[int, set[str]] = {}
    for term, number in connection.exec_driver_sql("SELECT term, doc FROM temp.search_words"):
        held.setdefault(number, set()).add(term)
    yield from held.items()


def _check_serials(connection: Connection, report: Report) -> None:
    """A counter set back would print a code twice."""
    drawn = {row.series: row.last for row in connection.execute(select(serials))}
    used: dict[str, int] = {}
    for row in connection.execute(select(dossiers.c.code, dossiers.c.received_at, dossiers.c.register_no)):
        try:
            agency, day, serial = row.code.rsplit("-", 2)
            drawn_here = {f"code {agency} {day}": int(serial), f"register 20{day[:2]}": int(row.register_no)}
        except (ValueError, TypeError):
            continue  # said already by the dossier's own check
        for series, number in drawn_here.items():
            used[series] = max(used.get(series, 0), number)
    for series in used.keys() | drawn.keys():
        if drawn.get(series) != used.get(series):
            report.found(series, "Số đã cấp khác với số trong sổ: có thể cấp trùng hoặc bỏ số")
