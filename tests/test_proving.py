"""What a printed paper is worth: told by the desk that made it, by another desk and by the hub."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from onestop.domain.dossier import Dossier
from onestop.domain.proof import proof_digits, read_proof
from onestop.domain.signing import SigningKey
from onestop.domain.template import Facts
from onestop.errors import InputError
from onestop.office.correcting import correct_dossier
from onestop.office.deeds import find_dossier, void_paper
from onestop.office.office import Office
from onestop.office.paper_facts import Asked, receipt_facts
from onestop.office.papers import note_printed, paper_pdf
from onestop.office.proving import PaperCheck, Worth, check_at, check_paper, proven
from onestop.office.templates import template_for
from onestop.printing.form import form_pdf
from onestop.printing.reading import read_codes
from onestop.store.hub_store import open_hub_store
from onestop.store.log import found_ledger
from tests.hub_desk import Hub, hub_in
from tests.office_desk import OWNER, RECEPTION, Seat, receive, seated
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures
from tests.printing_samples import page_texts


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path) as made:
        yield made


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "one", 1) as seat:
        yield seat


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "two", 2) as seat:
        yield seat


def receipt(office: Office, dossier: Dossier) -> Facts:
    """What a receipt printed now would say, its printing noted."""
    now = find_dossier(office, dossier.id)
    facts = proven(office, now, "01", receipt_facts(Asked(office, now, ())))
    note_printed(office, now, "01", 2)
    return facts


def checked(seat: Seat, text: str) -> PaperCheck:
    return check_at(seat.office, text)


def test_a_receipt_read_from_its_pdf_is_genuine_once_its_printing_is_noted(one: Seat) -> None:
    office = one.as_(RECEPTION)
    dossier = receive(one)
    pdf = paper_pdf(office, dossier.id, "01", "A5", 1)
    (text,) = [code for code in read_codes(pdf) if code != dossier.code]
    assert checked(one, text).worth is Worth.UNPRINTED
    note_printed(office, dossier, "01", 1)
    check = checked(one, text)
    assert (check.worth, check.dossier_id, check.desk) == (Worth.GENUINE, dossier.id, "Quầy 01")
    told = dict(check.lines())
    assert told["Mã hồ sơ"] == dossier.code
    assert told["Hẹn trả ghi trong mã"] == "30/11/2026 16:30"
    assert "Hẹn trả hiện nay" not in told
    assert told["Số kiểm tra"] == read_proof(text).check


@pytest.mark.parametrize("size", ["A4", "A5", "A5_ACROSS", "A5_TWO", "K80"])
def test_every_sheet_is_read_back_and_says_its_check(one: Seat, size: str) -> None:
    office = one.as_(RECEPTION)
    dossier = receive(one)
    facts = receipt(office, dossier)
    template = template_for(office.catalogue, "01", one.clock.at.date(), dossier.subject.procedure.code)
    pdf = form_pdf(template, facts, size)
    assert set(read_codes(pdf)) == {dossier.code, facts.proof}
    assert f"Số kiểm tra: {read_proof(facts.proof).check}" in page_texts(pdf)[0]


def test_nothing_of_a_person_stands_in_the_square(one: Seat) -> None:
    proof = read_proof(receipt(one.as_(RECEPTION), receive(one)).proof)
    assert proof.signed[11:].decode() == f"01 {proof.code}"
    assert OWNER.name.encode() not in proof.signed
    assert not any(OWNER.name in text for _, text in checked(one, receipt_text(one)).lines())


def receipt_text(seat: Seat) -> str:
    return receipt(seat.as_(RECEPTION), receive(seat)).proof


def test_both_a_paper_and_its_reprint_are_genuine(one: Seat) -> None:
    office, dossier = one.as_(RECEPTION), receive(one)
    first, second = receipt(office, dossier), receipt(office, dossier)
    assert first.proof != second.proof
    assert checked(one, first.proof).worth is checked(one, second.proof).worth is Worth.GENUINE


def test_a_correction_replaces_what_was_printed_before_it(one: Seat) -> None:
    office, dossier = one.as_(RECEPTION), receive(one)
    old = receipt(office, dossier)
    owner = replace(dossier.subject.owner, name="Lò Thị Đước")
    correct_dossier(office, dossier.id, replace(dossier.subject, owner=owner), "Viết sai tên")
    assert checked(one, old.proof).replaced_at is None
    new = receipt(office, dossier)
    assert "Thay thế" in new.fields["replaces"]
    check = checked(one, old.proof)
    assert check.worth is Worth.REPLACED
    assert check.replaced_at == find_dossier(office, dossier.id).printed[1].at
    assert "Giấy thay thế in lúc" in dict(check.lines())
    assert checked(one, new.proof).worth is Worth.GENUINE


def test_only_the_paper_that_was_voided_is_void(one: Seat) -> None:
    office, dossier = one.as_(RECEPTION), receive(one)
    first, second = receipt(office, dossier), receipt(office, dossier)
    spoiled = find_dossier(office, dossier.id).printed[0]
    void_paper(office, dossier.id, spoiled.entry, "Kẹt giấy")
    check = checked(one, first.proof)
    assert check.worth is Worth.VOIDED
    assert check.why == "Kẹt giấy"
    assert "Kẹt giấy" not in str(check.lines()) + check.words
    assert checked(one, second.proof).worth is Worth.GENUINE


def test_a_changed_number_and_a_strange_key_are_not_believed(one: Seat, two: Seat) -> None:
    text = receipt_text(one)
    proof = read_proof(text)
    later = proof.signed[:8] + b"\x7f" + proof.signed[9:]  # another due moment
    bent = checked(one, proof_digits(replace(proof, signed=later)))
    assert bent.worth is Worth.ALTERED
    assert bent.lines() == []
    assert checked(two, text).worth is Worth.STRANGER
    with pytest.raises(InputError):
        checked(one, "99518001123")


def test_another_desk_and_the_hub_tell_the_same_from_their_own_store(hub: Hub, one: Seat, two: Seat) -> None:
    one, two = hub.join(one), hub.join(two)
    hub.grant(RECEPTION)
    for seat in (one, two):
        hub.meet(seat)
    text = receipt_text(one)
    assert checked(two, text).worth is Worth.UNPRINTED
    for seat in (one, two):
        hub.meet(seat)
    with hub.store.read() as connection:
        at_hub = check_paper(connection, text)
    at_desk = checked(two, text)
    assert at_hub.worth is at_desk.worth is Worth.GENUINE
    assert at_hub.lines() == at_desk.lines() == checked(one, text).lines()


def test_a_hub_on_postgresql_tells_the_same(
    fresh_database: Callable[[], str],  # noqa: F811  a fixture
    one: Seat,
    tmp_path: Path,
) -> None:
    """It compares keys as bytes in its own way."""
    with closing(open_hub_store(fresh_database(), tmp_path / "hub.db", b"k" * 32)) as store:
        with store.write() as connection:
            found_ledger(connection, SigningKey.generate(), False, "")
        hub = Hub(store, tmp_path, b"")
        one = hub.join(one)
        hub.grant(RECEPTION)
        hub.meet(one)
        text = receipt_text(one)
        hub.meet(one)
        with store.read() as connection:
            assert check_paper(connection, text).lines() == checked(one, text).lines()
            assert check_paper(connection, text).worth is Worth.GENUINE


def test_a_stolen_desk_proves_nothing_that_no_journal_holds(hub: Hub, one: Seat, two: Seat) -> None:
    one, two = hub.join(one), hub.join(two)
    hub.grant(RECEPTION)
    hub.meet(one)
    office, dossier = one.as_(RECEPTION), receive(one)
    known = receipt(office, dossier)
    hub.meet(one)
    hub.revoke("device", one.office.pen.device)
    one.clock.at += timedelta(days=1)
    forged = receipt(office, dossier)
    hub.meet(two)
    assert checked(two, known.proof).worth is Worth.GENUINE
    assert checked(two, forged.proof).worth is Worth.STRANGER
