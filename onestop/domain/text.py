"""Vietnamese text: one form in store (NFC), one folded form to search and compare."""

import unicodedata

_FOLDS = str.maketrans({"đ": "d", "Đ": "d"})


def nfc(text: str) -> str:
    """NFC, outer blanks and doubled blanks removed; what every field is stored as."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def nfc_lines(text: str) -> str:
    """As `nfc`, line by line: for notes and reasons."""
    lines = (nfc(line) for line in text.splitlines())
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """Lower case without marks: `Đặng Thị Đức` → `dang thi duc`.

    SQLite's own remove_diacritics leaves đ alone, so all folding is done here.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.casefold().translate(_FOLDS))
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_FOLDS)
