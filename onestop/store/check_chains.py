"""Looking for damage among entries: every chain, every signature, every verdict's reason."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.acts import Act
from onestop.domain.entry import EntryError, body_hash, entry_id, require_canonical, signed_message
from onestop.domain.fold import Verdict
from onestop.domain.judge import CODES
from onestop.domain.settle import settle
from onestop.domain.signing import is_signed
from onestop.store.journal import read_journal
from onestop.store.report import Progress, Report
from onestop.store.tables import device_heads, devices, entries, outbox, peers, shelf

_UNREADABLE = (EntryError, ValueError, TypeError, KeyError, AttributeError)


@dataclass(slots=True)
class _Chain:
    seq: int = 0
    entry: str | None = None
    at: str = ""
    unproven: tuple[bytes, bytes] | None = None


@dataclass(slots=True)
class _Look:
    """What is known while the entries are walked through, chain by chain."""

    report: Report
    own: str
    keys: dict[str, bytes]
    is_alone: bool
    every_signature: bool
    outbox: dict[int, Any]
    erased: set[str]
    claims: set[tuple[str, str, int]]
    cursors: set[int] = field(default_factory=set)
    chains: dict[tuple[str, str], _Chain] = field(default_factory=dict)


def check_chains(
    connection: Connection, own: str, report: Report, progress: Progress, every_signature: bool
) -> None:
    look = _begin(connection, own, report, every_signature)
    total = connection.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()
    ordered = select(entries).order_by(entries.c.device, entries.c.incarnation, entries.c.seq, entries.c.n)
    for row in connection.execute(ordered):
        report.entries += 1
        _check_row(look, row)
        if report.entries % 500 == 0:
            progress(report.entries, total, "Kiểm tra chuỗi và chữ ký")
    for number in look.outbox:
        report.found(f"bút ký số {number}", "Có trong hàng chờ gửi nhưng đã mất khỏi nhật ký")
    for (device, _), chain in look.chains.items():
        _prove(look, device, chain)
    _check_heads(connection, look)


def _begin(connection: Connection, own: str, report: Report, every_signature: bool) -> _Look:
    return _Look(
        report=report,
        own=own,
        keys={row.device: row.public_key for row in connection.execute(select(devices))},
        is_alone=connection.execute(select(peers.c.log).limit(1)).first() is None,
        every_signature=every_signature,
        outbox={row.entry: row for row in connection.execute(select(outbox))},
        erased=set(_erased(connection)),
        claims={tuple(row) for row in connection.execute(select(*_CLAIM))},
    )


_CLAIM = (shelf.c.device, shelf.c.incarnation, shelf.c.seq)


def _erased(connection: Connection) -> Iterator[str]:
    """Ids whose bodies an erase entry in force took away."""
    wanted = select(entries.c.dossier).where(entries.c.kind == Act.ERASE.value).distinct()
    for (dossier,) in connection.execute(wanted).all():
        try:
            yield from settle(read_journal(connection, dossier)).erased
        except _UNREADABLE:
            continue  # said already by the dossier's own check


def _check_row(look: _Look, row: Any) -> None:
    queued = look.outbox.pop(row.n, None) if isinstance(row.n, int) else None
    if not _is_sound(row):
        look.report.found(f"bút ký số {row.n}", "Cột có kiểu dữ liệu lạ")
        return
    _check_queued(look, row, queued)
    _check_word(look, row, queued)
    prev = _check_entry(look, row)
    chain = look.chains.setdefault((row.device, row.incarnation), _Chain())
    _check_link(look, row, prev, chain)
    proof = (row.header, row.signature)
    if look.every_signature:
        _check_signature(look, row.device, proof, row.id.hex())
    else:
        chain.unproven = proof


def _is_sound(row: Any) -> bool:
    """Whether every column holds its type: SQLite itself would take any."""
    raws = isinstance(row.id, bytes) and isinstance(row.header, bytes) and isinstance(row.signature, bytes)
    bodies = all(isinstance(part, bytes | None) for part in (row.body, row.salt))
    texts = all(isinstance(part, str) for part in (row.device, row.incarnation, row.kind, row.at))
    numbers = isinstance(row.seq, int) and all(isinstance(n, int | None) for n in (row.cursor, row.place))
    words = all(isinstance(part, str | None) for part in (row.code, row.received_at, row.placed_at))
    return raws and bodies and texts and numbers and words


def _check_queued(look: _Look, row: Any, queued: Any) -> None:
    """What the root has not numbered waits to be sent; what it has, does not."""
    where = row.id.hex()[:12]
    if row.cursor is not None and queued is not None:
        look.report.found(where, "Máy chủ đã có bút ký nhưng bút ký còn trong hàng chờ gửi")
    if row.cursor is None and queued is None and row.device == look.own:
        look.report.found(where, "Bút ký chưa gửi nhưng không có trong hàng chờ gửi")
    if queued is not None and queued.verdict not in ("", Verdict.HELD, Verdict.QUARANTINED):
        look.report.found(where, "Hàng chờ gửi ghi phán quyết lạ")


def _check_word(look: _Look, row: Any, queued: Any) -> None:
    """Verdict, number and reason go together."""
    where, found = row.id.hex()[:12], look.report.found
    if row.cursor is None:
        is_set_aside = queued is not None and queued.verdict == Verdict.QUARANTINED
        allowed = {Verdict.ACCEPTED, Verdict.QUARANTINED} if is_set_aside else {Verdict.ACCEPTED}
        if row.verdict not in allowed:
            found(where, "Phán quyết bị đổi mà không có biên nhận của máy chủ")
    elif look.is_alone:
        found(where, "Có số thứ tự của máy chủ nhưng máy này chưa nối máy chủ")
    elif row.cursor in look.cursors or row.cursor < 1 or row.received_at is None:
        found(where, "Số thứ tự của máy chủ bị sửa")
    look.cursors |= {row.cursor} - {None}
    is_reasoned = row.code in CODES or (row.code is None and row.verdict == Verdict.ACCEPTED)
    if not is_reasoned or row.verdict not in tuple(Verdict):
        found(where, "Phán quyết không có lý do của máy chủ")


def _check_entry(look: _Look, row: Any) -> str | None:
    """The id of the entry before it, as its header says."""
    where, found = row.id.hex()[:12], look.report.found
    try:
        header = require_canonical(row.header)
    except EntryError:
        found(where, "Phần đầu bút ký không đúng dạng chuẩn")
        return None
    if entry_id(row.header) != row.id.hex():
        found(where, "Mã băm của bút ký không khớp nội dung")
    columns = (row.dossier, row.device, row.incarnation, row.seq, row.kind, row.at)
    said = (header.dossier, header.device, header.incarnation, header.seq, header.kind, header.at)
    if columns != said:
        found(where, "Cột tra cứu khác với phần đầu đã ký")
    if row.body is None or row.salt is None:
        if (row.body, row.salt) != (None, None) or row.id.hex() not in look.erased:
            found(where, "Mất nội dung bút ký mà không có quyết định xoá")
    elif body_hash(row.salt, row.body) != header.body_hash or len(row.body) != header.body_length:
        found(where, "Nội dung bút ký bị sửa")
    return header.prev


def _check_link(look: _Look, row: Any, prev: str | None, chain: _Chain) -> None:
    """A chain of this desk has no gap. Of others it has: what is out of this office's scope."""
    where, found = row.id.hex()[:12], look.report.found
    is_next = row.seq == chain.seq + 1
    if is_next and prev != chain.entry:
        found(where, "Bút ký không nối vào bút ký trước")
    elif not is_next:
        # On the shelf lies what these numbers claim to be; nothing is lost.
        missing = range(chain.seq + 1, row.seq)
        is_kept = bool(missing) and all((row.device, row.incarnation, n) in look.claims for n in missing)
        if row.device == look.own and not is_kept:
            found(where, f"Chuỗi của quầy đứt: sau số {chain.seq} là số {row.seq}")
        _prove(look, row.device, chain)
    if row.at < chain.at and row.device == look.own:
        found(where, "Giờ ghi chạy lùi trong chuỗi")
    chain.seq, chain.entry, chain.at = row.seq, row.id.hex(), row.at


def _prove(look: _Look, device: str, chain: _Chain) -> None:
    """The signature of a run's last entry proves all before it."""
    if chain.unproven is not None:
        _check_signature(look, device, chain.unproven, chain.entry or "")
        chain.unproven = None


def _check_signature(look: _Look, device: str, proof: tuple[bytes, bytes], where: str) -> None:
    header, signature = proof
    key = look.keys.get(device)
    if key is None:
        look.report.found(where[:12], "Không biết khoá của quầy đã ký")
    elif not is_signed(key, signed_message(header), signature):
        look.report.found(where[:12], "Chữ ký sai")


def _check_heads(connection: Connection, look: _Look) -> None:
    heads = {(row.device, row.incarnation): row for row in connection.execute(select(device_heads))}
    for key in heads.keys() | look.chains.keys():
        head, chain = heads.get(key), look.chains.get(key)
        said = (head.seq, head.entry, head.at) if head else None
        real = (chain.seq, chain.entry, chain.at) if chain else None
        if said != real:
            words = "Đầu chuỗi khác bút ký cuối: có bút ký bị xoá hoặc thêm"
            look.report.found(f"chuỗi {key[0][:8]}", words)
