"""Mẫu 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả."""

from collections.abc import Sequence

from onestop.domain.moment import show_at
from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Mark
from onestop.printing.papers import ComponentRow, FeeRow, PaperSize, ReceiptPaper
from onestop.printing.sheet import A4, A4_DENSE, A4_TIGHT, A5, A5_DENSE, A5_TIGHT, Shape, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wording import count_words, moment_words, money, money_words
from onestop.printing.wrapping import Run, bold

TITLE = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"

_SHAPES = {PaperSize.A4: (A4, A4_DENSE, A4_TIGHT), PaperSize.A5: (A5, A5_DENSE, A5_TIGHT)}
_COLUMNS = (
    Column(5, "center"),
    Column(67.5),
    Column(8.5, "center"),
    Column(10, "center"),  # "Chứng" must not be cut on A5
    Column(8.5, "center"),
)
_HEAD = (
    HeadCell("TT", 0, 0, 0, 1),
    HeadCell("Thành phần hồ sơ", 1, 1, 0, 1),
    HeadCell("Số lượng", 2, 4),
    HeadCell("Bản chính", 2, 2, 1, 1),
    HeadCell("Chứng thực", 3, 3, 1, 1),
    HeadCell("Bản chụp", 4, 4, 1, 1),
)


def receipt_pdf(paper: ReceiptPaper, size: PaperSize) -> bytes:
    """One PDF with every copy of the receipt after the other. Raises PrintError."""
    pages = _copies(paper, _SHAPES[size])
    imprint = Imprint(f"{TITLE} {paper.code}", paper.letterhead.issuing_body, paper.code, paper.made_at)
    return ink(pages, _SHAPES[size][0], imprint)


def _copies(paper: ReceiptPaper, shapes: Sequence[Shape]) -> list[list[Mark]]:
    """On one page each if any setting achieves that; else readable rather than tight."""
    first_name, *other_names = paper.copies
    shape = next((shape for shape in shapes if len(_laid_out(paper, shape, first_name)) == 1), shapes[1])
    return [page for name in (first_name, *other_names) for page in _laid_out(paper, shape, name)]


def _laid_out(paper: ReceiptPaper, shape: Shape, copy_name: str) -> list[list[Mark]]:
    sheet = Sheet(shape, f"Mã hồ sơ: {paper.code} · {copy_name}", paper.form_version)
    blocks.heads(sheet, paper.letterhead, paper.number, paper.received_at, paper.code)
    sheet.skip(3 * MM * sheet.shape.air)
    blocks.title(sheet, TITLE, _title_notes(paper, copy_name))
    sheet.skip(1.5 * MM * sheet.shape.air)
    _people(sheet, paper)
    _components(sheet, paper.components)
    _terms(sheet, paper)
    _fees(sheet, paper)
    # Signatures alone on a page could belong to any paper: the last section goes with them.
    blocks.kept_together(sheet, lambda onto: _closing(onto, paper))
    return sheet.finish()


def _title_notes(paper: ReceiptPaper, copy_name: str) -> list[str]:
    notes = [copy_name]
    if paper.reprint_no:
        notes.append(f"In lại lần {paper.reprint_no}, lúc {show_at(paper.made_at)}")
    if paper.replaces_at:
        notes.append(f"Thay thế giấy cấp lúc {show_at(paper.replaces_at)}")
    return notes


def _people(sheet: Sheet, paper: ReceiptPaper) -> None:
    blocks.labelled(sheet, "Bộ phận tiếp nhận và trả kết quả", paper.letterhead.office_name)
    blocks.labelled(sheet, "Tiếp nhận hồ sơ của", paper.owner_name, is_strong=True)
    blocks.labelled(sheet, "Người nộp", paper.submitter_name)
    blocks.labelled(sheet, "Địa chỉ", paper.address)
    blocks.labelled_pair(sheet, ("Số điện thoại", paper.phone), ("Email", paper.email))
    number = ("Số CMND/Thẻ căn cước/Hộ chiếu", paper.id_number)
    if paper.channel:
        blocks.labelled_pair(sheet, number, ("Hình thức nộp", paper.channel))
    else:
        blocks.labelled(sheet, *number)
    blocks.labelled(sheet, "Nội dung yêu cầu giải quyết", paper.procedure_name, is_strong=True)
    if paper.content:
        sheet.paragraph([Run(paper.content)])


