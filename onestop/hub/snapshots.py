"""Snapshots for fresh desks: one file an office, made when asked for, given out for a while.

Journals of citizens lie in it, so it is encrypted on the disk like a part of a blob, and goes.
"""

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from onestop.domain.moment import from_wire, to_wire
from onestop.store.log import Ledger
from onestop.store.parts import PartFile, Parts, Writer
from onestop.store.snapshot import write_snapshot
from onestop.store.store import Store
from onestop.sync.packed import packing

FRESH = timedelta(minutes=10)
"""A desk that begins now may get one that was made up to so long ago; it pulls the rest."""
KEPT = timedelta(days=1)
MAX_SNAPSHOT = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished file: its name among the parts, its packed bytes, the log's cursor in it."""

    name: str
    length: int
    cursor: int
    epoch: str
    at: str


class _Sink:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def write(self, data: bytes, /) -> int:
        self._writer.write(bytes(data))
        return len(data)


class Snapshots:
    """All snapshots of one hub; its processes share the folder."""

    def __init__(
        self, store: Store, ledger: Ledger, folder: Path, secret: bytes, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._folder = folder
        self._parts = Parts(folder, secret)
        self._clock = clock
        self._making = threading.Lock()

    def find(self, streams: tuple[str, ...], epoch: str, name: str = "") -> Snapshot | None:
        """A fresh one of these streams, or that of `name` while it is kept; None when there is none."""
        try:
            kept = Snapshot(**json.loads(self._note(streams).read_text("ascii")))
        except (OSError, ValueError, TypeError):
            return None
        age = self._clock() - from_wire(kept.at)
        is_good = kept.name == name if name else age < FRESH
        whole = self._parts.offset(kept.name) == kept.length
        return kept if is_good and whole and kept.epoch == epoch and age < KEPT else None

    def make(self, streams: tuple[str, ...], epoch: str) -> Snapshot:
        """Makes one, or waits for the one that is being made. Raises StoreError, DiskFull."""
        with self._making:
            return self.find(streams, epoch) or self._make(streams, epoch)

    def open(self, snapshot: Snapshot, offset: int) -> PartFile:
        return self._parts.open(snapshot.name, offset)

    def sweep(self) -> int:
        return self._parts.sweep((self._clock() - KEPT).timestamp())

    def _make(self, streams: tuple[str, ...], epoch: str) -> Snapshot:
        name, at = secrets.token_hex(32), to_wire(self._clock())
        writer = self._parts.begin(name, 0, MAX_SNAPSHOT)
        try:
            with self._store.read() as connection, packing(_Sink(writer)) as sink:
                report = write_snapshot(connection, self._ledger, streams, sink)
            writer.flush()
        finally:
            writer.close()
        made = Snapshot(name, writer.offset, report.cursor, epoch, at)
        scratch = self._note(streams).with_suffix(f".{secrets.token_hex(4)}")
        scratch.write_text(json.dumps(asdict(made)), "ascii")
        scratch.replace(self._note(streams))
        return made

    def _note(self, streams: tuple[str, ...]) -> Path:
        return self._folder / f"{sha256(chr(10).join(streams).encode()).hexdigest()[:32]}.json"
