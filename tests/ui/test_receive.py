"""The intake page at a real desk: real store, real office, only keys."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from onestop.domain.deadline import due_date
from onestop.domain.dossier import State
from onestop.office.deeds import find_dossier
from onestop.office.intake import submit_dossier
from tests.ui.counter import BIRTH, CARD, Counter, counter
from ui.pages.receive_ask import SupplementDialog
from ui.pages.receive_drafts import find_drafts
from ui.pages.receive_side import due_words
from ui.pages.receive_typed import intake_form
from ui.tasks import Tasks
from ui.tour.keys import compose, press, type_by_unikey
from ui.widgets import Question, ReasonDialog


@pytest.fixture
def at(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


# ---- the way through ----------------------------------------------------------------------


def test_a_birth_registration_by_keys_alone(at: Counter) -> None:
    """From an empty screen to a received dossier and its receipt; no mouse event (checked below)."""
    clicks: list[object] = []
    watch = _ClickWatch(clicks)
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    at.type("dang ky khai sinh")
    at.press("Return")
    at.press("F7")
    at.type(CARD + "\n")
    at.fill("owner.phone", "0912 000 101")
    at.press("Tab")
    at.fill("content", "Đăng ký khai sinh cho con Nguyễn Gia Ưu")
    for no in (1, 2):
        at.go_to(f"component_{no}")
        at.press("Space")
    at.go_to(f"component_{at.fields.components.lines()[-2].no}")
    at.press("Space")
    at.press("Ctrl+Return")
    at.wait_received()
    app.removeEventFilter(watch)

    done = at.desk.frame.done[0].dossier
    assert done.state is State.RECEIVED
    assert done.subject.procedure.code == BIRTH
    assert done.owner.name == "Nguyễn Thị Đặng Hường"
    assert done.owner.born_on == "1988-03-14"
    assert done.owner.phone == "0912000101"
    assert done.subject.content == "Đăng ký khai sinh cho con Nguyễn Gia Ưu"
    assert at.desk.frame.printed == [(done.id, "01")]
    assert not clicks


def test_the_code_is_shown_big_copied_and_announced(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    code = at.desk.frame.done[0].dossier.code
    assert at.page.done.number.number() == code
    assert code in at.page.done.number.accessibleName()
    at.press("Ctrl+C")
    assert QApplication.clipboard().text() == code
    facts = at.page.done.facts()
    assert facts["Hạn trả kết quả"] == "Thứ Hai 16/11/2026, 16:30"
    assert facts["Đang giữ hồ sơ"].startswith("Trần Thị Mai")
    at.press("Ctrl+P")
    assert len(at.desk.frame.printed) == 2


def test_forward_at_once_and_take_back(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    assert at.page.done.forward.text().strip() == "Chuyển ngay đến Văn phòng HĐND và UBND"
    at.page.done.forward.setFocus()
    at.press("Space")
    at.settle()
    sent = at.desk.frame.done[-1].dossier
    assert sent.holder is not None
    assert sent.holder.unit == "van-phong"
    assert at.page.done.facts()["Đang giữ hồ sơ"] == "Văn phòng HĐND và UBND"
    assert not at.page.done.forward.isVisible()
    assert at.desk.frame.undo is not None
    at.desk.frame.undo()
    at.settle()
    assert at.desk.frame.done[-1].dossier.state is State.RECEIVED
    assert at.page.done.forward.isVisible()


def test_the_main_button_says_what_it_does(at: Counter) -> None:
    assert at.page.view.receive.text() == "Tiếp nhận và in phiếu  (Ctrl+Enter)"
    at.desk.frame.change_setting("print.on_receive", False)
    at.page.enter()
    assert at.page.view.receive.text() == "Tiếp nhận  (Ctrl+Enter)"


def test_the_next_dossier_starts_empty(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    at.page.enter()
    at.settle()
    assert not at.page.is_changed()
    assert at.focused().objectName() == "procedure_editor"
    assert not find_drafts(at.desk.office)


def test_receipt_is_not_asked_for_when_the_setting_is_off(at: Counter) -> None:
    at.desk.frame.change_setting("print.on_receive", False)
    at.fill_birth()
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    assert at.desk.frame.printed == []


# ---- errors -------------------------------------------------------------------------------


def test_two_errors_make_a_summary_and_f8_goes_round(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    at.page.fields.owner.fields["id_number"].set_text("03818800421")
    at.page.fields.components.list.rows()[0].setChecked(False)
    at.press("Ctrl+Return")
    at.settle()
    assert at.desk.frame.done == []
    links = [link.text() for link in at.page.errors.links()]
    assert len(links) == 2
    assert "Phải có đúng 12 chữ số, hiện có 11" in links[0]
    assert links[1].startswith("Thiếu giấy tờ bắt buộc: Tờ khai đăng ký khai sinh")
    assert at.page.errors.hasFocus()
    at.press("F8")
    assert at.focused().objectName() == "owner.id_number_editor"
    assert at.page.fields.owner.fields["id_number"].error()
    at.press("F8")
    assert at.focused().objectName() == "component_1"
    at.press("Shift+F8")
    assert at.focused().objectName() == "owner.id_number_editor"
    assert at.page.fields.owner.fields["id_number"].text() == "03818800421"
    assert at.page.fields.owner.fields["name"].text() == "Nguyễn Thị Đặng Hường"


def test_an_empty_form_names_every_field_and_saves_nothing(at: Counter) -> None:
    at.press("Ctrl+Return")
    at.settle()
    words = " ".join(link.text() for link in at.page.errors.links())
    for part in ("Chưa chọn thủ tục", "Chưa nhập họ tên", "Chưa nhập số định danh", "Chưa nhập nơi cư trú"):
        assert part in words
    assert at.desk.frame.done == []
    assert find_drafts(at.desk.office) == []


def test_enter_never_sends(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    for line in at.page.fields.findChildren(QLineEdit):
        if line.isVisible() and line.objectName() not in {"procedure_editor", "owner.card_editor"}:
            line.setFocus()
            at.press("Return")
    at.settle()
    assert at.desk.frame.done == []
    at.press("Ctrl+Return")
    at.wait_received()
    assert len(at.desk.frame.done) == 1


def test_unknown_procedure(at: Counter) -> None:
    at.type("xyz khong co")
    at.press("Tab")
    assert "Hãy chọn một dòng" in at.page.fields.procedure.error()
    at.press("Ctrl+Return")
    assert "Không có thủ tục mã “xyz khong co”" in at.page.errors.links()[0].text()
    assert at.page.fields.procedure.editor.text() == "xyz khong co"


def test_all_142_procedures_are_found_by_their_code(at: Counter) -> None:
    procedures = at.desk.office.catalogue.procedures
    assert len(procedures) == 142
    for procedure in procedures:
        at.page.fields.procedure.editor.clear()
        at.type(procedure.code)
        found = {each.key: each for each in at.page.fields.procedure.options()}
        assert procedure.sector in found[procedure.code].subtitle
        assert found[procedure.code].title.startswith(procedure.code)


# ---- typing -------------------------------------------------------------------------------


def test_unikey_and_ime_in_every_line(at: Counter) -> None:
    at.page.fields.is_owner_here.setChecked(False)
    at.choose_procedure(BIRTH)
    at.settle()
    for line in at.page.fields.findChildren(QLineEdit):
        if not line.isVisible() or "spinbox" in line.objectName():
            continue
        line.setFocus()
        line.clear()
        type_by_unikey(line, "Nguye<ê<ễn")
        assert line.text() == "Nguyễn", line.objectName()
        line.clear()
        compose(line, "Nguyê")
        assert not line.property("invalid"), line.objectName()
        compose(line, "", "Nguyễn")
        assert line.text() == "Nguyễn", line.objectName()
        if line.objectName() == "procedure_editor":
            press(line, "Escape")
        line.clear()


def test_nfd_paste_is_stored_as_nfc_and_found_without_marks(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    name = at.page.fields.owner.fields["name"]
    name.setFocus()
    at.press("Ctrl+A")
    QApplication.clipboard().setText(unicodedata.normalize("NFD", " Đặng  Thị Đức "))
    at.press("Ctrl+V", "Ctrl+Return")
    at.wait_received()
    dossier = at.desk.frame.done[0].dossier
    assert dossier.owner.name == unicodedata.normalize("NFC", "Đặng Thị Đức")
    for query in ("dang thi duc", "đặng thị đức", "duc"):
        assert [each.row.id for each in at.desk.frame.worklist.search(query)] == [dossier.id]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1/2/85", "01/02/1985"),
        ("01021985", "01/02/1985"),
        ("01-02-1985", "01/02/1985"),
        ("1985", "1985"),
        ("2/1985", "02/1985"),
    ],
)
def test_birth_forms(at: Counter, typed: str, shown: str) -> None:
    at.fill("owner.born_on", typed)
    at.press("Tab")
    field = at.page.fields.owner.fields["born_on"]
    assert at.page.fields.owner.typed().born_on == shown
    assert not field.error()


def test_31_february_is_refused_in_words_and_kept(at: Counter) -> None:
    at.fill("owner.born_on", "31/02/1985")
    field = at.page.fields.owner.fields["born_on"]
    assert not field.error()  # nothing is said while the field is being typed in
    at.press("Tab")
    assert "không có ngày 31" in field.error()
    assert field.text() == "31/02/1985"


@pytest.mark.parametrize("name", ["Y Moan Êban", "H'Hen Niê Kdăm", "K'Brèo", "Lò Văn Ế", "Giàng A Páo"])
def test_names_of_all_peoples(at: Counter, name: str) -> None:
    at.fill("owner.name", name)
    at.press("Tab")
    assert not at.page.fields.owner.fields["name"].error()
    assert at.page.fields.owner.typed().name == name


def test_what_looks_wrong_in_a_number_is_said_softly(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()
    at.page.fields.owner.fields["born_on"].set_text("14/03/1990")
    at.page.fields.owner.fields["born_on"].setFocus()
    at.press("Tab")
    assert "Theo số định danh là sinh năm 1988, đang ghi 1990." in at.page.fields.owner.warnings()
    at.press("Ctrl+Return")
    at.wait_received()  # a warning, never a bar
    assert at.desk.frame.done[0].dossier.owner.born_on == "1990-03-14"


def test_an_organisation_with_the_person_who_comes(at: Counter) -> None:
    at.choose_procedure("1.004873")
    at.page.fields.owner._kinds[1].setFocus()
    at.press("Space")
    at.fill("owner.tax_code", "2809990019")
    at.fill("owner.name", "Hợp tác xã Nông nghiệp Đồng Tâm Tân Hòa")
    at.fill("owner.address", "Thôn Đoàn Kết, xã Tân Hòa")
    at.scan(CARD)  # a card is a person's: the one who comes
    at.tick_needed()
    _set_amount(at, "0")
    at.press("Ctrl+Return")
    at.wait_received()
    subject = at.desk.frame.done[0].dossier.subject
    assert (subject.owner.kind, subject.owner.tax_code) == ("organisation", "2809990019")
    assert subject.delegate is not None
    assert subject.delegate.name == "Nguyễn Thị Đặng Hường"


# ---- due date and fees --------------------------------------------------------------------


def test_due_is_the_calendars_and_says_what_was_skipped(at: Counter) -> None:
    at.desk.clock.set(9, day=20)
    at.choose_procedure("1.004873")
    office = at.desk.office
    limit = office.catalogue.procedure("1.004873").time_limit
    due = due_date(office.calendar, limit, office.now)
    assert at.page.fields.due.words() == due_words(due)
    assert at.page.fields.due.reason() == due.explanation
    assert "Văn hoá Việt Nam 24/11" in due.explanation or "Văn hóa Việt Nam 24/11" in due.explanation


def test_three_oclock_passes_while_the_form_is_open(at: Counter) -> None:
    at.desk.clock.set(14, 59)
    at.choose_procedure(BIRTH)
    before = at.page.fields.due.words()
    at.desk.clock.set(15, 1)
    at.page._minute.timeout.emit()
    assert at.page.fields.due.words() != before


def test_a_limit_the_catalogue_does_not_say_is_asked(at: Counter) -> None:
    procedures = at.desk.office.catalogue.procedures
    code = next(p.code for p in procedures if p.time_limit.unit.value == "unspecified")
    at.choose_procedure(code)
    assert at.page.fields.time_value.isVisible()
    assert at.page.fields.due.words() == "Chưa tính được"
    at.scan(CARD)
    at.tick_needed()
    for line in at.page.fields.fees.lines:
        line.amount.set_text("0")
    at.press("Ctrl+Return")
    assert at.page.errors.links()[0].text().startswith("Thủ tục này chưa có thời hạn")
    at.press("F8")
    assert at.focused().objectName() == "time_limit_editor"
    at.type("5")
    assert at.page.fields.due.words() != "Chưa tính được"
    at.press("Ctrl+Return")
    at.wait_received()
    assert at.desk.frame.done[0].dossier.clock.due.value == 5


def test_an_unknown_fee_is_asked_and_never_guessed(at: Counter) -> None:
    procedures = at.desk.office.catalogue.procedures
    code = next(p.code for p in procedures if p.fee_vnd is None and p.time_limit.value)
    at.choose_procedure(code)
    at.scan(CARD)
    at.tick_needed()
    assert at.page.fields.due.fee() == "Chưa nhập số tiền"
    at.press("Ctrl+Return")
    assert [link.text() for link in at.page.errors.links()] == [
        "Chưa nhập số tiền. Nhập số đồng; được miễn thì nhập 0."
    ]
    at.press("F8")
    at.type("75000")
    assert at.page.fields.due.fee() == "75.000 đồng"
    at.press("Ctrl+Return")
    at.wait_received()
    assert at.desk.frame.done[0].dossier.fee_total_vnd == 75000


def test_a_known_fee_and_one_more_line(at: Counter) -> None:
    at.choose_procedure("1.004222")  # 20.000 đồng at the counter
    assert at.page.fields.due.fee() == "—"  # its case is still to be chosen
    at.press("1")
    assert at.page.fields.due.fee() == "20.000 đồng"
    at.page.fields.fees.add.setFocus()
    at.press("Space")
    at.fill("fees.1", "8.000")
    at.press("Tab")
    assert at.page.fields.due.fee() == "28.000 đồng"
    assert [fee.amount for fee in at.page.fields.fees.typed()] == ["20.000", "8.000"]


# ---- missing papers, refusing, twins -------------------------------------------------------


def test_the_count_of_needed_papers_follows(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    panel = at.page.fields.components
    assert panel.head() == "Thành phần hồ sơ · 0/3 bắt buộc"
    assert panel.list.rows()[0].status() == ("Bắt buộc · còn thiếu", "error")
    at.go_to("component_1")
    at.press("Space")
    assert panel.head() == "Thành phần hồ sơ · 1/3 bắt buộc"
    at.press("Tab", "Up", "Tab", "Up", "Tab", "Up")
    line = panel.lines()[0]
    assert (line.originals, line.certified, line.copies) == (2, 1, 1)


def test_missing_papers_make_one_notice(at: Counter) -> None:
    at.fill_birth()
    at.page.fields.components.list.rows()[0].setChecked(True)

    def answer(dialog: Question) -> None:
        assert isinstance(dialog, SupplementDialog)
        dialog.other.set_text("Tờ khai thiếu chữ ký\nẢnh mờ")
        press(dialog, "Ctrl+Return")

    _when_asked(answer)
    at.page.view.supplement.setFocus()
    at.press("Space")
    at.wait_received()
    dossier = at.desk.frame.done[0].dossier
    assert dossier.state is State.AWAITING_SUPPLEMENT
    assert len(dossier.missing) == 4
    assert dossier.missing[-2:] == ("Tờ khai thiếu chữ ký", "Ảnh mờ")
    assert dossier.due_at is None
    assert at.page.done.facts()["Cần bổ sung"].count("•") == 4
    assert find_drafts(at.desk.office) == []
    at.page.done.print.click()
    assert at.desk.frame.printed == [(dossier.id, "02")]


def test_a_supplement_needs_at_least_one_thing(at: Counter) -> None:
    at.fill_birth()
    at.tick_needed()

    def answer(dialog: Question) -> None:
        assert isinstance(dialog, SupplementDialog)
        press(dialog, "Ctrl+Return")
        assert dialog.isVisible()
        press(dialog, "Escape")

    _when_asked(answer)
    at.page.ask_supplement()
    at.settle()
    assert at.desk.frame.done == []


def test_refuse_with_a_reason(at: Counter) -> None:
    at.fill_birth()

    def answer(dialog: Question) -> None:
        assert isinstance(dialog, ReasonDialog)
        dialog.reason.set_text("Không thuộc thẩm quyền của UBND cấp xã")
        press(dialog, "Ctrl+Return")

    _when_asked(answer)
    at.page.refuse()
    at.wait_received()
    dossier = at.desk.frame.done[0].dossier
    assert dossier.state is State.REFUSED
    assert dossier.reason == "Không thuộc thẩm quyền của UBND cấp xã"
    assert at.page.done.can_print()
    at.page.done.print.click()
    assert at.desk.frame.printed == [(dossier.id, "03")]


def test_a_twin_is_said_softly_with_a_link(at: Counter) -> None:
    first = at.desk.receive(BIRTH, 0)
    at.fill_birth()
    at.settle()
    twins = at.page.view.twins
    assert twins.isVisible()
    assert first.code in twins.links[0].text()
    twins.links[0].setFocus()
    at.press("Space")
    assert at.desk.frame.gone[-1] == ("dossier", first.id)
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()  # it may be right


def test_another_procedure_or_person_is_no_twin(at: Counter) -> None:
    at.desk.receive("1.004873", 0)
    at.desk.receive(BIRTH, 1)
    at.fill_birth()
    at.settle()
    assert not at.page.view.twins.isVisible()


def test_a_registered_dossier_is_received_under_its_code(at: Counter) -> None:
    at.fill_birth()
    form, _ = intake_form(at.page.fields.typed())
    at.page.fields.fill(at.page.fields.typed())
    submitted = submit_dossier(at.desk.office, form).dossier
    at.page.start_new()
    at.page.enter(submitted.id)
    at.settle()
    assert at.page.fields.owner.fields["name"].text() == "Nguyễn Thị Đặng Hường"
    at.tick_needed()
    at.press("Ctrl+S")
    at.settle()
    at.page.start_new()
    at.page.take_draft(find_drafts(at.desk.office)[0])  # a draft remembers which dossier it is of
    at.press("Ctrl+Return")
    at.wait_received()
    received = find_dossier(at.desk.office, submitted.id)
    assert len(at.desk.frame.done) == 1
    assert (received.code, received.state) == (submitted.code, State.RECEIVED)


# ---- the page as a whole ------------------------------------------------------------------


def test_access_keys_are_unique_letters(at: Counter) -> None:
    at.choose_procedure("2.002516")
    at.page.fields.is_owner_here.setChecked(False)
    labels = [each for each in at.page.findChildren(QLabel) if each.buddy()]
    parts: list[QLabel | QAbstractButton] = [*labels, *at.page.findChildren(QAbstractButton)]
    keys = [_access_key(part.text()) for part in parts if part.isVisible()]
    keys = [key for key in keys if key]
    assert len(keys) > 10
    assert len(keys) == len(set(keys)), keys
    assert all(key.isascii() and key.isalpha() and key != "Z" for key in keys)


def test_no_shortcut_answers_twice(at: Counter) -> None:
    shortcuts = at.page.view.form.findChildren(QShortcut)
    keys = [sequence.toString() for shortcut in shortcuts for sequence in QShortcut.keys(shortcut)]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+Return", "F8", "F9", "Ctrl+S"} <= set(keys)
    assert "F7" not in keys  # the frame's, which asks the page


def test_tab_goes_down_the_page_and_back(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.page.fields.procedure.setFocus()
    order = [at.focused()]
    while True:
        at.press("Tab")
        if at.focused() in order:
            break
        order.append(at.focused())
    names = [widget.objectName() for widget in order]
    wanted = ["procedure_editor", "case_1", "owner.card_editor", "owner.id_number_editor",
              "owner.name_editor", "owner.born_on_editor", "content_editor", "papers_add", "component_1",
              "receive_button", "save_button", "cancel_button"]  # fmt: skip
    assert [name for name in names if name in wanted] == wanted
    back = [at.focused()]
    for _ in order[1:]:
        at.press("Shift+Tab")
        back.append(at.focused())
    assert back == [order[0], *reversed(order[1:])]


def test_filling_never_saves(at: Counter) -> None:
    at.fill_birth()
    typed = at.page.fields.typed()
    at.page.start_new()
    at.settle()
    count = len(find_drafts(at.desk.office))
    at.page.fields.fill(typed)
    at.qtbot.wait(900)
    at.settle()
    assert len(find_drafts(at.desk.office)) == count
    assert at.desk.frame.done == []


def _access_key(text: str) -> str:
    place = text.find("&")
    return text[place + 1].upper() if 0 <= place < len(text) - 1 else ""


def _set_amount(at: Counter, text: str) -> None:
    for line in at.page.fields.fees.lines:
        line.amount.set_text(text)


def _when_asked(answer: Callable[[Question], None]) -> None:
    """Answers the next question by keys, as soon as it stands."""

    def look_up() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Question):
            answer(dialog)
        else:
            QTimer.singleShot(20, look_up)

    QTimer.singleShot(20, look_up)


class _ClickWatch(QObject):
    """Notes every mouse press of the program."""

    def __init__(self, seen: list[object]) -> None:
        super().__init__()
        self._seen = seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonPress:
            self._seen.append(watched)
        return False
