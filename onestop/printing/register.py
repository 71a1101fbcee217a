"""Mẫu 07: sổ theo dõi hồ sơ, A4 across, as long as the year was busy."""

from collections.abc import Callable, Iterator
from datetime import datetime

from onestop.domain.moment import show_at
from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Mark
from onestop.printing.papers import RegisterPaper, RegisterRow
from onestop.printing.sheet import A4_WIDE, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wording import count_words
from onestop.printing.wrapping import Run

TITLE = "SỔ THEO DÕI HỒ SƠ"

_WIDTHS = (9, 22, 38, 10, 28, 34, 25, 18, 18, 18, 18, 18, 17, 15, 18)
_CENTERED = {0, 3, 7, 8, 9, 10, 11}
_COLUMNS = tuple(
    Column(width, "center" if index in _CENTERED else "left") for index, width in enumerate(_WIDTHS)
)
_TALL = (
    (0, "TT"),
    (1, "Mã hồ sơ"),
    (2, "Tên thủ tục hành chính"),
    (3, "Số bộ"),
    (4, "Tên cá nhân, tổ chức"),
    (5, "Địa chỉ, số điện thoại"),
    (6, "Cơ quan chủ trì giải quyết"),
    (14, "Ghi chú"),
)
_LOW = (
    (7, "Nhận hồ sơ"),
    (8, "Hẹn trả kết quả"),
    (9, "Chuyển cơ quan giải quyết"),
    (10, "Nhận kết quả từ cơ quan"),
    (11, "Ngày trả"),
    (12, "Phương thức nhận"),
    (13, "Ký nhận"),
)
_HEAD = (
    *(HeadCell(text, column, column, 0, 1) for column, text in _TALL),
    HeadCell("Ngày, tháng, năm", 7, 10),
    HeadCell("Trả kết quả", 11, 13),
    *(HeadCell(text, column, column, 1, 1) for column, text in _LOW),
)


def register_pdf(paper: RegisterPaper, on_progress: Callable[[int], None] | None = None) -> bytes:
    """The register; `on_progress` hears the number of rows set after each page. Raises PrintError."""
    title = f"{TITLE} năm {paper.year}, quyển số {paper.book}"
    imprint = Imprint(title, paper.letterhead.issuing_body, str(paper.year), paper.made_at)
    return ink(_pages(paper, on_progress), A4_WIDE, imprint)


def _pages(paper: RegisterPaper, on_progress: Callable[[int], None] | None) -> Iterator[list[Mark]]:
    head = f"{paper.letterhead.issuing_body} · Sổ theo dõi hồ sơ năm {paper.year} · Quyển số {paper.book}"
    sheet = Sheet(A4_WIDE, head, paper.form_version)
    blocks.heads(sheet, paper.letterhead, "", paper.made_at)
    sheet.skip(2 * MM)
    blocks.title(sheet, TITLE, [f"Năm {paper.year} – Quyển số: {paper.book}"])
    sheet.skip(2 * MM)
    table = Table(sheet, _COLUMNS, _HEAD, sheet.shape.body)
    count = 0
    for row in paper.rows:
        table.row(_cells(row))
        count += 1
        for page in sheet.full_pages():
            yield page
            if on_progress:
                on_progress(count)
    sheet.skip(2 * MM)
    closing = f"Cộng: {count} hồ sơ. In lúc {show_at(paper.made_at)}."
    sheet.paragraph([Run(closing, ITALIC)], sheet.shape.body)
    yield from sheet.finish(is_counted=False)
    if on_progress:
        on_progress(count)


def _cells(row: RegisterRow) -> list[list[Run]]:
    phone = "".join(row.phone.split())  # without blanks, so that it stays on one line
    contact = [Run(row.address)] + [Run(f"ĐT: {phone}")] * bool(phone)
    moments = (row.received_at, row.due_at, row.forwarded_at, row.completed_at, row.handed_out_at)
    return [
        [Run(str(row.no))],
        [Run(row.code)],
        [Run(row.procedure_name)],
        [Run(count_words(row.sets))],
        [Run(row.owner_name)],
        contact,
        [Run(row.competent_agency)],
        *(_moment(moment) for moment in moments),
        [Run(row.hand_out_way)],
        [],  # signed by hand
        [Run(row.note)],
    ]


def _moment(moment: datetime | None) -> list[Run]:
    return [Run(show_at(moment))] if moment else []
