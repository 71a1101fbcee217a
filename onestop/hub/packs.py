"""`hub pack check|import|export FILE`: a province gives all its offices, or one, what is new in the law."""

import argparse
import sys

from onestop.domain.moment import local_day, to_wire
from onestop.errors import InputError
from onestop.hub.admin import EVERYONE, list_offices
from onestop.hub.hub import Hub
from onestop.hub.office_change import settle_grants
from onestop.office.changing import RowChange
from onestop.office.pack_check import check_against
from onestop.office.pack_command import print_report
from onestop.office.pack_compare import Known, known_from
from onestop.office.pack_file import read_pack_file, write_known
from onestop.office.pack_report import PackFinding, PackReport, Place
from onestop.office.row_shape import KIND_WORDS
from onestop.store.listening import ring
from onestop.store.office_rows import list_newest, put_all

_OF_AN_OFFICE = frozenset({"unit", "officer", "routing", "stand_in"})
"""Kinds that are nothing without an office they belong to."""


def run_pack(hub: Hub, wanted: argparse.Namespace) -> int:
    """The exit code: 1 for a pack with errors. Raises OfficeError."""
    office = wanted.office
    if office and office not in list_offices(hub):
        raise InputError(f"Không có cơ quan {office}", "Thêm bằng: hub office add MÃ TÊN.", "office")
    known, now = read_hub_rows(hub, office), hub.clock()
    if wanted.verb == "export":
        name = list_offices(hub).get(office, hub.name)
        print(
            f"Đã xuất {write_known(known, wanted.file, (), name, to_wire(now))} dòng vào {wanted.file.name}."
        )
        return 0
    pack = read_pack_file(wanted.file)
    report = check_against(known, pack, local_day(now).isoformat(), replaces=wanted.replace, progress=_say)
    if not office:
        report = _without_office(report)
    print_report(report)
    if wanted.verb == "import" and report.changes:
        print(f"Đã ghi {put_pack(hub, office, report.changes)} dòng; các quầy nhận ở lần nối tiếp theo.")
    return 0 if report.is_sound else 1


def read_hub_rows(hub: Hub, office: str = EVERYONE) -> Known:
    """What desks of the office have; of no office, what all have."""
    with hub.store.read() as connection:
        return known_from(list_newest(connection, {EVERYONE, office}))


def put_pack(hub: Hub, office: str, changes: tuple[RowChange, ...]) -> int:
    """All of them in one transaction; how many are others."""
    rows = [(each.kind, each.key, each.value) for each in changes]
    now = hub.clock()
    with hub.store.write() as connection:
        if office:
            settle_grants(connection, hub, office, rows, now)
        count = put_all(connection, hub.ledger, office, rows, now)
        ring(connection)
    return count


def _without_office(report: PackReport) -> PackReport:
    """Officers and units of all offices at once are a mistake."""
    wrong = [kind for kind in sorted(_OF_AN_OFFICE) if any(each.kind == kind for each in report.diffs)]
    findings = tuple(
        PackFinding(Place(KIND_WORDS[kind]), "Dữ liệu này thuộc một cơ quan", "Thêm --office MÃ.")
        for kind in wrong
    )
    return PackReport(report.name, report.findings + findings, report.diffs, () if wrong else report.changes)


def _say(done: int, total: int, words: str) -> None:
    if sys.stderr and sys.stderr.isatty():
        print(f"\r{words}: {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
