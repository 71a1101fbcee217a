"""Desks for the tests: a real store copied from one founded per run, and real acts on it.

No window and no mock: what a test does, an officer could do.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from onestop.domain.dossier import Dossier, State
from onestop.domain.moment import VIETNAM
from onestop.domain.procedure import procedures_from_pack
from onestop.office import deeds, found
from onestop.office.deeds import Target
from onestop.office.intake import IntakeForm, PartyForm, component_lines, receive_dossier, submit_dossier
from onestop.office.office import Agency, Office
from onestop.office.packs import read_pack
from onestop.office.transfer import transfer_out
from onestop.store.rows import get_local, put_local
from onestop.store.store import Store, open_store
from onestop.store.vault import create_key, load_key

# A Friday morning; the weekend and the holiday of 24/11 lie ahead.
MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)

RECEPTION, SECOND_RECEPTION, CASHIER = "u-mai", "u-duc", "u-hoa"
SPECIALIST, OTHER_SPECIALIST, HEAD = "u-tuyet", "u-khoi", "u-binh"
LEADER, CLERK, ADMIN = "u-thang", "u-lan", "u-vy"
COUNTER, UNIT, OTHER_UNIT, LEADERS = "pvhcc", "van-phong", "kinh-te", "lanh-dao"

FIVE_DAYS = "1.000593"  # five working days
SAME_DAY = "1.000110"

NEIGHBOUR = Agency("H56.77.66", "UBND xã Hồi Xuân", "", "", "", "")

OWNER = PartyForm(
    name="Lò Thị Đức",
    id_number="038192012345",
    born_on="12/03/1992",
    sex="nữ",
    address="Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa",
    phone="0912 345 678",
)


class SteppingClock:
    """Moves on by one second whenever it is read; a test may set it to anything."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def boot(self) -> tuple[str, int]:
        return ("boot-1", int(self.at.timestamp() * 1000) % 2**40)


@dataclass(frozen=True)
class Seat:
    """An office at one desk, its clock in the test's hand."""

    office: Office
    clock: SteppingClock
    folder: Path

    def __repr__(self) -> str:
        return f"Seat({self.folder.name})"

    @property
    def store(self) -> Store:
        return self.office.store

    def as_(self, officer: str) -> Office:
        return self.office.as_officer(officer)