def _components(sheet: Sheet, components: tuple[ComponentRow, ...]) -> None:
    label = "1. Thành phần hồ sơ, số lượng mỗi loại giấy tờ:"
    if not components:
        sheet.paragraph([Run(label), Run("không có giấy tờ kèm theo.")])
        return
    sheet.need(sheet.line(sheet.shape.body) * 8)  # not parted from the table's first row
    sheet.paragraph([Run(label)])
    sheet.skip(1 * MM * sheet.shape.air)
    table = Table(sheet, _COLUMNS, _HEAD, sheet.shape.fine)
    for number, component in enumerate(components, 1):
        counts = (component.originals, component.certified, component.copies)
        name = [Run(component.name)]
        if component.note:
            name.append(Run(f"({component.note.strip()})", ITALIC))
        table.row([[Run(str(number))], name, *([Run(count_words(n))] if n else [] for n in counts)])
    sheet.skip(1 * MM * sheet.shape.air)


def _terms(sheet: Sheet, paper: ReceiptPaper) -> None:
    sheet.paragraph([Run("2. Số lượng hồ sơ:"), bold(count_words(paper.sets)), Run("(bộ)")])
    blocks.labelled(sheet, "3. Thời gian giải quyết hồ sơ theo quy định là", paper.term)
    blocks.labelled(sheet, "4. Thời gian nhận hồ sơ", moment_words(paper.received_at))
    due = moment_words(paper.due_at)
    blocks.labelled(sheet, "5. Thời gian trả kết quả giải quyết hồ sơ", due, is_strong=bool(paper.due_at))
    if paper.due_explanation:
        sheet.paragraph([Run(f"({paper.due_explanation.strip()})", ITALIC)], sheet.shape.small, indent=4 * MM)


def _fees(sheet: Sheet, paper: ReceiptPaper) -> None:
    label = "6. Phí, lệ phí:"
    if not paper.fees:
        sheet.paragraph([Run(label), Run("không thu.")])
        return
    if len(paper.fees) == 1:
        sheet.paragraph([Run(label), *_fee_runs(paper.fees[0])])
    else:
        sheet.paragraph([Run(label)])
        for fee in paper.fees:
            sheet.paragraph([Run("–"), *_fee_runs(fee)], indent=4 * MM)
    _fee_total(sheet, paper)


def _fee_runs(fee: FeeRow) -> list[Run]:
    return [Run(f"{fee.kind} {fee.name.strip()}:".strip()), bold(money(fee.amount_vnd))]


def _fee_total(sheet: Sheet, paper: ReceiptPaper) -> None:
    total = sum(fee.amount_vnd for fee in paper.fees)
    runs = [Run("Tổng cộng:"), bold(money(total))] if len(paper.fees) > 1 else []
    if paper.has_fee_words:
        runs.append(Run(f"(Bằng chữ: {money_words(total)})", ITALIC))
    if paper.fee_note:
        runs.append(Run(f"· {paper.fee_note}"))
    if runs:
        sheet.paragraph(runs, indent=4 * MM)


def _closing(sheet: Sheet, paper: ReceiptPaper) -> None:
    blocks.labelled(sheet, "7. Đăng ký nhận kết quả tại", paper.hand_out_place)
    book, number = (
        ("Vào sổ theo dõi hồ sơ, Quyển số", paper.register_book),
        ("Số thứ tự", paper.register_number),
    )
    blocks.labelled_pair(sheet, book, number)
    sheet.skip(0.5 * MM * sheet.shape.air)
    blocks.note(sheet, "Ghi chú", _note_text(paper))
    sheet.skip(2.5 * MM * sheet.shape.air)
    submitter = ("NGƯỜI NỘP HỒ SƠ", paper.submitter_name)
    blocks.signatures(sheet, submitter, ("NGƯỜI TIẾP NHẬN HỒ SƠ", paper.officer_name))


def _note_text(paper: ReceiptPaper) -> str:
    parts = ["Kết quả có thể có sớm hơn giờ hẹn."]
    if paper.letterhead.lookup_address:
        parts.append(f"Tra cứu tình trạng hồ sơ theo mã hồ sơ tại {paper.letterhead.lookup_address}.")
    if paper.letterhead.hotline:
        parts.append(f"Điện thoại hỗ trợ: {paper.letterhead.hotline}.")
    return " ".join([*parts, "Khi nhận kết quả, đề nghị mang theo giấy này."])
