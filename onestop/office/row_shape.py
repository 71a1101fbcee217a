"""Whether a row can be read back by every desk: one that cannot would keep them all from starting."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from onestop.domain.book import book_from
from onestop.domain.calendar import calendar_from_pack
from onestop.domain.calendar_check import check_office_row
from onestop.domain.declaration import form_from_dict
from onestop.domain.fee import fee_from_dict
from onestop.domain.merger import merger_from
from onestop.domain.procedure import Procedure, procedure_from_dict, row_key
from onestop.domain.route import route_from_dict, route_key
from onestop.domain.stages import check_stages
from onestop.domain.stand_in import stand_in_from_dict
from onestop.domain.template import template_from_dict
from onestop.domain.template_check import check_template
from onestop.errors import InputError
from onestop.office.catalogue import officer_from
from onestop.office.office import Agency, Unit

KIND_WORDS: Final[Mapping[str, str]] = {
    "procedure": "Thủ tục",
    "fee": "Phí, lệ phí",
    "calendar": "Lịch làm việc",
    "route": "Quy trình nội bộ",
    "stand_in": "Làm thay",
    "declaration": "Tờ khai",
    "template": "Mẫu in",
    "unit": "Đơn vị",
    "officer": "Cán bộ",
    "routing": "Phân công theo lĩnh vực",
    "merger": "Sáp nhập",
    "agency": "Cơ quan",
    "agencies": "Cơ quan khác",
    "register_book": "Quyển sổ theo dõi hồ sơ",
}
"""Kinds of rows that administrators change, and what people call them."""

_STAYS = frozenset({("calendar", "vn")})
_ODD = (ArithmeticError, AttributeError, InputError, LookupError, TypeError, ValueError)
"""What reading a row of another shape ends in."""


def require_readable(rows: Iterable[tuple[str, str, Any]]) -> None:
    """(kind, key, value). Raises InputError for the first that no desk could read."""
    for kind, key, value in rows:
        trouble = row_trouble(kind, key, value)
        if trouble:
            raise InputError(
                f"Không ghi được dòng {KIND_WORDS.get(kind, kind)} “{key[:60]}”", trouble, "rows"
            )


def row_trouble(kind: str, key: str, value: Any) -> str:
    """What is wrong with a row, in words; "" for one that every desk can read."""
    if kind not in KIND_WORDS:
        return "Loại dòng này không do quản trị viên đổi."
    if value is None:
        return "Dòng này không được bỏ." if kind == "agency" or (kind, key) in _STAYS else ""
    try:
        reader = _READERS.get(kind)
        if reader is not None:
            reader(key, value)
    except _ODD as error:
        return f"Nội dung không đúng dạng ({str(error)[:120] or type(error).__name__})."
    return ""


def _procedure(key: str, value: Any) -> None:
    procedure = procedure_from_dict(value)
    if procedure.effective_on:
        date.fromisoformat(procedure.effective_on)
    if key != row_key(procedure):
        raise ValueError(f"khoá phải là {row_key(procedure)}")
    check_stages(procedure.stages, procedure.time_limit)
    _require_texts(procedure)


def _require_texts(procedure: Procedure) -> None:
    texts = (procedure.code, procedure.name, procedure.sector)
    if not all(isinstance(text, str) and text for text in texts):
        raise ValueError("thiếu mã, tên hoặc lĩnh vực")


def _calendar(key: str, value: Any) -> None:
    if key == "vn":
        calendar_from_pack(value)
    else:
        check_office_row(value)


def _officer(key: str, value: Any) -> None:
    officer = officer_from(value)
    if not officer.id or not officer.name:
        raise ValueError("thiếu mã hoặc họ tên")


def _unit(key: str, value: Any) -> None:
    unit = Unit(**value)
    if not unit.id or not unit.name:
        raise ValueError("thiếu mã hoặc tên")


def _routing(key: str, value: Any) -> None:
    dict(value["pairs"])


def _agency(key: str, value: Any) -> None:
    if Agency(**value).code != key:
        raise ValueError("khoá phải là mã cơ quan")


def _other_agency(key: str, value: Any) -> None:
    if value["code"] != key or not value["name"]:
        raise ValueError("khoá phải là mã cơ quan, và cần có tên")


def _merger(key: str, value: Any) -> None:
    if not merger_from(value).new:
        raise ValueError("thiếu nơi nhận việc")


def _route(key: str, value: Any) -> None:
    route = route_from_dict(value)
    if route.effective_on:
        date.fromisoformat(route.effective_on)
    if key != route_key(route) or not route.name or not route.steps:
        raise ValueError(f"khoá phải là {route_key(route)}, và cần có tên, có bước")


def _register_book(key: str, value: Any) -> None:
    book = book_from(value)
    if key != book.key:
        raise ValueError(f"khoá phải là {book.key}")


def _stand_in(key: str, value: Any) -> None:
    one = stand_in_from_dict(value)
    if key != one.id or not date.fromisoformat(one.begins_on) <= date.fromisoformat(one.ends_on):
        raise ValueError("khoá phải là mã của dòng, và ngày đầu không sau ngày cuối")


def _template(key: str, value: Any) -> None:
    template = template_from_dict(value)
    if key != template.key:
        raise ValueError(f"khoá phải là {template.key}")
    faults = [found.words for found in check_template(template) if found.is_error]
    if faults:
        raise ValueError(faults[0])


_READERS: Final[Mapping[str, Callable[[str, Any], object]]] = {
    "procedure": _procedure,
    "calendar": _calendar,
    "officer": _officer,
    "unit": _unit,
    "routing": _routing,
    "agency": _agency,
    "agencies": _other_agency,
    "merger": _merger,
    "route": _route,
    "stand_in": _stand_in,
    "register_book": _register_book,
    "template": _template,
    "fee": lambda key, value: fee_from_dict(value),
    "declaration": lambda key, value: form_from_dict(value),
}
