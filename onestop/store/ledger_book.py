"""What a hub has to know to judge a batch: read set-wise, then kept up to date in memory.

Everything here is read under the log's lock, so nobody else changes it meanwhile.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from onestop.domain.code import DEFAULT_POLICY, CodeRange
from onestop.domain.dossier import Dossier
from onestop.domain.entry import Entry, Header, parse_header
from onestop.domain.fold import apply, fold
from onestop.domain.form import claim_of
from onestop.domain.judge import Chain, Code, Device, Grant, Knowledge, code_of
from onestop.domain.legality import Absent
from onestop.domain.merger import Merger
from onestop.domain.offer import Offer
from onestop.domain.settle import Verdict, verdict_for
from onestop.domain.state import Role
from onestop.domain.statement import parse_statement
from onestop.store.bulk import rows_in
from onestop.store.journal import IN_ORDER
from onestop.store.log import Ledger
from onestop.store.office_rows import Absences, absent_for, list_absences, list_mergers
from onestop.store.tables import (
    device_heads,
    dossiers,
    entries,
    epochs,
    leases,
    scopes,
    shelf,
    statements,
)

ChainKey = tuple[str, str]


@dataclass(slots=True)
class Arrival:
    """One offer on its way through ingest. `header` is None when the bytes are no entry; `claim` is
    then what they say of their place: its successors may step over it."""

    id: str
    offer: Offer
    header: Header | None
    facts: Any = None
    is_signed: bool | None = None  # None: its device was not known when it was checked
    after: Dossier | None = None  # its dossier, if it is accepted
    claim: Header | None = None

    @property
    def named(self) -> Header | None:
        return self.header or self.claim

    @property
    def chain(self) -> ChainKey:
        return (self.named.device, self.named.incarnation) if self.named else ("", "")

    @property
    def seq(self) -> int:
        return self.named.seq if self.named else 0

    def entry(self) -> Entry:
        assert self.header is not None
        offer = self.offer
        return Entry(self.id, self.header, offer.header, offer.signature, offer.body, offer.salt)


@dataclass(slots=True)
class Way:
    """One incarnation of a device while a batch is judged; see `judge.Chain`."""

    seq: int = 0
    entry: str | None = None
    at: str = ""
    taken: dict[int, str] = field(default_factory=dict)
    claims: dict[int, frozenset[str]] = field(default_factory=dict)
    forked: set[str] = field(default_factory=set)
    prevs: dict[str, str | None] = field(default_factory=dict)

    def view(self) -> Chain:
        return Chain(self.seq, self.entry, self.at, self.taken, self._linked(), frozenset(self.forked))

    def _linked(self) -> dict[int, frozenset[str]]:
        """Claims that may be stepped over: those that follow the chain's own end. The branch of a
        copied desk does not, as long as its first entries are still on their way."""
        claims = {seq: ids for seq, ids in self.claims.items() if seq <= self.seq}
        seq, ends = self.seq, {self.entry}
        while ends and seq + 1 in self.claims:
            seq += 1
            linked = {ident for ident in self.claims[seq] if self.prevs.get(ident, "") in ends}
            claims[seq], ends = frozenset(linked), {*linked}
        return {seq: ids for seq, ids in claims.items() if ids}

    def move(self, arrival: Arrival) -> None:
        header = arrival.header
        assert header is not None
        self.taken[header.seq] = arrival.id
        if header.seq > self.seq:
            self.seq, self.entry, self.at = header.seq, arrival.id, header.at

    def claim(self, seq: int, entry: str, code: str) -> None:
        if code == Code.FORK:
            self.forked.add(entry)
        elif entry:
            self.claims[seq] = self.claims.get(seq, frozenset()) | {entry}

    def waits(self) -> bool:
        """Whether a line on the shelf claims a number beyond the chain's end."""
        return any(seq > self.seq for seq in self.claims)


