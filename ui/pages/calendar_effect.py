"""What a change of the calendar does to open dossiers: looked at, saved with progress, and who is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.moment import show_at
from onestop.office.calendar_rows import CalendarRows, changes_of
from onestop.office.changing import Changed, change_rows, undo_change
from onestop.office.office import Office
from onestop.office.recompute import (
    DueChange,
    Recomputed,
    preview_recompute,
    recompute,
    undo_recompute,
)
from onestop.store.report import Progress as Watch
from ui import look
from ui.pages.page import Frame
from ui.sync_words import counted
from ui.tasks import Progress, Report, Running
from ui.widgets import Card, Column, EmptyState, QueueTable, Row, RowModel, label, plain, primary

_WIDE = 880
_COLUMNS = (
    Column("Mã hồ sơ", "H56.99.88-261116-0001"),
    Column("Chủ hồ sơ", "Nguyễn Thị Ánh Tuyết", stretch=2),
    Column("Điện thoại", "0912 345 678"),
    Column("Hạn trước", "24/11/2026 16:30"),
    Column("Hạn mới", "24/11/2026 16:30"),
    Column("Vì sao", "5 ngày làm việc · trừ Thứ Bảy", stretch=5),
)
_PHONE, _WHY = 2, 5


@dataclass(frozen=True, slots=True)
class Saved:
    """Rows that were changed (None: only dates were computed anew), and dossiers that follow."""

    changed: Changed | None
    done: Recomputed


def save(
    office: Office,
    before: CalendarRows,
    after: CalendarRows,
    effect: Sequence[DueChange],
    words: str,
    watch: Watch,
) -> Saved:
    """On a worker: the rows first, then the dates. Cut off between, the dates are computed again later."""
    changes = changes_of(before, after, office.now.date())
    changed = change_rows(office, changes, words) if changes else None
    batch = changed.id if changed else ""
    return Saved(changed, recompute(office, effect, words, watch, batch))


def undo(office: Office, saved: Saved, watch: Watch) -> Recomputed:
    """On a worker: rows and dates as they were."""
    if saved.changed is not None:
        undo_change(office, saved.changed.id)
    return undo_recompute(office, saved.done.batch, watch)


def watching(progress: Progress) -> Watch:
    """The office's progress told to the window; stops once the person has cancelled."""

    def watch(done: int, total: int, words: str) -> None:
        progress.check()
        progress.report(done, total, words)

    return watch


