"""A month at two desks of one office without any line, as data: who does what, when, at which desk.

December 2026. Grants of officers end two weeks after the last word of the province: what is done
from 14 December on waits for a head to ratify it. That is the rule, and here it is seen.
"""

from dataclasses import dataclass
from datetime import datetime

from onestop.domain.acts import Act
from onestop.domain.moment import VIETNAM
from ui.tour.plan import DUC, KHOI, LAN, MAI, THANG, TUYET, At, Do, Intake, Print, SignIn, Step

START = datetime(2026, 11, 30, 7, 40, tzinfo=VIETNAM)
RETURN = datetime(2026, 12, 30, 15, 40, tzinfo=VIETNAM)
REVOKED = "u-duc"
"""Đức: his rights are taken back while both desks hear it; he sits down all the same."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One desk's turn (1 or 2): the other rests meanwhile."""

    desk: int
    steps: tuple[Step, ...]


def _day(day: int, hour: int, minute: int = 0) -> At:
    return At(datetime(2026, 12, day, hour, minute, tzinfo=VIETNAM))


ONLINE: tuple[Turn, ...] = (
    Turn(1, (SignIn(MAI), Intake("birth", "1.001193", 0))),
    Turn(2, (SignIn(DUC), Intake("status", "1.004873", 2))),
    Turn(1, (Print("birth"), Do("birth", Act.FORWARD), Intake("twice", "1.004222", 10, case="Về ở"))),
    Turn(2, (Do("status", Act.FORWARD),)),
)

MONTH: tuple[Turn, ...] = (
    Turn(1, (_day(1, 8, 10), Intake("copies", "2.000815", 1), Print("copies"))),
    Turn(2, (_day(1, 9, 5), Do("status", Act.ADD_NOTE, (("Ghi chú", "Đã hẹn công dân lên bổ sung"),)))),
    Turn(1, (_day(2, 9), SignIn(TUYET), Do("birth", Act.TAKE_OVER),
             Do("birth", Act.PROPOSE, (("Nội dung trình", "Hồ sơ đủ điều kiện đăng ký khai sinh"),)))),
    Turn(2, (_day(3, 8, 30), SignIn(MAI), Intake("trade", "1.001612", 3), Print("trade"),
             Do("trade", Act.FORWARD))),
    Turn(1, (_day(4, 10), SignIn(THANG), Do("birth", Act.APPROVE))),
    Turn(2, (_day(7, 9), SignIn(KHOI), Do("trade", Act.TAKE_OVER), Do("trade", Act.ATTACH, files=2))),
    Turn(1, (_day(8, 14), SignIn(THANG), Do("birth", Act.SIGN, is_confirmed=True),
             SignIn(LAN), Do("birth", Act.COMPLETE, (("Số, ký hiệu", "131/2026"),)))),
    Turn(2, (_day(9, 9), SignIn(THANG),
             Do("twice", Act.STOP, (("Lý do", "Công dân đã được giải quyết ở nơi khác"),),
                is_confirmed=True))),
    Turn(1, (_day(10, 15), SignIn(MAI),
             Do("twice", Act.WITHDRAW, (("Lý do", "Công dân đề nghị rút hồ sơ"),), is_confirmed=True))),
    Turn(2, (_day(11, 10), SignIn(MAI), Intake("returned", "2.000908", 16), Do("returned", Act.FORWARD))),
    Turn(1, (_day(15, 8, 20), Do("birth", Act.HAND_OUT, is_confirmed=True))),
    Turn(2, (_day(18, 9), Intake("residence", "1.004194", 18, fields=(("+Mức thu", "cá nhân"),)),
             Print("residence"))),
    Turn(1, (_day(22, 8, 5), Intake("death", "1.000656", 20), Do("death", Act.FORWARD))),
    Turn(2, (_day(24, 14), Do("residence", Act.ADD_NOTE, (("Ghi chú", "Hẹn trả khi có đường truyền"),)))),
    Turn(1, (_day(28, 9), Intake("pavement", "1.013274", 5), Print("pavement"))),
)  # fmt: skip

BEFORE_BACKUP: tuple[Turn, ...] = (
    Turn(1, (SignIn(MAI), Do("pavement", Act.TRANSFER_OUT,
             (("Mã định danh cơ quan nhận", "H56.99.77"), ("Tên cơ quan nhận", "UBND phường Nam Lĩnh"),
              ("Lý do", "Đoạn đường thuộc địa bàn phường Nam Lĩnh")), is_confirmed=True))),
)  # fmt: skip

AFTER_BACKUP: tuple[Turn, ...] = (
    Turn(1, (Intake("submitted", "2.000635", 6),)),
    Turn(2, (Do("trade", Act.ADD_NOTE, (("Ghi chú", "Ghi sau bản sao lưu, trước khi mất máy chủ"),)),)),
)
