"""The pages of the window, each made at its first visit, one of them in front."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from ui import look
from ui.pages.page import Frame, Page
from ui.places import make_page

_REST_MS = 50


class Stage(QStackedWidget):
    """`place` is the one in front, '' for none. Another widget (the list of officers) may lie over it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._pages: dict[str, Page] = {}
        self._zooms: dict[str, float] = {}
        self._renewal = QTimer(self, singleShot=True, interval=_REST_MS)
        self._renewal.timeout.connect(self._renew)
        self.place = ""

    def page(self, place: str) -> Page | None:
        """The page of a place that was visited."""
        return self._pages.get(place)

    def front(self) -> Page | None:
        return self._pages.get(self.place)

    def bring(self, place: str, dossier_id: str) -> None:
        page = self._pages.get(place) or self._make(place)
        self.place = place
        self.setCurrentWidget(page)
        page.enter(dossier_id)
        self.fit_zoom()

    def fit_zoom(self) -> None:
        """A page is laid out for one zoom: the one in front is made anew, the others when they come."""
        if self.place and self._zooms[self.place] != look.zoom():
            self._renewal.start()

    def may_leave(self, place: str) -> bool:
        """False when the person chose to stay on the page in front."""
        front = self.front()
        if front is None or front.place == place or self.currentWidget() is not front:
            return True
        return front.leave()

    def reload(self, dossier_id: str) -> None:
        """After an act on a dossier, whatever page did it; '' when many may have changed."""
        for page in self._pages.values():
            page.reload(dossier_id)

    def catalogue_came(self) -> None:
        for page in self._pages.values():
            page.catalogue_came()

    def store_opened(self) -> None:
        """Pages fill what only the journal knows."""
        for page in self._pages.values():
            opened = getattr(page, "store_opened", None)
            if opened:
                opened()

    def drop(self) -> None:
        """Pages belong to the officer who opened them."""
        for page in self._pages.values():
            self.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self.place = ""

    def _make(self, place: str) -> Page:
        page = make_page(place, self._frame)
        self._pages[place], self._zooms[place] = page, look.zoom()
        self.addWidget(page)
        return page

    @Slot()
    def _renew(self) -> None:
        """Once nothing is awaited: an answer would find its page gone."""
        old = self.front()
        if old is None or self.currentWidget() is not old or self._zooms[self.place] == look.zoom():
            return
        is_asking = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if is_asking or not self._frame.tasks.is_idle():
            self._renewal.start()
        elif old.may_be_remade():
            self._remake(old)

    def _remake(self, old: Page) -> None:
        focused, dossier_id = self.window().focusWidget(), old.shown_dossier()
        old.leave()
        new = self._make(self.place)
        self.setCurrentWidget(new)
        new.enter(dossier_id)
        new.go_on_from(old)
        _focus_again(focused, old, new)
        self.removeWidget(old)
        old.deleteLater()


def _focus_again(focused: QWidget | None, old: Page, new: Page) -> None:
    """The widget of the same name; one outside the page just gets its focus back."""
    if focused is not None and old.isAncestorOf(focused):
        name = focused.objectName()
        focused = new.findChild(QWidget, name) if name else None
    if focused is not None:
        focused.setFocus(Qt.FocusReason.OtherFocusReason)
