"""Random walks of legal and illegal acts over real desks; every step is checked.

A walk is plain bytes, five to a step, so that Hypothesis can shrink a failing one. A step
takes up a new dossier or picks one, an officer and an act: mostly one that the table calls
legal, otherwise any act by anybody, which must fail in words and change nothing.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from onestop.domain.acts import RULES, STATES, Act
from onestop.domain.dossier import Dossier, Role, State, due_plain
from onestop.domain.legality import is_legal, legal_acts
from onestop.domain.moment import to_wire
from onestop.errors import OfficeError, RuleError
from onestop.office import deeds
from onestop.office.deeds import Done, Target
from onestop.office.intake import PaperForm, receive_dossier, refuse_intake, submit_dossier
from onestop.office.office import Agency, Office, Officer
from onestop.office.transfer import ROLES, transfer_in, transfer_out
from onestop.store.check import rebuild_store, verify_store
from onestop.store.journal import read_dossier, read_journal
from onestop.store.papers import keep_blob
from onestop.store.projection import row_of
from onestop.store.tables import dossiers, entries
from tests.office_desk import (
    FIVE_DAYS,
    HEAD,
    LEADER,
    MORNING,
    NEIGHBOUR,
    SAME_DAY,
    Seat,
    form,
    new_folder,
    open_seat,
)

STEPS = 60
WALKS = int(os.environ.get("ONESTOP_WALKS", "2000"))
WALKS_PER_STORE = 50

walks = st.binary(min_size=5 * STEPS, max_size=5 * STEPS)

_PAUSES = tuple(timedelta(minutes=m) for m in (0, 0, 1, 7, 30, 60, 200, 24 * 60))
_PROCEDURES = (FIVE_DAYS, SAME_DAY, "1.004845")
_FAST_DISK = Path("/dev/shm")


def walking(count: int) -> settings:
    """Settings of Hypothesis for `count` walks."""
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@dataclass(frozen=True)
class _Step:
    which: int
    officer: int
    act: int
    pause: int
    said: int


def _steps(walk: bytes) -> list[_Step]:
    return [_Step(*walk[i : i + 5]) for i in range(0, len(walk), 5)]


class Ground:
    """Where walks take place: some desks of one agency, renewed after every so many walks."""

    def __init__(self, desks: int) -> None:
        self.desks = desks
        self.steps = 0
        self.refused = 0
        self._walks = 0
        self._folder = Path(tempfile.mkdtemp(dir=_FAST_DISK if os.access(_FAST_DISK, os.W_OK) else None))
        self._seats: list[Seat] = []
        self._codes: set[str] = set()
        self._registers: list[dict[int, int]] = []
        self._paper = self._make_paper()
        self._renew()

    def _make_paper(self) -> Path:
        path = self._folder / "to-khai.pdf"
        path.write_bytes(b"%PDF-1.7\n" + b"x" * 300)
        return path

    def _renew(self) -> None:
        folders = [self._folder / f"{self._walks}-{index}" for index in range(1, self.desks + 1)]
        self._seats = [open_seat(new_folder(folder, k)) for k, folder in enumerate(folders, start=1)]
        self._codes = set()
        self._registers = [{} for _ in folders]

    def walk(self, walk: bytes) -> None:
        """One walk; raises AssertionError where a promise breaks."""
        if self._walks and self._walks % WALKS_PER_STORE == 0:
            self.finish()
            self._renew()
        self._walks += 1
        known: list[tuple[int, Dossier]] = []
        for step in _steps(walk):
            self._step(known, step)

    def _step(self, known: list[tuple[int, Dossier]], step: _Step) -> None:
        self.steps += 1
        desk = step.which % self.desks
        self._seats[desk].clock.at += _PAUSES[step.pause % len(_PAUSES)]
        is_idle = not any(STATES[dossier.state].is_open for _, dossier in known)
        if is_idle or step.which >= 248:
            self._take_in(known, desk, step)
            return
        place = step.which // self.desks % len(known)
        desk, dossier = known[place]
        seat = self._seats[desk]
        officer = _officer_for(seat.office, dossier, step.officer)
        office = _at_agency(seat.as_(officer.id), dossier)
        act = _pick(legal_acts(dossier, office.actor), step)
        if is_legal(act, dossier, office.actor):
            known[place] = (desk, self._do(office, dossier, act, step))
        else:
            self._refused(office, dossier, act, step)

    def _take_in(self, known: list[tuple[int, Dossier]], desk: int, step: _Step) -> None:
        office = self._seats[desk].as_("u-mai" if step.officer % 2 else "u-duc")
        filled = form(_PROCEDURES[step.said % len(_PROCEDURES)])
        if step.act % 8 == 0:
            done: Done = refuse_intake(office, filled, "Không thuộc thẩm quyền")
        elif step.act % 8 == 1:
            done = submit_dossier(office, filled)
        else:
            done = receive_dossier(office, filled)
        dossier = done.dossier
        assert dossier.code not in self._codes, "two dossiers under one code"
        self._codes.add(dossier.code)
        self._check_register(desk, dossier, office)
        self._check(office, dossier)
        known.append((desk, dossier))

    def _check_register(self, desk: int, dossier: Dossier, office: Office) -> None:
        register = self._registers[desk]
        year = 2000 + int(dossier.code.rsplit("-", 2)[1][:2])
        assert dossier.register_no == register.get(year, 0) + 1, "a gap in the register"
        register[year] = dossier.register_no

    def _do(self, office: Office, before: Dossier, act: Act, step: _Step) -> Dossier:
        after = DEEDS[act](self, office, before, step).dossier
        assert after.count == before.count + 1
        assert not after.conflicts
        self._check(office, after)
        return after

    def _refused(self, office: Office, dossier: Dossier, act: Act, step: _Step) -> None:
        self.refused += 1
        before = _last_entry(office)
        try:
            DEEDS[act](self, office, dossier, step)
        except OfficeError as error:
            said = error
        else:
            raise AssertionError(f"{act} was done although the table forbids it")
        assert isinstance(said, RuleError) or said.field
        assert said.message
        assert _last_entry(office) == before, f"{act} was refused and yet written"

    def _check(self, office: Office, dossier: Dossier) -> None:
        """The store holds exactly this dossier, and it keeps every promise."""
        with office.store.read() as connection:
            assert read_dossier(connection, dossier.id) == dossier
            row = connection.execute(select(dossiers).where(dossiers.c.id == dossier.id)).one()
        for column, value in row_of(dossier).items():
            assert getattr(row, column) == value, column
        assert (dossier.holder is None) == bool(dossier.in_transit_to)
        assert (dossier.state is State.IN_TRANSIT) == bool(dossier.in_transit_to)
        if dossier.holder is not None:
            assert dossier.holder.unit
            assert not dossier.holder.is_taken or dossier.holder.officer
        clock = dossier.clock
        for due_at in (clock.due.at, clock.original_due_at):
            is_sound = due_at is None or (clock.received_at is not None and due_at > clock.received_at)
            assert is_sound, f"{clock} after {_acts_of(office, dossier)}"

    def finish(self) -> None:
        """No damage in any store, and rows made anew are the same rows."""
        for seat in self._seats:
            assert verify_store(seat.store, every_signature=False).findings == []
            before = _rows(seat)
            rebuild_store(seat.store)
            assert _rows(seat) == before
            seat.store.close()
            shutil.rmtree(seat.folder)
        self._seats = []

    def close(self) -> None:
        for seat in self._seats:
            seat.store.close()
        shutil.rmtree(self._folder)

    def paper(self, office: Office) -> PaperForm:
        ref = keep_blob(office.store, self._paper)
        return PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai")


def _acts_of(office: Office, dossier: Dossier) -> list[tuple[str, str, Any]]:
    """A dossier's journal in short, for a walk that failed."""
    with office.store.read() as connection:
        journal = read_journal(connection, dossier.id)
    return [(entry.header.kind, entry.header.at, (entry.facts() or {}).get("due")) for entry, _ in journal]


