"""A province to practise with: three invented offices, their officers, one catalogue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onestop.errors import RuleError
from onestop.hub.admin import OfficeForm, OfficerForm, add_office, add_officer, put_catalogue
from onestop.hub.hub import Hub
from onestop.hub.practice import is_practice
from onestop.office.packs import read_pack
from onestop.store.rows import get_local, put_local

Roles = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Invented:
    form: OfficeForm
    officers: tuple[tuple[str, str, Roles, str, str], ...]


_FILLED = "practice_filled"


def found_demo(hub: Hub, now: datetime) -> None:
    """Fills a practice hub once, whole: what an interrupted start left is gone over again.

    Raises RuleError for a real hub: invented officers have no business there.
    """
    if not is_practice(hub.store):
        raise RuleError(
            "Máy chủ này là máy chủ thật, không dựng tỉnh thực hành vào đây",
            "Dùng hồ sơ cấu hình khác, ví dụ: hub --demo --profile thuc-hanh.",
        )
    with hub.store.read() as connection:
        if get_local(connection, _FILLED):
            return
    put_catalogue(hub, now)
    for office, officers in (_practice_office(), *_others()):
        add_office(hub, office, now)
        for officer in officers:
            add_officer(hub, office.code, officer, now)
    with hub.store.write() as connection:
        put_local(connection, _FILLED, True)


def _practice_office() -> tuple[OfficeForm, list[OfficerForm]]:
    pack = read_pack("practice.json")
    plain = pack["agency"]
    superior, issuing = plain["letterhead"]
    form = OfficeForm(
        code=plain["code"],
        name=plain["name"],
        superior_body=superior,
        issuing_body=issuing,
        office_name=plain["counter"],
        place=plain["place"],
        address=plain["address"],
        phone=plain["phone"],
        lookup_address=plain["lookup"],
        units=tuple((unit["id"], unit["name"]) for unit in pack["units"]),
        routing=pack["routing"],
        is_practice=True,
    )
    return form, [_officer(row) for row in pack["officers"]]


def _officer(row: dict[str, Any]) -> OfficerForm:
    return OfficerForm(row["id"], row["name"], tuple(row["roles"]), row["unit"], row.get("title", ""))


def _others() -> list[tuple[OfficeForm, list[OfficerForm]]]:
    return [(one.form, [OfficerForm(*row) for row in one.officers]) for one in (_WARD, _LAND_OFFICE)]


_WARD = _Invented(
    OfficeForm(
        code="H56.99.77",
        name="UBND phường Nam Lĩnh",
        superior_body="ỦY BAN NHÂN DÂN PHƯỜNG NAM LĨNH",
        issuing_body="TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        office_name="Trung tâm Phục vụ hành chính công phường Nam Lĩnh",
        place="Nam Lĩnh",
        address="Khu phố 2, phường Nam Lĩnh, tỉnh Thanh Hóa",
        phone="02373000200",
        lookup_address="Cổng Dịch vụ công quốc gia",
        units=(
            ("pvhcc", "Trung tâm Phục vụ hành chính công"),
            ("van-phong", "Văn phòng HĐND và UBND"),
            ("kinh-te-ha-tang", "Phòng Kinh tế, Hạ tầng và Đô thị"),
            ("lanh-dao", "Lãnh đạo UBND phường"),
        ),
        routing={
            "Hộ tịch": "van-phong",
            "Chứng thực": "van-phong",
            "Đất đai": "kinh-te-ha-tang",
            "Hoạt động xây dựng": "kinh-te-ha-tang",
        },
        is_practice=True,
    ),
    (
        (
            "nl-hanh",
            "Cao Thị Mỹ Hạnh",
            ("reception", "cashier"),
            "pvhcc",
            "Công chức tiếp nhận và trả kết quả",
        ),
        ("nl-son", "Lương Trường Sơn", ("specialist",), "van-phong", "Công chức tư pháp – hộ tịch"),
        ("nl-phuc", "Mai Đình Phúc", ("specialist",), "kinh-te-ha-tang", "Công chức địa chính – xây dựng"),
        ("nl-oanh", "Tô Thị Kim Oanh", ("head", "clerk"), "van-phong", "Chánh Văn phòng HĐND và UBND"),
        ("nl-nghia", "Lâm Trọng Nghĩa", ("leader",), "lanh-dao", "Phó Chủ tịch UBND phường"),
        ("nl-thuy", "Châu Thị Thủy", ("admin",), "van-phong", "Quản trị đơn vị"),
    ),
)

_LAND_OFFICE = _Invented(
    OfficeForm(
        code="H56.99.66",
        name="Chi nhánh Văn phòng đăng ký đất đai khu vực Tân Hòa",
        superior_body="VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI TỈNH",
        issuing_body="CHI NHÁNH KHU VỰC TÂN HÒA",
        office_name="Bộ phận Tiếp nhận và Trả kết quả",
        place="Tân Hòa",
        address="Thôn Tân Lập, xã Tân Hòa, tỉnh Thanh Hóa",
        phone="02373000300",
        lookup_address="Cổng Dịch vụ công quốc gia",
        units=(
            ("mot-cua", "Bộ phận Tiếp nhận và Trả kết quả"),
            ("dang-ky", "Tổ Đăng ký và Cấp giấy chứng nhận"),
            ("lanh-dao", "Lãnh đạo Chi nhánh"),
        ),
        routing={"Đất đai": "dang-ky"},
        is_practice=True,
    ),
    (
        ("dd-yen", "Hà Hải Yến", ("reception",), "mot-cua", "Viên chức tiếp nhận và trả kết quả"),
        ("dd-tung", "Quách Thanh Tùng", ("specialist",), "dang-ky", "Viên chức đăng ký đất đai"),
        ("dd-loan", "Nghiêm Thị Bích Loan", ("head", "clerk"), "dang-ky", "Tổ trưởng"),
        ("dd-quy", "Doãn Phú Quý", ("leader", "admin"), "lanh-dao", "Giám đốc Chi nhánh"),
    ),
)
