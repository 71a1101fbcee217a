"""Joining a desk to a hub: a new one founded from the hub's answer, or one that worked alone.

The answer is that of `enrol`: {device, kind, office, index, name, log, log_key (hex), epoch,
statement {id, body, signature (base64)}}. Catalogue, units and officers come with the first pull.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onestop.domain.entry import EntryError
from onestop.domain.offer import Record
from onestop.domain.signing import SigningKey
from onestop.domain.statement import parse_statement
from onestop.errors import InputError, StoreError
from onestop.office.found import put_packs
from onestop.office.office import Office
from onestop.store.moves import queue_named_papers
from onestop.store.peers import ROOT, add_peer, peer_of
from onestop.store.rows import get_local, list_keys, put_local
from onestop.store.standing import found_standing
from onestop.store.store import Store
from onestop.store.taking import FOUNDED
from onestop.store.trust import OFFICE, statement_of, take_statement
from onestop.store.writer import new_id

_REPLACED = ("agency", "unit", "officer", "routing")
"""Kinds of rows that a desk founds for itself and that its hub then gives."""

Reply = Mapping[str, Any]


def new_device(now: datetime) -> dict[str, Any]:
    """What a new desk says of itself when it asks to be enrolled."""
    return {"device": new_id(now)}


def wish_of(office: Office) -> dict[str, Any]:
    """What a desk that worked alone says of itself: it keeps its name, its number and what it signed."""
    with office.store.read() as connection:
        desk = get_local(connection, "desk")
    return {
        "device": desk["device"],
        "index": desk["index"],
        "name": desk["name"],
        "self_grant": desk["grant"],
    }


def join_office(
    store: Store, reply: Reply, key: SigningKey, now: datetime, beside: Mapping[str, Any] | None = None
) -> None:
    """A new desk of an office, in an empty store. Its catalogue is there after the first pull.

    `beside`: local rows that must stand from the same moment, such as where the hub is: a desk joined
    without it could neither call its hub nor be joined again.

    Raises InputError for an answer that the hub's own key did not sign, StoreError for a store
    that belongs to an office already.
    """
    _require_desk(reply)
    with store.write() as connection:
        if get_local(connection, "desk") is not None:
            raise StoreError("Máy này đã được thiết lập", "Hãy ghi danh quầy đang có, không lập quầy mới.")
        incarnation = secrets.token_hex(8)
        found_standing(connection, incarnation)
        desk = {"device": reply["device"], "incarnation": incarnation, "secret": key.secret.hex()}
        desk |= {"index": reply["index"], "name": reply["name"], "policy": 1}
        put_local(connection, "desk", desk | {"grant": reply["statement"]["id"]})
        put_local(connection, "is_practice", False)
        put_local(connection, "joined_at", now.isoformat())
        put_packs(connection)
        _meet(connection, reply, key.public)
        _put_beside(connection, beside)


def join_existing(office: Office, reply: Reply, beside: Mapping[str, Any] | None = None) -> Office:
    """Joins a desk that worked alone: device, chain and journal stay. The desk as it is now.

    `beside` as in `join_office`.

    Raises InputError: another agency's code, another device, or an answer the hub did not sign.
    """
    _require_desk(reply)
    agency = office.catalogue.agency.code
    if reply["office"] != agency:
        raise InputError(
            f"Mã ghi danh thuộc cơ quan {reply['office']}, quầy này của cơ quan {agency}",
            "Hồ sơ đã nhận mang mã của cơ quan đang có. Hãy xin mã ghi danh cho đúng cơ quan.",
            "code",
        )
    with office.store.write() as connection:
        desk = get_local(connection, "desk")
        if reply["device"] != desk["device"]:
            raise InputError("Máy chủ trả lời cho máy khác", "Hãy xin mã ghi danh mới rồi thử lại.", "code")
        put_local(connection, "desk", desk | {"index": reply["index"], "name": reply["name"]})
        put_local(connection, FOUNDED, {kind: list_keys(connection, kind) for kind in _REPLACED})
        _meet(connection, reply, office.pen.key.public)
        queue_named_papers(connection)
        _put_beside(connection, beside)
    return replace(office, desk=replace(office.desk, index=reply["index"], name=reply["name"]))


def _put_beside(connection: Connection, beside: Mapping[str, Any] | None) -> None:
    for key, value in (beside or {}).items():
        put_local(connection, key, value)


def is_joined(store: Store) -> bool:
    """Whether this desk has a root hub."""
    with store.read() as connection:
        return peer_of(connection, ROOT) is not None


def _require_desk(reply: Reply) -> None:
    if reply["kind"] != "desk":
        raise InputError("Mã ghi danh này dành cho máy trung chuyển", "Hãy xin mã ghi danh cho quầy.", "code")


def _meet(connection: Connection, reply: Reply, public: bytes) -> None:
    """The root, its key, and its first statement: that this device is a desk of this office."""
    root_key = bytes.fromhex(reply["log_key"])
    if peer_of(connection, ROOT) is not None:
        raise InputError(
            "Quầy đã ghi danh với một máy chủ", "Mỗi quầy chỉ thuộc một máy chủ của tỉnh.", "code"
        )
    add_peer(connection, reply["log"], ROOT, reply["epoch"], root_key)
    put_local(connection, OFFICE, reply["office"])
    told = reply["statement"]
    try:
        statement = statement_of(Record(0, "statement", told["id"], "", dict(told)))
        take_statement(connection, statement, None)
    except (EntryError, KeyError) as error:
        raise _unsigned() from error
    if not _is_stated(statement.body, reply, public):
        raise _unsigned()


def _is_stated(body: bytes, reply: Reply, public: bytes) -> bool:
    plain = parse_statement(body)
    said = (plain["kind"], plain["device"], plain.get("office"), plain["public"], plain.get("index"))
    return said == ("device", reply["device"], reply["office"], public.hex(), reply["index"])


def _unsigned() -> InputError:
    return InputError(
        "Trả lời của máy chủ không đúng chữ ký", "Hãy kiểm tra địa chỉ máy chủ rồi xin mã mới.", "code"
    )
