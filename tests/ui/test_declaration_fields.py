"""Forms of procedures on screen: typed by keys, following conditions, kept with draft and dossier."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.domain.declaration_sample import sample_values
from onestop.domain.dossier import Declaration, Dossier
from onestop.domain.moment import local_day
from onestop.errors import InputError
from onestop.office.intake import receive_dossier
from tests.office_desk import form as office_form
from tests.ui.counter import CARD, Counter, counter
from tests.ui.practice_desk import ADMIN, RECEPTION, Desk, settle
from ui.acts.correction import CorrectForm
from ui.acts.form import Scene
from ui.pages.forms_section import FormsSection
from ui.pages.receive_drafts import draft_typed, find_drafts
from ui.paper_kinds import kinds_of
from ui.tasks import Tasks
from ui.tour.keys import type_text
from ui.widgets import LineField
from ui.widgets.declaration_field import PersonField
from ui.widgets.declaration_table import TableField

EXTRACT, STATUS, COPIES, BIRTH = "2.000635", "1.004873", "2.000815", "1.001193"


@pytest.fixture
def at(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


def begin(at: Counter, code: str) -> None:
    """A procedure chosen, the owner's card read, its form opened by its key."""
    at.choose_procedure(code)
    at.scan(CARD)
    at.fields.declaration.is_wanted.setFocus()
    at.press("Space")


def part(at: Counter, name: str) -> PersonField | TableField:
    found = at.fields.declaration.fields.parts[name]
    assert isinstance(found, PersonField | TableField)
    return found


def shown(at: Counter) -> set[str]:
    parts = at.fields.declaration.fields.parts
    return {name for name, each in parts.items() if each.isVisibleTo(at.fields.declaration.fields)}


def test_a_procedure_without_a_form_shows_no_section(at: Counter) -> None:
    at.choose_procedure("1.013274")
    assert not at.fields.declaration.isVisible()
    assert at.fields.declaration.filled() is None


def test_a_form_is_closed_until_wanted_and_begins_with_the_owner(at: Counter) -> None:
    at.choose_procedure(STATUS)
    at.scan(CARD)
    section = at.fields.declaration
    assert section.isVisible()
    assert not section.fields.isVisible()
    assert section.filled() is None
    section.is_wanted.setFocus()
    at.press("Space")
    filled = section.filled()
    assert filled is not None
    assert filled.values["person"]["name"] == "Nguyễn Thị Đặng Hường"
    assert filled.values["person"]["born_on"] == "1988-03-14"


def test_fields_come_and_go_with_their_condition(at: Counter) -> None:
    begin(at, STATUS)
    assert "partner" not in shown(at)
    at.go_to("declaration.purpose")
    at.type("ket hon")
    assert {"partner", "partner_where"} <= shown(at)


def test_a_computed_field_follows_what_is_typed(at: Counter) -> None:
    begin(at, EXTRACT)
    at.fill("declaration.copies", "15")
    place = at.fields.declaration.fields.place("declaration.copies_words")
    assert place is not None
    assert place.text() == "mười lăm"


def test_rows_are_added_and_taken_away_by_keys(at: Counter) -> None:
    begin(at, COPIES)
    table = part(at, "papers")
    assert isinstance(table, TableField)
    at.fill("declaration.papers.0.title", "Bằng tốt nghiệp")
    at.fill("declaration.papers.0.pages", "2")
    at.fill("declaration.papers.0.copies", "3")
    at.press("Return")
    at.fill("declaration.papers.1.title", "Học bạ")
    at.fill("declaration.papers.1.copies", "4")
    total = at.fields.declaration.fields.place("declaration.total")
    assert total is not None
    assert total.text() == "7"
    at.go_to("declaration.papers.0.pages")
    at.press("Alt+Delete")
    assert total.text() == "4"
    assert table.value() == [{"title": "Học bạ", "copies": "4"}]
    assert at.focused().objectName() == "declaration.papers.0.title_editor"
    at.press("Alt+Insert")
    assert at.focused().objectName() == "declaration.papers.1.title_editor"


