"""What officers do at a desk of the world: mostly what leads on, now and then what is not allowed."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, cast

from sqlalchemy import select

from onestop.domain.acts import STATES, Act
from onestop.domain.dossier import Dossier
from onestop.domain.legality import legal_acts
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.intake import PaperForm, receive_dossier, refuse_intake, submit_dossier
from onestop.office.office import Agency, Office
from onestop.office.transfer import transfer_in, transfer_out
from onestop.store.journal import read_dossier
from onestop.store.papers import keep_blob
from onestop.store.tables import dossiers, tray
from tests.office_desk import FIVE_DAYS, RECEPTION, SAME_DAY, SECOND_RECEPTION, form
from tests.walking import DEEDS, WHY, Ground, _officer_for, _pick, _Step

_PROCEDURES = (FIVE_DAYS, SAME_DAY, "1.004845")
_TAKE_IN, _SETTLE = 0.28, 0.35
_OPEN = 12
"""Dossiers that one seed works on: more would rarely meet."""


class Broken(AssertionError):
    """An act ended in something that no officer could read."""


class Papers:
    """Scans of the world: a few files that come again and again, as standard papers do."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder, self._random = folder, random

    def paper(self, office: Office) -> PaperForm:
        number = self._random.randrange(6)
        path = self._folder / f"{number}.pdf"
        if not path.exists():
            size = (300, 70_000, 700, 1, 150_000, 4_000)[number]
            path.write_bytes(b"%PDF-1.7\n" + bytes([number]) * size)
        ref = keep_blob(office.store, path)
        return PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai")


def act(
    office: Office, away: Agency, random: Random, papers: Papers, lean: tuple[Act, ...] = ()
) -> tuple[str, Done | None]:
    """One act at this desk: its name, and what was saved; None when it was refused in words.

    `away` is the agency that folders may be sent to; acts of `lean` are done whenever they may be.
    """
    chosen = _choose(office, random)
    if chosen is None or random.random() < _TAKE_IN:
        return _tried("take_in", lambda: _take_in(office, random))
    if random.random() < _SETTLE and (settled := _settle(office, random)):
        return settled
    if lean and (leant := _leant(office, chosen, random, papers, away, lean)):
        return leant
    return _any_act(office, chosen, away, random, papers)


def _any_act(
    office: Office, chosen: Dossier, away: Agency, random: Random, papers: Papers
) -> tuple[str, Done | None]:
    step = _Step(*random.randbytes(5))
    officer = _officer_for(office, chosen, step.officer)
    here = office.as_officer(officer.id)
    what = _pick(legal_acts(chosen, here.actor), step)
    if what is Act.TRANSFER_OUT:
        return _tried(what, lambda: transfer_out(here, chosen.id, away, WHY))
    if what is Act.TRANSFER_IN:
        return _tried(what, lambda: transfer_in(here, chosen.id))
    if what in (Act.RATIFY, Act.VOID):
        return _tried(what, lambda: _speak(here, what, chosen, chosen.heads))
    return _tried(what, lambda: DEEDS[what](cast(Ground, papers), here, chosen, step))


def _leant(
    office: Office, chosen: Dossier, random: Random, papers: Papers, away: Agency, lean: tuple[Act, ...]
) -> tuple[str, Done | None] | None:
    wanted = [
        (act, o.id)
        for act in lean
        for o in office.catalogue.officers
        if act in legal_acts(chosen, _actor(office, o.id))
    ]
    if not wanted:
        return None
    what, officer = random.choice(wanted)
    here, step = office.as_officer(officer), _Step(*random.randbytes(5))
    if what is Act.TRANSFER_OUT:
        return _tried(what, lambda: transfer_out(here, chosen.id, away, WHY))
    return _tried(what, lambda: DEEDS[what](cast(Ground, papers), here, chosen, step))


def _tried(what: str, deed: Any) -> tuple[str, Done | None]:
    try:
        return what, deed()
    except (OfficeError, StopIteration):  # a stub names no procedure that a form could be filled for
        return what, None
    except Exception as error:
        raise Broken(f"{what}: {error!r}") from error


def _choose(office: Office, random: Random) -> Dossier | None:
    """A dossier that is still worked on; one that is over, now and then."""
    with office.store.read() as connection:
        rows = connection.execute(select(dossiers.c.id, dossiers.c.state).order_by(dossiers.c.id)).all()
        is_open = {state.value for state, rule in STATES.items() if rule.is_open}
        rows = [row for row in rows if row.state in is_open or random.random() < 0.2]
        return read_dossier(connection, random.choice(rows[-_OPEN:]).id) if rows else None


def _take_in(office: Office, random: Random) -> Done:
    here = office.as_officer(random.choice((RECEPTION, SECOND_RECEPTION)))
    filled = form(random.choice(_PROCEDURES))
    roll = random.randrange(8)
    if roll == 0:
        return refuse_intake(here, filled, WHY)
    return submit_dossier(here, filled) if roll == 1 else receive_dossier(here, filled)


def _settle(office: Office, random: Random) -> tuple[str, Done | None] | None:
    """Somebody who may speaks of an entry in the tray."""
    with office.store.read() as connection:
        rows = connection.execute(select(tray.c.entry, tray.c.dossier).order_by(tray.c.entry)).all()
        row = random.choice(rows) if rows else None
        dossier = read_dossier(connection, row.dossier) if row else None
    if row is None or dossier is None:
        return None
    what = random.choice((Act.RATIFY, Act.VOID))
    able = [o for o in office.catalogue.officers if what in legal_acts(dossier, _actor(office, o.id))]
    if not able:
        return None
    here = office.as_officer(random.choice(able).id)
    return _tried(what, lambda: _speak(here, what, dossier, (row.entry,)))


def _actor(office: Office, officer: str) -> Any:
    return office.as_officer(officer).actor


def _speak(office: Office, what: Act, dossier: Dossier, entries: tuple[str, ...]) -> Done:
    deed = deeds.ratify if what is Act.RATIFY else deeds.void
    return deed(office, dossier.id, entries, WHY)


def at_agency(office: Office, agency: Agency) -> Office:
    return replace(office, catalogue=replace(office.catalogue, agency=agency))
