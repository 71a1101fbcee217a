"""Tinos, metric-equal to the Times New Roman that Nghị định 30/2020 asks for, in three faces."""

import unicodedata
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from onestop.paths import resource

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Tinos"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"

_FILES = {
    REGULAR: "Tinos-Regular.ttf",
    BOLD: "Tinos-Bold.ttf",
    ITALIC: "Tinos-Italic.ttf",
}

# Signs people paste from other programs and Tinos lacks, as what they mean.
_STANDS_FOR = str.maketrans({"☐": "□", "☑": "■", "☒": "■", "✓": "×", "✔": "×", "✗": "×", "●": "•"})
# Joiners, soft hyphens and the like: unseen where they were typed, a box on paper.
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
# Shown for any other sign the face lacks: a visible gap is better than a silently lost letter.
_MISSING = "□"


# `cache` lets two threads in at once the first time; two faces of one name would share a document.
_READING = Lock()


@cache
def face_of(name: str) -> "TTFont":
    """The registered face. Registering reads the file, so it happens once per process."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _READING:
        if name not in pdfmetrics.getRegisteredFontNames():
            # Plain bytes instead of ASCII85: a quarter smaller and faster.
            rl_config.useA85 = 0
            pdfmetrics.registerFont(TTFont(name, str(resource("fonts", _FILES[name])), asciiReadable=0))
        face = pdfmetrics.getFont(name)
    assert isinstance(face, TTFont)
    return face


@lru_cache(maxsize=16_384)
def width_at_one(word: str, name: str) -> float:
    """Width of `word` at 1 point; times the size gives points."""
    return float(face_of(name).stringWidth(word, 1))


@lru_cache(maxsize=4_096)
def printable(text: str, name: str) -> str:
    """NFC (marks that stand apart are not put over their letter), only signs the face has."""
    text = unicodedata.normalize("NFC", text).translate(_STANDS_FOR).translate(_UNSEEN)
    known = face_of(name).face.charToGlyph
    return "".join(sign if ord(sign) in known else _in_place_of(sign) for sign in text)


def _in_place_of(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cc" or category.startswith("Z"):
        return " "
    return "" if category == "Cf" else _MISSING
