"""What a batch will write, gathered while it is judged, then written in bulk."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update

from onestop.domain.entry import Entry
from onestop.domain.fold import fold
from onestop.domain.form import claim_of
from onestop.domain.judge import Code, Judgement
from onestop.domain.offer import Offer, offer_plain
from onestop.domain.settle import Verdict, settle
from onestop.store.blob_names import drop_names
from onestop.store.bulk import add_missing, add_rows, put_rows, rows_in
from onestop.store.ledger_book import Arrival, ChainKey, Folder, Way
from onestop.store.projection import row_of
from onestop.store.tables import (
    blob_refs,
    blob_streams,
    blobs,
    device_heads,
    dossiers,
    entries,
    outbox,
    scopes,
    shelf,
    statements,
    tray,
)
from onestop.store.tray import ILLEGAL

_LONGEST = {"code": 64, "queue": 200}
"""What stands in an index of PostgreSQL must be short."""

_MAX_COLUMN = 2**31 - 1


class Sheet:
    """Rows by table; `write` puts them all down."""

    def __init__(self, at: str, sender: str) -> None:
        self.at = at
        self._sender = sender
        self.folders: dict[str, Folder] = {}
        self.ways: dict[ChainKey, Way] = {}
        self._entries: dict[str, dict[str, Any]] = {}
        self._shelved: dict[str, dict[str, Any]] = {}
        self._from_shelf: list[Arrival] = []
        self._statements: list[dict[str, Any]] = []
        self._scopes: list[dict[str, str]] = []
        self._blobs: dict[str, int] = {}
        self._blob_refs: set[tuple[str, str]] = set()
        self._blob_streams: set[tuple[str, str]] = set()
        self._bodies: dict[str, Entry] = {}
        self._dropped_refs: set[tuple[str, str]] = set()
        self._erased: set[str] = set()

    # --- gathering

    def add_entry(self, arrival: Arrival, row: dict[str, Any]) -> None:
        self._entries[arrival.id] = row

    def add_statement(self, row: dict[str, Any]) -> None:
        self._statements.append(row)

    def add_scope(self, folder: Folder, stream: str) -> None:
        """From now on this stream has the dossier, and with it the papers it has so far."""
        folder.streams.add(stream)
        self._scopes.append({"dossier": folder.id, "stream": stream})
        for entry, _ in folder.journal:
            self._blob_streams.update((blob.sha256, stream) for blob in entry.header.blobs)

    def add_blobs(self, arrival: Arrival, into: Iterable[str]) -> None:
        assert arrival.header is not None
        streams = tuple(into)
        for blob in arrival.header.blobs:
            self._blobs[blob.sha256] = blob.length
            self._blob_refs.add((blob.sha256, arrival.header.dossier or ""))
            self._blob_streams.update((blob.sha256, stream) for stream in streams)

    def shelve(self, arrival: Arrival, judgement: Judgement) -> str:
        """Bytes that cannot stand in the log, or not yet; the id of their row."""
        raw = shelf_raw(arrival.offer)
        claim = arrival.header or claim_of(arrival.offer.header)
        ident = sha256(raw).hexdigest()
        self._shelved[ident] = {
            "id": ident,
            "verdict": judgement.verdict.value,
            "code": judgement.code,
            "device": claim.device if claim else "",
            "incarnation": claim.incarnation if claim else "",
            "seq": claim.seq if claim else 0,
            "entry": arrival.id,
            "dossier": (claim.dossier or "") if claim else "",
            "raw": raw,
            "at": self.at,
            "sender": self._sender,
        }
        return ident

    def unshelve(self, arrival: Arrival) -> None:
        """It stands in the log now: its waiting row goes, whatever bytes it was shelved with."""
        self._from_shelf.append(arrival)
        self._shelved = {
            ident: row
            for ident, row in self._shelved.items()
            if row["entry"] != arrival.id or row["verdict"] != Verdict.HELD.value
        }

    def erase(self, folder: Folder) -> None:
        """Bodies, salts and papers that the journal's accepted `erase` acts name (Điều 14)."""
        erased = settle(folder.journal).erased
        kept = {b.sha256 for entry, _ in folder.journal if entry.id not in erased for b in entry.header.blobs}
        for place, (entry, verdict) in enumerate(folder.journal):
            if entry.id in erased and entry.body is not None:
                bare = replace(entry, body=None, salt=None)
                folder.journal[place] = (bare, verdict)
                self._set_body(bare)
                self._erased.add(entry.id)
                gone = {blob.sha256 for blob in entry.header.blobs} - kept
                self._dropped_refs.update((sha, folder.id) for sha in gone)

    def refill(self, folder: Folder, arrival: Arrival) -> None:
        """The body of an entry that somebody had carried here without it."""
        if arrival.id in settle(folder.journal).erased:
            return
        whole = arrival.entry()
        folder.journal = [(whole, v) if entry.id == whole.id else (entry, v) for entry, v in folder.journal]
        folder.must_refold = True
        self.folders[folder.id] = folder
        self._set_body(whole)

    def _set_body(self, entry: Entry) -> None:
        row = self._entries.get(entry.id)
        if row is None:
            self._bodies[entry.id] = entry
        else:
            row["body"], row["salt"] = entry.body, entry.salt

    # --- writing

    def write(self, connection: Connection, *, is_relay: bool) -> dict[str, str]:
        """Everything; when shelved lines that were there before had come first, by shelf id."""
        add_rows(connection, entries, list(self._entries.values()))
        self._write_bodies(connection)
        self._write_blobs(connection)
        add_rows(connection, statements, self._statements)
        add_missing(connection, scopes, self._scopes)
        put_rows(connection, device_heads, ("device", "incarnation"), self._head_rows())
        self._write_projections(connection)
        if is_relay:
            self._write_outbox(connection)
        return self._write_shelf(connection)

    def _head_rows(self) -> list[dict[str, Any]]:
        return [
            {"device": device, "incarnation": incarnation, "seq": way.seq, "entry": way.entry, "at": way.at}
            for (device, incarnation), way in self.ways.items()
            if way.entry is not None
        ]

    def _write_bodies(self, connection: Connection) -> None:
        for entry in self._bodies.values():
            named = update(entries).where(entries.c.id == bytes.fromhex(entry.id))
            connection.execute(named.values(body=entry.body, salt=entry.salt))

    def _write_projections(self, connection: Connection) -> None:
        had_tray = [folder.id for folder in self.folders.values() if folder.had_conflicts]
        for folder in self.folders.values():
            if folder.must_refold:
                folder.state = fold(folder.journal)
        states = [folder.state for folder in self.folders.values() if folder.state is not None]
        put_rows(connection, dossiers, ("id",), [fitted(row_of(state)) for state in states])
        for start in range(0, len(had_tray), 1000):
            connection.execute(delete(tray).where(tray.c.dossier.in_(had_tray[start : start + 1000])))
        put_rows(connection, tray, ("entry",), [row for f in self.folders.values() for row in self._tray(f)])

    def _tray(self, folder: Folder) -> Iterable[dict[str, Any]]:
        """What of a dossier waits for a person, as `tray.tray_of` says it of a stored one."""
        conflicts = frozenset(folder.state.conflicts) if folder.state else frozenset()
        voided = frozenset(folder.state.voided) if folder.state else frozenset()
        for entry, verdict in folder.journal:
            code = folder.codes.get(entry.id, "")
            found = _tray_word(entry.id in conflicts, entry.id in voided, verdict, code)
            if found:
                row = {"entry": entry.id, "dossier": folder.id, "at": entry.header.at}
                yield row | {"verdict": found[0], "code": found[1]}

    def _write_blobs(self, connection: Connection) -> None:
        fresh = {"is_whole": False, "stored_at": None, "is_durable": False, "erased_at": None}
        rows = [{"sha256": sha, "length": length} | fresh for sha, length in self._blobs.items()]
        add_missing(connection, blobs, rows)
        self._revive_blobs(connection)
        refs = [{"sha256": sha, "dossier": dossier} for sha, dossier in sorted(self._blob_refs)]
        add_missing(connection, blob_refs, refs)
        read_by = [{"sha256": sha, "stream": stream} for sha, stream in sorted(self._blob_streams)]
        add_missing(connection, blob_streams, read_by)
        if self._dropped_refs:
            drop_names(connection, self._dropped_refs, self.at)

    def _revive_blobs(self, connection: Connection) -> None:
        """Bytes that were erased with one dossier and are handed in again with another."""
        names = list(self._blobs)
        for start in range(0, len(names), 1000):
            again = update(blobs).where(
                blobs.c.sha256.in_(names[start : start + 1000]), blobs.c.erased_at.is_not(None)
            )
            connection.execute(again.values(erased_at=None, is_whole=False, is_durable=False, stored_at=None))

    def _write_outbox(self, connection: Connection) -> None:
        """What a relay takes in goes on to the root."""
        idents = [row["id"] for row in self._entries.values()]
        numbers = rows_in(connection, select(entries.c.n).order_by(entries.c.n), entries.c.id, idents)
        rows = [{"entry": n, "relayed": False, "verdict": "", "trouble": ""} for (n,) in numbers]
        add_rows(connection, outbox, rows)

    def _write_shelf(self, connection: Connection) -> dict[str, str]:
        for start in range(0, len(self._from_shelf), 200):
            chosen = [_claim(arrival) for arrival in self._from_shelf[start : start + 200]]
            held = shelf.c.verdict == Verdict.HELD.value
            connection.execute(delete(shelf).where(held, or_(*chosen)))
        self._erase_copies(connection)
        stood = rows_in(connection, select(shelf.c.id, shelf.c.at), shelf.c.id, self._shelved)
        before = {row.id: row.at for row in stood}
        rows = [row | {"at": before.get(ident, self.at)} for ident, row in self._shelved.items()]
        put_rows(connection, shelf, ("id",), rows)
        return before

    def _erase_copies(self, connection: Connection) -> None:
        """What lay aside under the name of an erased entry, for a signature not its own, holds the same
        words; what comes later under that name is not laid aside at all."""
        for start in range(0, len(self._erased), 200):
            names = sorted(self._erased)[start : start + 200]
            connection.execute(delete(shelf).where(shelf.c.entry.in_(names)))
        bare = select(entries.c.id).where(entries.c.body.is_(None))
        asked = [bytes.fromhex(row["entry"]) for row in self._shelved.values()]
        gone = {ident.hex() for (ident,) in rows_in(connection, bare, entries.c.id, asked)}
        self._shelved = {key: row for key, row in self._shelved.items() if row["entry"] not in gone}


