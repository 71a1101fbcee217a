"""Which template a paper is made of, whatever rows came from other desks and newer programs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.template import template_to_dict
from onestop.errors import PrintError
from onestop.office.office import Catalogue
from onestop.office.templates import own_templates, shipped_templates, template_for, templates_of
from tests.office_desk import seated

DAY = date(2026, 11, 20)
RECEIPT = template_to_dict(next(each for each in shipped_templates() if each.key == "01@2025-09-15"))


@pytest.fixture(scope="module")
def office_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder: Path = tmp_path_factory.mktemp("templates")
    with seated(folder / "a") as seat:
        yield seat.office.catalogue


def with_rows(catalogue: Catalogue, *rows: dict[str, Any]) -> Catalogue:
    return replace(catalogue, templates=rows)


def test_an_own_template_stands_for_the_shipped_one_of_its_key(office_catalogue: Catalogue) -> None:
    own = with_rows(office_catalogue, {**RECEIPT, "version": "9.9"})
    assert template_for(own, "01", DAY).version == "9.9"
    assert len(templates_of(own)) == len(shipped_templates())


def test_a_row_of_a_newer_program_stops_its_own_form_alone(office_catalogue: Catalogue) -> None:
    newer = with_rows(office_catalogue, {**RECEIPT, "blocks": [{"block": "hologram"}]})
    assert own_templates(newer.templates) == []
    assert template_for(newer, "06", DAY).form == "06"
    with pytest.raises(PrintError, match="01") as raised:
        template_for(newer, "01", DAY)
    assert "hologram" in str(raised.value)
    assert "cập nhật" in str(raised.value)


@pytest.mark.parametrize(
    "odd",
    [
        {"copies": []},
        {"blocks": [{"block": "signatures", "signers": []}]},
        {"blocks": [{"block": "text", "text": "Kính gửi", "align": "middle"}]},
        {"blocks": [{"block": "table", "rows": "components", "columns": []}]},
        {
            "blocks": [
                {
                    "block": "table",
                    "rows": "components",
                    "columns": [{"heading": "TT", "text": "{no}", "share": 0}],
                }
            ]
        },
    ],
    ids=["copies", "signers", "align", "columns", "share"],
)
def test_what_cannot_be_laid_out_is_refused_in_words(
    office_catalogue: Catalogue, odd: dict[str, Any]
) -> None:
    with pytest.raises(PrintError, match="Không dùng được mẫu in"):
        template_for(with_rows(office_catalogue, {**RECEIPT, **odd}), "01", DAY)


def test_what_only_looks_bad_is_printed(office_catalogue: Catalogue) -> None:
    plain = {**RECEIPT, "blocks": [{"block": "title", "text": "GIẤY {unheard_of}"}]}
    assert template_for(with_rows(office_catalogue, plain), "01", DAY).blocks


def test_no_template_for_that_day_is_said_in_words(office_catalogue: Catalogue) -> None:
    with pytest.raises(PrintError, match="Chưa có mẫu in"):
        template_for(office_catalogue, "99", DAY)
