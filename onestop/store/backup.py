"""A hub's backup: all of its tables as one stream of lines, its blobs as files beside it.

    {"format": "onestop.backup.1", "schema", "log", "epoch", "cursor", "root", "at", "rows", "head"}
    tables (`backup_rows`), among them those with the hub's own keys and those of blobs
    {"manifest": {...}}               counts and SHA-256 of every part; without it the file was cut

All is read in one transaction, so that the file is the hub at one moment while work goes on.
Blobs are copied as they lie, encrypted; their keys are among the tables. A blob never
changes, so one folder serves all backups of a hub and only new blobs are copied.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, select, update

from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.errors import StoreError
from onestop.store.backup_rows import (
    Part,
    clear_tables,
    count_rows,
    dump_tables,
    load_tables,
    read_line,
    require_empty,
    set_counters,
    stream,
    write_line,
)
from onestop.store.blobs import read_blob
from onestop.store.log import Ledger, head_of
from onestop.store.migrations import NEWEST
from onestop.store.parts import find_key
from onestop.store.report import Progress, quiet
from onestop.store.sealed import Sink, broken
from onestop.store.tables import blobs
from onestop.store.whole import fsync_folder, unwritable

FORMAT = "onestop.backup.1"
PURPOSE = "backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says it holds: the signed head of the log, the moment, every part."""

    head: SignedCheckpoint
    at: str
    schema: int
    parts: Mapping[str, Part]

    @property
    def cursor(self) -> int:
        return self.head.checkpoint.cursor


def dump_store(
    connection: Connection,
    ledger: Ledger,
    sink: Sink,
    at: str,
    progress: Progress = quiet,
) -> Manifest:
    """Writes the hub into `sink`, as the connection's transaction sees it."""
    head = head_of(connection, ledger)
    checkpoint = head.checkpoint
    named = {"log": checkpoint.log, "epoch": checkpoint.epoch, "cursor": checkpoint.cursor}
    first = {"format": FORMAT, "schema": NEWEST, **named, "root": checkpoint.root, "at": at}
    write_line(sink, first | {"rows": count_rows(connection), "head": checkpoint_plain(head)})
    parts = dump_tables(connection, sink, progress)
    write_line(sink, {"manifest": {name: asdict(part) for name, part in parts.items()}})
    return Manifest(head, at, NEWEST, parts)


def load_store(connection: Connection, source: BinaryIO, progress: Progress = quiet) -> Manifest:
    """Fills an empty hub's tables from such a stream, on an open write transaction.

    Raises StoreError (the caller's transaction then undoes all): the store is not empty, the
    stream is damaged, cut, of another kind or of a newer program.
    """
    require_empty(connection)
    first = read_line(source)
    _require_known(first)
    clear_tables(connection)
    parts, last = load_tables(connection, source, int(first["rows"]), progress)
    if source.read(1) or last != {"manifest": {name: asdict(part) for name, part in parts.items()}}:
        raise broken()
    set_counters(connection)
    try:
        head = checkpoint_from(first["head"])
        return Manifest(head, str(first["at"]), first["schema"], parts)
    except (KeyError, ValueError, TypeError) as error:
        raise broken() from error


def _require_known(first: Any) -> None:
    if not isinstance(first, dict) or first.get("format") != FORMAT or type(first.get("rows")) is not int:
        raise broken()
    if type(first.get("schema")) is not int or first["schema"] > NEWEST:
        raise StoreError(
            "Bản sao lưu thuộc bản chương trình mới hơn",
            "Hãy cập nhật chương trình rồi phục hồi lại; bản sao lưu vẫn nguyên.",
        )


# --- blobs


@dataclass(frozen=True, slots=True)
class BlobCopy:
    """How many blobs the hub says it has, how many were copied now, which of them are not there."""

    total: int
    copied: int
    missing: tuple[str, ...]


def list_whole(connection: Connection) -> list[str]:
    """Digests of all blobs that are whole, in order."""
    found = select(blobs.c.sha256).where(blobs.c.is_whole).order_by(blobs.c.sha256)
    return [digest for (digest,) in stream(connection, found)]


def copy_blobs(digests: list[str], source: Path, target: Path, progress: Progress = quiet) -> BlobCopy:
    """Copies blob files from one blob folder to another, those already there left as they are.

    Raises StoreError when the target cannot be written.
    """
    copied, missing = 0, []
    for number, digest in enumerate(digests, 1):
        here, there = source / digest[:2] / digest, target / digest[:2] / digest
        if not here.is_file():
            missing.append(digest)
        elif not there.is_file() or there.stat().st_size != here.stat().st_size:
            _copy(here, there)
            copied += 1
        progress(number, len(digests), "Chép tệp giấy tờ")
    return BlobCopy(len(digests), copied, tuple(missing))


def _copy(here: Path, there: Path) -> None:
    scratch = there.with_name(f"{there.name}.tmp")
    try:
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(here, scratch)
        with scratch.open("r+b") as file:
            os.fsync(file.fileno())
        scratch.replace(there)
        fsync_folder(there.parent)
    except OSError as error:
        raise unwritable(there) from error
    finally:
        with suppress(OSError):  # the disk may be gone
            scratch.unlink(missing_ok=True)


def read_back(connection: Connection, folder: Path, digests: list[str], progress: Progress) -> Iterator[str]:
    """Opens each copied blob with the keys of this store; yields those that are what they are called."""
    for number, digest in enumerate(digests, 1):
        key = find_key(connection, digest)
        try:
            if key is not None:
                read_blob(folder, digest, key)
                yield digest
        except StoreError:
            pass
        progress(number, len(digests), "Đọc lại tệp giấy tờ trong bản sao lưu")


def mark_durable(connection: Connection, digests: list[str]) -> None:
    """These blobs stand in a verified backup."""
    for first in range(0, len(digests), 500):
        some = digests[first : first + 500]
        connection.execute(update(blobs).where(blobs.c.sha256.in_(some)).values(is_durable=True))


def drop_erased(connection: Connection, target: Path) -> int:
    """Takes scans that were erased by law out of the backup's folder too; how many."""
    count = 0
    for (digest,) in stream(connection, select(blobs.c.sha256).where(blobs.c.erased_at.is_not(None))):
        path = target / digest[:2] / digest
        if path.is_file():
            path.unlink()
            count += 1
    return count


def mark_lost(connection: Connection, digests: tuple[str, ...]) -> None:
    """These blobs are not here any more: desks that have them are asked for them again."""
    for first in range(0, len(digests), 500):
        some = digests[first : first + 500]
        told = update(blobs).where(blobs.c.sha256.in_(some))
        connection.execute(told.values(is_whole=False, is_durable=False, stored_at=None))