def _last_entry(office: Office) -> int:
    """Rows follow entries in one transaction, and `finish` makes them all anew."""
    with office.store.read() as connection:
        return int(connection.scalar(_LAST_ENTRY) or 0)


_LAST_ENTRY = select(func.max(entries.c.n))


def _rows(seat: Seat) -> list[Any]:
    with seat.store.read() as connection:
        return [tuple(row) for row in connection.execute(select(dossiers).order_by(dossiers.c.n))]


def _pick(legal: tuple[Act, ...], step: _Step) -> Act:
    """Out of eight: two any act at all, one any legal act, five a legal act that leads on."""
    roll = step.said % 8
    onward = tuple(act for act in legal if act not in _ASIDE and act not in _ENDS)
    choice = tuple(DEEDS) if roll < 2 else (legal if roll == 2 else onward)
    return choice[step.act % len(choice)] if choice else tuple(DEEDS)[step.act % len(DEEDS)]


_ASIDE = frozenset(
    {
        Act.ADD_NOTE,
        Act.PRINT_PAPER,
        Act.VOID_PAPER,
        Act.ATTACH,
        Act.DETACH,
        Act.CORRECT,
        Act.COLLECT,
        Act.REFUND,
    }
    | {
        Act.DRAFT_APOLOGY,
        Act.EXTEND,
        Act.RECOMPUTE,
        Act.CONSULT,
        Act.REQUEST_SUPPLEMENT,
        Act.SEND_BACK,
        Act.RECALL,
        Act.DISAPPROVE,
    }
)
_ENDS = frozenset({Act.STOP, Act.WITHDRAW, Act.REFUSE, Act.ERASE})


