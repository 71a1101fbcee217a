"""What the tables of Gói dữ liệu show: findings, what would change, what was changed."""

from collections.abc import Sequence

from onestop.domain.moment import from_wire, show_at
from onestop.office.changing import Changed
from onestop.office.office import Catalogue
from onestop.office.pack_report import PackFinding, RowDiff
from onestop.office.row_shape import KIND_WORDS
from ui.widgets import Column, Row

FINDING_COLUMNS = (
    Column("Mức", "Lưu ý"),
    Column("Trang", "Bảng mức thu"),
    Column("Dòng", "12345", is_number=True),
    Column("Cột", "AA (Đơn vị thời hạn)"),
    Column("Sai ở đâu", "Thời hạn 5 không có đơn vị", stretch=3),
    Column("Cách sửa", "Ghi ngày làm việc, ngày hoặc giờ", stretch=2),
)
DIFF_COLUMNS = (
    Column("Việc", "thêm mới"),
    Column("Loại", "Quy trình nội bộ"),
    Column("Mã", "1.001193@2027-03-01"),
    Column("Tên", "Đăng ký khai sinh", stretch=2),
    Column("Đổi từ … thành …", "Thời hạn: 5 ngày làm việc → 4 ngày", stretch=3),
)
CHANGE_COLUMNS = (
    Column("Lúc", "15:32 24/11/2026"),
    Column("Người đổi", "Nguyễn Thị Hồng Ngọc"),
    Column("Nội dung", "Nhập gói “Danh mục tỉnh”", stretch=3),
    Column("Số dòng", "7.000", is_number=True),
    Column("Tình trạng", "đã hoàn tác"),
)

HOW_WORDS = {"added": "thêm", "changed": "sửa", "removed": "bỏ"}


def finding_rows(findings: Sequence[PackFinding], only_errors: bool) -> list[Row]:
    """Errors first; `id` is the place in `findings`."""
    numbered = sorted(enumerate(findings), key=lambda each: not each[1].is_error)
    return [_finding(number, each) for number, each in numbered if each.is_error or not only_errors]


def _finding(number: int, each: PackFinding) -> Row:
    place = each.place
    column = f"{place.column} ({place.head})" if place.column and place.head else place.head or place.column
    line = str(place.line) if place.line else ""
    level = "Lỗi" if each.is_error else "Lưu ý"
    cells = (level, place.sheet, line, column, each.words, each.remedy)
    return Row(str(number), cells, tip=f"{each.words}. {each.remedy}")


def diff_rows(diffs: Sequence[RowDiff]) -> list[Row]:
    return [_diff(number, each) for number, each in enumerate(diffs)]


def _diff(number: int, each: RowDiff) -> Row:
    fields = diff_words(each)
    code = each.key.partition(" ")[2] or each.key  # before a unit's or officer's id stands its place
    cells = (HOW_WORDS[each.how], KIND_WORDS[each.kind], code, each.name, fields)
    return Row(str(number), cells, is_strong=each.how != "changed", tip=fields)


def diff_words(each: RowDiff) -> str:
    """Field by field, in one line."""
    parts = (f"{one.head}: {one.before or '(trống)'} → {one.after or '(trống)'}" for one in each.fields)
    return "; ".join(part.replace("\n", ", ") for part in parts)


def change_rows_of(changes: Sequence[Changed], catalogue: Catalogue) -> list[Row]:
    return [_change(each, catalogue) for each in changes]


def _change(each: Changed, catalogue: Catalogue) -> Row:
    undone = f"đã hoàn tác {show_at(from_wire(each.undone_at))}" if each.undone_at else "đang dùng"
    who = catalogue.officer(each.officer).name
    cells = (show_at(from_wire(each.at)), who, each.words, f"{each.count:,}".replace(",", "."), undone)
    return Row(each.id, cells, is_strong=not each.undone_at)
