"""`hub backup`, `hub restore`, `hub restore-report`: what a province does so that nothing is lost.

A backup counts only when it was read back: the file is opened again, restored into a scratch
store, its root recomputed and every journal folded; each scan is opened with its key. Only then
the hub tells its desks that they may drop their own copies (`durable`).
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

from onestop.domain.moment import show_at, to_wire
from onestop.errors import InputError, StoreError
from onestop.hub.founding import hub_key
from onestop.hub.hub import utc_now
from onestop.hub.practice import clock_of, is_practice
from onestop.hub.recovery import make_recovery_key, opener, seal_to
from onestop.paths import Profile, default_data_dir
from onestop.store.backup import (
    PURPOSE,
    BlobCopy,
    Manifest,
    copy_blobs,
    drop_erased,
    dump_store,
    list_whole,
    load_store,
    mark_durable,
    mark_lost,
    read_back,
)
from onestop.store.backup_check import check_restored
from onestop.store.backup_report import RestoreReport, note_restore, restore_report
from onestop.store.hub_store import open_hub_store
from onestop.store.log import Ledger, open_ledger, set_durable, start_epoch
from onestop.store.report import Progress, Report, quiet
from onestop.store.sealed import Opener, SealTo
from onestop.store.store import Store
from onestop.store.vault import has_key
from onestop.store.whole import unreadable
from onestop.sync.packed import sealing, unsealing

BLOBS = "blobs"
ENDING = ".mcbak"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written and what of it was proved. `durable`: the cursor the desks are told, 0 for none."""

    path: Path
    manifest: Manifest
    findings: Report
    blobs: BlobCopy
    proved: int
    durable: int

    @property
    def is_good(self) -> bool:
        return self.findings.is_clean and self.proved == self.blobs.total


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore put in place; `lost` scans are asked for at the desks again."""

    manifest: Manifest
    epoch: str
    blobs: int
    lost: int


def make_backup(
    store: Store, blobs_folder: Path, target: Path, to: SealTo, now: datetime, progress: Progress = quiet
) -> BackupReport:
    """Writes a backup into the folder `target`, reads it back, and only then moves `durable`.

    Raises StoreError (disk); whatever `progress` raises ends it with nothing half-written.
    """
    with store.read() as connection:
        ledger = open_ledger(connection)
        digests = list_whole(connection)
        path = target / f"{ledger.log[:8]}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{ENDING}"
        with sealing(path, to, PURPOSE) as sink:
            manifest = dump_store(connection, ledger, sink, to_wire(now), progress=progress)
        drop_erased(connection, target / BLOBS)
    copied = copy_blobs(digests, blobs_folder, target / BLOBS, progress)
    again = Opener(file_key=sink.file_key)
    findings, proved = prove(path, again, ledger, target / BLOBS, digests, blobs_folder, progress)
    durable = 0
    if findings.is_clean:
        with store.write() as connection:
            set_durable(connection, manifest.cursor)
            if not ledger.is_relay:  # a relay's own backup frees nobody's copy: the root's word counts
                mark_durable(connection, proved)
        durable = manifest.cursor
    return BackupReport(path, manifest, findings, copied, len(proved), durable)


def prove(
    path: Path,
    again: Opener,
    ledger: Ledger,
    copied: Path,
    digests: list[str],
    near: Path,
    progress: Progress = quiet,
) -> tuple[Report, list[str]]:
    """Restores a backup into a scratch store near `near` and checks all: findings, and proved scans."""
    with _scratch(near) as scratch:
        with scratch.write() as connection, unsealing(path, again, PURPOSE) as source:
            manifest = load_store(connection, source, progress)
        with scratch.read() as connection:
            report = check_restored(connection, manifest.head, ledger, progress)
            return report, list(read_back(connection, copied, digests, progress))


@contextmanager
def _scratch(near: Path) -> Iterator[Store]:
    """An encrypted store whose key lives only in memory, gone afterwards."""
    near.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".verify-", dir=near.parent))
    try:
        with closing(open_hub_store(None, folder / "scratch.db", os.urandom(32))) as store:
            yield store
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(
    store: Store, blobs_folder: Path, path: Path, by: Opener, now: datetime, progress: Progress = quiet
) -> Restored:
    """Fills an empty store from a backup and begins a new epoch, all in one transaction.

    Raises StoreError: not empty, wrong key, damaged, or not what the log's key signed.
    """
    with store.write() as connection, unsealing(path, by, PURPOSE) as source:
        manifest = load_store(connection, source, progress)
        ledger = open_ledger(connection)
        report = check_restored(connection, manifest.head, ledger, progress)
        if not report.is_clean:
            raise _not_sound(report)
        epoch = start_epoch(connection, ledger, manifest.cursor).epoch
        note_restore(connection, epoch, manifest.cursor, to_wire(now))
        digests = list_whole(connection)
    copy_blobs(digests, path.parent / BLOBS, blobs_folder, progress)
    with store.read() as connection:
        sound = set(read_back(connection, blobs_folder, digests, progress))
    lost = tuple(digest for digest in digests if digest not in sound)
    with store.write() as connection:
        mark_lost(connection, lost)
    return Restored(manifest, epoch, len(sound), len(lost))


def _not_sound(report: Report) -> StoreError:
    first = report.findings[0]
    return StoreError(
        "Bản sao lưu không khớp với sổ cái đã ký",
        f"Có {len(report.findings)} sai lệch, ví dụ {first.where}: {first.words}. Không có gì được phục hồi.",
    )


# --- commands


def run_backup(wanted: argparse.Namespace) -> int:
    """`hub backup FOLDER [--recovery-key FILE.pub | --passphrase-file FILE]`."""
    to = seal_to(wanted.recovery_key, _passphrase(wanted, "Mật khẩu sao lưu: "))
    with hub_store(wanted) as (store, folder):
        made = make_backup(store, folder / BLOBS, wanted.target, to, clock_of(store, utc_now)(), say)
    _print_backup(made)
    return 0 if made.is_good else 1


def _print_backup(made: BackupReport) -> None:
    rows = made.manifest.parts
    print(f"Đã ghi {made.path.name}: {rows['entries'].rows} bút ký, {rows['dossiers'].rows} hồ sơ, "
          f"{made.blobs.total} tệp giấy tờ (chép mới {made.blobs.copied}).")  # fmt: skip
    for finding in made.findings.findings:
        print(f"  {finding.where}: {finding.words}")
    if not made.durable:
        print("Bản sao lưu KHÔNG đạt khi đọc lại: các quầy vẫn phải giữ bản của mình.")
        return
    moment = show_at(datetime.fromisoformat(made.manifest.at))
    print(f"Đã phục hồi thử và kiểm tra: đã sao lưu chắc chắn đến số {made.durable} ({moment}).")
    if made.proved < made.blobs.total:
        missing = made.blobs.total - made.proved
        print(f"Có {missing} tệp giấy tờ chưa đọc lại được; các quầy vẫn giữ bản của mình.")


def run_restore(wanted: argparse.Namespace) -> int:
    """`hub restore FILE [--recovery-key FILE | --passphrase-file FILE]` into an empty hub."""
    if not wanted.file.is_file():
        raise unreadable(wanted.file)
    asked = "" if wanted.recovery_key else "Mật khẩu sao lưu: "
    by = opener(wanted.recovery_key, _passphrase(wanted, asked))
    with unsealing(wanted.file, by, PURPOSE):
        pass  # a wrong key is told before a folder is made
    with hub_store(wanted, is_new=True) as (store, folder):
        done = restore(store, folder / BLOBS, wanted.file, by, utc_now(), say)
        if is_practice(store):  # known only now; its own time tells what was made before
            with store.write() as connection:
                note_restore(
                    connection, done.epoch, done.manifest.cursor, to_wire(clock_of(store, utc_now)())
                )
    rows = done.manifest.parts
    print(
        f"Đã phục hồi {rows['entries'].rows} bút ký, {rows['dossiers'].rows} hồ sơ, {done.blobs} tệp giấy tờ."
    )
    moment = show_at(datetime.fromisoformat(done.manifest.at))
    print(f"Máy chủ nay như lúc {moment}, đến số {done.manifest.cursor}.")
    print(f"Kỳ sổ mới {done.epoch}: khi nối lại, các quầy tự gửi lại những gì máy chủ đã mất.")
    if done.lost:
        print(f"Thiếu {done.lost} tệp giấy tờ; sẽ xin lại từ các quầy.")
    print("Xem tiến độ bằng lệnh: hub restore-report")
    return 0


def run_restore_report(wanted: argparse.Namespace) -> int:
    """`hub restore-report`: what the desks have brought back since."""
    with hub_store(wanted) as (store, _), store.read() as connection:
        report = restore_report(connection)
    _print_report(report)
    return 0


def _print_report(report: RestoreReport) -> None:
    moment = show_at(datetime.fromisoformat(report.at))
    print(f"Phục hồi lúc {moment} từ bản sao lưu đến số {report.base}.")
    print(f"Các quầy đã gửi lại {report.recovered} bút ký của {report.dossiers} hồ sơ.")
    print(
        f"Còn {len(report.gaps)} hồ sơ có bút ký chờ phần còn thiếu; {report.blobs} tệp giấy tờ chờ gửi lại."
    )
    for dossier in report.gaps[:20]:
        print(f"  hồ sơ {dossier}")


def run_recovery_key(wanted: argparse.Namespace) -> int:
    """`hub recovery-key FILE`: a new pair; the secret half is to be kept away from the hub."""
    public = make_recovery_key(wanted.file, _passphrase(wanted, "Mật khẩu cho khoá phục hồi: "))
    print(f"Đã ghi khoá bí mật {wanted.file.name} và khoá công khai {public.name}.")
    print("Hãy cất khoá bí mật ngoài máy chủ, ở hai nơi; mất khoá này thì không mở được bản sao lưu nào.")
    return 0


def _passphrase(wanted: argparse.Namespace, asks: str) -> str:
    given: Path | None = getattr(wanted, "passphrase_file", None)
    if given is not None:
        try:
            return given.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise unreadable(given) from error
    if not asks or getattr(wanted, "recovery_key", None) is not None:
        return ""
    if not sys.stdin.isatty():
        raise InputError(
            "Chưa có khoá hoặc mật khẩu",
            "Hãy cho --recovery-key TỆP hoặc --passphrase-file TỆP.",
            "passphrase",
        )
    return getpass(asks)


def say(done: int, total: int, words: str) -> None:
    if sys.stderr and sys.stderr.isatty():
        print(f"\r{words}: {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


@contextmanager
def hub_store(wanted: argparse.Namespace, is_new: bool = False) -> Iterator[tuple[Store, Path]]:
    """The store a command names, and its folder. Raises StoreError when there is none, unless `is_new`."""
    profile = Profile(wanted.data_dir or default_data_dir(), wanted.profile or "hub")
    if not is_new and not has_key(profile.folder):
        raise StoreError("Chưa có máy chủ nào ở đây", f"Không thấy khoá của máy chủ trong {profile.folder}.")
    key = hub_key(profile, wanted.database)
    with closing(open_hub_store(wanted.database, profile.database, key)) as store:
        yield store, profile.folder
