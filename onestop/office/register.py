"""Mẫu 07, the register: by year and book, any range of it, on paper or as an Excel file.

Dossiers are read and let go a few at a time: a year of ten thousand needs no more memory than a day.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from onestop.domain.acts import Act
from onestop.domain.book import BOOK, MAX_NUMBER, Book
from onestop.domain.code import DEFAULT_POLICY
from onestop.domain.dossier import Dossier, State
from onestop.domain.entry import Entry
from onestop.domain.fold import fold
from onestop.domain.moment import from_wire, local_day, show_at
from onestop.domain.person import show_phone
from onestop.domain.register import Line, Span
from onestop.domain.template import Column as ColumnSpec
from onestop.domain.template import Facts, Fields, Grid, Template, field_names, filled, flat
from onestop.domain.text import nfc
from onestop.errors import InputError, PrintError
from onestop.office.books import book_of
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.deeds import HAND_OUT_METHODS
from onestop.office.facts_control import agencies_by_role
from onestop.office.office import Office
from onestop.office.paper_facts import office_fields
from onestop.office.register_lines import list_lines, read_books
from onestop.office.templates import template_for
from onestop.printing.form import form_stream
from onestop.printing.wording import count_words
from onestop.printing.workbook import Column, SheetOut, write_workbook
from onestop.store.journal import read_journals
from onestop.terms import show

REGISTER = "07"

OnCount = Callable[[int], None]
"""Hears how many pages or lines are done, and may raise to stop."""

_AT_ONCE = 100
_OFTEN = 20
_ENDED_OTHERWISE = frozenset({State.REFUSED, State.WITHDRAWN, State.STOPPED})


def register_pdf(office: Office, span: Span, on_page: OnCount | None = None) -> bytes:
    """The PDF of that part of the register. Raises PrintError, StoreError."""
    with office.store.read() as connection:
        facts = register_facts(office, connection, span)
        return form_stream(_template(office, span), facts, "A4_ACROSS", on_page)


def register_year(office: Office, year: int, on_page: OnCount | None = None) -> bytes:
    """All books of a year."""
    return register_pdf(office, Span(year), on_page)


def save_register(office: Office, span: Span, path: Path, on_line: OnCount | None = None) -> int:
    """As an Excel file with the columns of the printed form; how many lines. Raises PrintError."""
    columns = _columns(_template(office, span))
    heads = tuple(
        Column(f"{one.group}: {one.heading}" if one.group else one.heading, _name(one.text), one.share)
        for one in columns
    )
    with office.store.read() as connection:
        lines = list_lines(office, connection, span)
        rows = _told(_rows(office, connection, lines), on_line)
        cells = ([filled(one.text, row).strip() for one in columns] for row in rows)
        write_workbook(path, [SheetOut("Sổ theo dõi hồ sơ", heads, cells)])
    return len(lines)


def register_facts(office: Office, connection: Connection, span: Span) -> Facts:
    """`rows["register"]` reads as it is drawn, and only while the connection is open."""
    kept = read_books(office, connection, span.year)
    lines = list_lines(office, connection, span, kept)
    books = [book.words for book in kept.books if span.desk in (0, book.desk)]
    fields = office_fields(office, office.now) | {
        "year": str(span.year),
        "register_book": ", ".join(books) or str(span.year),
        "range_words": span.words,
        "dossier_count": f"{sum(1 for line in lines if line.dossier):,}".replace(",", "."),
    }
    return Facts(str(span.year), office.now, fields, {"register": _rows(office, connection, lines)})


def books_of_year(office: Office, year: int) -> tuple[Book, ...]:
    """The books that have begun, by desk."""
    with office.store.read() as connection:
        return read_books(office, connection, year).books


def book_at(office: Office, year: int, desk: int) -> Book:
    """A desk's book as the office's row says, begun or not."""
    with office.store.read() as connection:
        return book_of(connection, year, desk)


def continue_book(office: Office, year: int, desk: int, last: int, name: str = "") -> Changed:
    """From now on a desk's book goes on from number `last` of a paper one.

    Raises InputError (fields `last`, `desk`), and what `change_rows` raises.
    """
    if not 0 <= last <= MAX_NUMBER:
        raise InputError("Số cuối của sổ giấy chưa đúng", f"Nhập số từ 0 đến {MAX_NUMBER}.", "last")
    if not 1 <= desk <= DEFAULT_POLICY.desks:
        raise InputError("Chưa chọn quầy", f"Số quầy từ 1 đến {DEFAULT_POLICY.desks}.", "desk")
    book = Book(year, desk, nfc(name).strip(), last)
    words = f"Quyển {book.words} của sổ theo dõi nối tiếp sổ giấy từ số {last}"
    return change_rows(office, [RowChange(BOOK, book.key, asdict(book))], words)


def _template(office: Office, span: Span) -> Template:
    """The version in force on the last day of that part."""
    return template_for(office.catalogue, REGISTER, min(span.last_day, local_day(office.now)))


def _columns(template: Template) -> Sequence[ColumnSpec]:
    for block in flat(template.blocks):
        if isinstance(block, Grid) and block.rows == "register":
            return block.columns
    raise PrintError("Mẫu sổ theo dõi không có bảng", "Hãy về lại mẫu có sẵn trong Quản trị, Mẫu in.")


def _name(text: str) -> str:
    """What a column is called in the file's hidden line."""
    return next(iter(field_names(text)), "")