def _claim(arrival: Arrival) -> Any:
    device, incarnation = arrival.chain
    return and_(
        shelf.c.device == device,
        shelf.c.incarnation == incarnation,
        shelf.c.seq == arrival.seq,
        shelf.c.entry == arrival.id,
    )


def _tray_word(is_conflict: bool, is_voided: bool, verdict: Verdict, code: str) -> tuple[str, str] | None:
    if verdict is Verdict.QUARANTINED:
        return None if is_voided else (verdict.value, code)
    if not is_conflict:
        return None
    is_flagged = verdict in (Verdict.FLAGGED, Verdict.ILLEGAL)
    return (Verdict.FLAGGED.value, code) if is_flagged else (ILLEGAL, Code.ILLEGAL.value)


def shelf_raw(offer: Offer) -> bytes:
    """An offer as the line it came in; bytes that are no text stay those bytes."""
    try:
        return json.dumps(offer_plain(offer), ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeDecodeError:
        return offer.header


def fitted(row: Mapping[str, Any]) -> dict[str, Any]:
    """A projection's row that PostgreSQL takes: facts may hold what no column can."""
    return {name: _fitted(name, value) for name, value in row.items()}


def _fitted(name: str, value: Any) -> Any:
    if isinstance(value, str):
        # Neither a NUL nor half of a pair of surrogates is text to PostgreSQL.
        return value.replace("\0", "").encode(errors="replace").decode()[: _LONGEST.get(name)]
    if type(value) is int and not -_MAX_COLUMN <= value <= _MAX_COLUMN:
        return 0
    return value
