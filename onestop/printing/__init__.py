"""Papers in and out as PDF: plain values in, bytes out; and PDF pages as pictures.

Importing this loads no PDF library: each is imported at first use, behind the first paint.
"""

from onestop.printing.declaration import declaration_pdf
from onestop.printing.papers import (
    KEPT_COPY,
    SUBMITTER_COPY,
    ComponentRow,
    DeclarationLine,
    DeclarationPaper,
    DeclarationSection,
    DeclarationTable,
    FeeRow,
    Letterhead,
    PaperSize,
    ReceiptPaper,
)
from onestop.printing.pictures import PageImage, page_count, page_images, thumbnail
from onestop.printing.receipt import receipt_pdf
from onestop.printing.saving import save_pdf

__all__ = [
    "KEPT_COPY",
    "SUBMITTER_COPY",
    "ComponentRow",
    "DeclarationLine",
    "DeclarationPaper",
    "DeclarationSection",
    "DeclarationTable",
    "FeeRow",
    "Letterhead",
    "PageImage",
    "PaperSize",
    "ReceiptPaper",
    "declaration_pdf",
    "page_count",
    "page_images",
    "receipt_pdf",
    "save_pdf",
    "thumbnail",
]
