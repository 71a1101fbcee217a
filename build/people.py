"""Invented people for measuring: names, numbers and addresses as they occur, nobody real."""

from dataclasses import dataclass
from random import Random

# Surnames by rough share; a good tenth begin with Đ, which plain text search loses.
SURNAMES = (
    *("Nguyễn",) * 32,
    *("Trần",) * 11,
    *("Lê",) * 9,
    *("Phạm",) * 7,
    *("Hoàng", "Huỳnh", "Phan", "Vũ") * 4,
    *("Võ", "Đặng", "Bùi", "Đỗ") * 3,
    *("Hồ", "Ngô", "Dương", "Đinh", "Đoàn", "Đào") * 2,
    *("Lý", "Trịnh", "Mai", "Lương", "Tô", "Trương", "Cao", "Hà", "Đàm", "Niê", "Ksor", "Lò", "Thạch"),
)
MIDDLES_M = ("Văn", "Hữu", "Đức", "Minh", "Quốc", "Xuân", "Công", "Đình", "Quang", "Gia", "Tuấn", "Đăng")
MIDDLES_F = ("Thị", "Ngọc", "Thanh", "Thu", "Kim", "Phương", "Hồng", "Mỹ", "Bảo", "Thị Ánh", "Thị Đài")
GIVEN_M = (
    *("An", "Bình", "Cường", "Dũng", "Duy", "Đạt", "Đức", "Giang", "Hải", "Hiếu", "Hùng", "Huy", "Khoa"),
    *("Kiên", "Long", "Lộc", "Mạnh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Sơn", "Tâm", "Thắng", "Đông"),
    *("Thịnh", "Toàn", "Trí", "Trung", "Tú", "Tùng", "Việt", "Vinh", "Ưng", "Đoàn"),
)
GIVEN_F = (
    *("Anh", "Chi", "Duyên", "Hà", "Hạnh", "Hân", "Hiền", "Hoa", "Hương", "Lan", "Linh", "Loan", "Ly", "Đào"),
    *("Mai", "My", "Nga", "Ngân", "Nhi", "Nhung", "Oanh", "Phượng", "Quyên", "Quỳnh", "Thảo", "Thủy", "Thư"),
    *("Trang", "Trâm", "Tuyết", "Uyên", "Vân", "Vy", "Yến", "Đan", "Điệp"),
)
HAMLETS = ("Đông Hải", "Trung Thành", "Tây Sơn", "Đức Thắng", "Hòa Bình", "Phú Đa", "Yên Định", "Bắc Đoài")
WARDS = ("xã Tân Hòa", "xã Đông Tiến", "phường Lam Kiều", "xã Quảng Đức", "xã Ea Bông", "phường Hạc Đông")
PROVINCES = ("038", "001", "079", "040", "066", "034", "092", "048")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    id_number: str
    born_on: str
    sex: str
    address: str
    phone: str


def person(random: Random) -> Person:
    """Number, sex and birth agree with one another, as on a real card."""
    is_female = random.random() < 0.5
    middles, given = (MIDDLES_F, GIVEN_F) if is_female else (MIDDLES_M, GIVEN_M)
    year = random.randrange(1940, 2008)
    century = (2 if year >= 2000 else 0) + is_female
    number = f"{random.choice(PROVINCES)}{century}{year % 100:02d}{random.randrange(10**6):06d}"
    return Person(
        name=f"{random.choice(SURNAMES)} {random.choice(middles)} {random.choice(given)}",
        id_number=number,
        born_on=f"{year}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}",
        sex="nữ" if is_female else "nam",
        address=f"Thôn {random.choice(HAMLETS)}, {random.choice(WARDS)}, tỉnh Thanh Hóa",
        phone=f"09{random.randrange(10**8):08d}",
    )
