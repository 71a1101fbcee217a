"""How a template looks: drawn anew after each change, with sample facts or those of a real dossier."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.template import SIZE_WORDS, SIZES, Template
from onestop.errors import OfficeError
from onestop.office.template_saving import LONGEST, look_of
from onestop.printing import PageImage, page_images
from ui import look
from ui.pages.page import Frame
from ui.widgets import ComboField, PageView, label

_PAUSE_MS = 200
_DPI, _ROLL_DPI, _MOST_PAGES = 110, 203, 6
_DOSSIERS = 15
_SAMPLES: Final = (("", "Dữ liệu mẫu"), (LONGEST, "Tên dài nhất, 40 dòng"))


class TemplatePreview(QWidget):
    """`drawn` when what was asked for last stands there."""

    drawn = Signal()

    def __init__(self, frame: Frame, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "clear")
        self._frame = frame
        self._template: Template | None = None
        self._asked = 0
        self.sheet = ComboField(f"{name}_size", "&Khổ giấy", ())
        self.whose = ComboField(f"{name}_data", "Xem &với", _SAMPLES)
        self.caption = label("", "small", is_wrapped=True)
        self.pages = PageView(f"{name}_pages")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.draw)
        for field in (self.sheet, self.whose):
            field.editor.setMinimumContentsLength(8)
            field.changed.connect(self.draw)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(self.sheet, 2)
        row.addWidget(self.whose, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        column.addLayout(row)
        column.addWidget(self.caption)
        column.addWidget(self.pages, 1)

    def read_dossiers(self) -> None:
        """The newest ones of this desk, to be looked at with."""
        worklist = self._frame.worklist
        self._frame.tasks.run(
            self,
            lambda: worklist.search("", None, _DOSSIERS),
            lambda found: self.whose.set_choices(
                (*_SAMPLES, *((each.row.id, f"{each.row.code} {each.row.owner_name}") for each in found))
            ),
            self._frame.show_error,
            busy=False,
        )

    def show_template(self, template: Template | None, is_same: bool = False) -> None:
        """Drawn after a short pause: keys are held down. `is_same`: after a change, on the sheet chosen."""
        self._template = template
        sizes = template.sizes if template else ()
        self.sheet.set_choices([(size, SIZE_WORDS[size]) for size in SIZES if size in sizes])
        if sizes and not is_same:
            self.sheet.set_key(sizes[0])
        self._pause.start()

    def draw(self) -> None:
        self._pause.stop()
        template, size, whose = self._template, self.sheet.key(), self.whose.key()
        self._asked += 1
        if template is None or not size:
            self.pages.set_pages([])
            self.caption.setText("")
            return
        office, number = self._frame.office, self._asked
        where = "files" if whose in {"", LONGEST} else "store"
        make: Callable[[], Sequence[PageImage]] = partial(
            _pictures, lambda: look_of(office, template, size, whose), _ROLL_DPI if size == "K80" else _DPI
        )
        done, failed = partial(self._show, number), partial(self._tell, number)
        if where == "files":
            self._frame.tasks.run(self, make, done, failed, where="files", busy=False)
        else:  # a dossier is read from the store
            self._frame.tasks.run(self, make, done, failed, busy=False)

    def _show(self, number: int, pages: Sequence[PageImage]) -> None:
        """Something newer may have been asked for meanwhile."""
        if number == self._asked:
            self.pages.swap_pages(pages)
            more = "; chỉ hiện các trang đầu" if len(pages) == _MOST_PAGES else ""
            self._say(f"{len(pages)} trang{more}. Chữ in đúng như trên giấy.", "small")

    def _tell(self, number: int, error: OfficeError) -> None:
        if number == self._asked:
            self.pages.set_pages([])
            self._say(f"{error.title}. {error.message}", "warning")

    def _say(self, words: str, kind: str) -> None:
        self.caption.setText(words)
        look.dress(self.caption, kind)
        self.drawn.emit()


def _pictures(make: Callable[[], bytes], dpi: float) -> Sequence[PageImage]:
    return page_images(make(), dpi, 0, _MOST_PAGES - 1)
