"""An office's own templates: saved as rows, in force from their day, sent in packs, given up again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.template import (
    Labelled,
    Paragraph,
    Template,
    Together,
    template_from_dict,
    template_to_dict,
)
from onestop.domain.template_edit import inserted, removed
from onestop.domain.template_sample import sample_facts
from onestop.errors import InputError, InputErrors, PrintError
from onestop.office.catalogue import read_catalogue
from onestop.office.changing import undo_change
from onestop.office.intake import receive_dossier
from onestop.office.office import Office
from onestop.office.pack_check import check_pack, import_pack
from onestop.office.pack_file import read_pack_file, read_plain, write_pack_file
from onestop.office.papers import paper_pdf
from onestop.office.template_saving import (
    LONGEST,
    copy_of,
    drop_own,
    find_templates,
    is_own,
    look_of,
    save_copy,
    save_template,
    shipped_template,
    since_words,
)
from onestop.office.templates import template_for
from onestop.store.rows import list_reference
from tests.office_desk import ADMIN, Seat, form, seated
from tests.printing_samples import page_texts

KEY = "01@2025-09-15"
LINE = Labelled("Giờ làm việc", "7 giờ 30 đến 17 giờ")


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    with seated(tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.fixture
def office(seat: Seat) -> Office:
    return fresh(seat)


def fresh(seat: Seat) -> Office:
    """With the rows as they are now: what the window reads anew after a change."""
    with seat.store.read() as connection:
        catalogue = read_catalogue(lambda kind: list_reference(connection, kind), is_practice=True)
    return replace(seat.as_(ADMIN), catalogue=catalogue)


def shipped() -> Template:
    found = shipped_template(KEY)
    assert found is not None
    return found


def own() -> Template:
    return replace(shipped(), blocks=inserted(shipped().blocks, 3, LINE))


def words_of(office: Office, dossier_id: str) -> str:
    return " ".join(page_texts(paper_pdf(office, dossier_id, "01", "A5", 1)))


def test_what_is_saved_is_printed_and_what_is_undone_is_not(seat: Seat, office: Office) -> None:
    dossier = receive_dossier(seat.office, form()).dossier
    assert not is_own(office.catalogue, KEY)
    made = save_template(office, own())
    assert made.words == "Sửa mẫu in 01: Giấy tiếp nhận hồ sơ và hẹn trả kết quả (từ 15/09/2025)"
    now = fresh(seat)
    assert is_own(now.catalogue, KEY)
    assert "Giờ làm việc: 7 giờ 30 đến 17 giờ" in words_of(now, dossier.id)
    undo_change(now, made.id)
    assert "Giờ làm việc" not in words_of(fresh(seat), dossier.id)


def test_the_shipped_one_comes_back(seat: Seat, office: Office) -> None:
    save_template(office, own())
    drop_own(fresh(seat), own())
    assert template_for(fresh(seat).catalogue, "01", date(2026, 11, 20)) == shipped()
    assert not is_own(fresh(seat).catalogue, KEY)


def test_a_new_version_holds_from_its_day(seat: Seat, office: Office) -> None:
    new = replace(copy_of(office, shipped()), since="2027-01-01", version="2.0")
    made = save_copy(office, new, KEY)
    catalogue = fresh(seat).catalogue
    assert template_for(catalogue, "01", date(2026, 12, 31)).version == shipped().version
    assert template_for(catalogue, "01", date(2027, 1, 1)).version == "2.0"
    assert since_words(new) == "từ 01/01/2027"
    with pytest.raises(InputErrors) as raised:
        save_copy(fresh(seat), new, KEY)
    assert [each.field for each in raised.value.errors] == ["0:since"]
    undo_change(fresh(seat), made.id)


def test_one_for_some_procedures_goes_before_the_general_one(seat: Seat, office: Office) -> None:
    new = replace(shipped(), variant="xaydung", procedures=("1.013225",), name="Giấy tiếp nhận (xây dựng)")
    made = save_copy(office, new, KEY)
    catalogue = fresh(seat).catalogue
    assert template_for(catalogue, "01", date(2026, 11, 20), "1.013225").variant == "xaydung"
    assert not template_for(catalogue, "01", date(2026, 11, 20), "1.001193").variant
    undo_change(fresh(seat), made.id)


def test_nothing_wrong_is_saved_and_each_mistake_names_its_place(seat: Seat, office: Office) -> None:
    place = next(n for n, each in enumerate(shipped().blocks) if isinstance(each, Together))
    blocks = inserted(removed(shipped().blocks, place), 0, Paragraph("{nobody}"))
    with pytest.raises(InputErrors) as raised:
        save_template(office, replace(shipped(), blocks=blocks))
    fields = [each.field for each in raised.value.errors]
    assert "2:text" in fields
    assert any("Nơi nhận kết quả" in each.title for each in raised.value.errors)
    assert not fresh(seat).catalogue.templates


def test_the_longest_names_go_on_to_another_page(office: Office) -> None:
    assert len(page_texts(look_of(office, shipped(), "A5", LONGEST))) > 1


def test_a_real_dossier_is_looked_at(seat: Seat, office: Office) -> None:
    dossier = receive_dossier(seat.office, form()).dossier
    (page,) = page_texts(look_of(office, shipped(), "A5", dossier.id))
    assert dossier.code in page
    assert "Lò Thị Đức" in page
    assert sample_facts(shipped()).fields["check"] in page  # of a desk that does not exist
    with pytest.raises(PrintError, match="Không tìm thấy"):
        look_of(office, shipped(), "A5", "no-such-dossier")
    register = next(one for one in find_templates(office.catalogue, "so theo doi") if one.form == "07")
    with pytest.raises(PrintError, match="dữ liệu mẫu"):
        look_of(office, register, register.sizes[0], dossier.id)


def test_templates_are_found_without_accents(office: Office) -> None:
    assert {one.form for one in find_templates(office.catalogue, "hen tra ket qua 01")} >= {"01"}
    assert find_templates(office.catalogue, "khong co mau nay") == []
    forms = [one.form for one in find_templates(office.catalogue, "")]
    assert forms == sorted(forms, key=lambda each: (not each.isdigit(), each))


# ---- packs ----------------------------------------------------------------------------


def pack_of(*rows: Any) -> dict[str, Any]:
    return {"format": 1, "name": "goi", "made_at": "2026-11-20T00:00:00Z", "rows": {"template": list(rows)}}


def test_a_pack_brings_templates_and_takes_them_along(seat: Seat, office: Office, tmp_path: Path) -> None:
    pack = read_plain(json.loads(json.dumps(pack_of(template_to_dict(own())))), "goi")
    report, made = import_pack(office, pack)
    assert report.is_sound
    assert made is not None
    assert [(diff.how, diff.key) for diff in report.diffs] == [("added", KEY)]
    now = fresh(seat)
    assert template_for(now.catalogue, "01", date(2026, 11, 20)) == own()
    path = tmp_path / "goi.json"
    write_pack_file(now, path, {"template"})
    assert check_pack(now, read_pack_file(path)).changes == ()
    changed = template_to_dict(replace(own(), running_head="{code}"))
    assert "running_head" not in changed
    again = check_pack(now, read_plain(pack_of(changed), "goi"))
    assert [diff.how for diff in again.diffs] == ["changed"]
    assert again.changes[0].value["blocks"]
    undo_change(now, made.id)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"form": "ZZ"}, "không đúng dạng"),
        ({"form": "ZZ", "name": "P", "version": "1", "blocks": [{"block": "text", "text": "{nobody}"}]},
         "khối 1: Không có trường {nobody}"),
        ({"form": "01", "name": "P", "version": "1", "blocks": [{"block": "text", "text": "a"}]}, "bắt buộc"),
        ({"form": "ZZ", "name": "P", "version": "1", "blocks": [{"block": "poem"}]}, "loại khối lạ"),
    ],
)  # fmt: skip
def test_a_pack_with_a_wrong_template_is_told(office: Office, row: dict[str, Any], words: str) -> None:
    report = check_pack(office, read_plain(pack_of(row), "goi"))
    assert not report.is_sound
    assert any(words in each.words for each in report.errors), [each.words for each in report.errors]


def test_a_template_twice_in_a_pack_is_told(office: Office) -> None:
    row = template_to_dict(own())
    other = template_to_dict(replace(own(), variant="ct", procedures=("2.000815",)))
    assert check_pack(office, read_plain(pack_of(row, other), "goi")).is_sound
    report = check_pack(office, read_plain(pack_of(row, row), "goi"))
    assert any("hai lần" in each.words for each in report.errors)


def test_what_is_no_template_raises_in_words() -> None:
    with pytest.raises(InputError, match="thiếu mục"):
        template_from_dict({"form": "ZZ"})
