"""Cơ quan: what stands on top of every paper of this agency."""

from dataclasses import asdict, fields

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.agency_code import both_forms
from onestop.domain.person import show_phone
from onestop.errors import InputError
from onestop.office.agencies import change_letterhead
from onestop.office.office import Agency
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import Job, RowForm
from ui.widgets import Card, LineField, label, primary

_LINES = (
    (
        ("superior_body", "Cơ quan cấp t&rên (dòng trên)", ""),
        ("issuing_body", "Cơ quan &ban hành (dòng dưới)", ""),
    ),
    (("name", "Tê&n cơ quan", ""), ("office_name", "Tên bộ &phận một cửa", "")),
    (("place", "Đị&a danh trên giấy", "Ví dụ: Tân Hòa"), ("phone", "Số điện th&oại", "")),
    (
        ("address", "Địa &chỉ", ""),
        ("lookup_address", "Địa chỉ &tra cứu kết quả", "In dưới chân giấy tiếp nhận"),
    ),
)
_WIDEST = 860


class OwnRoom(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.code = label("", "strong", is_wrapped=True)
        self.form = AgencyForm(frame)
        card = Card("Thông tin in trên giấy", margin=16)
        card.setMaximumWidth(look.px(_WIDEST))
        card.body.addWidget(self.code)
        card.body.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(card, 10)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def enter(self) -> None:
        agency = self._frame.office.catalogue.agency
        self.code.setText(
            f"Mã định danh: {code_words(agency.code)}. Mã mở đầu mọi mã hồ sơ nên không đổi ở đây."
        )
        self.form.fill(agency)
        self.form.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> None:
        """The rows are others now; what is being typed stays."""
        if not self.form.is_typed():
            self.form.fill(self._frame.office.catalogue.agency)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.form,)

    def forms(self) -> tuple[RowForm, ...]:
        return (self.form,)


class AgencyForm(RowForm):
    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "agency_form")
        self._agency: Agency | None = None
        for line in _LINES:
            self.add(*(LineField(name, title, hint) for name, title, hint in line))
        self.add_button(primary("&Lưu thông tin cơ quan", icon="save"))
        self.saved.connect(lambda: self.fill(Agency(**self._texts())))

    def fill(self, agency: Agency) -> None:
        self._agency = agency
        plain = asdict(agency) | {"phone": show_phone(agency.phone) if agency.phone else ""}
        for field in self.fields:
            field.set_text(plain[field.name()])

    def is_typed(self) -> bool:
        agency = self._agency
        if agency is None:
            return False
        shown = asdict(agency) | {"phone": show_phone(agency.phone) if agency.phone else ""}
        return any(field.text() != shown[field.name()] for field in self.fields)

    def job(self) -> Job:
        wanted = Agency(**self._texts())
        return lambda office: change_letterhead(office, wanted)

    def _texts(self) -> dict[str, str]:
        typed = {field.name(): field.text() for field in self.fields}
        return {each.name: typed.get(each.name, "") for each in fields(Agency)}


def code_words(code: str) -> str:
    """`H56.06 (dạng cũ 000.00.06.H56)`; a code of an unknown form as it is."""
    try:
        new, old = both_forms(code)
    except InputError:
        return code
    return f"{new} (dạng cũ {old})"
