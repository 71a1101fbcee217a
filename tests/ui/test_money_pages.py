"""Money at the desk: fee lines of the intake page, collecting, the rules and the end of the day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, Fee
from onestop.domain.fee import find_rule
from onestop.office import deeds
from onestop.office.changing import list_changes
from onestop.office.papers import paper_pdf
from onestop.office.payment_note import PAYMENT_NOTE
from onestop.printing import page_count
from tests.ui.counter import CARD, Counter, counter
from tests.ui.practice_desk import ADMIN, CERTIFIED_COPY, MARITAL_STATUS, Desk, settle
from ui.acts.form import Scene
from ui.acts.money import CollectForm
from ui.pages.fees_section import FeesSection
from ui.pages.receive_fee_rule import RuleLine
from ui.pages.till import TillPage
from ui.paper_kinds import kinds_of
from ui.tasks import Tasks

CASHIER = "u-hoa"
BIRTH_ABROAD = "2.000528"


@pytest.fixture
def at(app: object, tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


@pytest.fixture
def desk(app: object, tmp_path: Path, tasks: Tasks) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    made.close()


def line(at: Counter, place: int = 0) -> RuleLine:
    made = at.page.fields.fees.lines[place]
    assert isinstance(made, RuleLine)
    return made


# ---- the intake page ------------------------------------------------------------------------


def test_pages_are_asked_and_the_amount_says_why(at: Counter) -> None:
    at.choose_procedure(CERTIFIED_COPY)
    at.scan(CARD)
    at.tick_needed()
    assert at.page.fields.due.fee() == "Chưa nhập số trang bản chính"
    at.press("Ctrl+Return")
    assert at.desk.frame.done == []
    assert at.page.errors.links()[0].text().startswith("Chưa nhập số trang bản chính")
    at.press("F8")
    assert at.focused().objectName() == "fees.0.pages_editor"
    at.type("12")
    assert at.page.fields.due.fee() == "14.000 đồng"
    assert "2 trang × 2.000 đồng + 10 trang × 1.000 đồng" in line(at).why.text()
    assert line(at).amount.editor.isReadOnly()
    at.press("Ctrl+Return")
    at.wait_received()
    fee = at.desk.frame.done[0].dossier.subject.fees[0]
    assert (fee.kind, fee.name, fee.amount_vnd) == ("charge", "Phí chứng thực bản sao từ bản chính", 14_000)
    assert fee.ground.startswith("TT 226/2016/TT-BTC: 2 trang")


def test_an_exemption_is_chosen_with_its_ground(at: Counter) -> None:
    at.choose_procedure("2.002516")
    assert at.page.fields.due.fee() == "8.000 đồng"
    line(at).exemption.set_key("poor")
    line(at).exemption.changed.emit()
    assert at.page.fields.due.fee() == "Không thu"
    assert "Miễn toàn bộ: Người thuộc hộ nghèo" in at.page.fields.fees.typed()[0].ground


def test_online_is_cheaper_at_once(at: Counter) -> None:
    at.choose_procedure("1.010038")
    assert at.page.fields.due.fee() == "10.000 đồng"
    at.page.fields.channel.set_key("online")
    at.page.fields.channel.changed.emit()
    assert at.page.fields.due.fee() == "5.000 đồng"
    assert "trực tuyến" in line(at).why.text()


def test_what_the_province_sets_is_typed_and_copies_only_when_wanted(at: Counter) -> None:
    at.choose_procedure(BIRTH_ABROAD)
    province, copies = line(at), line(at, 1)
    assert province.row.key() == "foreign"
    assert not province.amount.editor.isReadOnly()
    assert at.page.fields.due.fee() == "Chưa nhập số tiền"
    at.fill("fees.0", "75000")
    assert at.page.fields.due.fee() == "75.000 đồng"
    assert [fee.is_collected for fee in at.page.fields.fees.typed()] == [True, False]
    copies.counts["copies"].set_text("2")
    copies.counts["copies"].changed.emit()
    assert at.page.fields.due.fee() == "91.000 đồng"


def test_a_draft_keeps_what_was_counted(at: Counter) -> None:
    at.choose_procedure(CERTIFIED_COPY)
    at.fill("fees.0.pages", "7")
    typed = at.page.fields.typed()
    at.page.fields.fill(typed)
    assert at.page.fields.typed().fees == typed.fees
    assert line(at).counts["pages"].text() == "7"
    assert at.page.fields.due.fee() == "9.000 đồng"


# ---- collecting -----------------------------------------------------------------------------


def collected(desk: Desk) -> Dossier:
    made = desk.receive(MARITAL_STATUS, fees=(Fee("levy", "Lệ phí", 20_000, "NQ 12/2026"),))
    return deeds.collect(desk.by(CASHIER), made.id, 20_000, "cash", "26taa 00000123").dossier


def test_the_number_of_the_receipt_is_checked_at_its_field(desk: Desk, qtbot: QtBot) -> None:
    made = desk.receive(MARITAL_STATUS, fees=(Fee("levy", "Lệ phí", 20_000),))
    form = CollectForm(Scene(desk.by(CASHIER), made, desk.frame.tasks), Act.COLLECT)
    qtbot.addWidget(form)
    receipt = form.place("fee_receipt")
    assert receipt is not None
    receipt.set_text("biên lai 5")
    assert receipt.validate().startswith("Số biên lai chưa đúng")
    receipt.set_text("26TAA 00000123")
    assert receipt.validate() == ""
    done = form.job()(desk.by(CASHIER))
    assert done.dossier.payments[0].fee_receipt == "26TAA 00000123"
    assert form.next_form() == PAYMENT_NOTE


def test_the_payment_note_is_printed_where_money_was_paid(desk: Desk) -> None:
    unpaid = desk.receive(MARITAL_STATUS)
    assert PAYMENT_NOTE not in [kind.form for kind in kinds_of(desk.office, unpaid)]
    paid = collected(desk)
    assert PAYMENT_NOTE in [kind.form for kind in kinds_of(desk.office, paid)]
    pdf = paper_pdf(desk.by(CASHIER), paid.id, PAYMENT_NOTE)
    assert page_count(pdf) == 1


# ---- the rules ------------------------------------------------------------------------------


@pytest.fixture
def fees(desk: Desk, qtbot: QtBot) -> FeesSection:
    desk.sign_in(ADMIN)
    page = FeesSection(desk.frame)
    desk.frame.pages.append(page)
    qtbot.addWidget(page)
    page.resize(1020, 690)
    page.show()
    page.enter()
    settle(desk, qtbot)
    return page


def test_a_rule_is_found_tried_out_and_saved(desk: Desk, qtbot: QtBot, fees: FeesSection) -> None:
    fees.line.set_text("chung thuc ban sao")
    fees.read()
    fees.table.select_first()
    assert fees.form.name_field.text() == "Phí chứng thực bản sao từ bản chính"
    fees.trial.counts["pages"].set_text("5")
    fees.form.steps.set_text("1 | 3.000")
    fees.trial.recount()
    assert fees.trial.amount.text() == "15.000 đồng"
    fees.form.since.set_text("01/01/2027")
    fees.form.save()
    settle(desk, qtbot)
    rules = desk.frame.office.catalogue.fees
    before, after = (find_rule(rules, "certify-copy", day) for day in ("2026-12-31", "2027-01-01"))
    assert before is not None
    assert after is not None
    assert [step.amount_vnd for step in before.steps] == [2_000, 1_000]
    assert [step.amount_vnd for step in after.steps] == [3_000]
    assert len(list_changes(desk.office)) == 1


def test_faults_stand_at_their_fields_and_nothing_is_saved(
    desk: Desk, qtbot: QtBot, fees: FeesSection
) -> None:
    fees.line.set_text("thuong tru")
    fees.read()
    fees.table.select_first()
    fees.form.ground.set_text("")
    fees.form.online.set_text("90.000")
    fees.form.save()
    settle(desk, qtbot)
    assert fees.form.ground.error()
    assert fees.form.online.error()
    assert list_changes(desk.office) == []


def test_what_the_province_has_not_said_is_listed_and_filled_in(
    desk: Desk, qtbot: QtBot, fees: FeesSection
) -> None:
    fees.lacking.set_key("lacking")
    fees.line.set_text("ho kinh doanh")
    fees.read()
    fees.table.select_first()
    assert fees.trial.amount.text() == "Chưa tính được"
    fees.form.levels.set_text("new | Đăng ký thành lập | 100.000 | 50.000\nchange | Thay đổi | 30.000")
    fees.form.save()
    settle(desk, qtbot)
    assert fees.count.text() == "0 mức thu"


# ---- the end of the day ---------------------------------------------------------------------


@pytest.fixture
def till(desk: Desk, qtbot: QtBot) -> TillPage:
    collected(desk)
    desk.sign_in(CASHIER)
    page = TillPage(desk.frame)
    qtbot.addWidget(page)
    page.resize(1250, 690)
    page.show()
    page.enter()
    settle(desk, qtbot)
    return page


def test_the_drawer_is_counted_against_the_journals(desk: Desk, qtbot: QtBot, till: TillPage) -> None:
    sheet, closing = till.section.sheet, till.section.closing
    assert sheet is not None
    assert sheet.cash_vnd == 20_000
    closing.amount.set_text("19.000")
    closing.button.click()
    settle(desk, qtbot)
    assert closing.reason.error().startswith("Chưa ghi lý do chênh lệch")
    closing.reason.set_text("Trả nhầm tiền lẻ")
    closing.button.click()
    settle(desk, qtbot)
    assert "thiếu 1.000 đồng: Trả nhầm tiền lẻ" in closing.before.text()
    assert desk.frame.toasts[-1].startswith("Đã chốt quầy thu")


def test_the_day_is_saved_as_pdf_and_excel(desk: Desk, qtbot: QtBot, till: TillPage, tmp_path: Path) -> None:
    for name in ("Đối soát.pdf", "Đối soát.xlsx"):
        till.section.save_to(tmp_path / name)
        settle(desk, qtbot)
    assert page_count((tmp_path / "Đối soát.pdf").read_bytes()) == 1
    assert (tmp_path / "Đối soát.xlsx").stat().st_size > 3_000


def test_an_administrator_sees_everybody_and_counts_for_nobody(
    desk: Desk, qtbot: QtBot, till: TillPage
) -> None:
    desk.sign_in(ADMIN)
    till.enter()
    till.section.whose.set_key("*")
    till.section.read()
    settle(desk, qtbot)
    assert till.section.sheet is not None
    assert len(till.section.sheet.lines) == 1
    assert not till.section.closing.button.isVisible()
