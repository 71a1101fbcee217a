"""The dossier page on a real store: every act of the table by keys, papers, notes, edges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import State
from onestop.domain.moment import show_at
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.store.rows import put_reference
from tests.printing_samples import FORM, receipt_pdf
from tests.ui.dossier_desk import (
    CASHIER,
    CLERK,
    HEAD,
    LEADER,
    OTHER,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    answering,
)
from tests.ui.windows import letters
from ui.acts import FORMS, AskForm, Scene
from ui.acts.papers import AttachForm
from ui.look import apply_look
from ui.pages.dossier_words import notices
from ui.tasks import Tasks
from ui.widgets import ComboField, Field

REASON = "Theo đề nghị của chủ hồ sơ Lò Thị Đức."


@pytest.fixture
def seat(tmp_path: Path, tasks: Tasks, app: QApplication, qtbot: QtBot) -> Iterator[Seat]:
    made = Seat(tmp_path, tasks, qtbot)
    yield made
    tasks.shutdown()
    made.end()


def nothing(_: Seat) -> None:
    """The form is right as it opens."""


def reason(seat: Seat) -> None:
    seat.fill("reason", REASON)


def ask_for_papers(seat: Seat) -> None:
    seat.fill("missing", "Bản chính giấy chứng sinh\nẢnh 4 × 6")
    reason(seat)


def tick_components(seat: Seat) -> None:
    assert seat.page.dossier is not None
    for line in seat.page.dossier.subject.components:
        seat.go_to(f"component_{line.no}")
        seat.press("Space")


def give_back(seat: Seat) -> None:
    seat.fill("amount_vnd", "5 000 đ")
    reason(seat)


def correct(seat: Seat) -> None:
    seat.fill("owner.name", "Lò Thị Đức Hạnh")
    reason(seat)


def choose_file(seat: Seat) -> None:
    form = seat.page.panel.form
    assert isinstance(form, AttachForm)
    paths = [seat.picture()]
    form.files.choose = lambda _: paths  # the system's own window
    seat.press("Space")
    seat.settle(lambda: bool(form.files.text()))


def to_another_agency(seat: Seat) -> None:
    seat.fill("to_agency", "H56.77.66")
    seat.fill("agency_name", "UBND xã Hồi Xuân")
    reason(seat)


def first_entry(seat: Seat) -> None:
    """The journal is read beside the window; its first entry is chosen already."""
    seat.settle(lambda: bool(seat.page.panel.form and seat.page.panel.form.texts()["entries"]))


@dataclass(frozen=True)
class Way:
    """How an act is done at the page: by whom, from where, what is typed, and what then holds."""

    officer: str
    start: Callable[[Seat], str]
    type: Callable[[Seat], None]
    state: State
    line: str = ""
    is_asked: bool = False


WAYS = {
    Act.RECEIVE: Way(RECEPTION, Seat.submitted, tick_components, State.RECEIVED, "Hạn trả: 19/11/2026 16:30"),
    Act.REFUSE: Way(RECEPTION, Seat.submitted, reason, State.REFUSED, REASON, is_asked=True),
    Act.REQUEST_SUPPLEMENT: Way(
        SPECIALIST, Seat.processing, ask_for_papers, State.AWAITING_SUPPLEMENT, "Cần bổ sung: Ảnh 4 × 6"
    ),
    Act.TAKE_SUPPLEMENT: Way(
        RECEPTION, Seat.awaiting, nothing, State.PROCESSING, "Đã nhận: Bản chính giấy chứng sinh"
    ),
    Act.FORWARD: Way(RECEPTION, Seat.received, nothing, State.PROCESSING, "Tới: Nguyễn Thị Ánh Tuyết"),
    Act.TAKE_OVER: Way(SPECIALIST, Seat.sent, nothing, State.PROCESSING, "Từ: Trần Thị Mai"),
    Act.SEND_BACK: Way(SPECIALIST, Seat.processing, reason, State.PROCESSING, REASON),
    Act.RECALL: Way(RECEPTION, Seat.sent, reason, State.RECEIVED, REASON),
    Act.CONSULT: Way(
        SPECIALIST,
        Seat.processing,
        lambda seat: seat.fill("question", "Có thuộc quy hoạch không?"),
        State.PROCESSING,
        "Hỏi: Phòng Kinh tế",
    ),
    Act.GIVE_OPINION: Way(
        OTHER,
        Seat.asked,
        lambda seat: seat.fill("opinion", "Không thuộc quy hoạch."),
        State.PROCESSING,
        "Không thuộc quy hoạch.",
    ),
    Act.PROPOSE: Way(
        SPECIALIST,
        Seat.processing,
        lambda seat: seat.fill("proposal", "Đủ điều kiện. Kính trình."),
        State.PROPOSED,
        "Tới: Vũ Thanh Bình",
    ),
    Act.APPROVE: Way(HEAD, Seat.proposed, nothing, State.APPROVED, "Tới: Bùi Quyết Thắng"),
    Act.DISAPPROVE: Way(HEAD, Seat.proposed, reason, State.PROCESSING, REASON),
    Act.SIGN: Way(LEADER, Seat.approved, nothing, State.SIGNED, "Tới: Ngô Thị Ngọc Lan", is_asked=True),
    Act.PAUSE: Way(SPECIALIST, Seat.processing, reason, State.PAUSED, "Tạm dừng theo quy định"),
    Act.RESUME: Way(SPECIALIST, Seat.paused, reason, State.PROCESSING, REASON),
    Act.STOP: Way(HEAD, Seat.processing, reason, State.STOPPED, REASON, is_asked=True),
    Act.DRAFT_APOLOGY: Way(
        SPECIALIST, Seat.processing, reason, State.PROCESSING, "Xin hẹn lại: 25/11/2026 16:30"
    ),
    Act.EXTEND: Way(HEAD, Seat.processing, reason, State.PROCESSING, "Hẹn lại: 25/11/2026 16:30"),
    Act.WITHDRAW: Way(RECEPTION, Seat.received, reason, State.WITHDRAWN, REASON, is_asked=True),
    Act.CORRECT: Way(
        RECEPTION,
        Seat.received,
        correct,
        State.RECEIVED,
        "Chủ hồ sơ, họ và tên: Lò Thị Đức → Lò Thị Đức Hạnh",
    ),
    Act.COMPLETE: Way(
        CLERK,
        Seat.signed,
        lambda seat: seat.fill("number", "125/UBND-XN"),
        State.COMPLETED,
        "Số 125/UBND-XN, ngày 16/11/2026",
    ),
    Act.HAND_OUT: Way(
        RECEPTION, Seat.completed, nothing, State.HANDED_OUT, "Người nhận: Lò Thị Đức", is_asked=True
    ),
    Act.COLLECT: Way(CASHIER, Seat.received, nothing, State.RECEIVED, "15.000 đồng · Tiền mặt"),
    Act.REFUND: Way(
        CASHIER,
        Seat.paid,
        give_back,
        State.RECEIVED,
        "5.000 đồng",
    ),
    Act.ATTACH: Way(SPECIALIST, Seat.processing, choose_file, State.PROCESSING, "Tệp: Ảnh chụp giấy tờ"),
    Act.DETACH: Way(SPECIALIST, Seat.with_paper, reason, State.PROCESSING, "Tệp: Ảnh chụp giấy tờ"),
    Act.VOID_PAPER: Way(
        RECEPTION, Seat.printed_receipt, reason, State.RECEIVED, "Giấy tiếp nhận, lúc 16/11/2026"
    ),
    Act.TRANSFER_OUT: Way(
        SPECIALIST,
        Seat.processing,
        to_another_agency,
        State.IN_TRANSIT,
        "Tới: UBND xã Hồi Xuân",
        is_asked=True,
    ),
    Act.TRANSFER_IN: Way(
        RECEPTION, Seat.on_its_way_here, nothing, State.PROCESSING, "Cơ quan tiếp nhận: H56"
    ),
    Act.RATIFY: Way(LEADER, Seat.waiting, reason, State.APPROVED, "Bút ký: Đã phê duyệt · Vũ", is_asked=True),
    Act.VOID: Way(LEADER, Seat.waiting, reason, State.PROPOSED, "Bút ký: Đã phê duyệt · Vũ", is_asked=True),
    Act.ERASE: Way(
        HEAD, Seat.received, first_entry, State.RECEIVED, "Cán bộ thứ hai: Hoàng Gia Long", is_asked=True
    ),
}
# Registering is the intake page's; notes and printing have tests of their own below.
ELSEWHERE = {Act.SUBMIT, Act.ADD_NOTE, Act.PRINT_PAPER, Act.RECOMPUTE}


def test_every_act_of_the_table_has_a_way_and_a_form() -> None:
    assert set(WAYS) == set(Act) - ELSEWHERE
    assert set(FORMS) == set(WAYS) - {Act.TAKE_OVER}


@pytest.mark.parametrize("act", [Act.TAKE_SUPPLEMENT, Act.RESUME])
def test_the_desks_way_to_let_the_clock_run_on_is_chosen_already(seat: Seat, act: Act) -> None:
    seat.frame.change_setting("supplement.resume_mode", "restart")
    way = WAYS[act]
    seat.open(way.officer, way.start(seat))
    seat.open_act(act)
    form = seat.page.panel.form
    assert form is not None
    mode = next(field for field in form.fields if field.objectName() == "mode")
    assert isinstance(mode, ComboField)
    assert mode.key() == "restart"


@pytest.mark.parametrize("act", WAYS, ids=lambda act: act.value)
def test_an_act_is_done_by_keys_alone(seat: Seat, act: Act) -> None:
    way = WAYS[act]
    dossier = way.start(seat)
    seat.open(way.officer, dossier)
    count = seat.page.dossier.count if seat.page.dossier else 0
    seat.open_act(act)
    with answering(("Tab", "Return")) as questions:
        if act is not Act.TAKE_OVER:
            assert seat.page.panel.form is not None
            assert seat.page.panel.form.act is act
            way.type(seat)
            seat.press("Ctrl+Return")
        seat.settle(lambda: bool(seat.frame.told))
    done = next(m for m in seat.moments(dossier)[count:] if m.act is act)
    assert any(way.line in line for line in done.lines), done.lines
    assert done.officer == seat.by(way.officer).officer.name
    assert deeds.find_dossier(seat.office, dossier).state is way.state
    seat.settle(lambda: seat.page.panel.form is None)
    assert done.id in {m.id for m in seat.page.journal.timeline.shown()}
    assert bool(questions) is way.is_asked
    if questions:
        assert seat.page.head.code.text() in questions[0]
        assert "Lò Thị Đức" in questions[0]


@pytest.mark.parametrize("act", FORMS, ids=lambda act: act.value)
def test_opening_and_closing_a_form_changes_nothing(seat: Seat, act: Act) -> None:
    way = WAYS[act]
    dossier = way.start(seat)
    seat.open(way.officer, dossier)
    before = len(seat.moments(dossier))
    seat.open_act(act)
    with answering(("Return",)) as questions:
        seat.press("Esc")
    assert seat.page.panel.form is None
    assert not questions
    assert len(seat.moments(dossier)) == before


@pytest.mark.parametrize("act", FORMS, ids=lambda act: act.value)
def test_access_keys_are_unique_beside_every_form(seat: Seat, act: Act) -> None:
    way = WAYS[act]
    dossier = way.start(seat)
    seat.open(way.officer, dossier)
    seat.page.tabs.choose("papers")
    seat.settle()
    seat.open_act(act)
    keys = letters(seat.window)
    assert len(keys) == len(set(keys)), sorted(keys)
    assert all(key.isascii() and key.isalpha() for key in keys)


def test_an_agency_of_the_catalogue_is_chosen_instead_of_typed(seat: Seat) -> None:
    with seat.store.write() as connection:
        for code, name in (("H56.77.66", "UBND xã Hồi Xuân"), (seat.office.catalogue.agency.code, "Ở đây")):
            put_reference(connection, "agencies", code, "1", {"code": code, "name": name})
    dossier = seat.processing()
    seat.open(SPECIALIST, dossier)
    seat.open_act(Act.TRANSFER_OUT)
    seat.settle()
    form = seat.page.panel.form
    assert form is not None
    known = form.place("known_agency")
    assert isinstance(known, ComboField)
    assert [known.editor.itemData(row) for row in range(known.editor.count())] == ["", "H56.77.66"]
    keys = letters(seat.window)
    assert len(keys) == len(set(keys)), sorted(keys)
    seat.go_to("known_agency")
    seat.press("Down")
    reason(seat)
    with answering(("Tab", "Return")):
        seat.press("Ctrl+Return")
        seat.settle(lambda: bool(seat.frame.told))
    assert deeds.find_dossier(seat.office, dossier).in_transit_to == "H56.77.66"


def test_a_question_about_an_entry_goes_to_its_officer(seat: Seat) -> None:
    dossier = seat.processing()
    seat.open(HEAD, dossier)
    assert seat.page.dossier is not None
    moment = seat.moments(dossier)[1]
    scene = Scene(seat.frame.office, seat.page.dossier, seat.frame.tasks)
    seat.page._right.setCurrentWidget(seat.page.panel)
    seat.page.panel.open_form(AskForm(scene, moment))
    seat.fill("text", "Bản giấy có mấy tờ?")
    seat.execute(lambda: bool(seat.frame.told))
    asked = seat.moments(dossier)[-1]
    assert asked.lines[0] == "Hỏi: Trần Thị Mai"
    assert asked.lines[1].startswith("Về: Đã chuyển · Trần Thị Mai · 16/11/2026")
    assert asked.lines[2] == "Bản giấy có mấy tờ?"


def test_what_is_missing_is_said_at_its_field(seat: Seat) -> None:
    seat.open(CLERK, seat.signed())
    seat.open_act(Act.COMPLETE)
    seat.execute()
    panel = seat.page.panel
    assert panel.form is not None
    field = panel.form.place("number")
    assert field is not None
    assert "Số kết quả" in field.error()
    assert seat.focused() is panel.errors
    seat.press("F8")
    assert seat.focused() is field.editor


def test_every_wrong_field_of_a_correction_is_named(seat: Seat) -> None:
    seat.open(RECEPTION, seat.received())
    seat.open_act(Act.CORRECT)
    seat.fill("owner.id_number", "03819201234")
    seat.fill("owner.phone", "0912")
    seat.execute()
    assert len(seat.page.panel.errors.links()) == 2
    form = seat.page.panel.form
    assert form is not None
    assert "hiện có 11" in _field(seat, "owner.id_number").error()


def _field(seat: Seat, name: str) -> Field:
    form = seat.page.panel.form
    assert form is not None
    field = form.place(name)
    assert field is not None
    return field


def test_a_correction_shows_what_will_change_and_offers_the_receipt_again(seat: Seat) -> None:
    dossier = seat.received()
    printed = deeds.print_paper(seat.by(RECEPTION), dossier, "01", 2).dossier.printed[-1]
    seat.open(RECEPTION, dossier)
    seat.open_act(Act.CORRECT)
    correct(seat)
    difference = seat.page.panel.findChild(QLabel, "difference")
    assert difference is not None
    assert difference.text() == "Chủ hồ sơ, họ và tên: Lò Thị Đức → Lò Thị Đức Hạnh"
    seat.execute(lambda: bool(seat.frame.printed))
    assert seat.frame.printed == [(dossier, "01")]
    seat.settle(lambda: "Lò Thị Đức Hạnh" in seat.page.head.owner.text())
    last = seat.moments(dossier)[-1]
    assert last.act is Act.PRINT_PAPER
    assert last.lines[1] == f"Thay thế giấy cấp lúc {printed.at.astimezone(seat.at.tzinfo):%d/%m/%Y %H:%M}"


def test_typed_words_are_not_lost_unasked(seat: Seat) -> None:
    first, second = seat.received(), seat.received()
    seat.open(RECEPTION, first)
    seat.open_act(Act.WITHDRAW)
    reason(seat)
    with answering(("Return",)) as questions:  # "Ở lại" has the focus
        seat.press("Esc")
        assert seat.page.panel.form is not None
        assert not seat.page.leave()
        seat.page.enter(second)
    assert len(questions) == 3
    assert _field(seat, "reason").text() == REASON
    assert seat.page.dossier is not None
    assert seat.page.dossier.id == first


@pytest.mark.parametrize("act", [Act.FORWARD, Act.PROPOSE, Act.APPROVE], ids=lambda act: act.value)
def test_a_sending_is_taken_back_while_nobody_took_it(seat: Seat, act: Act) -> None:
    way = WAYS[act]
    dossier = way.start(seat)
    before = deeds.find_dossier(seat.office, dossier)
    seat.open(way.officer, dossier)
    seat.open_act(act)
    way.type(seat)
    seat.execute(lambda: bool(seat.frame.told))
    assert seat.frame.undo is not None
    seat.frame.undo()
    seat.settle(lambda: len(seat.frame.told) == 2)
    after = deeds.find_dossier(seat.office, dossier)
    assert after.state is before.state
    assert after.holder is not None
    assert after.holder.officer == way.officer


def test_an_added_paper_is_taken_back(seat: Seat) -> None:
    dossier = seat.processing()
    seat.open(SPECIALIST, dossier)
    seat.open_act(Act.ATTACH)
    choose_file(seat)
    seat.execute(lambda: bool(seat.frame.told))
    assert seat.frame.undo is not None
    seat.frame.undo()
    seat.settle(lambda: len(seat.frame.told) == 2)
    assert not deeds.find_dossier(seat.office, dossier).visible_papers


def test_somebody_was_first(seat: Seat) -> None:
    """The specialist forwards while another window of his has already proposed."""
    dossier = seat.processing()
    seat.open(SPECIALIST, dossier)
    seat.open_act(Act.PROPOSE)
    seat.fill("proposal", "Kính trình.")
    deeds.propose(seat.by(SPECIALIST), dossier, "Đã trình.", Target(UNIT, HEAD))
    count = len(seat.moments(dossier))
    seat.execute()
    panel = seat.page.panel
    assert "Chưa thể thực hiện: Trình duyệt" in panel.errors.links()[0].text()
    assert _field(seat, "proposal").text() == "Kính trình."
    seat.settle(lambda: seat.page.dossier is not None and seat.page.dossier.state is State.PROPOSED)
    assert len(seat.moments(dossier)) == count


def test_a_correction_never_overwrites_another(seat: Seat) -> None:
    dossier = seat.received()
    seat.open(RECEPTION, dossier)
    seat.open_act(Act.CORRECT)
    correct(seat)
    subject = deeds.find_dossier(seat.office, dossier).subject
    other = replace(subject, owner=replace(subject.owner, address="Thôn Đông Hải, xã Tân Hòa"))
    deeds.correct(seat.by(RECEPTION), dossier, other, "Sai địa chỉ.")
    seat.execute(lambda: bool(seat.page.panel.errors.links()))
    assert "vừa được đính chính" in seat.page.panel.errors.links()[0].text()
    owner = deeds.find_dossier(seat.office, dossier).owner
    assert (owner.name, owner.address) == ("Lò Thị Đức", "Thôn Đông Hải, xã Tân Hòa")


def test_a_double_key_does_an_act_once(seat: Seat) -> None:
    dossier = seat.received()
    seat.open(RECEPTION, dossier)
    seat.open_act(Act.COLLECT)
    seat.press("Ctrl+Return", "Ctrl+Return")
    seat.settle(lambda: bool(seat.frame.told))
    assert len(deeds.find_dossier(seat.office, dossier).payments) == 1


def test_a_note_is_written_by_keys(seat: Seat) -> None:
    dossier = seat.received()
    seat.open(CLERK, dossier)
    seat.press("Ctrl+M")
    seat.press("Ctrl+Return")
    assert seat.page.journal.note.error()
    seat.fill("text", "Đã gọi điện cho chủ hồ sơ.")
    seat.execute(lambda: bool(seat.frame.told))
    shown = seat.page.journal.timeline.shown()
    seat.settle(lambda: len(seat.page.journal.timeline.shown()) == 2)
    shown = seat.page.journal.timeline.shown()
    assert (shown[0].verb, shown[0].reason) == ("Ghi chú", "Đã gọi điện cho chủ hồ sơ.")
    assert not seat.page.journal.has_note()


def test_printing_by_its_key(seat: Seat) -> None:
    dossier = seat.received()
    seat.open(RECEPTION, dossier)
    seat.press("Ctrl+P")
    seat.settle(lambda: bool(seat.frame.told))
    assert seat.moments(dossier)[-1].lines[0] == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả, 2 bản"


def test_only_decisions(seat: Seat) -> None:
    seat.open(LEADER, seat.approved())
    timeline = seat.page.journal.timeline
    assert timeline.shown()[0].verb == "Đã phê duyệt"
    assert len(timeline.shown()) == 5
    seat.press("Alt+Q")
    seat.qtbot.waitUntil(lambda: [moment.verb for moment in timeline.shown()] == ["Đã phê duyệt"])


def test_the_head_says_where_the_folder_is_and_when_it_is_due(seat: Seat) -> None:
    seat.open(HEAD, seat.sent())
    head = seat.page.head
    assert head.holder.text() == "Đang ở: Nguyễn Thị Ánh Tuyết · Văn phòng HĐND và UBND, chưa nhận bàn giao"
    assert head.due.text() == "Hạn trả: 16:30 Thứ Năm 19/11/2026"
    assert head.reason.text() == "3 ngày làm việc"
    assert head.pill.words() == "Còn 3 ngày làm việc"
    assert head.acts.main is None


def test_a_dossier_becomes_overdue_without_a_click(seat: Seat) -> None:
    seat.open(HEAD, seat.processing())
    seat.at += timedelta(days=9)
    seat.page._look_at_clock()
    assert seat.page.head.pill.words() == "Quá hạn 6 ngày"
    assert seat.page.head.acts.main is Act.EXTEND


def test_the_head_finds_the_apology_as_it_was_drafted(seat: Seat) -> None:
    dossier = seat.processing()
    seat.open(SPECIALIST, dossier)
    seat.open_act(Act.DRAFT_APOLOGY)
    seat.fill("due", "26/11/2026")
    seat.fill("reason", "Chờ kết quả xác minh.")
    seat.execute()
    assert seat.frame.printed[-1:] == [(dossier, "04")]
    seat.open(HEAD, dossier)
    words = "Chờ người có thẩm quyền ký xin lỗi, hẹn lại 26/11/2026 16:30: Chờ kết quả xác minh."
    assert notices(deeds.find_dossier(seat.office, dossier)) == (words,)
    assert seat.page.head.acts.main is Act.EXTEND
    seat.open_act(Act.EXTEND)
    assert seat.page.panel.form is not None
    assert seat.page.panel.form.texts()["due"] == "26/11/2026"
    assert seat.page.panel.form.texts()["reason"] == "Chờ kết quả xác minh."
    seat.execute()
    extended = deeds.find_dossier(seat.office, dossier)
    assert extended.apology_draft is None
    assert extended.due_at is not None
    assert show_at(extended.due_at) == "26/11/2026 16:30"
    assert notices(extended) == ()


def test_a_day_off_is_said_before_it_is_refused(seat: Seat) -> None:
    seat.open(HEAD, seat.processing())
    seat.open_act(Act.EXTEND)
    seat.fill("due", "24/11/2026")
    words = [label.text() for label in seat.page.panel.findChildren(QLabel)]
    assert any("Ngày làm việc kế tiếp: 25/11/2026" in text for text in words)
    reason(seat)
    seat.execute()
    assert "ngày nghỉ" in _field(seat, "due").error()


def test_papers_are_seen_page_by_page(seat: Seat) -> None:
    pdf = seat.folder / "Tờ khai đã ký.pdf"
    pdf.write_bytes(receipt_pdf(size="A4"))
    dossier = seat.processing()
    seat.attach(dossier, pdf, seat.picture())
    seat.open(SPECIALIST, dossier)
    seat.page.tabs.choose("papers")
    tab = seat.page.papers
    seat.settle(lambda: tab.view.count() == len(FORM.copies))
    assert tab.small.count() == 2
    assert "Tờ khai đã ký · trang 1–2 / 2" in tab.caption.text()
    tab.small.setFocus()
    seat.press("Down")
    seat.settle(lambda: tab.view.count() == 1)
    assert "Ảnh chụp giấy tờ" in tab.caption.text()
    shown = tab.view.grab().toImage().pixelColor(tab.view.width() // 2, tab.view.height() // 2)
    assert shown.green() > shown.blue()


def test_a_long_scan_opens_a_few_pages_at_a_time(seat: Seat) -> None:
    pdf = seat.folder / "Bản quét dài.pdf"
    pdf.write_bytes(receipt_pdf(form=replace(FORM, copies=tuple(f"Liên {n}" for n in range(19)))))
    dossier = seat.processing()
    seat.attach(dossier, pdf)
    seat.open(SPECIALIST, dossier)
    seat.page.tabs.choose("papers")
    tab = seat.page.papers
    seat.settle(lambda: tab.view.count() == 8)
    tab.turn(1)
    tab.turn(1)
    seat.settle(lambda: "trang 9–16 / 19" in tab.caption.text())
    tab.turn(1)
    seat.settle(lambda: "trang 17–19 / 19" in tab.caption.text())
    assert tab.view.count() == 3


def test_a_paper_whose_file_is_gone_says_so(seat: Seat) -> None:
    dossier = seat.with_paper()
    for blob in (seat.store.blobs_folder).rglob("*"):
        if blob.is_file():
            blob.unlink()
    seat.open(SPECIALIST, dossier)
    seat.page.tabs.choose("papers")
    seat.settle(lambda: ":" in seat.page.papers.caption.text())
    assert seat.page.papers.view.count() == 0


def test_a_file_that_is_not_what_it_says_is_named(seat: Seat) -> None:
    seat.open(SPECIALIST, seat.processing())
    seat.open_act(Act.ATTACH)
    form = seat.page.panel.form
    assert isinstance(form, AttachForm)
    wrong = seat.folder / "Tờ khai.pdf"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    form.files.take([wrong])
    seat.settle(lambda: bool(form.files.error()))
    assert "không phải .pdf" in form.files.error()
    seat.execute()
    assert seat.page.panel.errors.links()[0].text() == "Chưa chọn tệp nào"


def test_a_big_file_never_blocks_the_window(seat: Seat) -> None:
    seat.open(SPECIALIST, seat.processing())
    seat.open_act(Act.ATTACH)
    form = seat.page.panel.form
    assert isinstance(form, AttachForm)
    big = seat.folder / "Bản vẽ khổ lớn.png"
    big.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(45 * 1024 * 1024))
    gaps, watch, beat = [], QElapsedTimer(), QTimer(interval=10)
    watch.start()
    beat.timeout.connect(lambda: gaps.append(watch.restart()))
    beat.start()
    form.files.take([big])
    seat.settle(lambda: bool(form.files.text()))
    beat.stop()
    assert max(gaps) < 400, max(gaps)


def test_an_unknown_dossier_leaves_an_empty_page(seat: Seat) -> None:
    seat.page.enter("no-such-dossier")
    seat.settle(lambda: bool(seat.frame.errors))
    assert seat.frame.errors[0].title == "Không tìm thấy hồ sơ"
    assert seat.page.dossier is None


@pytest.mark.parametrize(
    ("act", "form"),
    [
        (Act.REQUEST_SUPPLEMENT, "02"),
        (Act.REFUSE, "03"),
        (Act.EXTEND, "04"),
        (Act.STOP, "05"),
        (Act.COLLECT, "GN"),
        (Act.FORWARD, ""),
    ],
)
def test_the_paper_an_act_leads_to_comes_by_itself(seat: Seat, act: Act, form: str) -> None:
    way = WAYS[act]
    dossier = way.start(seat)
    seat.open(way.officer, dossier)
    seat.open_act(act)
    with answering(("Tab", "Return")):
        way.type(seat)
        seat.execute(lambda: seat.page.panel.form is None)
    assert seat.frame.printed == ([(dossier, form)] if form else [])


def test_the_menu_has_every_paper_there_is(seat: Seat) -> None:
    dossier = seat.awaiting()
    seat.open(RECEPTION, dossier)
    bar = seat.page.head.acts
    bar.open_menu()
    words = [action.text() for action in bar.menu.actions()]
    bar.menu.hide()
    assert [each for each in words if each.startswith("In ")][:3] == [
        "In giấy tiếp nhận (mẫu 01)",
        "In phiếu yêu cầu bổ sung (mẫu 02)",
        "In phiếu kiểm soát (mẫu 06)",
    ]


def test_the_last_dossier_asked_for_is_shown(seat: Seat) -> None:
    first, second = seat.received(), seat.received()
    seat.page.enter(first)
    seat.page.enter(second)
    seat.settle(lambda: seat.page.dossier is not None)
    assert seat.page.dossier is not None
    assert seat.page.dossier.id == second


def test_every_main_act_is_legal_and_every_legal_act_is_reachable(seat: Seat) -> None:
    starts = {way.start for way in WAYS.values()}
    for start in starts:
        dossier = start(seat)
        for officer in (RECEPTION, CASHIER, SPECIALIST, HEAD, LEADER, CLERK):
            seat.open(officer, dossier)
            bar = seat.page.head.acts
            buttons = {act for act in RULES if seat.page.findChild(QPushButton, f"act_{act.value}")}
            reachable = {bar.main, *bar.in_menu(), *buttons, Act.ADD_NOTE, Act.PRINT_PAPER}
            assert set(seat.page.legal) <= reachable
            assert bar.main is None or bar.main in seat.page.legal


def test_esc_closes_the_form_wherever_the_focus_is(seat: Seat) -> None:
    seat.open(RECEPTION, seat.received())
    seat.open_act(Act.WITHDRAW)
    seat.page.tabs.setFocus()
    seat.press("Esc")
    assert seat.page.panel.form is None


def test_f6_panes_are_seen_and_take_the_focus(seat: Seat) -> None:
    seat.open(RECEPTION, seat.received())
    assert all(pane.isVisible() for pane in seat.page.panes())
    assert seat.page.panes()[-1] is seat.page.journal
    seat.open_act(Act.FORWARD)
    assert seat.page.panes()[-1] is seat.page.panel


@pytest.mark.parametrize("size", [(1250, 690), (932, 622)], ids=["1366", "1024"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_the_page(
    seat: Seat, app: QApplication, pictures: Path, theme: str, size: tuple[int, int]
) -> None:
    """The page never asks for more room than the window has; pictures to be looked at."""
    apply_look(app, theme)
    seat.window.resize(size[0] + 24, size[1] + 24)
    for name, officer, start in (
        ("received", RECEPTION, Seat.received),
        ("processing", SPECIALIST, Seat.with_paper),
        ("paused", RECEPTION, Seat.awaiting),
        ("completed", RECEPTION, Seat.completed),
    ):
        seat.open(officer, start(seat))
        assert seat.page.minimumSizeHint().width() <= size[0], name
        assert seat.page.head.pill.width() >= seat.page.head.pill.sizeHint().width()
        seat.page.grab().save(str(pictures / f"dossier_{name}_{theme}_{size[0]}.png"))
