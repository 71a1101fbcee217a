"""Breaks text into lines that fit a width."""

from collections.abc import Sequence
from typing import NamedTuple

from onestop.printing.fonts import BOLD, REGULAR, printable, width_at_one

_MOST_BLANK = 0.45  # of the type size, added to a blank: more looks like a hole


class Run(NamedTuple):
    """A stretch of text in one face; runs that follow each other are parted by one blank."""

    text: str
    face: str = REGULAR


class Piece(NamedTuple):
    """Part of a line: `x` from the line's own start, in points."""

    x: float
    text: str
    face: str


class Line(NamedTuple):
    """One line: `width` in points, the pieces from left to right."""

    width: float
    pieces: list[Piece]


def bold(text: str) -> Run:
    return Run(text, BOLD)


def wrap(runs: Sequence[Run], size: float, width: float, first: float = 0) -> list[Line]:
    """Lines no wider than `width` points, the first one beginning `first` points further in. A word
    wider than a line is cut between signs."""
    lines: list[Line] = []
    words: list[tuple[str, str, float]] = []
    x = first
    for word, face in _words(runs, size, width):
        wide = width_at_one(word, face) * size
        blank = width_at_one(" ", face) * size if words else 0.0
        if x + blank + wide > width:
            lines += [_line(words, size)] if words else []
            words, x, blank = [], 0.0, 0.0
        words.append((word, face, x + blank))
        x += blank + wide
    if words:
        lines.append(_line(words, size))
    return lines


def stretched(line: Line, size: float, width: float) -> Line:
    """The same line with its blanks widened until it ends at `width`; as it is where they would gape."""
    words = [(piece, word) for piece in line.pieces for word in piece.text.split(" ")]
    more = (width - line.width) / max(1, len(words) - 1)
    if more > size * _MOST_BLANK:
        return line
    pieces, x = [], 0.0
    for number, (piece, word) in enumerate(words):
        is_first = number == 0 or piece is not words[number - 1][0]
        x = piece.x if is_first else x
        text = word if number == len(words) - 1 else f"{word} "  # read back as words, not as one
        pieces.append(Piece(x + number * more, text, piece.face))
        x += width_at_one(f"{word} ", piece.face) * size
    return Line(width, pieces)


def wrap_even(runs: Sequence[Run], size: float, width: float) -> list[Line]:
    """As few lines as `wrap`, but of much the same length: for names and titles in the middle."""
    lines = wrap(runs, size, width)
    while len(lines) > 1:
        width *= 0.95
        narrower = wrap(runs, size, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _words(runs: Sequence[Run], size: float, width: float) -> list[tuple[str, str]]:
    words = []
    for run in runs:
        for word in printable(run.text, run.face).split():
            if width_at_one(word, run.face) * size > width:
                words += [(part, run.face) for part in _cut(word, run.face, width / size)]
            else:
                words.append((word, run.face))
    return words


def _cut(word: str, face: str, width: float) -> list[str]:
    """Parts no wider than `width`, cut behind a `-`, `.`, `/` or `@` where there is one."""
    parts, part = [], ""
    for sign in word:
        while part and width_at_one(part + sign, face) > width:
            keep = max(part.rfind(joint) for joint in "-./@") + 1 or len(part)
            parts.append(part[:keep])
            part = part[keep:]
        part += sign
    return [*parts, part]


def _line(words: list[tuple[str, str, float]], size: float) -> Line:
    """Neighbours of one face become one piece: fewer strings to draw, whole words to read back."""
    pieces: list[Piece] = []
    for word, face, x in words:
        if pieces and pieces[-1].face == face:
            last = pieces[-1]
            pieces[-1] = Piece(last.x, f"{last.text} {word}", face)
        else:
            pieces.append(Piece(x, word, face))
    last_word, last_face, last_x = words[-1]
    return Line(last_x + width_at_one(last_word, last_face) * size, pieces)
