"""Every shipped form, on every sheet: its words in order, its sheet, its fonts, its codes, its fields."""

from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
import zxingcpp
from PIL import Image

from onestop.domain.proof import read_proof
from onestop.domain.template import Facts, Heads, Template, field_names, flat
from onestop.domain.template_fields import FIELDS, NEEDED, NEEDED_ROWS, ROWS
from onestop.domain.template_sample import CODE, sample_facts
from onestop.domain.template_words import ROWS_WORDS, texts_of
from onestop.office.templates import shipped_templates
from onestop.printing import page_images
from onestop.printing.form import form_pdf
from tests.papers_golden import FOLDER, golden_file, read_back
from tests.printing_samples import MM, font_objects, is_composed, page_texts

TEMPLATES = {one.key: one for one in shipped_templates()}
SHEETS = {
    "A4": (210, 297), "A4_ACROSS": (297, 210), "A5": (148, 210), "A5_ACROSS": (210, 148),
    "A5_TWO": (297, 210), "K80": (72, 0),
}  # fmt: skip
"""Wide and high in millimetres; a roll is cut where its paper ends."""

PAIRS = [(key, size) for key, one in TEMPLATES.items() for size in one.sizes]
CODED = [
    (key, size)
    for key, size in PAIRS
    if (TEMPLATES[key].form == "01" or size == TEMPLATES[key].sizes[0])
    and any(isinstance(block, Heads) and block.has_codes for block in flat(TEMPLATES[key].blocks))
]
"""Heads are the same for all: one form on every sheet, the others on their usual one."""

_MADE: dict[tuple[str, str], bytes] = {}


def printed(key: str, size: str) -> bytes:
    """The first copy with sample facts; drawn once for all tests."""
    if (key, size) not in _MADE:
        _MADE[key, size] = form_pdf(TEMPLATES[key], sample_facts(TEMPLATES[key]), size, 1)
    return _MADE[key, size]


def joined(pdf: bytes) -> str:
    return " ".join(page_texts(pdf))


@pytest.mark.parametrize("key", TEMPLATES)
def test_its_words_are_read_back_in_order(key: str) -> None:
    """After a change on purpose: python -m tests.papers_golden."""
    assert read_back(TEMPLATES[key]) == golden_file(TEMPLATES[key]).read_text("utf-8").split()


def test_no_words_are_kept_of_a_form_that_is_gone() -> None:
    assert {path.name for path in FOLDER.glob("*.txt")} == {
        golden_file(one).name for one in TEMPLATES.values()
    }


@pytest.mark.parametrize(("key", "size"), PAIRS)
def test_its_sheet_is_right_to_half_a_millimetre_and_carries_its_fonts(key: str, size: str) -> None:
    pdf = printed(key, size)
    wide, high = SHEETS[size]
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            width, height = page.get_size()
            assert width == pytest.approx(wide * MM, abs=0.5 * MM)
            if high:
                assert height == pytest.approx(high * MM, abs=0.5 * MM)
    used, carried = font_objects(pdf)
    assert used == carried > 1
    assert len(pdf) < 80_000


@pytest.mark.parametrize(("key", "size"), PAIRS)
def test_every_needed_field_stands_on_it(key: str, size: str) -> None:
    template = TEMPLATES[key]
    facts, text = sample_facts(template), joined(printed(key, size))
    assert is_composed(text)
    text = _bare(text)
    for name in NEEDED.get(template.form, frozenset()):
        value = template.copies[0] if name == "copy" else facts.fields[name]
        assert _bare(value) in text, name
    for rows in NEEDED_ROWS.get(template.form, frozenset()):
        for value in _shown_values(template, facts, rows):
            assert _bare(value) in text, rows


def _bare(text: str) -> str:
    """Without blanks: a code that is longer than its cell goes on in the next line."""
    return "".join(text.split()).casefold()


def _shown_values(template: Template, facts: Facts, rows: str) -> Iterator[str]:
    """What the columns of a list show of its first row, word by word: cells wrap."""
    row = next(iter(facts.rows[rows]))
    texts = [each.text for each in texts_of(template) if each.rows == rows]
    names = {name for text in texts for name in field_names(text)}
    yield from (word for name in sorted(names) for word in row.get(name, "").split())


@pytest.mark.parametrize(("key", "size"), CODED)
def test_its_codes_are_read_from_a_counter_printer(key: str, size: str) -> None:
    """Code 128 says the dossier's code, the QR code the proof, at 203 dots an inch in black and white."""
    (page,) = page_images(printed(key, size), 203, 0, 0)
    found = dict(_codes(page.width, page.height, page.bgrx))
    assert found["Code128"] == CODE
    proof = read_proof(found["QRCode"])
    assert (proof.code, proof.form) == (CODE, TEMPLATES[key].form)
    assert found["QRCode"] == sample_facts(TEMPLATES[key]).proof


def _codes(width: int, height: int, bgrx: bytes) -> Iterator[tuple[str, str]]:
    grey = Image.frombytes("RGB", (width, height), bgrx, "raw", "BGRX").convert("L")
    for found in zxingcpp.read_barcodes(grey.point(lambda shade: 255 if shade > 127 else 0)):
        kind = str(found.format).replace(" ", "").removeprefix("BarcodeFormat.")
        yield ("Code128" if "128" in kind else "QRCode"), found.text


def test_every_list_has_a_name_for_people_and_every_field_a_meaning() -> None:
    assert set(ROWS) == set(ROWS_WORDS)
    assert all(field.words for columns in ROWS.values() for field in columns.values())
    assert all(field.words for field in FIELDS.values())
