"""Ingest: offers into the log, each with its verdict, a batch in one transaction.

Form and signatures are checked before anything is locked. Everything that decides is read and
written under the log's lock: so no two batches judge one dossier, one device or one code by
different pasts, and what was held is judged anew in the same breath as what it waited for.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.acts import Act
from onestop.domain.entry import EntryError, entry_id, signed_message
from onestop.domain.fold import apply, fold
from onestop.domain.form import claim_of, require_body, require_form
from onestop.domain.judge import Code, Judgement, judge, judge_identity
from onestop.domain.moment import to_wire
from onestop.domain.offer import Offer, Receipt, offer_from, unreadable_offer
from onestop.domain.settle import Verdict, is_settling, verdict_for
from onestop.domain.signing import is_signed
from onestop.domain.statement import make_statement
from onestop.store.bulk import rows_in
from onestop.store.ledger_book import Arrival, Book, ChainKey, Folder, held_rows, is_plain
from onestop.store.ledger_sheet import Sheet
from onestop.store.log import Ledger, lock_tail, office_stream
from onestop.store.statements import append_statements, known_signed, revocation, state, statement_row
from onestop.store.tables import devices, entries, shelf

SEEN = "seen"
"""A relay's word: it has the entry and passes it on."""


def ingest(
    connection: Connection, ledger: Ledger, offers: Sequence[Offer], sender: str, now: datetime
) -> list[Receipt]:
    """Takes in a batch on an open write transaction; a receipt for each offer, in their order.

    `sender` is the device that brought them: anybody may carry anybody's entries.
    """
    arrivals = [read_offer(offer) for offer in offers]
    check_signatures(connection, arrivals)
    session = Session(connection, ledger, sender, now)
    session.take(arrivals)
    return session.close([arrival.id for arrival in arrivals])


def quarantine_line(
    connection: Connection, ledger: Ledger, raw: bytes, sender: str, now: datetime
) -> Receipt:
    """Keeps a line that ingest failed on, unread: its desk goes on, a person looks at it."""
    try:
        offer = offer_from(json.loads(raw))
    except (ValueError, RecursionError):
        offer = unreadable_offer(raw)
    arrival = read_offer(offer)
    session = Session(connection, ledger, sender, now)
    session.set_aside(arrival)
    return session.close([arrival.id])[0]


def take_statements(
    connection: Connection, ledger: Ledger, offered: Iterable[tuple[bytes, bytes]], now: datetime
) -> list[str]:
    """(body, signature) that desks bring back after a restore; ids of those that were not known.

    What this log did not sign is left out. Entries held for an unknown device are judged anew.
    """
    signed = known_signed(ledger, offered)
    tail = lock_tail(connection, ledger)
    added = append_statements(connection, tail, signed, to_wire(now))
    tail.close(connection)
    named = [one.plain["device"] for one in added if one.plain["kind"] == "device"]
    if named:
        session = Session(connection, ledger, "", now)
        session.rejudge(named)
        session.close([])
    return [one.id for one in added]


def read_offer(offer: Offer) -> Arrival:
    """Form, to the last byte. What does not pass keeps its bytes and has no header."""
    ident = entry_id(offer.header)
    try:
        header = require_form(offer.header)
        return Arrival(ident, offer, header, require_body(header, offer.body, offer.salt))
    except EntryError:
        return Arrival(ident, offer, None, claim=claim_of(offer.header))


