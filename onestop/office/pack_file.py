"""Packs as files: Excel for people, JSON for programs, and the national portal's own rows."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from onestop.domain.moment import to_wire
from onestop.errors import InputError, PrintError
from onestop.office.office import Office
from onestop.office.pack_compare import Known, read_known, template_ident
from onestop.office.pack_national import is_national, read_national
from onestop.office.pack_report import Pack, PackFinding, PackRow, Place
from onestop.office.pack_shape import FORMAT, PACK_KINDS, WITHOUT_SHEET
from onestop.office.pack_sheets import lay_out, read_sheets
from onestop.office.row_shape import KIND_WORDS
from onestop.printing.workbook import MAX_FILE, read_workbook, write_workbook

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of .xlsx, and of .xls or a locked one, which is refused with words of its own."""


def read_pack_file(path: Path) -> Pack:
    """What the file holds, mistakes in single rows told in the pack. Raises InputError (field `file`)
    for a file that is no pack at all."""
    if _first_bytes(path) in _WORKBOOKS or path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        return read_sheets(read_workbook(path), path.stem)
    plain = _read_json(path)
    if is_national(plain):
        return read_national(plain, path.stem)
    return read_plain(plain, path.stem)


def write_pack_file(office: Office, path: Path, kinds: Collection[str] = ()) -> int:
    """Writes the office's rows of `kinds` (all when empty): .json as JSON, anything else as Excel. How
    many rows. Raises PrintError."""
    return write_known(read_known(office), path, kinds, office.catalogue.agency.name, to_wire(office.now))


def write_known(known: Known, path: Path, kinds: Collection[str], name: str, made_at: str) -> int:
    """As `write_pack_file`, of these rows."""
    rows = {kind: list(known[kind].values()) for kind in PACK_KINDS if not kinds or kind in kinds}
    if path.suffix.lower() == ".json":
        _write_json(path, {"format": FORMAT, "name": name, "made_at": made_at, "rows": rows})
        return sum(map(len, rows.values()))
    flat = {kind: values for kind, values in rows.items() if kind not in WITHOUT_SHEET}
    sheets = {kind: _national_days(kind, values) for kind, values in flat.items()}
    write_workbook(path, lay_out(sheets))
    return sum(map(len, sheets.values()))


def _national_days(kind: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An office's own hours and seasons are no list of days: they go as JSON."""
    return [value for value in values if "years" in value] if kind == "calendar" else values


def _first_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE * 2:
            raise _unusable(f"Tệp “{path.name}” quá lớn", "Hãy chia thành nhiều tệp.")
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise _unusable(
            f"Không đọc được tệp “{path.name}”", "Kiểm tra tên tệp, hoặc đóng chương trình đang mở tệp."
        ) from error


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _unusable(
            f"Tệp “{path.name}” không phải JSON đúng (dòng {error.lineno}, cột {error.colno})",
            "Gói là tệp .xlsx hoặc .json xuất từ chương trình, hay kết quả LayThuTuc của Cổng quốc gia.",
        ) from error
    except (OSError, RecursionError, ValueError) as error:
        raise _unusable(
            f"Tệp “{path.name}” không đọc được", "Gói là tệp .xlsx hoặc .json xuất từ chương trình."
        ) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _write_json(path: Path, plain: Mapping[str, Any]) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PrintError(
            f"Không ghi được tệp “{path.name}”", "Chọn thư mục khác, hoặc đóng chương trình đang mở tệp."
        ) from error


def read_plain(plain: Any, name: str) -> Pack:
    """A pack in JSON. Raises InputError for what is no pack, or one of a newer program."""
    if not isinstance(plain, dict) or not isinstance(plain.get("rows"), dict):
        raise _unusable("Tệp JSON này không phải gói dữ liệu", "Gói có các mục format, name, made_at, rows.")
    if plain.get("format") != FORMAT:
        raise _unusable(
            f"Gói ở dạng {str(plain.get('format'))[:20]}, chương trình này đọc dạng {FORMAT}",
            "Cập nhật chương trình, hoặc xuất lại gói.",
        )
    findings: list[PackFinding] = []
    rows: dict[Any, PackRow] = {}
    for kind, values in plain["rows"].items():
        if kind not in PACK_KINDS or not isinstance(values, list):
            words = f"Không biết loại dữ liệu “{str(kind)[:40]}”"
            findings.append(PackFinding(Place(str(kind)[:40]), words, f"Các loại: {', '.join(PACK_KINDS)}."))
            continue
        for line, value in enumerate(values, 1):
            _take(kind, line, value, rows, findings)
    title = plain.get("name")
    kinds = frozenset(kind for kind in plain["rows"] if kind in PACK_KINDS)
    return Pack(
        title if isinstance(title, str) and title else name, tuple(rows.values()), kinds, tuple(findings)
    )


def _take(kind: str, line: int, value: Any, rows: dict[Any, PackRow], findings: list[PackFinding]) -> None:
    place = Place(KIND_WORDS[kind], line)
    if not isinstance(value, dict):
        findings.append(PackFinding(place, "Dòng này không phải một mục {…}", "Sửa hoặc bỏ dòng này."))
        return
    row = PackRow(kind, value, place, {str(name): Place(place.sheet, line, "", str(name)) for name in value})
    name = _name(row)
    if name in rows:
        findings.append(PackFinding(place, f"Mã “{name[1][:40]}” có hai lần trong gói", "Bỏ bớt một dòng."))
        return
    rows[name] = row


def _name(row: PackRow) -> tuple[str, str, str]:
    """By which two rows of a pack are the same one."""
    if row.kind in {"calendar", "routing"}:
        return (row.kind, "office" if "hours" in row.value and "years" not in row.value else "vn", "")
    if row.kind == "template":
        return (row.kind, template_ident(row.value), str(row.value.get("since", "")))
    first = {"procedure": "code", "merger": "old"}.get(row.kind, "id")
    return (row.kind, str(row.value.get(first)), str(row.value.get("effective_on", "")))


def _unusable(title: str, message: str) -> InputError:
    return InputError(title, message, "file")
