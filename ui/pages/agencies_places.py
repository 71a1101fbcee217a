"""Địa danh: provinces and communes in force, found without accents. Looked at here, never changed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onestop.domain.place import Place
from onestop.office.places import look_up, province_of, read_places
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import RowForm
from ui.widgets import Column, LineField, QueueTable, Row, RowModel, label

_COLUMNS = (
    Column("Tên", "Văn Miếu - Quốc Tử Giám", stretch=2),
    Column("Cấp", "thành phố"),
    Column("Thuộc", "thành phố Hồ Chí Minh", stretch=2),
    Column("Mã", "00000"),
)
_MOST, _TYPING_MS = 200, 120


class PlacesRoom(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.line = LineField("place_query", "&Tìm tỉnh, thành phố, xã, phường, đặc khu (không cần dấu)")
        self._count = label("", "dim")
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("places_table", "Địa danh tìm thấy", self._model)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self.line.changed.connect(self._typing.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        for part in (self.line, self._count):
            column.addWidget(part)
        column.addWidget(self.table, 1)

    def enter(self) -> None:
        self.read()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> None:
        query, near = self.line.text(), province_of(self._frame.office.catalogue.agency.code)

        def find() -> Sequence[Place]:
            if query:
                return look_up(query, _MOST, near)
            return [place for place in read_places() if place.province is None]

        self._frame.tasks.run(self, find, self._show, self._frame.show_error, where="files", busy=False)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.table)

    def forms(self) -> tuple[RowForm, ...]:
        return ()

    def _show(self, places: Sequence[Place]) -> None:
        more = "; gõ thêm để thu hẹp" if len(places) == _MOST else ""
        self._count.setText(
            f"{len(places)} địa danh{more} · danh mục từ 01/07/2025: 34 cấp tỉnh, 3.321 cấp xã"
        )
        self._model.show_rows([_row(place) for place in places])


def _row(place: Place) -> Row:
    above = place.province.words if place.province else "—"
    return Row(place.code, (place.name, place.kind, above, place.code), is_strong=place.province is None)
