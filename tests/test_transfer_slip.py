"""A folder goes to another agency on paper: printed, read back, taken in without a line, and one
journal everywhere once there is a line again."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select, update

from onestop.domain.dossier import Dossier, State
from onestop.domain.entry import Entry, header_bytes, signed_message
from onestop.domain.moment import from_wire, local_day
from onestop.domain.signing import SigningKey
from onestop.domain.slip import MAX_DIGITS, is_slip_text, pack_slip, slip_bytes, slip_digits
from onestop.domain.work import agency_queue
from onestop.errors import InputError, OfficeError, RuleError
from onestop.office import deeds
from onestop.office.deeds import Target, find_dossier
from onestop.office.facts_control import control_slip_facts
from onestop.office.paper_facts import Asked
from onestop.office.papers import CONTROL_SLIP, paper_pdf
from onestop.office.templates import template_for
from onestop.office.transfer import preview_slip, take_in_by_slip, transfer_in, transfer_out
from onestop.printing import page_images
from onestop.printing.form import form_pdf
from onestop.store.check import rebuild_store
from onestop.store.journal import read_journal
from onestop.store.ledger import open_ledger, read_journal_page
from onestop.store.peers import ROOT
from onestop.store.rows import drop_reference, put_reference
from onestop.store.slips import accept_slip
from onestop.store.statements import grant, revoke
from onestop.store.tables import devices, entries, outbox
from onestop.store.taking import take_journal, wanted_journals
from tests.office_desk import (
    NEIGHBOUR,
    RECEPTION,
    SPECIALIST,
    Seat,
    new_folder,
    open_seat,
    reach,
    receive,
    seated,
)
from tests.printing_samples import page_texts
from tests.town import Town, founded, rows_of, verdicts

HERE, THERE = "H56.99.88", NEIGHBOUR.code


@dataclass
class Province:
    """Two agencies and their root; `here` sends, `there` takes in. All know one another's desks."""

    town: Town
    here: Seat
    there: Seat


def seat_of_neighbour(folder: Path) -> Seat:
    """A desk of the other agency, as its own store says."""
    seat = open_seat(new_folder(folder, 2))
    with seat.store.write() as connection:
        drop_reference(connection, "agency", seat.office.catalogue.agency.code)
        put_reference(connection, "agency", THERE, "1", asdict(NEIGHBOUR))
    seat.store.close()
    return open_seat(folder)


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    there = seat_of_neighbour(tmp_path / "there")
    with founded(tmp_path / "hub") as town, seated(tmp_path / "here") as here:
        for seat, office in ((here, HERE), (there, THERE)):
            town.join(seat, office)
            grant_all(town, seat, office)
            seat.clock.at = town.now
        town.pull(here, HERE)
        town.now += timedelta(minutes=10)
        yield Province(town, here, there)
    there.store.close()


def grant_all(town: Town, seat: Seat, office: str) -> None:
    """The root trusts the officers of an office for a fortnight, and the desk knows it."""
    begins, ends = town.now - timedelta(days=1), town.now + timedelta(days=13)
    with town.store.write() as connection:
        for who in seat.office.catalogue.officers:
            grant(
                connection,
                open_ledger(connection),
                officer=who.id,
                name=who.name,
                roles=who.roles,
                unit=who.unit,
                office=office,
                begins=begins,
                ends=ends,
                now=town.now,
            )
    town.pull(seat, office)


def journal(seat: Seat, dossier: str) -> list[Entry]:
    with seat.store.read() as connection:
        return [entry for entry, _ in read_journal(connection, dossier)]


def sent(province: Province) -> tuple[str, bytes]:
    """A dossier on its way, and its slip."""
    ident = reach(province.here, State.IN_TRANSIT)
    return ident, pack_slip(journal(province.here, ident)[-1])


def codes_on(pdf: bytes, dpi: int = 203) -> list[str]:
    """All codes of the paper as a 203-dpi printer would leave them: black or white dots."""
    found = []
    for page in page_images(pdf, dpi=dpi):
        picture = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX")
        dots = picture.convert("L").point(lambda level: 255 if level > 127 else 0)
        found += [code.text for code in zxingcpp.read_barcodes(dots)]
    return found


def slip_on(seat: Seat, ident: str) -> bytes:
    (number,) = filter(is_slip_text, codes_on(paper_pdf(seat.office, ident, CONTROL_SLIP)))
    return slip_bytes(number)


