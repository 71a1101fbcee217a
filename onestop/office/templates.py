"""The templates of papers: those the program ships with, and an office's own laid over them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from onestop.domain.template import Template, chosen, template_from_dict
from onestop.errors import PrintError
from onestop.office.office import Catalogue
from onestop.office.packs import read_pack

TEMPLATE = "template"
"""The kind of row an own template is kept as; its key is `Template.key`."""


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
    laid = {one.key: one for one in shipped_templates()}
    laid |= {one.key: one for one in own_templates(catalogue.templates)}
    return tuple(laid.values())


def own_templates(rows: Iterable[Mapping[str, Any]]) -> list[Template]:
    return [template_from_dict(row) for row in rows]


def template_for(catalogue: Catalogue, form: str, received_on: date, procedure: str = "") -> Template:
    """The version for a dossier received that day. Raises PrintError when the office has none."""
    try:
        return chosen(templates_of(catalogue), form, received_on, procedure)
    except LookupError:
        raise PrintError(
            f"Chưa có mẫu in “{form}” cho ngày nhận hồ sơ",
            "Vào Quản trị, Mẫu in để thêm phiên bản có hiệu lực từ ngày đó.",
        ) from None