@dataclass(slots=True)
class Folder:
    """One dossier while a batch is judged: its journal in the order of the log, and its fold."""

    id: str
    journal: list[tuple[Entry, Verdict]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    streams: set[str] = field(default_factory=set)
    state: Dossier | None = None
    had_conflicts: bool = False
    must_refold: bool = False

    def add(self, entry: Entry, verdict: Verdict) -> None:
        self.journal.append((entry, verdict))
        self.ids.add(entry.id)


class Book:
    """Devices, grants, chains, dossiers, codes: what the entries of one batch touch."""

    def __init__(self, connection: Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._is_relay = ledger.is_relay
        self.devices: dict[str, Device | None] = {}
        self._grants: dict[str, tuple[int, Grant] | None] = {}
        self._mergers: dict[str, tuple[Merger, ...]] = {}
        self._absences: dict[str, Absences] = {}
        self._officer_cuts: dict[str, list[int]] = {}
        self._asked: set[str] = set()
        self.ways: dict[ChainKey, Way] = {}
        self.folders: dict[str, Folder] = {}
        self.codes: dict[str, str] = {}
        self._leases: dict[tuple[str, str, str], list[CodeRange]] = {}
        self._epochs = [
            (row.epoch, row.base)
            for row in connection.execute(select(epochs.c.epoch, epochs.c.base).order_by(epochs.c.base))
        ]
        self._running = ledger.epoch

    # --- reading

    def load(self, arrivals: Sequence[Arrival]) -> None:
        """Reads what these need and is not here yet."""
        headers = [arrival.header for arrival in arrivals if arrival.header is not None]
        self._load_statements(headers)
        self._load_ways([arrival.named for arrival in arrivals if arrival.named is not None])
        self._load_folders({header.dossier for header in headers if header.dossier is not None})
        self._load_codes(arrivals)

    def _load_statements(self, headers: Sequence[Header]) -> None:
        new_devices = {header.device for header in headers} - self.devices.keys()
        new_grants = {header.grant for header in headers} - self._grants.keys()
        subjects = new_devices | new_grants | {header.officer for header in headers}
        self.devices |= dict.fromkeys(new_devices)
        self._grants |= dict.fromkeys(new_grants)
        stated = select(statements.c.id, statements.c.kind, statements.c.body, statements.c.cursor)
        found = list(rows_in(self._connection, stated, statements.c.id, new_grants))
        wanted = stated.where(statements.c.kind.in_(("device", "revoke")))
        found += rows_in(self._connection, wanted, statements.c.subject, subjects - self._asked)
        self._asked |= subjects
        for row in sorted(found, key=lambda row: row.cursor or 0):
            self.note(row.id, row.cursor or 0, parse_statement(row.body))

    def note(self, ident: str, cursor: int, plain: Mapping[str, Any]) -> None:
        """A statement, in the order of the log."""
        if plain["kind"] == "device":
            key = bytes.fromhex(plain["public"])
            device = Device(key, plain["office"], plain["index"], plain["self_grant"])
            self.devices[plain["device"]] = device
        elif plain["kind"] == "grant":
            self._grants[ident] = (cursor, _grant(plain))
        elif plain["kind"] == "revoke":
            self._revoke(plain["of"], plain["subject"], plain["reason"], cursor)

    def _revoke(self, of: str, subject: str, reason: str, cursor: int) -> None:
        device, given = self.devices.get(subject), self._grants.get(subject)
        if of == "device" and device is not None and device.revoked_at is None:
            self.devices[subject] = replace(device, revoked_at=cursor, is_frozen=reason == "fork")
        elif of == "grant" and given is not None and given[1].revoked_at is None:
            self._grants[subject] = (given[0], replace(given[1], revoked_at=cursor))
        elif of == "officer":
            self._officer_cuts.setdefault(subject, []).append(cursor)

    def _load_ways(self, headers: Sequence[Header]) -> None:
        keys = {(header.device, header.incarnation) for header in headers}
        new = keys - self.ways.keys()
        devices = {device for device, _ in new}
        for key in new:
            self.ways[key] = Way()
        for row in rows_in(self._connection, select(device_heads), device_heads.c.device, devices):
            way = self.ways.get((row.device, row.incarnation))
            if way is not None and (row.device, row.incarnation) in new:
                way.seq, way.entry, way.at = row.seq, row.entry, row.at
        claimed = select(shelf.c.device, shelf.c.incarnation, shelf.c.seq, shelf.c.entry, shelf.c.code)
        for row in rows_in(self._connection, claimed, shelf.c.device, devices):
            if (row.device, row.incarnation) in new:
                self.ways[row.device, row.incarnation].claim(row.seq, row.entry, row.code)
        self._load_prevs(new)
        self._load_taken(headers)

    def _load_prevs(self, new: Iterable[ChainKey]) -> None:
        """What the next lines on the shelf say that they follow."""
        waiting = [(key, self.ways[key]) for key in sorted(new) if self.ways[key].waits()]
        for start in range(0, len(waiting), 200):
            windows = [_window(key, way) for key, way in waiting[start : start + 200]]
            rows = select(shelf.c.device, shelf.c.incarnation, shelf.c.entry, shelf.c.raw).where(
                or_(*windows)
            )
            for row in self._connection.execute(rows):
                self.ways[row.device, row.incarnation].prevs[row.entry] = _prev_of(bytes(row.raw))

    def _load_taken(self, headers: Sequence[Header]) -> None:
        """Who has the numbers that are asked for again; a relay has chains with holes."""
        asked = {
            (header.device, header.incarnation, header.seq)
            for header in headers
            if self._is_relay or header.seq <= self.ways[header.device, header.incarnation].seq
        }
        columns = (entries.c.device, entries.c.incarnation, entries.c.seq, entries.c.id)
        numbers = {seq for _, _, seq in asked}
        wanted = select(*columns).where(entries.c.device.in_({device for device, _, _ in asked}))
        for row in rows_in(self._connection, wanted, entries.c.seq, numbers):
            if (row.device, row.incarnation, row.seq) in asked:
                self.ways[row.device, row.incarnation].taken[row.seq] = row.id.hex()

    def _load_folders(self, wanted: Iterable[str]) -> None:
        new = set(wanted) - self.folders.keys()
        for dossier in new:
            self.folders[dossier] = Folder(dossier)
        columns = (
            *(entries.c.id, entries.c.dossier, entries.c.header, entries.c.signature),
            *(entries.c.body, entries.c.salt, entries.c.verdict, entries.c.code),
        )
        ordered = select(*columns).order_by(*IN_ORDER)
        for row in rows_in(self._connection, ordered, entries.c.dossier, new):
            head = parse_header(row.header)
            entry = Entry(row.id.hex(), head, row.header, row.signature, row.body, row.salt)
            self.folders[row.dossier].add(entry, verdict_for(row.verdict, row.code))
            self.folders[row.dossier].codes[entry.id] = row.code or ""
        for row in rows_in(self._connection, select(scopes), scopes.c.dossier, new):
            self.folders[row.dossier].streams.add(row.stream)
        for dossier in new:
            folder = self.folders[dossier]
            if folder.journal:
                folder.state = fold(folder.journal)
                folder.had_conflicts = _has_tray(folder)

    def _load_codes(self, arrivals: Sequence[Arrival]) -> None:
        given = {_code_text(arrival.facts) for arrival in arrivals} - self.codes.keys() - {""}
        wanted = select(dossiers.c.code, dossiers.c.id).order_by(dossiers.c.n.desc())
        for row in rows_in(self._connection, wanted, dossiers.c.code, given):
            self.codes[row.code] = row.id
        self._load_leases(arrivals)

    def _load_leases(self, arrivals: Sequence[Arrival]) -> None:
        keys = {key for arrival in arrivals if (key := _lease_key(arrival))} - self._leases.keys()
        wanted = select(leases).where(leases.c.day.in_({day for _, day, _ in keys}))
        for key in keys:
            self._leases[key] = []
        for row in rows_in(self._connection, wanted, leases.c.device, {device for _, _, device in keys}):
            if (row.agency, row.day, row.device) in keys:
                self._leases[row.agency, row.day, row.device].append(CodeRange(row.first, row.last))

    # --- telling

    def known(self, arrival: Arrival) -> Knowledge:
        """All that `judge` asks about one entry."""
        header = arrival.header
        assert header is not None
        device = self.devices.get(header.device)
        given = self._grants.get(header.grant)
        # A grant given since then counts; a later revocation does not excuse what an earlier one forbade.
        cuts = [cut for cut in self._officer_cuts.get(header.officer, ()) if not given or given[0] <= cut]
        folder = self.folders.get(header.dossier) if header.dossier is not None else None
        return Knowledge(
            entry=arrival.id,
            device=device,
            is_signed=bool(arrival.is_signed),
            chain=self.ways[arrival.chain].view(),
            is_missing_parent=folder is not None and not folder.ids.issuperset(header.parents),
            seen=self.seen_now(header),
            grant=given[1] if given else None,
            officer_revoked_at=min(cuts, default=None),
            is_in_scope=device is None or _is_in_scope(folder, device),
            facts=arrival.facts,
            before=folder.state if folder else None,
            after=self._after(folder, arrival) if folder else None,
            is_code_taken=self.codes.get(_code_text(arrival.facts), header.dossier) != header.dossier,
            leases=tuple(self._leases.get(_lease_key(arrival) or ("", "", ""), ())),
            mergers=self._mergers_of(device.office) if device else (),
            absent=self._absent(header, device.office) if device else (),
        )

    def _absent(self, header: Header, office: str) -> tuple[Absent, ...]:
        if office not in self._absences:
            self._absences[office] = list_absences(self._connection, office)
        return absent_for(self._absences[office], header.officer, header.at)

    def _mergers_of(self, office: str) -> tuple[Merger, ...]:
        if office not in self._mergers:
            self._mergers[office] = list_mergers(self._connection, office)
        return self._mergers[office]

    def _after(self, folder: Folder, arrival: Arrival) -> Dossier | None:
        assert arrival.header is not None
        arrival.after = apply(folder.state, arrival.header, arrival.id, arrival.facts, Verdict.ACCEPTED)
        return arrival.after

    def seen_now(self, header: Header) -> int:
        """What the desk had seen, as a cursor that lived on: a restore may have cut it off."""
        epoch, cursor, _ = header.seen
        if epoch == self._running:
            return cursor
        names = [name for name, _ in self._epochs]
        if epoch not in names:
            return 0
        later: list[int] = [base for _, base in self._epochs[names.index(epoch) + 1 :]]
        return min(cursor, *later) if later else cursor


def held_rows(connection: Connection, ways: Mapping[ChainKey, Way], folders: Iterable[str]) -> list[Any]:
    """Shelved entries that may be possible now: next in a chain, or waiting in a dossier."""
    wanted = select(shelf).where(shelf.c.verdict == Verdict.HELD.value)
    found = {row.id: row for row in rows_in(connection, wanted, shelf.c.dossier, folders)}
    items = list(ways.items())
    for start in range(0, len(items), 200):
        windows = [_window(key, way) for key, way in items[start : start + 200]]
        found |= {row.id: row for row in connection.execute(wanted.where(or_(*windows)))}
    return list(found.values())


def _prev_of(raw: bytes) -> str | None:
    """What a shelved line names as the entry before it, None for a first one; "" for rubbish."""
    try:
        header = json.loads(raw)["h"].encode()
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        header = raw
    claim = claim_of(header)
    return claim.prev if claim else ""


def _window(key: ChainKey, way: Way) -> ColumnElement[bool]:
    """The next so many numbers: a backlog of weeks is not read at once."""
    device, incarnation = key
    next_ones = and_(shelf.c.seq > way.seq, shelf.c.seq <= way.seq + 500)
    return and_(shelf.c.device == device, shelf.c.incarnation == incarnation, next_ones)


def _grant(plain: Mapping[str, Any]) -> Grant:
    return Grant(
        officer=plain["officer"],
        roles=frozenset(Role(role) for role in plain["roles"]),
        unit=plain["unit"],
        office=plain["office"],
        begins=plain["from"],
        ends=plain["to"],
    )


def _is_in_scope(folder: Folder | None, device: Device) -> bool:
    return folder is None or not folder.streams or f"office:{device.office}" in folder.streams


def _has_tray(folder: Folder) -> bool:
    is_conflict = folder.state is not None and bool(folder.state.conflicts)
    return is_conflict or any(verdict is not Verdict.ACCEPTED for _, verdict in folder.journal)


def _code_text(facts: Any) -> str:
    code = facts.get("code") if isinstance(facts, dict) else None
    return code if isinstance(code, str) and len(code) <= 64 and is_plain(code) else ""


def is_plain(text: str) -> bool:
    """Letters of a code: nothing that a database would refuse."""
    return text.isascii() and text.isprintable()


def _lease_key(arrival: Arrival) -> tuple[str, str, str] | None:
    """(agency, day, device) of a code whose number only a lease can make lawful."""
    code = code_of(arrival.facts)
    if code is None or arrival.header is None or code.serial not in DEFAULT_POLICY.lease:
        return None
    return code.agency_code, code.received_on.isoformat(), arrival.header.device
