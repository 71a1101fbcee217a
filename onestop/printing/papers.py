"""What each paper says, as plain values; where it stands on the sheet is not decided here.

All moments are aware datetimes and are shown in Vietnam's time. Text may come in any Unicode
form; it is drawn as NFC. An empty string leaves a dotted line to fill in by hand.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

KEPT_COPY = "Liên 1: Lưu"
SUBMITTER_COPY = "Liên 2: Giao người nộp"


class PaperSize(StrEnum):
    """Sheets a receipt may be printed on, both upright (Nghị định 30/2020 allows A5 for slips)."""

    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the paper. `place` opens the line of place and date ("Phường Tân Lập")."""

    superior_body: str
    issuing_body: str
    office_name: str
    place: str
    lookup_address: str = ""
    hotline: str = ""


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """One paper handed in, with how many of each kind."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeeRow:
    """`kind` is "Phí" or "Lệ phí"; `amount_vnd` whole đồng."""

    kind: str
    name: str
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """Mẫu 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả.

    number            "12/TNHS", or "" for no number line
    term              "02 ngày làm việc"
    due_at            None when the due moment is not known yet; `due_explanation` then says why
    hand_out_place    where or how the result is fetched
    reprint_no        0 for the first print, n for "In lại lần n"
    replaces_at       moment of the receipt this one replaces after a correction
    copies            one sheet per entry, the text stands under the title
    """

    letterhead: Letterhead
    code: str
    received_at: datetime
    due_at: datetime | None
    made_at: datetime
    owner_name: str
    submitter_name: str
    procedure_name: str
    officer_name: str
    number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    id_number: str = ""
    channel: str = ""
    content: str = ""
    components: tuple[ComponentRow, ...] = ()
    sets: int = 1
    term: str = ""
    due_explanation: str = ""
    fees: tuple[FeeRow, ...] = ()
    has_fee_words: bool = True
    fee_note: str = ""
    hand_out_place: str = ""
    register_book: str = ""
    register_number: str = ""
    reprint_no: int = 0
    replaces_at: datetime | None = None
    copies: tuple[str, ...] = (KEPT_COPY, SUBMITTER_COPY)
    form_version: str = "Mẫu số 01 · TT 03/2025/TT-VPCP · bản trình bày 1.0"


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """A labelled value; dots to fill in by hand where it is empty. Two short ones may share a line."""

    label: str
    text: str
    is_short: bool = False
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class DeclarationTable:
    """`columns`: heading, share of the width, whether it holds numbers."""

    title: str
    columns: tuple[tuple[str, int, bool], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DeclarationSection:
    """What stands under one heading of a form."""

    title: str
    parts: tuple[DeclarationLine | DeclarationTable, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationPaper:
    """A form of the procedure (tờ khai), filled in: from the citizen to the agency `addressee`."""

    title: str
    ground: str
    addressee: str
    place: str
    made_at: datetime
    sections: tuple[DeclarationSection, ...]
    form_version: str
    label: str = ""
    code: str = ""
    pledge: str = ""
    signer: str = ""
    signer_name: str = ""
