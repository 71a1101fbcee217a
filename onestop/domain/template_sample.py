"""Sample facts for any template, so that it is seen filled in before it is used. All people are invented."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from onestop.domain.moment import VIETNAM
from onestop.domain.template import Facts, Fields, Template
from onestop.domain.template_fields import FIELDS, ROWS, FieldSample
from onestop.domain.template_words import shown_rows

CODE: Final = FIELDS["code"].sample
MADE_AT: Final = datetime(2026, 11, 20, 9, 15, tzinfo=VIETNAM)
MOST_LETTERS, MOST_ROWS = 120, 40
"""The longest name the counter takes, and the longest list of papers."""

_ONLY_LATER: Final = frozenset(("reprint", "replaces"))
"""A first print says nothing of earlier ones."""

_TYPED: Final = frozenset(
    ("superior_body", "issuing_body", "office_name", "agency_name", "procedure_name", "content",
     "owner_name", "owner_address", "submitter_name", "address", "reason", "hand_out_place", "fee_note",
     "officer_name", "officer_title", "due_explanation")
)  # fmt: skip
"""Fields whose length nobody can foresee."""

_PAPERS: Final = (
    ("Tờ khai đăng ký khai sinh theo mẫu", "", "01", "", ""),
    ("Giấy chứng sinh do cơ sở y tế nơi trẻ em sinh ra cấp", "", "01", "", "02"),
    ("Giấy chứng nhận kết hôn của cha, mẹ", "(dữ liệu tra cứu tại CSDL hộ tịch)", "", "", ""),
    ("Thẻ căn cước của người đi đăng ký", "", "", "01", ""),
)
_FEES: Final = (
    ("Lệ phí", "đăng ký khai sinh", "8.000 đồng"),
    ("Phí", "cấp bản sao trích lục hộ tịch", "8.000 đồng"),
)
_DIGITS: Final = "99517001" + "20261120004299126137" * 40
"""A number as long as that of a usual transfer slip; only its shape is that of one."""

_STACKED: Final = "Nguyễn Ẫn Ễnh Ỗi Ắng Ờ Ự Đặng Hường Nghiêng Thuở Ưỡn"


def sample_facts(template: Template) -> Facts:
    """Every field filled in, four rows in each list; the same at every call."""
    fields = {name: field.sample for name, field in FIELDS.items() if name not in _ONLY_LATER}
    rows = {name: sample_rows(name) for name in shown_rows(template)}
    return Facts(CODE, MADE_AT, fields | {"has_digits": "có"}, rows, digits=_DIGITS)


def long_facts(template: Template) -> Facts:
    """The longest names, and lists of forty rows: what the paper must still hold."""
    facts = sample_facts(template)
    fields = {name: _long(text) if name in _TYPED else text for name, text in facts.fields.items()}
    rows = {name: tuple(_long_rows(some)) for name, some in facts.rows.items()}
    return Facts(facts.code, facts.made_at, fields, rows, facts.proof, facts.digits)


def sample_rows(name: str) -> tuple[Fields, ...]:
    """Rows of one list; none for a list that is not known."""
    columns = ROWS.get(name)
    if columns is None:
        return ()
    if name == "components":
        return tuple(
            {
                "no": str(no),
                "name": paper,
                "note": note,
                "originals": first,
                "certified": second,
                "copies": third,
            }
            for no, (paper, note, first, second, third) in enumerate(_PAPERS, 1)
        )
    if name == "fees":
        return tuple({"kind": kind, "name": words, "amount": amount} for kind, words, amount in _FEES)
    return tuple(_row(columns, no) for no in range(1, 4))


def _row(columns: Mapping[str, FieldSample], number: int) -> Fields:
    row = {name: column.sample for name, column in columns.items()}
    return row | {"no": str(number)} if "no" in columns else row


def _long(text: str) -> str:
    return f"{text} {_STACKED * 4}"[:MOST_LETTERS].strip()


def _long_rows(some: object) -> Iterator[Fields]:
    rows = list(some) if isinstance(some, tuple) else []
    for number in range(MOST_ROWS if rows else 0):
        row = dict(rows[number % len(rows)])
        for name in ("name", "note", "owner_name"):
            row |= {name: _long(row[name])} if row.get(name) else {}
        yield row | {"no": str(number + 1)} if "no" in row else row
