"""The card “Máy chủ” of the settings page: joined as whom, which addresses, joining, another relay."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onestop.errors import InputError, InputErrors, OfficeError
from ui import look
from ui.pages.page import Frame, ready_office
from ui.sync_join import JoinFields, join_again, read_addresses, use_relay
from ui.widgets.basic import Card, label, plain, primary
from ui.widgets.field import LineField, error_words
from ui.widgets.panels import ErrorSummary

if TYPE_CHECKING:
    from onestop.office.office import Office

_ALONE = "Máy này làm việc một mình: mọi hồ sơ chỉ có ở đây. Nối máy chủ để làm chung với quầy khác."
_SOON_MS = 400


class ServerCard(Card):
    """Fills itself when `read` is called; tells the frame by its `joined` signal, if it has one."""

    def __init__(self, frame: Frame) -> None:
        super().__init__("Máy chủ")
        self.setObjectName("server_card")
        self._frame = frame
        self._office: Office | None = None
        self.state = label("", is_wrapped=True)
        self.addresses = label("", "dim", is_wrapped=True)
        self.summary = ErrorSummary("server_errors")
        self.fields = JoinFields()
        self.join = primary("Nối máy &chủ")
        self.join.clicked.connect(self.send)
        self.relay = LineField(
            "relay", "Địa chỉ &trạm của cơ quan (nếu có)", "Máy giữ hồ sơ khi mất Internet"
        )
        self.mark = LineField("mark", "&Dấu của trạm", "16 ký tự hiện trên màn hình của trạm")
        self.change = plain("Dùng t&rạm này")
        self.change.clicked.connect(self.send_relay)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.read)

    def read(self) -> None:
        """What holds now; a little later when the store is still being opened."""
        office = ready_office(self._frame)
        if office is None:
            self._soon.start()
            return
        self._frame.tasks.run(
            self,
            lambda: read_addresses(office),
            self._show,
            self._frame.show_error,
            where="files",
            busy=False,
        )

    def send(self) -> None:
        errors = self.fields.errors()
        self.summary.show_errors(self.fields.mark(errors), "trước khi nối")
        self.fields.mark(errors)
        if errors:
            return
        office, wish = self._frame.office, self.fields.wish()
        self._set_busy(True)
        self._frame.tasks.run(self, lambda: join_again(office, wish), self._joined, self._refused)

    def send_relay(self) -> None:
        office, address, mark = self._frame.office, self.relay.text(), self.mark.text()
        if address and "://" not in address:
            address = f"https://{address}"
        self._set_busy(True)
        self._frame.tasks.run(
            self, lambda: use_relay(office, address, mark), self._changed, self._relay_refused
        )

    # --- answers

    def _show(self, urls: tuple[str, ...]) -> None:
        office = self._frame.office
        is_joined = bool(urls)
        who = f"Đã nối với tên “{office.desk.name}” (quầy số {office.desk.index})"
        self.state.setText(f"{who}, {office.catalogue.agency.name}." if is_joined else _ALONE)
        self.addresses.setText("\n".join(_named(urls)))
        self.addresses.setVisible(is_joined)
        for alone in (self.fields, self.join):
            alone.setVisible(not is_joined)
        for other in (self.relay, self.mark, self.change):
            other.setVisible(is_joined)
        self.relay.set_text(urls[0] if len(urls) > 1 else "")

    def _joined(self, office: "Office") -> None:
        self._set_busy(False)
        self._tell(office)
        self._frame.toast("Đã nối máy chủ. Dữ liệu được gửi và nhận ngay trong lúc bạn làm việc.")
        self.read()

    def _changed(self, urls: tuple[str, ...]) -> None:
        self._set_busy(False)
        self._tell(self._frame.office)
        self._frame.toast("Đã đổi đường nối máy chủ.")
        self._show(urls)

    def _tell(self, office: "Office") -> None:
        joined = getattr(self._frame, "joined", None)
        if joined is not None:
            joined.emit(office)

    def _refused(self, error: OfficeError) -> None:
        self._set_busy(False)
        errors = _split(error)
        self.summary.show_errors(self.fields.mark(errors), "trước khi nối")
        self.fields.mark(errors)

    def _relay_refused(self, error: OfficeError) -> None:
        self._set_busy(False)
        where = self.mark if error.field == "code" else self.relay
        where.set_error(error_words(_split(error)[0]))
        where.setFocus()

    def _set_busy(self, is_busy: bool) -> None:
        self.setEnabled(not is_busy)

    def _lay_out(self) -> None:
        relay = QHBoxLayout()
        relay.setSpacing(look.px(12))
        relay.addWidget(self.relay, 3)
        relay.addWidget(self.mark, 2)
        for part in (self.state, self.addresses, self.summary, self.fields):
            self.body.addWidget(part)
        self.body.addLayout(_left(self.join))
        self.body.addLayout(relay)
        self.body.addLayout(_left(self.change))
        for hidden in (self.addresses, self.relay, self.mark, self.change, self.fields, self.join):
            hidden.hide()


def _named(urls: tuple[str, ...]) -> list[str]:
    """The last one is the province's; what stands before it is the office's own relay."""
    return [*(f"Trạm của cơ quan: {url}" for url in urls[:-1]), *(f"Máy chủ: {url}" for url in urls[-1:])]


def _split(error: OfficeError) -> list[InputError]:
    if isinstance(error, InputErrors):
        return list(error.errors)
    return [InputError(error.title, error.message, error.field)]


def _left(button: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch(1)
    return row
