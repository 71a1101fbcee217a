"""Plain sheets in and out of Excel files: text in cells, and where each cell stands.

Sheets we write have the heads that people read in line 1 and the fields' names in line 2, hidden.
Sheets we read were edited by people: merged cells, blank lines, dates and numbers where text was
meant are taken as what they show; a formula is not, because its result depends on another program.
"""

import errno
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

from onestop.errors import InputError, PrintError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_FILE: Final = 64 * 1024 * 1024
MAX_PLAIN: Final = 1024 * 1024 * 1024
"""Bytes of a file, and of what it unpacks to."""
MAX_LINES: Final = 200_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 32_767
"""Letters of one cell; Excel itself cuts off the rest."""

_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
"""First bytes of .xls, and of an .xlsx under a password."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows. `is_number`: the file holds a number, which may have lost zeros."""

    text: str
    is_number: bool = False
    is_formula: bool = False
    is_fault: bool = False


EMPTY: Final = Cell("")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet; `number` as people see it, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, place: int) -> Cell:
        """`place` from 0; beyond the last one cells are empty."""
        return self.cells[place] if place < len(self.cells) else EMPTY


@dataclass(frozen=True, slots=True)
class SheetIn:
    """A sheet as it was read, without its blank lines."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`head` is read by people, `field` by the program; `choices` become a list to choose from."""

    head: str
    field: str
    width: int = 18
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetOut:
    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[str]]


def column_letter(place: int) -> str:
    """`A` for 0, `AA` for 26: what Excel calls a column."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# ---- reading ---------------------------------------------------------------------------


def read_workbook(path: Path) -> tuple[SheetIn, ...]:
    """The visible and hidden sheets in their order. Raises InputError (field `file`)."""
    with _reading(path):
        _require_workbook(path)
        from openpyxl import load_workbook

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and lists that we do not read anyway
            book = load_workbook(path, data_only=False)
        return tuple(_read_sheet(sheet) for sheet in book.worksheets)


def _require_workbook(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_FILE:
        raise _unusable(
            f"Tệp “{path.name}” quá lớn ({size // 2**20} MB)",
            f"Tệp Excel được đọc tới {MAX_FILE // 2**20} MB. Hãy chia thành nhiều tệp, hoặc dùng tệp JSON.",
        )
    with path.open("rb") as file:
        if file.read(4) == _OLD_OR_LOCKED:
            raise _unusable(
                f"Tệp “{path.name}” có mật khẩu, hoặc là tệp .xls đời cũ",
                "Mở bằng Excel hoặc LibreOffice, bỏ mật khẩu, lưu lại thành .xlsx rồi chọn tệp mới.",
            )
    with ZipFile(path) as packed:
        if sum(each.file_size for each in packed.infolist()) > MAX_PLAIN:
            raise _unusable(f"Tệp “{path.name}” giải nén ra quá lớn", "Hãy lưu lại tệp, hoặc chia nhỏ ra.")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """The one place where what goes wrong with an Excel file becomes words."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError as error:
        raise _unusable(f"Không thấy tệp “{path.name}”", "Kiểm tra tên tệp và thư mục.") from error
    except IsADirectoryError as error:
        raise _unusable(f"“{path.name}” là một thư mục", "Hãy chọn tệp bên trong.") from error
    except OSError as error:
        raise _unusable(
            f"Không mở được tệp “{path.name}”",
            "Tệp có thể đang mở ở chương trình khác. Hãy đóng Excel rồi thử lại.",
        ) from error
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, SyntaxError, LookupError) as error:
        # openpyxl ends in any of these for files that other programs wrote badly.
        raise _unusable(
            f"“{path.name}” không phải tệp Excel (.xlsx) đọc được",
            "Mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi chọn tệp mới.",
        ) from error


def _unusable(title: str, message: str) -> InputError:
    return InputError(title, message, "file")


