"""The one door to slow work: order, threads, dropped answers, errors, bugs, cancelling, end."""

import gc
import threading
import time
from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from onestop.errors import InputError, OfficeError
from ui.tasks import Bug, Cancelled, Progress, Report, Sweep, Tasks


def test_the_answer_comes_on_the_windows_thread(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[tuple[int, int]] = []
    tasks.run(None, threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, window = seen[0]
    assert window == threading.get_ident()
    assert worker != window


def test_store_work_keeps_its_order_and_its_one_thread(qtbot: QtBot, tasks: Tasks) -> None:
    done: list[tuple[int, int]] = []

    def work(number: int) -> tuple[int, int]:
        time.sleep(0.002 * (10 - number))
        return number, threading.get_ident()

    for number in range(10):
        tasks.run(None, partial(work, number), done.append)
    qtbot.waitUntil(lambda: len(done) == 10)
    assert [number for number, _ in done] == list(range(10))
    assert len({thread for _, thread in done}) == 1


def test_the_answer_is_dropped_when_the_page_is_gone(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[object] = []
    page, gate = QWidget(), threading.Event()
    tasks.run(page, lambda: gate.wait(5), seen.append)
    delete(page)
    gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert seen == []


def test_tasks_do_not_keep_a_page_alive(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[object] = []
    page, gate = QObject(), threading.Event()
    tasks.run(page, lambda: gate.wait(5), seen.append)
    del page
    gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert seen == []


def test_an_error_goes_to_the_caller_or_to_the_default(qtbot: QtBot, qapp: QApplication) -> None:
    own: list[OfficeError] = []
    default: list[tuple[QObject | None, OfficeError]] = []
    tasks = Tasks(
        lambda parent, error: default.append((parent, error)), lambda _, bug: pytest.fail(bug.trace)
    )
    page = QWidget()
    qtbot.addWidget(page)

    def refuse() -> None:
        raise InputError("Thiếu họ tên", "Hãy ghi họ tên.", "name")

    tasks.run(page, refuse, None, own.append)
    tasks.run(page, refuse)
    qtbot.waitUntil(tasks.is_idle)
    tasks.shutdown()
    assert [error.field for error in own] == ["name"]
    assert [(parent, error.field) for parent, error in default] == [(page, "name")]


def test_a_bug_is_never_lost_even_without_its_page(qtbot: QtBot, qapp: QApplication) -> None:
    bugs: list[Bug] = []
    tasks = Tasks(lambda _, error: pytest.fail(error.title), lambda _, bug: bugs.append(bug))
    page, gate = QWidget(), threading.Event()

    def fail() -> None:
        gate.wait(5)
        raise ZeroDivisionError("số không")

    tasks.run(page, fail)
    delete(page)
    gate.set()
    qtbot.waitUntil(lambda: bool(bugs))
    tasks.shutdown()
    assert isinstance(bugs[0].error, ZeroDivisionError)
    assert "in fail" in bugs[0].trace


def test_the_cursor_shows_work_only_after_a_while(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    tasks.run(None, lambda: gate.wait(5))
    assert QApplication.overrideCursor() is None
    qtbot.waitUntil(lambda: QApplication.overrideCursor() is not None, timeout=30_000)
    gate.set()
    qtbot.waitUntil(lambda: QApplication.overrideCursor() is None)


def test_short_work_does_not_touch_the_cursor(qtbot: QtBot, tasks: Tasks) -> None:
    tasks.run(None, lambda: 1)
    qtbot.waitUntil(tasks.is_idle)
    with qtbot.waitSignal(tasks.became_idle, timeout=30_000):
        tasks.run(None, lambda: time.sleep(0.35), busy=False)
    assert QApplication.overrideCursor() is None


def test_long_work_reports_in_order(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[Report] = []

    def print_pages(progress: Progress) -> int:
        for page in range(1, 4):
            progress.report(page, 3, f"trang {page}/3")
        return 3

    with qtbot.waitSignal(tasks.became_idle):
        tasks.run_long(None, print_pages, on_progress=heard.append)
    assert heard == [Report(n, 3, f"trang {n}/3") for n in (1, 2, 3)]


def test_cancelled_work_really_ends_and_gives_no_answer(qtbot: QtBot, tasks: Tasks) -> None:
    answers: list[object] = []
    ended: list[bool] = []
    turns = 0

    def work(progress: Progress) -> None:
        nonlocal turns
        while not progress.wait(0.005):
            turns += 1
        progress.check()

    running = tasks.run_long(None, work, answers.append, on_cancelled=lambda: ended.append(True))
    qtbot.waitUntil(lambda: turns > 2)
    running.cancel()
    qtbot.waitUntil(lambda: bool(ended))
    assert answers == []


def test_cancelling_a_finished_answer_on_its_way_drops_it(qtbot: QtBot, tasks: Tasks) -> None:
    answers: list[int] = []
    finished = threading.Event()

    def work(progress: Progress) -> int:
        finished.set()
        return 1

    running = tasks.run_long(None, work, answers.append)
    finished.wait(5)
    running.cancel()
    qtbot.waitUntil(tasks.is_idle)
    assert answers == []


def test_check_raises_only_after_cancel() -> None:
    progress = Progress(lambda _: None)
    progress.check()
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.check()


def test_shutdown_finishes_what_the_store_must_write(qapp: QApplication) -> None:
    tasks = Tasks(lambda *_: None, lambda *_: None)
    written: list[int] = []

    def write(number: int) -> None:
        time.sleep(0.002)
        written.append(number)

    for number in range(20):
        tasks.run(None, partial(write, number))
    tasks.shutdown()
    assert written == list(range(20))
    with pytest.raises(RuntimeError):
        tasks.run(None, lambda: None)


def test_shutdown_ends_a_reader_that_runs_for_ever(qapp: QApplication) -> None:
    tasks = Tasks(lambda *_: None, lambda *_: None)
    tasks.run_long(None, lambda progress: progress.wait(60), where="devices")
    assert tasks.is_idle()
    start = time.monotonic()
    tasks.shutdown()
    assert time.monotonic() - start < 5


def test_garbage_is_collected_on_the_windows_thread_only(qtbot: QtBot, qapp: QApplication) -> None:
    sweep = Sweep()
    try:
        assert not gc.isenabled()
        loop: list[object] = []
        loop.append(loop)
        del loop
        sweep._collect()
    finally:
        sweep.stop()
    assert gc.isenabled()
