"""Which papers a dossier has come to, in which version, on which sheets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from onestop.domain.dossier import Dossier, State
from onestop.domain.moment import VIETNAM
from onestop.domain.template import SIZES
from onestop.office import deeds
from onestop.office.deeds import Target, find_dossier
from onestop.office.paper_list import MANY, papers_of, shared_papers
from onestop.office.paper_words import PAPER_FORMS
from onestop.office.papers import paper_pdf
from onestop.settings import PRINTED_FORMS
from tests.office_desk import HEAD, LEADER, RECEPTION, SPECIALIST, UNIT, Seat, reach, receive, seated

AT_THE_COUNTER = {"01", "06", "BG", "QT", "NH"}


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    with seated(tmp_path_factory.mktemp("papers") / "store") as made:
        yield made


def forms(seat: Seat, dossier: Dossier) -> set[str]:
    return {one.form for one in papers_of(seat.office, dossier)}


def test_a_received_dossier_has_its_papers_and_no_others(seat: Seat) -> None:
    assert forms(seat, receive(seat)) == AT_THE_COUNTER


def test_a_dossier_that_was_only_registered_has_none(seat: Seat) -> None:
    submitted = find_dossier(seat.office, reach(seat, State.SUBMITTED))
    assert forms(seat, submitted) == set()


def test_each_letter_comes_with_the_act_that_leads_to_it(seat: Seat) -> None:
    dossier = receive(seat)
    deeds.request_supplement(seat.as_(RECEPTION), dossier.id, ("Tờ khai",), "Thiếu tờ khai.")
    assert forms(seat, find_dossier(seat.office, dossier.id)) - AT_THE_COUNTER == {"02"}
    refused = find_dossier(seat.office, reach(seat, State.REFUSED))
    assert forms(seat, refused) == {"03"}
    sent = receive(seat)
    deeds.forward(seat.as_(RECEPTION), sent.id, Target(UNIT, SPECIALIST))
    new_due = datetime(2026, 12, 10, 16, 30, tzinfo=VIETNAM)
    late = deeds.extend(seat.as_(HEAD), sent.id, new_due, "Cơ quan xin lỗi.").dossier
    assert forms(seat, late) - AT_THE_COUNTER == {"04"}
    stopped = deeds.stop(seat.as_(LEADER), sent.id, "Không đủ điều kiện.").dossier
    assert forms(seat, stopped) - AT_THE_COUNTER == {"04", "05"}


def test_results_have_their_slips(seat: Seat) -> None:
    done = find_dossier(seat.office, reach(seat, State.COMPLETED))
    assert forms(seat, done) - AT_THE_COUNTER == {"BN", "BK"}


@pytest.mark.parametrize("state", [State.RECEIVED, State.REFUSED, State.STOPPED, State.HANDED_OUT])
def test_what_is_offered_can_be_printed_on_every_sheet_offered(seat: Seat, state: State) -> None:
    dossier = find_dossier(seat.office, reach(seat, state))
    for choice in papers_of(seat.office, dossier):
        assert set(choice.sizes) <= set(SIZES)
        assert paper_pdf(seat.office, dossier.id, choice.form, choice.sizes[-1], 1).startswith(b"%PDF")


def test_the_version_follows_the_day_it_was_received(seat: Seat) -> None:
    dossier = receive(seat)
    old = datetime(2025, 3, 3, 9, 0, tzinfo=VIETNAM)
    before = replace(dossier, clock=replace(dossier.clock, received_at=old))
    then, now = ({one.form: one for one in papers_of(seat.office, each)} for each in (before, dossier))
    assert (then["01"].circular, now["01"].circular) == ("TT 01/2018/TT-VPCP", "TT 03/2025/TT-VPCP")
    assert (then["06"].words, now["06"].words) == ("Phiếu kiểm soát (mẫu 05)", "Phiếu kiểm soát (mẫu 06)")
    assert old.date() < date(2025, 9, 15)


def test_papers_of_several_dossiers_have_templates(seat: Seat) -> None:
    assert {one.form for one in shared_papers(seat.office)} == set(MANY)


def test_every_form_has_words_and_a_place_to_be_remembered() -> None:
    assert set(PAPER_FORMS) == set(PRINTED_FORMS)


def test_receipts_say_that_they_are_reprints(seat: Seat) -> None:
    """A control slip goes with the folder: it is printed again and again, and replaces nothing."""
    choices = {one.form: one for one in papers_of(seat.office, receive(seat))}
    assert (choices["01"].is_marked, choices["01"].replaces) == (True, True)
    assert (choices["06"].is_marked, choices["06"].replaces) == (True, False)