def _read_sheet(sheet: "Worksheet") -> SheetIn:
    if sheet.max_row > MAX_LINES or sheet.max_column > MAX_COLUMNS:
        raise _unusable(
            f"Trang “{sheet.title}” có quá nhiều dòng hoặc cột trống đã định dạng",
            f"Chỉ đọc tới {MAX_LINES} dòng và {MAX_COLUMNS} cột. Hãy xoá các dòng, cột thừa ở cuối.",
        )
    copied = _merged(sheet)
    lines = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = tuple(
            copied.get((number, place)) or _cell(cell.value, cell.data_type)
            for place, cell in enumerate(row, 1)
        )
        if any(cell.text for cell in cells):
            lines.append(Line(number, cells))
    return SheetIn(sheet.title, tuple(lines))


def _merged(sheet: "Worksheet") -> Mapping[tuple[int, int], Cell]:
    """What stands once over several lines is meant for each of them; over columns, for the first."""
    copied: dict[tuple[int, int], Cell] = {}
    for block in sheet.merged_cells.ranges:
        first = sheet.cell(block.min_row, block.min_col)
        for number in range(block.min_row + 1, block.max_row + 1):
            copied[number, block.min_col] = _cell(first.value, first.data_type)
    return copied


def _cell(value: Any, kind: str) -> Cell:
    if value is None:
        return EMPTY
    if kind == "f":
        return Cell(_CONTROL.sub("", str(value)), is_formula=True)
    if kind == "e":
        return Cell(str(value), is_fault=True)
    if isinstance(value, bool):
        return Cell("có" if value else "không")
    if isinstance(value, int | float):
        return Cell(_number(value), is_number=True)
    return Cell(_moment(value) if isinstance(value, datetime | date | time) else str(value).strip())


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _moment(value: datetime | date | time) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime) and value.time() != time():
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}"


# ---- writing ---------------------------------------------------------------------------


def write_workbook(path: Path, sheets: Sequence[SheetOut]) -> None:
    """Writes the file whole, or leaves what was there; rows are read once. Raises PrintError."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    made = BytesIO()
    book.save(made)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(made.getbuffer())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PrintError(f"Không ghi được tệp “{path.name}”", _advice(error)) from error


def _advice(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Ổ đĩa đã đầy. Xoá bớt tệp hoặc chọn ổ đĩa khác rồi lưu lại."
    return "Tệp có thể đang mở trong Excel, hoặc thư mục không cho ghi. Hãy đóng tệp, hoặc chọn nơi khác."


def _write_sheet(book: Any, sheet: SheetOut) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    page = book.create_sheet(sheet.name)
    page.freeze_panes = "B3"
    page.row_dimensions[2].hidden = True
    for place, column in enumerate(sheet.columns):
        letter = column_letter(place)
        page.column_dimensions[letter].width = column.width
        choices = ",".join(column.choices)
        # A list beyond 255 letters, or with a comma in a choice, does not fit into the file's format.
        if column.choices and len(choices) < 250 and choices.count(",") == len(column.choices) - 1:
            chosen = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
            chosen.add(f"{letter}3:{letter}20000")
            page.data_validations.append(chosen)
    heads = [_text_cell(page, column.head) for column in sheet.columns]
    for cell in heads:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFDCE6F1")
    page.append(heads)
    page.append([_text_cell(page, column.field) for column in sheet.columns])
    with closing(page):  # also when the rows end in an error: else its file is let go half written
        for row in sheet.rows:
            page.append([_text_cell(page, text, is_wrapped="\n" in text) for text in row])


def _text_cell(page: Any, text: str, *, is_wrapped: bool = False) -> Any:
    """As text whatever it looks like: codes keep their zeros, and nothing becomes a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    if not text:
        return None
    if len(text) > MAX_CELL:
        raise PrintError("Có ô dài quá mức Excel giữ được", "Hãy xuất thành tệp JSON.")
    cell = WriteOnlyCell(page, _CONTROL.sub("", text))
    cell.data_type, cell.number_format = "s", "@"
    if is_wrapped:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
