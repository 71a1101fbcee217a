"""The templates of papers: those the program ships with, and an office's own laid over them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

from onestop.domain.template import Template, chosen, template_from_dict
from onestop.domain.template_check import check_template
from onestop.errors import InputError, PrintError
from onestop.office.office import Catalogue
from onestop.office.packs import read_pack

TEMPLATE = "template"
"""The kind of row an own template is kept as; its key is `Template.key`."""


_LAYOUT = frozenset(("copies", "signers", "columns", "align", "mm", "least"))
"""Members of a template without which nothing can be laid out; other faults only look bad."""

_PACKS = (
    "templates.json",
    "templates_letters.json",
    "templates_register.json",
    "templates_slips.json",
)


@cache
def shipped_templates() -> tuple[Template, ...]:
    return tuple(template_from_dict(plain) for pack in _PACKS for plain in read_pack(pack)["templates"])


def templates_of(catalogue: Catalogue) -> tuple[Template, ...]:
    """Every version of every form: an own one stands in place of the shipped one of the same key."""
    return _laid(own_templates(catalogue.templates))


def _laid(own: Iterable[Template]) -> tuple[Template, ...]:
    laid = {one.key: one for one in (*shipped_templates(), *own)}
    return tuple(laid.values())


def own_templates(rows: Iterable[Mapping[str, Any]]) -> list[Template]:
    """Those that can be read: one that a newer program wrote must not stop the printing of others."""
    made = []
    for row in rows:
        with suppress(InputError):
            made.append(template_from_dict(row))
    return made


def template_for(catalogue: Catalogue, form: str, received_on: date, procedure: str = "") -> Template:
    """The version for a dossier received that day. Raises PrintError when the office has none, or an
    own one of that form that no paper can be made of: another wording in its stead is never right."""
    try:
        own = [template_from_dict(row) for row in catalogue.templates if row.get("form") == form]
        found = chosen(_laid(own), form, received_on, procedure)
    except InputError as error:
        raise _unusable(form, error.message) from None
    except LookupError:
        raise PrintError(
            f"Chưa có mẫu in “{form}” cho ngày nhận hồ sơ",
            "Vào Quản trị, Mẫu in để thêm phiên bản có hiệu lực từ ngày đó.",
        ) from None
    faults = check_template(found) if found in own else ()
    if any(each.is_error and each.member in _LAYOUT for each in faults):
        raise _unusable(form, next(each.words for each in faults if each.member in _LAYOUT))
    return found


def _unusable(form: str, fault: str) -> PrintError:
    return PrintError(
        f"Không dùng được mẫu in “{form}” của cơ quan",
        f"{fault} Vào Quản trị, Mẫu in để sửa hoặc lấy lại mẫu có sẵn; nếu mẫu do bản chương trình mới hơn "
        "viết, hãy cập nhật chương trình.",
    )
