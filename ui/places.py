"""The places of the program: what stands in the rail, for whom, and the page of each.

A page is imported at its first visit, so the first window does not wait for the others.
"""

from collections.abc import Callable, Mapping

from onestop.domain.state import Role
from ui.pages.page import Frame, Page
from ui.widgets.rail import Place

PLACES = (
    Place("queue", "inbox", "Hàng việc", "Ctrl+1"),
    Place("receive", "file-plus-2", "Tiếp nhận", "Ctrl+2"),
    Place("search", "search", "Tra cứu", "Ctrl+3"),
    Place("approve", "stamp", "Phê duyệt", "Ctrl+4"),
    Place("hand_out", "package-check", "Trả kết quả", "Ctrl+5"),
    Place("tray", "git-compare-arrows", "Cần xử lý", "Ctrl+7"),
    Place("admin", "landmark", "Quản trị", "Ctrl+8"),
    Place("till", "wallet", "Đối soát", "Ctrl+9"),
)
FOOT = (Place("settings", "settings", "Thiết lập"), Place("help", "circle-help", "Trợ giúp", "F1"))
WITHOUT_OFFICE = frozenset({"queue", "settings", "help"})
"""Places that can be shown while the store is still being opened."""

_FOR_ROLES: Mapping[str, frozenset[Role]] = {
    "receive": frozenset({Role.RECEPTION}),
    "hand_out": frozenset({Role.RECEPTION, Role.CASHIER}),
    "approve": frozenset({Role.HEAD, Role.LEADER, Role.CLERK}),
    "admin": frozenset({Role.ADMIN}),
    "till": frozenset({Role.CASHIER}),
}
_DECIDERS = frozenset({Role.HEAD, Role.LEADER})


def places_of(roles: frozenset[Role]) -> tuple[str, ...]:
    """The places an officer with these roles works at; every role has its queue and the search."""
    return tuple(
        place.id for place in (*PLACES, *FOOT) if place.id not in _FOR_ROLES or roles & _FOR_ROLES[place.id]
    )


def start_of(roles: frozenset[Role]) -> str:
    """Those who only decide start where decisions wait."""
    return "approve" if roles & _DECIDERS and Role.RECEPTION not in roles else "queue"


def words_of(place_id: str) -> str:
    return next((place.words for place in (*PLACES, *FOOT) if place.id == place_id), "Hồ sơ")


def make_page(place_id: str, frame: Frame) -> Page:
    """Raises KeyError for a place there is not."""
    return _PAGES[place_id](frame)


def _queue(frame: Frame) -> Page:
    from ui.pages.queue import QueuePage

    return QueuePage(frame)


def _receive(frame: Frame) -> Page:
    from ui.pages.receive import ReceivePage

    return ReceivePage(frame)


def _search(frame: Frame) -> Page:
    from ui.pages.search import SearchPage

    return SearchPage(frame)


def _approve(frame: Frame) -> Page:
    from ui.pages.approve import ApprovePage

    return ApprovePage(frame)


def _hand_out(frame: Frame) -> Page:
    from ui.pages.hand_out import HandOutPage

    return HandOutPage(frame)


def _tray(frame: Frame) -> Page:
    from ui.pages.tray import TrayPage

    return TrayPage(frame)


def _admin(frame: Frame) -> Page:
    from ui.pages.admin import AdminPage

    return AdminPage(frame)


def _till(frame: Frame) -> Page:
    from ui.pages.till import TillPage

    return TillPage(frame)


def _dossier(frame: Frame) -> Page:
    from ui.pages.dossier import DossierPage

    return DossierPage(frame)


def _settings(frame: Frame) -> Page:
    from ui.pages.settings import SettingsPage

    return SettingsPage(frame)


def _help(frame: Frame) -> Page:
    from ui.pages.help import HelpPage

    return HelpPage(frame)


_PAGES: Mapping[str, Callable[[Frame], Page]] = {
    "queue": _queue,
    "receive": _receive,
    "search": _search,
    "approve": _approve,
    "hand_out": _hand_out,
    "tray": _tray,
    "admin": _admin,
    "till": _till,
    "dossier": _dossier,
    "settings": _settings,
    "help": _help,
}
