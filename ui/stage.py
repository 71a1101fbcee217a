"""The pages of the window, each made at its first visit, one of them in front."""

from PySide6.QtWidgets import QStackedWidget

from ui.pages.page import Frame, Page
from ui.places import make_page


class Stage(QStackedWidget):
    """`place` is the one in front, '' for none. Another widget (the list of officers) may lie over it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._pages: dict[str, Page] = {}
        self.place = ""

    def page(self, place: str) -> Page | None:
        """The page of a place that was visited."""
        return self._pages.get(place)

    def front(self) -> Page | None:
        return self._pages.get(self.place)

    def bring(self, place: str, dossier_id: str) -> None:
        page = self._pages.get(place)
        if page is None:
            page = make_page(place, self._frame)
            self._pages[place] = page
            self.addWidget(page)
        self.place = place
        self.setCurrentWidget(page)
        page.enter(dossier_id)

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
