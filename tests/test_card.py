"""The QR text of citizen cards: good ones, odd ones, damaged ones and rubbish."""

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onestop.domain.person import CitizenCard, parse_card
from onestop.errors import InputError

NAME = "Nguyễn Thị Đặng Hường"
ADDRESS = "Thôn Đông Hải, xã Tân Hòa, tỉnh Thanh Hóa"
CARD = f"038188004217|171902345|{NAME}|14031988|Nữ|{ADDRESS}|25042021"
EXPECTED = CitizenCard(
    id_number="038188004217",
    old_id_number="171902345",
    name=NAME,
    born_on="1988-03-14",
    sex="nữ",
    address=ADDRESS,
    issued_on="2021-04-25",
    rest=(),
    is_text_damaged=False,
)


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        CARD + "\r\n",
        "\ufeff" + CARD,
        "  " + CARD + "\x00\n",
        unicodedata.normalize("NFD", CARD),
        CARD.replace("Nữ", "NỮ"),
        CARD.replace("Nữ", "nữ"),
        CARD.replace("14031988", "14/03/1988"),
    ],
    ids=["plain", "crlf", "bom", "blanks", "nfd", "upper sex", "lower sex", "slashes"],
)
def test_seven_fields(text: str) -> None:
    assert parse_card(text) == EXPECTED


def test_six_fields_without_the_day_of_issue() -> None:
    card = parse_card(CARD.rpartition("|")[0])
    assert (card.name, card.address, card.issued_on) == (NAME, ADDRESS, "")


def test_six_fields_without_the_old_number() -> None:
    card = parse_card(CARD.replace("|171902345|", "|"))
    assert card == CitizenCard(**{**_fields(EXPECTED), "old_id_number": ""})


def test_an_empty_old_number() -> None:
    assert parse_card(CARD.replace("171902345", "")).old_id_number == ""


def test_eleven_fields_keep_the_rest_as_it_came() -> None:
    rest = ("  Trần Văn Ưu", "Lê Thị Ỷ", "", "x|y".replace("|", "¦"))
    card = parse_card("|".join((CARD, *rest)))
    assert card == CitizenCard(**{**_fields(EXPECTED), "rest": rest})


def test_capital_names_and_births_by_year() -> None:
    card = parse_card("024058001187||LÝ THẾ VỸ|1958|NAM|XÃ TÂN HÒA|19082021")
    assert (card.name, card.born_on, card.sex) == ("LÝ THẾ VỸ", "1958", "nam")
    assert parse_card("024058001187||LÝ THẾ VỸ|00001958|NAM|XÃ TÂN HÒA|").born_on == "1958"


@pytest.mark.parametrize("name", ["Y Moan Êban", "H'Hen Niê Kdăm", "K'Brèo", "Đinh Thị Ễnh", "Ŏ Ñô-Čă"])
def test_every_peoples_names_are_undamaged(name: str) -> None:
    card = parse_card(CARD.replace(NAME, name))
    assert not card.is_text_damaged
    assert card.name == name


@pytest.mark.parametrize(
    "damage",
    [
        lambda s: s.encode("ascii", "replace").decode(),  # accents became ?
        lambda s: s.encode().decode("cp1252", "replace"),  # UTF-8 read as Windows-1252
        lambda s: s.encode().decode("latin-1"),
        lambda s: s.encode("utf-8").decode("ascii", "replace"),
        lambda s: "".join(c for c in unicodedata.normalize("NFD", s) if c.isascii()),  # accents lost
        lambda s: s.encode("utf-8").decode("mac_roman"),
    ],
    ids=["question marks", "cp1252", "latin-1", "replacement", "no accents", "mac"],
)
def test_damaged_text_gives_number_and_dates_only(damage: Any) -> None:
    card = parse_card("|".join(damage(part) for part in CARD.split("|")))
    assert card.is_text_damaged
    assert (card.name, card.address) == ("", "")
    assert (card.id_number, card.born_on, card.issued_on) == ("038188004217", "1988-03-14", "2021-04-25")


def test_damage_that_leaves_only_lawful_letters_is_found() -> None:
    # "à" read as Latin-1 is "Ã" and a blank: "Hoàng" becomes "HoÃ ng".
    text = "038188004217||Hoàng Nam|14031988|Nam|Hà Nam|25042021".encode().decode("latin-1")
    assert parse_card(text).is_text_damaged


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "không phải mã QR"),
        ("xin chào", "không phải mã QR"),
        ("https://example.vn/abc?x=1", "không phải mã QR"),
        (CARD[:40], "quét chưa hết"),
        ("|||||||", "12 chữ số, hiện có 0"),
        (CARD.replace("038188004217", "03818800421"), "đúng 12 chữ số, hiện có 11"),
        (CARD.replace("038188004217", "0381880042170"), "hiện có 13"),
        (CARD.replace("038188004217", "٠٣٨١٨٨٠٠٤٢١٧"), "12 chữ số"),  # digits of another script
        (CARD.replace("171902345", "17190"), "CMND cũ"),
        (CARD.replace("14031988", "31021988"), "Ngày sinh"),
        (CARD.replace("14031988", "1403198"), "Ngày sinh"),
        (CARD.replace("14031988", "14031088"), "Ngày sinh"),
        (CARD.replace("14031988", ""), "Ngày sinh"),
        (CARD.replace("25042021", "2504202"), "Ngày cấp"),
        (CARD + "\n" + CARD, "Ngày cấp"),  # two scans run together
        (CARD.replace(NAME, "  "), "họ tên"),
        ("ạ|" * 5000, "quá dài"),
        ("\x00\x01|" * 8, "12 chữ số"),
    ],
)
def test_bad_cards_are_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_card(text)
    assert caught.value.field == "card"
    assert caught.value.title == "Không đọc được thẻ"
    assert words in caught.value.message
    assert "quét lại" in caught.value.message


@given(st.one_of(st.text(max_size=12_000), st.text("0123456789|NnữamĐ \n?", max_size=300)))
@example("0" * 12 + "|" * 6)
@settings(max_examples=300, deadline=None)
def test_whatever_is_scanned_is_read_or_refused(text: str) -> None:
    assert _refused_field(text) in {None, "card"}


@given(st.integers(0, len(CARD)), st.characters())
@settings(max_examples=300, deadline=None)
def test_a_card_with_one_wrong_character_is_read_or_refused(place: int, char: str) -> None:
    assert _refused_field(CARD[:place] + char + CARD[place + 1 :]) in {None, "card"}


@pytest.mark.parametrize("length", range(len(CARD)))
def test_a_truncated_card_never_gives_a_wrong_fact(length: int) -> None:
    try:
        card = parse_card(CARD[:length])
    except InputError:
        return
    assert (card.id_number, card.name, card.born_on) == ("038188004217", NAME, "1988-03-14")
    assert ADDRESS.startswith(card.address)


def _refused_field(text: str) -> str | None:
    """The field the refusal names; None if the text was read as a card."""
    try:
        parse_card(text)
    except InputError as error:
        return error.field
    return None


def _fields(card: CitizenCard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in CitizenCard.__slots__}
