"""The acceptance points of the window that hold for all pages at once, on the real shell and store."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QImage, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.errors import StoreError
from onestop.office.deeds import find_dossier
from onestop.office.found import found_practice
from onestop.office.founding import found
from onestop.paths import Profile
from tests.ui.desk import SIZE, opened, running, settle
from tests.ui.windows import access_keys
from ui import keys
from ui.app import Program
from ui.clock import machine_clock
from ui.pages.dossier import DossierPage
from ui.pages.first_start import FirstStartPage
from ui.pages.page import Page
from ui.pages.receive_ask import SupplementDialog
from ui.pages.receive_drafts import DraftsDialog
from ui.shell import Shell
from ui.start import PassphrasePage, ProblemPage, WaitPage
from ui.tab_order import reading_order
from ui.tour.keys import compose, type_by_unikey
from ui.widgets import EmptyState
from ui.widgets.queue import QueueTable

MAI, HEAD, CLERK, SPECIALIST, CASHIER = "u-mai", "u-binh", "u-lan", "u-tuyet", "u-hoa"
ADMIN = "u-vy"
PLACES_OF = {
    MAI: ("queue", "receive", "search", "hand_out", "settings", "help"),
    HEAD: ("approve",),
    CLERK: ("approve",),
    ADMIN: ("admin",),
}


@pytest.fixture
def shell(qtbot: QtBot, program: Program) -> Shell:
    made = opened(qtbot, program)
    made.activateWindow()
    return made


def sign_in(qtbot: QtBot, program: Program, shell: Shell, officer: str) -> None:
    if shell.office.officer.id != officer:
        shell.sign_in_wanted.emit(officer)
        settle(qtbot, program, lambda: shell.office.officer.id == officer)


def bring(qtbot: QtBot, program: Program, shell: Shell, place: str, dossier_id: str = "") -> QWidget:
    """The page in front, with what it reads behind itself."""
    shell.go(place, dossier_id)
    qtbot.wait(150)  # previews and briefs wait for the selection to rest
    settle(qtbot, program)
    page = shell.page(place)
    assert page is not None
    shell.activateWindow()  # lists made behind the page took it; offscreen nothing gives it back
    qtbot.wait(20)
    return page


def every_page(qtbot: QtBot, program: Program, shell: Shell) -> Iterator[tuple[str, QWidget]]:
    """Each page in front once, as an officer who works at it, with a dossier page at the end."""
    for officer, places in PLACES_OF.items():
        sign_in(qtbot, program, shell, officer)
        for place in places:
            yield f"{officer} {place}", bring(qtbot, program, shell, place)
    sign_in(qtbot, program, shell, MAI)
    newest = shell.worklist.newest(limit=1)[0].row.id
    yield "dossier", bring(qtbot, program, shell, "dossier", newest)


def one_of_each_state(shell: Shell) -> dict[str, str]:
    return {work.row.state.value: work.row.id for work in shell.worklist.newest(limit=200)}


# --- 7: zoom


def cut_off(root: QWidget) -> list[str]:
    """Buttons narrower than their words, and words that lie outside of what they stand in."""
    found = []
    for part in root.findChildren(QWidget):
        if not part.isVisible() or not isinstance(part, QAbstractButton | QLabel) or not part.text():
            continue
        is_wrapped = isinstance(part, QLabel) and part.wordWrap()
        if not is_wrapped and part.minimumSizeHint().width() > part.width() + 1:
            found.append(f"{part.text()!r}: {part.width()} < {part.minimumSizeHint().width()}")
        if is_wrapped and part.heightForWidth(part.width()) > part.height() + 1:
            found.append(f"{part.text()!r}: {part.height()} high")
    return found


@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_07_no_words_are_cut_at_any_zoom(qtbot: QtBot, program: Program, shell: Shell, zoom: int) -> None:
    shell.resize(*((1920, 1080) if zoom > 125 else SIZE))
    for officer in (HEAD, CLERK, ADMIN, MAI):  # each officer has a zoom of their own, and pages made with it
        sign_in(qtbot, program, shell, officer)
        shell.change_setting("look.zoom", zoom)
    cut = {}
    for name, page in every_page(qtbot, program, shell):
        qtbot.wait(60)  # laid out
        found = cut_off(page)
        if found:
            cut[name] = found
    assert not cut


# --- 10: grey


def test_10_statuses_are_told_apart_without_colour(qtbot: QtBot, program: Program, shell: Shell) -> None:
    page = bring(qtbot, program, shell, "queue")
    table = page.findChild(QueueTable)
    assert table is not None
    pill = len(table.rows.columns) - 1
    looks: dict[str, tuple[str, QImage]] = {}
    for place in range(table.rows.rowCount()):
        row = table.rows.row(place)
        assert row is not None
        index = table.rows.index(place, pill)
        table.scrollTo(index)
        rect = table.visualRect(index)
        icon = QRect(rect.left() + 10, rect.top(), 34, rect.height())  # the picture and the edge of the pill
        grey = table.viewport().grab(icon).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        looks.setdefault(row.urgency, (row.cells[pill], grey))
    assert {"overdue", "soon", "in_time", "paused", "done"} <= set(looks)  # "today" on working days only
    for (one, (words, picture)), (other, (more_words, another)) in combinations(looks.items(), 2):
        assert words != more_words, (one, other)
        assert _unlike(picture, another) > 20, (one, other)


def _unlike(one: QImage, other: QImage) -> int:
    """Pixels whose grey differs clearly."""
    width, height = min(one.width(), other.width()), min(one.height(), other.height())
    return sum(
        abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) > 60
        for x in range(width)
        for y in range(height)
    )


# --- 11: marks


def test_11_stacked_marks_stand_whole_in_tab_header_and_button(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    page = bring(qtbot, program, shell, "queue")
    marks = "ẪỄỖ ẮỜỰ ỵ đ Đ"
    tabs, table = page.findChild(QTabBar), page.findChild(QueueTable)
    assert tabs is not None
    assert table is not None
    tabs.setTabText(0, marks)
    for part in (table.horizontalHeader(), tabs, *page.findChildren(QAbstractButton)):
        needed = part.fontMetrics().boundingRect(marks).height()
        if part.isVisible() and not part.objectName().startswith("qt_"):
            assert part.height() >= needed + 4, part
    assert table.rowHeight(0) >= table.fontMetrics().tightBoundingRect(marks).height() + 4


# --- 12: words

_ENGLISH = """
about abort action active add address admin all allow and any apply approve are back bad browse cancel
case change choose clear click clock close code collect color colour column complete confirm connect
content continue copy create current cut data date day default delete desk dialog disabled dossier down
draft edit empty enabled end error exit export extend failed false fee field file filter find finish
first folder font form forward from go have help hide home hour icon ignore import in_time index info
input insert invalid is item job key last less line link list load loading lock login logout main menu
message minute missing mode month more move name new next none not note nothing null number of office
officer offline ok online ontime open options or overdue owner page panel paper password paste path
pause paused pending person phone place please press preview previous print printer proposed quit read
ready receipt receive received redo refresh refuse reload remove rename replace report required reset
restore restrict resume retry right role row save scan search select send set settings show sign signed
size soon sort start state status step stop stopped store submit submitted success supplement tab table
test text this time title to_do today tool true type undo unit unknown unnamed untitled up update upload
use user value verify version view wait warning week window with withdraw withdrawn word wrong year yes
you your zoom
"""
_VIETNAMESE = "in go an to do no can may hay cao ban them ra tab so on"
"""Vietnamese syllables without marks that are spelled as English words."""
NAMES = re.compile(
    r"USB-COM|USB|COM\d*|Serial|Virtual COM|/dev/\S+|Ctrl\S*|Shift\S*|Caps Lock|PDF|JPEG|PNG|Enter"
    r"|Insert|Delete|Esc|vault\.json|[A-Z]:\\\S+"
)


def english_in(words: str) -> set[str]:
    tokens = re.findall(r"[^\W\d]+(?:_[^\W\d]+)*", NAMES.sub(" ", words.replace("&", "")))
    listed = set(_ENGLISH.split()) - set(_VIETNAMESE.split())
    return {token for token in tokens if token.lower() in listed}


def words_of(root: QWidget) -> Iterator[str]:
    """Everything a person may read or hear of a widget and what it contains."""
    for part in [root, *root.findChildren(QWidget)]:
        yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription(), part.windowTitle())
        yield part.whatsThis()
        if isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        elif isinstance(part, QLineEdit | QPlainTextEdit):
            yield part.placeholderText()
        elif isinstance(part, QComboBox):
            yield from (part.itemText(row) for row in range(part.count()))
        elif isinstance(part, QTabBar):
            yield from (part.tabText(place) for place in range(part.count()))
        elif isinstance(part, QAbstractItemView):
            yield from _cells(part)
    yield from (action.text() for action in root.findChildren(QAction))


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    columns = model.columnCount() if isinstance(view, QTableView) else 1
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        yield from (str(model.index(row, column).data() or "") for row in range(min(40, model.rowCount())))


def test_12_the_word_list_finds_english() -> None:
    assert english_in("Lý do: verify") == {"verify"}
    assert english_in("&Open file (Ctrl+O)") == {"Open", "file"}
    assert english_in("In phiếu (Ctrl+P) · Xem nhanh (Enter)") == set()


def test_12_no_english_on_any_page_form_or_journal(qtbot: QtBot, program: Program, shell: Shell) -> None:
    said: dict[str, set[str]] = {}
    for name, page in every_page(qtbot, program, shell):
        said[name] = set(words_of(page))
    seen_acts: set[Act] = set()
    for officer in (MAI, SPECIALIST, HEAD, CLERK, CASHIER, "u-thang", "u-khoi"):
        sign_in(qtbot, program, shell, officer)
        for state, dossier_id in one_of_each_state(shell).items():
            page = bring(qtbot, program, shell, "dossier", dossier_id)
            assert isinstance(page, DossierPage)
            said[f"{officer} {state}"] = set(words_of(page))
            for act in set(page.legal) - seen_acts - {Act.TAKE_OVER, Act.ADD_NOTE, Act.PRINT_PAPER}:
                seen_acts.add(act)
                page.open_act(act)
                said[f"form {act}"] = set(words_of(page.panel))
                page.panel.close_form()
    assert len(seen_acts) > 12
    said["frame"] = set(words_of(shell))
    _expect_vietnamese(said)


def test_12_no_english_in_dialogs_print_panel_and_keys(qtbot: QtBot, program: Program, shell: Shell) -> None:
    said: dict[str, set[str]] = {}
    parts = (SupplementDialog(shell, "Nguyễn Thị Hường", ["Tờ khai"], ["Giấy khác"]), DraftsDialog(shell, []))
    for part in parts:
        said[type(part).__name__] = {*words_of(part)}
        part.deleteLater()
    dossier = find_dossier(shell.office, one_of_each_state(shell)["completed"])
    for form in ("01", "06"):
        shell.print_papers(dossier, form)
        settle(qtbot, program)
        said[f"print {form}"] = set(words_of(shell))
    shell.show_keys()
    said["keys"] = set(words_of(shell))
    shell.lock()
    said["sign in"] = set(words_of(shell))
    _expect_vietnamese(said)


def test_12_no_english_before_the_desk(app: QApplication, qtbot: QtBot) -> None:
    error = StoreError("Không mở được kho dữ liệu", "Kiểm tra mật khẩu rồi thử lại.")
    pages: tuple[QWidget, ...] = (
        FirstStartPage(),
        PassphrasePage(),
        WaitPage("Đang nâng cấp", "Đừng tắt máy."),
        ProblemPage(error, "/kho"),
    )
    for page in pages:
        qtbot.addWidget(page)
    _expect_vietnamese({type(page).__name__: set(words_of(page)) for page in pages})


def _expect_vietnamese(said: dict[str, set[str]]) -> None:
    found = {
        (name, words, tuple(english_in(words))) for name, many in said.items() for words in many if words
    }
    assert all(any(many) for many in said.values())
    assert not {each for each in found if each[2]}


# --- 14: Tab


def tab_stops(page: QWidget) -> list[QWidget]:
    """What Tab reaches on the page, in the order of the focus chain."""
    found, each = [], page.nextInFocusChain()
    while each is not None and each is not page:
        if page.isAncestorOf(each) and _is_stop(each):
            found.append(each)
        each = each.nextInFocusChain()
    return found


def _is_stop(widget: QWidget) -> bool:
    is_ready = widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
    return is_ready and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus)


def test_14_tab_follows_the_eye_and_shift_tab_goes_back(qtbot: QtBot, program: Program, shell: Shell) -> None:
    wrong = {}
    for name, page in every_page(qtbot, program, shell):
        stops = tab_stops(page)
        wanted = [part for part in reading_order(page) if part in stops]
        order = [part for part in stops if part in wanted]
        if order != wanted:
            wrong[name] = [_name(one) for one, other in zip(order, wanted, strict=True) if one is not other]
        there = _walk(page, stops[0], Qt.Key.Key_Tab, len(stops) - 1)
        back = _walk(page, there[-1], Qt.Key.Key_Backtab, len(stops) - 1)
        assert back == there[::-1], name
        assert len(set(there)) == len(stops), name
    assert not wrong


def _walk(page: QWidget, start: QWidget, key: Qt.Key, count: int) -> list[QWidget]:
    start.setFocus(Qt.FocusReason.TabFocusReason)
    way = [start]
    is_back = key == Qt.Key.Key_Backtab
    modifier = Qt.KeyboardModifier.ShiftModifier if is_back else Qt.KeyboardModifier.NoModifier
    for _ in range(count):
        QTest.keyClick(way[-1], key, modifier)
        focused = page.window().focusWidget()
        assert focused is not None, _name(way[-1])
        way.append(focused)
    return way


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or widget.objectName() or type(widget).__name__


# --- 15: access keys


def test_15_access_keys_are_unique_base_letters(qtbot: QtBot, program: Program, shell: Shell) -> None:
    for name, _ in every_page(qtbot, program, shell):
        found = access_keys(shell)
        doubled = [key for key, count in Counter(key for key, _ in found).items() if count > 1]
        assert not doubled, (name, [each for each in found if each[0] in doubled])
        assert all(re.fullmatch("[A-Y]", key) for key, _ in found), (name, found)  # Alt+Z is UniKey's


def test_15_no_shortcut_answers_twice_on_a_page(qtbot: QtBot, program: Program, shell: Shell) -> None:
    for name, _ in every_page(qtbot, program, shell):
        live = [each for each in shell.findChildren(QShortcut) if _is_live(each)]
        pressed = Counter(sequence.toString() for each in live for sequence in QShortcut.keys(each))
        assert len(pressed) > 12, name
        assert not {chord: count for chord, count in pressed.items() if count > 1}, name
        assert not [each for each in pressed if keys.what_is_wrong(each)], name


def _is_live(shortcut: QShortcut) -> bool:
    """It would answer: what it belongs to is in sight. Panels have Ctrl+Enter, F8 of their own."""
    owner = shortcut.parent()
    is_inner = shortcut.context() is not Qt.ShortcutContext.WindowShortcut and not isinstance(owner, Page)
    return isinstance(owner, QWidget) and owner.isVisible() and shortcut.isEnabled() and not is_inner


# --- 17: panes


def test_17_f6_goes_round_every_page_and_the_focus_is_seen(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    for name, _ in every_page(qtbot, program, shell):
        visited: list[QWidget] = []
        for _ in range(9):
            QTest.keyClick(shell, Qt.Key.Key_F6)
            focused = shell.focusWidget()
            assert focused is not None, name
            if focused in visited:
                break
            # A whole page of words that only scrolls has the window's own edge.
            assert isinstance(focused, QScrollArea) or _is_ring_seen(focused), (name, _name(focused))
            visited.append(focused)
        assert len(visited) >= 3, (name, [_name(each) for each in visited])
        QTest.keyClick(shell, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert shell.focusWidget() is visited[-1], name


def _is_ring_seen(widget: QWidget) -> bool:
    """The widget, or the frame it stands in, looks different without the focus."""
    window = widget.window()
    corner = widget.mapTo(window, QPoint(0, 0))
    room = QRect(corner, widget.size()).adjusted(-4, -4, 4, 4).intersected(window.rect())
    focused = window.grab(room).toImage()
    name = "chip_officer" if widget.objectName() == "finder" else "finder"
    elsewhere = window.findChild(QWidget, name)
    assert elsewhere is not None
    elsewhere.setFocus()
    bare = window.grab(room).toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return focused != bare


# --- 18, 19: input methods


def lines_of(root: QWidget) -> list[QLineEdit | QPlainTextEdit]:
    parts: list[QLineEdit | QPlainTextEdit] = [*root.findChildren(QLineEdit)]
    parts += root.findChildren(QPlainTextEdit)
    ready = [part for part in parts if part.isVisible() and part.isEnabled() and not part.isReadOnly()]
    return [part for part in ready if "spinbox" not in part.objectName()]


def test_18_19_unikey_and_ime_in_every_line_of_every_page(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    tried = set()
    for _, page in every_page(qtbot, program, shell):
        for line in [*lines_of(page), shell.findChild(QLineEdit, "finder")]:
            assert line is not None
            _type_a_name(line)
            tried.add(line.objectName() or line.accessibleName())
        settle(qtbot, program)
    shell.lock()
    qtbot.wait(50)
    for line in lines_of(shell):
        _type_a_name(line)
        tried.add(line.accessibleName())
    assert {"finder", "queue_filter", "hand_out_scan", "Tìm theo tên hoặc vai trò"} <= tried, tried
    assert len(tried) > 12


def _type_a_name(line: QLineEdit | QPlainTextEdit) -> None:
    def text() -> str:
        return line.text() if isinstance(line, QLineEdit) else line.toPlainText()

    before = text()
    line.setFocus()
    line.clear()
    type_by_unikey(line, "Nguye<ê<ễn")
    assert text() == "Nguyễn", _name(line)
    line.clear()
    compose(line, "Nguyê")
    assert not line.property("invalid"), _name(line)
    compose(line, "", "Nguyễn")
    assert text() == "Nguyễn", _name(line)
    if isinstance(line, QLineEdit):
        line.setText(before)  # a form changed by hand would ask before it is left
    else:
        line.setPlainText(before)


# --- 22: Enter


def test_22_enter_in_a_line_never_does_the_act(qtbot: QtBot, program: Program, shell: Shell) -> None:
    dossier_id = one_of_each_state(shell)["completed"]
    page = bring(qtbot, program, shell, "dossier", dossier_id)
    assert isinstance(page, DossierPage)
    page.open_act(Act.HAND_OUT)
    before = find_dossier(shell.office, dossier_id).count
    lines = lines_of(page.panel)
    assert lines
    for line in lines:
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_Return)
        settle(qtbot, program)
    assert page.panel.form is not None
    assert find_dossier(shell.office, dossier_id).count == before


# --- 43: empty


def test_43_an_empty_office_says_on_every_page_what_to_do(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    profile = Profile(tmp_path, "empty")
    found(profile, lambda store: found_practice(store, machine_clock()))
    with running(profile) as program:
        shell = opened(qtbot, program)
        for officer, place in ((MAI, "queue"), (MAI, "hand_out"), (HEAD, "approve"), (MAI, "dossier")):
            sign_in(qtbot, program, shell, officer)
            page = bring(qtbot, program, shell, place)
            shown = [each for each in page.findChildren(EmptyState) if each.isVisible()]
            words = [part.text() for each in shown for part in each.findChildren(QLabel) if part.text()]
            assert any(len(each) > 30 for each in words), (place, words)


def test_43_every_empty_tab_of_the_queue_leads_on(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    profile = Profile(tmp_path, "empty")
    found(profile, lambda store: found_practice(store, machine_clock()))
    with running(profile) as program:
        shell = opened(qtbot, program)
        page = bring(qtbot, program, shell, "queue")
        tabs = page.findChild(QTabBar)
        assert tabs is not None
        said = []
        for place in range(tabs.count()):
            tabs.setCurrentIndex(place)
            settle(qtbot, program)
            empty = next(each for each in page.findChildren(EmptyState) if each.isVisible())
            said.append(tuple(part.text() for part in empty.findChildren(QLabel) if part.text()))
        assert len(set(said)) == tabs.count()
        assert all(len(words) == 2 and words[1].endswith(".") for words in said), said
        assert all(one != other for one, other in pairwise(said))
        assert QKeySequence(keys.key("new_dossier").sequence).toString() in said[0][1]
