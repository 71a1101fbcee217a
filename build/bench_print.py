"""The receipt: laid out by us, beside the bare library drawing the very same words."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from build.bench_figure import Bench, Figure, at_most, figure, median, timed
from onestop.domain.moment import VIETNAM
from onestop.paths import resource
from onestop.printing import (
    KEPT_COPY,
    SUBMITTER_COPY,
    ComponentRow,
    FeeRow,
    Letterhead,
    PaperSize,
    ReceiptPaper,
    receipt_pdf,
)

MS = 1e3
_PER_ROUND = 25
_ROOT = Path(__file__).resolve().parent.parent


def paper(number: int, copies: tuple[str, ...] = (SUBMITTER_COPY,)) -> ReceiptPaper:
    """A receipt like any other; only the code and the register number change."""
    at = datetime(2026, 11, 20, 8, 12, tzinfo=VIETNAM)
    return ReceiptPaper(
        letterhead=Letterhead(
            "ỦY BAN NHÂN DÂN XÃ TÂN HÒA",
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "Trung tâm Phục vụ hành chính công xã Tân Hòa",
            "Tân Hòa",
            "Cổng Dịch vụ công quốc gia",
            "0237 3000 100",
        ),
        code=f"H56.99.88-261120-{number:04d}",
        received_at=at,
        due_at=at + timedelta(days=5),
        made_at=at,
        owner_name="Nguyễn Thị Đặng Hường",
        submitter_name="Lê Quốc Ưu",
        procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân",
        officer_name="Trần Thị Mai",
        number=f"{number}/TNHS",
        address="Thôn Đông Hải, xã Tân Hòa, tỉnh Thanh Hóa",
        phone="0912 000 101",
        id_number="038188004217",
        channel="Trực tiếp",
        components=(
            ComponentRow("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân theo mẫu", originals=1),
            ComponentRow("Bản án hoặc quyết định ly hôn đã có hiệu lực pháp luật", certified=1),
            ComponentRow("Giấy xác nhận đã cấp trước đây", copies=2),
        ),
        term="03 ngày làm việc",
        due_explanation="3 ngày làm việc · trừ Thứ Bảy, Chủ nhật",
        fees=(FeeRow("Lệ phí", "cấp giấy xác nhận", 15_000),),
        hand_out_place="Trung tâm Phục vụ hành chính công xã Tân Hòa",
        register_number=str(number),
        copies=copies,
    )


def bench_receipt(bench: Bench) -> list[Figure]:
    """One A4 page warm, in turns with bare reportlab and segno; then cold, then how big the file is."""
    pdf = receipt_pdf(paper(1), PaperSize.A4)
    words, bare = words_of(pdf), bare_maker()
    ours, floor, both = [], [], []
    number = 1
    for _ in range(bench.rounds):
        for _ in range(_PER_ROUND):
            number += 1
            ours.append(timed(lambda n=number: receipt_pdf(paper(n), PaperSize.A4)))  # type: ignore[misc]  # bound at once
            floor.append(timed(lambda n=number: bare(words, f"H56.99.88-261120-{n:04d}")))  # type: ignore[misc]  # as above
            both.append(timed(lambda n=number: receipt_pdf(_both(n), PaperSize.A4)))  # type: ignore[misc]  # as above
    cold = [(_cold(is_bare=False), _cold(is_bare=True)) for _ in range(max(3, bench.rounds))]
    warm, reference = median(ours) * MS, (median(floor) * MS, "bare reportlab + segno, cùng các chữ")
    return [
        figure("receipt PDF warm", "ms", warm, reference, 1.5, bench.rounds, f"{len(words)} dòng chữ"),
        figure("receipt PDF warm, both copies", "ms", median(both) * MS, reference, None, bench.rounds),
        figure(
            "receipt PDF cold, with imports",
            "ms",
            median([ours for ours, _ in cold]),
            (median([floor for _, floor in cold]), reference[1]),
            250 / 151,  # 250 ms where the bare libraries took 151, performance.md §4
            len(cold),
        ),
        at_most("receipt PDF size", "KB", len(pdf) / 1024, 40, 1),
        at_most(
            "receipt PDF size, both copies", "KB", len(receipt_pdf(_both(1), PaperSize.A4)) / 1024, 40, 1
        ),
    ]


def _both(number: int) -> ReceiptPaper:
    return paper(number, (KEPT_COPY, SUBMITTER_COPY))


Words = list[tuple[float, float, str]]


def words_of(pdf: bytes) -> Words:
    """Every run of text on the first page with its place, as a reader of the file sees it."""
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

    page: Any = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [page.get_rect(index) for index in range(page.count_rects())]
    return [(box[0], box[1], page.get_text_bounded(*box).strip()) for box in boxes]


def bare_maker() -> Callable[[Words, str], bytes]:
    """A function that draws words and one QR with the bare libraries, nothing laid out."""
    import segno
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Bare", str(resource("fonts", "Tinos-Regular.ttf"))))

    def make(words: Words, code: str) -> bytes:
        file = BytesIO()
        canvas = Canvas(file, A4, pageCompression=1)
        canvas.setFont("Bare", 11)
        for x, y, text in words:
            canvas.drawString(x, y, text)
        path = canvas.beginPath()
        for row, modules in enumerate(segno.make(code, error="m", micro=False).matrix):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    path.rect(440 + column * 2.5, 150 - row * 2.5, 2.5, 2.5)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.showPage()
        canvas.save()
        return file.getvalue()

    return make


_COLD = """
import time
from build.bench_print import WORDS, bare_maker, paper
began = time.perf_counter()
if {is_bare}:
    bare_maker()(WORDS, "H56.99.88-261120-0001")
else:
    from onestop.printing import PaperSize, receipt_pdf
    receipt_pdf(paper(1), PaperSize.A4)
print((time.perf_counter() - began) * 1000)
"""
WORDS: Words = [(60.0, 800.0 - 14 * row, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả") for row in range(50)]


def _cold(is_bare: bool) -> float:
    """Milliseconds of the first receipt of a process, with the drawing library it imports."""
    code = _COLD.format(is_bare=is_bare)
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)
