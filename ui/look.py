"""The look: Fusion, our palette, Noto Sans, one style sheet made from the tokens.

The chosen theme and zoom live on the QApplication (dynamic properties), so a widget
that paints asks `current()` and never keeps a colour. `apply_look` may be called again
at any time: it repaints everything and renews every icon set through `set_icon`.
"""

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QStyleFactory, QWidget

from onestop.paths import resource
from ui.sheet import style_sheet
from ui.tokens import CONTRAST, DARK, LIGHT, Theme, Tokens

FAMILY = "Noto Sans"
BODY_PT = 10.5
_FONT_FILES = ("Regular", "Bold")  # slanted letters stand on papers only, never on the screen
_THEME, _ZOOM, _ICON = "onestop_theme", "onestop_zoom", "onestop_icon"


def apply_look(app: QApplication, theme: Theme | str = Theme.system, zoom: float = 1.0) -> None:
    """Dresses the whole program; call again to change theme or zoom (1.0 to 2.0) while it runs."""
    tokens = _choose(app, Theme(theme))
    if (app.property(_THEME), app.property(_ZOOM)) == (tokens.theme.value, zoom):
        return
    app.setProperty(_THEME, tokens.theme.value)
    app.setProperty(_ZOOM, zoom)
    _load_fonts(app)
    if app.style().name() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(tokens))
    app.setFont(_body_font(zoom))
    app.setStyleSheet(style_sheet(tokens, zoom))
    _changes(app).happened.emit()


def current() -> Tokens:
    """The tokens in force; light before the first `apply_look`."""
    app = QApplication.instance()
    name = app.property(_THEME) if app else None
    return {"dark": DARK, "contrast": CONTRAST}.get(str(name), LIGHT)


def zoom() -> float:
    app = QApplication.instance()
    value = app.property(_ZOOM) if app else None
    return float(value) if value else 1.0


def px(length: float) -> int:
    """A length of the 4 px grid at the zoom in force."""
    return round(length * zoom())


def font(size: float = BODY_PT, is_bold: bool = False) -> QFont:
    """Our font, `size` in points before zoom."""
    made = QFont(FAMILY)
    made.setPointSizeF(size * zoom())
    made.setBold(is_bold)
    return made


def row_height(density: str = "medium") -> int:
    """Rows of a table: 40 / 36 / 32 px, more when the font needs it for stacked marks (Ẫ)."""
    floor = {"wide": 40, "medium": 36, "tight": 32}[density]
    return max(px(floor), QFontMetrics(font()).height() + px(12))


def colour(role: str) -> QColor:
    """The colour of a token role (`text`, `accent`, `overdue`…) or a `#RRGGBB` itself."""
    return QColor(role if role.startswith("#") else current().colour(role))


def pixmap(name: str, role: str = "text", size: int = 20) -> QPixmap:
    """An icon of resources/icons in the colour of `role`, `size` px before zoom, sharp on any screen.

    Raises FileNotFoundError for a name that is not shipped.
    """
    shade = colour(role).name()
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    side = px(size)
    key = f"onestop:{name}:{shade}:{side}:{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    made = _render(name, shade, side, ratio)
    QPixmapCache.insert(key, made)
    return made


def icon(name: str, role: str = "text", size: int = 20) -> QIcon:
    """The same picture for every mode, so that the style cannot grey it (it may mean something)."""
    made = QIcon()
    picture = pixmap(name, role, size)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
        made.addPixmap(picture, mode)
    made.addPixmap(pixmap(name, "dim", size), QIcon.Mode.Disabled)
    return made


def set_icon(widget: QAbstractButton | QLabel, name: str, role: str = "text", size: int = 20) -> None:
    """Shows an icon that follows the theme; an empty name takes it away."""
    widget.setProperty(_ICON, [name, role, size])
    worn = widget.findChild(_WornIcon, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (worn or _WornIcon(widget)).renew()


def restyle(widget: QWidget) -> None:
    """Reads the style sheet again after a dynamic property (`look`, `invalid`…) has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def dress(widget: QWidget, look: str) -> None:
    """Gives a widget one of the looks of ui/sheet.py: `title`, `section`, `dim`, `card`…"""
    widget.setProperty("look", look)
    restyle(widget)


def palette(tokens: Tokens) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.base,
        role.AlternateBase: tokens.alt,
        role.Text: tokens.text,
        role.Button: tokens.base,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.toast,
        role.ToolTipText: tokens.toast_text,
        role.PlaceholderText: tokens.dim,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Accent: tokens.accent,
        role.Mid: tokens.line,
        role.Light: tokens.line,
    }
    for name, value in pairs.items():
        made.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.dim))
    return made


def _choose(app: QApplication, theme: Theme) -> Tokens:
    if theme is Theme.system:
        is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if is_dark else LIGHT
    return {Theme.light: LIGHT, Theme.dark: DARK, Theme.contrast: CONTRAST}[theme]


def _load_fonts(app: QApplication) -> None:
    """Once a process: Windows' offscreen platform and bare machines have no font at all."""
    if app.property("onestop_fonts"):
        return
    for style in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", f"NotoSans-{style}.ttf")))
    app.setProperty("onestop_fonts", True)


def _body_font(factor: float) -> QFont:
    made = QFont(FAMILY)
    made.setPointSizeF(BODY_PT * factor)
    return made


def _render(name: str, shade: str, side: int, ratio: float) -> QPixmap:
    """lucide draws in currentColor, which QSvgRenderer would paint black: put the colour in first."""
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", shade)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    made = QPixmap(QSize(side, side) * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return made


class _Changes(QObject):
    """One for the whole program: tells that theme or zoom has changed."""

    happened = Signal()


class _WornIcon(QObject):
    """Belongs to one widget and renews its icon.

    `QApplication.allWidgets()` would be shorter, but the list holds bare pointers while
    Python makes its wrappers, and a garbage collection in between destroys some of them.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        app = QApplication.instance()
        if app is not None:
            _changes(app).happened.connect(self.renew)

    @Slot()
    def renew(self) -> None:
        widget = self.parent()
        if not isinstance(widget, QLabel | QAbstractButton):
            return
        name, role, size = widget.property(_ICON)
        if isinstance(widget, QLabel):
            widget.setPixmap(pixmap(name, role, size) if name else QPixmap())
        else:
            widget.setIcon(icon(name, role, size) if name else QIcon())
            widget.setIconSize(QSize(px(size), px(size)))


def _changes(app: QCoreApplication) -> _Changes:
    found = app.findChild(_Changes)
    return found if isinstance(found, _Changes) else _Changes(app)
