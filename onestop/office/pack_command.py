"""`main.py pack check|import|export FILE`: packs without a window, for administrators and scripts."""

import argparse
import sys
from pathlib import Path

from onestop.domain.moment import local_day, to_wire
from onestop.errors import InputError, StoreError
from onestop.office.command import OfficeOf
from onestop.office.office import Office
from onestop.office.pack_check import check_against, import_pack
from onestop.office.pack_compare import Known, read_known, shipped_known
from onestop.office.pack_file import read_pack_file, write_known
from onestop.office.pack_report import Pack, PackFinding, PackReport, RowDiff
from onestop.office.pack_shape import PACK_KINDS
from onestop.office.row_shape import KIND_WORDS

_HOW = {"added": "thêm", "changed": "sửa", "removed": "bỏ"}


def add_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("verb", choices=["check", "import", "export"], help="kiểm tra, nhập, xuất")
    made.add_argument("file", type=Path, metavar="TỆP", help=".xlsx hoặc .json")
    made.add_argument(
        "--kind", action="append", choices=PACK_KINDS, default=[], help="chỉ xuất loại này (dùng nhiều lần)"
    )
    made.add_argument(
        "--replace", action="store_true", help="bỏ những dòng cùng loại không có trong gói (mặc định: giữ)"
    )
    made.add_argument("--officer", default="", metavar="MÃ", help="cán bộ quản trị đứng tên thay đổi")


def run(wanted: argparse.Namespace, office_of: OfficeOf) -> int:
    """The exit code: 0 when the pack is sound and was dealt with, 1 when it has errors.

    Without an office, packs are checked against what is shipped. Raises OfficeError.
    """
    with office_of() as office:
        known = shipped_known() if office is None else read_known(office)
        if wanted.verb == "export":
            return _export(wanted, office, known)
        pack = read_pack_file(wanted.file)
        today = "" if office is None else local_day(office.now).isoformat()
        report = check_against(known, pack, today, replaces=wanted.replace, progress=_say)
        print_report(report)
        if wanted.verb == "import" and report.is_sound:
            _import(wanted, office, pack)
    return 0 if report.is_sound else 1


def _export(wanted: argparse.Namespace, office: Office | None, known: Known) -> int:
    name = office.catalogue.agency.name if office else "Danh mục kèm chương trình"
    made_at = to_wire(office.now) if office else ""
    count = write_known(known, wanted.file, wanted.kind, name, made_at)
    print(f"Đã xuất {count} dòng vào {wanted.file.name}.")
    return 0


def _import(wanted: argparse.Namespace, office: Office | None, pack: Pack) -> None:
    if office is None:
        raise StoreError("Máy này chưa lập cơ quan", "Mở chương trình và lập cơ quan, rồi nhập gói.")
    _, changed = import_pack(_as_admin(office, wanted.officer), pack, replaces=wanted.replace, progress=_say)
    if changed is not None:
        print(f"Đã ghi {changed.count} dòng. Mã thay đổi để hoàn tác: {changed.id}")


def _as_admin(office: Office, officer_id: str) -> Office:
    """Who is named in the list of changes. Raises InputError where nobody may administer."""
    admins = [each.id for each in office.catalogue.officers if "admin" in each.roles]
    if officer_id and officer_id not in admins:
        raise InputError(
            f"“{officer_id}” không phải cán bộ quản trị", f"Chọn: {', '.join(admins) or 'chưa có ai'}."
        )
    if not admins:
        raise InputError("Cơ quan chưa có cán bộ quản trị", "Giao vai trò quản trị cho một cán bộ trước.")
    return office.as_officer(officer_id or admins[0])


def print_report(report: PackReport) -> None:
    """Findings with sheet, line and column; then what would change; then one sentence."""
    for finding in report.findings:
        print(_finding_words(finding))
    for diff in report.diffs:
        print(_diff_words(diff))
    print(report.words())


def _finding_words(finding: PackFinding) -> str:
    kind = "LỖI" if finding.is_error else "Lưu ý"
    where = finding.place.words()
    return f"{kind}: {f'{where}: ' if where else ''}{finding.words}. {finding.remedy}"


def _diff_words(diff: RowDiff) -> str:
    fields = "; ".join(f"{each.head}: “{each.before[:80]}” → “{each.after[:80]}”" for each in diff.fields)
    named = f" {diff.name[:80]}" if diff.name else ""
    return f"{_HOW[diff.how]} {KIND_WORDS[diff.kind].lower()} {diff.key}{named}" + (
        f" ({fields})" if fields else ""
    )


def _say(done: int, total: int, words: str) -> None:
    if sys.stderr and sys.stderr.isatty():
        print(f"\r{words}: {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
