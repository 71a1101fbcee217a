"""The one writer: everything that happens to a dossier goes through `record`."""

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from onestop.domain.acts import REFOLDS, Act
from onestop.domain.dossier import Dossier
from onestop.domain.entry import (
    MAX_BODY,
    NEVER_SEEN,
    SALT_BYTES,
    BlobRef,
    Entry,
    EntryError,
    Header,
    Seen,
    body_hash,
    canonical,
    entry_id,
    header_bytes,
    signed_message,
)
from onestop.domain.fold import Verdict, apply
from onestop.domain.legality import Actor, acting_as, check_act
from onestop.domain.moment import from_wire, to_wire
from onestop.domain.signing import SigningKey
from onestop.domain.work import search_words
from onestop.errors import ConflictError, InputError
from onestop.store.journal import read_dossier
from onestop.store.moves import queue_uploads
from onestop.store.papers import give_blobs
from onestop.store.prepared import Prepared, insert_row
from onestop.store.projection import add_row, change_row, refold
from onestop.store.tables import (
    device_heads,
    devices,
    dossiers,
    entries,
    officer_grants,
    outbox,
    standing,
)


@dataclass(frozen=True, slots=True)
class Pen:
    """What a desk signs with: its chain, its key, the grant and policy it works under."""

    device: str
    incarnation: str
    key: SigningKey
    grant: str
    policy: int = 1
    seen: Seen = NEVER_SEEN


