"""The search box of the head bar at work: asks the store behind it, opens what is chosen."""

from PySide6.QtCore import QObject, Slot

from ui.finder import Finder, Query
from ui.scan_route import Front


class Seek(QObject):
    def __init__(self, parent: QObject, frame: Front, finder: Finder) -> None:
        super().__init__(parent)
        self._frame, self._finder = frame, finder
        finder.asked.connect(self._ask)
        finder.chosen.connect(lambda dossier_id: frame.go("dossier", dossier_id))
        finder.all_wanted.connect(self._ask_for_all)

    @Slot(object)
    def _ask(self, query: Query) -> None:
        worklist = self._frame.worklist
        self._frame.tasks.run(
            self._finder,
            lambda: worklist.search(query.text, limit=8),
            lambda rows: self._finder.show_answer(query, rows),
            lambda _: None,
            busy=False,
        )

    @Slot(str)
    def _ask_for_all(self, text: str) -> None:
        """Enter without a choice: the whole answer on the search page."""
        self._frame.go("search")
        look_for = getattr(self._frame.front(), "look_for", None)
        if look_for:
            look_for(text)