# ---- paper ------------------------------------------------------------------------------


def test_the_printed_slip_gives_back_the_signed_entry(province: Province) -> None:
    ident, slip = sent(province)
    assert slip_on(province.here, ident) == slip


def test_the_slip_says_who_sends_what_to_whom(province: Province) -> None:
    ident, _ = sent(province)
    text = " ".join(page_texts(paper_pdf(province.here.office, ident, CONTROL_SLIP)))
    agency = province.here.office.catalogue.agency
    dossier = find_dossier(province.here.office, ident)
    count = sum(line.originals + line.certified + line.copies for line in dossier.subject.components)
    sender = province.here.office.catalogue.officer(SPECIALIST)
    for words in (
        "PHIẾU CHUYỂN HỒ SƠ LIÊN THÔNG",
        f"Cơ quan chuyển: {agency.name} ({agency.code})",
        f"Cơ quan nhận: {NEIGHBOUR.name} ({NEIGHBOUR.code})",
        f"Người chuyển: {sender.name}",
        "Lý do chuyển: Thuộc thẩm quyền của xã Hồi Xuân",
        f"Số giấy tờ kèm theo: {count:02d} bản",
        "BÊN GIAO",
        "BÊN NHẬN",
        f"Cơ quan (bộ phận) giải quyết hồ sơ: {NEIGHBOUR.name}",
    ):
        assert words in text


def test_a_note_of_a_colleague_does_not_take_the_folder(province: Province) -> None:
    ident, _ = sent(province)
    deeds.add_note(province.here.as_(RECEPTION), ident, "Đã giao bưu tá")
    text = " ".join(page_texts(paper_pdf(province.here.office, ident, CONTROL_SLIP)))
    to = f"{NEIGHBOUR.name} ({NEIGHBOUR.code})"
    at = text.index(f"Nhận: {to}")
    assert "Nhận: …… giờ" in text[at:]
    assert slip_on(province.here, ident)


def test_what_is_not_on_its_way_has_no_slip(province: Province) -> None:
    ident, _ = sent(province)
    deeds.recall(province.here.as_(SPECIALIST), ident, "Chuyển nhầm")
    pdf = paper_pdf(province.here.office, ident, CONTROL_SLIP)
    assert not [code for code in codes_on(pdf) if is_slip_text(code)]
    assert "PHIẾU CHUYỂN" not in " ".join(page_texts(pdf))


def test_the_longest_slip_is_read_from_a_203_dpi_print(province: Province) -> None:
    ident, _ = sent(province)
    dossier = find_dossier(province.here.office, ident)
    office = province.here.office
    facts = control_slip_facts(Asked(office, dossier, journal(province.here, ident)))
    assert facts.digits
    longest = slip_digits(b"OST1" + bytes([255]) * 1265)
    assert MAX_DIGITS - 3 < len(longest) <= MAX_DIGITS
    words = ("Thửa đất số 118, tờ bản đồ 24 thuộc địa bàn xã Hồi Xuân; đề nghị thẩm tra, xử lý. " * 4)[:300]
    facts = replace(facts, digits=longest, fields={**facts.fields, "transfer_reason": words})
    pdf = form_pdf(template_for(office.catalogue, CONTROL_SLIP, local_day(office.now)), facts, "A4")
    assert [code for code in codes_on(pdf) if is_slip_text(code)] == [longest]


# ---- the other agency, without a line ------------------------------------------------------


def test_the_neighbour_sees_the_slip_takes_it_in_and_goes_on(province: Province) -> None:
    ident, slip = sent(province)
    there = province.there
    told = preview_slip(there.as_(RECEPTION), slip)
    whole = find_dossier(province.here.office, ident)
    assert (told.dossier.code, told.dossier.owner.name) == (whole.code, whole.owner.name)
    assert (told.from_code, told.reason) == (HERE, "Thuộc thẩm quyền của xã Hồi Xuân")
    assert told.sent_at == from_wire(journal(province.here, ident)[-1].header.at)
    assert not told.is_here
    assert not told.is_doubtful
    assert not journal(there, ident)  # nothing was kept
    done = take_in_by_slip(there.as_(RECEPTION), slip).dossier
    assert (done.state, done.agency, done.is_stub) == (State.PROCESSING, THERE, True)
    deeds.forward(there.as_(RECEPTION), ident, Target("van-phong", SPECIALIST))
    assert preview_slip(there.office, slip).is_here
    with there.store.read() as connection:
        first = connection.execute(select(entries).order_by(entries.c.n)).first()
        waiting = connection.scalar(select(func.count()).select_from(outbox))
    assert first is not None
    assert (first.cursor, waiting) == (None, 2)  # only what this desk itself wrote


