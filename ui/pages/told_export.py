"""Who must be told of a new date, as a table for Excel: names, telephones, old and new dates."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from onestop.domain.moment import show_at
from onestop.errors import StoreError
from onestop.office.recompute import DueChange

HEADS = ("Mã hồ sơ", "Chủ hồ sơ", "Điện thoại", "Thủ tục", "Hạn trả trước", "Hạn trả mới", "Vì sao")
_FORMULA = ("=", "+", "-", "@")
"""Beginnings that a table program would compute instead of showing them."""


def write_told(changes: Sequence[DueChange], path: Path) -> int:
    """How many lines were written. Raises StoreError when the place cannot be written to."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADS)
    for each in changes:
        cells = (each.code, each.owner, each.phone, each.procedure, _at(each.due_before), _at(each.due_after))
        table.writerow([_plain(cell) for cell in (*cells, each.why)])
    try:
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")  # Excel asks for the mark
    except OSError as error:
        raise StoreError("Không ghi được tệp", f"Chọn nơi khác rồi xuất lại ({path.parent}).") from error
    return len(changes)


def _at(moment: datetime | None) -> str:
    return show_at(moment) if moment else ""


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
