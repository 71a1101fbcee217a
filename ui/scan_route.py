"""Where a scan goes: to the page in front, to the dossier whose code it is, to a new intake, or, if it
is a transfer slip, to taking that folder in. A printed paper of ours is checked before its dossier opens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot
from shiboken6 import isValid

from onestop.office.work import WorkRow
from ui.pages.page import Frame, Page
from ui.places import places_of

if TYPE_CHECKING:  # serial ports and keys are listened to once the store is open
    from onestop.office.deeds import Done
    from onestop.office.proving import PaperCheck
    from onestop.office.transfer import SlipPreview
    from ui.paper_window import PaperWindow
    from ui.scanners import Scanners
    from ui.slip_window import SlipWindow


class Front(Frame, Protocol):
    """The frame, and the page in front of it; None while it is locked."""

    def front(self) -> Page | None: ...


class ScanRoute(QObject):
    """One for the window. A page that has `take_card(text)` takes what is scanned while it is in front;
    one that has `take_paper(check)` takes papers that turned out to be of a dossier here."""

    def __init__(self, parent: QObject, frame: Front) -> None:
        super().__init__(parent)
        self._frame = frame
        self._scanners: Scanners | None = None
        self._slip: SlipWindow | None = None
        self._paper: PaperWindow | None = None

    def start(self) -> None:
        """Listens with the settings as they are now; called again when they change."""
        from ui.scanners import Scanners

        if self._scanners is None:
            self._scanners = Scanners(self, self._frame.tasks)
            self._scanners.scanned.connect(self.take)
            self._scanners.failed.connect(self._frame.show_error)
        settings = self._frame.settings
        self._scanners.start(settings.text("scan.port"), settings.text("scan.prefix"))

    def stop(self) -> None:
        if self._scanners is not None:
            self._scanners.stop()

    @Slot(str)
    def take(self, text: str) -> None:
        from onestop.domain.proof import is_proof_text
        from onestop.domain.slip import is_slip_text

        page = self._frame.front()
        if page is None:
            return
        if is_slip_text(text):
            self._read_slip(text)
            return
        if is_proof_text(text):
            self._check_paper(text)
            return
        take_card = getattr(page, "take_card", None)
        if take_card:
            take_card(text)
        elif "|" in text:
            self._take_in(text)
        else:
            self._open(text)

    def take_paper_codes(self, codes: Sequence[str]) -> None:
        """What was found on the picture of a paper: the code that says most is taken."""
        from onestop.domain.code import is_code
        from onestop.domain.proof import is_proof_text
        from onestop.domain.slip import is_slip_text

        proof = next(filter(is_proof_text, codes), "")
        slip = next(filter(is_slip_text, codes), "")
        code = next(filter(is_code, codes), "")
        if proof:
            self._check_paper(proof, slip)
        elif slip:
            self.take(slip)
        elif code:
            self._open(code)
        else:
            self._frame.toast("Mã trên bản quét không phải của hồ sơ nào")

    def focus(self) -> None:
        """F7: the scan box of the page in front; a page without one gives way to the intake."""
        page = self._frame.front()
        focus_scan = getattr(page, "focus_scan", None)
        if page is not None and focus_scan is None and self._has_intake():
            self._frame.go("receive")
            focus_scan = getattr(self._frame.front(), "focus_scan", None)
        if focus_scan:
            focus_scan()

    def _take_in(self, text: str) -> None:
        if not self._has_intake():
            self._frame.toast("Thẻ căn cước được quét ở trang Tiếp nhận hoặc Trả kết quả")
            return
        self._frame.go("receive")
        take_card = getattr(self._frame.front(), "take_card", None)
        if take_card:
            take_card(text)

    def _read_slip(self, text: str) -> None:
        """Whatever page is in front: a slip is of use nowhere else."""
        from onestop.domain.slip import slip_bytes
        from onestop.office.transfer import preview_slip

        if not self._has_intake():
            self._frame.toast("Phiếu chuyển liên thông do cán bộ tiếp nhận quét")
            return
        office = self._frame.office
        self._frame.tasks.run(
            self,
            lambda: preview_slip(office, slip_bytes(text)),
            lambda told: self._show_slip(told, slip_bytes(text)),
            self._frame.show_error,
        )

    def _show_slip(self, told: "SlipPreview", data: bytes) -> None:
        from onestop.domain.state import State
        from ui.acts import Scene
        from ui.slip_window import SlipWindow

        page = self._frame.front()
        if page is None:
            return
        if told.dossier.state is not State.IN_TRANSIT:
            self._frame.toast(f"Hồ sơ {told.dossier.code} đã được tiếp nhận")
            self._frame.go("dossier", told.dossier.id)
            return
        if self._slip is None:
            self._slip = SlipWindow(page.window())
            self._slip.taken.connect(self._took_in)
        self._slip.show_slip(Scene(self._frame.office, told.dossier, self._frame.tasks), told, data)

    def _took_in(self, done: "Done") -> None:
        self._frame.tell_done(done)
        self._frame.go("dossier", done.dossier.id)

    def _check_paper(self, text: str, slip: str = "") -> None:
        """`slip`: the transfer slip on the same sheet, taken where the dossier is not one of ours."""
        from onestop.office.proving import check_at

        office, worklist = self._frame.office, self._frame.worklist

        def check() -> "tuple[PaperCheck, WorkRow | None]":
            told = check_at(office, text)
            return told, worklist.find(told.dossier_id) if told.dossier_id else None

        self._frame.tasks.run(self, check, lambda told: self._show_paper(*told, slip), self._frame.show_error)

    def _show_paper(self, check: "PaperCheck", work: WorkRow | None, slip: str) -> None:
        """A genuine paper leads straight to its dossier; of any other the officer is told first."""
        page = self._frame.front()
        if page is None:
            return
        take_paper = getattr(page, "take_paper", None)
        if slip and work is None:
            self._read_slip(slip)
        elif take_paper and work is not None:
            take_paper(check)
        elif check.is_good and work is not None:
            self._frame.toast(check.short())
            self._frame.go("dossier", work.row.id)
        else:
            self._warn(page, check, work)

    def _warn(self, page: Page, check: "PaperCheck", work: WorkRow | None) -> None:
        from ui.paper_window import PaperWindow

        if self._paper is not None and isValid(self._paper):
            self._paper.close()
        window = self._paper = PaperWindow(page.window(), check, work)
        window.finished.connect(lambda: self._leave_paper(window, work))
        window.open()

    def _leave_paper(self, window: "PaperWindow", work: WorkRow | None) -> None:
        if window.answer() and work is not None:
            self._frame.go("dossier", work.row.id)

    def _has_intake(self) -> bool:
        return "receive" in places_of(self._frame.worklist.roles())

    def _open(self, text: str) -> None:
        from onestop.domain.code import parse_code

        worklist, code = self._frame.worklist, str(parse_code(text))
        self._frame.tasks.run(
            self,
            lambda: next((work for work in worklist.search(code, limit=8) if work.row.code == code), None),
            lambda work: self._found(code, work),
        )

    def _found(self, code: str, work: WorkRow | None) -> None:
        if work is None:
            self._frame.toast(f"Không có hồ sơ {code} tại máy này")
        else:
            self._frame.go("dossier", work.row.id)
