"""A transfer slip at the agency it was sent to: believed by its signature alone, without a line.

What it brings is an entry like any other. It waits here without a number until the root has
given one; if the root lacks it when our own acts come there, it is brought there from here.
"""

from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.entry import Entry, signed_message
from onestop.domain.fold import Verdict, fold
from onestop.domain.offer import Offer, Receipt, Record
from onestop.domain.signing import is_signed
from onestop.domain.statement import parse_statement
from onestop.errors import InputError, OfficeError
from onestop.store.foreign import Odd, add_entry
from onestop.store.journal import read_journal
from onestop.store.projection import refold
from onestop.store.rows import get_local, list_reference
from onestop.store.tables import devices, entries, statements


def accept_slip(connection: Connection, entry: Entry) -> None:
    """Puts the `transfer_out` of a slip into the store of the agency it names, once.

    Raises OfficeError: addressed to another agency, its desk unknown here, a wrong signature,
    or a journal here that it does not follow. Nothing is kept then if the caller lets it pass.
    """
    check_slip(connection, entry)
    if is_slip_here(connection, entry):
        return
    offer = Offer(entry.header_bytes, entry.signature, entry.body, entry.salt)
    at = entry.header.at
    own_device = (get_local(connection, "desk") or {}).get("device", "")
    try:
        record = Record(0, "entry", entry.id, at, None, offer, "", "", at)
        add_entry(connection, record, Receipt(entry.id, "seen", None, None, at, ""), own_device)
    except Odd as odd:
        raise _unbelieved(odd.code) from odd
    refold(connection, entry.header.dossier or "")


def check_slip(connection: Connection, entry: Entry) -> None:
    """Raises OfficeError unless it is addressed to this agency, signed by whom it says, and goes on
    from what is here."""
    facts = slip_said(entry)
    if not _is_ours(connection, facts):
        raise _not_ours(facts)
    if not is_slip_here(connection, entry):
        _require_sender(connection, entry, facts)
        _require_place(connection, entry)


def slip_said(entry: Entry) -> dict[str, Any]:
    """The facts of a slip's entry. Raises OfficeError where no agency sends it."""
    facts = entry.facts()
    sender = facts.get("from_agency") if isinstance(facts, dict) else None
    if facts is None or not isinstance(sender, dict):
        raise _unbelieved("FORMAT")
    if not all(isinstance(sender.get(part), str) for part in ("code", "name")):
        raise _unbelieved("FORMAT")
    return facts


def is_slip_here(connection: Connection, entry: Entry) -> bool:
    """Whether the entry came before, by paper or by line."""
    here = entries.c.id == bytes.fromhex(entry.id)
    return connection.scalar(select(entries.c.n).where(here)) is not None


def is_sender_revoked(connection: Connection, entry: Entry) -> bool:
    """Whether the root has taken its trust from the desk or the officer; what that means for this
    entry only the root can say, which knows what they could know."""
    named = (entry.header.device, entry.header.officer, entry.header.grant)
    here = (statements.c.kind == "revoke") & statements.c.subject.in_(named)
    return connection.scalar(select(statements.c.id).where(here).limit(1)) is not None


def _is_ours(connection: Connection, facts: dict[str, Any]) -> bool:
    agencies = list_reference(connection, "agency")
    to = facts.get("to_agency")
    return bool(agencies) and isinstance(to, dict) and to.get("code") == agencies[0]["code"]


def _require_sender(connection: Connection, entry: Entry, facts: dict[str, Any]) -> None:
    """The desk is known here, it signed, and it belongs to the agency that the slip names."""
    device = entry.header.device
    key = connection.scalar(select(devices.c.public_key).where(devices.c.device == device))
    if key is None:
        raise _unbelieved("DEVICE")
    if not is_signed(key, signed_message(entry.header_bytes), entry.signature):
        raise _unbelieved("SIGNATURE")
    here = (statements.c.kind == "device") & (statements.c.subject == device)
    body = connection.scalar(select(statements.c.body).where(here))
    office = parse_statement(body)["office"] if body else ""
    if office and facts["from_agency"]["code"] != office:
        raise OfficeError(
            "Phiếu chuyển không do cơ quan ghi trên phiếu ký",
            f"Quầy đã ký thuộc cơ quan {office}. Không tiếp nhận theo phiếu này; hãy gọi cơ quan chuyển.",
            "slip",
        )


def _require_place(connection: Connection, entry: Entry) -> None:
    """A folder that went from here and comes back needs what was done with it in between."""
    journal = read_journal(connection, entry.header.dossier or "")
    after = fold([*journal, (entry, Verdict.ACCEPTED)])
    if after is None or entry.id in after.conflicts:
        raise _unbelieved("PARENT" if journal else "FORMAT")


def _not_ours(facts: dict[str, Any]) -> InputError:
    to = facts.get("to_agency")
    named = f"{to.get('name')} ({to.get('code')})" if isinstance(to, dict) else "cơ quan khác"
    return InputError(
        "Phiếu chuyển này không gửi đến cơ quan này",
        f"Nơi nhận ghi trên phiếu: {named}. Hãy chuyển trả bản giấy cho nơi nhận đó.",
        "slip",
    )


_UNBELIEVED = {
    "DEVICE": (
        "Máy này chưa biết quầy đã ký phiếu chuyển",
        "Danh sách máy đã đăng ký chưa có quầy này. Hãy đồng bộ rồi quét lại; "
        "chưa có mạng thì gọi hỏi cơ quan chuyển, giữ bản giấy và nhập tay theo mã hồ sơ sau.",
    ),
    "SIGNATURE": (
        "Chữ ký trên phiếu chuyển không đúng",
        "Không tiếp nhận theo phiếu này. Hãy gọi cơ quan chuyển để hỏi lại.",
    ),
    "FORK": (
        "Phiếu chuyển trái với bút ký khác của cùng một quầy",
        "Máy của cơ quan chuyển có thể đã bị sao chép. Hãy gọi cơ quan chuyển và báo quản trị.",
    ),
    "PARENT": (
        "Nhật ký ở máy này chưa nối được với phiếu chuyển",
        "Hồ sơ từng qua cơ quan này và còn thiếu bút ký của cơ quan chuyển. "
        "Hãy đồng bộ hoặc nhận gói dữ liệu, rồi tiếp nhận trong Hàng việc.",
    ),
}


def _unbelieved(code: str) -> OfficeError:
    unreadable = ("Phiếu chuyển không đọc được", "Hãy quét lại; vẫn lỗi thì nhập tay theo mã hồ sơ.")
    title, message = _UNBELIEVED.get(code, unreadable)
    return OfficeError(title, message, "slip")