def _officer_for(office: Office, dossier: Dossier, pick: int) -> Officer:
    """Three times in four somebody who has the folder or whose unit it lies in."""
    officers = office.catalogue.officers
    holder = dossier.holder
    if holder and pick % 4:
        near = [
            o for o in officers if o.id == holder.officer or (not holder.officer and o.unit == holder.unit)
        ]
        if near:
            return near[pick // 4 % len(near)]
    return officers[pick // 4 % len(officers)]


def _at_agency(office: Office, dossier: Dossier) -> Office:
    """The same officer at the agency that has the dossier, or that it is on its way to."""
    if (dossier.in_transit_to or dossier.agency) != NEIGHBOUR.code:
        return office
    return replace(office, catalogue=replace(office.catalogue, agency=NEIGHBOUR))


_NEXT_ROLES: Mapping[Act, Role] = {
    Act.FORWARD: Role.SPECIALIST,
    Act.PROPOSE: Role.HEAD,
    Act.APPROVE: Role.LEADER,
    Act.SIGN: Role.CLERK,
}


def _target(office: Office, step: _Step, act: Act) -> Target:
    """Mostly where the route leads, now and then anywhere; to an officer or only to the unit."""
    officers = office.catalogue.in_role(_NEXT_ROLES[act]) if step.pause % 5 else office.catalogue.officers
    officer = officers[step.said // 8 % len(officers)]
    return Target(officer.unit, officer.id if step.said % 3 else "")


_Deed = Callable[[Ground, Office, Dossier, _Step], Done]

HERE = Agency("H56.99.88", "UBND xã Tân Hòa", "", "", "", "")
UNITS = ("van-phong", "kinh-te", "lanh-dao")
WHY = "Theo biên bản làm việc"


def _give_opinion(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    asked = [c.id for c in d.consultations if c.unit == office.officer.unit and not c.opinion]
    return deeds.give_opinion(office, d.id, asked[0] if asked else "0" * 64, "Thống nhất")


def _detach(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    digest = d.visible_papers[0].sha256 if d.visible_papers else "0" * 64
    return deeds.detach(office, d.id, digest, WHY)


def _void_paper(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    standing = d.standing_papers()
    return deeds.void_paper(office, d.id, standing[0].entry if standing else "0" * 64, WHY)


def _correct(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    owner = replace(d.subject.owner, address=f"Thôn {step.said}, xã Tân Hòa")
    return deeds.correct(office, d.id, replace(d.subject, owner=owner), WHY)


def _draft_apology(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    return deeds.draft_apology(office, d.id, _later(office, step), WHY)


def _extend(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    return deeds.extend(office, d.id, _later(office, step), WHY)


def _later(office: Office, step: _Step) -> datetime:
    day = office.calendar.add_working_days(office.now.date(), 1 + step.said % 9)
    return MORNING.replace(year=day.year, month=day.month, day=day.day)


def _recompute(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    """As a changed calendar does: another day for the date it was, which may be none."""
    now = office.calendar.add_working_days(office.now.date(), 1 + step.said % 9)
    due = replace(d.clock.due, at=MORNING.replace(year=now.year, month=now.month, day=now.day))
    former = to_wire(d.clock.due.at) if d.clock.due.at else None
    facts = {"due": due_plain(due), "due_before": former, "reason": WHY}
    return deeds.do(office, Act.RECOMPUTE, d.id, facts)


def _refund(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    return deeds.refund(office, d.id, 1 + step.said % max(1, d.collected_vnd), WHY)


def _receive(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    return receive_dossier(office, form(d.subject.procedure.code), d.id)


def _transfer_out(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    away = HERE if office.catalogue.agency.code == NEIGHBOUR.code else NEIGHBOUR
    return transfer_out(office, d.id, away, WHY, "", tuple(ROLES)[step.said % 2])


def _settle(deed: Callable[..., Done]) -> _Deed:
    """Nothing waits on a desk that works alone: there is nothing to ratify or void."""

    def settle(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
        return deed(office, d.id, d.heads, WHY)

    return settle


def _erase(ground: Ground, office: Office, d: Dossier, step: _Step) -> Done:
    """Of a note; where there is none yet, whoever may erase writes one."""
    with office.store.read() as connection:
        journal = read_journal(connection, d.id)
    notes = [entry.id for entry, _ in journal if entry.header.kind == Act.ADD_NOTE]
    if not notes and is_legal(Act.ERASE, d, office.actor):
        return deeds.add_note(office, d.id, "Số điện thoại người thân: 0912 000 111")
    second = LEADER if office.officer.id != LEADER else HEAD
    return deeds.erase(office, d.id, notes[:1] or d.heads, "Hết thời hạn lưu trữ", second)


DEEDS: Mapping[Act, _Deed] = {
    Act.RECEIVE: _receive,
    Act.REFUSE: lambda g, o, d, s: deeds.refuse(o, d.id, WHY),
    Act.REQUEST_SUPPLEMENT: lambda g, o, d, s: deeds.request_supplement(o, d.id, ("Tờ khai",), WHY),
    Act.TAKE_SUPPLEMENT: lambda g, o, d, s: deeds.take_supplement(
        o, d.id, ("Tờ khai",), (g.paper(o),), ("shift", "restart")[s.said % 2]
    ),
    Act.FORWARD: lambda g, o, d, s: deeds.forward(o, d.id, _target(o, s, Act.FORWARD)),
    Act.TAKE_OVER: lambda g, o, d, s: deeds.take_over(o, d.id),
    Act.SEND_BACK: lambda g, o, d, s: deeds.send_back(o, d.id, WHY),
    Act.RECALL: lambda g, o, d, s: deeds.recall(o, d.id, WHY),
    Act.CONSULT: lambda g, o, d, s: deeds.consult(o, d.id, UNITS[s.said % 3], "Có vướng quy hoạch không?"),
    Act.GIVE_OPINION: _give_opinion,
    Act.PROPOSE: lambda g, o, d, s: deeds.propose(o, d.id, "Đủ điều kiện", _target(o, s, Act.PROPOSE)),
    Act.APPROVE: lambda g, o, d, s: deeds.approve(o, d.id, _target(o, s, Act.APPROVE)),
    Act.DISAPPROVE: lambda g, o, d, s: deeds.disapprove(o, d.id, WHY),
    Act.SIGN: lambda g, o, d, s: deeds.sign(o, d.id, _target(o, s, Act.SIGN)),
    Act.PAUSE: lambda g, o, d, s: deeds.pause(o, d.id, ("payment", "verify")[s.said % 2], WHY),
    Act.RESUME: lambda g, o, d, s: deeds.resume(o, d.id, WHY, ("shift", "restart")[s.said % 2]),
    Act.STOP: lambda g, o, d, s: deeds.stop(o, d.id, WHY),
    Act.DRAFT_APOLOGY: _draft_apology,
    Act.EXTEND: _extend,
    Act.RECOMPUTE: _recompute,
    Act.WITHDRAW: lambda g, o, d, s: deeds.withdraw(o, d.id, WHY),
    Act.CORRECT: _correct,
    Act.COMPLETE: lambda g, o, d, s: deeds.complete(o, d.id, f"{s.said}/TLKS", date(2026, 11, 23)),
    Act.HAND_OUT: lambda g, o, d, s: deeds.hand_out(o, d.id, "Lò Thị Đức", "in_person"),
    Act.COLLECT: lambda g, o, d, s: deeds.collect(
        o, d.id, 1000 + s.said, "cash", f"{o.now:%y}TAA {1 + s.said}"
    ),
    Act.REFUND: _refund,
    Act.ADD_NOTE: lambda g, o, d, s: deeds.add_note(o, d.id, f"Đã gọi điện lần {s.said}"),
    Act.ATTACH: lambda g, o, d, s: deeds.attach(o, d.id, (g.paper(o),)),
    Act.DETACH: _detach,
    Act.PRINT_PAPER: lambda g, o, d, s: deeds.print_paper(o, d.id, "01", 1),
    Act.VOID_PAPER: _void_paper,
    Act.TRANSFER_OUT: _transfer_out,
    Act.TRANSFER_IN: lambda g, o, d, s: transfer_in(o, d.id),
    Act.RATIFY: _settle(deeds.ratify),
    Act.VOID: _settle(deeds.void),
    Act.ERASE: _erase,
}
"""Every act on a dossier that is in the book; only `submit` must start one."""

assert set(DEEDS) == set(RULES) - {Act.SUBMIT}
