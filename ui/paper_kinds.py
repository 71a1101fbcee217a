"""The papers that can be printed, each as the panel needs it: sheets, copies, what was chosen last."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onestop.domain.template import SIZE_WORDS
from onestop.office.paper_words import form_words, short_words
from onestop.settings import Settings

if TYPE_CHECKING:  # the engine is imported behind the first window
    from onestop.domain.dossier import Dossier
    from onestop.office.office import Office
    from onestop.office.paper_list import PaperChoice

_MOST_COPIES = 3

_WIDTHS_MM = {"A4": 210, "A4_ACROSS": 297, "A5": 148, "A5_ACROSS": 210, "A5_TWO": 297, "K80": 72}

_KEYS = {
    "01": ("print.receipt_printer", "print.receipt_copies", "print.receipt_size"),
    "06": ("print.slip_printer", "print.slip_copies", "paper.06_size"),
    "07": ("print.register_printer", "print.register_copies", "paper.07_size"),
}
"""Of kinds with settings of their own on the settings page; others are only remembered."""
_LIKE_RECEIPTS = frozenset({"02", "03", "GN", "BN", "01N"})
"""Handed out over the counter, so from the counter's printer until another is chosen."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """`sizes` are those of onestop/domain/template.py, the usual one first; `copies` the names of the
    sheets of one printing, ("",) where all are alike. `is_shared`: one paper of several dossiers."""

    form: str
    name: str
    sizes: tuple[str, ...]
    sheets: tuple[str, ...] = ("",)
    circular: str = ""
    number: str = ""
    is_marked: bool = False
    is_per_dossier: bool = True
    is_shared: bool = False

    @property
    def choice_words(self) -> str:
        """As it stands in a list: typing the number of a form finds it."""
        words = f"{self.number} · {self.file_words}" if self.number.isdigit() else self.file_words
        return f"{words}, một giấy chung" if self.is_shared else words

    @property
    def file_words(self) -> str:
        return short_words(self.form)

    @property
    def printer_key(self) -> str:
        return self._key(0, "printer")

    @property
    def copies_key(self) -> str:
        return self._key(1, "copies")

    @property
    def size_key(self) -> str:
        return self._key(2, "size")

    @property
    def tray_key(self) -> str:
        return f"paper.{self.form}_tray"

    @property
    def has_named_sheets(self) -> bool:
        """A receipt holds its copies as pages of their own; of other papers the file is printed again."""
        return len(self.sheets) > 1

    def printer(self, settings: Settings) -> str:
        """The one chosen last for this kind, else the one for papers like it."""
        like = "print.receipt_printer" if self.form in _LIKE_RECEIPTS else "print.slip_printer"
        return settings.text(self.printer_key) or settings.text(like)

    def size(self, settings: Settings) -> str:
        kept = settings.text(self.size_key)
        return kept if kept in self.sizes else self.sizes[0]

    def copies(self, settings: Settings) -> int:
        """A settings file may say more than there is."""
        kept = settings.number(self.copies_key) or len(self.sheets)
        return max(1, min(self.most_copies(), kept))

    def most_copies(self) -> int:
        return len(self.sheets) if self.has_named_sheets else _MOST_COPIES

    def size_choices(self) -> list[tuple[str, str]]:
        return [(size, SIZE_WORDS[size]) for size in self.sizes]

    def copy_choices(self) -> list[tuple[str, str]]:
        return [(str(n), self.copy_words(n)) for n in range(1, self.most_copies() + 1)]

    def copy_words(self, copies: int) -> str:
        """`2 liên: lưu, giao người nộp`, `1 bản`."""
        if not self.has_named_sheets:
            return f"{copies} bản"
        names = [name.partition(":")[2].strip() or name for name in self.sheets[:copies]]
        return f"{copies} liên: {', '.join(name[:1].lower() + name[1:] for name in names)}"

    def _key(self, place: int, what: str) -> str:
        known = _KEYS.get(self.form)
        return known[place] if known else f"paper.{self.form}_{what}"


RECEIPT = PaperKind("01", form_words("01"), ("A5", "A4"), number="01")
"""Of rules that are tried out: there is no dossier yet whose template could be asked."""
REGISTER = PaperKind("07", form_words("07"), ("A4_ACROSS",), number="07", is_per_dossier=False)


def width_mm(size: str) -> float:
    """How wide a page of that size is."""
    return float(_WIDTHS_MM[size])


def kind_from(choice: "PaperChoice", *, is_shared: bool = False) -> PaperKind:
    return PaperKind(
        choice.form,
        choice.name,
        choice.sizes,
        choice.copies,
        choice.circular,
        choice.number,
        choice.is_marked,
        is_shared=is_shared,
    )


def kinds_of(office: "Office", dossier: "Dossier") -> list[PaperKind]:
    """What can be printed of a dossier as it stands now."""
    from onestop.office.paper_list import papers_of

    return [kind_from(choice) for choice in papers_of(office, dossier)]
