"""An officers' week at the practice office, as data: who does what to which dossier, in which order.

Names of fields and buttons are those a person reads on the screen. Days are of November
2026: Tuesday 24 is Ngày Văn hoá Việt Nam, so due dates jump over it.
"""

from dataclasses import dataclass
from datetime import datetime

from onestop.domain.acts import Act
from onestop.domain.moment import VIETNAM

MAI, DUC, HOA = "Trần Thị Mai", "Đặng Minh Đức", "Lê Thị Thanh Hoa"
TUYET, KHOI, HNGA = "Nguyễn Thị Ánh Tuyết", "Phạm Đăng Khôi", "H'Nga Niê"
BINH, LONG, NHU = "Vũ Thanh Bình", "Hoàng Gia Long", "Đỗ Quỳnh Như"
THANG, LAN, VY = "Bùi Quyết Thắng", "Ngô Thị Ngọc Lan", "Trương Thế Vỹ"


@dataclass(frozen=True, slots=True)
class At:
    """The clock on the wall moves on to this moment."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class SignIn:
    officer: str


@dataclass(frozen=True, slots=True)
class Intake:
    """A citizen at the counter. `way`: receive, supplement (papers missing) or refuse.

    `case`: how its name begins. `declared`: the form of the procedure is filled in here. `fields`:
    whatever else is said. Both are (field, text) pairs as in `Do`.
    """

    key: str
    procedure_code: str
    owner: int
    way: str = "receive"
    reason: str = ""
    case: str = ""
    declared: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Do:
    """One act on the dossier page: (field, text) pairs; "+" before a field name: choose by typing."""

    key: str
    act: Act
    fields: tuple[tuple[str, str], ...] = ()
    is_confirmed: bool = False
    files: int = 0


@dataclass(frozen=True, slots=True)
class Print:
    """Ctrl+P on the dossier page, then saved as PDF."""

    key: str


@dataclass(frozen=True, slots=True)
class DayOff:
    """Quản trị › Lịch làm việc: a day (as it is typed) off; open dossiers are due later."""

    day: str
    reason: str


@dataclass(frozen=True, slots=True)
class RouteEdit:
    """Quản trị › Quy trình nội bộ: the second step of a route gets other hours, typed as people write."""

    name: str
    hours: str


@dataclass(frozen=True, slots=True)
class PowerCut:
    """The process is killed here, between two acts."""


Step = At | SignIn | Intake | Do | Print | DayOff | RouteEdit | PowerCut


def _at(day: int, hour: int, minute: int = 0) -> At:
    return At(datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM))


def _life(key: str, officers: tuple[str, str], proposal: str, number: str) -> tuple[Step, ...]:
    """From the counter's forward to the records clerk, by the plain way."""
    specialist, head = officers
    return (
        SignIn(specialist),
        Do(key, Act.TAKE_OVER),
        Do(key, Act.PROPOSE, (("Nội dung trình", proposal),)),
        SignIn(head),
        Do(key, Act.APPROVE),
        SignIn(THANG),
        Do(key, Act.SIGN, is_confirmed=True),
        SignIn(LAN),
        Do(key, Act.COMPLETE, (("Số, ký hiệu", number),)),
    )


MORNING: tuple[Step, ...] = (
    _at(18, 7, 35),
    SignIn(MAI),
    Intake("birth", "1.001193", 0),
    Print("birth"),
    Do("birth", Act.FORWARD),
    Intake("copies", "2.000815", 1),
    SignIn(HOA),
    Do("copies", Act.COLLECT, (("Biên lai", "26TAA 0000123"),)),
    SignIn(MAI),
    Intake("trade", "1.001612", 3),
    Do("trade", Act.FORWARD),
    Do("trade", Act.RECALL, (("Lý do", "Chuyển nhầm khi chưa kiểm tra ngành nghề"),)),
    Do("trade", Act.FORWARD, (("Lời dặn", "Ngành nghề có điều kiện, đề nghị xem kỹ"),)),
    Intake(
        "status",
        "1.004873",
        2,
        declared=(
            ("Quan hệ", "Bản thân"),
            ("+Tình trạng hôn nhân", "Chưa đăng ký"),
            ("+Mục đích", "Vay vốn"),
        ),
    ),
    Do("status", Act.FORWARD),
    Intake("pavement", "1.013274", 5),
    Do("pavement", Act.FORWARD),
    SignIn(DUC),
    Intake("refused", "1.001731", 9, "refuse", "Không thuộc thẩm quyền giải quyết của UBND xã"),
    Intake("registered", "1.001612", 8, "supplement", "Hồ sơ chưa đủ thành phần theo quy định"),
    *_life("birth", (TUYET, THANG), "Hồ sơ đủ điều kiện đăng ký khai sinh", "118/2026"),
    SignIn(MAI),
    Do("birth", Act.HAND_OUT, is_confirmed=True),
    PowerCut(),
)

