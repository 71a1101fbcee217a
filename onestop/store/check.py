"""Looking for damage: every chain, every signature, every fold against its projection.

Whatever was edited in the file by other means than `record` shows up here as a finding in
words. `rebuild_store` makes all projections anew from the journals.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, delete, select, text

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier
from onestop.domain.entry import EntryError
from onestop.domain.fold import fold
from onestop.domain.work import query_words, search_words
from onestop.store.check_chains import check_chains
from onestop.store.check_papers import check_papers
from onestop.store.check_trust import check_trust, own_device
from onestop.store.journal import list_journals, read_dossier, read_journal
from onestop.store.projection import UNFOLDED, index_words, row_of
from onestop.store.report import Finding, Progress, Report, quiet
from onestop.store.rows import drop_local, get_local, put_local
from onestop.store.store import Store
from onestop.store.tables import dossiers, entries, peers, serials, shelf, tray
from onestop.store.taking import WANT
from onestop.store.tray import TrayRow, keep_tray, tray_of

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
        check_pages(connection, report)
        own = own_device(connection)
        check_chains(connection, own, report, progress, every_signature)
        check_trust(connection, report)
        words = _check_dossiers(connection, report, progress)
        _check_search(connection, words, report)
        _check_serials(connection, own, report)
        check_papers(store, connection, own, report, progress)
    return report


def rebuild_store(store: Store, progress: Progress = quiet) -> int:
    """All rows and search words anew from the journals, in one transaction; how many dossiers."""
    with store.write() as connection:
        connection.execute(delete(dossiers))
        connection.execute(delete(tray))
        connection.execute(text("INSERT INTO search(search) VALUES ('delete-all')"))
        journals = list_journals(connection)
        for number, dossier_id in enumerate(journals, start=1):
            dossier = _folded(connection, dossier_id)
            if dossier is not None:
                inserted = connection.execute(dossiers.insert().values(n=number, **row_of(dossier)))
                assert inserted.rowcount == 1
                index_words(connection, number, search_words(dossier))
            keep_tray(connection, dossier_id, dossier)
            progress(number, len(journals), "Dựng lại hồ sơ")
    return len(journals)


def _folded(connection: Connection, dossier_id: str) -> Dossier | None:
    """One journal that this program cannot fold does not keep the others from being shown."""
    try:
        dossier = read_dossier(connection, dossier_id)
    except _UNREADABLE:
        put_local(connection, UNFOLDED + dossier_id, True)
        return None
    drop_local(connection, UNFOLDED + dossier_id)
    return dossier


def check_pages(connection: Connection, report: Report) -> None:
    """The encrypted file itself, page by page; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check"):
        report.found("tệp kho", f"Trang dữ liệu hỏng: {said}")
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said != "ok":
            report.found("tệp kho", f"Cấu trúc tệp hỏng: {said}")
    # The program makes neither; one put in by other hands would change rows behind its back.
    foreign = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    for (name,) in connection.exec_driver_sql(foreign):
        report.found("tệp kho", f"Có phần lạ trong cấu trúc kho: {name}")


def _check_dossiers(connection: Connection, report: Report, progress: Progress) -> dict[str, int]:
    """The search words each journal gives, as a hash by dossier: a million sets would not fit."""
    words: dict[str, int] = {}
    rows = {row.id: row for row in connection.execute(select(dossiers))}
    trays = _trays(connection)
    is_alone = connection.execute(select(peers.c.log).limit(1)).first() is None
    journals = list_journals(connection)
    for number, dossier_id in enumerate(journals, start=1):
        report.dossiers += 1
        dossier = _check_dossier(connection, dossier_id, rows.pop(dossier_id, None), report)
        _check_tray(connection, dossier_id, dossier, trays.pop(dossier_id, set()), is_alone, report)
        if dossier is not None:
            words[dossier_id] = hash(frozenset(query_words(search_words(dossier))))
        if number % 200 == 0:
            progress(number, len(journals), "So nhật ký với danh sách hồ sơ")
    for row in rows.values():
        report.found(row.code, "Hồ sơ có trong danh sách nhưng không có nhật ký")
    for dossier_id in trays:
        report.found(dossier_id[:12], "Khay việc cần xem có hồ sơ lạ")
    return words


def _trays(connection: Connection) -> dict[str, set[TrayRow]]:
    trays: dict[str, set[TrayRow]] = {}
    for row in connection.execute(select(tray)):
        trays.setdefault(row.dossier, set()).add((row.entry, row.verdict, row.code, row.at))
    return trays