@dataclass(frozen=True, slots=True)
class Draft:
    """An act about to be recorded. `at` is when the officer did it; `mono` (boot id, ms)."""

    act: Act
    dossier: str
    actor: Actor
    at: datetime
    body: dict[str, Any]
    mono: tuple[str, int] = ("", 0)
    blobs: tuple[BlobRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: the entry, and the dossier as it stands now."""

    entry: Entry
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Head:
    """Where a desk's chain stands: its last entry, None before the first."""

    seq: int
    entry: str | None
    at: str


def new_id(at: datetime) -> str:
    """UUIDv7 (RFC 9562): sorts by the moment it was made."""
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (7 << 76)
    value = (value & ~(0x3 << 62)) | (2 << 62)
    return str(uuid.UUID(int=value))


def record(connection: Connection, pen: Pen, draft: Draft, known: Dossier | None = None) -> Recorded:
    """Appends one entry and updates every projection on an open write transaction.

    Nothing is saved before that transaction commits. `known`: the dossier as this very transaction
    has read it. Raises RuleError, InputError (a fact
    is missing or too long) and ConflictError (the code is taken).
    """
    before = known or read_dossier(connection, draft.dossier)
    check_act(draft.act, before, draft.actor, draft.body)
    draft = _in_whose_name(draft, before)
    pen, head = _standing(connection, pen, draft.actor.officer)
    entry = seal(pen, draft, before, head)
    if draft.act in REFOLDS:
        _append(connection, entry, head)
        after = _legal(refold(connection, draft.dossier), entry)
        return Recorded(entry, after)
    after = _legal(apply(before, entry.header, entry.id, draft.body, Verdict.ACCEPTED), entry)
    _append(connection, entry, head)
    give_blobs(connection, draft.dossier, draft.blobs)
    queue_uploads(connection, draft.dossier, draft.blobs)
    _project(connection, before, after)
    return Recorded(entry, after)


def _in_whose_name(draft: Draft, before: Dossier | None) -> Draft:
    """A stand-in's entry says for whom he acted, where he could not have acted for himself."""
    absent = acting_as(draft.act, before, draft.actor).stands_for if draft.actor.absent else ""
    return replace(draft, body=draft.body | {"on_behalf_of": absent}) if absent else draft


def _legal(after: Dossier | None, entry: Entry) -> Dossier:
    if after is None or entry.id in after.conflicts:
        raise ValueError(f"act {entry.header.kind} has facts that its own fold cannot read")
    return after


def last_moment(connection: Connection, pen: Pen) -> datetime | None:
    """When this desk last recorded something; a clock behind that runs wrong."""
    last = connection.scalar(select(func.max(device_heads.c.at)).where(device_heads.c.device == pen.device))
    return from_wire(last) if last else None


_OF_THE_HUB = ("code", "cursor", "place", "received_at", "placed_at")
"""What only a log can say of an entry."""

# One look for all that an entry says of its desk: chain, head, what was seen, the officer's grant.
_READ_STANDING = Prepared(
    select(
        standing.c.incarnation,
        standing.c.epoch,
        standing.c.cursor,
        standing.c.server_at,
        officer_grants.c.grant,
        device_heads.c.seq,
        device_heads.c.entry,
        device_heads.c.at,
    )
    .select_from(standing)
    .join(officer_grants, officer_grants.c.officer == bindparam("officer"), isouter=True)
    .join(
        device_heads,
        (device_heads.c.device == bindparam("device"))
        & (device_heads.c.incarnation == standing.c.incarnation),
        isouter=True,
    )
)
_READ_HEAD = Prepared(
    select(device_heads.c.seq, device_heads.c.entry, device_heads.c.at).where(
        device_heads.c.device == bindparam("device"), device_heads.c.incarnation == bindparam("incarnation")
    )
)
_ADD_HEAD = Prepared(insert_row(device_heads))
_MOVE_HEAD = Prepared(
    update(device_heads)
    .where(
        device_heads.c.device == bindparam("of_device"),
        device_heads.c.incarnation == bindparam("of_incarnation"),
    )
    .values(seq=bindparam("to_seq"), entry=bindparam("to_entry"), at=bindparam("to_at"))
)
_ADD_ENTRY = Prepared(insert_row(entries, without=("n", *_OF_THE_HUB)).returning(entries.c.n))
_ADD_TO_OUTBOX = Prepared(insert_row(outbox))
_UNSENT = {"relayed": False, "verdict": "", "trouble": ""}
_FIND_CODE = Prepared(select(dossiers.c.id).where(dossiers.c.code == bindparam("of_code")))


def _standing(connection: Connection, pen: Pen, officer: str) -> tuple[Pen, Head]:
    """The pen as it writes now, and the head of its chain. An officer without a grant of the hub
    writes under the desk's own: the hub says what that is worth."""
    asked = {"officer": officer, "device": pen.device}
    found = _READ_STANDING.run(connection, asked).fetchone()
    if found is None:
        return pen, _head(connection, pen)
    incarnation, epoch, cursor, server_at, grant, *head = found
    # The hub's time may be known before its log is: nothing was seen then.
    seen = NEVER_SEEN if epoch is None else (epoch, cursor, server_at)
    now = replace(pen, incarnation=incarnation, grant=grant or pen.grant, seen=seen)
    return now, Head(*head) if head[0] else Head(0, None, "")


def _head(connection: Connection, pen: Pen) -> Head:
    found = _READ_HEAD.run(connection, {"device": pen.device, "incarnation": pen.incarnation}).fetchone()
    return Head(*found) if found else Head(0, None, "")


def seal(pen: Pen, draft: Draft, before: Dossier | None, head: Head) -> Entry:
    """The signed entry that follows `head`; `at` never runs backwards within a desk's chain.

    Raises InputError when the facts are too long for one entry.
    """
    at = draft.at
    if head.at and at <= from_wire(head.at):
        at = from_wire(head.at) + timedelta(milliseconds=1)
    salt = secrets.token_bytes(SALT_BYTES)
    try:
        body = canonical(draft.body)
        if len(body) > MAX_BODY:
            raise EntryError("body above 64 KiB")
        header = Header(
            device=pen.device,
            incarnation=pen.incarnation,
            seq=head.seq + 1,
            prev=head.entry,
            dossier=draft.dossier,
            parents=before.heads if before else (),
            kind=draft.act.value,
            officer=draft.actor.officer,
            grant=pen.grant,
            policy=pen.policy,
            at=to_wire(at),
            mono=draft.mono,
            seen=pen.seen,
            body_hash=body_hash(salt, body),
            body_length=len(body),
            blobs=draft.blobs,
        )
        encoded = header_bytes(header)
    except EntryError as error:
        raise InputError(
            "Nội dung quá dài để lưu trong một lần",
            "Hãy rút gọn phần chữ, hoặc đưa nội dung dài vào tệp giấy tờ đính kèm.",
        ) from error
    signature = pen.key.sign(signed_message(encoded))
    return Entry(entry_id(encoded), header, encoded, signature, body, salt)


def entry_row(entry: Entry) -> dict[str, Any]:
    """An entry of this desk as its row, but for the number the store gives it."""
    header = entry.header
    return {
        "id": bytes.fromhex(entry.id),
        "dossier": header.dossier,
        "device": header.device,
        "incarnation": header.incarnation,
        "seq": header.seq,
        "kind": header.kind,
        "at": header.at,
        "header": entry.header_bytes,
        "signature": entry.signature,
        "body": entry.body,
        "salt": entry.salt,
        "verdict": Verdict.ACCEPTED.value,
    }


def _append(connection: Connection, entry: Entry, head: Head) -> None:
    header = entry.header
    number = _ADD_ENTRY.run(connection, entry_row(entry)).fetchone()[0]
    _ADD_TO_OUTBOX.run(connection, {"entry": number} | _UNSENT)
    moved = {"seq": header.seq, "entry": entry.id, "at": header.at}
    chain = {"device": header.device, "incarnation": header.incarnation}
    if head.seq:
        renamed = {f"to_{k}": v for k, v in moved.items()} | {f"of_{k}": v for k, v in chain.items()}
        _MOVE_HEAD.run(connection, renamed)
    else:
        _ADD_HEAD.run(connection, chain | moved)


def _project(connection: Connection, before: Dossier | None, after: Dossier) -> None:
    if before is None:
        if _FIND_CODE.run(connection, {"of_code": after.code}).fetchone():
            raise ConflictError(f"Mã hồ sơ {after.code} đã có", "Hãy tiếp nhận lại để lấy mã khác.", "code")
        add_row(connection, after)
        return
    if not change_row(connection, after, same_words=_has_same_words(before, after)):
        add_row(connection, after)


def _has_same_words(before: Dossier, after: Dossier) -> bool:
    """Most acts touch nothing that is searched for; folding the words twice would say so slowly."""
    if (before.subject, before.code, before.result) == (after.subject, after.code, after.result):
        return True
    return search_words(before) == search_words(after)


def enrol_device(connection: Connection, pen: Pen, name: str) -> None:
    """Makes a desk's public key known to this store."""
    connection.execute(devices.insert(), {"device": pen.device, "public_key": pen.key.public, "name": name})