def _told(rows: Iterator[Fields], on_line: OnCount | None) -> Iterator[Fields]:
    for number, row in enumerate(rows, 1):
        if on_line is not None and number % _OFTEN == 0:
            on_line(number)
        yield row


def _rows(office: Office, connection: Connection, lines: Sequence[Line]) -> Iterator[Fields]:
    has_books = len({line.desk for line in lines}) > 1
    for start in range(0, len(lines), _AT_ONCE):
        some = lines[start : start + _AT_ONCE]
        wanted = [line.dossier for line in some if line.dossier]
        journals = dict(read_journals(connection, wanted))
        for line in some:
            journal = journals.get(line.dossier, [])
            dossier = fold(journal)
            row = _row(office, dossier, [entry for entry, _ in journal]) if dossier else {}
            yield row | _line_fields(line, row.get("note", ""), has_books)


def _line_fields(line: Line, note: str, has_books: bool) -> dict[str, str]:
    """Which number it is; of one without a dossier also why, in the widest column."""
    number = str(line.number) if line.number == line.until else f"{line.number} – {line.until}"
    named = {"no": f"Q{line.desk:02d} {number}" if has_books else number, "code": line.code}
    if not line.dossier:
        return named | {"procedure_name": line.why}
    return named | {"note": ". ".join(part for part in (line.why, note) if part)}


def _row(office: Office, dossier: Dossier, journal: list[Entry]) -> dict[str, str]:
    owner, subject = dossier.owner, dossier.subject
    phone = show_phone(owner.phone) if owner.phone else ""
    handed = next((entry for entry in journal if entry.header.kind == Act.HAND_OUT), None)
    facts = (handed.facts() or {}) if handed else {}
    return {
        "code": dossier.code,
        "procedure_name": subject.procedure.title,
        "sets": count_words(subject.sets),
        "owner_name": owner.name,
        "address": owner.address,
        "phone": phone,
        # without blanks, so that it stays on one line of its narrow column
        "phone_words": f"ĐT: {''.join(phone.split())}" if phone else "",
        "competent_agency": agencies_by_role(office, journal)["competent"],
        "received_at": _at(dossier.received_at),
        "due_at": _at(dossier.due_at),
        "forwarded_at": _first_at(journal, Act.FORWARD, Act.TRANSFER_OUT),
        "completed_at": _first_at(journal, Act.COMPLETE),
        "handed_out_at": _at(dossier.result.handed_out_at),
        "hand_out_way": HAND_OUT_METHODS.get(facts.get("method", ""), ""),
        "recipient": dossier.result.recipient,
        "note": _note(dossier),
    }


def _note(dossier: Dossier) -> str:
    """Why it has no result, or no day of receipt."""
    if dossier.state in _ENDED_OTHERWISE:
        return f"{show(dossier.state)}: {dossier.reason}"
    return f"Chưa tiếp nhận: {show(dossier.state).lower()}" if dossier.received_at is None else ""


def _at(moment: datetime | None) -> str:
    return show_at(moment) if moment else ""


def _first_at(journal: list[Entry], *acts: Act) -> str:
    """When it happened first; a folder may be sent several times."""
    return next((_at(from_wire(entry.header.at)) for entry in journal if entry.header.kind in acts), "")
