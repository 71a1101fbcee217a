"""Puts marks into a PDF file."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from onestop.domain.moment import local
from onestop.printing.edge import making_paper
from onestop.printing.fonts import REGULAR, face_of
from onestop.printing.marks import MM, Mark, Rectangles, Rule, Square, Symbol, Text
from onestop.printing.sheet import Shape

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

# Each document keeps its own letters, but cutting them out of a face moves about in the face itself.
# Only that is done one document at a time: a receipt does not wait for a year's register.
_CUTTING = Lock()


class Imprint(NamedTuple):
    """What the file says of itself. `made_at` is the only moment in it: same paper, same bytes."""

    title: str
    author: str
    subject: str
    made_at: datetime


def ink(pages: Iterable[list[Mark]], shape: Shape, imprint: Imprint) -> bytes:
    """The PDF. `pages` may be a generator; a page is let go once drawn. Raises PrintError."""
    with making_paper():
        from reportlab.pdfgen.canvas import Canvas

        file = BytesIO()
        size = (shape.width_mm * MM, shape.height_mm * MM)
        face_of(REGULAR)
        canvas = Canvas(
            file,
            size,
            invariant=1,
            pageCompression=1,
            # Else reportlab names Helvetica, which is not embedded.
            initialFontName=REGULAR,  # type: ignore[arg-type]  # the stubs take it for a size
            lang="vi",
        )
        _sign(canvas, imprint)
        for page in pages:
            _draw(canvas, page, size[1])
            canvas.showPage()
        with _CUTTING:
            canvas.save()
        return file.getvalue()


def _sign(canvas: "Canvas", imprint: Imprint) -> None:
    canvas.setTitle(imprint.title)
    canvas.setAuthor(imprint.author)
    canvas.setSubject(imprint.subject)
    canvas.setCreator("onestop")
    stamp = f"{local(imprint.made_at):D:%Y%m%d%H%M%S}+07'00'"
    canvas.setDateFormatter(lambda *_: stamp)


def _draw(canvas: "Canvas", page: list[Mark], height: float) -> None:
    _draw_texts(canvas, [mark for mark in page if isinstance(mark, Text)], height)
    rules = sorted(mark for mark in page if isinstance(mark, Rule))
    for weight, group in groupby(sorted(rules, key=lambda rule: rule.weight), lambda rule: rule.weight):
        canvas.setLineWidth(weight)
        canvas.lines([(r.x1, height - r.y1, r.x2, height - r.y2) for r in group])
    for mark in page:
        if isinstance(mark, Symbol):
            _draw_symbol(canvas, mark, height)
        elif isinstance(mark, Square):
            _draw_square(canvas, mark, height)


def _draw_texts(canvas: "Canvas", texts: list[Text], height: float) -> None:
    """All texts of a page as one text object: half the time of a string each."""
    block = canvas.beginText()
    font = None
    for text in texts:
        if font != (text.face, text.size):
            font = (text.face, text.size)
            face_of(text.face)
            block.setFont(text.face, text.size)
        block.setTextOrigin(text.x, height - text.y)
        block.textOut(text.text)
    canvas.drawText(block)


def _draw_symbol(canvas: "Canvas", symbol: Symbol, height: float) -> None:
    """Kept once in the file as a form of one path, however many copies show it."""
    name = f"code{crc32(repr(symbol.rectangles).encode()):08x}"
    if not canvas.hasForm(name):
        _keep_form(canvas, name, symbol.rectangles)
    canvas.saveState()
    canvas.transform(symbol.wide, 0, 0, -symbol.high, symbol.x, height - symbol.y)
    canvas.doForm(name)
    canvas.restoreState()


def _keep_form(canvas: "Canvas", name: str, rectangles: Rectangles) -> None:
    right = max(x + wide for x, _, wide, _ in rectangles)
    lower = max(y + high for _, y, _, high in rectangles)
    canvas.beginForm(name, 0, 0, right, lower)
    path = canvas.beginPath()
    for x, y, wide, high in rectangles:
        path.rect(x, y, wide, high)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.endForm()


def _draw_square(canvas: "Canvas", square: Square, height: float) -> None:
    low, side = height - square.y - square.side, square.side
    canvas.setLineWidth(0.7)
    canvas.rect(square.x, low, side, side)
    if square.is_ticked:
        canvas.setLineWidth(1.2)
        corner = (square.x + side * 0.42, low + side * 0.2)
        canvas.line(square.x + side * 0.18, low + side * 0.5, *corner)
        canvas.line(*corner, square.x + side * 0.85, low + side * 0.85)
