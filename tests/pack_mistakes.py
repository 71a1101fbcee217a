"""A workbook with fifty planted mistakes, as people make them; each is planted where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Bad:
    """A cell with a mistake, and what must be said at it."""

    value: Any
    words: str


Row = dict[str, Any]


def procedure(number: int, **more: Any) -> Row:
    row = {
        "Mã thủ tục": f"9.{number:06d}",
        "Tên thủ tục": f"Thủ tục số {number}",
        "Lĩnh vực": "Hộ tịch",
        "Thời hạn": 5,
        "Đơn vị thời hạn": "ngày làm việc",
    }
    return row | {name.replace("_", " "): value for name, value in more.items()}


def paper(no: Any, **more: Any) -> Row:
    row = {"Mã thủ tục": "9.000001", "Số thứ tự": no, "Tên thành phần": "Tờ khai", "Loại": "Nộp"}
    row |= {"Bắt buộc": "có", "Số bản chính": 1}
    return row | {name.replace("_", " "): value for name, value in more.items()}


def fee(name: Any, **more: Any) -> Row:
    row = {"Mã mức thu": name, "Loại khoản thu": "Phí", "Tên khoản thu": "Phí thử", "Căn cứ": "NQ 1/2026"}
    row |= {"Cách tính": "Một mức cho mỗi hồ sơ", "Mức thu (đồng)": 10000}
    return row | more


def step(route: str, no: int, role: Any, **more: Any) -> Row:
    row = {"Mã quy trình": route, "Số bước": no, "Nội dung công việc": "Làm", "Vai trò": role, "Số phút": 60}
    return row | {name.replace("_", " "): value for name, value in more.items()}


def steps(route: str, **more: Any) -> list[Row]:
    roles = ["tiếp nhận", "chuyên viên", "lãnh đạo", "văn thư", "tiếp nhận"]
    return [step(route, no, role, **(more if no == 2 else {})) for no, role in enumerate(roles, 1)]


def officer(name: str, **more: Any) -> Row:
    row = {"Mã cán bộ": name, "Họ và tên": "Đinh Thị Thử", "Vai trò": "tiếp nhận", "Đơn vị": "pvhcc"}
    return row | {name_.replace("_", " "): value for name_, value in more.items()}


SHEETS: dict[str, list[Row]] = {
    "Thủ tục": [
        procedure(1),
        procedure(2, Mã_thủ_tục=Bad(None, "Chưa ghi “Mã thủ tục”")),
        procedure(3, Mã_thủ_tục=Bad("9.000001", "“9.000001” đã có ở dòng 2")),
        procedure(4, Tên_thủ_tục=Bad(None, "Chưa ghi “Tên thủ tục”")),
        procedure(5, Lĩnh_vực=Bad(None, "Chưa ghi “Lĩnh vực”")),
        procedure(6, Đơn_vị_thời_hạn=Bad(None, "Thời hạn 5 không có đơn vị")),
        procedure(7, Đơn_vị_thời_hạn=Bad("tuần", "“tuần” không có trong danh sách")),
        procedure(8, Thời_hạn=Bad(None, "Có đơn vị nhưng không có thời hạn")),
        procedure(9, Thời_hạn=Bad(-5, "không được âm")),
        procedure(10, Thời_hạn=Bad("năm", "“năm” không phải số nguyên")),
        procedure(11, Thời_hạn=Bad(2000, "Thời hạn 2000 không hợp lệ")),
        procedure(12, **{"Thời hạn trực tuyến": 3}, **{"Đơn vị trực tuyến": Bad(None, "không có đơn vị")}),
        procedure(13, **{"Phí (đồng)": Bad(-8000, "Số tiền âm")}),
        procedure(14, **{"Phí (đồng)": Bad(8000.5, "Số tiền có phần lẻ")}),
        procedure(15, **{"Phí (đồng)": Bad("tám nghìn", "không phải số tiền")}),
        procedure(16, Mã_mức_thu=Bad("phi-khong-co", "Không có mức thu mã “phi-khong-co”")),
        procedure(17, Hiệu_lực_từ=Bad("31/02/2027", "không phải ngày có thật")),
        procedure(18, Sau_tạm_dừng=Bad("tùy ý", "không có trong danh sách của “Sau tạm dừng”")),
        procedure(19, Mã_tờ_khai=Bad("to-khai-la", "Không có tờ khai mã “to-khai-la”")),
        procedure(20, Mã_quy_trình=Bad("quy-trinh-la", "Không có quy trình mã “quy-trinh-la”")),
        procedure(22, Tên_thủ_tục=Bad("=A2&B2", "Ô chứa công thức")),
        procedure(23, Lĩnh_vực=Bad("#N/A", "Ô báo lỗi #N/A")),
        procedure(24, Mã_thủ_tục=Bad(1.00119, "Excel đã đổi mã thành số")),
        procedure(26, Thời_hạn=1),
    ],
    "Trường hợp": [
        {"Mã thủ tục": "9.000001", "Mã trường hợp": "a", "Tên trường hợp": "Thường", "Thời hạn": 3,
         "Đơn vị thời hạn": Bad(None, "Thời hạn 3 không có đơn vị")},
        {"Mã thủ tục": "9.000001", "Mã trường hợp": Bad("a", "“a” có hai lần"), "Tên trường hợp": "Khác"},
        {"Mã thủ tục": "9.000001", "Mã trường hợp": "b", "Tên trường hợp": Bad(None, "Chưa ghi")},
        {"Mã thủ tục": Bad("9.999999", "không có mã “9.999999”"), "Mã trường hợp": "c",
         "Tên trường hợp": "Của ai"},
    ],
    "Thành phần": [
        paper(1),
        paper(2, Mã_thủ_tục=Bad("9.888888", "không có mã “9.888888”")),
        paper(3, Mã_trường_hợp=Bad("z", "không có trường hợp mã “z”")),
        paper(4, Loại=Bad("Photo", "“Photo” không có trong danh sách")),
        paper(5, Tên_thành_phần=Bad(None, "Chưa ghi “Tên thành phần”")),
        paper(7, Bắt_buộc=Bad("tùy", "không phải có hoặc không")),
        paper(Bad(1, "“1” có hai lần")),
    ],
    "Phí": [
        fee("phi-1", **{"Mức thu (đồng)": Bad(-1, "Số tiền âm")}),
        fee("phi-2", **{"Cách tính": Bad("theo cân", "không có trong danh sách")}),
        fee("phi-3", **{"Căn cứ": Bad(None, "Chưa ghi căn cứ")}),
        fee(Bad("phí-4", "Mã mức thu chưa đúng")),
        fee("phi-5"),
    ],
    "Miễn giảm": [
        {"Mã mức thu": "phi-5", "Mã diện": "ngheo", "Diện miễn, giảm": "Hộ nghèo",
         "Giảm (%)": Bad("nửa", "không phải số nguyên")},
    ],
    "Lịch": [
        {"Ngày": "01/01/2027", "Loại ngày": "nghỉ", "Lý do": "Tết Dương lịch"},
        {"Ngày": Bad("01/01/2027", "có hai lần"), "Loại ngày": "nghỉ", "Lý do": "Lần nữa"},
        {"Ngày": Bad("05/01/2027", "không phải Thứ Bảy"), "Loại ngày": "làm bù", "Lý do": "Bù"},
        {"Ngày": "06/01/2027", "Loại ngày": Bad("lễ", "“lễ” không có trong danh sách"), "Lý do": "Lễ"},
    ],
    "Quy trình": [
        {"Mã quy trình": Bad("dai", "vượt thời hạn"), "Tên quy trình": "Dài", "Cho các thủ tục": "9.000026"},
        {"Mã quy trình": "khong", "Tên quy trình": "Không ai đi",
         "Cho các thủ tục": Bad("9.777777", "Không có thủ tục mã “9.777777”")},
        {"Mã quy trình": "buoc", "Tên quy trình": "Bước sai"},
    ],
    "Bước": [
        *steps("dai", Số_phút=4800),
        *steps("khong", Đơn_vị=Bad("phong-la", "không có đơn vị “phong-la”")),
        *steps("buoc", Vai_trò=Bad("giám đốc", "“giám đốc” không có trong danh sách")),
    ],
    "Cán bộ": [
        officer("u-moi-1", Vai_trò=Bad("tiếp nhận, vua", "“vua” không có trong danh sách")),
        officer("u-moi-2", Đơn_vị=Bad("phong-ma", "Không có đơn vị mã “phong-ma”")),
    ],
    "Phân công": [
        {"Lĩnh vực": "Hộ tịch", "Đơn vị": Bad("phong-mat", "Không có đơn vị mã “phong-mat”")},
        {"Lĩnh vực": Bad("Hộ tịch", "“Hộ tịch” có hai lần"), "Đơn vị": "van-phong"},
    ],
    "Làm thay": [
        {"Mã lần uỷ quyền": "l1", "Cán bộ vắng mặt": "u-mai", "Người làm thay": "u-duc",
         "Từ ngày": "10/12/2026", "Đến ngày": Bad("01/12/2026", "ở trước ngày bắt đầu"),
         "Vai trò được thay": "tiếp nhận"},
    ],
}  # fmt: skip
"""Besides these: a column nobody knows, in “Đơn vị”."""

UNKNOWN_COLUMN = ("Đơn vị", "C1", "Không biết cột “Số máy lẻ”")


def write_mistakes(path: Path) -> list[tuple[str, str, str]]:
    """Writes the workbook; (sheet, cell, words) of every mistake in it."""
    book = Workbook()
    del book["Sheet"]
    planted = [UNKNOWN_COLUMN]
    for name, rows in SHEETS.items():
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet = book.create_sheet(name)
        sheet.append(heads)
        for line, row in enumerate(rows, 2):
            planted += [(name, *mistake) for mistake in _fill(sheet, line, heads, row)]
    unit = book.create_sheet("Đơn vị")
    unit.append(["Mã đơn vị", "Tên đơn vị", "Số máy lẻ"])
    unit.append(["pvhcc", "Trung tâm Phục vụ hành chính công", "101"])
    book.save(path)
    return planted


def _fill(sheet: Any, line: int, heads: list[str], row: Row) -> Iterator[tuple[str, str]]:
    for place, head in enumerate(heads, 1):
        value = row.get(head)
        if isinstance(value, Bad):
            yield f"{get_column_letter(place)}{line}", value.words
            value = value.value
        if value is not None:
            sheet.cell(line, place, value)
