"""Sample facts for any template, so that it is seen filled in before it is used. All people are invented."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from onestop.domain.moment import VIETNAM
from onestop.domain.proof import make_proof, proof_digits
from onestop.domain.signing import SigningKey
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
_KEY: Final = SigningKey(bytes(range(32)))
"""Of a desk that does not exist: whoever checks a sample is told that no desk of theirs made it."""

_DUE_AT: Final = datetime(2026, 11, 24, 8, 5, tzinfo=VIETNAM)
_DIGITS: Final = "99517001" + "20261120004299126137" * 40
"""A number as long as that of a usual transfer slip; only its shape is that of one."""

_ROWS: Final = 3
_COUNTS: Final = ("dossier_count", "row_count")
_TWINS: Final[Mapping[str, tuple[str, str]]] = {
    CODE: ("H99.26.13-261120-0043", "H99.26.13-261120-0047"),
    "42": ("43", "47"),
    "Nguyễn Thị Ngọc Ánh": ("Y Thuin Êban", "Đỗ Thị Hường"),
    "Trần Văn Bưởi": ("Y Thuin Êban", "Đỗ Văn Khải"),
    "Đăng ký khai sinh": ("Đăng ký khai tử", "Cấp bản sao trích lục hộ tịch"),
    "Tổ 4, phường Tân Lập": ("Buôn Ea Nao, phường Tân Lập", "Số 45/12 đường Y Moan, phường Tân Lập"),
    "20/11/2026 08:05": ("20/11/2026 08:40", "20/11/2026 09:10"),
    "25/11/2026 08:05": ("23/11/2026 16:30", "24/11/2026 09:10"),
    "Tờ khai đăng ký khai sinh": ("Giấy chứng sinh", "Giấy chứng nhận kết hôn của cha, mẹ"),
    "01 bản chính, 02 bản chụp": ("01 bản chính", "01 bản chứng thực"),
    "Bản chính Giấy chứng sinh để đối chiếu": (
        "Bản chụp Giấy chứng nhận kết hôn của cha, mẹ",
        "Văn bản ủy quyền, nếu người khác đi đăng ký thay",
    ),
    "Thông tin của người mẹ không thống nhất giữa các giấy tờ.": (
        "Tờ khai chưa có chữ ký của người yêu cầu.",
        "Giấy chứng sinh bị tẩy xóa ở phần ngày sinh.",
    ),
    "Bộ phận Tiếp nhận và Trả kết quả": ("Phòng Văn hóa – Xã hội", "Lãnh đạo Ủy ban nhân dân phường"),
    "Phòng Văn hóa – Xã hội": ("Lãnh đạo Ủy ban nhân dân phường", "Bộ phận Tiếp nhận và Trả kết quả"),
    "Lê Thị Hồng": ("Phạm Đăng Khôi", "Vũ Đình Thắng"),
    "Phạm Đăng Khôi": ("Vũ Đình Thắng", "Lê Thị Hồng"),
    "08 giờ 30 phút, ngày 20 tháng 11 năm 2026": (
        "14 giờ 10 phút, ngày 20 tháng 11 năm 2026",
        "08 giờ 20 phút, ngày 23 tháng 11 năm 2026",
    ),
    "09 giờ 05 phút, ngày 20 tháng 11 năm 2026": (
        "14 giờ 40 phút, ngày 20 tháng 11 năm 2026",
        "08 giờ 35 phút, ngày 23 tháng 11 năm 2026",
    ),
    "Chờ xác minh của Công an phường": ("", ""),
    "Giấy khai sinh": ("Trích lục khai tử", "Trích lục kết hôn"),
    "15/2026": ("08/2026", "31/2026"),
    "Giấy khai sinh của Nguyễn Gia Hân": ("Trích lục khai tử của Y Wang Niê", "Trích lục kết hôn (bản sao)"),
    "20/11/2026 08:30": ("20/11/2026 14:10", "23/11/2026 08:20"),
    "Lê Thị Hồng, Công chức tiếp nhận": ("Phạm Đăng Khôi, Công chức hộ tịch", "Vũ Đình Thắng, Phó Chủ tịch"),
    "Đã chuyển": ("Đã trình duyệt", "Đã phê duyệt"),
    "Phạm Đăng Khôi, Phòng Văn hóa – Xã hội": ("Vũ Đình Thắng, Lãnh đạo", "Lê Thị Hồng, Bộ phận Một cửa"),
    "Đề nghị thẩm định trước ngày 23": ("Hồ sơ hợp lệ. Kính trình phê duyệt.", "Đồng ý."),
    "Lệ phí đăng ký khai sinh": ("Phí cấp bản sao trích lục hộ tịch", "Phí chứng thực bản sao"),
    "Bằng tốt nghiệp trung học phổ thông (Trần Văn Bưởi)": (
        "Thẻ căn cước (Trần Văn Bưởi)",
        "Giấy khai sinh (Trần Gia Hân)",
    ),
}
"""What stands in the second and third row for what stands in the first: no list of one and the same."""

_STACKED: Final = "Nguyễn Ẫn Ễnh Ỗi Ắng Ờ Ự Đặng Hường Nghiêng Thuở Ưỡn"


def sample_facts(template: Template) -> Facts:
    """Every field filled in, a few rows in each list, a genuine proof; the same at every call."""
    fields = {name: field.sample for name, field in FIELDS.items() if name not in _ONLY_LATER}
    rows = {name: sample_rows(name) for name in shown_rows(template)}
    proof = make_proof(_KEY, template.form, CODE, MADE_AT, _DUE_AT)
    words = fields["check_words"].replace(fields["check"], proof.check)
    counted = {name: str(max(map(len, rows.values()), default=0)) for name in _COUNTS}
    fields |= {"has_digits": "có", "check": proof.check, "check_words": words, **counted}
    return Facts(CODE, MADE_AT, fields, rows, proof_digits(proof), _DIGITS)


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
    return tuple(_row(columns, no) for no in range(_ROWS))


def _row(columns: Mapping[str, FieldSample], place: int) -> Fields:
    row = {
        name: (column.sample, *_TWINS.get(column.sample, (column.sample,) * 2))[place]
        for name, column in columns.items()
    }
    for name in ("no", "dossier_no"):
        row |= {name: str(int(columns[name].sample) + place)} if name in row else {}
    return row


def _long(text: str) -> str:
    return " ".join((text, *(_STACKED,) * 4))[:MOST_LETTERS].strip()


def _long_rows(some: object) -> Iterator[Fields]:
    rows = list(some) if isinstance(some, tuple) else []
    for number in range(MOST_ROWS if rows else 0):
        row = dict(rows[number % len(rows)])
        for name in ("name", "note", "owner_name"):
            row |= {name: _long(row[name])} if row.get(name) else {}
        yield row | {"no": str(number + 1)} if "no" in row else row
