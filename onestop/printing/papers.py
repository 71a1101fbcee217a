"""What each paper says, as plain values; where it stands on the sheet is not decided here.

All moments are aware datetimes and are shown in Vietnam's time. Text may come in any Unicode
form; it is drawn as NFC. An empty string leaves a dotted line to fill in by hand.
"""

from dataclasses import dataclass
from datetime import datetime


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
