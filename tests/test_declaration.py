"""Forms of procedures: declared as data, checked, computed, kept with the dossier, found by what they say."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.declaration import (
    Condition,
    DeclarationForm,
    FieldKind,
    FieldSpec,
    FormSection,
    find_form,
    form_from_dict,
    form_key,
    form_of,
    form_to_dict,
)
from onestop.domain.declaration_check import check_form, check_values
from onestop.domain.declaration_sample import SAMPLE_OWNER, sample_values
from onestop.domain.declaration_values import (
    SEARCH,
    fill_computed,
    prefill,
    read_value,
    read_values,
    settle_values,
    show_value,
    sources_of,
)
from onestop.domain.dossier import Declaration, Dossier
from onestop.domain.entry import canonical
from onestop.domain.formula import evaluate, names_in, parse_formula
from onestop.domain.number_words import day_in_words, number_in_words
from onestop.errors import InputErrors, PrintError
from onestop.office import deeds
from onestop.office.changes import subject_changes
from onestop.office.changing import RowChange, change_rows
from onestop.office.intake import check_intake, receive_dossier
from onestop.office.packs import read_pack
from onestop.office.papers import paper_pdf
from onestop.store.check import rebuild_store
from onestop.store.queue import search_page
from onestop.store.rows import list_reference
from tests.office_desk import RECEPTION, Seat, form, seated
from tests.printing_samples import page_texts

TODAY = date(2026, 11, 20)
FORMS = tuple(map(form_from_dict, read_pack("declarations.json")["forms"]))
BY_ID = {each.id: each for each in FORMS}
EXTRACT = "2.000635"  # cấp bản sao trích lục hộ tịch
IDS = sorted(BY_ID)


def made(*fields: FieldSpec, **changes: Any) -> DeclarationForm:
    whole = DeclarationForm("thu", "Tờ khai thử", "1", "Luật thử", ("1.1",), (FormSection("Phần", fields),))
    return replace(whole, **changes)


def text(name: str, **changes: Any) -> FieldSpec:
    return replace(FieldSpec(name, name, FieldKind.TEXT), **changes)


def computed(name: str, formula: str) -> FieldSpec:
    return FieldSpec(name, name, FieldKind.COMPUTED, computed=formula)


# ---- the ten forms ----------------------------------------------------------------------


def test_ten_forms_are_shipped_and_each_belongs_to_real_procedures() -> None:
    codes = {row["code"] for row in read_pack("procedures.json")}
    assert len(FORMS) == 10
    for each in FORMS:
        assert set(each.procedures) <= codes, each.id
        assert each.procedures
        assert each.confidence in {"high", "medium", "low"}


@pytest.mark.parametrize("form_id", IDS)
def test_a_shipped_form_has_no_mistake_and_goes_through_its_row(form_id: str) -> None:
    shipped = BY_ID[form_id]
    assert check_form(shipped) == ()
    row = json.loads(canonical({"value": form_to_dict(shipped)}))["value"]
    assert form_from_dict(row) == shipped


@pytest.mark.parametrize("form_id", IDS)
def test_sample_values_fit_and_an_empty_form_names_what_is_needed(form_id: str) -> None:
    shipped = BY_ID[form_id]
    values = sample_values(shipped, TODAY)
    assert check_values(shipped, values, TODAY) == []
    assert canonical(values)
    needed = {f"declaration.{spec.id}" for spec in shipped.fields() if spec.needed and spec.show_if is None}
    assert {error.field for error in check_values(shipped, {}, TODAY)} == needed


def test_no_procedure_has_two_forms() -> None:
    codes = [code for each in FORMS for code in each.procedures]
    assert len(codes) == len(set(codes))


def test_the_form_of_a_case_goes_before_that_of_the_procedure_and_a_later_version_waits_for_its_day() -> None:
    whole, own = made(text("a")), made(text("a"), id="rieng", procedures=("1.1/k",))
    later = made(text("a"), version="2", effective_on="2027-01-01")
    forms = (whole, own, later)
    assert form_of(forms, "1.1", "k", day="2026-11-20") == own
    assert form_of(forms, "1.1", day="2026-11-20") == whole
    assert form_of(forms, "1.1", day="2027-01-01") == later
    assert form_of(forms, "9.9") is None
    assert form_of(forms, "9.9", form_id="rieng") == own
    assert find_form(forms, "thu", "1") == whole
    assert find_form(forms, "thu", "gone") == later
    assert [form_key(each) for each in forms] == ["thu", "rieng", "thu@2027-01-01"]


# ---- mistakes in a form -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "where", "words"),
    [
        ((text("a"), text("a")), "a", "hai lần"),
        ((text("Á"),), "Á", "không dấu"),
        ((text("a", words=" "),), "a", "nhãn"),
        ((FieldSpec("a", "A", FieldKind.CHOICE, choices=(("x", "X"),)),), "a", "hai lựa chọn"),
        ((text("a", least=9, most=3),), "a", "lớn hơn"),
        ((text("a", span=5),), "a", "1 đến 4"),
        ((text("a", pattern="(a+)+b"),), "a", "phức tạp"),
        ((text("a", pattern="[a"),), "a", "không đọc được"),
        ((text("a", show_if=Condition("b")),), "a", "không có"),
        ((text("a", copy_from="owner.salary"),), "a", "Không lấy được"),
        ((FieldSpec("a", "A", FieldKind.PERSON, parts=("shoe",)),), "a", "shoe"),
        ((FieldSpec("a", "A", FieldKind.TABLE),), "a", "chưa có cột"),
        ((FieldSpec("a", "A", FieldKind.TABLE, columns=(text("x"), text("x"))),), "a", "hai lần"),
        ((FieldSpec("a", "A", FieldKind.TABLE, columns=(computed("x", "1"),)),), "a", "không dùng được"),
        ((computed("a", "b"),), "a", "không có trong mẫu"),
        ((computed("a", "sum("),), "a", "Công thức chưa đúng"),
        ((computed("a", "open(1)"),), "a", "không có hàm"),
        ((computed("a", "a"),), "a", "vòng"),
        ((computed("a", "b"), computed("b", "join(c, c)"), computed("c", "a")), "b", "vòng"),
        ((), "", "chưa có trường"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_field(fields: tuple[FieldSpec, ...], where: str, words: str) -> None:
    findings = check_form(made(*fields))
    assert any(each.where == where and words in each.words for each in findings), findings


@pytest.mark.parametrize(
    "broken",
    [{}, {"kind": "colour"}, {"kind": "text", "least": "3"}, {"kind": "text", "extra": 1}, {"words": 5}],
)
def test_a_row_that_is_no_form_is_refused(broken: dict[str, Any]) -> None:
    plain = form_to_dict(made(text("a")))
    plain["sections"][0]["fields"] = [{"id": "a", "words": "A", **broken}]
    with pytest.raises((KeyError, TypeError, ValueError)):
        form_from_dict(plain)


# ---- formulas ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("sum(t.n)", 6), ("count(t)", 3), ('join(", ", name, empty, "x")', "Ưu, x"), ("times(two, half)", 1),
        ("age(born, today)", 36), ("age(today, born)", ""), ("words(born)", day_in_words(date(1989, 12, 4))),
        ("words(two)", "hai"), ("name", "Ưu"), ("sum(empty)", ""), ("sum(half, half, half)", "1.5"),
    ],
)  # fmt: skip
def test_what_a_formula_gives(formula: str, result: object) -> None:
    known = {
        "t.n": [1, "2", "x", 3], "t": [{}, {}, {}], "name": "Ưu", "empty": "", "two": 2, "half": "0.5",
        "born": "1989-12-04", "today": "2026-11-20",
    }  # fmt: skip
    assert evaluate(parse_formula(formula), lambda name: known[str(name)]) == result


@settings(max_examples=60, deadline=None)
@given(st.text('abz_.,()"0 -', max_size=60))
def test_any_text_is_a_formula_or_is_refused_in_words(formula: str) -> None:
    """Nothing but a ValueError, whatever an imported form says."""
    with suppress(ValueError):
        assert names_in(parse_formula(formula)) is not None


def test_numbers_and_days_in_words() -> None:
    assert number_in_words(0) == "không"
    assert number_in_words(1_250_015) == "một triệu hai trăm năm mươi nghìn không trăm mười lăm"
    assert day_in_words(date(2026, 4, 5)) == "ngày mùng năm tháng tư năm hai nghìn không trăm hai mươi sáu"
    assert day_in_words(date(2026, 1, 21)).startswith("ngày hai mươi mốt tháng một")


def test_a_computed_field_may_stand_before_what_it_needs_and_a_circle_stays_empty() -> None:
    own = made(
        computed("all", "sum(half, half)"), computed("half", "times(n, 2)"), text("n"), computed("x", "x")
    )
    assert fill_computed(own, {"n": "4"}, {}) == {"n": "4", "all": 16, "half": 8}


# ---- values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.NUMBER, "1.250.000", 1_250_000), (FieldKind.NUMBER, "12,50", "12.5"),
        (FieldKind.NUMBER, "mười", "mười"), (FieldKind.NUMBER, "1e999", "1e999"),
        (FieldKind.DATE, "1/2/2026", "2026-02-01"), (FieldKind.DATE, "01021985", "1985-02-01"),
        (FieldKind.DATE, "2/1985", "1985-02"), (FieldKind.DATE, "1985", "1985"),
        (FieldKind.DATE, "1/2/27", "2027-02-01"), (FieldKind.DATE, "hôm qua", "hôm qua"),
        (FieldKind.TEXT, "  Đức \u0065\u0302 ", "Đức ê"),
    ],
)  # fmt: skip
def test_typing_becomes_what_is_kept(kind: FieldKind, typed: str, kept: object) -> None:
    assert read_value(FieldSpec("a", "A", kind), typed) == kept


@pytest.mark.parametrize("form_id", IDS)
def test_what_is_kept_reads_as_itself(form_id: str) -> None:
    shipped = BY_ID[form_id]
    values = sample_values(shipped, TODAY)
    sources = sources_of(SAMPLE_OWNER, SAMPLE_OWNER, TODAY)
    assert settle_values(shipped, values, sources) == values


def faults(spec: FieldSpec, value: Any) -> list[str]:
    errors = check_values(made(spec), {spec.id: value} if value is not None else {}, TODAY)
    return [f"{error.field} {error.message}" for error in errors]


PERSON = FieldSpec("p", "Cha", FieldKind.PERSON, needed=True)
TABLE = FieldSpec(
    "t",
    "Bảng",
    FieldKind.TABLE,
    needed=True,
    most=2,
    columns=(FieldSpec("n", "Số", FieldKind.NUMBER, needed=True),),
)


@pytest.mark.parametrize(
    ("spec", "value", "said"),
    [
        (text("a", needed=True), None, "declaration.a Hãy nhập"),
        (text("a", most=3), "dài quá", "Dài quá 3"),
        (text("a", pattern="[0-9]{4}", hint="4 chữ số"), "12", "4 chữ số"),
        (FieldSpec("a", "A", FieldKind.NUMBER, least=1), 0, "nhỏ hơn 1"),
        (FieldSpec("a", "A", FieldKind.NUMBER, most=5), "5.5", "lớn hơn 5"),
        (FieldSpec("a", "A", FieldKind.NUMBER), "x", "Chỉ nhập số"),
        (FieldSpec("a", "A", FieldKind.DATE), "2026-13-01", "tháng 13"),
        (FieldSpec("a", "A", FieldKind.DATE, is_past=True), "2026-12", "sau hôm nay"),
        (FieldSpec("a", "A", FieldKind.CHOICE, choices=(("x", "X"), ("y", "Y"))), "z", "danh sách"),
        (text("a"), {"b": 1}, "phải là chữ"),
        (PERSON, {"id_number": "1"}, "declaration.p.name"),
        (PERSON, {"name": "An", "id_number": "12345"}, "declaration.p.id_number"),
        (PERSON, {"name": "An", "born_on": "2027-01-01"}, "declaration.p.born_on"),
        (PERSON, "An", "không đọc được"),
        (TABLE, [], "declaration.t Hãy nhập"),
        (TABLE, [{"n": 1}, {}], "declaration.t.1.n"),
        (TABLE, [{"n": 1}] * 3, "đến 2 dòng"),
    ],
)  # fmt: skip
def test_a_wrong_value_names_its_field(spec: FieldSpec, value: Any, said: str) -> None:
    assert any(said in fault for fault in faults(spec, value)), faults(spec, value)


def test_a_foreign_paper_may_look_like_anything() -> None:
    assert faults(PERSON, {"name": "Kim Soo", "id_number": "M1234 KOR/7"}) == []


def test_a_field_whose_condition_is_not_met_is_neither_asked_for_nor_kept() -> None:
    status = BY_ID["tinh-trang-hon-nhan"]
    asked = {error.field for error in check_values(status, {"purpose": "marriage"}, TODAY)}
    assert "declaration.partner" in asked
    assert "declaration.purpose_words" not in asked
    typed = {"purpose": "land", "partner": {"name": "Hà Văn Thiệu"}}
    assert "partner" not in settle_values(status, typed, {})


def test_too_much_is_refused_before_the_journal_refuses_it() -> None:
    own = made(*(FieldSpec(f"f{n}", "F", FieldKind.LONG_TEXT) for n in range(9)))
    values = {spec.id: "ễ" * 3000 for spec in own.fields()}
    assert [error.field for error in check_values(own, values, TODAY)] == ["declaration"]


def test_a_form_begins_with_what_the_dossier_knows() -> None:
    begun = prefill(BY_ID["ho-kinh-doanh"], SAMPLE_OWNER, SAMPLE_OWNER)
    assert begun["head"]["name"] == "Lò Thị Đức"
    assert begun["phone"] == "0912 345 678"
    assert "business_name" not in begun


def test_values_are_shown_as_people_write_them() -> None:
    assert show_value(FieldSpec("a", "A", FieldKind.NUMBER), 1_250_000) == "1.250.000"
    assert show_value(FieldSpec("a", "A", FieldKind.NUMBER), "-12.5") == "-12,5"
    assert show_value(FieldSpec("a", "A", FieldKind.DATE), "1985-02") == "02/1985"
    assert show_value(BY_ID["ket-hon"].field("bride_state") or text("x"), "never").startswith("Chưa")


# ---- at the office ---------------------------------------------------------------------------


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def filled(**changes: Any) -> Declaration:
    values = {
        "requester": {"name": "Lò Thị Đức"}, "relation": "cháu", "extract": "birth", "copies": "2",
        "person": {"name": "Quàng Văn Ưng", "born_on": "1/2/1960", "id_number": "038060012345"},
        "office": "UBND xã Hồi Xuân", "number": "77/1960",
    }  # fmt: skip
    return Declaration("trich-luc-ho-tich", "2024-06", values | changes)


def receive(seat: Seat, declaration: Declaration | None) -> Dossier:
    wanted = form(EXTRACT, declaration=declaration, time_value=1, time_unit="working_day")
    return receive_dossier(seat.as_(RECEPTION), wanted).dossier


def test_a_dossier_keeps_its_form_in_wire_values(seat: Seat) -> None:
    kept = receive(seat, filled()).subject.declaration
    assert kept is not None
    assert kept.values["person"]["born_on"] == "1960-02-01"
    assert kept.values["copies"] == 2
    assert kept.values["copies_words"] == "hai"
    assert kept.values[SEARCH] == "Lò Thị Đức Quàng Văn Ưng 038060012345 77/1960"


def test_wrong_values_name_their_fields_beside_those_of_the_dossier(seat: Seat) -> None:
    wanted = form(EXTRACT, declaration=filled(copies="0", person={}), sets=0)
    with pytest.raises(InputErrors) as caught:
        check_intake(seat.office, wanted)
    assert {e.field for e in caught.value.errors} == {"sets", "declaration.copies", "declaration.person"}


def test_a_form_on_paper_is_enough_unless_the_office_wants_it_typed(seat: Seat) -> None:
    assert receive(seat, None).subject.declaration is None
    row = form_to_dict(BY_ID["trich-luc-ho-tich"]) | {"needed": True}
    change_rows(seat.office, [RowChange("declaration", "trich-luc-ho-tich", row)], "Bắt buộc")
    with seat.store.read() as connection:
        forms = tuple(map(form_from_dict, list_reference(connection, "declaration")))
    strict = replace(seat.as_(RECEPTION), catalogue=replace(seat.office.catalogue, declarations=forms))
    with pytest.raises(InputErrors) as caught:
        receive_dossier(strict, form(EXTRACT, time_value=1, time_unit="working_day"))
    assert caught.value.field == "declaration"


def test_found_by_a_marked_field_and_rebuilt_the_same(seat: Seat) -> None:
    dossier = receive(seat, filled())
    found = search_page(seat.store.rows, "quang van ung")
    assert [row.id for row in found] == [dossier.id]
    assert search_page(seat.store.rows, "Hồi Xuân") == []  # a field that is not marked
    assert rebuild_store(seat.store) == 1
    assert search_page(seat.store.rows, "038060012345") == found


def test_a_correction_tells_the_changed_fields_in_words(seat: Seat) -> None:
    dossier = receive(seat, filled())
    person = {"name": "Quàng Văn Ưng", "born_on": "2/2/1960"}
    wanted = form(EXTRACT, declaration=filled(person=person, copies="3"))
    after, _ = check_intake(seat.office, wanted)
    told = {c.what: (c.before, c.after) for c in subject_changes(dossier.subject, after, FORMS)}
    assert told["Tờ khai, của người, ngày sinh"] == ("01/02/1960", "02/02/1960")
    assert told["Tờ khai, của người, số định danh, giấy tờ tuỳ thân"] == ("038060012345", "")
    assert told["Tờ khai, số lượng bản sao đề nghị cấp"] == ("2", "3")
    done = deeds.correct(seat.as_(RECEPTION), dossier.id, after, "Ghi nhầm ngày sinh")
    assert done.dossier.subject.declaration == after.declaration


def test_printed_with_its_values_and_refused_where_there_is_none(seat: Seat) -> None:
    dossier = receive(seat, filled())
    (page,) = page_texts(paper_pdf(seat.office, dossier.id, "TK"))
    for words in (
        "CỘNG HÒA XÃ HỘI",
        "TỜ KHAI CẤP BẢN SAO",
        dossier.code,
        "Quàng Văn Ưng",
        "01/02/1960",
        "77/1960",
    ):
        assert words in page
    with pytest.raises(PrintError):
        paper_pdf(seat.office, receive(seat, None).id, "TK")


def test_values_of_a_form_nobody_knows_here_stay_as_they_came(seat: Seat) -> None:
    foreign = Declaration("mau-la", "9", {"ten": "Ưu"})
    assert receive(seat, foreign).subject.declaration == foreign


def test_reading_drops_what_is_empty_or_unknown() -> None:
    typed = {"relation": "  ", "lạ": "x", "person": {"name": ""}, "copies": "1"}
    assert read_values(BY_ID["trich-luc-ho-tich"], typed) == {"copies": 1}
