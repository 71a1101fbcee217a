"""Codes of agencies in their old and new form: read, compared, turned into one another, found by either."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.agency_code import (
    AgencyCode,
    both_forms,
    in_every_form,
    is_same_agency,
    parse_agency_code,
)
from onestop.domain.work import search_words
from onestop.errors import InputError
from onestop.office.work import Worklist
from onestop.store.glance import Glance
from onestop.store.vault import load_key
from tests.office_desk import receive, seated

# Of `domain.md` §3: codes seen in use, and what they are in the other form.
FORMS = (
    ("H26", "000.00.00.H26", 1),
    ("H56.06", "000.00.06.H56", 2),
    ("H56.22.17", "000.17.22.H56", 3),
    ("H15.50.05.13", "013.05.50.H15", 4),
    ("G15.01", "000.00.01.G15", 2),
    ("H56.14.05.120", "120.05.14.H56", 4),
)


@pytest.mark.parametrize(("new", "old", "level"), FORMS)
def test_both_forms_name_one_agency(new: str, old: str, level: int) -> None:
    assert both_forms(new) == both_forms(old) == (new, old)
    assert parse_agency_code(f" {new.lower()} ").level == level
    assert is_same_agency(new, old)


def test_levels_stand_above_one_another() -> None:
    ward = parse_agency_code("H15.50.05")
    province = parse_agency_code("000.00.00.H15")
    assert ward.parent == AgencyCode("H15", (50,))
    assert province.parent is None
    assert ward.is_below(province)
    assert ward.is_below(AgencyCode("H15", (50,)))
    assert not ward.is_below(ward)
    assert not ward.is_below(AgencyCode("H15", (51,)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H5",
        "56.H56",
        "H56.1",
        "H56.",
        "H56.00",
        "000.17.00.H56",
        "H56.14.05.01.02",
        "000.00.H56",
        "H56.123",
    ],
)
def test_what_is_no_code_is_said(text: str) -> None:
    with pytest.raises(InputError) as wrong:
        parse_agency_code(text)
    assert wrong.value.field == "agency_code"
    assert wrong.value.message
    assert not is_same_agency(text, "H56.14")


codes = st.builds(
    AgencyCode,
    st.from_regex(r"[GH][0-9]{2}", fullmatch=True),
    st.one_of(
        st.lists(st.integers(1, 99), max_size=3).map(tuple),
        st.tuples(st.integers(1, 99), st.integers(1, 99), st.integers(1, 999)),
    ),
)


@given(codes)
def test_every_code_is_read_back_from_both_forms(code: AgencyCode) -> None:
    assert parse_agency_code(code.new_form) == parse_agency_code(code.old_form) == code


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("lò thị đức", ()),
        ("0001", ()),
        ("000.00.06.H56-231027-0361", ("H56.06-231027-0361",)),
        ("h56.06-231027-0361", ("000.00.06.H56-231027-0361",)),
        ("đức H56.99.88", ("đức 000.88.99.H56",)),
    ],
)
def test_a_typed_code_is_also_asked_for_in_its_other_form(typed: str, asked: tuple[str, ...]) -> None:
    assert in_every_form(typed) == (typed, *asked)


def test_a_dossier_is_found_by_the_code_of_its_agency_in_either_form(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        dossier = receive(seat)
        assert dossier.code.startswith("H56.99.88-")
        assert "h56 99 88" in search_words(dossier)
        receive(seat)
        glance = Glance(tmp_path / "onestop.db", load_key(tmp_path))
        try:
            office = seat.office
            worklist = Worklist(glance.rows, office.officer, office.catalogue, office.clock)
            old = dossier.code.replace("H56.99.88", "000.88.99.H56")
            assert [work.row.id for work in worklist.search(old)] == [dossier.id]
            assert [work.row.id for work in worklist.search(dossier.code)] == [dossier.id]
            assert len(worklist.search("000.88.99.H56")) == len(worklist.search("H56.99.88")) == 2
            assert not worklist.search("000.77.99.H56")
        finally:
            glance.close()
