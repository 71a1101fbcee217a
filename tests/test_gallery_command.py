"""`main.py gallery`: every paper on every sheet as PDF and picture, with its fields beside it."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from main import main
from onestop.domain.template import Labelled, Template
from onestop.domain.template_edit import inserted
from onestop.office.gallery_command import fields_list
from onestop.office.template_saving import save_template
from onestop.office.templates import shipped_templates
from onestop.printing import page_count
from tests.office_desk import ADMIN, seated
from tests.printing_samples import page_texts


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["gallery", *words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_a_form_is_written_on_each_of_its_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "gallery"
    words = ["--data-dir", str(tmp_path), "--out", str(out), "--form", "03", "--dpi", "40"]
    code, told, err = said(capsys, *words)
    assert (code, err) == (0, "")
    templates = [one for one in shipped_templates() if one.form == "03"]
    assert told.count("Phiếu từ chối") == len(templates)
    page = (out / "index.html").read_text("utf-8")
    assert "http" not in page
    for template in templates:
        for size in template.sizes:
            stem = f"{template.key.replace('@', '_')}_{size}"
            pages = page_count((out / f"{stem}.pdf").read_bytes())
            assert pages >= 1
            assert f'href="{stem}.pdf"' in page
            for number in range(1, pages + 1):
                assert f'src="{stem}_{number}.png"' in page
                with Image.open(out / f"{stem}_{number}.png") as picture:
                    assert picture.width > 100
            assert (out / f"{stem}.txt").read_text("utf-8") == fields_list(template)


def test_fields_are_listed_with_what_is_missing() -> None:
    receipt = next(one for one in shipped_templates() if one.key == "01@2025-09-15")
    assert "[x] owner_name" in fields_list(receipt)
    assert "[!]" not in fields_list(receipt).partition("[x] bắt buộc")[0]
    bare = fields_list(Template("01", "Giấy", "1", (Labelled("Tên", "{phone}"),)))
    assert "[!] owner_name" in bare
    assert "[!] components" in bare
    assert "[x] phone" in bare


def test_an_office_sees_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the office changed is what is shown, nobody else's."""
    receipt = next(one for one in shipped_templates() if one.key == "01@2025-09-15")
    blocks = inserted(receipt.blocks, 3, Labelled("Giờ làm việc", "7 giờ 30 đến 17 giờ"))
    with seated(tmp_path / "profiles" / "x") as seat:
        save_template(seat.office.as_officer(ADMIN), replace(receipt, blocks=blocks, sizes=("A5",)))
    words = ["--data-dir", str(tmp_path), "--profile", "x", "--out", str(tmp_path / "g"), "--dpi", "40"]
    code, _, err = said(capsys, *words, "--form", "01")
    assert (code, err) == (0, "")
    assert [path.name for path in (tmp_path / "g").glob("01_2025-09-15*.pdf")] == ["01_2025-09-15_A5.pdf"]
    (kept, given) = page_texts((tmp_path / "g" / "01_2025-09-15_A5.pdf").read_bytes())
    assert "Giờ làm việc: 7 giờ 30 đến 17 giờ" in kept
    assert "Giờ làm việc: 7 giờ 30 đến 17 giờ" in given


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--form", "99"), "không có mẫu “99”"),
        (("--dpi", "5"), "từ 30 đến 600"),
    ],
)
def test_what_cannot_be_shown_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, out, err = said(capsys, "--data-dir", str(tmp_path), "--out", str(tmp_path / "g"), *words)
    assert (code, out) == (1, "")
    assert told in err


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("x")
    out = str(tmp_path / "taken" / "gallery")
    code, _, err = said(capsys, "--data-dir", str(tmp_path), "--form", "NH", "--out", out)
    assert code == 1
    assert "Chọn thư mục khác" in err
