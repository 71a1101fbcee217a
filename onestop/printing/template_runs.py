"""A template's text as runs: its fields filled in, what stands between `**` in bold."""

from onestop.domain.template import Fields, filled
from onestop.printing.fonts import ITALIC
from onestop.printing.wrapping import Run, bold


def runs(text: str, fields: Fields, *, is_italic: bool = False) -> list[Run]:
    """Parts that are filled to nothing are left out."""
    made = []
    for number, part in enumerate(text.split("**")):
        words = filled(part, fields)
        if words.strip():
            made.append(bold(words) if number % 2 else Run(words, ITALIC) if is_italic else Run(words))
    return made