def test_a_slip_is_taken_once(province: Province) -> None:
    ident, slip = sent(province)
    office = province.there.as_(RECEPTION)
    with province.there.store.write() as connection:
        for entry in (journal(province.here, ident)[-1],) * 2:
            accept_slip(connection, entry)
    assert len(journal(province.there, ident)) == 1
    (row,) = rows_of(province.there.store, "SELECT state, queue FROM dossiers")
    assert row == ("in_transit", agency_queue(THERE))
    take_in_by_slip(office, slip)
    with pytest.raises(RuleError):
        take_in_by_slip(office, slip)
    assert len(journal(province.there, ident)) == 2


def test_one_who_may_not_take_in_leaves_nothing(province: Province) -> None:
    ident, slip = sent(province)
    with pytest.raises(RuleError):
        take_in_by_slip(province.there.as_(SPECIALIST), slip)
    assert not journal(province.there, ident)
    assert not rows_of(province.there.store, "SELECT id FROM dossiers")


def test_a_slip_for_another_agency_is_sent_back(province: Province) -> None:
    _, slip = sent(province)
    with pytest.raises(InputError, match="không gửi đến cơ quan này"):
        preview_slip(province.here.office, slip)
    with pytest.raises(InputError, match="không gửi đến cơ quan này"):
        take_in_by_slip(province.here.as_(RECEPTION), slip)


def test_an_unknown_desk_is_named_as_such(province: Province) -> None:
    _, slip = sent(province)
    with province.there.store.write() as connection:
        here = devices.c.device == province.here.office.pen.device
        connection.execute(devices.delete().where(here))
    for use in (preview_slip, take_in_by_slip):
        with pytest.raises(OfficeError, match="chưa biết quầy") as caught:
            use(province.there.as_(RECEPTION), slip)
        assert "nhập tay" in caught.value.message


def test_a_slip_of_another_hand_is_refused(province: Province) -> None:
    ident, slip = sent(province)
    entry = journal(province.here, ident)[-1]
    stranger = SigningKey.generate().sign(signed_message(entry.header_bytes))
    for use in (preview_slip, take_in_by_slip):
        with pytest.raises(OfficeError, match="Chữ ký"):
            use(province.there.as_(RECEPTION), pack_slip(replace(entry, signature=stranger)))
    assert preview_slip(province.there.office, slip)


def test_a_desk_cannot_write_a_slip_of_another_agency(province: Province) -> None:
    """The key is known, but as that of a desk elsewhere."""
    ident = receive(province.here).id
    agency = replace(province.here.office.catalogue.agency, code="H56.11.22")
    office = province.here.as_(RECEPTION)
    office = replace(office, catalogue=replace(office.catalogue, agency=agency))
    transfer_out(office, ident, NEIGHBOUR, "Thẩm quyền")
    with pytest.raises(OfficeError, match="không do cơ quan ghi trên phiếu"):
        preview_slip(province.there.office, pack_slip(journal(province.here, ident)[-1]))


def test_a_branch_of_a_copied_machine_is_not_taken(province: Province) -> None:
    ident, slip = sent(province)
    take_in_by_slip(province.there.as_(RECEPTION), slip)
    entry = journal(province.here, ident)[-1]
    other = replace(entry.header, at="2026-11-20T03:00:00.000Z")
    encoded = header_bytes(other)
    key = province.here.office.pen.key
    twin = replace(entry, header_bytes=encoded, signature=key.sign(signed_message(encoded)))
    with pytest.raises(OfficeError, match="trái với bút ký khác"):
        take_in_by_slip(province.there.as_(RECEPTION), pack_slip(twin))
    assert len(journal(province.there, ident)) == 2


def test_a_revoked_sender_is_told_before_the_officer_confirms(province: Province) -> None:
    _, slip = sent(province)
    with province.town.store.write() as connection:
        device = province.here.office.pen.device
        revoke(connection, province.town.ledger, "device", device, "Máy bị mất", province.town.now)
    province.town.pull(province.there, THERE)
    assert preview_slip(province.there.office, slip).is_doubtful


# ---- the journals meet --------------------------------------------------------------------


