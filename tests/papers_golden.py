"""The text of every shipped template with sample facts, as a machine reads it back from the PDF.

`python -m tests.papers_golden` writes it anew after a template was changed on purpose: look at the
difference before it is kept.
"""

import sys
from pathlib import Path

from onestop.domain.template import Template
from onestop.domain.template_sample import sample_facts
from onestop.office.templates import shipped_templates
from onestop.printing.form import form_pdf
from tests.printing_samples import page_texts

FOLDER = Path(__file__).resolve().parent / "data" / "papers"
_WIDE = 100


def golden_file(template: Template) -> Path:
    return FOLDER / f"{template.key.replace('@', '_')}.txt"


def read_back(template: Template) -> list[str]:
    """The words of the first copy on the usual sheet, in reading order, page after page."""
    pages = page_texts(form_pdf(template, sample_facts(template), template.sizes[0], 1))
    return " ".join(pages).split(" ")


def in_lines(words: list[str]) -> str:
    """Short lines: what changed is seen at a glance."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _WIDE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines) + "\n"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {golden_file(template) for template in shipped_templates()}
    for old in set(FOLDER.glob("*.txt")) - kept:
        old.unlink()
    for template in shipped_templates():
        golden_file(template).write_text(in_lines(read_back(template)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
