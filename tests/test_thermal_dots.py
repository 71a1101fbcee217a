"""Slips as dots of a thermal head, and the stream of commands: every dot, code and cut is looked at."""

from dataclasses import replace
from itertools import groupby

import pytest
from PIL import Image, ImageChops

from onestop.domain.template_sample import long_facts, sample_facts
from onestop.errors import PrintError
from onestop.office.templates import shipped_templates
from onestop.printing.dots import DOTS, Dots, is_roll, roll_dots
from onestop.printing.escpos import BAND_ROWS, slip
from onestop.printing.form import form_pdf
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Rule
from onestop.printing.shapes import ROLL, cut_off
from onestop.printing.sheet import A5, Sheet
from onestop.printing.symbols import code128_modules, qr_modules
from onestop.printing.trial_slip import trial_slip_pdf
from onestop.printing.wrapping import Run
from tests.slip_printer import MADE_AT, OFFICE, TRIAL, codes_on, decoded, picture


@pytest.fixture(scope="module")
def trial() -> bytes:
    return trial_slip_pdf(OFFICE, "Máy in nhiệt K80 (192.168.1.50)", MADE_AT)


def coded(text: str, x: float, y: float, module_mm: float) -> bytes:
    """A slip with one QR code, at any place in points."""
    sheet = Sheet(ROLL, "", "bản thử")
    modules = qr_modules(text)
    side = modules.columns * module_mm * MM
    sheet.symbol(x, y, module_mm * MM, side, modules)
    sheet.skip(y + side)
    pages, shape = cut_off(sheet.finish(), ROLL)
    return ink(pages, shape, Imprint("thử", OFFICE, text, MADE_AT))


def corner(page: Image.Image) -> tuple[int, int]:
    """Where the first burnt dots stand, from the left and from above; the foot of the slip left out."""
    box = ImageChops.invert(page.crop((0, 0, page.width, page.height - 30))).getbbox()
    assert box is not None
    return box[0], box[1]


# --- Dots


def test_a_slip_is_as_wide_as_the_head_and_reaches_both_edges(trial: bytes) -> None:
    assert is_roll(trial)
    page = picture(roll_dots(trial, 0).rows)
    assert page.width == DOTS == 576
    upper = page.convert("L").crop((0, 0, DOTS, 40))
    box = ImageChops.invert(upper).getbbox()
    assert box is not None
    assert (box[0], box[2]) == (0, DOTS)


def test_a_slip_ends_with_its_last_line(trial: bytes) -> None:
    dots = roll_dots(trial, 0)
    assert dots.rows[-72:].strip(b"\0")
    assert dots.height * 72 == len(dots.rows)


@pytest.mark.parametrize(("x", "y"), [(10.3, 13.21), (0.0, 7.77), (55.55, 30.04)])
@pytest.mark.parametrize(("module_mm", "dots"), [(0.75, 6), (0.5, 4), (0.57, 4), (0.375, 3)])
def test_every_module_of_a_code_is_whole_dots(x: float, y: float, module_mm: float, dots: int) -> None:
    text = "H15.50.05.13-261120-2001"
    modules = qr_modules(text)
    page = picture(roll_dots(coded(text, x, y, module_mm), 0).rows).convert("L")
    left, top = corner(page)
    code = page.crop((left, top, left + modules.columns * dots, top + modules.rows * dots))
    assert abs(left - x / MM * 8) <= 0.51
    assert abs(top - y / MM * 8) <= 0.51
    wanted = Image.new("L", (modules.columns, modules.rows), 255)
    for column, row, wide, high in modules.rectangles:
        wanted.paste(0, (column, row, column + wide, row + high))
    assert code.tobytes() == wanted.resize(code.size, Image.Resampling.NEAREST).tobytes()


def test_bars_keep_their_widths() -> None:
    sheet, bars = Sheet(ROLL, "", "bản thử"), code128_modules("261120-2001")
    sheet.symbol(7.31, 9.03, 0.25 * MM, 9 * MM, bars)
    sheet.skip(12 * MM)
    pages, shape = cut_off(sheet.finish(), ROLL)
    page = picture(roll_dots(ink(pages, shape, Imprint("thử", OFFICE, "", MADE_AT)), 0).rows).convert("L")
    left, top = corner(page)
    row = page.crop((left, top + 30, left + bars.columns * 2, top + 31)).tobytes()
    runs = [len(list(same)) for _, same in groupby(row)]
    assert all(run % 2 == 0 for run in runs)
    assert sum(runs[::2]) == 2 * sum(wide for _, _, wide, _ in bars.rectangles)


