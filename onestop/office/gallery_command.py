"""`gallery`: every template on every sheet it may be printed on, with sample facts, to be looked at.

For each there is the PDF, a picture of each page, and beside it the list of the fields it shows.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from onestop.domain.template import SIZE_WORDS, SIZES, Template
from onestop.domain.template_check import check_template
from onestop.domain.template_fields import FIELDS, NEEDED, NEEDED_ROWS, ROWS
from onestop.domain.template_sample import long_facts, sample_facts
from onestop.domain.template_words import rows_words, shown_fields, shown_rows
from onestop.errors import InputError, PrintError
from onestop.office.command import OfficeOf, catalogue_of
from onestop.office.templates import templates_of
from onestop.printing.form import form_pdf
from onestop.printing.picture_files import png_of
from onestop.printing.pictures import page_images

_DPI: Final = 110


@dataclass(frozen=True, slots=True)
class Sheet:
    """One template on one size: the names of its files, in the folder of the gallery."""

    template: Template
    size: str
    stem: str
    pictures: tuple[str, ...]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="THƯ_MỤC", help="thư mục kết quả")
    parser.add_argument("--form", default="", metavar="SỐ", help="chỉ một mẫu, ví dụ 01")
    parser.add_argument("--long", action="store_true", help="tên dài nhất và danh sách 40 dòng")
    parser.add_argument("--dpi", type=int, default=_DPI, metavar="SỐ", help="độ phân giải của ảnh")


def run(wanted: Namespace, office_of: OfficeOf, say: Callable[[str], None] = print) -> int:
    """0 when every template stands up to the check. Raises InputError, PrintError."""
    if not 30 <= wanted.dpi <= 600:
        raise InputError("--dpi: từ 30 đến 600", "Ghi ví dụ --dpi 110.", "--dpi")
    with catalogue_of(office_of) as catalogue:
        templates = [each for each in templates_of(catalogue) if wanted.form in {"", each.form}]
    if not templates:
        raise InputError(f"--form: không có mẫu “{wanted.form[:20]}”", "Ghi ví dụ --form 01.", "--form")
    templates.sort(key=lambda each: (each.form, each.since, each.variant))
    sheets = []
    for template in templates:
        sheets += show_template(template, wanted.out, wanted.dpi, is_long=wanted.long)
        say(f"{template.key}: {template.name} ({', '.join(template.sizes)})")
    _write(wanted.out / "index.html", page_of(sheets).encode())
    say(f"{len(sheets)} bản in ở {wanted.out / 'index.html'}")
    return _tell_faults(templates, say)


def show_template(template: Template, folder: Path, dpi: int = _DPI, *, is_long: bool = False) -> list[Sheet]:
    """Writes its files, size by size. Raises PrintError."""
    facts = long_facts(template) if is_long else sample_facts(template)
    sheets = []
    for size in (each for each in SIZES if each in template.sizes):
        stem = f"{template.key.replace('@', '_')}_{size}"
        pdf = form_pdf(template, facts, size)
        _write(folder / f"{stem}.pdf", pdf)
        pictures = []
        for number, page in enumerate(page_images(pdf, dpi), 1):
            pictures.append(f"{stem}_{number}.png")
            _write(folder / pictures[-1], png_of(page))
        _write(folder / f"{stem}.txt", fields_list(template).encode())
        sheets.append(Sheet(template, size, stem, tuple(pictures)))
    return sheets


def fields_list(template: Template) -> str:
    """The fields a template shows, a line each: whether the form needs it, its name, what it means."""
    needed, needed_rows = NEEDED.get(template.form, frozenset()), NEEDED_ROWS.get(template.form, frozenset())
    shown = shown_fields(template)
    lines = [f"{template.key} · {template.name} · bản trình bày {template.version}", template.ground, ""]
    for name, field in FIELDS.items():
        if name in shown or name in needed:
            lines.append(f"{_mark(name in shown, name in needed)} {name:18} {field.words}")
    for name in [*shown_rows(template), *sorted(needed_rows - set(shown_rows(template)))]:
        mark = _mark(name in shown_rows(template), name in needed_rows)
        columns = ", ".join(column.words for column in ROWS.get(name, {}).values())
        lines.append(f"{mark} {name:18} {rows_words(name)}: {columns}")
    return "\n".join([*lines, "", "[x] bắt buộc và có · [ ] có thêm · [!] bắt buộc mà thiếu", ""])


def _mark(is_shown: bool, is_needed: bool) -> str:
    return ("[x]" if is_shown else "[!]") if is_needed else "[ ]"


_PAGE: Final = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Các mẫu in</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 24px; background: #eceff1; color: #1b2631; }}
h1 {{ font-size: 24px; }} h2 {{ font-size: 18px; margin: 32px 0 4px; }}
p {{ margin: 0 0 8px; color: #51606e; }}
.row {{ display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }}
figure {{ margin: 0; max-width: 460px; }}
img {{ display: block; width: 100%; background: #fff; box-shadow: 0 1px 4px #0004; margin: 6px 0; }}
pre {{ font: 12px/1.5 ui-monospace, monospace; background: #fff; padding: 10px 14px; margin: 0;
  overflow-x: auto; white-space: pre-wrap; }}
</style>
<h1>Các mẫu in, điền dữ liệu mẫu</h1>
{body}
</html>
"""


def page_of(sheets: Iterable[Sheet]) -> str:
    """A page that needs nothing but the files beside it."""
    parts, last = [], None
    for sheet in sheets:
        template = sheet.template
        if template != last:
            parts.append("</div>" if last else "")
            facts = " · ".join(
                part for part in (template.circular, template.ground, template.confidence) if part
            )
            parts.append(f"<h2>{escape(template.form)}. {escape(template.name)}</h2><p>{escape(facts)}</p>")
            parts.append(f'<div class="row"><pre>{escape(fields_list(template))}</pre>')
            last = template
        pictures = "".join(f'<img src="{escape(name)}" alt="">' for name in sheet.pictures)
        caption = f'<a href="{escape(sheet.stem)}.pdf">{escape(SIZE_WORDS[sheet.size])}</a>'
        parts.append(f"<figure><figcaption>{caption}</figcaption>{pictures}</figure>")
    return _PAGE.format(body="\n".join([*parts, "</div>" if last else ""]))


def _tell_faults(templates: Iterable[Template], say: Callable[[str], None]) -> int:
    found = [(template.key, each) for template in templates for each in check_template(template)]
    for key, each in found:
        say(f"{key}: {'LỖI' if each.is_error else 'Lưu ý'}: {each.words}")
    return 1 if any(each.is_error for _, each in found) else 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise PrintError(f"Không ghi được “{path.name}”", "Chọn thư mục khác cho --out.") from error
