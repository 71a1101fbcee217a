"""What runs in processes of its own: `window` (a bare one), `paged` and `whole` (tables)."""

import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView, QTableWidget, QTableWidgetItem, QToolBar

Index = QModelIndex | QPersistentModelIndex


class _Bare(QMainWindow):
    """The smallest window that shows something like a list: 50 rows, 12 columns, four buttons."""

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False
        table = QTableWidget(50, 12)
        for row in range(50):
            for column in range(12):
                table.setItem(row, column, QTableWidgetItem(f"Hồ sơ {row}.{column}"))
        self.setCentralWidget(table)
        bar = QToolBar()
        self.addToolBar(bar)
        for words in ("Tiếp nhận", "Chuyển", "Trả", "Tra cứu"):
            bar.addAction(words)
        self.resize(1366, 768)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._say)

    def _say(self) -> None:
        print(f"painted {time.monotonic() * 1000:.1f}", flush=True)
        QTimer.singleShot(50, QApplication.quit)


def window() -> None:
    application = QApplication([])
    bare = _Bare()
    bare.show()
    application.exec()


class _Whole(QAbstractTableModel):
    """All rows in a list, as simple programs do."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature; never changed
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        return None


def whole(path: Path) -> None:
    from onestop.store.cipher import connect
    from onestop.store.vault import load_key

    application = QApplication([])
    connection = connect(path, load_key(path.parent))
    before, began = _resident_mb(), time.perf_counter()
    sql = "SELECT due_at, code, owner_name, procedure_name, state FROM dossiers ORDER BY n DESC"
    model = _Whole(connection.execute(sql).fetchall())
    view = QTableView()
    view.setModel(model)
    _measure(application, view, before, began)


def paged(path: Path) -> None:
    """The program's own table and rows; page k starts where k · 200 rows lie above it."""
    from onestop.office.found import open_office
    from onestop.office.work import Worklist
    from onestop.store.store import open_store
    from onestop.store.vault import load_key
    from ui.pages.feed import COLUMNS, table_row
    from ui.widgets import PAGE, QueueTable, RowModel

    application = QApplication([])
    store = open_store(path, load_key(path.parent))
    office = open_office(store, lambda: datetime.now(UTC), lambda: ("bench", 0))
    work = Worklist(store.rows, office.officer, office.catalogue, office.clock)
    before, began = _resident_mb(), time.perf_counter()
    newest = work.newest(limit=1)[0].row.n  # rows are never deleted: numbers have no gaps

    def fetch(page: int) -> None:
        rows = work.newest(newest + 1 - page * PAGE, PAGE)
        model.put_page(page, [table_row(row, work.now()) for row in rows])

    model = RowModel(COLUMNS, fetch)
    view = QueueTable("bench", "Mọi hồ sơ", model)
    model.begin(newest)
    _measure(application, view, before, began)
    store.close()


def _measure(application: QApplication, view: QTableView, before: float, began: float) -> None:
    view.resize(1250, 690)
    view.show()
    _paint(application, view)
    first = time.perf_counter() - began
    bar, scrolls = view.verticalScrollBar(), []
    for _ in range(40):
        began = time.perf_counter()
        bar.setValue(bar.value() + 20)
        _paint(application, view)
        scrolls.append(time.perf_counter() - began)
    began = time.perf_counter()
    view.scrollToBottom()
    _paint(application, view)
    jump = time.perf_counter() - began
    found = {"first_ms": first, "scroll_ms": sorted(scrolls)[20], "jump_ms": jump}
    said = {name: round(seconds * 1000, 2) for name, seconds in found.items()}
    print(json.dumps(said | {"extra_mb": round(_resident_mb() - before, 1), "rows": view.model().rowCount()}))


def _paint(application: QApplication, view: QTableView) -> None:
    """Painted with rows, not with the dots that stand for rows on their way."""
    until = time.monotonic() + 20
    while True:
        view.viewport().grab()
        application.processEvents()
        if _has_rows(view):
            view.viewport().grab()
            return
        if time.monotonic() > until:
            raise RuntimeError(f"row {view.rowAt(1)} of {view.model().rowCount()} never came")


def _has_rows(view: QTableView) -> bool:
    rows = view.rowAt(1), view.rowAt(view.viewport().height() - 2)
    shown = [view.model().index(row, 1).data() for row in rows if row >= 0]
    return bool(shown) and "…" not in shown


def _resident_mb() -> float:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    mark = re.search(r"VmRSS:\s+(\d+)", status)
    return int(mark[1]) / 1024 if mark else 0.0


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    if kind == "window":
        window()
    else:
        {"paged": paged, "whole": whole}[kind](Path(rest[0]))
