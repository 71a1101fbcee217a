"""Packs: what an office exchanges as one file, and how each kind of row looks as a sheet.

A pack in JSON is {"format": 1, "name", "made_at", "rows": {kind: [value, …]}}. A pack in Excel has
sheets of columns; what lies inside a row (cases, components, steps) has sheets of its own, whose
first columns say to what it belongs. Both hold the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from onestop.domain.deadline import TimeUnit
from onestop.domain.fee import FEE_KINDS, FORMULA_WORDS
from onestop.domain.merger import MergerKind
from onestop.domain.procedure import KIND_WORDS as COMPONENT_WORDS
from onestop.domain.procedure import Resumption
from onestop.domain.route import KIND_WORDS as STEP_WORDS
from onestop.domain.state import Role

FORMAT: Final = 1

PACK_KINDS: Final = (
    "procedure", "fee", "calendar", "route", "officer", "unit", "routing", "stand_in", "merger",
    "declaration", "template",
)  # fmt: skip
"""Kinds of rows in a pack, in the order of its sheets."""

WITHOUT_SHEET: Final = frozenset(("declaration", "template"))
"""Too deep for columns: they go as JSON."""


class As(StrEnum):
    """How a column's text is read."""

    TEXT = "text"
    LONG = "long"
    CODE = "code"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    YES = "yes"
    CHOICE = "choice"
    LIST = "list"
    CODES = "codes"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `name`: the member, `time_limit.value` for one inside a member.

    `is_open`: an empty cell is None. `is_needed`: an empty cell is a mistake.
    """

    name: str
    head: str
    how: As = As.TEXT
    choices: Mapping[str, str] = field(default_factory=dict)
    is_needed: bool = False
    is_open: bool = False
    otherwise: Any = None
    width: int = 16


@dataclass(frozen=True, slots=True)
class SheetShape:
    """A sheet of rows of `kind`, or of what `member` of such a row holds.

    `owner`: its first columns, which name the row; `in_case`: those where the next column, `case`,
    says in which case of the row, "" for none.
    """

    name: str
    kind: str
    fields: tuple[Field, ...]
    member: str = ""
    owner: tuple[Field, ...] = ()
    in_case: bool = False


UNITS: Final = {
    TimeUnit.SAME_DAY.value: "trong ngày",
    TimeUnit.WORKING_DAY.value: "ngày làm việc",
    TimeUnit.CALENDAR_DAY.value: "ngày",
    TimeUnit.HOUR.value: "giờ",
    TimeUnit.UNSPECIFIED.value: "chưa quy định",
}
ROLES: Final = {
    Role.RECEPTION.value: "tiếp nhận",
    Role.SPECIALIST.value: "chuyên viên",
    Role.HEAD.value: "trưởng phòng",
    Role.LEADER.value: "lãnh đạo",
    Role.CLERK.value: "văn thư",
    Role.CASHIER.value: "thu ngân",
    Role.ADMIN.value: "quản trị",
}
CONFIDENCES: Final = {"high": "cao", "medium": "vừa", "low": "thấp"}
RESUMPTIONS: Final = {
    Resumption.SHIFT.value: "cộng thời gian dừng",
    Resumption.RESTART.value: "tính lại từ đầu",
}
DAY_TYPES: Final = {
    "days_off": "nghỉ",
    "worked_days": "làm bù",
    "weekend_holidays": "nghỉ lễ rơi cuối tuần",
}
ASKS: Final = {"time_limit": "thời hạn", "fees": "phí", "components": "thành phần"}
AMOUNT_ASKS: Final = {"amount": "mức thu", "online": "mức trực tuyến"}


def _words(table: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): words for key, words in table.items()}


_EFFECTIVE: Final = Field("effective_on", "Hiệu lực từ", As.DAY, otherwise="")
_LIMITS: Final = (
    Field("time_limit.value", "Thời hạn", As.NUMBER, otherwise=0, width=10),
    Field("time_limit.unit", "Đơn vị thời hạn", As.CHOICE, UNITS, otherwise="unspecified"),
    Field("online_limit.value", "Thời hạn trực tuyến", As.NUMBER, is_open=True, width=10),
    Field("online_limit.unit", "Đơn vị trực tuyến", As.CHOICE, UNITS, is_open=True),
)
_OF_PROCEDURE: Final = (Field("code", "Mã thủ tục", As.CODE, is_needed=True), _EFFECTIVE)
_OF_FEE: Final = (Field("id", "Mã mức thu", As.CODE, is_needed=True), _EFFECTIVE)
_OF_ROUTE: Final = (Field("id", "Mã quy trình", As.CODE, is_needed=True), _EFFECTIVE)
CASE: Final = Field("case", "Mã trường hợp", As.CODE)

_PROCEDURE: Final = SheetShape(
    "Thủ tục",
    "procedure",
    (
        Field("code", "Mã thủ tục", As.CODE, is_needed=True),
        Field("name", "Tên thủ tục", is_needed=True, width=50),
        Field("sector", "Lĩnh vực", is_needed=True, width=24),
        *_LIMITS,
        Field("time_note", "Ghi chú thời hạn", As.LONG, width=30),
        Field("fee_vnd", "Phí (đồng)", As.MONEY, is_open=True),
        Field("fee_note", "Ghi chú phí", As.LONG, width=30),
        Field("fees", "Mã mức thu", As.CODES),
        Field("result", "Kết quả", As.LONG, width=30),
        Field("result_codes", "Mã kết quả", As.CODES),
        Field("decision", "Quyết định công bố"),
        Field("grounds", "Căn cứ pháp lý", As.LIST, width=30),
        _EFFECTIVE,
        Field("resumption", "Sau tạm dừng", As.CHOICE, RESUMPTIONS, otherwise="shift"),
        Field("declaration", "Mã tờ khai", As.CODE),
        Field("route", "Mã quy trình", As.CODE),
        Field("ask", "Còn phải hỏi", As.CHOICES, ASKS),
        Field("level", "Cấp thực hiện"),
        Field("agency", "Cơ quan thực hiện", As.LONG, width=24),
        Field("confidence", "Độ tin cậy", As.CHOICE, CONFIDENCES, otherwise="low"),
        Field("version", "Phiên bản"),
    ),
)
_CASES: Final = SheetShape(
    "Trường hợp",
    "procedure",
    (
        Field("id", "Mã trường hợp", As.CODE, is_needed=True),
        Field("name", "Tên trường hợp", is_needed=True, width=40),
        Field("condition", "Điều kiện", As.LONG, width=30),
        *_LIMITS,
        Field("fees", "Mã mức thu", As.CODES),
        Field("result", "Kết quả", As.LONG, width=30),
        Field("grounds", "Căn cứ pháp lý", As.LIST, width=30),
        Field("ask", "Còn phải hỏi", As.CHOICES, ASKS),
    ),
    "cases",
    _OF_PROCEDURE,
)
_COMPONENTS: Final = SheetShape(
    "Thành phần",
    "procedure",
    (
        Field("no", "Số thứ tự", As.NUMBER, is_needed=True, width=8),
        Field("name", "Tên thành phần", As.LONG, is_needed=True, width=60),
        Field("kind", "Loại", As.CHOICE, _words(COMPONENT_WORDS), is_needed=True),
        Field("needed", "Bắt buộc", As.YES, otherwise=False, width=10),
        Field("originals", "Số bản chính", As.NUMBER, otherwise=0, width=8),
        Field("copies", "Số bản sao", As.NUMBER, otherwise=0, width=8),
        Field("condition", "Điều kiện", As.LONG, width=30),
    ),
    "components",
    _OF_PROCEDURE,
    in_case=True,
)
_FEE: Final = SheetShape(
    "Phí",
    "fee",
    (
        Field("id", "Mã mức thu", As.CODE, is_needed=True),
        Field("kind", "Loại khoản thu", As.CHOICE, FEE_KINDS, is_needed=True),
        Field("name", "Tên khoản thu", is_needed=True, width=40),
        Field("ground", "Căn cứ", width=30),
        Field("formula", "Cách tính", As.CHOICE, _words(FORMULA_WORDS), is_needed=True, width=30),
        Field("amount_vnd", "Mức thu (đồng)", As.MONEY, is_open=True),
        Field("online_vnd", "Mức trực tuyến (đồng)", As.MONEY, is_open=True),
        Field("cap_vnd", "Tối đa (đồng)", As.MONEY, is_open=True),
        _EFFECTIVE,
        Field("province", "Tỉnh"),
        Field("confidence", "Độ tin cậy", As.CHOICE, CONFIDENCES, otherwise="high"),
        Field("unit", "Đơn vị đếm"),
        Field("note", "Ghi chú", As.LONG, width=30),
        Field("is_on_request", "Chỉ khi yêu cầu", As.YES, otherwise=False),
        Field("ask", "Còn phải hỏi", As.CHOICES, AMOUNT_ASKS),
    ),
)
_STEPS_OF_PAGES: Final = SheetShape(
    "Bậc trang",
    "fee",
    (
        Field("from_page", "Từ trang", As.NUMBER, is_needed=True),
        Field("amount_vnd", "Mỗi trang (đồng)", As.MONEY, is_needed=True),
    ),
    "steps",
    _OF_FEE,
)
_LEVELS: Final = SheetShape(
    "Bảng mức thu",
    "fee",
    (
        Field("id", "Mã dòng", As.CODE, is_needed=True),
        Field("words", "Nội dung", As.LONG, is_needed=True, width=40),
        Field("amount_vnd", "Mức thu (đồng)", As.MONEY, is_open=True),
        Field("online_vnd", "Mức trực tuyến (đồng)", As.MONEY, is_open=True),
    ),
    "rows",
    _OF_FEE,
)
_EXEMPTIONS: Final = SheetShape(
    "Miễn giảm",
    "fee",
    (
        Field("id", "Mã diện", As.CODE, is_needed=True),
        Field("words", "Diện miễn, giảm", As.LONG, is_needed=True, width=40),
        Field("percent_off", "Giảm (%)", As.NUMBER, is_needed=True),
        Field("ground", "Căn cứ", width=30),
    ),
    "exemptions",
    _OF_FEE,
)
_CALENDAR: Final = SheetShape(
    "Lịch",
    "calendar",
    (
        Field("day", "Ngày", As.DAY, is_needed=True),
        Field("type", "Loại ngày", As.CHOICE, DAY_TYPES, is_needed=True),
        Field("why", "Lý do", is_needed=True, width=40),
        Field("is_estimate", "Còn ước tính", As.YES, otherwise=False),
    ),
    "days",
)
_ROUTE: Final = SheetShape(
    "Quy trình",
    "route",
    (
        Field("id", "Mã quy trình", As.CODE, is_needed=True),
        Field("name", "Tên quy trình", is_needed=True, width=40),
        Field("procedure_codes", "Cho các thủ tục", As.CODES, width=30),
        Field("version", "Phiên bản"),
        _EFFECTIVE,
    ),
)
_ROUTE_STEPS: Final = SheetShape(
    "Bước",
    "route",
    (
        Field("no", "Số bước", As.NUMBER, is_needed=True, width=8),
        Field("words", "Nội dung công việc", As.LONG, is_needed=True, width=40),
        Field("role", "Vai trò", As.CHOICE, ROLES, is_needed=True),
        Field("unit", "Đơn vị", As.CODE),
        Field("minutes", "Số phút", As.NUMBER, otherwise=0),
        Field("online_minutes", "Số phút trực tuyến", As.NUMBER, is_open=True),
        Field("output", "Kết quả của bước", As.LONG, width=30),
        Field("may_return", "Được trả lại", As.YES, otherwise=True),
        Field("may_skip", "Được bỏ qua", As.YES, otherwise=False),
        Field("kind", "Loại bước", As.CHOICE, _words(STEP_WORDS), otherwise="work"),
        Field("joint_units", "Đơn vị phối hợp", As.CODES),
    ),
    "steps",
    _OF_ROUTE,
)
_OFFICER: Final = SheetShape(
    "Cán bộ",
    "officer",
    (
        Field("id", "Mã cán bộ", As.CODE, is_needed=True),
        Field("name", "Họ và tên", is_needed=True, width=30),
        Field("roles", "Vai trò", As.CHOICES, ROLES, is_needed=True, width=30),
        Field("unit", "Đơn vị", As.CODE, is_needed=True),
        Field("title", "Chức danh", width=30),
    ),
)
_UNIT: Final = SheetShape(
    "Đơn vị",
    "unit",
    (
        Field("id", "Mã đơn vị", As.CODE, is_needed=True),
        Field("name", "Tên đơn vị", is_needed=True, width=40),
        Field("parent", "Thuộc đơn vị", As.CODE),
    ),
)
_ROUTING: Final = SheetShape(
    "Phân công",
    "routing",
    (
        Field("sector", "Lĩnh vực", is_needed=True, width=40),
        Field("unit", "Đơn vị", As.CODE, is_needed=True),
    ),
    "pairs",
)
_STAND_IN: Final = SheetShape(
    "Làm thay",
    "stand_in",
    (
        Field("id", "Mã lần uỷ quyền", As.CODE, is_needed=True),
        Field("officer", "Cán bộ vắng mặt", As.CODE, is_needed=True),
        Field("stand_in", "Người làm thay", As.CODE, is_needed=True),
        Field("begins_on", "Từ ngày", As.DAY, is_needed=True),
        Field("ends_on", "Đến ngày", As.DAY, is_needed=True),
        Field("roles", "Vai trò được thay", As.CHOICES, ROLES, is_needed=True, width=30),
        Field("reason", "Lý do", As.LONG, width=30),
    ),
)
_MERGER: Final = SheetShape(
    "Hợp nhất",
    "merger",
    (
        Field("old", "Nơi cũ", As.CODE, is_needed=True),
        Field("new", "Nơi mới", As.CODE, is_needed=True),
        Field("on", "Từ ngày", As.DAY, is_needed=True),
        Field("ground", "Căn cứ", is_needed=True, width=40),
        Field(
            "kind",
            "Loại nơi",
            As.CHOICE,
            {MergerKind.UNIT.value: "đơn vị", MergerKind.AGENCY.value: "cơ quan"},
            otherwise="unit",
        ),
    ),
)

SHEETS: Final = (
    _PROCEDURE, _CASES, _COMPONENTS, _FEE, _STEPS_OF_PAGES, _LEVELS, _EXEMPTIONS, _CALENDAR,
    _ROUTE, _ROUTE_STEPS, _OFFICER, _UNIT, _ROUTING, _STAND_IN, _MERGER,
)  # fmt: skip
"""In the order in which they stand; a sheet of rows comes before those of what lies inside them."""
