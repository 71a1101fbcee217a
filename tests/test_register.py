"""Mẫu 07 of a real office: books, missing numbers, any part of it, on paper and as Excel."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest

from onestop.domain.dossier import State
from onestop.domain.offer import Receipt
from onestop.domain.register import PAPER, Span
from onestop.domain.template import Facts, template_to_dict
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.books import paper_number
from onestop.office.changing import undo_change
from onestop.office.intake import refuse_intake, submit_dossier
from onestop.office.papers import paper_pdf
from onestop.office.register import continue_book, register_pdf, register_year, save_register
from onestop.office.register_lines import ERASED, LOST, NOT_YET, VOID, list_lines
from onestop.office.templates import template_for
from onestop.printing.form import form_stream
from onestop.printing.workbook import read_workbook
from onestop.store.journal import list_journals, read_dossier, read_journal
from onestop.store.register import desk_numbers
from onestop.store.rows import keep_serial
from onestop.store.sending import take_receipts
from tests.office_desk import HEAD, LEADER, MORNING, RECEPTION, Seat, form, reach, receive, seated
from tests.printing_samples import MM, font_objects, is_composed, page_texts, receipt_pdf
from tests.town import Town, founded

YEAR = Span(2026)
FLAGGED_AT = "2026-11-20T05:00:00.000Z"
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """Number 1 handed out, 2 refused at the counter, 3 not received yet, 4 withdrawn; 5 to 40 on Monday."""
    with seated(tmp_path_factory.mktemp("register") / "desk") as one:
        reach(one, State.HANDED_OUT)
        refuse_intake(one.as_(RECEPTION), form(), "Không thuộc thẩm quyền của xã")
        submit_dossier(one.as_(RECEPTION), form())
        reach(one, State.WITHDRAWN)
        one.clock.at = MORNING + timedelta(days=3)
        for _ in range(36):
            receive(one)
        yield one


def texts(seat: Seat, span: Span) -> str:
    return " ".join(page_texts(register_pdf(seat.office, span)))


def told(seat: Seat, span: Span = YEAR) -> list[tuple[int, int, str]]:
    """Numbers and why, of the lines without a dossier."""
    with seat.store.read() as connection:
        lines = list_lines(seat.office, connection, span)
    return [(line.number, line.until, line.why) for line in lines if not line.dossier]


GOLDEN = (
    "ỦY BAN NHÂN DÂN XÃ TÂN HÒA TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
    "SỔ THEO DÕI HỒ SƠ (Năm 2026 – Quyển số: 01/2026) (Từ số 1 đến số 4)",
    "TT Mã hồ sơ Tên thủ tục hành chính Số bộ Tên cá nhân, tổ chức Địa chỉ, số điện thoại",
    "Ngày, tháng, năm Nhận hồ sơ Hẹn trả kết quả Chuyển cơ quan giải quyết Nhận kết quả từ cơ quan",
    "Trả kết quả Ngày trả Phương thức nhận Ký nhận Ghi chú",
    "1 H56.99.88- 261120-0001 Thủ tục đăng ký kết hôn lưu động 01 Lò Thị Đức Thôn Trung Thành",
    "ĐT: 0912345678 UBND xã Tân Hòa 20/11/2026 08:00 30/11/2026 16:30 20/11/2026 08:00",
    "2 H56.99.88- 261120-0002",
    "Không được tiếp nhận: Không thuộc thẩm quyền của xã",
    "3 H56.99.88- 261120-0003",
    "Chưa tiếp nhận: mới đăng ký",
    "4 H56.99.88- 261120-0004",
    "Đã rút hồ sơ: Chủ hồ sơ xin rút",
    "Cộng: 4 hồ sơ. In lúc 23/11/2026 08:0",
    "Mẫu số 07 · TT 03/2025/TT-VPCP",
)


def test_a_part_on_paper(seat: Seat) -> None:
    pdf = register_pdf(seat.office, Span(2026, first=1, last=4))
    (text,) = page_texts(pdf)
    at = 0
    for words in GOLDEN:
        at = text.index(words, at) + len(words)
    assert is_composed(text)
    used, carried = font_objects(pdf)
    assert used == carried > 0
    with pypdfium2.PdfDocument(pdf) as document:
        assert document[0].get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.5 * MM)


def test_a_year_is_paged_with_its_head_on_every_page(seat: Seat) -> None:
    heard: list[int] = []
    pages = page_texts(register_year(seat.office, 2026, heard.append))
    assert heard == list(range(1, len(pages) + 1))
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        assert "TT Mã hồ sơ Tên thủ tục hành chính Số bộ" in text
        assert number == 1 or f"Trang {number} " in text
    together = " ".join(pages)
    assert all(f"H56.99.88- 261120-{number:04d}" in together for number in range(1, 5))
    assert together.count("H56.99.88- 261123-") == 36
    assert "Cộng: 40 hồ sơ." in pages[-1]


def test_by_day(seat: Seat) -> None:
    assert "Cộng: 4 hồ sơ." in texts(seat, Span(2026, first_on=FRIDAY, last_on=FRIDAY))
    monday = texts(seat, Span(2026, first_on=MONDAY))
    assert "(Từ ngày 23/11/2026)" in monday
    assert "Cộng: 36 hồ sơ." in monday


class Stopped(Exception):
    pass


def stop(done: int) -> None:
    raise Stopped


def test_whoever_makes_it_may_stop(seat: Seat) -> None:
    with pytest.raises(Stopped):
        register_year(seat.office, 2026, stop)
    assert "Cộng: 40 hồ sơ." in texts(seat, YEAR)


def test_a_year_before_the_office_began_and_the_number_of_its_circular(seat: Seat) -> None:
    text = texts(seat, Span(2025, last_on=date(2025, 9, 14)))
    assert "Chưa có hồ sơ nào. Cộng: 0 hồ sơ." in text
    assert "Mẫu số 06 · TT 01/2018/TT-VPCP" in text
    assert "Mẫu số 07 · TT 03/2025/TT-VPCP" in texts(seat, Span(2025))


def test_as_excel(seat: Seat, tmp_path: Path) -> None:
    path, heard = tmp_path / "so.xlsx", list[int]()
    with seat.store.read() as connection:
        count = len(list_lines(seat.office, connection, YEAR))
    assert save_register(seat.office, YEAR, path, heard.append) == count == 40
    (sheet,) = read_workbook(path)
    heads, _, first, second, *_ = sheet.lines
    assert [cell.text for cell in heads.cells][7:11:3] == [
        "Ngày, tháng, năm: Nhận hồ sơ",
        "Ngày, tháng, năm: Nhận kết quả từ cơ quan",
    ]
    assert [first.cell(place).text for place in (0, 1, 4)] == ["1", "H56.99.88-261120-0001", "Lò Thị Đức"]
    assert second.cell(14).text == "Không được tiếp nhận: Không thuộc thẩm quyền của xã"
    assert len(sheet.lines) == 42


def test_excel_can_be_stopped_and_leaves_what_was_there(seat: Seat, tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(Stopped):
        save_register(seat.office, YEAR, path, stop)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def first_entry(seat: Seat, dossier: str) -> str:
    with seat.store.read() as connection:
        return read_journal(connection, dossier)[0][0].id


def test_an_intake_without_effect_keeps_its_number(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        idents = [receive(seat).id for _ in range(4)]
        doubted, deleted = first_entry(seat, idents[1]), first_entry(seat, idents[2])
        with seat.store.write() as connection:
            take_receipts(connection, "root", [Receipt(doubted, "flagged", 1, None, FLAGGED_AT, "EXPIRED")])
        deeds.void(seat.as_(LEADER), idents[1], (doubted,), "Nhập nhầm hồ sơ")
        assert told(seat) == [(2, 2, VOID)]
        assert f"2 H56.99.88- 261120-0002 {VOID}" in texts(seat, YEAR)
        deeds.erase(seat.as_(HEAD), idents[2], [deleted], "Hết thời hạn lưu trữ", LEADER)
        assert told(seat) == [(2, 2, VOID), (3, 3, ERASED)]


def test_a_dossier_sent_to_another_agency_names_it(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        reach(seat, State.IN_TRANSIT)
        assert "ĐT: 0912345678 UBND xã Hồi Xuân 20/11/2026 08:00" in texts(seat, YEAR)


def test_columns_are_those_of_the_offices_own_template(seat: Seat, tmp_path: Path) -> None:
    shipped = template_for(seat.office.catalogue, "07", FRIDAY)
    columns = [
        {"heading": "Số", "text": "{no}", "share": 1},
        {"heading": "Người nhận", "text": "{recipient}", "share": 3},
    ]
    own = template_to_dict(shipped) | {"blocks": [{"block": "table", "rows": "register", "columns": columns}]}
    office = replace(seat.office, catalogue=replace(seat.office.catalogue, templates=(own,)))
    save_register(office, Span(2026, last=1), tmp_path / "so.xlsx")
    (sheet,) = read_workbook(tmp_path / "so.xlsx")
    assert [[cell.text for cell in line.cells] for line in sheet.lines] == [
        ["Số", "Người nhận"],
        ["no", "recipient"],
        ["1", "Lò Thị Đức"],
    ]
    assert page_texts(register_pdf(office, Span(2026, last=1)))[0].startswith("Số Người nhận 1 Lò Thị Đức")


def test_it_goes_on_from_a_paper_book(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        made = continue_book(seat.office, 2026, 1, 118, "II/2026")
        ident = receive(seat).id
        assert deeds.find_dossier(seat.office, ident).register_no == 119
        assert receive(seat).register_no == 120
        assert told(seat) == [(1, 118, PAPER)]
        text = texts(seat, YEAR)
        assert "Quyển số: II/2026" in text
        assert f"1 – 118 {PAPER}" in text
        receipt = page_texts(paper_pdf(seat.office, ident, "01", "A5", 1))[0]
        assert "Quyển số: II/2026 Số thứ tự: 119" in receipt
        undo_change(seat.office, made.id)
        assert receive(seat).register_no == 121  # what was drawn is never drawn again


@pytest.mark.parametrize(("desk", "last", "field"), [(1, -1, "last"), (1, 10**6, "last"), (21, 5, "desk")])
def test_a_paper_book_that_cannot_be(seat: Seat, desk: int, last: int, field: str) -> None:
    with pytest.raises(InputError) as caught:
        continue_book(seat.office, 2026, desk, last)
    assert caught.value.field == field


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Town, Seat, Seat]]:
    """Two desks of one office, joined to a hub."""
    with ExitStack() as stack:
        town = stack.enter_context(founded(tmp_path / "hub"))
        seats = [stack.enter_context(seated(tmp_path / f"desk-{n}", n)) for n in (1, 2)]
        for seat in seats:
            town.join(seat)
        town.pull(seats[0])
        yield town, seats[0], seats[1]


def test_each_desk_has_its_book_and_knows_the_other_ones(two: tuple[Town, Seat, Seat]) -> None:
    town, first, second = two
    receive(first)
    for _ in range(3):
        receive(second)
    town.push_all(second)
    town.pull(first)
    with first.store.read() as connection:
        assert sorted(desk_numbers(connection).values()) == [1, 2]
        lines = list_lines(first.office, connection, YEAR)
    assert [(line.desk, line.number) for line in lines] == [(1, 1), (2, 1), (2, 2), (2, 3)]
    text = texts(first, YEAR)
    assert "Quyển số: 01/2026, 02/2026" in text
    assert "Q02 3 H56.99.88- 261120-0353" in text
    assert "Quyển số: 02/2026)" in texts(first, Span(2026, desk=2))
    with first.store.read() as connection:
        each = [read_dossier(connection, ident) for ident in list_journals(connection)]
    numbers = sorted(paper_number(first.office, one) for one in each if one is not None)
    assert numbers == ["01", "02-01", "02-02", "02-03"]


def test_what_another_desk_has_drawn_is_said_to_be_missing(two: tuple[Town, Seat, Seat]) -> None:
    """Numbers 1 and 2 of the second desk have not come; 3 has. Of the own one 1 was lost."""
    town, first, second = two
    for seat in two[1:]:
        with seat.store.write() as connection:
            keep_serial(connection, "register 2026", 1 if seat is first else 2)
    receive(second)
    town.push_all(second)
    town.pull(first)
    assert told(first) == [(1, 1, LOST), (1, 2, NOT_YET.format(desk="quầy 2"))]


def test_a_machine_in_another_ones_place_counts_on(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        receive(seat)
        with seat.store.write() as connection:
            connection.exec_driver_sql("DELETE FROM serials WHERE series LIKE 'register%'")
        assert receive(seat).register_no == 2


def sample_rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(1, count + 1):
        name = "Nguyễn Thị Ngọc Ánh" if number % 2 else "Công ty TNHH Cà phê Buôn Hồ"
        yield {"no": str(number), "code": f"H15.50.05.13-261120-{number:04d}", "owner_name": name}


def test_a_receipt_does_not_wait_for_a_register(seat: Seat) -> None:
    """Both are made at once, each byte for byte as when it is made alone."""
    template = template_for(seat.office.catalogue, "07", FRIDAY)

    def register(heard: list[int]) -> bytes:
        facts = Facts("2026", MORNING, {"year": "2026"}, {"register": sample_rows(500)})
        return form_stream(template, facts, "A4_ACROSS", heard.append)

    alone = receipt_pdf(), register([])
    pages: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(register, pages)
        while not pages:
            assert not making.done()
        first = receipt_pdf()
        assert not making.done()  # on a busy machine not all five are sooner
        receipts = [receipt_pdf() for _ in range(4)]
        assert {first, *receipts} == {alone[0]}
        assert making.result(timeout=60) == alone[1]
