"""What stands typed in the intake page, as plain frozen data: a draft, and the form it becomes.

No widget here. A draft keeps every letter as typed, also what could not be sent yet.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from onestop.domain.dossier import ComponentLine, Declaration, Fee
from onestop.domain.moment import local
from onestop.domain.text import nfc
from onestop.errors import InputError, InputErrors
from onestop.office.intake import (
    IntakeForm,
    PaperForm,
    PartyForm,
    check_intake,
    missing_components,
    preview_due,
)
from onestop.office.office import Office

LARGEST_FEE = 100_000_000_000
"""More đồng than any fee: a slip of the keys."""


NOBODY = PartyForm()
_ORDER = (
    "procedure", "case", "time_limit", "owner", "submitter", "content", "sets", "channel", "declaration",
    "papers", "fees", "components",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeeText:
    """A fee line as typed; `amount` '' means that nobody has said it yet.

    `rule`: id of the fee rule it comes from, with what was counted for it as typed; `missing`:
    words of what the rule still asks. A line on request that nobody asked for is not collected.
    """

    kind: str = "levy"
    name: str = ""
    amount: str = ""
    ground: str = ""
    rule: str = ""
    pages: str = ""
    copies: str = ""
    cases: str = ""
    row: str = ""
    exemption: str = ""
    missing: str = ""

    @property
    def is_collected(self) -> bool:
        return not self.rule or self.copies != "0"


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything a person has put into the page. `procedure` is the line as shown.

    `dossier_id`: the registered dossier that is being received, '' for a new one.
    """

    procedure_code: str = ""
    procedure: str = ""
    owner: PartyForm = NOBODY
    is_owner_here: bool = True
    submitter: PartyForm = NOBODY
    content: str = ""
    sets: str = "1"
    channel: str = "counter"
    note: str = ""
    time_value: str = ""
    time_unit: str = "working_day"
    components: tuple[ComponentLine, ...] = ()
    fees: tuple[FeeText, ...] = ()
    papers: tuple[PaperForm, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    dossier_id: str = ""
    case: str = ""
    declaration: Declaration | None = None

    def title(self) -> str:
        """What the list of drafts calls it."""
        what = self.procedure.split(" · ", 1)[-1] or "Chưa chọn thủ tục"
        return f"{what} · {nfc(self.owner.name)}" if self.owner.name else what


def to_plain(typed: Typed) -> dict[str, Any]:
    return asdict(typed)


def from_plain(plain: Mapping[str, Any]) -> Typed:
    """The draft that `to_plain` wrote. Raises KeyError or TypeError for another shape."""
    return Typed(
        **{
            **plain,
            "owner": PartyForm(**plain["owner"]),
            "submitter": PartyForm(**plain["submitter"]),
            "components": tuple(ComponentLine(**line) for line in plain["components"]),
            "fees": tuple(FeeText(**fee) for fee in plain["fees"]),
            "papers": tuple(PaperForm(**paper) for paper in plain["papers"]),
            "declaration": Declaration(**filled) if (filled := plain.get("declaration")) else None,
        }
    )


def read_vnd(text: str, where: str = "fees") -> int:
    """`8.000`, `8 000`, `8000đ` → 8000. Raises InputError."""
    digits = nfc(text).lower().removesuffix("đồng").removesuffix("đ").replace(".", "").replace(" ", "")
    if not digits:
        raise InputError("Chưa nhập số tiền", "Nhập số đồng; được miễn thì nhập 0.", where)
    if not (digits.isascii() and digits.isdigit()):
        raise InputError("Số tiền chưa đúng", "Chỉ nhập chữ số, ví dụ 8.000.", where)
    amount = int(digits[:20])
    if amount > LARGEST_FEE:
        raise InputError("Số tiền quá lớn", "Hãy xem lại số chữ số 0.", where)
    return amount


def show_vnd(amount: int) -> str:
    """`8.000`."""
    return f"{amount:,}".replace(",", ".")


def intake_form(typed: Typed) -> tuple[IntakeForm, list[InputError]]:
    """The form to send, and what could not be read of it (those values stand at 0)."""
    errors: list[InputError] = []
    form = IntakeForm(
        procedure_code=typed.procedure_code or nfc(typed.procedure),
        owner=typed.owner,
        submitter=None if typed.is_owner_here else typed.submitter,
        content=typed.content,
        components=typed.components,
        sets=_number(typed.sets),
        fees=tuple(_fee(fee, place, errors) for place, fee in enumerate(typed.fees) if fee.is_collected),
        channel=typed.channel,
        note=typed.note,
        time_value=_number(typed.time_value),
        time_unit=typed.time_unit,
        papers=typed.papers,
        case=typed.case,
        declaration=typed.declaration,
    )
    return form, errors


def form_errors(office: Office, form: IntakeForm, is_complete: bool = True) -> list[InputError]:
    """Every fault at once, in the order of the page. `is_complete`: also papers and time limit."""
    try:
        check_intake(office, form)
        errors: list[InputError] = []
    except InputErrors as several:
        errors = list(several.errors)
    if is_complete:
        errors += _missing(form) + _due_errors(office, form)
    return errors


def short(name: str, limit: int = 60) -> str:
    """A component's name up to its first aside; the law's wording fills a paragraph."""
    head = re.split(r";| \(|, hoặc ", name, maxsplit=1)[0]
    return head if len(head) <= limit else head[:limit].rsplit(" ", 1)[0] + "…"


def order_errors(errors: Sequence[InputError]) -> list[InputError]:
    """From the top of the page to its end."""
    return sorted(errors, key=lambda error: _place((error.field or "").partition(".")[0]))


def clock_words(office: Office) -> str:
    """`10:41`."""
    return f"{local(office.now):%H:%M}"


def _place(head: str) -> int:
    return _ORDER.index(head) if head in _ORDER else len(_ORDER)


def _missing(form: IntakeForm) -> list[InputError]:
    """One line each: the summary leads to the box that is still empty."""
    return [
        InputError(f"Thiếu giấy tờ bắt buộc: {short(line.name)}", "", f"components.{line.no}")
        for line in missing_components(form.components)
    ]


def _due_errors(office: Office, form: IntakeForm) -> list[InputError]:
    try:
        preview_due(office, form)
    except InputError as error:
        return [] if error.field == "procedure" else [error]
    return []


def _fee(fee: FeeText, place: int, errors: list[InputError]) -> Fee:
    amount = 0
    try:
        if fee.missing:
            raise InputError(fee.missing, f"Cần để tính: {nfc(fee.name)}.", f"fees.{place}")
        amount = read_vnd(fee.amount, f"fees.{place}")
    except InputError as error:
        errors.append(error)
    words = nfc(fee.name) or ("Phí" if fee.kind == "charge" else "Lệ phí")
    return Fee(fee.kind, words, amount, nfc(fee.ground))


def _number(text: str) -> int:
    digits = nfc(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