def both(province: Province, ident: str) -> tuple[Dossier, Dossier]:
    return find_dossier(province.here.office, ident), find_dossier(province.there.office, ident)


def test_both_agencies_fold_the_same_once_the_line_is_back(province: Province) -> None:
    town, here, there = province.town, province.here, province.there
    ident, slip = sent(province)
    take_in_by_slip(there.as_(RECEPTION), slip)
    deeds.forward(there.as_(RECEPTION), ident, Target("van-phong", SPECIALIST))
    deeds.take_over(there.as_(SPECIALIST), ident)
    assert set(verdicts(town.push_all(there))) == {"held"}  # the root lacks what they build on
    assert set(verdicts(town.push_all(here))) == {"accepted"}
    meet(province)
    ours, theirs = both(province, ident)
    assert ours == theirs
    assert not ours.conflicts
    assert not ours.is_stub
    assert (ours.agency, ours.state) == (THERE, State.PROCESSING)
    assert [e.id for e in journal(here, ident)] == [e.id for e in journal(there, ident)]


def meet(province: Province) -> None:
    """Both read and send until nothing is new; journals that came into scope are fetched whole."""
    for _ in range(3):
        for seat, office in ((province.here, HERE), (province.there, THERE)):
            province.town.push_all(seat)
            province.town.pull(seat, office)
            fetch(province.town, seat)


def fetch(town: Town, seat: Seat, *also: str) -> None:
    """Journals that came into scope, and those that somebody asks for."""
    with seat.store.read() as connection:
        wanted = wanted_journals(connection)
    for dossier in dict.fromkeys((*wanted, *also)):
        with town.store.read() as connection:
            page = read_journal_page(connection, open_ledger(connection), dossier, 0)
        with seat.store.write() as connection:
            take_journal(connection, ROOT, dossier, page.records)


def test_a_slip_after_the_line_changes_nothing(province: Province) -> None:
    """The journal came first: the paper then only points to it."""
    ident, slip = sent(province)
    meet(province)
    before = journal(province.there, ident)
    told = preview_slip(province.there.office, slip)
    assert told.is_here
    assert not told.dossier.is_stub
    done = take_in_by_slip(province.there.as_(RECEPTION), slip).dossier
    assert not done.is_stub
    assert [e.id for e in journal(province.there, ident)][:-1] == [e.id for e in before]
    with province.there.store.read() as connection:
        numbers = connection.scalars(select(entries.c.cursor).where(entries.c.dossier == ident)).all()
    assert numbers.count(None) == 1


def test_who_sent_it_away_writes_no_more(province: Province) -> None:
    ident, slip = sent(province)
    take_in_by_slip(province.there.as_(RECEPTION), slip)
    with pytest.raises(RuleError):
        transfer_in(province.here.as_(RECEPTION), ident)
    meet(province)
    with pytest.raises(RuleError, match="cơ quan khác"):
        deeds.forward(province.here.as_(RECEPTION), ident, Target("van-phong", SPECIALIST))


def test_rows_made_of_a_slip_are_what_the_journal_makes(province: Province) -> None:
    _, slip = sent(province)
    take_in_by_slip(province.there.as_(RECEPTION), slip)
    told = rows_of(province.there.store, "SELECT * FROM dossiers")
    with province.there.store.write() as connection:
        connection.execute(update(entries).values(code=None))
    rebuild_store(province.there.store)
    assert [row[1:] for row in rows_of(province.there.store, "SELECT * FROM dossiers")] == [
        r[1:] for r in told
    ]


def test_a_folder_that_comes_back_waits_for_its_journal(province: Province) -> None:
    """Here the journal ends with the sending away: what was done in between must come first."""
    here, there = province.here, province.there
    ident, slip = sent(province)
    take_in_by_slip(there.as_(RECEPTION), slip)
    transfer_out(there.as_(RECEPTION), ident, here.office.catalogue.agency, "Đã giải quyết xong")
    back = pack_slip(journal(there, ident)[-1])
    before = journal(here, ident)
    for use in (preview_slip, take_in_by_slip):
        with pytest.raises(OfficeError, match="chưa nối được"):
            use(here.as_(RECEPTION), back)
    assert journal(here, ident) == before
    meet(province)
    done = take_in_by_slip(here.as_(RECEPTION), back).dossier
    assert (done.state, done.agency) == (State.PROCESSING, HERE)
    assert not done.conflicts
