"""A paper that data stands in for: what was looked up, where, when, by whom, or why it was not found.

NĐ 118/2025, Điều 4 khoản 2 điểm a: what can be had from data bases is not asked of the citizen; where
it cannot be had, the officer says why. Kept in the note of the component's line.
"""

from datetime import datetime
from typing import Final

from onestop.domain.dossier import ComponentLine
from onestop.domain.moment import show_at
from onestop.domain.text import nfc
from onestop.errors import InputError

DATA_BASES: Final = (
    "Cơ sở dữ liệu quốc gia về dân cư",
    "Cơ sở dữ liệu hộ tịch điện tử",
    "Cơ sở dữ liệu về cư trú",
    "Cơ sở dữ liệu quốc gia về đất đai",
    "Cơ sở dữ liệu về đăng ký hộ kinh doanh, doanh nghiệp",
    "Kho quản lý dữ liệu điện tử của tổ chức, cá nhân",
)
TAKEN: Final = "Khai thác từ "
NOT_FOUND: Final = "Không khai thác được dữ liệu: "


def taken_words(base: str, at: datetime, officer: str) -> str:
    """`Khai thác từ Cơ sở dữ liệu…, 09:15 20/11/2026, Trần Thị Mai`."""
    return f"{TAKEN}{base}, {show_at(at)}, {officer}"


def not_found_words(reason: str, at: datetime, officer: str) -> str:
    """Raises InputError (field `reason`) without a reason: the law asks for one."""
    why = nfc(reason)
    if not why:
        raise InputError("Chưa ghi lý do", "Ghi vì sao không khai thác được dữ liệu.", "reason")
    return f"{NOT_FOUND}{why} ({show_at(at)}, {officer})"


def is_taken(line: ComponentLine) -> bool:
    """Data stands in for this paper: no sheet of it is handed in."""
    return line.note.startswith(TAKEN)


def is_looked_up(line: ComponentLine) -> bool:
    return is_taken(line) or line.note.startswith(NOT_FOUND)