@cache
def _template(index: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="onestop-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = open_store(folder / "onestop.db", create_key(folder))
    found.found_practice(store, MORNING - timedelta(days=1))
    with store.write() as connection:
        put_local(connection, "desk", get_local(connection, "desk") | {"index": index})
    store.close()
    return folder


def new_folder(folder: Path, index: int = 1) -> Path:
    """A founded practice office in `folder`, closed: desk number `index`, with its own key."""
    shutil.copytree(_template(index), folder, dirs_exist_ok=True)
    return folder


def open_seat(folder: Path, at: datetime = MORNING) -> Seat:
    """The office in `folder`, opened as the program does; close its store afterwards."""
    clock = SteppingClock(at)
    store = open_store(folder / "onestop.db", load_key(folder))
    return Seat(found.open_office(store, clock, clock.boot, RECEPTION), clock, folder)


@contextmanager
def seated(folder: Path, index: int = 1, at: datetime = MORNING) -> Iterator[Seat]:
    """A new practice office for one test."""
    seat = open_seat(new_folder(folder, index), at)
    try:
        yield seat
    finally:
        seat.store.close()


def form(procedure: str = FIVE_DAYS, **changes: object) -> IntakeForm:
    """A complete intake form of a procedure, every component given."""
    return replace(_form_of(procedure), **changes)  # type: ignore[arg-type]  # fields of IntakeForm by name


@cache
def _form_of(procedure: str) -> IntakeForm:
    wanted = next(p for p in procedures_from_pack(read_pack("procedures.json")) if p.code == procedure)
    lines = tuple(replace(line, is_given=True, originals=1) for line in component_lines(wanted))
    return IntakeForm(procedure_code=procedure, owner=OWNER, components=lines)


def receive(seat: Seat, **changes: object) -> Dossier:
    return receive_dossier(seat.as_(RECEPTION), form(**changes)).dossier  # type: ignore[arg-type]  # as `form`


def reach(seat: Seat, state: State) -> str:
    """A new dossier brought to `state` by real acts of real officers; its id."""
    if state is State.SUBMITTED:
        return submit_dossier(seat.as_(RECEPTION), form()).dossier.id
    if state is State.REFUSED:
        submitted = reach(seat, State.SUBMITTED)
        return deeds.refuse(seat.as_(RECEPTION), submitted, "Không thuộc thẩm quyền").dossier.id
    if state is State.RECEIVED:
        return receive(seat).id
    before, step = _STEPS[state]
    dossier_id = reach(seat, before)
    step(seat, dossier_id)
    return dossier_id


def _process(seat: Seat, dossier_id: str) -> None:
    deeds.forward(seat.as_(RECEPTION), dossier_id, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier_id)


def _propose(seat: Seat, dossier_id: str) -> None:
    deeds.propose(seat.as_(SPECIALIST), dossier_id, "Đủ điều kiện", Target(UNIT, HEAD))


def _approve(seat: Seat, dossier_id: str) -> None:
    deeds.approve(seat.as_(HEAD), dossier_id, Target(LEADERS, LEADER))


def _sign(seat: Seat, dossier_id: str) -> None:
    deeds.sign(seat.as_(LEADER), dossier_id, Target(UNIT, CLERK))


def _complete(seat: Seat, dossier_id: str) -> None:
    deeds.complete(seat.as_(CLERK), dossier_id, "15/TLKS", date(2026, 11, 23), "Trích lục")


def _transfer(seat: Seat, dossier_id: str) -> None:
    transfer_out(seat.as_(SPECIALIST), dossier_id, NEIGHBOUR, "Thuộc thẩm quyền của xã Hồi Xuân")


def _hand_out(seat: Seat, dossier_id: str) -> None:
    deeds.hand_out(seat.as_(RECEPTION), dossier_id, "Lò Thị Đức", "in_person")


def _ask(seat: Seat, dossier_id: str) -> None:
    deeds.request_supplement(seat.as_(SPECIALIST), dossier_id, ("Tờ khai",), "Tờ khai thiếu chữ ký")


def _pause(seat: Seat, dossier_id: str) -> None:
    deeds.pause(seat.as_(SPECIALIST), dossier_id, "verify", "Chờ xác minh")


def _await_payment(seat: Seat, dossier_id: str) -> None:
    deeds.pause(seat.as_(SPECIALIST), dossier_id, "payment", "Chờ nộp thuế")


def _stop(seat: Seat, dossier_id: str) -> None:
    deeds.stop(seat.as_(HEAD), dossier_id, "Chủ hồ sơ không bổ sung")


def _withdraw(seat: Seat, dossier_id: str) -> None:
    deeds.withdraw(seat.as_(RECEPTION), dossier_id, "Chủ hồ sơ xin rút")


_STEPS: Mapping[State, tuple[State, Callable[[Seat, str], None]]] = {
    State.PROCESSING: (State.RECEIVED, _process),
    State.PROPOSED: (State.PROCESSING, _propose),
    State.IN_TRANSIT: (State.PROCESSING, _transfer),
    State.APPROVED: (State.PROPOSED, _approve),
    State.SIGNED: (State.APPROVED, _sign),
    State.COMPLETED: (State.SIGNED, _complete),
    State.HANDED_OUT: (State.COMPLETED, _hand_out),
    State.AWAITING_SUPPLEMENT: (State.PROCESSING, _ask),
    State.PAUSED: (State.PROCESSING, _pause),
    State.AWAITING_PAYMENT: (State.PROCESSING, _await_payment),
    State.STOPPED: (State.PROCESSING, _stop),
    State.WITHDRAWN: (State.PROCESSING, _withdraw),
}
