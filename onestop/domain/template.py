"""Printed papers as data: what a form says and in what order, for an administrator to copy and change.

A template is a row. Its text may name fields in braces (`{owner_name}`), filled from the facts of a
dossier (onestop/domain/template_fields.py lists them), and set words in bold between `**`. A field
without a value becomes dots to fill in by hand where it stands alone behind a label, and nothing
elsewhere. A block whose `when` is filled to nothing is left out.

Where the blocks stand on the sheet, and how text wraps, is decided in onestop/printing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

from onestop.errors import InputError

Fields = Mapping[str, str]
"""Text by field name; every value as it is to stand on paper."""

Rows = Mapping[str, Iterable[Fields]]
"""The lines of tables and lists, by name. A register's may be a generator that is read once."""

SIZES: Final = ("A4", "A4_ACROSS", "A5", "A5_ACROSS", "A5_TWO", "K80")
"""A4 and A5 upright and across, two A5 beside each other on one A4 across, a roll of 80 mm."""

SIZE_WORDS: Final[Mapping[str, str]] = {
    "A4": "A4",
    "A4_ACROSS": "A4 ngang",
    "A5": "A5",
    "A5_ACROSS": "A5 ngang",
    "A5_TWO": "Hai A5 trên một A4",
    "K80": "Giấy cuộn 80 mm",
}

_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one paper. `made_at` aware; `digits` the number a slip shows as a QR code;
    `proof` what the QR code of a receipt says, "" for the dossier's code alone."""

    code: str
    made_at: datetime
    fields: Fields
    rows: Rows = field(default_factory=dict)
    proof: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Heads:
    """The issuing body and the state side by side; `number` below the body; codes of the dossier."""

    number: str = ""
    place_day: str = "{place_day}"
    has_codes: bool = True
    when: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the paper, centred; `notes` in brackets below, those filled to nothing left out."""

    text: str
    notes: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """`label: text`; dots to fill in by hand when the text is empty."""

    label: str
    text: str
    is_strong: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labelled texts side by side if they fit on one line, else below each other."""

    left_label: str
    left_text: str
    right_label: str
    right_text: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `align`: left, center, right, justify. `size`: body, small, head or title.

    `has_indent`: of the whole; of justified text, as letters have it, the first line alone."""

    text: str
    align: str = "left"
    size: str = "body"
    is_italic: bool = False
    has_indent: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width; `group`: a heading over this and its neighbours of the same group.

    `is_lead`: on a roll too narrow for columns, the lead stands first and the others behind it.
    """

    heading: str
    text: str
    share: int
    align: str = "left"
    group: str = ""
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table with a line for each row of `rows`; `empty` is said when there are none."""

    rows: str
    columns: tuple[Column, ...]
    label: str = ""
    empty: str = ""
    least: int = 0
    size: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A line of text for each row; a single one stands behind the label."""

    rows: str
    text: str
    label: str = ""
    mark: str = "–"
    empty: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: role in capitals, name below the room to sign."""

    role: str
    name: str = ""
    hint: str = "(Ký và ghi rõ họ tên)"


@dataclass(frozen=True, slots=True)
class Signatures:
    """One or two signers side by side; `recipients` (Nơi nhận) stand at the left of a single one."""

    signers: tuple[Signer, ...]
    recipients: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Small print behind a bold label."""

    label: str
    text: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class HandOvers:
    """The blocks of the control slip: rows `hand_overs` (template_fields.py), blank ones up to `least`."""

    least: int = 4
    when: str = ""


@dataclass(frozen=True, slots=True)
class SlipCode:
    """The QR code from which another agency goes on without a line (`Facts.digits`), text beside it,
    `hint` below it. A line whose fields are all empty is left out, as is the code without digits.

    With `rows`: a code for each row of that list, from its own field `digits`, below the hint."""

    lines: tuple[str, ...] = ()
    hint: str = ""
    rows: str = ""
    when: str = "{has_digits}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank, in millimetres; `has_rule`: with a line through it to tear or sign along."""

    mm: int = 2
    has_rule: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that no page's end may part."""

    blocks: "tuple[Block, ...]"
    when: str = ""


Block = (
    Heads
    | Title
    | Labelled
    | Pair
    | Paragraph
    | Grid
    | Listing
    | Signatures
    | Note
    | HandOvers
    | SlipCode
    | Gap
    | Together
)

BLOCKS: Final[Mapping[str, type]] = {
    "heads": Heads,
    "title": Title,
    "line": Labelled,
    "pair": Pair,
    "text": Paragraph,
    "table": Grid,
    "list": Listing,
    "signatures": Signatures,
    "note": Note,
    "hand_overs": HandOvers,
    "slip_code": SlipCode,
    "gap": Gap,
    "together": Together,
}
"""What a block's `block` says in a row."""

_TAGS = {kind: tag for tag, kind in BLOCKS.items()}
_NESTED: Final[Mapping[str, type]] = {"columns": Column, "signers": Signer}


