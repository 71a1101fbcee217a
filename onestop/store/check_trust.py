"""Looking for damage among what a desk believes: its key, its hub, what the root stated and signed."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.checkpoint import checkpoint_from, is_checkpoint_signed
from onestop.domain.entry import EntryError, canonical, entry_id
from onestop.domain.signing import SigningKey
from onestop.domain.statement import read_statement, statement_id, statement_subject
from onestop.store.log import log_id
from onestop.store.report import Report
from onestop.store.tables import (
    devices,
    entries,
    local,
    officer_grants,
    peers,
    reference,
    shelf,
    standing,
    statements,
)
from onestop.store.trust import OFFICE

_UNREADABLE = (EntryError, ValueError, TypeError, KeyError, AttributeError)

Granted = dict[str, tuple[str, str]]
"""Device and public key, by the id of the grant or statement that names them."""


def own_device(connection: Connection) -> str:
    """The name of this desk's device; empty when the store does not say."""
    try:
        return str(json.loads(_local(connection, "desk") or "")["device"])
    except _UNREADABLE:
        return ""


def check_trust(connection: Connection, report: Report) -> None:
    root = _check_peers(connection, report)
    stated = _check_statements(connection, root, report)
    granted = _check_self_grants(connection, report)
    granted |= {ident: (p["device"], p["public"]) for ident, p in stated.items() if p["kind"] == "device"}
    _check_devices(connection, granted, report)
    _check_desk(connection, granted, report)
    _check_officers(connection, stated, report)
    _check_standing(connection, root, report)
    _note_shelf(connection, report)


def _local(connection: Connection, key: str) -> str | None:
    value: str | None = connection.scalar(select(local.c.value).where(local.c.key == key))
    return value


def _check_peers(connection: Connection, report: Report) -> Any:
    root = None
    for peer in connection.execute(select(peers)):
        root = peer if peer.kind == "root" else root
        if not isinstance(peer.public_key, bytes) or log_id(peer.public_key) != peer.log:
            report.found("máy chủ", "Khoá nhật ký của máy chủ bị đổi")
        elif peer.checkpoint is not None and not _is_checkpoint_sound(peer):
            report.found("máy chủ", "Mốc nhật ký của máy chủ bị sửa")
    return root


def _is_checkpoint_sound(peer: Any) -> bool:
    try:
        signed = checkpoint_from(json.loads(peer.checkpoint))
    except _UNREADABLE:
        return False
    # Of an earlier epoch it is the last one that could be checked: the new one came by the relay.
    return signed.checkpoint.log == peer.log and is_checkpoint_signed(peer.public_key, signed)


def _check_statements(connection: Connection, root: Any, report: Report) -> dict[str, dict[str, Any]]:
    """What each statement says, by id; those that the root did not sign are findings."""
    stated: dict[str, dict[str, Any]] = {}
    for row in connection.execute(select(statements).order_by(statements.c.cursor)):
        try:
            plain = read_statement(root.public_key, row.body, row.signature)
            said = (statement_id(row.body), plain["kind"], statement_subject(plain))
            if said != (row.id, row.kind, row.subject):
                raise ValueError("another statement than its row says")
            stated[row.id] = plain
        except _UNREADABLE:
            report.found(f"văn bản {str(row.id)[:8]}", "Văn bản cấp quyền của máy chủ bị sửa")
    return stated


def _check_self_grants(connection: Connection, report: Report) -> Granted:
    """An id is the grant's own hash."""
    granted: Granted = {}
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


def _check_devices(connection: Connection, granted: Granted, report: Report) -> None:
    known = {(row.device, bytes(row.public_key).hex()) for row in connection.execute(select(devices))}
    for device, _ in known - set(granted.values()):
        report.found(f"quầy {device[:8]}", "Khoá của quầy không có trong giấy cấp quyền nào")
    for device, _ in set(granted.values()) - known:
        report.found(f"quầy {device[:8]}", "Mất khoá của một quầy đã được cấp quyền")


def _check_desk(connection: Connection, granted: Granted, report: Report) -> None:
    plain = _local(connection, "desk")
    if plain is None:
        if connection.execute(select(entries.c.n).limit(1)).first():
            report.found("quầy", "Mất thông tin của quầy này")
        return
    try:
        desk = json.loads(plain)
        public = SigningKey(bytes.fromhex(desk["secret"])).public
        own = (desk["device"], public.hex())
    except _UNREADABLE:
        report.found("quầy", "Thông tin của quầy này bị hỏng")
        return
    key = connection.scalar(select(devices.c.public_key).where(devices.c.device == desk["device"]))
    if key != public or granted.get(desk["grant"]) != own:
        report.found("quầy", "Khoá ký của quầy không khớp khoá đã đăng ký và được cấp quyền")


def _check_officers(connection: Connection, stated: Mapping[str, Mapping[str, Any]], report: Report) -> None:
    """Grants of officers are the root's, for this office, and not taken back."""
    office = _check_office(connection, stated, report)
    revoked = {plain["subject"] for plain in stated.values() if plain["kind"] == "revoke"}
    mine = {
        ident: plain
        for ident, plain in stated.items()
        if plain["kind"] == "grant" and plain["office"] in ("", office) and ident not in revoked
    }
    rows = {row.officer: row for row in connection.execute(select(officer_grants))}
    for row in rows.values():
        plain = mine.get(row.grant)
        if plain is None or (plain["officer"], plain["to"]) != (row.officer, row.until):
            report.found(f"cán bộ {row.officer}", "Quyền của cán bộ không do máy chủ cấp")
    for officer in {plain["officer"] for plain in mine.values()} - rows.keys() - revoked:
        report.found(f"cán bộ {officer}", "Mất quyền của cán bộ mà máy chủ đã cấp")


def _check_office(connection: Connection, stated: Mapping[str, Mapping[str, Any]], report: Report) -> str:
    """The agency this desk works for is the one the root stated."""
    plain = _local(connection, OFFICE)
    office = str(json.loads(plain)) if plain else ""
    own = own_device(connection)
    said = [each["office"] for each in stated.values() if each["kind"] == "device" and each["device"] == own]
    if said and office not in said:
        report.found("quầy", "Cơ quan của quầy khác với văn bản của máy chủ")
    return office


def _check_standing(connection: Connection, root: Any, report: Report) -> None:
    rows = connection.execute(select(standing)).all()
    if len(rows) > 1:
        report.found("quầy", "Vị thế của quầy bị sửa")
    for row in rows:
        knows = row.epoch is not None or row.cursor != 0 or row.server_at is not None
        if not row.incarnation or (knows and root is None) or (row.epoch and row.epoch != root.epoch):
            report.found("quầy", "Vị thế của quầy bị sửa")


def _note_shelf(connection: Connection, report: Report) -> None:
    """What lies on the shelf is no damage; what was put there by other hands is."""
    for row in connection.execute(select(shelf)):
        if sha256(row.raw).hexdigest() != row.id:
            report.found(f"kệ {row.id[:8]}", "Nội dung trên kệ cách ly bị sửa")
        else:
            report.note(f"kệ {row.id[:8]}", f"Dữ liệu đang cách ly ({row.code})")
