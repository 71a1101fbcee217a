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
        officers.shell.change_setting("look.theme", theme)
        officers.hand.settle(100)
        for officer, keys, name in _PLACES:
            officers.do(SignIn(officer))
            officers.hand.press(keys)
            officers.hand.settle(250)
            officers.hand.shot(f"{name}-{theme}")
            if name == "help":
                officers.hand.press("Esc")
        _take_dossiers(officers, theme)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        look.apply_look(app, "light")


def _take_dossiers(officers: Officers, theme: str) -> None:
    officers.do(SignIn(MAI))
    for key in ("birth", "pavement", "returned", "corrected"):
        officers.open(key)
        officers.hand.settle(250)
        officers.hand.shot(f"dossier-{key}-{theme}")
    officers.do(SignIn(THANG))
    officers.open("returned")
    officers.choose(Act.EXTEND)
    officers.hand.settle(150)
    officers.hand.shot(f"act-extend-{theme}")
    officers.hand.press("Esc")
    officers.hand.press("Ctrl+L")
    officers.hand.settle(150)
    officers.hand.shot(f"sign_in-{theme}")
    officers.do(SignIn(MAI))
