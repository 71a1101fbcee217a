"""An anchor outside the database: finds a store that was put back, copied or moved.

The store cannot know that it is an old image of itself. A small file beside it holds how far
its chain had come and on which machine, in which place: a store behind its anchor, or an
anchor of another machine, begins a new chain before it writes anything (a number given twice
would be a fork). The file is written after acts, never waited for.
"""

import contextlib
import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from onestop.store.standing import found_standing, new_incarnation, read_standing
from onestop.store.store import Store
from onestop.store.tables import device_heads

_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_CRYPTOGRAPHY = r"SOFTWARE\Microsoft\Cryptography"
_REST = 1.0
"""Seconds between two writings while acts follow each other closely."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a chain had come; `place` is a hash of machine and path."""

    incarnation: str
    seq: int
    place: str


class Mooring:
    """The anchor of one desk's store, read when it is opened, kept up with it afterwards."""

    def __init__(self, store: Store, device: str, incarnation: str) -> None:
        """`incarnation`: the chain of a store that was founded before it noted its standing."""
        self._store = store
        self._incarnation = incarnation
        self._device = device
        self._path = store.path.with_suffix(".anchor")
        self._place = place_of(store.path)
        self._kept_at = 0.0

    def moor(self) -> bool:
        """Begins a new chain when the store is not where it was; whether it did."""
        with self._store.read() as connection:
            standing = read_standing(connection)
            is_adrift = self._is_adrift(connection)
        if is_adrift or standing is None:
            with self._store.write() as connection:
                new_incarnation(connection) if is_adrift else found_standing(connection, self._incarnation)
        self.keep()
        return is_adrift

    def follow(self) -> None:
        """After an act: the anchor follows, but not at every one of many."""
        if time.monotonic() - self._kept_at >= _REST:
            self.keep()

    def keep(self) -> None:
        """Writes the anchor as the store stands; a disk that refuses it stops nobody."""
        with self._store.read() as connection:
            standing = read_standing(connection)
            if standing is None:
                return
            seq = _head(connection, self._device, standing.incarnation)
        self._kept_at = time.monotonic()
        anchor = Anchor(standing.incarnation, seq, self._place)
        new = self._path.with_suffix(".anchor.new")
        with contextlib.suppress(OSError):
            new.write_text(json.dumps(asdict(anchor)), "ascii")
            new.replace(self._path)

    def _is_adrift(self, connection: Connection) -> bool:
        anchor = read_anchor(self._path)
        if anchor is None:
            return False
        known = _head(connection, self._device, anchor.incarnation)
        return anchor.place != self._place or anchor.seq > known


def read_anchor(path: Path) -> Anchor | None:
    """None when there is none, or none that can be read."""
    try:
        plain = json.loads(path.read_text("ascii"))
        return Anchor(str(plain["incarnation"]), int(plain["seq"]), str(plain["place"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _head(connection: Connection, device: str, incarnation: str) -> int:
    head = select(device_heads.c.seq).where(
        device_heads.c.device == device, device_heads.c.incarnation == incarnation
    )
    return connection.scalar(head) or 0


def place_of(path: Path) -> str:
    """A hash of this machine and of where the file lies on it."""
    return sha256(f"{_machine()}\0{os.path.realpath(path)}".encode()).hexdigest()


def _machine() -> str:
    if sys.platform == "win32":
        import winreg

        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _CRYPTOGRAPHY) as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for path in _MACHINE_IDS:
        with contextlib.suppress(OSError):
            return path.read_text("ascii").strip()
    return platform.node()
