"""One cell of a pack: from what people wrote to a value, and back."""

import re
from datetime import date, datetime
from typing import Any, Final

from onestop.domain.fee import LARGEST_VND
from onestop.domain.text import fold, nfc, nfc_lines
from onestop.office.pack_shape import As, Field
from onestop.printing.workbook import Cell

_YES: Final = frozenset({"co", "x", "1", "true", "yes", "dung"})
_NO: Final = frozenset({"khong", "0", "false", "no", "sai"})
_WHOLE: Final = re.compile(r"[0-9]{1,3}([.,][0-9]{3})+|[0-9]+")
_MONEY_END: Final = re.compile(r"\s*(đồng|đ|vnđ|vnd)$", re.IGNORECASE)
_PROCEDURE_CODE: Final = re.compile(r"[0-9]\.[0-9]{6}(\.[0-9A-Z]+)*")
_CODE_GAPS: Final = re.compile(r"[\n;,]+")


class WrongCell(Exception):
    """A cell that cannot be read: `words` what is wrong, `remedy` what to do."""

    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(words)
        self.words = words
        self.remedy = remedy


def read_cell(field: Field, cell: Cell) -> Any:
    """The value of a cell. Raises WrongCell."""
    if cell.is_formula:
        raise WrongCell(
            f"Ô chứa công thức {cell.text[:40]}", "Chép lại thành giá trị (Dán đặc biệt → Giá trị)."
        )
    if cell.is_fault:
        raise WrongCell(f"Ô báo lỗi {cell.text}", "Nhập lại giá trị của ô.")
    if not nfc(cell.text):
        return _empty(field)
    return _READERS[field.how](field, cell)


def show_value(field: Field, value: Any) -> str:
    """What a cell shows for a value."""
    if value is None:
        return ""
    if field.how is As.YES:
        return "có" if value else "không"
    if field.how is As.DAY:
        return show_day(str(value))
    if field.how in {As.LIST, As.CODES}:
        return "\n".join(map(str, value))
    if field.how is As.CHOICES:
        return ", ".join(field.choices.get(str(each), str(each)) for each in value)
    return field.choices.get(str(value), str(value))


def show_day(day: str) -> str:
    """`2026-12-01` → `01/12/2026`; anything else as it is."""
    try:
        return f"{date.fromisoformat(day):%d/%m/%Y}"
    except ValueError:
        return day


def _empty(field: Field) -> Any:
    if field.is_needed:
        raise WrongCell(f"Chưa ghi “{field.head}”", "Ô này không được để trống.")
    if field.is_open:
        return None
    if field.how in {As.LIST, As.CODES, As.CHOICES}:
        return []
    return "" if field.otherwise is None else field.otherwise


def _text(field: Field, cell: Cell) -> str:
    return nfc(cell.text)


def _long(field: Field, cell: Cell) -> str:
    return nfc_lines(cell.text)


def _code(field: Field, cell: Cell) -> str:
    code = nfc(cell.text)
    if cell.is_number and "." in code and not _PROCEDURE_CODE.fullmatch(code):
        raise WrongCell(
            f"Excel đã đổi mã thành số {code} và bỏ số 0 ở cuối",
            "Định dạng cột là Văn bản rồi gõ lại mã đầy đủ.",
        )
    if " " in code:
        raise WrongCell(f"Mã “{code[:40]}” có khoảng trắng", "Mã viết liền; hãy sửa lại.")
    return code


def _number(field: Field, cell: Cell) -> int:
    text = nfc(cell.text)
    if text.startswith("-"):
        raise WrongCell(f"“{field.head}” không được âm ({text[:20]})", "Ghi số từ 0 trở lên.")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise WrongCell(f"“{text[:40]}” không phải số nguyên", "Chỉ ghi chữ số, ví dụ 5.")
    return int(text)


def _money(field: Field, cell: Cell) -> int:
    text = _MONEY_END.sub("", nfc(cell.text))
    if text.startswith("-"):
        raise WrongCell(f"Số tiền âm ({text[:20]})", "Ghi số đồng từ 0 trở lên.")
    if cell.is_number and not text.isdigit():
        raise WrongCell(f"Số tiền có phần lẻ ({text[:20]})", "Ghi số nguyên đồng, ví dụ 8000.")
    if not _WHOLE.fullmatch(text):
        raise WrongCell(f"“{text[:40]}” không phải số tiền", "Ghi số nguyên đồng, ví dụ 8000.")
    amount = int(re.sub(r"[.,]", "", text)[:18])
    if amount > LARGEST_VND:
        raise WrongCell(f"Số tiền lớn quá mức ({text[:20]})", "Xem lại số chữ số 0.")
    return amount


def _day(field: Field, cell: Cell) -> str:
    text = nfc(cell.text)
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            # Only the day is taken: no zone has a say in it.
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise WrongCell(f"“{text[:40]}” không phải ngày có thật", "Ghi ngày/tháng/năm, ví dụ 01/12/2026.")


def _yes(field: Field, cell: Cell) -> bool:
    text = fold(nfc(cell.text))
    if text in _YES or text in _NO:
        return text in _YES
    raise WrongCell(f"“{cell.text[:40]}” không phải có hoặc không", "Ghi “có” hoặc “không”.")


def _choice(field: Field, cell: Cell) -> str:
    return _chosen(field, cell.text)


def _chosen(field: Field, text: str) -> str:
    wanted = fold(nfc(text))
    for key, words in field.choices.items():
        if wanted in {fold(words), key}:
            return key
    raise WrongCell(
        f"“{nfc(text)[:40]}” không có trong danh sách của “{field.head}”",
        f"Chọn: {', '.join(field.choices.values())}.",
    )


def _choices(field: Field, cell: Cell) -> list[str]:
    return list(dict.fromkeys(_chosen(field, part) for part in _CODE_GAPS.split(cell.text) if nfc(part)))


def _list(field: Field, cell: Cell) -> list[str]:
    return [nfc(part) for part in cell.text.splitlines() if nfc(part)]


def _codes(field: Field, cell: Cell) -> list[str]:
    return [nfc(part) for part in _CODE_GAPS.split(cell.text) if nfc(part)]


_READERS: Final = {
    As.TEXT: _text,
    As.LONG: _long,
    As.CODE: _code,
    As.NUMBER: _number,
    As.MONEY: _money,
    As.DAY: _day,
    As.YES: _yes,
    As.CHOICE: _choice,
    As.CHOICES: _choices,
    As.LIST: _list,
    As.CODES: _codes,
}
