"""Pages of paper on the screen: always white, in every theme; and their thumbnails."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QListView, QListWidget, QListWidgetItem

from ui import look

_GAP = 16


class PageImage(Protocol):
    """A page as `onestop.printing` gives it: four bytes a pixel (blue, green, red, 255), no gaps."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def bgrx(self) -> bytes: ...


def to_image(page: PageImage) -> QImage:
    """A QImage of its own memory. Raises ValueError if the bytes do not fit the size."""
    if len(page.bgrx) != page.width * page.height * 4:
        raise ValueError("a page image needs width × height × 4 bytes")
    shared = QImage(page.bgrx, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
    return shared.copy()


class PageView(QAbstractScrollArea):
    """Pages below one another, as wide as the view or at a zoom of your own."""

    page_changed = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Bản xem trước")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages: list[QImage] = []
        self._scaled: dict[tuple[int, int], QPixmap] = {}
        self._zoom = 0.0
        self._seen = 0
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def set_pages(self, pages: Sequence[PageImage]) -> None:
        self.set_images([to_image(page) for page in pages])

    def set_images(self, images: Sequence[QImage]) -> None:
        """Pages that are already pictures: scans, photographs."""
        self._pages = list(images)
        self._scaled.clear()
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(f"{len(self._pages)} trang")

    def set_zoom(self, zoom: float) -> None:
        """0 fits the width; 1.0 is a picture pixel on a screen pixel; kept within 0.1 and 4."""
        self._zoom = 0.0 if zoom <= 0 else min(4.0, max(0.1, zoom))
        self._scaled.clear()
        self._arrange()

    def swap_pages(self, pages: Sequence[PageImage]) -> None:
        """The same pages drawn sharper or coarser: they keep their size on the screen and their place."""
        wide = self.page_width()
        top, left = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self.set_pages(pages)
        if self._zoom and self._pages:
            self._zoom = wide / self._pages[0].width()
            self._arrange()
        self.verticalScrollBar().setValue(top)
        self.horizontalScrollBar().setValue(left)

    def page_width(self) -> int:
        """How wide the first page stands on the screen, in pixels of the widget."""
        if not self._zoom or not self._pages:
            return self._fitting_width()
        return round(self._pages[0].width() * self._zoom)

    def zoom(self) -> float:
        """The zoom now, also when it fits the width."""
        if self._zoom or not self._pages:
            return self._zoom
        return self._fitting_width() / self._pages[0].width()

    def zoom_by(self, factor: float) -> None:
        self.set_zoom(self.zoom() * factor)

    def go_to(self, page: int) -> None:
        if 0 <= page < len(self._pages):
            self.verticalScrollBar().setValue(self._places()[page].top() - look.px(_GAP))

    def page(self) -> int:
        return self._seen

    def count(self) -> int:
        return len(self._pages)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), look.colour("window"))
        offset_x, offset_y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        for number, place in enumerate(self._places()):
            rect = place.translated(-offset_x, -offset_y)
            if rect.intersects(self.viewport().rect()):
                painter.fillRect(rect, Qt.GlobalColor.white)
                painter.drawPixmap(rect.topLeft(), self._picture(number, rect.size()))
                painter.setPen(QPen(look.colour("line"), 1))
                painter.drawRect(rect.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scaled.clear()
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Home: -self.count(), Qt.Key.Key_End: self.count()}.get(Qt.Key(event.key()))
        if step is not None:
            self.go_to(0 if step < 0 else self.count() - 1)
        else:
            super().keyPressEvent(event)

    def _fitting_width(self) -> int:
        return max(look.px(80), self.viewport().width() - look.px(2 * _GAP))

    def _places(self) -> list[QRect]:
        """Where each page lies, in the coordinates of the whole."""
        places, top = [], look.px(_GAP)
        for image in self._pages:
            width = round(image.width() * self._zoom) if self._zoom else self._fitting_width()
            height = round(image.height() * width / image.width())
            left = max(look.px(_GAP), (self.viewport().width() - width) // 2)
            places.append(QRect(left, top, width, height))
            top += height + look.px(_GAP)
        return places

    def _arrange(self) -> None:
        places = self._places()
        bottom = places[-1].bottom() + look.px(_GAP) if places else 0
        right = max((place.right() for place in places), default=0) + look.px(_GAP)
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, bottom - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(look.px(48))
        self.horizontalScrollBar().setRange(0, max(0, right - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.viewport().update()

    def _picture(self, number: int, size: QSize) -> QPixmap:
        """Scaled once, at the screen's own sharpness; the last 12 are kept."""
        key = (number, size.width())
        if key not in self._scaled:
            if len(self._scaled) > 12:
                self._scaled.pop(next(iter(self._scaled)))
            ratio = self.devicePixelRatioF()
            image = self._pages[number].scaled(
                size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            image.setDevicePixelRatio(ratio)
            self._scaled[key] = QPixmap.fromImage(image)
        return self._scaled[key]

    def _scrolled(self, value: int) -> None:
        self.viewport().update()
        middle = value + self.viewport().height() // 2
        seen = sum(place.top() <= middle for place in self._places()) - 1
        if seen != self._seen and seen >= 0:
            self._seen = seen
            self.page_changed.emit(seen)


class Thumbnails(QListWidget):
    """Small pages in a row that wraps; `chosen(number)` on click, Enter or arrow."""

    chosen = Signal(int)

    def __init__(self, name: str, side: int = 96) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Các trang thu nhỏ")
        self._side = side
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setIconSize(QSize(look.px(side), round(look.px(side) * 1.42)))
        self.setSpacing(look.px(8))
        self.setUniformItemSizes(True)
        self.currentRowChanged.connect(self._row_changed)

    def set_pages(self, pages: Sequence[PageImage], captions: Sequence[str] = ()) -> None:
        """One caption a page; "Trang 1" … when none is given."""
        self.set_images([to_image(page) for page in pages], captions)

    def set_images(self, images: Sequence[QImage], captions: Sequence[str] = ()) -> None:
        self.blockSignals(True)
        self.clear()
        for number, image in enumerate(images):
            words = captions[number] if number < len(captions) else f"Trang {number + 1}"
            item = QListWidgetItem(self._small(image), words)
            item.setToolTip(words)
            self.addItem(item)
        self.blockSignals(False)

    def _small(self, image: QImage) -> QPixmap:
        """The page on white with an edge, all of one size so that the captions align."""
        ratio = self.devicePixelRatioF()
        size = self.iconSize() * ratio
        sheet = QPixmap(size)
        sheet.fill(Qt.GlobalColor.transparent)
        small = image.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        place = QRectF((size.width() - small.width()) / 2, size.height() - small.height(), 0, 0)
        place.setSize(small.size().toSizeF())
        painter = QPainter(sheet)
        painter.fillRect(place, Qt.GlobalColor.white)
        painter.drawImage(place, small)
        painter.setPen(QPen(look.colour("border"), 1))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.end()
        sheet.setDevicePixelRatio(ratio)
        return sheet

    def _row_changed(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)
