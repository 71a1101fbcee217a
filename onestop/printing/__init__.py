"""Papers in and out as PDF: plain values in, bytes out; and PDF pages as pictures.

Importing this loads no PDF library: each is imported at first use, behind the first paint.
"""

from onestop.printing.declaration import declaration_pdf
from onestop.printing.papers import (
    DeclarationLine,
    DeclarationPaper,
    DeclarationSection,
    DeclarationTable,
    Letterhead,
)
from onestop.printing.pictures import PageImage, page_count, page_images, thumbnail
from onestop.printing.saving import save_pdf

__all__ = [
    "DeclarationLine",
    "DeclarationPaper",
    "DeclarationSection",
    "DeclarationTable",
    "Letterhead",
    "PageImage",
    "declaration_pdf",
    "page_count",
    "page_images",
    "save_pdf",
    "thumbnail",
]
