"""The tour: an officers' week on the real windows, with a power cut in the middle; then a month
at two desks without a line (`month.py`).

The desk runs in a process of its own. The first is killed between two acts, without a
word; the second must find everything the first had shown as saved. What was done, how
long it took, what the store says of itself stands in `tour.json`.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from onestop.domain.acts import RULES, Act
from onestop.paths import Profile

CUT = "power cut"
MONTH = "month"
OF_SEVERAL = frozenset({Act.RATIFY, Act.VOID, Act.TRANSFER_OUT, Act.TRANSFER_IN})
"""Acts that one desk alone has no occasion for; part two does the first three."""
SECOND = "phan-2"
"""Where part two is kept below the tour's folder."""
_PART_LIMIT_S = 600


@dataclass(slots=True)
class Record:
    """One step as it was done: words, milliseconds, and the entries that stood then."""

    part: str
    words: str
    ms: float
    ids: dict[str, str]


@dataclass(slots=True)
class TourReport:
    """What `tour.json` holds."""

    steps: list[Record] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    verification: dict[str, Any] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def run_tour(out: Path) -> int:
    """Plays the week into `out` and the month into `out`/phan-2; 0 when all went as it should."""
    code = _run_week(out.resolve())
    return _run_month(out.resolve() / SECOND) or code


def _run_month(out: Path) -> int:
    """Part two, in a process of its own: it starts hubs beside it. The exit code."""
    print("Phần 2: hai quầy, một trạm, một tỉnh, một tháng không đường truyền.", flush=True)
    try:
        command, environment = _command(out, MONTH), _offscreen()
        return subprocess.run(command, env=environment, timeout=_PART_LIMIT_S, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"  KHÔNG ĐẠT: phần 2 quá {_PART_LIMIT_S} giây")
        return 1


def _offscreen() -> dict[str, str]:
    return os.environ | {"QT_QPA_PLATFORM": os.environ.get("ONESTOP_TOUR_PLATFORM", "offscreen")}


def _run_week(out: Path) -> int:
    report = TourReport()
    profile = _prepare(out)
    try:
        _play(out, "morning", report, is_cut=True)
        _find_again(profile, report)
        _play(out, "afternoon", report)
        _play(out, "gallery", report)
        _count(profile, report)
        _print_papers(profile, out, report)
    except TourFault as fault:
        report.faults.append(str(fault))
    report.pictures = sorted(path.name for path in (out / "pictures").glob("*.png"))
    report.papers = sorted(path.name for path in (out / "papers").glob("*.pdf"))
    _judge(report)
    (out / "tour.json").write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1), "utf-8")
    _say(out, report)
    return 1 if report.faults else 0


class TourFault(Exception):
    """The tour cannot go on; the words say where it stood."""


def _prepare(out: Path) -> Profile:
    """An empty practice office below `out`."""
    import shutil

    from onestop.office.found import found_practice
    from onestop.office.founding import found
    from ui.tour.plan import MORNING, At

    for name in ("data", "pictures", "papers", "scans"):
        shutil.rmtree(out / name, ignore_errors=True)
    profile = Profile(out / "data", "practice")
    first = next(step for step in MORNING if isinstance(step, At))
    found(profile, lambda store: found_practice(store, first.moment))
    return profile


def _play(out: Path, part: str, report: TourReport, *, is_cut: bool = False) -> None:
    """One process of the desk; killed without a word where the plan says so."""
    command = _command(out, part)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=_offscreen())
    assert process.stdout is not None
    started = time.monotonic()
    was_cut = False
    for line in process.stdout:
        if line.startswith("{"):
            report.steps.append(Record(**json.loads(line)))
            print(f"  {report.steps[-1].ms:7.0f} ms  {report.steps[-1].words}", flush=True)
        elif line.startswith(CUT):
            was_cut = True
            process.kill()
            break
        if time.monotonic() - started > _PART_LIMIT_S:
            process.kill()
            raise TourFault(f"{part}: quá {_PART_LIMIT_S} giây")
    code = process.wait()
    if was_cut != is_cut or (not was_cut and code != 0):
        raise TourFault(f"{part}: tiến trình dừng với mã {code}, xem dòng lỗi ở trên")


def _command(out: Path, part: str) -> list[str]:
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, sys.argv[0]]
    return [*program, "tour", "--out", str(out), "--part", part]


