"""How a machine joins: a code given on paper once, good for ten minutes, used by one machine."""

import base64
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, update

from onestop.domain.code import DEFAULT_POLICY
from onestop.domain.entry import EntryError
from onestop.domain.moment import to_wire
from onestop.domain.statement import Statement
from onestop.errors import RuleError
from onestop.store.log import Ledger, lock_tail
from onestop.store.statements import add_statement, device_of, is_device_revoked, list_stated
from onestop.store.tables import enrolments

GOOD_FOR = timedelta(minutes=10)
_CODE_BYTES = 20
_DEVICE = re.compile(r"[A-Za-z0-9-]{8,64}")


def make_enrolment(connection: Connection, office: str, kind: str, name: str, now: datetime) -> str:
    """A new code for one `desk` or `relay` of an office: 160 bits, groups of four letters and digits.

    Only its hash is kept.
    """
    if kind not in ("desk", "relay"):
        raise ValueError(f"{kind!r} is neither desk nor relay")
    code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    row = {"code_hash": _hash(code), "office": office, "kind": kind, "name": name}
    connection.execute(enrolments.insert().values(row | {"until": to_wire(now + GOOD_FOR), "device": None}))
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def use_enrolment(
    connection: Connection,
    ledger: Ledger,
    code: str,
    public_key: bytes,
    wish: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Joins the machine that names the code. Again by the same machine: the same answer.

    `wish`: {device, index?, name?, self_grant?} and for a relay {log, log_key (hex)}.
    Answer: {device, kind, office, index, name, log, log_key, epoch, statement {id, body, signature}}.
    Raises RuleError: no such code, too late, used, or the device is known with another key.
    """
    if ledger.is_relay:
        raise RuleError("Máy trung chuyển không ghi danh được", "Hãy ghi danh với máy chủ của tỉnh.")
    lock_tail(connection, ledger)  # two machines with one code come one after the other
    row = _find(connection, code, now)
    device = _device(connection, row, wish, public_key)
    if row.kind == "relay":
        plain = _relay(row, device, public_key, wish)
    else:
        plain = _desk(connection, row, device, public_key, wish)
    try:
        statement = add_statement(connection, ledger, plain, now)
    except EntryError as error:
        raise RuleError(
            "Thông tin của máy không đúng dạng", "Hãy cập nhật chương trình rồi thử lại."
        ) from error
    used = update(enrolments).where(enrolments.c.code_hash == row.code_hash)
    connection.execute(used.values(device=device))
    return _answer(ledger, row, plain, statement)


def _hash(code: str) -> str:
    letters = "".join(code.split()).replace("-", "").upper()
    return sha256(b"mc.enrol.1\0" + letters.encode()).hexdigest()


def _find(connection: Connection, code: str, now: datetime) -> Any:
    row = connection.execute(select(enrolments).where(enrolments.c.code_hash == _hash(code))).one_or_none()
    if row is None:
        raise RuleError("Mã ghi danh không đúng", "Kiểm tra lại từng nhóm bốn ký tự trên giấy.", "code")
    if row.until < to_wire(now):
        raise RuleError("Mã ghi danh đã hết hạn", "Mã chỉ dùng được trong 10 phút. Hãy xin mã mới.", "code")
    return row


def _device(connection: Connection, row: Any, wish: Mapping[str, Any], public_key: bytes) -> str:
    """A desk that worked alone keeps the name it signed under."""
    device = wish.get("device")
    if not isinstance(device, str) or not _DEVICE.fullmatch(device) or len(public_key) != 32:
        raise RuleError("Thông tin của máy không đúng dạng", "Hãy cập nhật chương trình rồi thử lại.")
    if row.device is not None and row.device != device:
        raise RuleError(
            "Mã ghi danh đã được máy khác dùng", "Mỗi máy cần một mã riêng. Hãy xin mã mới.", "code"
        )
    known = device_of(connection, device)
    if known is not None and known["public"] != public_key.hex():
        raise RuleError(
            "Máy này đã ghi danh với khoá khác",
            "Máy đã cài lại phải mang tên mới. Hãy thiết lập lại máy rồi ghi danh.",
        )
    if is_device_revoked(connection, device):
        raise RuleError("Máy này đã bị thu hồi", "Hãy thiết lập lại máy với khoá mới rồi ghi danh.")
    return device


def _relay(row: Any, device: str, public_key: bytes, wish: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "relay",
        "device": device,
        "public": public_key.hex(),
        "log": wish.get("log"),
        "log_key": wish.get("log_key"),
        "office": row.office,
    }


def _desk(
    connection: Connection, row: Any, device: str, public_key: bytes, wish: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "kind": "device",
        "device": device,
        "public": public_key.hex(),
        "office": row.office,
        "index": _index(connection, row.office, device, wish.get("index")),
        "name": row.name or wish.get("name") or "",
        "by": "",
        "self_grant": wish.get("self_grant") or "",
    }


def _index(connection: Connection, office: str, device: str, wanted: object) -> int:
    """The desk's number, which its dossier codes hang on: its own if still free, else the lowest."""
    stated = {one.plain["device"]: one.plain for one in list_stated(connection, "device")}
    known = stated.get(device)
    if known is not None and known["office"] == office:
        return int(known["index"])
    revoked = {one.plain["subject"] for one in list_stated(connection, "revoke")}
    used = {p["index"] for p in stated.values() if p["office"] == office and p["device"] not in revoked}
    free = [index for index in range(1, DEFAULT_POLICY.desks + 1) if index not in used]
    if not free:
        raise RuleError(
            f"Cơ quan đã có đủ {DEFAULT_POLICY.desks} quầy",
            "Hãy thu hồi một quầy cũ, hoặc liên hệ quản trị tỉnh.",
        )
    return wanted if isinstance(wanted, int) and wanted in free else free[0]


def _answer(ledger: Ledger, row: Any, plain: Mapping[str, Any], statement: Statement) -> dict[str, Any]:
    return {
        "device": plain["device"],
        "kind": row.kind,
        "office": row.office,
        "index": plain.get("index", 0),
        "name": plain.get("name", row.name),
        "log": ledger.log,
        "log_key": ledger.key.public.hex(),
        "epoch": ledger.epoch,
        "statement": {
            "id": statement.id,
            "body": statement.body.decode(),
            "signature": base64.b64encode(statement.signature).decode(),
        },
    }
