"""The widgets by themselves: fed plain data, driven by keys."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from onestop.errors import InputError
from onestop.printing.pictures import PageImage
from tests.ui import gallery
from ui import look
from ui.tour.keys import press, type_text
from ui.widgets import (
    Answer,
    BigNumber,
    Checklist,
    ComboField,
    DateField,
    Drawer,
    EmptyState,
    ErrorSummary,
    LineField,
    Moment,
    NewsBar,
    NoteField,
    Option,
    PageView,
    Picker,
    Rail,
    ReasonDialog,
    Row,
    RowModel,
    StatusPill,
    TabBar,
    Thumbnails,
    Timeline,
    Toast,
    ask,
    confirm,
    to_image,
)
from ui.widgets.queue import QueueTable
from ui.widgets.rows import PAGE, PAGES_KEPT

WINDOWS: list[QWidget] = []


@pytest.fixture(autouse=True)
def _windows_live_as_long_as_their_test() -> Iterator[None]:
    yield
    WINDOWS.clear()


def shown(qtbot: QtBot, *parts: QWidget) -> QWidget:
    """A window with the parts in it, on the screen and active."""
    window = QWidget()
    column = QVBoxLayout(window)
    for part in parts:
        column.addWidget(part)
    qtbot.addWidget(window)
    WINDOWS.append(window)
    window.resize(900, 600)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def twelve(text: str) -> str:
    return "" if len(text) == 12 else f"Phải có đúng 12 chữ số, hiện có {len(text)}"


def read_day(text: str) -> str:
    if text in {"1/2/85", "01021985"}:
        return "01/02/1985"
    raise InputError("Không có ngày này", "Ghi như 01/02/1985.", "born_on")


# Fields


def test_a_field_is_checked_on_leaving_not_while_typing(qtbot: QtBot, app: QApplication) -> None:
    field, other = LineField("id_number", "&Số định danh", check=twelve), LineField("name", "&Họ tên")
    shown(qtbot, field, other)
    field.setFocus()
    type_text(field.editor, "0790850012")
    assert field.error() == ""
    other.setFocus()
    assert field.error() == "Phải có đúng 12 chữ số, hiện có 10"
    assert field.editor.accessibleDescription() == field.error()
    assert field.text() == "0790850012"
    assert field.editor.property("invalid") is True


def test_a_field_becomes_nfc_on_leaving(qtbot: QtBot, app: QApplication) -> None:
    field, other = LineField("name", "&Họ tên"), LineField("x", "&X")
    shown(qtbot, field, other)
    field.setFocus()
    field.editor.insert("  Nguye\u0302\u0303n   Va\u0306n ")
    assert field.editor.text().startswith("  ")
    other.setFocus()
    assert field.editor.text() == "Nguyễn Văn"


def test_filling_a_field_is_not_a_change(qtbot: QtBot, app: QApplication) -> None:
    for field in (
        LineField("a", "&A"),
        NoteField("b", "&B"),
        ComboField("c", "&C", [("x", "X"), ("y", "Y")]),
    ):
        qtbot.addWidget(field)
        with qtbot.assertNotEmitted(field.changed):
            field.set_text("y")
        assert field.text() == "y"


def test_enter_goes_on_to_the_next_field(qtbot: QtBot, app: QApplication) -> None:
    first, second = LineField("a", "&A"), LineField("b", "&B")
    shown(qtbot, first, second)
    first.setFocus()
    press(None, "Return")
    assert second.editor.hasFocus()


def test_the_access_key_goes_to_the_field(qtbot: QtBot, app: QApplication) -> None:
    first, second = LineField("a", "&Họ tên"), LineField("b", "&Số định danh")
    shown(qtbot, first, second)
    first.setFocus()
    press(None, "Alt+S")
    assert second.editor.hasFocus()
    assert second.editor.accessibleName() == "Số định danh"


@pytest.mark.parametrize("typed", ["1/2/85", "01021985"])
def test_a_day_is_shown_in_one_form(qtbot: QtBot, app: QApplication, typed: str) -> None:
    field, other = DateField("born_on", "&Ngày sinh", read_day), LineField("x", "&X")
    shown(qtbot, field, other)
    field.setFocus()
    type_text(field.editor, typed)
    other.setFocus()
    assert field.editor.text() == "01/02/1985" or field.error()
    assert field.editor.text() == "01/02/1985"


def test_a_day_that_is_none_is_kept_and_named(qtbot: QtBot, app: QApplication) -> None:
    field, other = DateField("born_on", "&Ngày sinh", read_day), LineField("x", "&X")
    shown(qtbot, field, other)
    field.setFocus()
    type_text(field.editor, "31/02/1985")
    other.setFocus()
    assert field.editor.text() == "31/02/1985"
    assert field.error() == "Không có ngày này. Ghi như 01/02/1985."


def test_a_choice_is_found_without_marks(qtbot: QtBot, app: QApplication) -> None:
    field = ComboField("sector", "&Lĩnh vực", [("a", "Hộ tịch"), ("b", "Đất đai"), ("c", "Chứng thực")])
    shown(qtbot, field)
    field.setFocus()
    with qtbot.waitSignal(field.changed):
        type_text(field.editor, "da")
    assert field.key() == "b"


def test_the_wheel_does_not_change_a_choice(qtbot: QtBot, app: QApplication) -> None:
    field = ComboField("sector", "&Lĩnh vực", [("a", "Hộ tịch"), ("b", "Đất đai")])
    shown(qtbot, field)
    field.setFocus()
    QTest.wheelEvent(
        field.window().windowHandle(), field.editor.mapTo(field.window(), QPoint(9, 9)), QPoint(0, -120)
    )
    assert field.key() == "a"


def test_a_picker_finds_and_takes_by_keys(qtbot: QtBot, app: QApplication) -> None:
    picker = Picker("procedure", "&Thủ tục", gallery.find)
    shown(qtbot, picker, LineField("x", "&X"))
    picker.setFocus()
    type_text(picker.editor, "dang ky k")
    assert [option.key for option in picker.options()] == ["1.001193", "1.000894", "1.000689"]
    press(picker.editor, "Down")
    with qtbot.waitSignal(picker.chosen) as told:
        press(picker.editor, "Return")
    assert told.args == ["1.000894"]
    assert (picker.key(), picker.text()) == ("1.000894", "Đăng ký kết hôn")
    assert picker.options() == ()
    assert picker.editor.hasFocus()


def test_a_picker_left_without_a_choice_says_so(qtbot: QtBot, app: QApplication) -> None:
    picker, other = Picker("procedure", "&Thủ tục", gallery.find), LineField("x", "&X")
    shown(qtbot, picker, other)
    picker.setFocus()
    type_text(picker.editor, "dang ky")
    other.setFocus()
    assert picker.error() == "Hãy chọn một dòng trong danh sách"
    assert picker.options() == ()


def test_a_picker_takes_a_whole_title_typed_without_marks(qtbot: QtBot, app: QApplication) -> None:
    picker, other = Picker("procedure", "&Thủ tục", gallery.find), LineField("x", "&X")
    shown(qtbot, picker, other)
    picker.setFocus()
    type_text(picker.editor, "dang ky khai tu")
    other.setFocus()
    assert picker.key() == "1.000689"


def test_a_picker_dies_with_its_window(qtbot: QtBot, app: QApplication) -> None:
    window = QWidget()
    picker = Picker("procedure", "&Thủ tục", lambda _: [Option("1", "Một")])
    QVBoxLayout(window).addWidget(picker)
    with qtbot.waitActive(window):
        window.show()
    picker.setFocus()
    type_text(picker.editor, "m")
    assert picker.options()
    delete(window)
    assert not isValid(picker)


def test_error_summary_jumps_round(qtbot: QtBot, app: QApplication) -> None:
    one, two, errors = LineField("a", "&A"), LineField("b", "&B"), ErrorSummary()
    shown(qtbot, errors, one, two)
    errors.show_errors([("Thiếu A", one), ("Thiếu B", two)], "trước khi tiếp nhận")
    assert errors.hasFocus()
    assert len(errors.links()) == 2
    errors.next_error()
    assert one.editor.hasFocus()
    errors.next_error()
    assert two.editor.hasFocus()
    errors.next_error()
    assert one.editor.hasFocus()
    errors.previous_error()
    assert two.editor.hasFocus()
    errors.clear()
    assert not errors.isVisible()


# Queue


def paged(count: int) -> tuple[RowModel, list[int]]:
    asked: list[int] = []
    model = RowModel(gallery.COLUMNS, asked.append)
    model.begin(count)
    return model, asked


def page_rows(page: int) -> list[Row]:
    base = gallery.rows(1)[0]
    return [replace(base, id=f"d{page * PAGE + n}") for n in range(PAGE)]


def test_the_row_model_is_a_good_model(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = RowModel(gallery.COLUMNS)
    model.show_rows(gallery.rows(25))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    model.show_rows([])
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # as above


def test_pages_are_asked_once_and_only_when_seen(qtbot: QtBot, app: QApplication) -> None:
    model, asked = paged(100_000)
    table = QueueTable("queue", "Hàng việc", model)
    shown(qtbot, table)
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [0]
    table.verticalScrollBar().setValue(50_000)
    qtbot.waitUntil(lambda: len(asked) > 1)
    assert asked[1] == 250
    assert model.index(0, 0).data() == "…"
    model.put_page(0, page_rows(0))
    assert model.index(0, 0).data() == "19/11/2026 16:30"


def test_only_fifty_pages_are_kept(qtbot: QtBot) -> None:
    model, _ = paged(100_000)
    for page in range(PAGES_KEPT + 5):
        model.put_page(page, page_rows(page))
    assert model.place_of("d0") == -1
    assert model.place_of("d1000") == 1000
    anchor = model.last_row_before(6)
    assert anchor
    assert anchor.id == f"d{6 * PAGE - 1}"


def test_reloading_keeps_the_dossier_and_its_place(qtbot: QtBot, app: QApplication) -> None:
    model = RowModel(gallery.COLUMNS)
    model.show_rows(gallery.rows(100))
    table = QueueTable("queue", "Hàng việc", model)
    shown(qtbot, table)
    table.select("d60")
    table.verticalScrollBar().setValue(55)
    height = table.visualRect(table.currentIndex()).top()
    new = [replace(row, id=f"new{n}") for n, row in enumerate(gallery.rows(3))]
    model.show_rows(new + gallery.rows(100))
    assert table.current_id() == "d60"
    assert table.currentIndex().row() == 63
    assert table.visualRect(table.currentIndex()).top() == height


def test_a_dossier_that_is_gone_is_not_replaced_by_another(qtbot: QtBot, app: QApplication) -> None:
    model = RowModel(gallery.COLUMNS)
    model.show_rows(gallery.rows(10))
    table = QueueTable("queue", "Hàng việc", model)
    shown(qtbot, table)
    table.select("d5")
    model.show_rows(gallery.rows(5))
    assert table.current_id() == ""


def test_the_selection_is_found_again_when_its_page_comes(qtbot: QtBot, app: QApplication) -> None:
    model, _ = paged(1000)
    model.put_page(1, page_rows(1))
    table = QueueTable("queue", "Hàng việc", model)
    shown(qtbot, table)
    table.select("d250")
    model.begin(1000)
    assert table.current_id() == ""
    with qtbot.waitSignal(table.current_changed) as told:
        model.put_page(1, page_rows(1))
    assert told.args == ["d250"]


def test_keys_of_the_queue(qtbot: QtBot, app: QApplication) -> None:
    model = RowModel(gallery.COLUMNS)
    model.show_rows(gallery.rows(10))
    table = QueueTable("queue", "Hàng việc", model)
    shown(qtbot, table)
    table.setFocus()
    table.select_first()
    press(table, "Down")
    with qtbot.waitSignal(table.opened) as opened:
        press(table, "Return")
    with qtbot.waitSignal(table.previewed) as previewed:
        press(table, "Space")
    assert (opened.args, previewed.args) == (["d1"], ["d1"])


def test_news_do_not_move_the_list(qtbot: QtBot, app: QApplication) -> None:
    news = NewsBar()
    qtbot.addWidget(news)
    news.set_count(3)
    assert not news.isHidden()
    news.set_count(0)
    assert news.isHidden()


# Other parts


def test_tabs_say_their_count(qtbot: QtBot, app: QApplication) -> None:
    tabs = TabBar("tabs", "Nhóm")
    shown(qtbot, tabs)
    tabs.set_tabs([("all", "Tất cả", 12), ("overdue", "Quá hạn", 4)])
    assert tabs.key() == "all"
    tabs.setFocus()
    with qtbot.waitSignal(tabs.chosen) as told:
        press(tabs, "Right")
    assert told.args == ["overdue"]
    tabs.set_count("overdue", 5)
    assert tabs.tabText(1) == "Quá hạn 5"


def test_checklist_counts_what_is_needed(qtbot: QtBot, app: QApplication) -> None:
    checklist = Checklist("components")
    checklist.set_components(gallery.PIECES)
    shown(qtbot, checklist)
    assert checklist.missing() == (gallery.PIECES[1].name,)
    row = checklist.rows()[1]
    assert row.status() == ("Bắt buộc · còn thiếu", "error")
    row.setFocus()
    with qtbot.waitSignal(checklist.changed):
        press(row, "Space")
    assert checklist.missing() == ()
    assert (checklist.given()[1].is_given, checklist.given()[1].originals) == (True, 1)
    taken = checklist.apply(gallery.PIECES)
    assert [component.is_given for component in taken] == [True, True, True, False]
    assert (taken[2].originals, taken[2].copies) == (1, 1)


def test_checklist_focuses_what_is_missing(qtbot: QtBot, app: QApplication) -> None:
    checklist = Checklist("components")
    checklist.set_components(gallery.PIECES)
    shown(qtbot, checklist)
    checklist.focus_missing()
    assert checklist.rows()[1].hasFocus()


def test_timeline_groups_by_day_and_filters(qtbot: QtBot, app: QApplication) -> None:
    timeline = Timeline("journal")
    shown(qtbot, timeline)
    timeline.show_moments(gallery.MOMENTS)
    words = [timeline.model().index(n, 0).data() for n in range(timeline.model().rowCount())]
    assert words[0] == "Thứ Bảy 21/11/2026"
    assert len(words) == len(gallery.MOMENTS) + 3
    assert "Thiếu giấy chứng sinh" in words[-2]
    timeline.set_only_decisions(True)
    assert [moment.id for moment in timeline.shown()] == ["5", "2"]


def test_a_long_reason_gets_all_its_lines(qtbot: QtBot, app: QApplication) -> None:
    timeline = Timeline("journal")
    shown(qtbot, timeline)
    short = Moment("1", "Hôm nay", "09:00", "inbox", "Tiếp nhận", "Lê Thị Ánh")
    timeline.show_moments([short, replace(short, id="2", reason="Thiếu giấy chứng sinh. " * 20)])
    rows = [timeline.visualRect(timeline.model().index(n, 0)).height() for n in (1, 2)]
    assert rows[1] > rows[0] + 40


def test_rail_tells_where_to_go_and_what_waits(qtbot: QtBot, app: QApplication) -> None:
    rail = Rail(gallery.PLACES, gallery.FOOT)
    shown(qtbot, rail)
    rail.set_badge("approve", 4)
    assert rail.button("approve").accessibleName() == "Phê duyệt, 4 việc đang chờ"
    with qtbot.waitSignal(rail.chosen) as told:
        QTest.mouseClick(rail.button("approve"), Qt.MouseButton.LeftButton)
    assert told.args == ["approve"]
    rail.set_shown(["queue", "help"])
    assert rail.button("approve").isHidden()


def test_toast_acts_once_and_goes(qtbot: QtBot, app: QApplication) -> None:
    window = shown(qtbot, QWidget())
    toast, undone = Toast(window), []
    toast.show_words("Đã chuyển hồ sơ", "Hoàn tác", lambda: undone.append(1))
    assert window.rect().contains(toast.geometry())
    assert toast.act()
    assert not toast.act()
    assert undone == [1]
    toast.show_words("Đã lưu", ms=10)
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_drawer_gives_the_focus_back(qtbot: QtBot, app: QApplication) -> None:
    field, drawer = LineField("a", "&A"), Drawer("print", "In")
    inside = LineField("copies", "&Số bản")
    drawer.body.addWidget(inside)
    shown(qtbot, field, drawer)
    field.setFocus()
    drawer.open_drawer()
    inside.setFocus()
    with qtbot.waitSignal(drawer.closed):
        press(inside.editor, "Esc")
    assert not drawer.isVisible()
    assert field.editor.hasFocus()


def a_page(shade: int = 255, width: int = 210, height: int = 297) -> PageImage:
    return PageImage(width, height, bytes([shade, 0, 0, 255]) * (width * height))


def test_pages_keep_their_colours(app: QApplication) -> None:
    image = to_image(a_page(shade=200, width=3, height=2))
    assert image.pixelColor(2, 1).name() == "#0000c8"
    with pytest.raises(ValueError, match="4 bytes"):
        to_image(PageImage(3, 2, b"123"))


def test_page_view_zooms_and_goes_to_pages(qtbot: QtBot, app: QApplication) -> None:
    view = PageView("preview")
    shown(qtbot, view)
    view.set_pages([a_page() for _ in range(5)])
    fitting = view.zoom()
    assert fitting > 1
    view.zoom_by(0.5)
    assert view.zoom() == pytest.approx(fitting / 2)
    view.set_zoom(0)
    with qtbot.waitSignal(view.page_changed):
        view.go_to(3)
    assert view.page() == 3


def test_page_view_is_white_in_the_dark(qtbot: QtBot, app: QApplication) -> None:
    look.apply_look(app, "dark")
    view = PageView("preview")
    shown(qtbot, view)
    clear = QImage(100, 100, QImage.Format.Format_ARGB32)
    clear.fill(Qt.GlobalColor.transparent)
    view.set_images([clear])
    shot = view.viewport().grab().toImage()
    assert shot.pixelColor(shot.width() // 2, shot.height() // 2).name() == "#ffffff"


def test_thumbnails_tell_which(qtbot: QtBot, app: QApplication) -> None:
    thumbnails = Thumbnails("pages")
    shown(qtbot, thumbnails)
    thumbnails.set_pages([a_page() for _ in range(3)], ["Tờ khai"])
    assert [thumbnails.item(n).text() for n in range(3)] == ["Tờ khai", "Trang 2", "Trang 3"]
    thumbnails.setFocus()
    thumbnails.setCurrentRow(0)
    with qtbot.waitSignal(thumbnails.chosen) as told:
        press(thumbnails, "Right")
    assert told.args == [1]


def test_the_big_number_is_copied(qtbot: QtBot, app: QApplication) -> None:
    number = BigNumber("Mã hồ sơ")
    shown(qtbot, number)
    number.show_number("H38.12.22-261121-0031")
    number.setFocus()
    with qtbot.waitSignal(number.copied):
        press(number, "Ctrl+C")
    assert app.clipboard().text() == "H38.12.22-261121-0031"
    assert number.accessibleName() == "Mã hồ sơ: H38.12.22-261121-0031"


def test_a_name_is_never_markup(qtbot: QtBot, app: QApplication) -> None:
    empty = EmptyState("inbox", "<b>Không còn hồ sơ</b>")
    shown(qtbot, empty)
    assert empty._title.textFormat() is Qt.TextFormat.PlainText


def test_pill_says_its_words(qtbot: QtBot, app: QApplication) -> None:
    pill = StatusPill("overdue", "Quá hạn 2 ngày")
    shown(qtbot, pill)
    assert pill.accessibleName() == "Quá hạn 2 ngày"
    shot = pill.grab().toImage()
    assert shot.pixelColor(shot.width() // 2, 4).name() == look.current().overdue.tint.lower()
    with pytest.raises(ValueError, match="no_such"):
        look.current().urgency("no_such")


# Questions


def answer_with(keys: str) -> None:
    """Presses keys once the question stands on the screen."""
    QTimer.singleShot(50, lambda: press(QApplication.activeModalWidget(), keys))


def test_a_question_gives_its_key(qtbot: QtBot, app: QApplication) -> None:
    answers = (Answer("keep", "Giữ bản nháp", "primary"), Answer("drop", "Bỏ"), Answer("stay", "Ở lại"))
    answer_with("Return")
    assert ask(None, "Có thay đổi chưa lưu", "", answers) == "keep"
    answer_with("Esc")
    assert ask(None, "Có thay đổi chưa lưu", "", answers) == ""


def test_a_dangerous_act_is_not_done_by_enter(qtbot: QtBot, app: QApplication) -> None:
    answer_with("Return")
    assert not confirm(None, "Huỷ hồ sơ", "Của Nguyễn Thị Mai", "Huỷ hồ sơ", is_danger=True)


def test_a_reason_must_be_given(qtbot: QtBot, app: QApplication) -> None:
    dialog = ReasonDialog(None, "Trả lại", "Hồ sơ của Lê Quốc Ưu", "Trả lại", is_danger=False)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
    press(dialog.reason.editor, "Ctrl+Return")
    assert dialog.reason.error() == "Hãy ghi lý do"
    assert dialog.isVisible()
    type_text(dialog.reason.editor, "Thiếu chữ ký")
    press(dialog.reason.editor, "Ctrl+Return")
    assert not dialog.isVisible()
    assert (dialog.answer(), dialog.reason.text()) == ("yes", "Thiếu chữ ký")
