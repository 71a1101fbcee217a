"""Joining a hub: the two fields, the page of the first start, and what runs behind it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.errors import InputError
from ui import look
from ui.pages.first_start import LEAST_PASSPHRASE, PassphraseField
from ui.widgets.basic import Card, label, plain, primary
from ui.widgets.field import LineField, error_words
from ui.widgets.panels import ErrorSummary

if TYPE_CHECKING:
    from onestop.office.office import Office

_HOW = (
    "Xin quản trị máy chủ địa chỉ và mã ghép (dùng một lần, hết hạn sau ít phút). "
    "Danh mục thủ tục, cán bộ và hồ sơ của cơ quan được tải về máy này."
)


@dataclass(frozen=True, slots=True)
class JoinWish:
    """As typed, without outer blanks; an address without a scheme is one of HTTPS."""

    address: str
    code: str
    passphrase: str = ""


class JoinFields(QWidget):
    """Address and one-time code. `wish()` raises nothing; `errors()` says what is missing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.address = LineField(
            "address", "Đị&a chỉ máy chủ", "Ví dụ https://mot-cua.tinh.gov.vn hoặc https://192.168.1.10:7460"
        )
        self.code = LineField("code", "&Mã ghép", "Chép đúng từng ký tự, kể cả phần sau dấu chấm")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.address)
        column.addWidget(self.code)

    def wish(self, passphrase: str = "") -> JoinWish:
        address = self.address.text()
        if address and "://" not in address:
            address = f"https://{address}"
        return JoinWish(address.rstrip("/"), self.code.text(), passphrase)

    def errors(self) -> list[InputError]:
        errors = []
        if not self.address.text():
            errors.append(InputError("Chưa nhập địa chỉ máy chủ", "Quản trị máy chủ cho địa chỉ.", "address"))
        if not self.code.text():
            errors.append(InputError("Chưa nhập mã ghép", "Quản trị máy chủ cấp mã cho từng quầy.", "code"))
        return errors

    def mark(self, errors: list[InputError]) -> list[tuple[str, QWidget | None]]:
        """Each error at its field; gives (words, where to jump)."""
        for field in (self.address, self.code):
            field.set_error("")
        links: list[tuple[str, QWidget | None]] = []
        for error in errors:
            place = {"address": self.address, "code": self.code}.get(error.field or "")
            if place is not None:
                place.set_error(error_words(error))
            links.append((error_words(error), place))
        return links


class JoinPage(QWidget):
    """The second way to begin. `joined(JoinWish)` when every field is good; `back_wanted`."""

    joined = Signal(object)
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("join_page")
        self.setProperty("look", "page")
        self.summary = ErrorSummary("join_errors")
        self.fields = JoinFields()
        hint = f"Ít nhất {LEAST_PASSPHRASE} ký tự. Quên là không mở được."
        self.passphrase = PassphraseField("passphrase", "Mật &khẩu mở kho (nếu có)", hint)
        self.again = PassphraseField("again", "Nhập &lại mật khẩu")
        self.button = primary("Nối và tải về", "Ctrl+Enter")
        self.button.clicked.connect(self.send)
        self.back = plain("&Quay lại", "Esc")
        self.back.clicked.connect(self.back_wanted)
        self._lay_out()
        for keys, slot in (
            ("Ctrl+Return", self.send),
            ("F8", self.summary.next_error),
            ("Shift+F8", self.summary.previous_error),
            ("Esc", self.back.click),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def start(self) -> None:
        self.fields.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        errors = [*self.fields.errors(), *self._passphrase_errors()]
        self.show_errors(errors)
        if not errors:
            self.joined.emit(self.fields.wish(self.passphrase.text()))

    def show_errors(self, errors: list[InputError]) -> None:
        """By field and in the summary; errors of no field stand in the summary alone."""
        links = self.fields.mark(errors)
        for field in (self.passphrase, self.again):
            error = next((each for each in errors if each.field == field.name()), None)
            field.set_error(error_words(error) if error else "")
        self.summary.show_errors(links, "trước khi nối")
        self.fields.mark(errors)  # a field that is left forgets its error

    def set_busy(self, is_busy: bool) -> None:
        self.setEnabled(not is_busy)

    def _passphrase_errors(self) -> list[InputError]:
        typed = self.passphrase.text()
        if typed and len(typed) < LEAST_PASSPHRASE:
            what = f"Mật khẩu cần ít nhất {LEAST_PASSPHRASE} ký tự, hiện có {len(typed)}"
            return [InputError(what, "Ghép vài từ cho dễ nhớ.", "passphrase")]
        if typed != self.again.text():
            return [InputError("Hai lần nhập mật khẩu khác nhau", "Hãy nhập lại cả hai ô.", "again")]
        return []

    def _lay_out(self) -> None:
        hub, lock = Card("Máy chủ của cơ quan"), Card("Khoá kho dữ liệu trên máy này")
        hub.body.addWidget(label(_HOW, "dim", is_wrapped=True))
        hub.body.addWidget(self.fields)
        row = QHBoxLayout()
        row.setSpacing(look.px(16))
        row.addWidget(self.passphrase, 1)
        row.addWidget(self.again, 1)
        lock.body.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addWidget(self.button)
        foot.addWidget(self.back)
        foot.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(look.px(12))
        middle.addWidget(label("Nối vào máy chủ của cơ quan", "title"))
        for part in (self.summary, hub, lock):
            middle.addWidget(part)
        middle.addLayout(foot)
        middle.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(look.px(24), look.px(20), look.px(24), look.px(20))
        outer.addStretch(1)
        outer.addLayout(middle, 6)
        outer.addStretch(1)
        stops = (self.fields.address, self.fields.code, self.passphrase, self.again)
        before: QWidget = stops[0].editor
        for each in (*(field.editor for field in stops[1:]), self.button, self.back):
            QWidget.setTabOrder(before, each)
            before = each


def join_again(office: "Office", wish: JoinWish) -> "Office":
    """On a worker: a desk that worked alone joins with all it has. Raises OfficeError."""
    from onestop.sync.joined import join_desk

    return join_desk(office, wish.address, wish.code)


def read_addresses(office: "Office") -> tuple[str, ...]:
    """On a worker: the hubs of this desk in the order they are called; empty for a desk alone."""
    from onestop.sync.joined import read_hubs

    return tuple(hub.url for hub in read_hubs(office.store))


def use_relay(office: "Office", address: str, mark: str) -> tuple[str, ...]:
    """On a worker: another relay took over, or none ("") is there any more. Raises OfficeError."""
    from onestop.sync.joined import call_relay_first

    call_relay_first(office.store, address, mark)
    return read_addresses(office)
