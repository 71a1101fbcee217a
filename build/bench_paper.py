"""A receipt to measure by; nothing is imported here but what a program that prints has."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from onestop.domain.moment import VIETNAM
from onestop.paths import resource
from onestop.printing import SUBMITTER_COPY, ComponentRow, FeeRow, Letterhead, ReceiptPaper


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


Words = list[tuple[float, float, str]]
SOME_WORDS: Words = [(60.0, 800.0 - 14 * row, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả") for row in range(50)]


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