def _check_dossier(connection: Connection, dossier_id: str, row: Any, report: Report) -> Dossier | None:
    try:
        dossier = _walk(connection, dossier_id, report)
    except _UNREADABLE:
        is_marked = get_local(connection, UNFOLDED + dossier_id) is not None
        say = report.note if is_marked else report.found
        say(dossier_id[:12], "Không đọc được nhật ký của hồ sơ")
        return None
    if (dossier is None) != (row is None):
        report.found(dossier_id[:12], "Nhật ký có nhưng hồ sơ không có trong danh sách")
    if dossier is None or row is None:
        return dossier
    name = dossier.code or dossier_id[:12]
    for column, value in row_of(dossier).items():
        if getattr(row, column) != value:
            report.found(name, f"Cột “{column}” khác với nhật ký")
    return dossier


def _check_tray(
    connection: Connection,
    dossier_id: str,
    dossier: Dossier | None,
    kept: set[TrayRow],
    is_alone: bool,
    report: Report,
) -> None:
    """What waits for a person is there. A desk alone has nothing that could."""
    name = (dossier.code if dossier else "") or dossier_id[:12]
    if is_alone and not kept:
        for conflict in dossier.conflicts if dossier else ():
            report.found(name, f"Bút ký {conflict[:12]} không hợp lệ ở trạng thái lúc đó")
    elif kept != set(tray_of(connection, dossier_id, dossier)):
        report.found(name, "Khay việc cần xem khác với nhật ký")


def _walk(connection: Connection, dossier_id: str, report: Report) -> Dossier | None:
    """Folds a journal, checking on the way that each entry builds on what stood before it."""
    journal = read_journal(connection, dossier_id)
    known: set[str] = set()
    for entry, _ in journal:
        if not set(entry.header.parents) <= known and _is_whole(connection, dossier_id):
            report.found(entry.id[:12], "Bút ký dựa trên bút ký không có trong hồ sơ")
        known.add(entry.id)
    return fold(journal)


def _is_whole(connection: Connection, dossier_id: str) -> bool:
    """Whether the journal should be here from its beginning: neither to be fetched, nor come by a
    slip, nor in part on the shelf."""
    if get_local(connection, WANT + dossier_id) is not None:
        return False
    first = select(entries.c.kind).where(entries.c.dossier == dossier_id).order_by(entries.c.n).limit(1)
    if connection.scalar(first) == Act.TRANSFER_OUT.value:
        return False
    shelved = select(shelf.c.id).where(shelf.c.dossier == dossier_id).limit(1)
    return connection.execute(shelved).first() is None


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
        if known.get(row.id) != _WORDLESS:
            report.found(row.code, "Hồ sơ không có trong chỉ mục tìm kiếm")


_WORDLESS = hash(frozenset[str]())
"""Of a dossier whose intake has no effect (it lies on the shelf): nothing to find it by."""


def _indexed(connection: Connection) -> Iterator[tuple[int, set[str]]]:
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab(main, search, instance)"
    )
    held: dict[int, set[str]] = {}
    for term, number in connection.exec_driver_sql("SELECT term, doc FROM temp.search_words"):
        held.setdefault(number, set()).add(term)
    yield from held.items()


def _check_serials(connection: Connection, own: str, report: Report) -> None:
    """A counter set back would print a code twice. Numbers of dossiers begun at this desk only."""
    drawn = {row.series: row.last for row in connection.execute(select(serials))}
    used: dict[str, int] = {}
    for code, register_no in connection.exec_driver_sql(_BEGUN_HERE, (own,)):
        try:
            agency, day, serial = code.rsplit("-", 2)
            drawn_here = {f"code {agency} {day}": int(serial), f"register 20{day[:2]}": int(register_no)}
        except (ValueError, TypeError):
            continue  # said already by the dossier's own check
        for series, number in drawn_here.items():
            used[series] = max(used.get(series, 0), number)
    is_exact = connection.exec_driver_sql(_HIDES_NUMBERS, (own, own)).first() is None
    for series in used.keys() | drawn.keys():
        last, most = drawn.get(series), used.get(series)
        if last != most and (is_exact or last is None or last < (most or 0)):
            report.found(series, "Số đã cấp khác với số trong sổ: có thể cấp trùng hoặc bỏ số")


_BEGUN_HERE = (
    "SELECT code, register_no FROM dossiers AS d WHERE "
    "(SELECT device FROM entries AS e WHERE e.dossier = d.id ORDER BY n LIMIT 1) = ?"
)
# A voided, erased or set aside intake keeps its number and does not show it any more.
_HIDES_NUMBERS = (
    "SELECT 1 FROM entries WHERE kind IN ('void', 'erase') OR (device = ? AND verdict != 'accepted') "
    "UNION ALL SELECT 1 FROM shelf WHERE device = ? LIMIT 1"
)
