"""The look: contrasts, colour-blind distances, no clipped marks, every icon shipped."""

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFontInfo, QFontMetrics, QImage
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
)
from pytestqt.qtbot import QtBot

from onestop.paths import resource
from tests.ui import gallery
from ui import look, tokens
from ui.sheet import style_sheet
from ui.tokens import ALL, Theme, Tokens, Urgency
from ui.widgets import QueueTable, TabBar

ROOT = Path(__file__).resolve().parents[2]
STACKED = "ẪỄỖ ẮỜỰ ỵ đ Đ"
TEXT_PAIRS = (
    ("text", "window"), ("text", "base"), ("text", "alt"), ("text", "selection"), ("text", "hover"),
    ("dim", "window"), ("dim", "base"), ("dim", "alt"), ("dim", "selection"),
    ("accent", "base"), ("accent", "window"), ("accent_text", "accent"), ("accent_text", "accent_hover"),
    ("rail_text", "rail"), ("rail_text", "rail_on"), ("badge_text", "badge"),
    ("danger_text", "danger"), ("danger_text", "danger_hover"), ("error", "base"), ("error", "window"),
    ("error", "error_tint"), ("success", "base"), ("success", "window"), ("warning", "base"),
    ("warning", "window"), ("toast_text", "toast"), ("toast_action", "toast"),
)  # fmt: skip
EDGE_PAIRS = (
    ("border", "base"), ("border", "window"), ("handle", "base"), ("accent", "base"), ("accent", "window"),
    ("accent", "alt"), ("accent_text", "accent"), ("danger_text", "danger"), ("rail_text", "rail"),
    ("error_edge", "base"), ("error_edge", "error_tint"), ("success_icon", "base"),
    ("success_icon", "window"), ("warning_icon", "base"), ("warning_icon", "window"),
    ("toast_action", "toast"),
)  # fmt: skip


def channels(colour: str) -> tuple[float, float, float]:
    """Linear red, green, blue in 0…1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return linear[0], linear[1], linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    light = [
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), channels(x), strict=True)) for x in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
BLIND = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) as seen by that sight."""
    seen = [sum(w * c for w, c in zip(row, channels(colour), strict=True)) for row in BLIND[sight]]
    r, g, b = (min(1.0, max(0.0, c)) for c in seen)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("theme", ALL, ids=lambda t: t.theme.value)
def test_every_text_is_readable(theme: Tokens) -> None:
    weak = [(a, b, contrast(theme.colour(a), theme.colour(b))) for a, b in TEXT_PAIRS]
    assert not [pair for pair in weak if pair[2] < 4.5]


@pytest.mark.parametrize("theme", ALL, ids=lambda t: t.theme.value)
def test_every_edge_icon_and_focus_ring_is_seen(theme: Tokens) -> None:
    weak = [(a, b, contrast(theme.colour(a), theme.colour(b))) for a, b in EDGE_PAIRS]
    assert not [pair for pair in weak if pair[2] < 3]


@pytest.mark.parametrize("theme", ALL, ids=lambda t: t.theme.value)
@pytest.mark.parametrize("urgency", list(Urgency))
def test_every_pill_is_readable_on_every_row(theme: Tokens, urgency: Urgency) -> None:
    made = theme.urgency(urgency)
    grounds = [made.tint] if made.tint else [theme.base, theme.alt, theme.selection]
    assert all(contrast(made.text, ground) >= 4.5 for ground in grounds)
    assert all(contrast(made.edge, ground) >= 3 for ground in (theme.base, theme.alt))


