"""Entries that another desk made without a line, come here later and do not fit: for tests of the tray."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, subject_plain
from onestop.domain.entry import Entry
from onestop.domain.moment import to_wire
from onestop.domain.signing import SigningKey
from onestop.office.office import Office
from onestop.store.journal import read_dossier
from onestop.store.projection import refold
from onestop.store.tables import entries, shelf
from onestop.store.writer import Draft, Head, Pen, enrol_device, entry_row, seal
from tests.ui.practice_desk import HEAD, LEADER, LEADERS, Desk


class OtherDesk:
    """Quầy 02: a key and a chain of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        key = SigningKey.generate()
        self.pen = Pen(f"desk-{key.public.hex()[:8]}", "1" * 16, key, "grant-of-desk-2")
        self.head = Head(0, None, "")
        with desk.store.write() as connection:
            enrol_device(connection, self.pen, "Quầy 02")

    def sign(self, officer: str, act: Act, facts: dict[str, Any], saw: Dossier) -> Entry:
        """An entry on the dossier as that desk saw it, at the clock of the test."""
        office, at = self.desk.by(officer), self.desk.clock()
        entry = seal(self.pen, draft(office, act, saw.id, facts, at), saw, self.head)
        self.head = Head(self.head.seq + 1, entry.id, to_wire(at))
        return entry

    def arrive(self, entry: Entry, verdict: str = "accepted", code: str | None = None) -> None:
        """The hub gave it a place after everything that is here."""
        dossier = entry.header.dossier or ""
        row = entry_row(entry) | {"verdict": verdict, "code": code}
        with self.desk.store.write() as connection:
            connection.execute(entries.insert().values(row))
            refold(connection, dossier)


def draft(office: Office, act: Act, dossier_id: str, facts: dict[str, Any], at: datetime) -> Draft:
    return Draft(act, dossier_id, office.actor, at, facts, ("boot-2", 1))


def now_of(desk: Desk, dossier_id: str) -> Dossier:
    with desk.store.read() as connection:
        found = read_dossier(connection, dossier_id)
    assert found is not None
    return found


def late_approval(desk: Desk) -> tuple[Dossier, str]:
    """Here the proposal was disapproved; quầy 02 approved it without knowing. Dossier, entry id."""
    from onestop.office import deeds

    other, saw = OtherDesk(desk), desk.propose(desk.receive())
    desk.clock.pass_by(minutes=4)
    to = {"unit": LEADERS, "officer": LEADER}
    entry = other.sign(HEAD, Act.APPROVE, {"to": to, "note": "Đồng ý."}, saw)
    desk.clock.pass_by(minutes=2)
    done = deeds.disapprove(desk.by(HEAD), saw.id, "Thiếu xác nhận của tổ dân phố.")
    other.arrive(entry)
    return done.dossier, entry.id


def late_correction(desk: Desk, officer: str = "u-mai") -> tuple[Dossier, str]:
    """Quầy 02 corrected name and phone under a right that was taken away meanwhile."""
    other, saw = OtherDesk(desk), desk.receive(citizen=3)
    owner = replace(saw.owner, name="Nguyễn Thị Ánh Hồng", phone="0987654321")
    subject = replace(saw.subject, owner=owner, submitter=owner)
    facts = {"reason": "Ghi nhầm tên.", "subject": subject_plain(subject)}
    entry = other.sign(officer, Act.CORRECT, facts, saw)
    other.arrive(entry, "flagged", "REVOKED_LATER")
    return now_of(desk, saw.id), entry.id


def put_on_shelf(desk: Desk, count: int = 2) -> None:
    with desk.store.write() as connection:
        for number in range(count):
            row = {
                "id": f"{number:064x}",
                "verdict": "quarantined" if number % 2 == 0 else "held",
                "code": "SIGNATURE" if number % 2 == 0 else "GAP",
                "device": "0192f3a4-1c2d-7e3f",
                "incarnation": "1" * 16,
                "seq": 12 + number,
                "entry": "e" * 64,
                "dossier": "",
                "raw": bytes([number]) * 40,
                "at": to_wire(desk.clock()),
            }
            connection.execute(shelf.insert().values(row))
