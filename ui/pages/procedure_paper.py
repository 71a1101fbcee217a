"""The receipt (mẫu 01) that a procedure's rules would give now, drawn as it would be printed."""

from PySide6.QtCore import Signal

from onestop.domain.procedure import Procedure
from onestop.errors import InputError, OfficeError
from onestop.office.procedure_edit import preview_receipt
from onestop.printing import page_count
from ui.pages.page import Frame
from ui.paper_kinds import RECEIPT
from ui.paper_preview import PaperPreview
from ui.print_work import Made, Wanted
from ui.widgets import Card, ComboField, error_words

_CHANNELS = (("", "Nộp trực tiếp"), ("online", "Nộp trực tuyến"))


class ReceiptCard(Card):
    """`asked` when another channel shall be shown."""

    asked = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(margin=10)
        self._frame = frame
        self.channel = ComboField("channel", "Xem giấy tiếp nhận khi", _CHANNELS)
        self.preview = PaperPreview(frame.tasks)
        self.body.addWidget(self.channel)
        self.body.addWidget(self.preview, 1)
        self.channel.changed.connect(self.asked)

    def show_rules(self, wanted: Procedure, case: str) -> None:
        """Until a receipt can be made: why not."""
        office, is_online = self._frame.office, bool(self.channel.key())

        def make() -> Made:
            pdf = preview_receipt(office, wanted, case, is_online)
            return Made(Wanted(RECEIPT, "", None, "A5", 1), pdf, page_count(pdf), "", None)

        self._frame.tasks.run(self, make, self._show, self.show_fault, busy=False)

    def show_fault(self, error: OfficeError) -> None:
        words = error_words(error) if isinstance(error, InputError) else error.title
        self.preview.show_paper(None)
        self.preview.set_caption(f"Chưa lập được giấy: {words}")

    def _show(self, made: Made) -> None:
        self.preview.set_caption("Giấy tiếp nhận theo nội dung đang nhập; người nộp là giả định.")
        self.preview.show_paper(made)