@pytest.mark.parametrize("weight", [0.25, 0.5, 0.7])
def test_no_line_of_a_table_is_lost_between_two_dots(weight: float) -> None:
    sheet, ys = Sheet(ROLL, "", "bản thử"), [20 + 5.0731 * n for n in range(20)]
    for y in ys:
        sheet.add(Rule(10, y, 150, y, weight))
    sheet.skip(ys[-1])
    pages, shape = cut_off(sheet.finish(), ROLL)
    page = picture(roll_dots(ink(pages, shape, Imprint("thử", OFFICE, "", MADE_AT)), 0).rows).convert("L")
    column = page.crop((300, 0, 301, page.height)).tobytes()
    assert [shade for shade, _ in groupby(column)].count(0) == len(ys)


def test_small_letters_with_two_marks_differ_on_paper() -> None:
    """At the smallest size in use each keeps its marks: no two become the same dots."""
    signs, seen = "aâăãáàảạấầẩẫậắằẳẵặeêếềểễệoôốồổỗộơớờởỡợuưứừửữự", set()
    for sign in signs:
        sheet = Sheet(ROLL, "", "bản thử")
        sheet.paragraph([Run(sign)], ROLL.small)
        page = ink(sheet.finish(), replace(ROLL, height_mm=20), Imprint("thử", OFFICE, sign, MADE_AT))
        seen.add(picture(roll_dots(page, 0).rows).crop((0, 0, 60, 60)).tobytes())
    assert len(seen) == len(signs)


def test_another_sheet_is_refused_with_what_to_do() -> None:
    sheet = Sheet(A5, "", "bản thử")
    sheet.paragraph([Run("Khổ A5")])
    pdf = ink(sheet.finish(), A5, Imprint("thử", OFFICE, "", MADE_AT))
    assert not is_roll(pdf)
    with pytest.raises(PrintError, match="khổ K80") as caught:
        roll_dots(pdf, 0)
    assert "Giấy cuộn 80 mm" in caught.value.message


# --- The stream


def test_what_is_burnt_is_what_was_drawn(trial: bytes) -> None:
    dots = roll_dots(trial, 0)
    commands = list(slip(dots, feed_mm=5))
    roll = decoded(b"".join(commands))
    assert roll.rubbish == []
    assert max(len(command) for command in commands) <= 4096
    [made] = roll.slips
    assert made.height % BAND_ROWS == 0
    assert 40 <= made.height - dots.height < 40 + BAND_ROWS
    assert made.tobytes()[: len(dots.rows)] == bytes(255 - byte for byte in dots.rows)
    assert codes_on(made) == TRIAL


@pytest.mark.parametrize("rows", [0, 1, 48, 55, 56, 57, 96, 1000])
def test_every_length_comes_out_whole(rows: int) -> None:
    burnt = bytes(n % 255 + 1 for n in range(72 * rows))
    roll = decoded(b"".join(slip(Dots(burnt))))
    assert roll.rubbish == []
    assert b"".join(each.tobytes() for each in roll.slips)[: len(burnt)] == bytes(255 - n for n in burnt)


def test_a_printer_without_a_knife_gets_no_cut(trial: bytes) -> None:
    roll = decoded(b"".join(slip(roll_dots(trial, 0), is_cut=False)))
    assert roll.slips == []
    assert codes_on(picture(bytes(roll.rows))) == TRIAL


def test_the_reader_of_these_tests_sees_rubbish(trial: bytes) -> None:
    """A stand-in that swallows everything would prove nothing."""
    stream = b"".join(slip(roll_dots(trial, 0)))
    assert decoded(stream[:500] + stream[501:]).rubbish
    assert decoded(b"Xin ch\xc3\xa0o" + stream).rubbish
    assert decoded(b"\x1dv0\x00\x48\x00\x30\x00" + bytes(72 * 48)).rubbish
    assert decoded(stream[:-6]).rubbish


def test_every_slip_of_the_roll_comes_out_with_its_codes() -> None:
    """Each shipped template that may stand on a roll, its codes read from the dots alone."""
    printed = 0
    for template in shipped_templates():
        kinds = (sample_facts, long_facts) if template.form == "NH" else (sample_facts,)
        for facts in [kind(template) for kind in kinds if "K80" in template.sizes]:
            pdf = form_pdf(template, facts, "K80", 1)
            roll = decoded(b"".join(slip(roll_dots(pdf, 0))))
            assert roll.rubbish == [], template.key
            codes = codes_on(roll.slips[0].crop((0, 0, DOTS, 1600)))
            has_codes = any(getattr(block, "has_codes", False) for block in template.blocks)
            assert not has_codes or (facts.proof or facts.code) in codes.values(), template.key
            printed += 1
    assert printed
