"""The text of the square code that proves a paper: short, digits alone, believed only as signed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.entry import signed_message
from onestop.domain.moment import VIETNAM
from onestop.domain.proof import (
    MARK,
    MOST_DIGITS,
    Proof,
    can_prove,
    is_proof_text,
    key_hint,
    make_proof,
    proof_digits,
    read_proof,
)
from onestop.domain.signing import SigningKey
from onestop.domain.slip import is_slip_text
from onestop.errors import InputError
from onestop.printing.symbols import qr_modules

KEY, OTHER = SigningKey(b"\x11" * 32), SigningKey(b"\x22" * 32)
CODE = "H99.26.13-261120-0042"
PRINTED = datetime(2026, 11, 20, 9, 15, 7, tzinfo=VIETNAM)
DUE = datetime(2026, 11, 24, 16, 30, tzinfo=VIETNAM)


def made(code: str = CODE, form: str = "01", due: datetime | None = DUE) -> Proof:
    return make_proof(KEY, form, code, PRINTED, due)


def test_what_is_read_is_what_was_printed() -> None:
    proof = read_proof(proof_digits(made()))
    assert proof == made()
    assert (proof.form, proof.code) == ("01", CODE)
    assert (proof.printed_at, proof.due_at) == (PRINTED, DUE)
    assert proof.is_by(KEY.public)
    assert not proof.is_by(OTHER.public)
    assert proof.key_hint == key_hint(KEY.public) != key_hint(OTHER.public)


TIMES = st.datetimes(datetime(2020, 1, 2), datetime(2051, 1, 1), timezones=st.just(VIETNAM))


@given(
    st.from_regex(r"[0-9A-Z]{1,4}", fullmatch=True),
    st.from_regex(r"[0-9A-Z][0-9A-Z.-]{3,39}", fullmatch=True),
    TIMES,
    TIMES | st.none(),
)
def test_any_paper_comes_back_whole(form: str, code: str, printed: datetime, due: datetime | None) -> None:
    proof = make_proof(KEY, form, code, printed, due)
    read = read_proof(proof_digits(proof))
    assert (read.form, read.code) == (form, code)
    assert read.printed_at == printed.replace(microsecond=0)
    assert read.due_at == (due.replace(second=0, microsecond=0) if due else None)
    assert read.is_by(KEY.public)


def test_a_paper_without_a_due_moment_says_so() -> None:
    assert read_proof(proof_digits(made(due=None))).due_at is None


@pytest.mark.parametrize(
    "text",
    [
        "  {} \r\n",
        "https://motcua.example/kiem-tra#{}",
        "HTTPS://MOTCUA.EXAMPLE/KIEM-TRA?MA={}",
    ],
)
def test_the_number_may_stand_behind_an_address_or_among_spaces(text: str) -> None:
    digits = proof_digits(made())
    for shown in (digits, " ".join(digits[at : at + 40] for at in range(0, len(digits), 40))):
        assert is_proof_text(text.format(shown))
        assert read_proof(text.format(shown)) == made()


@given(st.data())
def test_a_changed_number_is_never_believed(data: st.DataObject) -> None:
    digits = proof_digits(made())
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    changed = digits[:place] + other + digits[place + 1 :]
    assert not _is_believed(changed)


def _is_believed(text: str) -> bool:
    try:
        return read_proof(text).is_by(KEY.public)
    except InputError:
        return False


@given(st.text(max_size=400) | st.from_regex(rf"{MARK}[0-9]{{0,400}}", fullmatch=True))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError) as told:
        read_proof(text)
    assert told.value.field == "proof"


def test_it_is_taken_neither_for_a_transfer_slip_nor_a_card_nor_a_code() -> None:
    assert not is_slip_text(proof_digits(made()))
    for other in (CODE, "038192012345", "", f"99517001{proof_digits(made())[8:]}"):
        assert not is_proof_text(other)


def test_a_signature_of_an_entry_is_none_of_a_paper() -> None:
    proof = made()
    assert not Proof(
        proof.form,
        proof.code,
        proof.printed_at,
        proof.due_at,
        proof.key_hint,
        KEY.sign(signed_message(proof.signed)),
        proof.signed,
    ).is_by(KEY.public)


def test_the_check_follows_every_paper_and_reads_aloud() -> None:
    checks = {made(code=f"H99.26.13-261120-{n:04d}").check for n in range(50)}
    assert len(checks) > 45
    assert all(len(check) == 7 and check.replace(" ", "").isdigit() for check in checks)


@pytest.mark.parametrize(
    ("code", "modules"), [("H56.14-261120-0001", 41), (CODE, 41), ("G15.99.99.99-261120-0000001", 45)]
)
def test_it_fits_a_square_that_a_203_dpi_printer_draws_with_four_dots(code: str, modules: int) -> None:
    """41 modules of half a millimetre: 20.5 mm."""
    assert qr_modules(proof_digits(made(code))).columns == modules


def test_the_longest_paper_is_still_read() -> None:
    code = "G" + "9" * 39
    digits = proof_digits(make_proof(KEY, "01NX", code, PRINTED, DUE))
    assert len(digits) <= MOST_DIGITS
    assert read_proof(digits).code == code


@pytest.mark.parametrize(
    ("form", "code"), [("", CODE), ("01", ""), ("01", "Hồ sơ 1"), ("mẫu", CODE), ("01", "A" * 41)]
)
def test_what_does_not_fit_is_not_proven(form: str, code: str) -> None:
    assert not can_prove(form, code)
    with pytest.raises(ValueError, match="form and a code"):
        make_proof(KEY, form, code, PRINTED, DUE)


def test_a_time_that_no_paper_has_is_refused() -> None:
    with pytest.raises(ValueError, match="time"):
        make_proof(KEY, "01", CODE, datetime(2019, 12, 31, tzinfo=UTC), DUE)
    with pytest.raises(ValueError, match="time"):
        make_proof(KEY, "01", CODE, PRINTED, PRINTED + timedelta(days=366 * 40))
