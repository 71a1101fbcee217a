"""The papers that can be printed, each declared once: sheets, settings, names."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onestop.settings import Settings

if TYPE_CHECKING:  # the engine is imported behind the first window
    from onestop.domain.dossier import Dossier


@dataclass(frozen=True, slots=True)
class PaperKind:
    """`sizes` are upright sheets by name; keys are those of onestop/settings.py, '' where none."""

    form: str
    words: str
    file_words: str
    sizes: tuple[str, ...]
    printer_key: str
    copies_key: str
    size_key: str = ""
    is_per_dossier: bool = True
    page_mm: float = 210.0

    def size(self, settings: Settings) -> str:
        return settings.text(self.size_key) if self.size_key else self.sizes[0]

    def copies(self, settings: Settings) -> int:
        """One or two: a settings file may say more."""
        return max(1, min(2, settings.number(self.copies_key)))

    def width_mm(self, size: str) -> float:
        """How wide a page of that size is."""
        return 148.0 if size == "A5" else self.page_mm

    def copy_words(self, copies: int) -> str:
        if self.form == "01":
            return "1 liên: lưu" if copies == 1 else "2 liên: lưu, giao"
        return f"{copies} bản"


RECEIPT = PaperKind(
    "01",
    "Giấy tiếp nhận (mẫu 01)",
    "Giấy tiếp nhận",
    ("A5", "A4"),
    "print.receipt_printer",
    "print.receipt_copies",
    "print.receipt_size",
)
CONTROL_SLIP = PaperKind(
    "06",
    "Phiếu kiểm soát (mẫu 06)",
    "Phiếu kiểm soát",
    ("A4",),
    "print.slip_printer",
    "print.slip_copies",
)
REGISTER = PaperKind(
    "07",
    "Sổ theo dõi hồ sơ (mẫu 07)",
    "Sổ theo dõi hồ sơ",
    ("A4",),
    "print.register_printer",
    "print.register_copies",
    is_per_dossier=False,
    page_mm=297.0,
)
DECLARATION = PaperKind(
    "TK",
    "Tờ khai",
    "Tờ khai",
    ("A4",),
    "print.slip_printer",
    "print.slip_copies",
)
PAYMENT_NOTE = PaperKind(
    "GN",
    "Phiếu ghi nhận nộp tiền",
    "Phiếu ghi nhận nộp tiền",
    ("A5",),
    "print.receipt_printer",
    "print.slip_copies",
)
KINDS = (RECEIPT, CONTROL_SLIP, DECLARATION, PAYMENT_NOTE, REGISTER)


def kinds_of(dossier: "Dossier") -> list[PaperKind]:
    """What can be printed of a dossier: a form where one was filled in, a note where money was paid."""
    without = {DECLARATION} if dossier.subject.declaration is None else set()
    without |= set() if dossier.payments else {PAYMENT_NOTE}
    return [kind for kind in KINDS if kind.is_per_dossier and kind not in without]


def kind_of(form: str) -> PaperKind:
    """Raises KeyError for a form that is not printed here."""
    for kind in KINDS:
        if kind.form == form:
            return kind
    raise KeyError(form)