AFTERNOON: tuple[Step, ...] = (
    _at(18, 13, 40),
    SignIn(KHOI),
    Do("trade", Act.TAKE_OVER),
    Do(
        "trade",
        Act.CONSULT,
        (
            ("+Đơn vị được hỏi", "Phòng Văn hóa"),
            ("Nội dung xin ý kiến", "Điều kiện an ninh, trật tự của ngành nghề"),
        ),
    ),
    SignIn(HNGA),
    Do("trade", Act.GIVE_OPINION, (("Ý kiến của đơn vị", "Đồng ý, địa điểm phù hợp"),)),
    SignIn(KHOI),
    Do("trade", Act.PROPOSE, (("Nội dung trình", "Cấp giấy chứng nhận hộ kinh doanh"),)),
    SignIn(LONG),
    Do("trade", Act.DISAPPROVE, (("Lý do", "Bổ sung căn cứ về ngành nghề có điều kiện"),)),
    SignIn(KHOI),
    Do("trade", Act.PROPOSE, (("Nội dung trình", "Đã bổ sung căn cứ, đề nghị cấp"),)),
    SignIn(LONG),
    Do("trade", Act.APPROVE),
    SignIn(TUYET),
    Do("status", Act.TAKE_OVER),
    Do(
        "status",
        Act.REQUEST_SUPPLEMENT,
        (
            ("Giấy tờ cần bổ sung", "Bản sao trích lục ly hôn"),
            ("Lý do", "Người đề nghị đã từng kết hôn, chưa có căn cứ chấm dứt"),
        ),
    ),
    SignIn(KHOI),
    Do("pavement", Act.TAKE_OVER),
    Do("pavement", Act.ADD_NOTE, (("Ghi chú", "Đã khảo sát thực địa buổi chiều"),)),
    Do("pavement", Act.ATTACH, files=1),
    Do("pavement", Act.DETACH, (("Lý do", "Ảnh mờ, chụp lại sau"),)),
    Do(
        "pavement",
        Act.PAUSE,
        (("+Căn cứ tạm dừng", "nghĩa vụ"), ("Lý do", "Chờ nộp tiền sử dụng tạm thời lòng đường")),
    ),
    SignIn(MAI),
    Intake("withdrawn", "1.004222", 10, case="Về ở với", fields=(("+Diện miễn, giảm", "hộ nghèo"),)),
    Do(
        "withdrawn",
        Act.WITHDRAW,
        (("Lý do", "Công dân đề nghị rút để bổ sung thông tin"),),
        is_confirmed=True,
    ),
    Intake("corrected", "1.010041", 12),
    Print("corrected"),
    Do(
        "corrected",
        Act.CORRECT,
        (("Số điện thoại", "0938 000 999"), ("Lý do", "Nhập nhầm số điện thoại")),
    ),
    Print("corrected"),
    Do("corrected", Act.VOID_PAPER, (("Lý do", "Tờ giấy bị nhoè mực, đã gạch bỏ"),)),
    Intake("stopped", "1.014063", 15),
    SignIn(HOA),
    Do("stopped", Act.COLLECT),
    SignIn(THANG),
    Do("stopped", Act.STOP, (("Lý do", "Công dân đã được cấp thẻ tại nơi khác"),), is_confirmed=True),
    SignIn(HOA),
    Do("stopped", Act.REFUND, (("Số tiền hoàn", "50000"), ("Lý do", "Hoàn theo thông báo dừng giải quyết"))),
    SignIn(MAI),
    Intake("returned", "2.000908", 16),
    Do("returned", Act.FORWARD),
    SignIn(TUYET),
    Do("returned", Act.SEND_BACK, (("Lý do", "Sổ gốc lưu tại đơn vị khác, đề nghị xác định lại"),)),
    _at(20, 8, 5),
    SignIn(MAI),
    Do(
        "returned",
        Act.DRAFT_APOLOGY,
        (("Lý do", "Sổ gốc đang được phục chế, chưa tra cứu được"),),
    ),
    Do("status", Act.TAKE_SUPPLEMENT, files=1),
    Do("registered", Act.TAKE_SUPPLEMENT),
    Do("registered", Act.RECEIVE),
    SignIn(KHOI),
    Do("pavement", Act.RESUME, (("Lý do", "Đã có chứng từ nộp tiền"),)),
    SignIn(TUYET),
    Do("status", Act.PROPOSE, (("Nội dung trình", "Đủ điều kiện xác nhận tình trạng hôn nhân"),)),
    SignIn(BINH),
    Do("status", Act.APPROVE),
    SignIn(MAI),
    Intake("residence", "1.004194", 18, fields=(("+Mức thu", "cá nhân"),)),
    Intake("death", "1.000656", 20),
    Intake("submitted", "2.000635", 6),
    _at(26, 8, 10),
    SignIn(THANG),
    Do("returned", Act.EXTEND, is_confirmed=False),  # as it was drafted
    Do("withdrawn", Act.ERASE, is_confirmed=True),
    SignIn(VY),
    RouteEdit("xac nhan tinh trang hon nhan", "6"),
    DayOff("27/11/2026", "Nghỉ tránh bão theo công điện của tỉnh"),
    SignIn(MAI),
)

END = datetime(2026, 11, 26, 16, 0, tzinfo=VIETNAM)
