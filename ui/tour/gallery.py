"""Pictures of every page, light and dark, at the size of an office's screen."""

from PySide6.QtWidgets import QApplication

from onestop.domain.acts import Act
from ui import look
from ui.tour.officer import Officers
from ui.tour.plan import BINH, HOA, KHOI, LAN, MAI, THANG, SignIn

_PLACES = (
    (MAI, "Ctrl+1", "queue"),
    (MAI, "Ctrl+2", "receive"),
    (MAI, "Ctrl+3", "search"),
    (THANG, "Ctrl+4", "approve"),
    (LAN, "Ctrl+4", "number"),
    (MAI, "Ctrl+5", "hand_out"),
    (HOA, "Ctrl+1", "cashier"),
    (KHOI, "Ctrl+1", "specialist"),
    (BINH, "F1", "help"),
)


def take_pictures(officers: Officers) -> None:
    for theme in ("light", "dark"):
        for officer, keys, name in _PLACES:
            _sit(officers, officer, theme)
            officers.hand.press(keys)
            _shoot(officers, f"{name}-{theme}")
            if name == "help":
                officers.hand.press("Esc")
        _take_dossiers(officers, theme)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        look.apply_look(app, "light")


def _take_dossiers(officers: Officers, theme: str) -> None:
    _sit(officers, MAI, theme)
    for key in ("birth", "pavement", "returned", "corrected"):
        officers.open(key)
        _shoot(officers, f"dossier-{key}-{theme}")
    _sit(officers, THANG, theme)
    officers.open("returned")
    officers.choose(Act.EXTEND)
    _shoot(officers, f"act-extend-{theme}")
    officers.hand.press("Esc")
    officers.hand.press("Ctrl+L")
    _shoot(officers, f"sign_in-{theme}")
    officers.do(SignIn(MAI))


def _sit(officers: Officers, officer: str, theme: str) -> None:
    """The theme is each officer's own."""
    officers.do(SignIn(officer))
    officers.shell.change_setting("look.theme", theme)


def _shoot(officers: Officers, name: str) -> None:
    """Once everything that was asked for has come."""
    for _ in range(2):  # what came may ask for more, a moment later
        officers.hand.rest(0.4)
        officers.hand.wait(officers.shell.tasks.is_idle, f"all of {name}")
    officers.hand.shot(name)