def test_a_card_read_in_a_person_of_the_form_fills_that_person(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.fields.declaration.is_wanted.setFocus()
    at.press("Space")
    at.go_to("declaration.mother.name")
    at.page.take_card(CARD)
    assert part(at, "mother").value()["id_number"] == "038188004217"
    assert at.fields.owner.typed().name == ""


def test_faults_name_their_fields_and_the_receipt_waits(at: Counter) -> None:
    begin(at, EXTRACT)
    at.fill("declaration.copies", "0")
    at.tick_needed()
    at.press("Ctrl+Return")
    links = [link.text() for link in at.page.errors.links()]
    assert any("Số lượng bản sao" in words for words in links)
    assert any("Cơ quan đã đăng ký" in words for words in links)
    place = at.fields.declaration.fields.place("declaration.copies")
    assert place is not None
    assert "nhỏ hơn 1" in place.error()
    assert not at.desk.frame.done


def test_a_draft_keeps_the_form_also_what_is_not_right_yet(at: Counter) -> None:
    begin(at, EXTRACT)
    at.fill("declaration.number", "77/1960")
    at.fill("declaration.registered_on", "hôm nào")
    at.fill("declaration.book", "1")
    typed = at.page._typed()
    at.page.start_new()
    at.settle()
    assert at.fields.declaration.filled() is None
    draft = find_drafts(at.desk.office)[0]
    assert draft_typed(draft).declaration == typed.declaration
    at.page.take_draft(draft)
    at.settle()
    assert at.page._typed().declaration == typed.declaration
    assert typed.declaration is not None
    assert typed.declaration.values["registered_on"] == "hôm nào"


@pytest.mark.parametrize("code", [EXTRACT, STATUS])
def test_what_fills_a_form_is_what_it_holds(at: Counter, code: str) -> None:
    """Filled from the program it tells nobody, and nothing is lost on the way."""
    begin(at, code)
    section = at.fields.declaration
    form, told = section.fields.form(), []
    section.changed.connect(lambda: told.append(1))
    assert form is not None
    values = sample_values(form, local_day(at.desk.office.now))
    filled = section.filled()
    assert filled is not None
    section.fill(replace(filled, values=values))
    again = section.filled()
    assert again is not None
    computed = {"_search", *(spec.id for spec in form.fields() if spec.computed)}
    assert again.values == {key: value for key, value in values.items() if key not in computed}
    assert section.errors() == []
    assert told == []


@pytest.fixture
def forms(
    app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> Iterator[tuple[Desk, FormsSection]]:
    desk = Desk(tmp_path, tasks)
    desk.sign_in(ADMIN)
    section = FormsSection(desk.frame)
    qtbot.addWidget(section)
    section.resize(1000, 640)
    section.show()
    section.enter()
    yield desk, section
    settle(desk, qtbot)
    desk.close()


def test_every_form_is_looked_at_on_screen_and_on_paper(
    forms: tuple[Desk, FormsSection], qtbot: QtBot
) -> None:
    desk, section = forms
    assert section.list.count() == 10
    for row in (0, 9):
        section.list.setCurrentRow(row)
        assert section.preview.values()
        section.tabs.choose("paper")
        qtbot.waitUntil(lambda: section.pages.count() > 0, timeout=30_000)
        section.tabs.choose("screen")
    assert desk.frame.errors == []


def test_the_office_may_want_a_form_typed(forms: tuple[Desk, FormsSection], qtbot: QtBot) -> None:
    desk, section = forms
    desk.frame.pages.append(section)
    shown = section.form()
    assert shown is not None
    section.is_needed.click()
    settle(desk, qtbot)
    again = section.form()
    assert again is not None
    assert (again.id, again.needed) == (shown.id, True)
    section.is_needed.click()
    settle(desk, qtbot)
    assert section.form() == shown


def declared_dossier(desk: Desk) -> Dossier:
    """A dossier of an extract with its form filled in."""
    form = next(each for each in desk.office.catalogue.declarations if each.id == "trich-luc-ho-tich")
    values = sample_values(form, local_day(desk.office.now)) | {"number": "77/1960"}
    filled = Declaration(form.id, form.version, values)
    intake = office_form(EXTRACT, declaration=filled, time_value=1, time_unit="working_day")
    return receive_dossier(desk.by(RECEPTION), intake).dossier


def test_a_correction_opens_with_the_form_and_changes_what_was_typed(
    app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, tasks)
    dossier = declared_dossier(desk)
    form = CorrectForm(Scene(desk.by(RECEPTION), dossier, tasks), Act.CORRECT)
    qtbot.addWidget(form)
    with pytest.raises(InputError, match="Chưa sửa gì"):
        form.job()
    number = form.place("declaration.number")
    assert isinstance(number, LineField)
    number.editor.clear()
    type_text(number.editor, "78/1960")
    assert form.is_changed()
    reason = form.place("reason")
    assert reason is not None
    reason.set_text("Ghi nhầm số")
    after = form.job()(desk.by(RECEPTION)).dossier.subject.declaration
    assert after is not None
    assert after.values["number"] == "78/1960"
    assert after.values["person"] == (dossier.subject.declaration or after).values["person"]
    desk.close()


def test_only_a_dossier_with_a_form_offers_to_print_it(
    app: QApplication, tasks: Tasks, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, tasks)
    assert "TK" in [kind.form for kind in kinds_of(desk.office, declared_dossier(desk))]
    assert "TK" not in [kind.form for kind in kinds_of(desk.office, desk.receive())]
    desk.close()
