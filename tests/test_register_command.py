"""`main.py register`: a part of the register without a window."""

from pathlib import Path

import pytest

from main import main
from onestop.printing.workbook import read_workbook
from tests.office_desk import receive, seated
from tests.printing_samples import page_texts


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three dossiers of 20/11/2026 at desk 1."""
    folder = tmp_path_factory.mktemp("data")
    with seated(folder / "profiles" / "default") as seat:
        for _ in range(3):
            receive(seat)
    return folder


def said(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> tuple[int, str, str]:
    code = main(["register", "--data-dir", str(data), "--year", "2026", *words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_a_part_as_pdf(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "so.pdf"
    code, told, err = said(capsys, data, "--out", str(out), "--numbers", "2..", "--book", "1")
    assert (code, told, err) == (0, f"1 trang: {out}\n", "")
    (text,) = page_texts(out.read_bytes())
    assert "(Từ số 2)" in text
    assert "Cộng: 2 hồ sơ." in text


def test_a_part_as_excel(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "so.xlsx"
    code, told, err = said(capsys, data, "--out", str(out), "--days", "2026-11-20..2026-11-20")
    assert (code, told, err) == (0, f"3 dòng: {out}\n", "")
    assert len(read_workbook(out)[0].lines) == 2 + 3


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("--out", "so.txt"), "--out: không ghi được “so.txt”"),
        (("--out", "so.pdf", "--year", "26"), "--year: không có sổ năm 26"),
        (("--out", "so.pdf", "--numbers", "5"), "--numbers: “5” thiếu hai dấu chấm"),
        (("--out", "so.pdf", "--numbers", "một..2"), "--numbers: “một” không phải số thứ tự"),
        (("--out", "so.pdf", "--numbers", "5..2"), "Số cuối nhỏ hơn số đầu"),
        (("--out", "so.pdf", "--days", "2026-02-31.."), "--days: “2026-02-31” không phải ngày"),
    ],
)
def test_what_cannot_stand(
    data: Path, words: tuple[str, ...], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, err = said(capsys, data, *words)
    assert (code, told) == (1, "")
    assert err.startswith(wrong)


def test_nobody_has_founded_an_office_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, tmp_path, "--out", "so.pdf")
    assert code == 1
    assert err.startswith("Chưa có văn phòng nào ở đây")
