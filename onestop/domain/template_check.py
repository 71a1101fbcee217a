"""What is wrong with a template: told before it is used, at the block where it is mended."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from onestop.domain.template import (
    SIZES,
    Block,
    Gap,
    Grid,
    HandOvers,
    Listing,
    Paragraph,
    Signatures,
    Template,
    Together,
    field_names,
)
from onestop.domain.template_fields import FIELDS, NEEDED, NEEDED_ROWS, ROWS
from onestop.domain.template_words import (
    block_words,
    flat_all,
    rows_words,
    shown_fields,
    shown_rows,
    texts_of,
)

ALIGNS: Final = ("left", "center", "right", "justify")
TEXT_SIZES: Final = ("body", "small", "head", "title")
MOST_BLOCKS, MOST_COLUMNS, MOST_COPIES, LONGEST_TEXT = 120, 20, 9, 4000
_FORM: Final = re.compile(r"[0-9A-Z]{2,4}")
_VARIANT: Final = re.compile(r"[a-z0-9]{0,12}")
_BRACES: Final = re.compile(r"\{[a-z][a-z0-9_]*\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """`place`: the block from 1 in reading order, groups counted; 0 for the template itself. `member`:
    of the block or the template. One that is no error may stay."""

    place: int
    words: str
    member: str = ""
    is_error: bool = True


def check_template(template: Template) -> tuple[Finding, ...]:
    """Everything that must be mended before the template is used; empty when all is well."""
    findings = [*_head_findings(template), *_text_findings(template), *_lacking(template)]
    for place, block in enumerate(flat_all(template.blocks), 1):
        for member, words in _block_faults(block):
            findings.append(Finding(place, f"{block_words(block)}: {words}", member))
    return tuple(sorted(findings, key=lambda each: (not each.is_error, each.place)))


# ---- the template itself --------------------------------------------------------------


def _head_findings(template: Template) -> Iterator[Finding]:
    for member, words in (("name", "tên giấy"), ("version", "bản trình bày")):
        if not getattr(template, member).strip():
            yield Finding(0, f"Thiếu {words}.", member)
    if not _FORM.fullmatch(template.form):
        yield Finding(0, f"Số mẫu “{template.form[:20]}” chỉ gồm 2 đến 4 chữ số, chữ hoa.", "form")
    if not _VARIANT.fullmatch(template.variant):
        yield Finding(0, f"Mã biến thể “{template.variant[:20]}” chỉ gồm chữ thường, chữ số.", "variant")
    if bool(template.variant) != bool(template.procedures):
        words = "Mẫu riêng cho một số thủ tục cần cả mã biến thể và mã thủ tục."
        yield Finding(0, words, "procedures" if template.variant else "variant")
    if template.since and not _is_day(template.since):
        yield Finding(0, f"Ngày áp dụng “{template.since[:20]}” phải có dạng 2026-07-01.", "since")
    yield from _sheet_findings(template)


def _sheet_findings(template: Template) -> Iterator[Finding]:
    odd = [size for size in template.sizes if size not in SIZES]
    if odd:
        yield Finding(0, f"Không có khổ giấy “{odd[0][:20]}”.", "sizes")
    if not template.sizes or len(set(template.sizes)) < len(template.sizes):
        yield Finding(0, "Chọn ít nhất một khổ giấy, mỗi khổ một lần.", "sizes")
    if "A5_TWO" in template.sizes and len(template.copies) == 1:
        words = "Chỉ có một liên: in hai A5 trên một A4 thì nửa tờ để trống."
        yield Finding(0, words, "sizes", is_error=False)
    if not 0 < len(template.copies) <= MOST_COPIES:
        yield Finding(0, f"Số liên từ 1 đến {MOST_COPIES}.", "copies")
    if not 0 < sum(1 for _ in flat_all(template.blocks)) <= MOST_BLOCKS:
        yield Finding(0, f"Mẫu có từ 1 đến {MOST_BLOCKS} khối.", "blocks")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# ---- texts and the fields they name ---------------------------------------------------


def _text_findings(template: Template) -> Iterator[Finding]:
    for each in texts_of(template):
        known = ROWS.get(each.rows, {}) if each.rows else FIELDS
        unknown = [name for name in field_names(each.text) if name not in known and name not in _ALWAYS]
        if unknown:
            where = f"Danh sách “{rows_words(each.rows)}” không" if each.rows else "Không"
            yield Finding(each.place, f"{where} có trường {{{unknown[0]}}}.", each.member)
        if _BRACES.sub("", each.text) != _BRACES.sub("", each.text).replace("{", "").replace("}", ""):
            yield Finding(each.place, f"Dấu ngoặc nhọn lẻ trong “{_short(each.text)}”.", each.member)
        if each.text.count("**") % 2:
            yield Finding(each.place, f"Thiếu một dấu ** trong “{_short(each.text)}”.", each.member)
        if len(each.text) > LONGEST_TEXT:
            yield Finding(each.place, f"Một đoạn chữ dài hơn {LONGEST_TEXT} ký tự.", each.member)


_ALWAYS: Final = frozenset(("has_digits",))
"""Not for people to read: whether there is a number to show as a code."""


def _lacking(template: Template) -> Iterator[Finding]:
    """A copy's name is needed only where there are several."""
    shown, several = shown_fields(template), len(template.copies) > 1
    needed = NEEDED.get(template.form, frozenset()) - (frozenset() if several else {"copy"})
    for name in sorted(needed - shown):
        words = FIELDS[name].words if name in FIELDS else name
        yield Finding(0, f"Mẫu {template.form} bắt buộc có “{words}” {{{name}}}.", "blocks")
    for name in sorted(NEEDED_ROWS.get(template.form, frozenset()) - set(shown_rows(template))):
        yield Finding(0, f"Mẫu {template.form} bắt buộc có danh sách “{rows_words(name)}”.", "blocks")


# ---- one block ------------------------------------------------------------------------


def _block_faults(block: Block) -> Iterator[tuple[str, str]]:
    """(member, words) of what no text of it says."""
    if isinstance(block, (Grid, Listing)) and block.rows not in ROWS:
        yield "rows", f"không có danh sách “{block.rows[:40]}”."
    if isinstance(block, Grid):
        yield from _grid_faults(block)
    if isinstance(block, Paragraph) and (block.align not in ALIGNS or block.size not in TEXT_SIZES):
        yield "align", "cách canh lề hoặc cỡ chữ không có."
    if isinstance(block, Signatures) and not 0 < len(block.signers) <= 2:
        yield "signers", "có một hoặc hai người ký."
    if isinstance(block, Gap) and not 0 <= block.mm <= 100:
        yield "mm", "khoảng trống từ 0 đến 100 mm."
    if isinstance(block, (Grid, HandOvers)) and not 0 <= block.least <= 40:
        yield "least", "số dòng để sẵn từ 0 đến 40."
    if isinstance(block, Together) and not block.blocks:
        yield "blocks", "chưa có khối nào bên trong."


def _grid_faults(block: Grid) -> Iterator[tuple[str, str]]:
    if not 0 < len(block.columns) <= MOST_COLUMNS:
        yield "columns", f"có từ 1 đến {MOST_COLUMNS} cột."
    for number, column in enumerate(block.columns, 1):
        if not 0 < column.share <= 1000:
            yield "columns", f"cột {number}: độ rộng từ 1 đến 1000."
        if column.align not in ALIGNS[:3]:
            yield "columns", f"cột {number}: cách canh lề không có."


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