@pytest.mark.parametrize("theme", ALL, ids=lambda t: t.theme.value)
@pytest.mark.parametrize("sight", list(BLIND))
def test_bars_differ_for_every_eye(theme: Tokens, sight: str) -> None:
    seen = [lab(theme.urgency(each).bar, sight) for each in Urgency]
    near = [math.dist(a, b) for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert min(near) >= 15


def test_urgencies_differ_without_colour() -> None:
    assert len({tokens.LIGHT.urgency(each).icon for each in Urgency}) == len(Urgency)


def test_every_icon_named_in_the_code_is_shipped() -> None:
    shipped = {path.stem for path in resource("icons").glob("*.svg")}
    pattern = re.compile(r'(?:pixmap|icon|picture|icon=)\(?\s*"([a-z0-9-]+)"')
    named = {
        name for path in (ROOT / "ui").rglob("*.py") for name in pattern.findall(path.read_text("utf-8"))
    }
    looks = {made.urgency(each).icon for made in ALL for each in Urgency}
    assert looks <= shipped
    assert {name for name in named if name} <= shipped


def test_ticks_have_the_colour_of_their_theme() -> None:
    for theme in ALL:
        svg = resource("icons", f"tick-{theme.theme.value}.svg").read_text("utf-8")
        assert theme.accent_text in svg


@pytest.mark.parametrize("theme", ALL, ids=lambda t: t.theme.value)
def test_style_sheet_leaves_no_name_open(theme: Tokens) -> None:
    assert "@" not in style_sheet(theme, 1.25)


def test_an_unknown_icon_is_an_error(app: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        look.pixmap("no-such-icon")


def test_an_icon_has_the_colour_of_its_role(app: QApplication) -> None:
    picture = look.pixmap("check", "error", 32).toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(32) for y in range(32)
            if picture.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert seen == {look.colour("error").name()}


def test_the_font_is_ours_and_has_tabular_digits(app: QApplication) -> None:
    assert QFontInfo(app.font()).family() == look.FAMILY
    metrics = QFontMetrics(app.font())
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1


def test_theme_and_zoom_change_while_running(qtbot: QtBot, app: QApplication) -> None:
    button = QPushButton("In")
    qtbot.addWidget(button)
    look.set_icon(button, "printer")
    before = button.icon().pixmap(20).toImage()
    low = look.row_height()
    look.apply_look(app, "dark", zoom=1.5)
    assert look.current().theme is Theme.dark
    assert button.icon().pixmap(20).toImage() != before
    assert look.row_height() > low
    assert button.iconSize() == QSize(30, 30)


def test_controls_are_big_enough_to_hit(qtbot: QtBot, app: QApplication) -> None:
    for widget in (QLineEdit(), QPushButton("Lưu")):
        qtbot.addWidget(widget)
        widget.show()
        assert widget.height() >= 32


def ink_rows(image: QImage, ground: str) -> list[int]:
    """Rows that hold anything else than the ground."""
    columns = range(image.width())
    return [y for y in range(image.height()) if any(_shade(image, x, y) != ground.upper() for x in columns)]


def _shade(image: QImage, x: int, y: int) -> str:
    return image.pixelColor(x, y).name().upper()


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0])
def test_stacked_marks_are_not_clipped(qtbot: QtBot, app: QApplication, zoom: float) -> None:
    look.apply_look(app, "light", zoom)
    line, button = QLineEdit(STACKED), QPushButton(STACKED)
    tabs = TabBar("tabs", "Thẻ")
    tabs.set_tabs([("a", STACKED, 4)])
    for widget in (line, button, tabs):
        qtbot.addWidget(widget)
        widget.show()
        inner = (
            widget.grab()
            .toImage()
            .copy(4, 3, widget.width() - 8, widget.height() - (10 if widget is tabs else 6))
        )
        ground = inner.pixelColor(QPoint(0, inner.height() // 2)).name().upper()
        rows = ink_rows(inner, ground)
        assert rows
        assert rows[0] > 0
        assert rows[-1] < inner.height() - 1


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_pictures_to_look_at(qtbot: QtBot, app: QApplication, pictures: Path, theme: str) -> None:
    look.apply_look(app, theme)
    for name, make in (("queue", gallery.queue_window), ("form", gallery.form_window)):
        window = make()
        qtbot.addWidget(window)
        window.show()
        qtbot.wait(20)
        shot = window.grab().toImage()
        assert shot.save(str(pictures / f"{name}_{theme}.png"))
        assert shot.pixelColor(shot.width() - 3, shot.height() - 3).name() == look.colour("window").name()
        assert window.width() == 1366


def test_row_text_is_inside_its_row(qtbot: QtBot, app: QApplication) -> None:
    window = gallery.queue_window()
    qtbot.addWidget(window)
    window.show()
    table = window.findChild(QueueTable)
    assert table is not None
    index = table.model().index(3, 2)
    cell = table.viewport().grab(table.visualRect(index)).toImage()
    rows = ink_rows(cell.copy(10, 0, cell.width() - 20, cell.height()), look.current().alt)
    assert rows[0] > 2
    assert rows[-1] < cell.height() - 2


def test_dressing_loads_nothing_heavy() -> None:
    """The window opens before the database, the papers and the network are loaded."""
    code = (
        "import sys, ui.look, ui.tasks, ui.widgets, ui.keys, ui.devices, ui.translate, ui.tour.keys;"
        "heavy = {'sqlalchemy', 'sqlcipher3', 'reportlab', 'openpyxl', 'pypdfium2', 'httpx', 'serial'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("zoom", [0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("is_on", [False, True])
def test_a_radio_button_is_round_at_every_zoom(
    app: QApplication, qtbot: QtBot, zoom: float, is_on: bool
) -> None:
    look.apply_look(app, "light", zoom)
    button = QRadioButton("Tổ chức")
    qtbot.addWidget(button)
    button.setAutoExclusive(False)
    button.setChecked(is_on)
    button.resize(button.sizeHint())
    option = QStyleOptionButton()
    button.initStyleOption(option)
    box = button.style().subElementRect(QStyle.SubElement.SE_RadioButtonIndicator, option, button)
    picture = button.grab().toImage()
    side, middle = box.width(), box.center()
    corner = picture.pixelColor(box.left() + 1, box.top() + 1)
    edge = picture.pixelColor(box.left() + 1, middle.y())
    look.apply_look(app, "light")
    assert side >= 16
    assert corner != edge  # the ring passes the middle of a side, not the corner