class EffectRoom(QWidget):
    """`saved(Saved)` when rows and dates are written; `closed` when the person goes back;
    `stopped` when saving was cut off after its rows had been written."""

    saved = Signal(object)
    closed = Signal()
    stopped = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("calendar_effect")
        self._frame = frame
        self.effect: tuple[DueChange, ...] = ()
        self._job: Callable[[Watch], Saved] | None = None
        self._running: Running | None = None
        self._make_parts()
        self._lay_out()

    @property
    def is_busy(self) -> bool:
        return self._running is not None

    def look_at(self, after: CalendarRows, before: CalendarRows, words: str) -> None:
        """Computes what would change; the person then saves or goes back."""
        office, calendar = self._frame.office, after.calendar
        self._begin("Đang xem hồ sơ nào đổi hạn trả…", ())

        def show(effect: list[DueChange]) -> None:
            self._end()
            self.effect = tuple(effect)
            self._job = partial(save, office, before, after, self.effect, words)
            self._show_effect(before != after)

        self._run(lambda p: preview_recompute(office, calendar, watching(p)), show, self.closed.emit)

    @Slot()
    def write(self) -> None:
        """Ctrl+Enter: saves what is shown."""
        job = self._job
        if job is None or self.is_busy:
            return
        self._job = None
        self._begin("Đang lưu và tính lại hạn trả…", self.effect)
        self._run(lambda p: job(watching(p)), self._written, self.stopped.emit)

    @Slot()
    def give_up(self) -> None:
        """Esc: stops what runs, or goes back."""
        if self._running is not None:
            self._running.cancel()
            self.stop.setEnabled(False)
        else:
            self.closed.emit()

    def take_back(self, saved: Saved, then: Callable[[], None]) -> None:
        """Undo, with the same progress."""
        office = self._frame.office
        self._begin("Đang hoàn tác…", saved.done.changes)

        def undone(found: Recomputed) -> None:
            self._end()
            left = f" {len(found.skipped)} hồ sơ đã có hạn khác nên giữ nguyên." if found.skipped else ""
            self._frame.toast(f"Đã hoàn tác lịch và hạn trả của {counted(len(found.changes))} hồ sơ.{left}")
            then()

        self._run(lambda p: undo(office, saved, watching(p)), undone, then)

    def choose_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # each class of Qt costs its part of a millisecond

        chosen, _ = QFileDialog.getSaveFileName(self, "Xuất danh sách cần báo", "can-bao-han-tra.csv")
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        from ui.pages.told_export import write_told

        self._frame.tasks.run(
            self,
            partial(write_told, self.effect, path),
            lambda count: self._frame.toast(f"Đã xuất {counted(count)} dòng ra {path.name}"),
            self._frame.show_error,
            where="files",
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(_WIDE)
        self.table.setColumnHidden(_PHONE, not is_wide and self._job is not None)
        self.table.setColumnHidden(_WHY, not is_wide and self._job is None)
        self.table.fit()

    # ---- inside -----------------------------------------------------------------------

    def _run(
        self, work: Callable[[Progress], object], done: Callable[..., None], cancelled: Callable[[], object]
    ) -> None:
        def ended() -> None:
            self._end()
            cancelled()

        def failed(error: object) -> None:
            self._end()
            self._frame.show_error(error)  # type: ignore[arg-type]  # tasks give an OfficeError here
            self.closed.emit()

        self._running = self._frame.tasks.run_long(
            self, work, done, failed, on_progress=self._report, on_cancelled=ended
        )

    def _begin(self, words: str, effect: Sequence[DueChange]) -> None:
        self.title.setText(words)
        self.about.setText("")
        self._show_rows(effect)
        self._stack.setCurrentWidget(self.table)
        self.bar.setRange(0, 0)
        for part in (self.bar, self.stop):
            part.show()
        self.stop.setEnabled(True)
        for part in (self.main, self.back, self.export):
            part.hide()
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        self._running = None
        for part in (self.bar, self.stop):
            part.hide()
        self.back.show()

    @Slot(object)
    def _report(self, report: Report) -> None:
        self.bar.setRange(0, max(1, report.total))
        self.bar.setValue(report.done)
        self.about.setText(f"{report.words}: {counted(report.done)} / {counted(report.total)} hồ sơ")

    def _show_effect(self, is_changed: bool) -> None:
        count = len(self.effect)
        self.title.setText(f"{counted(count)} hồ sơ đổi hạn trả" if count else "Không hồ sơ nào đổi hạn trả")
        what = "Lịch và hạn trả" if is_changed else "Hạn trả"
        self.about.setText(
            f"{what} chỉ đổi khi bạn lưu. Mỗi hồ sơ có một bút ký ghi hạn cũ, hạn mới và lý do."
            if count
            else "Các hồ sơ đang giải quyết giữ nguyên hạn đã hẹn."
        )
        self._show_rows(self.effect)
        self._stack.setCurrentWidget(self.table if count else self._empty)
        self.main.setVisible(bool(count) or is_changed)
        self._name_back("Quay lại")
        (self.main if self.main.isVisibleTo(self) else self.back).setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def _written(self, saved: Saved) -> None:
        self._end()
        self.effect = saved.done.changes
        count = len(self.effect)
        self.title.setText(
            f"Cần báo hạn trả mới cho {counted(count)} người" if count else "Đã lưu lịch làm việc"
        )
        skipped = saved.done.skipped
        left = f" Giữ nguyên {len(skipped)} hồ sơ vừa đổi: {', '.join(skipped[:3])}." if skipped else ""
        self.about.setText(
            f"Lịch và hạn trả đã lưu. Gọi điện hoặc nhắn tin cho người nộp theo danh sách.{left}"
        )
        self._show_rows(self.effect)
        self._stack.setCurrentWidget(self.table if count else self._empty)
        self.export.setVisible(bool(count))
        self._name_back("Xong")
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()
        self.saved.emit(saved)

    def _show_rows(self, effect: Sequence[DueChange]) -> None:
        self._model.show_rows([_row(each) for each in effect])
        if effect:
            self.table.select_first()

    @Slot(str)
    def _show_why(self, dossier: str) -> None:
        """The whole explanation of the row that is chosen: the column has not the room."""
        found = next((each for each in self.effect if each.dossier_id == dossier), None)
        self.why.setText(f"{found.code}: {found.why}" if found else "")
        self.why.setVisible(found is not None)

    def _name_back(self, words: str) -> None:
        self.back.setText(f"  {words}  (Esc)")
        self.back.setAccessibleName(words)

    def _fit(self) -> None:
        self.resizeEvent(QResizeEvent(self.size(), self.size()))

    def _make_parts(self) -> None:
        self.title = label("", "title", is_wrapped=True)
        self.about = label("", "dim", is_wrapped=True)
        self.why = label("", is_wrapped=True)
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("effect_table", "Hồ sơ đổi hạn trả", self._model)
        self.table.opened.connect(lambda dossier: self._frame.go("dossier", dossier))
        self.table.current_changed.connect(self._show_why)
        self._empty = EmptyState("calendar-check", "Không có hồ sơ nào đổi hạn trả")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Tiến độ")
        self.main = primary("Lưu và tính lại", "Ctrl+Enter", "save")
        self.main.clicked.connect(self.write)
        self.stop = plain("&Dừng", "Esc")
        self.stop.clicked.connect(self.give_up)
        self.back = plain("Quay lại", "Esc", "arrow-left")
        self.back.clicked.connect(self.give_up)
        self.export = plain("&Xuất danh sách ra Excel (CSV)…", icon="download")
        self.export.clicked.connect(self.choose_file)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addWidget(self.main)
        foot.addWidget(self.export)
        foot.addWidget(self.bar, 1)
        foot.addWidget(self.stop)
        foot.addWidget(self.back)
        foot.addStretch(1)
        for part in (self.main, self.export, self.bar, self.stop):
            part.hide()  # together they are wider than a small window
        card = Card(margin=12)
        card.body.addWidget(self.about)
        card.body.addWidget(self.why)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.title)
        column.addWidget(self._stack, 1)
        column.addWidget(card)


def _row(each: DueChange) -> Row:
    before, after = (show_at(at) if at else "" for at in (each.due_before, each.due_after))
    return Row(each.dossier_id, (each.code, each.owner, each.phone, before, after, each.why))
