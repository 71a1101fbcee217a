"""Mergers: nothing written is rewritten, and everybody who asks whose it is today gets one answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.acts import Act
from onestop.domain.dossier import Holder
from onestop.domain.judge import judge
from onestop.domain.legality import is_legal
from onestop.domain.merger import (
    Boundary,
    Merger,
    MergerKind,
    by_boundary,
    check_merger,
    family,
    merger_from,
    merger_plain,
    present,
    present_unit,
)
from onestop.errors import InputError, InputErrors, RuleError
from onestop.office import deeds
from onestop.office.agencies import (
    change_letterhead,
    count_carried,
    find_agencies,
    merge,
    move_along,
    set_agency,
    set_unit,
    unit_tree,
)
from onestop.office.catalogue import read_catalogue
from onestop.office.changing import list_changes, undo_change
from onestop.office.deeds import Target
from onestop.office.office import Office
from onestop.office.work import Worklist
from onestop.store.glance import Glance
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import ingest, open_ledger, put_row
from onestop.store.rows import list_reference
from onestop.store.vault import load_key
from tests.office_desk import (
    ADMIN,
    HEAD,
    NEIGHBOUR,
    OTHER_SPECIALIST,
    OTHER_UNIT,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    receive,
    seated,
)
from tests.small_desk import OFFICE as HUB_OFFICE
from tests.small_desk import UNIT as COUNTER_UNIT
from tests.small_desk import found, joined
from tests.test_judge import GRANT, NOW, desk, known_of, received, verdict_of

DAY = date(2026, 11, 20)
GROUND = "Nghị quyết 12/NQ-HĐND ngày 10/11/2026"
KINH_TE = Merger(OTHER_UNIT, UNIT, DAY, GROUND)


def unit_merger(old: str, new: str, on: date = DAY) -> Merger:
    return Merger(old, new, on, GROUND)


def anew(office: Office) -> Office:
    """The office with its catalogue as the rows have it now."""
    with office.store.read() as connection:
        catalogue = read_catalogue(partial(list_reference, connection), is_practice=True)
    officer = catalogue.officer(office.officer.id)
    return replace(office, catalogue=replace(catalogue, clock=office.clock), officer=officer)


# ---- the rule ---------------------------------------------------------------------------


def test_a_chain_is_followed_from_its_day_on() -> None:
    chain = (unit_merger("a", "b"), unit_merger("b", "c", DAY + timedelta(days=10)))
    assert present_unit(chain, "a", DAY - timedelta(days=1)) == "a"
    assert present_unit(chain, "a", DAY) == "b"
    assert present_unit(chain, "a", DAY + timedelta(days=10)) == "c"
    assert family(chain, MergerKind.UNIT, "b", DAY) == {"a", "b"}
    assert family(chain, MergerKind.UNIT, "c", DAY) == {"c"}
    assert family(chain, MergerKind.UNIT, "a", date.max) == {"a", "b", "c"}


def test_rows_in_a_ring_end_somewhere() -> None:
    ring = (unit_merger("a", "b"), unit_merger("b", "a"))
    assert present_unit(ring, "a", DAY) in {"a", "b"}


def test_an_agency_is_followed_by_either_form_of_its_code() -> None:
    gone = (Merger("000.00.06.H56", "H56.14", DAY, GROUND, MergerKind.AGENCY),)
    assert present(gone, MergerKind.AGENCY, "H56.06", DAY) == "H56.14"
    assert present(gone, MergerKind.UNIT, "H56.06", DAY) == "H56.06"
    assert family(gone, MergerKind.AGENCY, "H56.14", DAY) == {"000.00.06.H56", "H56.14"}


def test_a_merger_is_a_row_and_comes_back_from_it() -> None:
    assert merger_from(merger_plain(KINH_TE)) == KINH_TE


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (unit_merger("a", ""), "new"),
        (unit_merger("a", "a"), "new"),
        (unit_merger("x", "c"), "old"),
        (unit_merger("y", "x"), "new"),
        (replace(unit_merger("a", "b"), ground=""), "ground"),
    ],
)
def test_what_cannot_be_merged(wanted: Merger, field: str) -> None:
    with pytest.raises(InputError) as wrong:
        check_merger((unit_merger("x", "y"),), wanted)
    assert wrong.value.field == field


def test_reports_by_the_old_and_the_new_boundary() -> None:
    counts = {"a": 3, "b": 5, "d": 1}
    chain = (unit_merger("a", "b"), unit_merger("b", "c"))
    assert by_boundary(counts, chain, DAY, Boundary.OLD) == counts
    assert by_boundary(counts, chain, DAY, Boundary.NEW) == {"c": 8, "d": 1}
    assert by_boundary(counts, chain, DAY - timedelta(days=1), Boundary.NEW) == counts


units = st.sampled_from("abcdef")
mergers = st.lists(st.builds(unit_merger, units, units, st.dates(DAY, DAY + timedelta(days=9))), max_size=8)


@given(mergers, st.dictionaries(units, st.integers(0, 99)), st.dates(DAY, DAY + timedelta(days=9)))
def test_a_report_loses_nothing_and_families_do_not_overlap(
    known: list[Merger], counts: dict[str, int], day: date
) -> None:
    assert sum(by_boundary(counts, known, day, Boundary.NEW).values()) == sum(counts.values())
    lawful: list[Merger] = []
    for each in known:
        try:
            check_merger(lawful, each)
        except InputError:
            continue
        lawful.append(each)
    families = {code: family(lawful, MergerKind.UNIT, code, day) for code in "abcdef"}
    assert all(code in mine for code, mine in families.items())
    assert all(families[other] == mine for mine in families.values() for other in mine)


# ---- at a desk --------------------------------------------------------------------------


@contextmanager
def worklist_of(office: Office, folder: Path) -> Iterator[Worklist]:
    glance = Glance(folder / "onestop.db", load_key(folder))
    try:
        yield Worklist(glance.rows, office.officer, office.catalogue, office.clock)
    finally:
        glance.close()


def ids_in_queue(office: Office, folder: Path) -> set[str]:
    with worklist_of(office, folder) as worklist:
        return {work.row.id for work in worklist.page(worklist.tabs()[0].view)}


def test_open_dossiers_go_with_their_unit(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        waiting = receive(seat).id
        deeds.forward(seat.as_(RECEPTION), waiting, Target(OTHER_UNIT))
        in_hand = receive(seat).id
        deeds.forward(seat.as_(RECEPTION), in_hand, Target(OTHER_UNIT, OTHER_SPECIALIST))
        deeds.take_over(seat.as_(OTHER_SPECIALIST), in_hand)
        assert waiting not in ids_in_queue(seat.as_(SPECIALIST), tmp_path)
        with pytest.raises(RuleError):
            deeds.take_over(seat.as_(SPECIALIST), waiting)
        assert count_carried(seat.office, OTHER_UNIT) == 2

        merge(seat.as_(ADMIN), KINH_TE)
        after = anew(seat.office)
        assert waiting in ids_in_queue(after.as_officer(SPECIALIST), tmp_path)
        assert {waiting, in_hand} <= ids_in_queue(after.as_officer(OTHER_SPECIALIST), tmp_path)
        done = deeds.take_over(after.as_officer(SPECIALIST), waiting).dossier
        assert done.holder == Holder(OTHER_UNIT, SPECIALIST, is_taken=True)
        deeds.propose(after.as_officer(SPECIALIST), waiting, "Đủ điều kiện", Target(UNIT, HEAD))
        deeds.propose(after.as_officer(OTHER_SPECIALIST), in_hand, "Đủ điều kiện", Target(UNIT, HEAD))


def test_everything_of_the_unit_moves_in_one_change_and_comes_back(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        set_unit(seat.as_(ADMIN), "", "Tổ Địa chính", OTHER_UNIT)
        before = anew(seat.as_(ADMIN))
        merge(before, KINH_TE)
        after = anew(before)
        catalogue = after.catalogue
        assert catalogue.officer(OTHER_SPECIALIST).unit == UNIT
        assert OTHER_UNIT not in catalogue.routing.values()
        assert catalogue.routing["Đất đai"] == UNIT
        lines = {line.unit.id: line for line in unit_tree(after)}
        assert lines["to-dia-chinh"].unit.parent == UNIT
        assert lines["to-dia-chinh"].depth == 1
        assert (lines[OTHER_UNIT].merged, lines[OTHER_UNIT].merged_on) == (UNIT, DAY)
        assert catalogue.unit_name(OTHER_UNIT) == "Phòng Kinh tế"

        undo_change(after, list_changes(after)[0].id)
        again = anew(after).catalogue
        assert again.mergers == ()
        assert again.officer(OTHER_SPECIALIST).unit == OTHER_UNIT
        assert dict(again.routing) == dict(before.catalogue.routing)


def test_a_merger_to_come_changes_nothing_before_its_day(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        waiting = receive(seat).id
        deeds.forward(seat.as_(RECEPTION), waiting, Target(OTHER_UNIT))
        merge(seat.as_(ADMIN), replace(KINH_TE, on=DAY + timedelta(days=11)))
        after = anew(seat.office)
        assert after.catalogue.officer(OTHER_SPECIALIST).unit == OTHER_UNIT
        assert waiting not in ids_in_queue(after.as_officer(SPECIALIST), tmp_path)
        seat.clock.at += timedelta(days=11)
        assert waiting in ids_in_queue(after.as_officer(SPECIALIST), tmp_path)
        deeds.take_over(after.as_officer(SPECIALIST), waiting)


def test_officers_of_a_merger_that_lay_ahead_move_along_when_its_day_has_come(seat: Seat) -> None:
    merge(seat.as_(ADMIN), replace(KINH_TE, on=DAY + timedelta(days=11)))
    office = anew(seat.as_(ADMIN))
    for unit in (OTHER_UNIT, UNIT):
        with pytest.raises(RuleError):
            move_along(office, unit)
    seat.clock.at += timedelta(days=11)
    move_along(office, OTHER_UNIT)
    assert anew(office).catalogue.officer(OTHER_SPECIALIST).unit == UNIT
    assert anew(office).catalogue.routing["Đất đai"] == UNIT


def test_a_counter_that_was_merged_still_hands_out(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        dossier = receive(seat)
        merged = replace(
            seat.office, catalogue=replace(seat.office.catalogue, mergers=(unit_merger("pvhcc", UNIT),))
        )
        at_unit = merged.as_officer(RECEPTION)
        newcomer = replace(at_unit, officer=replace(at_unit.officer, id="u-vy", unit=UNIT))
        assert is_legal(Act.WITHDRAW, dossier, newcomer.actor)
        stranger = replace(newcomer, officer=replace(newcomer.officer, unit="kinh-te"))
        assert not is_legal(Act.WITHDRAW, dossier, stranger.actor)


def test_what_was_sent_to_a_merged_agency_may_be_taken_in(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        dossier = replace(
            receive(seat),
            custody=replace(receive(seat).custody, agency=NEIGHBOUR.code),
        )
        own = seat.office.catalogue.agency.code
        gone = Merger(NEIGHBOUR.code, own, DAY, GROUND, MergerKind.AGENCY)
        assert not is_legal(Act.WITHDRAW, dossier, seat.as_(RECEPTION).actor)
        merged = replace(seat.as_(RECEPTION), catalogue=replace(seat.office.catalogue, mergers=(gone,)))
        assert is_legal(Act.WITHDRAW, dossier, merged.actor)


# ---- at the hub -------------------------------------------------------------------------


def test_the_hub_judges_by_the_merger_of_the_day() -> None:
    _, known = received()
    held = replace(known.after, custody=replace(known.after.custody, holder=Holder("kinh-te")))  # type: ignore[type-var,union-attr]  # an accepted reception gives a dossier
    entry = desk().sign(Act.TAKE_OVER, "d1", {}, held)
    asked = known_of(entry, held)
    assert verdict_of(entry, asked) == ("flagged", "ILLEGAL")
    merged = replace(asked, mergers=(unit_merger("kinh-te", GRANT.unit),))
    assert judge(entry.header, merged, NOW).verdict.value == "accepted"
    later = replace(asked, mergers=(unit_merger("kinh-te", GRANT.unit, DAY + timedelta(days=1)),))
    assert verdict_of(entry, later) == ("flagged", "ILLEGAL")


@pytest.mark.parametrize("is_merged", [False, True])
def test_the_hub_reads_the_mergers_of_the_office_whose_desk_wrote(tmp_path: Path, is_merged: bool) -> None:
    store = open_hub_store(None, tmp_path / "hub.db", b"k" * 32)
    desk = joined(store, found(store))
    desk.receive()
    (dossier,) = desk.dossiers
    desk.act(Act.FORWARD, dossier, {"to": {"unit": "kinh-te", "officer": None}})
    desk.act(Act.TAKE_OVER, dossier, {})
    with store.write() as connection:
        ledger = open_ledger(connection)
        if is_merged:
            row = merger_plain(unit_merger("kinh-te", COUNTER_UNIT))
            put_row(connection, ledger, HUB_OFFICE, "merger", "kinh-te", row, NOW)
        receipts = ingest(connection, ledger, desk.offers, "sender", NOW)
    told = [(receipt.verdict, receipt.code) for receipt in receipts]
    last = ("accepted", "") if is_merged else ("flagged", "ILLEGAL")
    assert told == [("accepted", ""), ("accepted", ""), last]
    store.close()


# ---- units, agencies --------------------------------------------------------------------


def test_units_are_added_renamed_and_put_below_one_another(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    set_unit(office, "", " Tổ  công nghệ số ", UNIT)
    office = anew(office)
    set_unit(office, "to-cong-nghe-so", "Tổ Công nghệ số cộng đồng", OTHER_UNIT)
    office = anew(office)
    assert office.catalogue.unit_name("to-cong-nghe-so") == "Tổ Công nghệ số cộng đồng"
    tree = [(line.unit.id, line.depth) for line in unit_tree(office)]
    place = tree.index((OTHER_UNIT, 0))
    assert tree[place + 1] == ("to-cong-nghe-so", 1)
    set_unit(office, OTHER_UNIT, "Phòng Kinh tế", "")
    for name, parent, unit, field in (
        ("", "", "", "unit_name"),
        ("phong kinh te", "", "", "unit_name"),
        ("Phòng Kinh tế", "to-cong-nghe-so", OTHER_UNIT, "unit_parent"),
        ("Phòng Kinh tế", OTHER_UNIT, OTHER_UNIT, "unit_parent"),
    ):
        with pytest.raises(InputError) as wrong:
            set_unit(office, unit, name, parent)
        assert wrong.value.field == field


def test_units_that_stand_under_one_another_are_all_shown(seat: Seat) -> None:
    units = tuple(
        replace(unit, parent={UNIT: OTHER_UNIT, OTHER_UNIT: UNIT}.get(unit.id, "nowhere"))
        for unit in seat.office.catalogue.units
    )
    ringed = replace(seat.office, catalogue=replace(seat.office.catalogue, units=units))
    assert {line.unit.id for line in unit_tree(ringed)} == {unit.id for unit in units}


def test_other_agencies_are_found_by_name_and_by_either_code_old_ones_too(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    set_agency(office, "000.66.77.H56", "UBND xã Hồi Xuân")
    set_agency(office, "H56.77.65", "UBND xã Phú Lệ")
    office = anew(office)
    for query in ("hoi xuan", "H56.77.66", "000.66.77.H56", "000.66.77.h56-261120-0012"):
        assert [line.code for line in find_agencies(office, query)] == ["H56.77.66"], query
    own, *others = find_agencies(office)
    assert own.is_own
    assert [line.name for line in others] == ["UBND xã Hồi Xuân", "UBND xã Phú Lệ"]
    merge(office, Merger("H56.77.65", "H56.77.66", DAY, GROUND, MergerKind.AGENCY))
    assert find_agencies(anew(office), "000.65.77.H56")[0].merged == "H56.77.66"
    for code, name, field in (("x", "y", "agency_code"), ("H56.01", " ", "agency_name")):
        with pytest.raises(InputError) as wrong:
            set_agency(office, code, name)
        assert wrong.value.field == field
    with pytest.raises(InputError):
        set_agency(office, "000.88.99.H56", "Chính cơ quan này")


def test_an_agency_does_not_merge_itself_away(seat: Seat) -> None:
    own = seat.office.catalogue.agency.code
    with pytest.raises(InputError) as wrong:
        merge(seat.as_(ADMIN), Merger(own, own, DAY, GROUND, MergerKind.AGENCY))
    assert wrong.value.field == "old"
    with pytest.raises(InputError) as wrong:
        merge(seat.as_(ADMIN), Merger("nowhere", UNIT, DAY, GROUND))
    assert wrong.value.field == "old"


def test_the_letterhead_is_changed_but_never_the_code(seat: Seat) -> None:
    agency = seat.office.catalogue.agency
    change_letterhead(seat.as_(ADMIN), replace(agency, code="H1", place=" Xuân  Mai ", phone="0237 3888 999"))
    changed = anew(seat.office).catalogue.agency
    assert (changed.code, changed.place) == (agency.code, "Xuân Mai")
    with pytest.raises(InputErrors) as wrong:
        change_letterhead(seat.as_(ADMIN), replace(agency, name=" ", phone="12"))
    assert [error.field for error in wrong.value.errors] == ["name", "phone"]


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made
