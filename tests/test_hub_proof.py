"""The hub's page that tells anybody what a printed paper is worth: by number, by address, by photograph."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image

from onestop.domain.moment import VIETNAM
from onestop.domain.proof import make_proof, proof_digits, read_proof
from onestop.domain.signing import SigningKey
from onestop.hub.app import make_app
from onestop.hub.founding import open_hub
from onestop.hub.hub import Hub
from onestop.hub.pace import MOST_ADDRESSES, Pace
from onestop.hub.page_proof import page_of
from onestop.hub.posted import posted_fields
from onestop.office.deeds import void_paper
from onestop.office.papers import note_printed, paper_pdf
from onestop.paths import Profile
from onestop.printing import page_images
from onestop.printing.reading import read_codes
from tests.hub_desk import Hub as Log
from tests.office_desk import OWNER, RECEPTION, receive, seated

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=VIETNAM)
PAGE = "/kiem-tra"


@dataclass(frozen=True)
class Papers:
    """A hub that knows one good receipt and a spoiled one, and a desk nobody knows."""

    hub: Hub
    good: str
    void: str
    stranger: str
    photo: bytes


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    folder = tmp_path_factory.mktemp("proof")
    with (
        closing(open_hub(Profile(folder, "hub"), None, lambda: NOW)) as hub,
        seated(folder / "desk") as alone,
    ):
        log = Log(hub.store, folder, b"", NOW)
        seat = log.join(alone)
        log.grant(RECEPTION)
        log.meet(seat)
        office, dossier = seat.as_(RECEPTION), receive(seat)
        pdfs = []
        for _ in range(2):
            pdfs.append(paper_pdf(office, dossier.id, "01", "A5", 1))
            dossier = note_printed(office, dossier, "01", 1).dossier
        void_paper(office, dossier.id, dossier.printed[0].entry, "Kẹt giấy của bà Đức")
        log.meet(seat)
        void, good = (read_codes(pdf)[0] for pdf in pdfs)
        key = SigningKey(b"\x44" * 32)
        stranger = proof_digits(make_proof(key, "01", dossier.code, NOW, None))
        yield Papers(hub, good, void, stranger, photograph(pdfs[1]))


def photograph(pdf: bytes) -> bytes:
    (page,) = page_images(pdf, 180, 0, 0)
    sheet = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX")
    file = BytesIO()
    sheet.rotate(7, expand=True, fillcolor=(80, 70, 60)).save(file, "JPEG", quality=80)
    return file.getvalue()


def asked(hub: Hub, path: str = PAGE, host: str = "192.0.2.9", **post: dict[str, object]) -> httpx.Response:
    """One call from `host`; a post when there is something to post."""
    hub.proof_pace._free_at.clear()
    hub.photo_pace._free_at.clear()
    return asyncio.run(_ask(hub, path, host, 1, **post))[0]


async def _ask(hub: Hub, path: str, host: str, times: int, **post: dict[str, object]) -> list[httpx.Response]:
    line = httpx.ASGITransport(make_app(hub), client=(host, 50_000))
    async with httpx.AsyncClient(transport=line, base_url="http://onestop") as client:
        return [
            await client.request("POST" if post else "GET", path, **post)  # type: ignore[arg-type]  # of httpx
            for _ in range(times)
        ]


def test_the_empty_page_asks_and_tells_nothing(papers: Papers) -> None:
    page = asked(papers.hub)
    assert page.status_code == 200
    assert 'class="told' not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text


@pytest.mark.parametrize("way", ["query", "address", "capitals", "form", "photo"])
def test_a_good_paper_is_told_to_be_genuine_in_every_way(papers: Papers, way: str) -> None:
    hub, number = papers.hub, papers.good
    page = {
        "query": lambda: asked(hub, f"{PAGE}?ma={number}"),
        "address": lambda: asked(hub, f"{PAGE}/{number}"),
        "capitals": lambda: asked(hub, f"{PAGE.upper()}/{number}"),
        "form": lambda: asked(hub, data={"ma": f" {number[:100]}\r\n{number[100:]} "}),
        "photo": lambda: asked(hub, files={"anh": ("giay.jpg", papers.photo, "image/jpeg")}),
    }[way]()
    assert page.status_code == 200, page.text
    assert '<section class="told good"' in page.text
    assert "Giấy thật" in page.text
    assert "30/11/2026 16:30" in page.text


def test_no_word_of_a_person_is_told(papers: Papers) -> None:
    for number in (papers.good, papers.void):
        text = asked(papers.hub, f"{PAGE}/{number}").text
        for secret in (OWNER.name, OWNER.id_number, OWNER.address, "bà Đức"):
            assert secret not in text


@pytest.mark.parametrize(
    ("which", "words", "mark"),
    [
        ("void", "Giấy đã huỷ", "bad"),
        ("stranger", "Không xác nhận được", "bad"),
        ("bent", "Mã đã bị sửa", "bad"),
    ],
)
def test_other_papers_are_told_apart(papers: Papers, which: str, words: str, mark: str) -> None:
    proof = read_proof(papers.good)
    bent = proof_digits(replace(proof, signed=proof.signed.replace(b"0001", b"0002")))
    number = {"void": papers.void, "stranger": papers.stranger, "bent": bent}[which]
    page = asked(papers.hub, f"{PAGE}/{number}")
    assert f'class="told {mark}"' in page.text
    assert words in page.text


@pytest.mark.parametrize(
    "text", ["abc", "99518001", "H56.99.88-261120-0001", "<script>alert(1)</script>", "9" * 3000]
)
def test_other_text_is_refused_and_never_repeated(papers: Papers, text: str) -> None:
    page = asked(papers.hub, data={"ma": text})
    assert page.status_code == 400
    assert "không phải mã kiểm tra" in page.text
    assert text not in page.text.replace("99518001…", "")


def test_a_photograph_without_a_code_and_a_file_that_is_none(papers: Papers) -> None:
    file = BytesIO()
    Image.new("RGB", (300, 200), "white").save(file, "PNG")
    page = asked(papers.hub, files={"anh": ("a.png", file.getvalue(), "image/png")})
    assert "Ảnh không có mã kiểm tra" in page.text
    page = asked(papers.hub, files={"anh": ("a.pdf", b"%PDF-1.7", "application/pdf")})
    assert (page.status_code, "Không đọc được tệp ảnh" in page.text) == (400, True)


def test_too_large_a_body_is_not_taken(papers: Papers) -> None:
    page = asked(papers.hub, files={"anh": ("a.jpg", bytes(13 * 1024 * 1024), "image/jpeg")})
    assert page.status_code == 413
    assert "tối đa 12 MB" in page.text


def test_whoever_asks_too_often_waits_and_nobody_else_does(papers: Papers) -> None:
    hub, path = papers.hub, f"{PAGE}/{papers.stranger}"
    hub.proof_pace._free_at.clear()
    answers = asyncio.run(_ask(hub, path, "192.0.2.10", 31))
    assert [one.status_code for one in answers] == [200] * 30 + [429]
    assert "quá nhanh" in answers[-1].text
    assert answers[-1].headers["Retry-After"] == "60"
    assert asyncio.run(_ask(hub, path, "192.0.2.11", 1))[0].status_code == 200


def test_a_pace_gives_back_with_time_and_keeps_little() -> None:
    pace = Pace(2, timedelta(seconds=10))
    assert [pace.admit("a", NOW) for _ in range(3)] == [True, True, False]
    assert pace.admit("a", NOW + timedelta(seconds=10))
    for number in range(2 * MOST_ADDRESSES):
        assert pace.admit(str(number), NOW)
    assert len(pace._free_at) <= MOST_ADDRESSES


def test_what_browsers_post_is_read_and_anything_else_is_nothing() -> None:
    kind = "multipart/form-data; boundary=--x7"
    heads = b'Content-Disposition: form-data; name="anh"; filename="a\\".jpg"'
    body = b"----x7\r\n" + heads + b"\r\n\r\n\x00\r\n--\xff\r\n----x7--\r\n"
    assert posted_fields(kind, body) == {"anh": b"\x00\r\n--\xff"}
    assert posted_fields("application/x-www-form-urlencoded", b"ma=1%202&x=") == {"ma": b"1 2"}
    for wrong in ("", "text/plain", "multipart/form-data", "multipart/form-data; boundary="):
        assert posted_fields(wrong, body) == {}
    assert posted_fields("application/x-www-form-urlencoded", b"a=1&" * 40) == {}
    assert posted_fields("application/x-www-form-urlencoded", b"\xff\xfe") == {}


def test_every_word_of_the_page_is_escaped() -> None:
    from onestop.hub.page_proof import Told

    page = page_of(Told("<b>", "a & b", "good", "✓", (("<i>", '"x"'),)))
    assert "<b>" not in page
    assert "&lt;i&gt;" in page
