"""The first start of a desk that belongs to a real office: everything on one page."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.person import normalise_name
from onestop.errors import InputError, InputErrors
from ui import look
from ui.widgets.basic import Card, label, plain, primary
from ui.widgets.field import ComboField, Field, LineField, error_words
from ui.widgets.panels import ErrorSummary

if TYPE_CHECKING:  # it brings the engine
    from onestop.office.found import Founding

_DESKS = tuple((str(number), f"Quầy {number:02d}") for number in range(1, 21))
LEAST_PASSPHRASE = 8


class PassphraseField(LineField):
    """Letters are hidden and never changed: what is typed is what opens the store."""

    def __init__(self, name: str, title: str, hint: str = "") -> None:
        super().__init__(name, title, hint)
        self.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.editor.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)

    def text(self) -> str:
        return self.editor.text()

    def set_text(self, text: str) -> None:
        self.editor.setText(text)
        self.set_error("")


class FirstStartPage(QWidget):
    """`founded(Founding, passphrase)` when every field is good; `show_errors` for what the office says."""

    founded = Signal(object, str)
    practice_wanted = Signal()
    join_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("first_start")
        self.setProperty("look", "page")
        self.summary = ErrorSummary("first_start_errors")
        self.fields: dict[str, Field] = {}
        self.passphrase = PassphraseField(
            "passphrase",
            "&Mật khẩu mở kho (nếu có)",
            f"Ít nhất {LEAST_PASSPHRASE} ký tự. Quên là không mở được: không ai lấy lại giúp được.",
        )
        self.again = PassphraseField("again", "Nhập &lại mật khẩu")
        self.button = primary("Thiết lập và bắt đầu", "Ctrl+Enter")
        self.button.clicked.connect(self.send)
        self._practice = plain("Dùng thử văn phòng thực hành")
        self._practice.clicked.connect(self.practice_wanted)
        self.join = plain("&Nối vào máy chủ của cơ quan…", icon="server")
        self.join.clicked.connect(self.join_wanted)
        self._make_fields()
        self._lay_out()
        for keys, slot in (
            ("Ctrl+Return", self.send),
            ("F8", self.summary.next_error),
            ("Shift+F8", self.summary.previous_error),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def start(self) -> None:
        self.fields["agency_code"].setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Everything is checked here first; what stands wrong is shown at once."""
        errors = self._errors()
        self.show_errors(errors)
        if not errors:
            self.founded.emit(self.form(), self.passphrase.text())

    def form(self) -> "Founding":
        """As typed."""
        from onestop.office.found import Founding

        said = {name: field.text() for name, field in self.fields.items() if name != "desk_index"}
        return Founding(desk_index=int(self.fields["desk_index"].text()), **said)

    def show_errors(self, errors: list[InputError]) -> None:
        """By field and in the summary; errors of no field stand in the summary alone."""
        for field in self._all():
            field.set_error("")
        links: list[tuple[str, QWidget | None]] = []
        for error in errors:
            target = next((f for f in self._all() if f.name() == error.field), None)
            if target:
                target.set_error(error_words(error))
            links.append((error_words(error), target))
        self.summary.show_errors(links, "trước khi bắt đầu")

    def set_busy(self, is_busy: bool) -> None:
        self.setEnabled(not is_busy)

    def _all(self) -> tuple[Field, ...]:
        return (*self.fields.values(), self.passphrase, self.again)

    def _errors(self) -> list[InputError]:
        from onestop.office.found import check_founding

        checks: list[Callable[[], object]] = [
            lambda: check_founding(self.form()),
            self._check_officer,
            self._check_passphrase,
        ]
        errors: list[InputError] = []
        for check in checks:
            try:
                check()
            except InputErrors as several:
                errors += several.errors
            except InputError as error:
                errors.append(error)
        return errors

    def _check_officer(self) -> None:
        if name := self.fields["officer_name"].text():
            normalise_name(name, "officer_name")

    def _check_passphrase(self) -> None:
        typed = self.passphrase.text()
        if typed and len(typed) < LEAST_PASSPHRASE:
            what = f"Mật khẩu cần ít nhất {LEAST_PASSPHRASE} ký tự, hiện có {len(typed)}"
            raise InputError(what, "Ghép vài từ cho dễ nhớ.", "passphrase")
        if typed != self.again.text():
            raise InputError("Hai lần nhập mật khẩu khác nhau", "Hãy nhập lại cả hai ô.", "again")

    def _make_fields(self) -> None:
        lines = (
            ("agency_code", "Mã định danh &cơ quan", "Ví dụ H56.99.88: mở đầu mọi mã hồ sơ"),
            ("agency_name", "Tên cơ &quan", "Ví dụ UBND xã Tân Hòa"),
            ("superior_body", "Cơ quan cấp &trên (nếu có)", "Dòng đầu của giấy, ví dụ UBND TỈNH THANH HÓA"),
            ("place", "Địa &danh ghi trên giấy", "Ví dụ Tân Hòa: đứng trước ngày tháng"),
            ("desk_name", "Tên q&uầy", "Ví dụ Quầy 01"),
            ("officer_name", "&Họ tên cán bộ đầu tiên", "Có mọi vai trò; thêm người khác sau"),
        )
        for name, words, hint in lines:
            self.fields[name] = LineField(name, words, hint)
        self.fields["desk_index"] = ComboField(
            "desk_index", "&Số quầy", _DESKS, "Mỗi máy một số: mã hồ sơ không trùng"
        )
        self.fields["desk_name"].set_text("Quầy 01")

    def _lay_out(self) -> None:
        agency, desk, lock = Card("Cơ quan"), Card("Quầy và cán bộ"), Card("Khoá kho dữ liệu")
        agency.body.addLayout(_pairs((self.fields["agency_code"], self.fields["agency_name"])))
        agency.body.addLayout(_pairs((self.fields["superior_body"], self.fields["place"])))
        desk.body.addLayout(
            _pairs((self.fields["desk_index"], self.fields["desk_name"], self.fields["officer_name"]))
        )
        words = (
            "Kho luôn được mã hoá. Đặt mật khẩu thì mỗi lần mở máy phải nhập; để trống thì khoá nằm trên máy."
        )
        lock.body.addWidget(label(words, "dim", is_wrapped=True))
        lock.body.addLayout(_pairs((self.passphrase, self.again)))
        inside = QWidget()
        inside.setProperty("look", "clear")
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, look.px(8), 0)
        cards.setSpacing(look.px(12))
        for part in (self.summary, agency, desk, lock):
            cards.addWidget(part)
        cards.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QVBoxLayout()
        middle.setSpacing(look.px(8))
        middle.addWidget(label("Thiết lập quầy", "title"))
        intro = (
            "Chỉ làm một lần trên máy này. Chạy được không cần máy chủ, không cần mạng; nối sau cũng được."
        )
        middle.addWidget(label(intro, "dim", is_wrapped=True))
        middle.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.setContentsMargins(0, 0, look.px(20), 0)
        foot.addWidget(self.button)
        foot.addStretch(1)
        foot.addWidget(self.join)
        foot.addWidget(self._practice)
        middle.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(24), look.px(20), look.px(24), look.px(20))
        row.addStretch(1)
        row.addLayout(middle, 8)
        row.addStretch(1)
        _tab_in_order(*self._in_order(), self.button, self.join, self._practice)

    def _in_order(self) -> tuple[QWidget, ...]:
        agency = ("agency_code", "agency_name", "superior_body", "place")
        names = (*agency, "desk_index", "desk_name", "officer_name")
        return (*(self.fields[name].editor for name in names), self.passphrase.editor, self.again.editor)


def _pairs(fields: tuple[Field, ...]) -> QGridLayout:
    """Side by side, of one width."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(16))
    for place, field in enumerate(fields):
        grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(place, 1)
    return grid


def _tab_in_order(*widgets: QWidget) -> None:
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)