def check_signatures(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Every signature of devices that are known."""
    named = {arrival.header.device for arrival in arrivals if arrival.header}
    columns = select(devices.c.device, devices.c.public_key)
    keys = {row.device: row.public_key for row in rows_in(connection, columns, devices.c.device, named)}
    for arrival in arrivals:
        key = keys.get(arrival.header.device) if arrival.header else None
        if key is not None:
            _check_signature(arrival, key)


def _check_signature(arrival: Arrival, key: bytes) -> None:
    offer = arrival.offer
    arrival.is_signed = is_signed(key, signed_message(offer.header), offer.signature)


class Session:
    """One batch under the log's lock."""

    def __init__(self, connection: Connection, ledger: Ledger, sender: str, now: datetime) -> None:
        self._connection = connection
        self._tail = lock_tail(connection, ledger)
        self._ledger = replace(ledger, epoch=self._tail.epoch)
        self._now = now
        self._book = Book(connection, self._ledger)
        self._sheet = Sheet(to_wire(now), sender)
        self._receipts: dict[str, Receipt] = {}
        self._shelf_ids: dict[str, str] = {}
        self._waiting: dict[str, tuple[Arrival, str]] = {}
        self._stirred_ways: set[ChainKey] = set()
        self._stirred_folders: set[str] = set()

    # --- the way of a batch

    def take(self, arrivals: Sequence[Arrival]) -> None:
        known = self._stored(arrivals)
        fresh = [arrival for arrival in arrivals if arrival.id not in known]
        self._load(fresh)
        for arrival in fresh:
            if arrival.id not in self._receipts:  # twice in one batch
                self._settle(arrival, self._judge(arrival))
        self._receipts |= known
        self._wake()

    def set_aside(self, arrival: Arrival) -> None:
        """As `take`, for what could not be judged at all."""
        self._receipts |= self._stored([arrival])
        if arrival.id not in self._receipts:
            self._load([arrival])
            self._settle(arrival, Judgement(Verdict.QUARANTINED, Code.SERVER_BUG))
            self._wake()

    def rejudge(self, named: Sequence[str]) -> None:
        """What was held because nobody had stated these devices."""
        wanted = select(shelf).where(shelf.c.verdict == Verdict.HELD.value)
        self._retry([_from_shelf(row) for row in rows_in(self._connection, wanted, shelf.c.device, named)])
        self._wake()

    def close(self, idents: Sequence[str]) -> list[Receipt]:
        """Writes all of it; the receipts of `idents`."""
        before = self._sheet.write(self._connection, is_relay=self._ledger.is_relay)
        self._tail.close(self._connection)
        for ident, shelf_id in self._shelf_ids.items():
            receipt = self._receipts[ident]
            if shelf_id in before and receipt.cursor is None and receipt.place is None:
                self._receipts[ident] = replace(receipt, at=before[shelf_id], is_repeat=True)
        given: set[str] = set()
        receipts = []
        for ident in idents:
            receipt = self._receipts[ident]
            receipts.append(replace(receipt, is_repeat=True) if ident in given else receipt)
            given.add(ident)
        return receipts

    def _load(self, arrivals: Sequence[Arrival]) -> None:
        self._book.load(arrivals)
        for arrival in arrivals:
            device = self._book.devices.get(arrival.header.device) if arrival.header else None
            if device is not None and arrival.is_signed is None:
                _check_signature(arrival, device.public)

    def _stored(self, arrivals: Sequence[Arrival]) -> dict[str, Receipt]:
        """Receipts of entries that are here already, as they were given then."""
        columns = (
            *(entries.c.id, entries.c.verdict, entries.c.code, entries.c.cursor, entries.c.place),
            *(entries.c.received_at, entries.c.placed_at, entries.c.body.is_(None).label("is_bare")),
        )
        wanted = [bytes.fromhex(arrival.id) for arrival in arrivals]
        found = list(rows_in(self._connection, select(*columns), entries.c.id, wanted))
        bare = {row.id.hex() for row in found if row.is_bare}
        self._refill([a for a in arrivals if a.id in bare and a.facts is not None])
        return {row.id.hex(): self._stored_receipt(row) for row in found}

    def _stored_receipt(self, row: Any) -> Receipt:
        if self._ledger.is_relay:
            return Receipt(row.id.hex(), SEEN, None, row.place, row.placed_at or "", "", is_repeat=True)
        return Receipt(
            row.id.hex(), row.verdict, row.cursor, None, row.received_at or "", row.code or "", is_repeat=True
        )

    def _refill(self, arrivals: Sequence[Arrival]) -> None:
        self._load(arrivals)
        for arrival in arrivals:
            folder = self._folder(arrival)
            if folder is not None:
                self._sheet.refill(folder, arrival)
                folder.state = fold(folder.journal)

    # --- one entry

    def _judge(self, arrival: Arrival) -> Judgement:
        if arrival.header is None:
            return Judgement(Verdict.QUARANTINED, Code.FORMAT)
        known = self._book.known(arrival)
        if not self._ledger.is_relay:
            return judge(arrival.header, known, self._now)
        if arrival.header.seq in known.chain.taken:
            return judge_identity(known) or Judgement(Verdict.QUARANTINED, Code.FORK)
        return judge_identity(known) or Judgement(Verdict.ACCEPTED)

    def _settle(self, arrival: Arrival, judgement: Judgement) -> None:
        judgement = Judgement(judgement.verdict, str(judgement.code))  # for columns and the wire
        if _belongs_on_shelf(judgement):
            self._shelve(arrival, judgement)
        else:
            self._append(arrival, judgement)

    def _shelve(self, arrival: Arrival, judgement: Judgement) -> None:
        self._shelf_ids[arrival.id] = self._sheet.shelve(arrival, judgement)
        verdict, code = judgement.verdict.value, judgement.code
        self._receipts[arrival.id] = Receipt(arrival.id, verdict, None, None, self._sheet.at, code)
        if judgement.verdict is Verdict.HELD:
            self._waiting[arrival.id] = (arrival, code)
        way = self._book.ways.get(arrival.chain)
        if way is None:
            return
        way.claim(arrival.seq, arrival.id, code)
        way.prevs[arrival.id] = arrival.named.prev if arrival.named else ""
        self._stirred_ways.add(arrival.chain)
        if code == Code.FORK and not self._ledger.is_relay:
            self._freeze(arrival)

    def _freeze(self, arrival: Arrival) -> None:
        """Somebody copied the desk's disk: two histories under one name, and no telling which is true."""
        assert arrival.header is not None
        device = self._book.devices.get(arrival.header.device)
        if device is None or device.revoked_at is not None:
            return
        plain = revocation("device", arrival.header.device, "fork", self._sheet.at)
        statement = make_statement(self._ledger.key, plain)
        cursor, stated = state(self._tail, statement, self._sheet.at)
        self._sheet.add_statement(statement_row(statement, stated, cursor))
        self._book.note(statement.id, cursor, stated)

    def _append(self, arrival: Arrival, judgement: Judgement) -> None:
        folder = self._folder(arrival)
        streams = self._streams(arrival, folder)
        cursor = self._tail.add("entry", arrival.id, bytes.fromhex(arrival.id), streams, self._sheet.at)
        self._receipts[arrival.id] = receipt = self._receipt(arrival, judgement, cursor)
        self._sheet.add_entry(arrival, self._row(arrival, judgement, receipt))
        self._sheet.add_blobs(arrival, streams)
        self._move_chain(arrival)
        if folder is not None:
            self._file(folder, arrival, judgement)

    def _receipt(self, arrival: Arrival, judgement: Judgement, cursor: int) -> Receipt:
        if self._ledger.is_relay:
            return Receipt(arrival.id, SEEN, None, cursor, self._sheet.at, "")
        return Receipt(arrival.id, judgement.verdict.value, cursor, None, self._sheet.at, judgement.code)

    def _row(self, arrival: Arrival, judgement: Judgement, receipt: Receipt) -> dict[str, Any]:
        header, offer = arrival.header, arrival.offer
        assert header is not None
        return {
            "id": bytes.fromhex(arrival.id),
            "dossier": header.dossier,
            "device": header.device,
            "incarnation": header.incarnation,
            "seq": header.seq,
            "kind": header.kind,
            "at": header.at,
            "header": offer.header,
            "signature": offer.signature,
            "body": offer.body,
            "salt": offer.salt,
            "verdict": judgement.verdict.value,
            "code": judgement.code or None,
            "cursor": receipt.cursor,
            "place": receipt.place,
            "received_at": None if self._ledger.is_relay else self._sheet.at,
            "placed_at": self._sheet.at if self._ledger.is_relay else None,
        }

    def _streams(self, arrival: Arrival, folder: Folder | None) -> set[str]:
        """Whoever has the dossier, and the desk's own office: it must hear what became of its entry."""
        assert arrival.header is not None
        device = self._book.devices[arrival.header.device]
        assert device is not None
        own = office_stream(device.office)
        if folder is not None and not folder.streams:
            self._sheet.add_scope(folder, own)
        return {own} | (folder.streams if folder is not None else set())

    def _move_chain(self, arrival: Arrival) -> None:
        way = self._book.ways[arrival.chain]
        if arrival.id in way.claims.get(arrival.seq, ()):
            self._sheet.unshelve(arrival)
        way.move(arrival)
        self._sheet.ways[arrival.chain] = way
        self._stirred_ways.add(arrival.chain)

    def _file(self, folder: Folder, arrival: Arrival, judgement: Judgement) -> None:
        """Into the dossier's journal, and what follows from it."""
        header = arrival.header
        assert header is not None
        self._sheet.folders[folder.id] = folder
        self._stirred_folders.add(folder.id)
        verdict = verdict_for(judgement.verdict.value, judgement.code)
        folder.add(arrival.entry(), verdict)
        folder.codes[arrival.id] = judgement.code
        if is_settling(header.kind):
            if not self._ledger.is_relay:
                self._sheet.erase(folder)
            folder.state = fold(folder.journal)
        elif verdict is Verdict.ACCEPTED:
            folder.state = arrival.after
        else:
            folder.state = apply(folder.state, header, arrival.id, arrival.facts, verdict)
        if folder.state is not None and folder.state.code:
            self._book.codes.setdefault(folder.state.code, folder.id)
        if header.kind == Act.TRANSFER_OUT and judgement.verdict in (Verdict.ACCEPTED, Verdict.FLAGGED):
            self._open_scope(folder, arrival.facts)

    def _open_scope(self, folder: Folder, facts: Any) -> None:
        """The agency it goes to reads it from now on, and fetches what was before."""
        stream = _receiving_stream(facts)
        if stream is None or stream in folder.streams:
            return
        self._sheet.add_scope(folder, stream)
        value = {"dossier": folder.id, "count": len(folder.journal)}
        self._tail.add_value("scope", folder.id, (stream,), self._sheet.at, value)

    def _folder(self, arrival: Arrival) -> Folder | None:
        if arrival.header is None or arrival.header.dossier is None:
            return None
        return self._book.folders[arrival.header.dossier]

    # --- what waited

    def _wake(self) -> None:
        """Judges anew what waited for anything that came, until nothing more comes of it."""
        while self._stirred_ways or self._stirred_folders:
            ways = {key: self._book.ways[key] for key in self._stirred_ways}
            folders = self._stirred_folders
            self._stirred_ways, self._stirred_folders = set(), set()
            again = {row.entry: _from_shelf(row) for row in held_rows(self._connection, ways, folders)}
            again = {ident: pair for ident, pair in again.items() if ident not in self._receipts}
            for ident, (arrival, code) in self._waiting.items():
                assert arrival.header is not None
                if arrival.chain in ways or arrival.header.dossier in folders:
                    again[ident] = (arrival, code)
            self._retry(list(again.values()))

    def _retry(self, waiting: Sequence[tuple[Arrival, str]]) -> None:
        self._load([arrival for arrival, _ in waiting])
        for arrival, code in sorted(waiting, key=lambda each: (each[0].chain, each[0].seq)):
            judgement = self._judge(arrival)
            if judgement == Judgement(Verdict.HELD, code):
                self._waiting[arrival.id] = (arrival, code)
                continue
            self._waiting.pop(arrival.id, None)
            self._settle(arrival, judgement)


def _belongs_on_shelf(judgement: Judgement) -> bool:
    if judgement.verdict is Verdict.HELD:
        return True
    is_bad = judgement.verdict is Verdict.QUARANTINED
    return is_bad and judgement.code not in (Code.REVOKED, Code.FROZEN)


def _from_shelf(row: Any) -> tuple[Arrival, str]:
    return read_offer(offer_from(json.loads(row.raw))), row.code


def _receiving_stream(facts: Any) -> str | None:
    to = facts.get("to_agency") if isinstance(facts, dict) else None
    code = to.get("code") if isinstance(to, dict) else None
    if not isinstance(code, str) or not 0 < len(code) <= 64 or not is_plain(code):
        return None
    return office_stream(code)
