"""Rows of one office written at the root: who may, what must not be, and officers' grants with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onestop.domain.state import Role
from onestop.errors import ConflictError, RuleError
from onestop.hub.admin import GRANT_LIFE
from onestop.hub.hub import Hub
from onestop.office.row_shape import require_readable
from onestop.store.listening import ring
from onestop.store.office_rows import list_rows, newest_versions, put_all, row_name
from onestop.store.statements import Stated, grant, grants_at, list_stated, revoke


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row as it shall be, and the version that its author saw ("" for none)."""

    kind: str
    key: str
    value: Any
    was: str


def put_office_change(hub: Hub, office: str, officer: str, rows: Sequence[SentRow], now: datetime) -> int:
    """All of them or none; how many are others. Raises PermissionError for an officer who does not
    administer the office now, InputError or EntryError for a row that no desk could read, RuleError for
    one that is not the office's to change, ConflictError when somebody else changed one meanwhile."""
    plain = [(row.kind, row.key, row.value) for row in rows]
    require_readable(plain)
    _require_own(office, rows)
    with hub.store.write() as connection:
        _require_admin(connection, office, officer, now)
        _require_seen(connection, office, rows)
        settle_grants(connection, hub, office, plain, now)
        count = put_all(connection, hub.ledger, office, plain, now)
        ring(connection)
    return count


def _require_admin(connection: Connection, office: str, officer: str, now: datetime) -> None:
    for stated in grants_at(connection, now):
        plain = stated.plain
        if (plain["officer"], plain["office"]) == (officer, office) and Role.ADMIN.value in plain["roles"]:
            return
    raise PermissionError("this officer does not administer this office now")


def _require_own(office: str, rows: Sequence[SentRow]) -> None:
    for row in rows:
        if row.kind == "agency" and row.key != office:
            raise RuleError("Chỉ sửa được thông tin của chính cơ quan mình", "Bỏ dòng này rồi gửi lại.")
        # Who acts for another agency is not for one of the two to say: it would give itself rights.
        if row.kind == "merger" and row.value is not None and row.value["kind"] == "agency":
            raise RuleError(
                "Hợp nhất cơ quan do máy chủ của tỉnh ghi", "Nhờ quản trị của tỉnh: hub pack import TỆP."
            )


def _require_seen(connection: Connection, office: str, rows: Sequence[SentRow]) -> None:
    """A row that another desk changed since the author looked is not written over unseen."""
    here = newest_versions(connection, ("", office), {row.kind for row in rows})
    for row in rows:
        standing = here.get((row.kind, row.key))
        if standing is None or standing in {row.was, row_name(row.value)}:
            continue
        if not row.was and standing == row_name(None):
            continue
        raise ConflictError(
            f"Dòng “{row.key[:60]}” vừa được quầy khác đổi",
            "Chờ danh mục mới về quầy (F5), xem lại rồi lưu lần nữa.",
        )


# ---- officers -------------------------------------------------------------------------


def settle_grants(
    connection: Connection, hub: Hub, office: str, rows: Sequence[tuple[str, str, Any]], now: datetime
) -> None:
    """Whoever is an officer of the office by its rows may act as one, with these roles and no others.
    Raises RuleError for an id that is another office's."""
    changed = {key: value for kind, key, value in rows if kind == "officer"}
    if not changed:
        return
    before = {key: value for key, value in list_rows(connection, office, "officer") if key in changed}
    for key, value in changed.items():
        old = before.get(key)
        if old == value:
            continue
        if old is not None and (value is None or old["id"] != value["id"]):
            _take_back(connection, hub, office, old["id"], now)
        if value is not None:
            _give(connection, hub, office, value, now)


def _give(connection: Connection, hub: Hub, office: str, value: Any, now: datetime) -> None:
    stated = list_stated(connection, "grant", value["id"])
    if any(one.plain["office"] != office for one in stated):
        raise RuleError(
            f"Mã cán bộ “{value['id'][:40]}” đã thuộc cơ quan khác", "Chọn một mã khác cho cán bộ này."
        )
    standing = _standing(stated, connection, now)
    roles = {role for one in standing for role in one.plain["roles"]}
    if roles - set(value["roles"]):
        _take_back(connection, hub, office, value["id"], now)
    grant(
        connection,
        hub.ledger,
        officer=value["id"],
        name=value["name"],
        roles=[Role(role) for role in value["roles"]],
        unit=value["unit"],
        office=office,
        begins=now,
        ends=now + GRANT_LIFE,
        now=now,
    )


def _standing(stated: Sequence[Stated], connection: Connection, now: datetime) -> list[Stated]:
    ids = {one.id for one in stated}
    return [one for one in grants_at(connection, now) if one.id in ids]


def _take_back(connection: Connection, hub: Hub, office: str, officer: str, now: datetime) -> None:
    if any(one.plain["office"] == office for one in list_stated(connection, "grant", officer)):
        revoke(connection, hub.ledger, "officer", officer, "Quản trị của cơ quan thay đổi cán bộ", now)