def _find_again(profile: Profile, report: TourReport) -> None:
    """After the power cut: every dossier that was shown as saved, and a clean store."""
    from onestop.store.check import verify_store
    from onestop.store.journal import read_dossier

    store = _store(profile)
    try:
        with store.read() as connection:
            for key, dossier_id in report.steps[-1].ids.items():
                if read_dossier(connection, dossier_id) is None:
                    report.faults.append(f"Mất hồ sơ {key} sau khi mất điện")
        findings = verify_store(store).findings
        report.faults += [f"Sau khi mất điện: {each.where}: {each.words}" for each in findings]
        report.steps.append(Record("power cut", "Mất điện: mọi hồ sơ đã lưu còn đủ", 0.0, {}))
    finally:
        store.close()


def _count(profile: Profile, report: TourReport) -> None:
    """Counts and the verification of all journals."""
    from onestop.store.check import verify_store

    store = _store(profile)
    try:
        checked = verify_store(store)
        kinds = store.rows("SELECT kind, count(*) FROM entries GROUP BY kind", {})
        procedures = store.rows("SELECT count(DISTINCT procedure_code) FROM dossiers", {})
    finally:
        store.close()
    report.acts = {str(kind): int(number) for kind, number in kinds}
    report.counts = {
        "dossiers": checked.dossiers,
        "entries": checked.entries,
        "blobs": checked.blobs,
        "procedures": int(procedures[0][0]),
    }
    findings = [asdict(finding) for finding in checked.findings]
    report.verification = {"is_clean": checked.is_clean, "findings": findings}
    report.faults += [f"{finding.where}: {finding.words}" for finding in checked.findings]


def _print_papers(profile: Profile, out: Path, report: TourReport) -> None:
    """Receipt in A5 and A4, control slip, register: what the office would keep of this week."""
    from onestop.office.found import open_office
    from onestop.office.papers import CONTROL_SLIP, RECEIPT, paper_pdf
    from onestop.office.register import register_year
    from onestop.printing import save_pdf
    from ui.clock import MonotonicClock
    from ui.tour.plan import END

    store = _store(profile)
    try:
        office = open_office(store, lambda: END, MonotonicClock())
        folder = out / "papers"
        folder.mkdir(parents=True, exist_ok=True)
        birth = next(record.ids["birth"] for record in report.steps if "birth" in record.ids)
        save_pdf(paper_pdf(office, birth, RECEIPT, "A5"), folder / "01-A5.pdf")
        save_pdf(paper_pdf(office, birth, RECEIPT, "A4"), folder / "01-A4.pdf")
        save_pdf(paper_pdf(office, birth, CONTROL_SLIP), folder / "06.pdf")
        save_pdf(register_year(office, END.year), folder / "07.pdf")
    finally:
        store.close()


def _judge(report: TourReport) -> None:
    """What the tour promises, counted."""
    missing = sorted(act.value for act in RULES.keys() - OF_SEVERAL if act.value not in report.acts)
    if missing:
        report.faults.append(f"Việc chưa làm lần nào: {', '.join(missing)}")
    if report.counts.get("dossiers", 0) < 12 or report.counts.get("procedures", 0) < 12:
        report.faults.append(f"Chưa đủ 12 hồ sơ của 12 thủ tục: {report.counts}")
    if not report.papers or not report.pictures:
        report.faults.append("Thiếu giấy tờ hoặc ảnh")


def _store(profile: Profile) -> Any:
    from onestop.store.store import open_store
    from onestop.store.vault import load_key

    return open_store(profile.database, load_key(profile.folder))


def _say(out: Path, report: TourReport) -> None:
    counts = report.counts
    print(
        f"Chạy thử: {len(report.steps)} bước, {counts.get('dossiers', 0)} hồ sơ của "
        f"{counts.get('procedures', 0)} thủ tục, {counts.get('entries', 0)} bút ký, "
        f"{len(report.papers)} tệp PDF, {len(report.pictures)} ảnh trong {out}"
    )
    for fault in report.faults:
        print(f"  KHÔNG ĐẠT: {fault}")
    print("Đạt." if not report.faults else f"Có {len(report.faults)} lỗi.")


def play_part(out: Path, part: str) -> int:
    """In the process of the desk: opens the program and does one part of the plan."""
    if part == MONTH:
        from ui.tour.month import play_month

        return play_month(out.resolve())
    from ui.tour.scenes import play

    return play(out, part)
