"""What every world begins with, made once in a process: a root, a relay and four desks, joined and closed."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from onestop.domain.signing import SigningKey
from onestop.hub import upstream
from onestop.hub.admin import OfficeForm, OfficerForm, add_office, add_officer
from onestop.hub.founding import open_hub
from onestop.hub.hub import Hub
from onestop.office import found
from onestop.office.joining import join_existing, wish_of
from onestop.office.office import Office
from onestop.paths import Profile
from onestop.store.enrolment import make_enrolment, use_enrolment
from onestop.store.rows import drop_reference, get_local, put_local, put_reference
from onestop.store.store import open_store
from onestop.store.vault import create_key
from tests.office_desk import MORNING, NEIGHBOUR

HERE = "H56.99.88"
THERE = NEIGHBOUR.code
DESKS: Mapping[str, tuple[str, int]] = {
    "desk-1": (HERE, 1),
    "desk-2": (HERE, 2),
    "desk-3": (THERE, 1),
    "desk-4": (HERE, 3),
}
"""Office and number of each desk. A world has the first two, three or all."""
ALONE = "desk-4"
"""This one has not joined yet: it works alone, perhaps for good."""

START = MORNING
_BEFORE = MORNING - timedelta(hours=2)


@cache
def ground() -> Path:
    """A folder in memory for this process; gone with it."""
    fast = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="onestop-sim-", dir=fast if os.access(fast, os.W_OK) else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def template() -> Path:
    """Made where worlds will stand, so that every machine knows its place; then set aside."""
    world, kept = ground() / "world", ground() / "template"
    root = _root(world / "root")
    with closing(root):
        offices = {name: _desk(world / name, code, index) for name, (code, index) in DESKS.items()}
        for code in (HERE, THERE):
            _add_office(root, code, offices)
        with closing(_relay(world / "relay")) as relay, closing(_relay(world / "relay-2")):
            join_relay(root, relay, _BEFORE)
        for name, office in offices.items():
            if name != ALONE:
                join_desk(root, office, _BEFORE)
    for office in offices.values():
        office.store.close()
    shutil.copytree(world, kept)
    shutil.rmtree(world)
    return kept


def _root(folder: Path) -> Hub:
    return open_hub(_profile(folder), None, lambda: _BEFORE)


def _relay(folder: Path) -> Hub:
    return open_hub(_profile(folder), None, lambda: _BEFORE, is_relay=True)


def _profile(folder: Path) -> Profile:
    return Profile(folder.parent, folder.name)


def _desk(folder: Path, office: str, index: int) -> Office:
    folder.mkdir(parents=True)
    store = open_store(folder / "onestop.db", create_key(folder))
    found.found_practice(store, _BEFORE - timedelta(days=1))
    with store.write() as connection:
        put_local(connection, "desk", get_local(connection, "desk") | {"index": index})
        if office == THERE:
            drop_reference(connection, "agency", HERE)
            put_reference(connection, "agency", THERE, "1", asdict(NEIGHBOUR))
    return found.open_office(store, lambda: _BEFORE, lambda: ("boot-0", 0))


def _add_office(root: Hub, code: str, offices: Mapping[str, Office]) -> None:
    catalogue = next(o for o in offices.values() if o.catalogue.agency.code == code).catalogue
    agency = catalogue.agency
    units = tuple((unit.id, unit.name) for unit in catalogue.units)
    add_office(root, OfficeForm(code, agency.name, units=units, routing=catalogue.routing), _BEFORE)
    for one in catalogue.officers:
        officer = OfficerForm(one.id, one.name, tuple(sorted(one.roles)), one.unit, one.title)
        add_officer(root, code, officer, _BEFORE)


def join_desk(root: Hub, office: Office, now: datetime) -> Office:
    """Enrols a desk that worked alone, as it would over the line; the desk as it is then."""
    with root.store.write() as connection:
        code = make_enrolment(connection, office.catalogue.agency.code, "desk", office.desk.name, now)
        reply = use_enrolment(connection, root.ledger, code, office.pen.key.public, wish_of(office), now)
    return join_existing(office, reply)


def join_relay(root: Hub, relay: Hub, now: datetime) -> None:
    """Enrols a relay of the first office; the same as `upstream.join_upstream` without a line."""
    identity = upstream._identity(relay)
    key = SigningKey(bytes.fromhex(identity["secret"]))
    wish = {"device": identity["device"], "name": relay.name, "log": relay.ledger.log}
    wish["log_key"] = relay.ledger.key.public.hex()
    with root.store.write() as connection:
        code = make_enrolment(connection, HERE, "relay", "Trạm", now)
        reply = use_enrolment(connection, root.ledger, code, key.public, wish, now)
    upstream._keep(relay, identity, reply, "", "")