@dataclass(frozen=True, slots=True)
class Template:
    """One form in one version.

    `form`: "01" to "07" of the circular, or letters for papers that no circular prescribes. `number`:
    that of the circular where it is another, "05" for form 06 of the circular before. `circular`:
    "TT 03/2025/TT-VPCP" or "". `since`: YYYY-MM-DD, dossiers received from that day on; "" from the
    beginning. `variant`: letters of a version beside the general one; `procedures`: codes it is for,
    empty for all. `sizes`: those of `SIZES` it may be printed on, the usual one first. `copies`: a
    sheet for each entry, its text fills {copy}. `confidence`: how sure the wording is. `running_head`:
    what stands at the head of a second page.
    """

    form: str
    name: str
    version: str
    blocks: tuple[Block, ...]
    sizes: tuple[str, ...] = ("A4",)
    copies: tuple[str, ...] = ("",)
    circular: str = ""
    since: str = ""
    variant: str = ""
    procedures: tuple[str, ...] = ()
    confidence: str = ""
    running_head: str = "{code}"
    ground: str = ""
    number: str = ""

    @property
    def key(self) -> str:
        """Of its row: `01@2025-11-01`, `01-ct@2025-11-01`."""
        ident = f"{self.form}-{self.variant}" if self.variant else self.form
        return f"{ident}@{self.since}" if self.since else ident


def template_from_dict(plain: Mapping[str, Any]) -> Template:
    """Raises InputError naming the member that is missing, unknown or of another kind."""
    template: Template = _made(Template, plain, "mẫu")
    return template


def template_to_dict(template: Template) -> dict[str, Any]:
    """Without what is as usual."""
    return _plain(template)


def filled(text: str, known: Fields) -> str:
    """`text` with its fields filled in; one that is not known becomes nothing."""
    return _FIELD.sub(lambda found: known.get(found[1], ""), text)


def field_names(text: str) -> list[str]:
    """The fields a text names, in order."""
    return _FIELD.findall(text)


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, those inside others too."""
    for block in blocks:
        if isinstance(block, Together):
            yield from flat(block.blocks)
        else:
            yield block


def chosen(templates: Iterable[Template], form: str, received_on: date, procedure: str = "") -> Template:
    """The version of a form for a dossier received that day: the one for its procedure before the
    general one, then the latest. Raises LookupError when there is none."""
    fitting = [
        one
        for one in templates
        if one.form == form
        and one.since <= received_on.isoformat()
        and (procedure in one.procedures if one.procedures else not one.variant)
    ]
    if not fitting:
        raise LookupError(f"no template of form {form}")
    return max(fitting, key=lambda one: (bool(one.procedures), one.since, one.variant))


def _plain(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"block": _TAGS[type(value)]} if type(value) in _TAGS else {}
    for each in fields(value):
        held = getattr(value, each.name)
        if held == each.default and each.default is not MISSING:
            continue
        if isinstance(held, tuple):
            held = [one if isinstance(one, str) else _plain(one) for one in held]
        plain[each.name] = held
    return plain


def _made(kind: type, plain: Any, place: str) -> Any:
    if not isinstance(plain, Mapping):
        raise _odd(place, "phải là một nhóm các mục có tên")
    known = {each.name: each for each in fields(kind)}
    unknown = sorted(set(plain) - set(known) - {"block"})
    if unknown:
        raise _odd(place, f"có mục lạ “{unknown[0]}”")
    missing = [name for name, each in known.items() if each.default is MISSING and name not in plain]
    if missing:
        raise _odd(place, f"thiếu mục “{missing[0]}”")
    return kind(
        **{name: _read(known[name], plain[name], f"{place}, {name}") for name in plain if name in known}
    )


def _read(each: Any, value: Any, place: str) -> Any:
    if each.name == "blocks":
        return tuple(_block(one, f"{place} {n}") for n, one in enumerate(_listed(value, place), 1))
    if each.name in _NESTED:
        kind = _NESTED[each.name]
        return tuple(_made(kind, one, f"{place} {n}") for n, one in enumerate(_listed(value, place), 1))
    if each.type in (str, int, bool):
        if type(value) is not each.type:
            raise _odd(place, "có giá trị sai kiểu")
        return value
    if not all(isinstance(one, str) for one in _listed(value, place)):
        raise _odd(place, "phải là danh sách các dòng chữ")
    return tuple(value)


def _block(plain: Any, place: str) -> Block:
    tag = str(plain.get("block")) if isinstance(plain, Mapping) else ""
    if tag not in BLOCKS:
        raise _odd(place, f"có loại khối lạ “{tag}”")
    made: Block = _made(BLOCKS[tag], plain, f"{place} ({tag})")
    return made


def _listed(value: Any, place: str) -> Iterable[Any]:
    if not isinstance(value, (list, tuple)):
        raise _odd(place, "phải là một danh sách")
    return value


def _odd(place: str, fault: str) -> InputError:
    return InputError("Mẫu in không đúng cách viết", f"Chỗ {place}: {fault}.", "template")
