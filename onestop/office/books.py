"""The books of the register as this office keeps them: which one a dossier stands in, where it begins."""

from sqlalchemy import Connection

from onestop.domain.book import BOOK, Book, book_from
from onestop.domain.code import parse_code
from onestop.domain.dossier import Dossier
from onestop.errors import InputError
from onestop.office.office import Office
from onestop.printing.wording import count_words
from onestop.store.register import begun_by, desk_numbers, list_begun
from onestop.store.rows import read_reference


def book_of(connection: Connection, year: int, desk: int) -> Book:
    """As the office's row says, or a plain one."""
    row = read_reference(connection, BOOK, Book(year, desk).key)
    return book_from(row) if row else Book(year, desk)


def book_words(office: Office, dossier: Dossier) -> str:
    """What stands behind “Quyển số” on the papers of a dossier; its year alone for one that another
    agency took in, "" for one without a code of ours."""
    try:
        year = parse_code(dossier.code).received_on.year
    except InputError:
        return ""
    with office.store.read() as connection:
        desk = desk_numbers(connection).get(begun_by(connection, dossier.id), 0)
        return book_of(connection, year, desk).words if desk else str(year)


def paper_number(office: Office, dossier: Dossier) -> str:
    """`42`; `02-42` from the second book of an office on, so that no two papers of a year share one."""
    with office.store.read() as connection:
        desk = desk_numbers(connection).get(begun_by(connection, dossier.id), 0)
    number = count_words(dossier.register_no)
    return f"{desk:02d}-{number}" if desk > 1 else number


def last_number(connection: Connection, year: int, desk: int, drawn: int | None) -> int:
    """The number that the next one of a desk's book follows. `drawn`: the last of this machine, or None.

    Before its first one a machine looks at what it has of the book: it may stand in another one's
    place, whose numbers are on receipts.
    """
    if drawn is None:
        desks = desk_numbers(connection)
        known = (one.register_no for one in list_begun(connection, year) if desks.get(one.device) == desk)
        drawn = max(known, default=0)
    return max(drawn, book_of(connection, year, desk).last)
