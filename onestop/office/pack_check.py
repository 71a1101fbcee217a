"""Everything that is wrong with a pack, and what it would change, before anything is written.

A mistake is told once, at the cell where it is mended: what follows from a cell that could not be
read is not told again.
"""

from collections.abc import Iterable, Set

from onestop.domain.moment import local_day
from onestop.errors import InputError
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.office import Office
from onestop.office.pack_compare import (
    Known,
    Meant,
    differences,
    meant_rows,
    read_known,
    removed_rows,
)
from onestop.office.pack_meaning import World, check_meaning
from onestop.office.pack_report import Pack, PackFinding, PackReport, Place
from onestop.office.pack_shape import SHEETS
from onestop.office.row_shape import KIND_WORDS, row_trouble
from onestop.store.report import Progress, quiet

_STEP = 250
_SHEETS = [*(shape.name for shape in SHEETS), *KIND_WORDS.values()]


def check_pack(
    office: Office, pack: Pack, *, replaces: bool = False, progress: Progress = quiet
) -> PackReport:
    """What the pack would do here. `replaces`: rows of its kinds that it does not have are taken away.

    `progress` may raise to cancel.
    """
    today = local_day(office.now).isoformat()
    return check_against(read_known(office), pack, today, replaces=replaces, progress=progress)


def check_against(
    known: Known, pack: Pack, today: str, *, replaces: bool = False, progress: Progress = quiet
) -> PackReport:
    """As `check_pack`, against these rows. `today`: YYYY-MM-DD."""
    progress(0, len(pack.rows), "Đang đọc gói")
    meant = meant_rows(pack, known, today)
    removed = removed_rows(pack, meant, known) if replaces else []
    new_routes = {str(each.value.get("id")) for each in meant if each.row.kind == "route" and each.is_new}
    world = World(_afterwards(known, meant, removed), today, new_routes)
    findings = list(pack.findings)
    spoiled = {each.place for each in findings if each.is_error}
    for done, each in enumerate(meant):
        if done % _STEP == 0:
            progress(done, len(meant), "Đang kiểm tra")
        findings += _row_findings(each, world, spoiled)
    findings += _left_over(removed, world)
    findings = _told_once(findings)
    diffs = differences(meant, removed, known)
    changes = [RowChange(each.row.kind, each.key, each.value) for each in meant if each.is_new]
    is_sound = not any(each.is_error for each in findings)
    return PackReport(pack.name, tuple(findings), diffs, (*changes, *removed) if is_sound else ())


def import_pack(
    office: Office, pack: Pack, *, replaces: bool = False, progress: Progress = quiet
) -> tuple[PackReport, Changed | None]:
    """Checks once more and writes all of it as one change, or nothing; None when nothing is to be written.

    Raises InputError for a pack with errors, and as `change_rows`.
    """
    report = check_pack(office, pack, replaces=replaces, progress=progress)
    if not report.is_sound:
        raise InputError(report.words(), "Sửa các lỗi trong báo cáo rồi nhập lại.", "file")
    if not report.changes:
        return report, None
    return report, change_rows(office, report.changes, f"Nhập gói “{pack.name}”", progress)


def _afterwards(known: Known, meant: Iterable[Meant], removed: Iterable[RowChange]) -> Known:
    """The rows as they would stand."""
    after = {kind: dict(rows) for kind, rows in known.items()}
    for each in meant:
        after.setdefault(each.row.kind, {})[each.key] = each.value
    for change in removed:
        del after[change.kind][change.key]
    return after


def _row_findings(each: Meant, world: World, spoiled: Set[Place]) -> Iterable[PackFinding]:
    found = list(check_meaning(each, world))
    if not spoiled.isdisjoint(each.row.places.values()):
        # What is said of the row as a whole may only follow from a cell that could not be read.
        return [one for one in found if one.place != each.row.place]
    if any(one.is_error for one in found):
        return found
    trouble = row_trouble(each.row.kind, each.key, each.value)
    if trouble:
        found.append(PackFinding(each.row.place, trouble, "Sửa dòng này theo mẫu xuất từ chương trình."))
    return found


def _left_over(removed: Iterable[RowChange], world: World) -> Iterable[PackFinding]:
    """What is taken away and still used."""
    units = {str(row["unit"]) for row in world.rows("officer")}
    for change in removed:
        ident = change.key.partition(" ")[2]
        if change.kind == "unit" and ident in units:
            yield PackFinding(
                Place(KIND_WORDS["unit"]),
                f"Gói bỏ đơn vị “{ident}” trong khi còn cán bộ thuộc đơn vị này",
                "Giữ đơn vị, hoặc chuyển cán bộ sang đơn vị khác trong cùng gói.",
            )
    touches_officers = any(change.kind == "officer" for change in removed)
    if touches_officers and not any("admin" in row["roles"] for row in world.rows("officer")):
        yield PackFinding(
            Place(KIND_WORDS["officer"]),
            "Gói bỏ hết cán bộ có vai trò quản trị",
            "Giữ ít nhất một cán bộ có vai trò quản trị.",
        )


def _told_once(findings: Iterable[PackFinding]) -> list[PackFinding]:
    """The first word about a cell counts; a row that could not be read as a whole is told by its cells."""
    first: dict[tuple[str, int, str, str], PackFinding] = {}
    for each in findings:
        place = each.place
        name = (place.sheet, place.line, place.column or place.head, "" if place.line else each.words)
        first.setdefault(name, each)
    lines = {(one.place.sheet, one.place.line) for one in first.values() if one.place.column and one.is_error}
    kept = [
        one
        for one in first.values()
        if one.place.column or one.place.head or (one.place.sheet, one.place.line) not in lines
    ]
    return sorted(kept, key=lambda one: _order(one.place))


def _order(place: Place) -> tuple[int, int, int, str]:
    """As people go through the file: sheet by sheet, line by line, from left to right."""
    sheet = _SHEETS.index(place.sheet) if place.sheet in _SHEETS else -1
    return (sheet, place.line, len(place.column), place.column)
