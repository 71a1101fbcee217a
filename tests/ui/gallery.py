"""Two windows full of every widget, with invented people, to be looked at and measured."""

from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import look
from ui.widgets import (
    BigNumber,
    Card,
    Checklist,
    Column,
    ComboField,
    DateField,
    ErrorSummary,
    LineField,
    Moment,
    NewsBar,
    NoteField,
    Option,
    Picker,
    Place,
    QueueTable,
    Rail,
    Row,
    RowModel,
    StatusChip,
    StatusPill,
    TabBar,
    Timeline,
    label,
    plain,
    primary,
)

PLACES = (
    Place("queue", "inbox", "Hàng việc", "Ctrl+1"),
    Place("receive", "file-plus-2", "Tiếp nhận", "Ctrl+2"),
    Place("search", "search", "Tra cứu", "Ctrl+3"),
    Place("approve", "stamp", "Phê duyệt", "Ctrl+4"),
    Place("hand_out", "package-check", "Trả kết quả", "Ctrl+5"),
    Place("report", "chart-column", "Báo cáo", "Ctrl+6"),
)
FOOT = (Place("settings", "settings", "Thiết lập"), Place("help", "circle-help", "Trợ giúp", "F1"))
COLUMNS = (
    Column("Hạn trả", "19/11/2026 16:30"),
    Column("Mã hồ sơ", "H38.12.22-261107-0031"),
    Column("Chủ hồ sơ", "Nguyễn Thị Đặng Hường", stretch=1),
    Column("Thủ tục", "Đăng ký khai sinh", stretch=3),
    Column("Tình trạng", "Tạm dừng: chờ bổ sung", is_pill=True),
)
_DATA = (
    (
        "19/11/2026 16:30",
        "0031",
        "Nguyễn Thị Đặng Hường",
        "Đăng ký khai sinh có yếu tố nước ngoài",
        "overdue",
    ),
    ("20/11/2026 11:00", "0004", "Lê Quốc Ưu", "Cấp giấy xác nhận tình trạng hôn nhân", "overdue"),
    (
        "21/11/2026 16:30",
        "0012",
        "ẪỄỖ ẮỜỰ ỵ đ Đ",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản",
        "today",
    ),
    ("21/11/2026 17:00", "0007", "Võ Đình Khuê", "Đăng ký thường trú", "today"),
    ("24/11/2026 16:30", "0020", "Hoàng Thị Mỹ Lệ", "Đăng ký lại khai tử", "soon"),
    ("25/11/2026 16:30", "0002", "Đỗ Trường Giang", "Cấp phép xây dựng nhà ở riêng lẻ", "soon"),
    ("—", "0018", "Y Moan Êban", "Hỗ trợ chi phí mai táng", "paused"),
    ("27/11/2026 16:30", "0003", "Bùi Ỷ Lan", "Đăng ký hộ kinh doanh", "in_time"),
    ("28/11/2026 16:30", "0009", "Trương Ngọc Ánh Tuyết", "Thay đổi, cải chính hộ tịch", "in_time"),
    ("20/11/2026 09:00", "0015", "Huỳnh Kim Phụng", "Chứng thực chữ ký", "done"),
)
WORDS = {
    "overdue": "Quá hạn 2 ngày",
    "today": "Hôm nay 16:30",
    "soon": "Còn 1 ngày làm việc",
    "paused": "Tạm dừng: chờ bổ sung",
    "in_time": "Còn 5 ngày làm việc",
    "done": "Đã có kết quả, chờ trả",
}
MOMENTS = (
    Moment("5", "Thứ Bảy 21/11/2026", "10:05", "badge-check", "Ký số", "Nguyễn Văn Ước · Lãnh đạo", "", True),
    Moment(
        "4",
        "Thứ Bảy 21/11/2026",
        "08:40",
        "send",
        "Trình duyệt",
        "Trần Thị Mai · Chuyên viên",
        "Hồ sơ đủ điều kiện theo Điều 16 Luật Hộ tịch, đề nghị cấp bản chính giấy khai sinh.",
    ),
    Moment(
        "3",
        "Thứ Tư 18/11/2026",
        "14:12",
        "paperclip",
        "Nhận bổ sung",
        "Lê Thị Ánh · Quầy 02",
        "Bản chính giấy chứng sinh",
        False,
        "success",
    ),
    Moment(
        "2",
        "Thứ Hai 16/11/2026",
        "15:30",
        "circle-pause",
        "Yêu cầu bổ sung",
        "Trần Thị Mai · Chuyên viên",
        "Thiếu giấy chứng sinh",
        True,
        "warning_icon",
    ),
    Moment("1", "Thứ Hai 16/11/2026", "09:20", "inbox", "Tiếp nhận", "Lê Thị Ánh · Quầy 02"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    no: int
    name: str
    needed: bool = True
    is_given: bool = False
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = field(default="")


PIECES = (
    Piece(1, "Tờ khai đăng ký khai sinh", True, True, 1),
    Piece(2, "Giấy chứng sinh hoặc văn bản của người làm chứng xác nhận về việc sinh"),
    Piece(3, "Căn cước của người đi đăng ký", True, True, 1, 0, 1, "xuất trình"),
    Piece(4, "Giấy chứng nhận kết hôn", False),
)
PROCEDURES = (
    Option("1.001193", "Đăng ký khai sinh", "1.001193 · Hộ tịch · trong ngày"),
    Option("1.000894", "Đăng ký kết hôn", "1.000894 · Hộ tịch · trong ngày"),
    Option("1.000689", "Đăng ký khai tử", "1.000689 · Hộ tịch · trong ngày"),
)


def rows(count: int = len(_DATA)) -> list[Row]:
    made = []
    for number in range(count):
        due, serial, owner, procedure, urgency = _DATA[number % len(_DATA)]
        cells = (due, f"H38.12.22-261107-{serial}", owner, procedure, WORDS[urgency])
        made.append(Row(f"d{number}", cells, urgency))
    return made


def head() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.px(8))
    search = LineField("find", "Tìm")
    search.label.hide()
    search.editor.setPlaceholderText("Tìm hồ sơ: mã, số định danh, họ tên (không cần dấu)   Ctrl+K")
    search.setFixedWidth(look.px(430))
    row.addWidget(search)
    row.addStretch(1)
    row.addWidget(StatusChip("scan-line", "success_icon", "Máy quét: COM4 sẵn sàng"))
    row.addWidget(StatusChip("cloud-off", "warning_icon", "Ngoại tuyến · 3 hồ sơ chờ gửi"))
    row.addWidget(StatusChip("user", "dim", "Quầy 02 · Trần Thị Mai"))
    return row


def window(place: str) -> tuple[QWidget, QVBoxLayout]:
    made = QWidget()
    made.setProperty("look", "page")
    rail = Rail(PLACES, FOOT)
    rail.choose(place)
    rail.set_badge("queue", 13)
    rail.set_badge("approve", 4)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(rail)
    column = QVBoxLayout()
    column.setContentsMargins(look.px(16), look.px(8), look.px(16), look.px(12))
    column.setSpacing(look.px(8))
    column.addLayout(head())
    row.addLayout(column, 1)
    made.resize(1366, 768)
    return made, column


def queue_window() -> QWidget:
    made, column = window("queue")
    top = QHBoxLayout()
    top.addWidget(label("Hàng việc của tôi", "title"), 1)
    top.addWidget(primary("Tiếp nhận hồ sơ mới", "Ctrl+N", "file-plus-2"))
    column.addLayout(top)
    tabs = TabBar("tabs", "Nhóm hạn trả")
    tabs.set_tabs(
        [
            ("all", "Tất cả", 1128),
            ("overdue", "Quá hạn", 4),
            ("today", "Hôm nay", 9),
            ("soon", "Sắp đến hạn", 17),
            ("in_time", "Còn hạn", 86),
            ("paused", "Tạm dừng", 12),
        ]
    )
    column.addWidget(tabs)
    news = NewsBar()
    news.set_count(3)
    column.addWidget(news)
    body = QHBoxLayout()
    body.setSpacing(look.px(12))
    model = RowModel(COLUMNS)
    table = QueueTable("queue", "Hàng việc", model)
    model.setParent(table)
    model.show_rows(rows())
    table.select("d2")
    body.addWidget(table, 1)
    body.addWidget(_preview())
    column.addLayout(body, 1)
    column.addWidget(
        label("F1 Trợ giúp · Ctrl+1…6 Chuyển trang · F6 Chuyển vùng · Ctrl+/ Mọi phím tắt", "small")
    )
    table.setFocus()
    return made


def _preview() -> Card:
    card = Card()
    card.setFixedWidth(look.px(330))
    card.body.addWidget(label("H38.12.22-261116-0012", "dim"))
    card.body.addWidget(label("Phạm Ngọc Quỳnh Như", "section"))
    card.body.addWidget(label("Chứng thực bản sao từ bản chính giấy tờ, văn bản", is_wrapped=True))
    card.body.addWidget(StatusPill("today", "Đến hạn hôm nay 16:30"))
    timeline = Timeline("journal")
    timeline.show_moments(MOMENTS)
    card.body.addWidget(timeline, 1)
    foot = QHBoxLayout()
    foot.addWidget(primary("Mở", "Enter"), 1)
    foot.addWidget(plain("In phiếu", "Ctrl+P", "printer"), 1)
    card.body.addLayout(foot)
    return card


def form_window() -> QWidget:
    made, column = window("receive")
    column.addWidget(label("Tiếp nhận hồ sơ", "title"))
    body = QHBoxLayout()
    body.setSpacing(look.px(12))
    body.addWidget(_form(), 1)
    body.addWidget(_side())
    column.addLayout(body, 1)
    return made


def find(query: str) -> list[Option]:
    from onestop.domain.text import fold

    return [option for option in PROCEDURES if fold(query) in fold(option.title)]


def _form() -> Card:
    card = Card()
    errors = ErrorSummary()
    card.body.addWidget(errors)
    picker = Picker("procedure", "&Thủ tục", find)
    picker.set_option(PROCEDURES[0])
    card.body.addWidget(picker)
    number = LineField("id_number", "&Số định danh / CCCD")
    number.set_text("07908500123")
    number.set_error("Phải có đúng 12 chữ số, hiện có 11")
    name = LineField("name", "&Họ, chữ đệm, tên", "Lấy từ mã QR trên thẻ, 10:41")
    name.set_text("Nguyễn Thị Đặng Hường ẪỄỖ ẮỜỰ")
    born = DateField("born_on", "&Ngày sinh", lambda text: text)
    born.set_text("01/02/1985")
    sex = ComboField("sex", "&Giới tính", [("nữ", "Nữ"), ("nam", "Nam")])
    phone = LineField("phone", "Số điện th&oại")
    phone.set_text("0903 123 456")
    mail = LineField("email", "Th&ư điện tử (nếu có)")
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(16))
    grid.setVerticalSpacing(look.px(12))
    grid.addWidget(number, 0, 0, 1, 2)
    grid.addWidget(name, 0, 2, 1, 2)
    for place, each in enumerate((born, sex, phone, mail)):
        grid.addWidget(each, 1, place)
        grid.setColumnStretch(place, 1)
    grid.addWidget(NoteField("content", "&Nội dung", rows=2), 2, 0, 1, 4)
    card.body.addLayout(grid)
    check = QCheckBox("Người nộp cũng là chủ hồ sơ")
    check.setChecked(True)
    card.body.addWidget(check)
    number_box = BigNumber("Mã hồ sơ")
    number_box.show_number("H38.12.22-261121-0031")
    card.body.addWidget(number_box)
    card.body.addStretch(1)
    foot = QHBoxLayout()
    foot.addWidget(primary("Tiếp nhận và in phiếu", "Ctrl+Enter"))
    foot.addWidget(plain("Lưu nháp", "Ctrl+S"))
    foot.addStretch(1)
    foot.addWidget(plain("Huỷ", "Esc"))
    card.body.addLayout(foot)
    errors.show_errors(
        [
            ("Số định danh phải có đúng 12 chữ số, hiện có 11", number),
            ("Thiếu giấy tờ bắt buộc: Giấy chứng sinh", None),
        ],
        "trước khi tiếp nhận",
    )
    return card


def _side() -> Card:
    card = Card()
    card.setFixedWidth(look.px(350))
    checklist = Checklist("components")
    checklist.set_components(PIECES)
    card.body.addWidget(checklist)
    card.body.addWidget(label("Thời hạn và lệ phí", "section"))
    card.body.addWidget(label("Hạn trả: Thứ Tư 25/11/2026, 16:30", "strong", is_wrapped=True))
    card.body.addWidget(
        label(
            "2 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Ngày Văn hoá Việt Nam 24/11", "dim", is_wrapped=True
        )
    )
    card.body.addStretch(1)
    card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return card
