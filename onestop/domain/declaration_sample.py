"""Sample values for any form, so that an administrator sees it filled in. All people are invented."""

from datetime import date
from typing import Any, Final

from onestop.domain.declaration import DeclarationForm, FieldKind, FieldSpec, parts_of
from onestop.domain.declaration_values import settle_values, sources_of
from onestop.domain.dossier import Party

SAMPLE_OWNER: Final = Party(
    name="Lò Thị Đức",
    id_number="038192012345",
    born_on="1992-03-12",
    sex="nữ",
    address="Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa",
    phone="0912345678",
)
_PEOPLE: Final = (
    {
        "name": "Hà Văn Thiệu",
        "born_on": "1989-07-04",
        "sex": "nam",
        "id_number": "038089012346",
        "ethnic": "Mường",
        "nationality": "Việt Nam",
        "address": "Thôn Đông Hải, xã Tân Hòa, tỉnh Thanh Hóa",
        "phone": "0987654321",
    },
    {
        "name": "Lê Thị Kiều Oanh",
        "born_on": "1994-11-23",
        "sex": "nữ",
        "id_number": "038194012347",
        "ethnic": "Kinh",
        "nationality": "Việt Nam",
        "address": "Tổ 4, phường Hàm Rồng, tỉnh Thanh Hóa",
        "phone": "0373737373",
    },
)
_WOMEN: Final = {"bride", "mother", "requester", "head", "carer"}
_TEXTS: Final = {
    FieldKind.TEXT: "Theo giấy tờ đã xuất trình",
    FieldKind.LONG_TEXT: "Gia đình sống ổn định tại địa phương, con còn nhỏ.\nĐề nghị giải quyết sớm.",
    FieldKind.ADDRESS: "Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa",
}


def sample_values(form: DeclarationForm, today: date) -> dict[str, Any]:
    """Every field filled in; a field whose condition is not met by the others stays away."""
    typed = {spec.id: _sample(spec, place) for place, spec in enumerate(form.fields())}
    return settle_values(form, typed, sources_of(SAMPLE_OWNER, SAMPLE_OWNER, today))


def _sample(spec: FieldSpec, place: int) -> Any:
    if spec.kind is FieldKind.PERSON:
        person = _PEOPLE[1 if spec.id in _WOMEN else 0]
        return {part: person[part] for part in parts_of(spec)}
    if spec.kind is FieldKind.TABLE:
        rows = max(2, spec.least or 0)
        return [{column.id: _plain(column, row) for column in spec.columns} for row in range(rows)]
    return _plain(spec, place)


def _plain(spec: FieldSpec, place: int) -> Any:
    if spec.kind is FieldKind.NUMBER:
        usual = 500_000 * (2 + place % 3) if "đồng" in spec.words else 2 + place % 3
        return min(max(spec.least or 0, usual), spec.most or usual)
    if spec.kind is FieldKind.DATE:
        return f"20{10 + place % 9}-0{1 + place % 9}-1{place % 9}"
    if spec.kind is FieldKind.CHOICE:
        return spec.choices[place % len(spec.choices)][0]
    if spec.pattern:
        return _fitting(spec.pattern)
    is_name = spec.words.startswith("Họ")
    text = _PEOPLE[place % len(_PEOPLE)]["name"] if is_name else _TEXTS.get(spec.kind, "")
    return text[: spec.most]


def _fitting(pattern: str) -> str:
    """Digits of the asked length; a pattern of another shape stays to be filled in by hand."""
    count = pattern.removeprefix("[0-9]{").removesuffix("}")
    return "038089012346789"[: int(count)] if count.isdigit() else ""
