"""A receipt to measure by, and the same words drawn with bare libraries, nothing laid out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import groupby
from pathlib import Path

from onestop.domain.template import Facts, Template
from onestop.domain.template_sample import sample_facts
from onestop.office.templates import shipped_templates
from onestop.paths import resource

Words = list[tuple[float, float, str]]
"""x and y in points from the lower left corner of an A4 page, and the text."""

Draw = Callable[[Words, str], bytes]
"""Words, and what the QR code says, as a PDF of one page."""

SOME_WORDS: Words = [(60.0, 800.0 - 14 * row, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả") for row in range(50)]
SOME_CODE = "99518001" + "20261120004299126137" * 14
_SIZE, _HIGH, _MODULE = 11, 841.89, 1.4
_LEFT, _TOP = 440.0, 150.0


def receipt() -> Template:
    """Mẫu 01 as it is printed today."""
    return next(one for one in shipped_templates() if one.key == "01@2025-09-15")


def facts(template: Template, number: int) -> Facts:
    """A dossier like any other; code, register number and names change."""
    some = sample_facts(template)
    fields = {**some.fields, "number": str(number), "register_number": str(number)}
    fields["owner_name"] = f"{fields['owner_name']} {number}"
    return replace(some, code=f"H99.26.13-261120-{number:04d}", fields=fields)


def _dark(code: str) -> Iterator[tuple[int, int, int]]:
    """Row, column and length of every run of dark modules."""
    import segno

    for row, modules in enumerate(segno.make(code, error="m", micro=False).matrix):
        column = 0
        for is_dark, run in groupby(modules):
            length = len(list(run))
            if is_dark:
                yield row, column, length
            column += length


def reportlab_maker() -> Draw:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Bare", str(resource("fonts", "Tinos-Regular.ttf"))))

    def draw(words: Words, code: str) -> bytes:
        file = BytesIO()
        canvas = Canvas(file, A4, pageCompression=1)
        canvas.setFont("Bare", _SIZE)
        for x, y, text in words:
            canvas.drawString(x, y, text)
        path = canvas.beginPath()
        for row, column, length in _dark(code):
            path.rect(_LEFT + column * _MODULE, _TOP - row * _MODULE, length * _MODULE, _MODULE)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.showPage()
        canvas.save()
        return file.getvalue()

    return draw


def fpdf_maker() -> Draw:
    """fpdf2 reads the font anew for each document: it has no other way."""
    from fpdf import FPDF

    def draw(words: Words, code: str) -> bytes:
        made = FPDF(unit="pt", format="A4")
        made.set_auto_page_break(False)
        made.add_font("Bare", fname=resource("fonts", "Tinos-Regular.ttf"))
        made.add_page()
        made.set_font("Bare", size=_SIZE)
        for x, y, text in words:
            made.text(x, _HIGH - y, text)
        for row, column, length in _dark(code):
            left, top = _LEFT + column * _MODULE, _HIGH - _TOP + row * _MODULE
            made.rect(left, top, length * _MODULE, _MODULE, style="F")
        return bytes(made.output())

    return draw


def typst_maker() -> Draw:
    """typst is given its words as source, each at its place."""
    import typst

    fonts: list[Path] = [resource("fonts", "Tinos-Regular.ttf").parent]
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)

    def draw(words: Words, code: str) -> bytes:
        lines = [f'#set page("a4", margin: 0pt)\n#set text(font: "Tinos", size: {_SIZE}pt)']
        lines += [
            f'#place(dx: {x:.2f}pt, dy: {_HIGH - y - _SIZE:.2f}pt, text("{_escaped(text)}"))'
            for x, y, text in words
        ]
        lines += [
            f"#place(dx: {_LEFT + column * _MODULE:.2f}pt, dy: {_HIGH - _TOP + row * _MODULE:.2f}pt, "
            f"rect(width: {length * _MODULE:.2f}pt, height: {_MODULE}pt, fill: black))"
            for row, column, length in _dark(code)
        ]
        made = compiler.compile("\n".join(lines).encode(), format="pdf", pdf_tags=False)
        assert isinstance(made, bytes)
        return made

    return draw


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


MAKERS: dict[str, Callable[[], Draw]] = {
    "reportlab": reportlab_maker,
    "fpdf2": fpdf_maker,
    "typst": typst_maker,
}
