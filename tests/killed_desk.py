"""A desk that works until it is killed: `python killed_desk.py FOLDER LABEL`.

Prints one line after each act has come back, never before, and flushes it at once.
"""

import sys
from pathlib import Path

from onestop.domain.dossier import State
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import PaperForm
from onestop.store.papers import keep_blob
from onestop.store.rows import DraftRow, save_draft
from tests.office_desk import RECEPTION, SPECIALIST, UNIT, Seat, open_seat, receive


def say(*words: object) -> None:
    print(*words, flush=True)  # the test reads what was promised here


def _draft(seat: Seat, label: str, number: int) -> None:
    draft = DraftRow(f"{label}-{number}", RECEPTION, "Đang nhập", {"name": "Lò Thị Đức"}, seat.clock())
    with seat.store.write() as connection:
        save_draft(connection, draft)
    say("draft", draft.id)


def _paper(seat: Seat, ident: str, label: str, number: int) -> None:
    path = seat.folder / f"scan-{label}.pdf"
    path.write_bytes(b"%PDF-1.7\n" + f"{label} {number}".encode() * 5000)
    ref = keep_blob(seat.store, path)
    say("kept", ref.sha256)
    if label == "between":
        sys.stdin.read()  # here the test pulls the plug: the file lies there, no entry names it
    paper = PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai")
    deeds.attach(seat.as_(RECEPTION), ident, (paper,))
    say("attached", ident, ref.sha256)


def work(folder: Path, label: str) -> None:
    seat = open_seat(folder)
    for number in range(100_000):
        dossier = receive(seat)
        say("received", dossier.id, dossier.code)
        _paper(seat, dossier.id, label, number)
        deeds.forward(seat.as_(RECEPTION), dossier.id, Target(UNIT, SPECIALIST))
        say("state", dossier.id, State.PROCESSING)
        _draft(seat, label, number)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
