"""Gói dữ liệu: a file is checked, what it would change is seen, then all of it is written; each
change of rows made at this desk can be taken back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from onestop.errors import OfficeError
from onestop.office.changing import Changed, list_changes, undo_change
from onestop.office.office import Office
from onestop.office.pack_check import check_pack, import_pack
from onestop.office.pack_file import read_pack_file, write_pack_file
from onestop.office.pack_report import Pack, PackReport
from onestop.office.recompute import undo_recompute
from onestop.store.report import Progress as Watcher
from ui import look
from ui.keys import bind
from ui.pages.packs_tables import (
    CHANGE_COLUMNS,
    DIFF_COLUMNS,
    FINDING_COLUMNS,
    change_rows_of,
    diff_rows,
    diff_words,
    finding_rows,
)
from ui.pages.page import Frame
from ui.sync_words import counted
from ui.tasks import Progress, Report, Running
from ui.widgets import EmptyState, QueueTable, RowModel, TabBar, confirm, label, plain, primary

_WIDE = 900
_REMEDY, _CODE = 5, 2
_READS = "Gói dữ liệu (*.xlsx *.json);;Mọi tệp (*)"
_FINDINGS, _DIFFS, _CHANGES = "findings", "diffs", "changes"
_TABS = ((_FINDINGS, "Báo cáo kiểm tra"), (_DIFFS, "Sẽ thay đổi"), (_CHANGES, "Các lần đổi"))


class PacksSection(QWidget):
    """`report`: of the file in hand; None before one was chosen."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("packs_section")
        self.setAcceptDrops(True)
        self._frame = frame
        self._pack: Pack | None = None
        self.report: PackReport | None = None
        self._changes: tuple[Changed, ...] = ()
        self._running: Running | None = None
        self._make_tables()
        self._make_parts()
        self._lay_out()
        bind(self, "main_act", self.write)
        self._show_state()

    # ---- what the page asks -----------------------------------------------------------

    def enter(self) -> None:
        self._read_changes()

    def catalogue_came(self) -> None:
        self._read_changes()

    def may_be_remade(self) -> bool:
        return self._running is None and self.report is None

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tabs, self._tables[self.tabs.key()])

    # ---- a file -----------------------------------------------------------------------

    @Slot()
    def choose_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # each class of Qt costs its part of a millisecond

        chosen, _ = QFileDialog.getOpenFileName(self, "Chọn gói dữ liệu", "", _READS)
        if chosen:
            self.check_file(Path(chosen))

    def check_file(self, path: Path) -> None:
        """Reads and checks it; nothing is written."""
        office, replaces = self._frame.office, self.replaces.isChecked()

        def check(progress: Progress) -> tuple[Pack, PackReport]:
            pack = read_pack_file(path)
            return pack, check_pack(office, pack, replaces=replaces, progress=_watching(progress))

        self._forget()
        self.file_name.setText(path.name)
        self._begin(f"Đang đọc {path.name}…", check, self._checked)

    @Slot()
    def write(self) -> None:
        """Ctrl+Enter: all of the pack, as one change."""
        pack, office, replaces = self._pack, self._frame.office, self.replaces.isChecked()
        if pack is None or not self.apply.isEnabled():
            return

        def work(progress: Progress) -> tuple[PackReport, Changed | None]:
            return import_pack(office, pack, replaces=replaces, progress=_watching(progress))

        self._begin("Đang ghi…", work, self._written)

    @Slot()
    def take_back(self) -> None:
        """The change in hand is undone, after a question."""
        change = next((one for one in self._changes if one.id == self.changes.current_id()), None)
        if change is None or change.undone_at or self._running is not None:
            return
        text = f"{change.words}: {counted(change.count)} dòng trở lại như trước."
        if confirm(self, "Hoàn tác lần đổi này?", text, "Hoàn tác"):
            self.undo(change.id)

    def undo(self, change_id: str) -> None:
        office = self._frame.office
        self._begin(
            "Đang hoàn tác…",
            lambda progress: _with_dates(office, change_id, _watching(progress)),
            lambda done: self._after_change(f"Đã hoàn tác: {done.words}"),
        )

    def export_to(self, path: Path) -> None:
        office = self._frame.office
        self._begin(
            f"Đang xuất {path.name}…",
            lambda _: write_pack_file(office, path),
            lambda count: self._exported(count, path),
        )

    # ---- Qt ---------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(_WIDE)
        self.findings.setColumnHidden(_REMEDY, not is_wide)  # the line below the table says it too
        self.diffs.setColumnHidden(_CODE, not is_wide)
        for table in self._tables.values():
            table.fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None and self._running is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.check_file(path)

    # ---- inside -----------------------------------------------------------------------

    def _make_tables(self) -> None:
        self.findings = QueueTable("pack_findings", "Lỗi và lưu ý của gói", RowModel(FINDING_COLUMNS))
        self.diffs = QueueTable("pack_diffs", "Dòng sẽ thay đổi", RowModel(DIFF_COLUMNS))
        self.changes = QueueTable("pack_changes", "Các lần đổi dữ liệu ở quầy này", RowModel(CHANGE_COLUMNS))
        self._tables = {_FINDINGS: self.findings, _DIFFS: self.diffs, _CHANGES: self.changes}
        for table in self._tables.values():
            table.current_changed.connect(lambda _: self._show_detail())

    def _make_parts(self) -> None:
        self.choose = primary("Chọn &tệp…", icon="folder-open")
        self.to_excel = plain("Xuất &Excel…", icon="download")
        self.to_json = plain("Xuất &JSON…", icon="download")
        self.choose.clicked.connect(self.choose_file)
        self.to_excel.clicked.connect(partial(self._choose_target, "goi-du-lieu.xlsx"))
        self.to_json.clicked.connect(partial(self._choose_target, "goi-du-lieu.json"))
        self.file_name = label("", "strong")
        self.tabs = TabBar("pack_tabs", "Báo cáo của gói, thay đổi, các lần đổi")
        self.tabs.set_tabs([(key, words, None) for key, words in _TABS])
        self.tabs.chosen.connect(lambda _: self._show_state())
        self.only_errors = QCheckBox("Chỉ &lỗi")
        self.only_errors.toggled.connect(lambda _: self._show_report())
        self.replaces = QCheckBox("&Bỏ dòng không có trong gói")
        self.replaces.toggled.connect(lambda _: self._check_again())
        self.detail = label("", "dim", is_wrapped=True)
        self.words = label("", "strong", is_wrapped=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Tiến độ")
        self.cancel = plain("&Dừng", icon="x")
        self.cancel.clicked.connect(self._give_up)
        self.apply = primary("&Nhập gói", "Ctrl+Enter", "package-check")
        self.apply.clicked.connect(self.write)
        self.undo_button = plain("&Hoàn tác lần đổi này…", icon="undo-2")
        self.undo_button.clicked.connect(self.take_back)
        self._blank = EmptyState(
            "package-check",
            "Chưa chọn gói",
            "Chọn hoặc kéo thả vào đây tệp .xlsx, .json xuất từ chương trình, hay kết quả LayThuTuc của "
            "Cổng quốc gia. Gói được kiểm tra trước; chưa ghi gì.",
        )

    def _lay_out(self) -> None:
        head, line, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (head, line, foot):
            row.setSpacing(look.px(8))
        head.addWidget(label("Gói dữ liệu", "title"))
        head.addWidget(self.file_name, 1)
        for button in (self.to_excel, self.to_json, self.choose):
            head.addWidget(button)
        line.addWidget(self.tabs, 1)
        line.addWidget(self.only_errors)
        foot.addWidget(self.words, 1)
        for part in (self.bar, self.cancel, self.replaces, self.undo_button, self.apply):
            foot.addWidget(part)
        self._stage = QStackedWidget()
        for page in (*self._tables.values(), self._blank):
            self._stage.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self._stage, 1)
        column.addWidget(self.detail)
        column.addLayout(foot)

    def _begin(self, words: str, work: Callable[[Progress], object], on_done: Callable[..., None]) -> None:
        """One thing at a time, with progress and a way to stop it."""
        if self._running is not None:
            return

        def done(answer: object) -> None:
            self._running = None
            # A pair is what the work says of itself: two values for whoever shows it.
            on_done(*answer) if isinstance(answer, tuple) else on_done(answer)
            self._show_state()

        self._running = self._frame.tasks.run_long(
            self, work, done, self._failed, on_progress=self._show_progress, on_cancelled=self._stopped
        )
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self._show_state()

    @Slot()
    def _give_up(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self.cancel.setEnabled(False)

    def _stopped(self) -> None:
        self._running = None
        self.words.setText("Đã dừng. Chưa có gì được ghi.")
        self._show_state()

    def _failed(self, error: OfficeError) -> None:
        self._running = None
        self.words.setText(f"{error.title}. {error.message}")
        self._frame.show_error(error)
        self._show_state()

    def _show_progress(self, report: Report) -> None:
        self.words.setText(f"{report.words}: {counted(report.done)}/{counted(report.total)}")
        self.bar.setRange(0, report.total)
        self.bar.setValue(report.done)

    def _forget(self) -> None:
        self._pack = self.report = None
        self._show_report()

    def _check_again(self) -> None:
        pack, office, replaces = self._pack, self._frame.office, self.replaces.isChecked()
        if pack is not None:
            self._begin(
                "Đang kiểm tra…",
                lambda p: (pack, check_pack(office, pack, replaces=replaces, progress=_watching(p))),
                self._checked,
            )

    def _checked(self, pack: Pack, report: PackReport) -> None:
        self._pack, self.report = pack, report
        self._show_report()
        self.tabs.choose(_FINDINGS if report.findings else _DIFFS)
        self.words.setText(report.words())
        self._tables[self.tabs.key()].select_first()

    def _written(self, report: PackReport, changed: Changed | None) -> None:
        count = changed.count if changed else 0
        self._forget()
        self.file_name.setText("")
        self._after_change(f"Đã nhập gói “{report.name}”: {counted(count)} dòng", changed)

    def _after_change(self, words: str, changed: Changed | None = None) -> None:
        self.words.setText(words)
        self._frame.toast(words, partial(self.undo, changed.id) if changed else None)
        self._frame.catalogue_changed()
        self.tabs.choose(_CHANGES)
        self._read_changes()

    def _exported(self, count: int, path: Path) -> None:
        self.words.setText(f"Đã xuất {counted(count)} dòng ra {path.name}")
        self._frame.toast(self.words.text())

    def _choose_target(self, name: str, _: bool = False) -> None:
        from PySide6.QtWidgets import QFileDialog  # as above

        chosen, _filter = QFileDialog.getSaveFileName(self, "Xuất gói dữ liệu", name)
        if chosen:
            self.export_to(Path(chosen))

    def _read_changes(self) -> None:
        office = self._frame.office
        self._frame.tasks.run(
            self, lambda: tuple(list_changes(office)), self._show_changes, self._frame.show_error, busy=False
        )

    def _show_changes(self, changes: tuple[Changed, ...]) -> None:
        self._changes = changes
        self.changes.rows.show_rows(change_rows_of(changes, self._frame.office.catalogue))
        self.tabs.set_count(_CHANGES, len(changes))
        if not self.changes.current_id():
            self.changes.select_first()
        self._show_state()

    def _show_report(self) -> None:
        report = self.report
        findings = report.findings if report else ()
        self.findings.rows.show_rows(finding_rows(findings, self.only_errors.isChecked()))
        self.diffs.rows.show_rows(diff_rows(report.diffs) if report else [])
        self.tabs.set_count(_FINDINGS, len(findings) if report else None)
        self.tabs.set_count(_DIFFS, len(report.diffs) if report else None)
        self._show_state()

    def _show_state(self) -> None:
        """What can be done now, and the table of the chosen tab."""
        key, report, is_free = self.tabs.key(), self.report, self._running is None
        is_blank = key != _CHANGES and report is None
        self._stage.setCurrentWidget(self._blank if is_blank else self._tables[key])
        self.only_errors.setVisible(key == _FINDINGS)
        self.replaces.setVisible(key != _CHANGES and is_free)
        self.apply.setVisible(key != _CHANGES and is_free)
        self.undo_button.setVisible(key == _CHANGES and is_free)
        self.bar.setVisible(not is_free)
        self.cancel.setVisible(not is_free)
        self.cancel.setEnabled(not is_free)
        self.apply.setEnabled(is_free and report is not None and bool(report.changes))
        for part in (self.choose, self.to_excel, self.to_json, self.replaces):
            part.setEnabled(is_free)
        self._show_detail()

    def _show_detail(self) -> None:
        """The whole of what the row in hand says."""
        key = self.tabs.key()
        ident = self._tables[key].current_id()
        chosen = next((one for one in self._changes if one.id == ident), None)
        self.undo_button.setEnabled(self._running is None and chosen is not None and not chosen.undone_at)
        self.detail.setText(self._detail_of(key, ident))

    def _detail_of(self, key: str, ident: str) -> str:
        report = self.report
        if not ident or key == _CHANGES or report is None:
            return ""
        if key == _DIFFS:
            return diff_words(report.diffs[int(ident)])
        finding = report.findings[int(ident)]
        where = finding.place.words()
        return f"{where[:1].upper()}{where[1:]}: {finding.words}. {finding.remedy}"


def _with_dates(office: Office, change_id: str, progress: Watcher) -> Changed:
    """On a worker: rows as they were, and the due dates that a changed calendar moved with them."""
    done = undo_change(office, change_id, progress)
    undo_recompute(office, change_id, progress)
    return done


def _watching(progress: Progress) -> Watcher:
    """Tells how far it is, and stops it when the person wants that."""

    def watch(done: int, total: int, words: str) -> None:
        progress.check()
        progress.report(done, total, words)

    return watch


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and path.suffix.lower() in {".xlsx", ".json"} else None
