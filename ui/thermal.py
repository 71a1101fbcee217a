"""The thermal printer of this desk: in lists of printers, and tried out from the settings page."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.errors import OfficeError, PrintError
from onestop.printing.thermal import Thermal, thermal_of
from onestop.settings import Settings
from ui import look
from ui.pages.page import Frame, ready_office
from ui.print_strip import PrintStrip
from ui.printer import FindPrinters, Job, Printer, find_printers, load_print_support, print_job
from ui.tasks import Progress, Report, Running
from ui.widgets.basic import plain
from ui.widgets.field import ComboField, Field, LineField

_WAY = "print.thermal_way"
_TITLE = "Phiếu in thử"


def thermal_printers(settings: Settings) -> tuple[Printer, ...]:
    """The thermal printer that is set at this desk, for lists of printers; none where none is set."""
    thermal = thermal_of(settings)
    return (Printer(thermal.name, thermal=thermal),) if thermal else ()


def print_trial(printer: Printer, office_name: str, now: datetime, progress: Progress) -> int:
    """One slip that shows what can go wrong. Raises PrintError, Cancelled."""
    from onestop.printing.trial_slip import trial_slip_pdf  # draws, so it is loaded when it is wanted

    return print_job(Job(_TITLE, trial_slip_pdf(office_name, printer.name, now), printer), progress)


class ThermalTrial(QWidget):
    """Below the fields of the thermal printer: shows those of the way chosen, and tries it out."""

    def __init__(
        self, frame: Frame, editors: Mapping[str, QWidget], find: FindPrinters = find_printers
    ) -> None:
        """`editors` of the settings page by key, those of `print.thermal_…` among them."""
        super().__init__()
        self.setProperty("look", "clear")
        self._frame, self._editors, self.find_queues = frame, editors, find
        self._running: Running | None = None
        self.button = plain("&In thử", icon="printer")
        self.button.clicked.connect(self.try_out)
        self.strip = PrintStrip()
        self.strip.cancelled.connect(self.cancel)
        way = editors[_WAY]
        assert isinstance(way, ComboField)
        self._way, self._is_sought = way, False
        way.changed.connect(self.show_fields)
        address = editors["print.thermal_network"]
        assert isinstance(address, Field)
        self._check_plain, address.check = address.check, self._check_address
        self._lay_out()

    def show_fields(self) -> None:
        """Only what belongs to the way chosen."""
        way = self._way.key()
        for other in ("network", "queue", "file"):
            self._editors[f"print.thermal_{other}"].setVisible(way == other)
        for each in ("print.thermal_feed_mm", "print.thermal_cut"):
            self._editors[each].setVisible(way != "none")
        self.button.setVisible(way != "none")
        self.strip.clear()
        if way == "queue" and not self._is_sought:
            self._seek_queues()

    def try_out(self) -> None:
        """Prints a slip to the printer as it is set now; what is still being typed is kept first."""
        self.button.setFocus()
        printers, office = thermal_printers(self._frame.settings), ready_office(self._frame)
        if not printers:
            self.strip.show_error("Điền nơi nối máy in nhiệt ở trên, rồi in thử.")
        elif office is None:
            self.strip.show_error("Dữ liệu đang được mở. Chờ một chút rồi in thử.")
        elif self._running is None:
            name = office.catalogue.agency.office_name
            self._send(printers[0], name, office.now)

    def cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _check_address(self, text: str) -> str:
        from onestop.printing.thermal_network import address_of

        try:
            address_of(text or "none")
        except PrintError as error:
            return f"{error.title}. {error.message}"
        return self._check_plain(text) if self._check_plain else ""

    def _seek_queues(self) -> None:
        """The names there are, to be chosen from; the field takes any other as well."""
        self._is_sought = True
        load_print_support()
        self._frame.tasks.run(
            self, self.find_queues, self._suggest, lambda _: self._suggest(()), where="files", busy=False
        )

    def _suggest(self, printers: tuple[Printer, ...]) -> None:
        queue = self._editors["print.thermal_queue"]
        if isinstance(queue, LineField):
            queue.set_suggestions([each.name for each in printers])

    def _send(self, printer: Printer, office_name: str, now: datetime) -> None:
        self.strip.show_progress("Đang in thử…", 0, 0)
        self._running = self._frame.tasks.run_long(
            self,
            partial(print_trial, printer, office_name, now),
            partial(self._show_done, printer),
            self._show_error,
            on_progress=self._show_progress,
            on_cancelled=self._show_cancelled,
            where="files",
        )

    def _show_progress(self, report: Report) -> None:
        self.strip.show_progress(f"Đang in thử: {report.words}", 0, 0)

    def _show_done(self, printer: Printer, count: int) -> None:
        self._running = None
        self.strip.show_words(f"Đã gửi phiếu in thử tới {printer.name}. {_told(printer)}", "circle-check")

    def _show_error(self, error: OfficeError) -> None:
        self._running = None
        self.strip.show_error(f"{error.title}. {error.message}")

    def _show_cancelled(self) -> None:
        self._running = None
        self.strip.show_words("Đã huỷ in thử.", "info")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(row)
        column.addWidget(self.strip)


def _told(printer: Printer) -> str:
    """What to look at on the slip, or where it lies."""
    thermal = printer.thermal
    if isinstance(thermal, Thermal) and thermal.way == "file":
        return f"Luồng lệnh nằm ở {thermal.where}."
    return "Vạch trên và vạch dưới phải đủ hai đầu, chữ và mã phải rõ."
