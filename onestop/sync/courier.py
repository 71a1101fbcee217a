"""The courier: data on a stick where there is no line, sealed both ways.

`courier out FILE` writes what waits to be sent; the hub takes it and writes FILE's return
beside it; `courier in FILE` takes that. Until then everything stays waiting to be sent.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from functools import partial
from getpass import getpass
from io import BufferedReader
from pathlib import Path

from onestop.domain.moment import show_at, to_wire
from onestop.errors import StoreError
from onestop.paths import Profile, default_data_dir
from onestop.store.bundle import PURPOSE, BundleReport, begin_bundle, box_of, write_bundle
from onestop.store.bundle_in import Delivery, Preview, box_secret, preview_bundle, take_bundle
from onestop.store.bundle_return import PURPOSE as RETURN
from onestop.store.bundle_return import (
    ReturnReport,
    bundle_name,
    check_return,
    forget_bundle,
    no_return_key,
    return_secrets,
    take_return,
    write_return,
)
from onestop.store.log import Ledger
from onestop.store.report import Progress, quiet
from onestop.store.sealed import Opener, SealTo
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key, needs_passphrase
from onestop.sync.packed import sealing, unsealing

ENDING = ".mcb"
RETURN_ENDING = ".mcr"


def send_out(store: Store, target: Path, now: datetime, progress: Progress = quiet) -> BundleReport:
    """Everything unsent into one sealed file. Raises StoreError (no hub known, disk)."""
    with store.read() as connection:
        to = SealTo(public=box_of(connection))
    courier = begin_bundle(store)
    with sealing(target, to, PURPOSE) as sink:
        return write_bundle(store, courier, sink, to_wire(now), progress)


def look_into(store: Store, source: Path) -> Preview:
    """What a bundle at the hub holds; nothing is taken. Raises StoreError or Refused."""
    with store.read() as connection, _bundle(store, source)() as plain:
        return preview_bundle(connection, plain)


def take_out(
    store: Store, ledger: Ledger, source: Path, seen: Preview, now: datetime, progress: Progress = quiet
) -> tuple[Delivery, Path]:
    """Takes a bundle that was looked at and writes its return beside it: its path."""
    delivery = take_bundle(store, ledger, _bundle(store, source), seen, now, progress)
    back = source.with_suffix(RETURN_ENDING)
    to = SealTo(public=seen.sender.reply_to)
    with sealing(back, to, RETURN) as sink, store.read() as connection:
        write_return(connection, ledger, seen.sender, seen.office, delivery, sink, now, progress)
    return delivery, back


def _bundle(store: Store, source: Path) -> Callable[[], AbstractContextManager[BufferedReader]]:
    with store.read() as connection:
        return partial(unsealing, source, Opener(secret=box_secret(connection)), PURPOSE)


def take_back(store: Store, source: Path, progress: Progress = quiet) -> ReturnReport:
    """Takes a return at the desk that wrote the bundle. Raises StoreError or Refused, nothing taken."""
    opened = partial(unsealing, source, _return_opener(store, source), RETURN)
    with store.read() as connection, opened() as plain:
        lines = check_return(connection, plain)
    report = take_return(store, opened, lines, progress)
    with opened() as plain:
        forget_bundle(store, bundle_name(plain))
    return report


def _return_opener(store: Store, source: Path) -> Opener:
    with store.read() as connection:
        secrets = return_secrets(connection)
    for secret in secrets:
        try:
            with unsealing(source, Opener(secret=secret), RETURN):
                return Opener(secret=secret)
        except StoreError:
            continue
    raise no_return_key()


# --- commands of a desk


def run_courier_out(wanted: argparse.Namespace, now: datetime) -> int:
    """`courier out FILE`."""
    with _desk(wanted) as store:
        report = send_out(store, wanted.file, now, say)
    print(f"Đã ghi {wanted.file.name}: {report.entries} bút ký, {report.blobs} tệp giấy tờ.")
    if report.lost:
        print(f"Không kèm được {len(report.lost)} tệp giấy tờ không còn trên máy này.")
    print("Gói đã niêm phong, chỉ máy chủ mở được. Dữ liệu vẫn chờ gửi cho đến khi có biên nhận mang về.")
    return 0


def run_courier_in(wanted: argparse.Namespace) -> int:
    """`courier in FILE`."""
    with _desk(wanted) as store:
        report = take_back(store, wanted.file, say)
    print(f"Đã nhận biên nhận cho {report.receipts} bút ký và {report.records} mục mới từ máy chủ, "
          f"thuộc {len(report.dossiers)} hồ sơ.")  # fmt: skip
    return 0


@contextmanager
def _desk(wanted: argparse.Namespace) -> Iterator[Store]:
    name = wanted.profile or ("practice" if getattr(wanted, "demo", False) else "default")
    profile = Profile(wanted.data_dir or default_data_dir(), name)
    if not profile.database.exists():
        raise StoreError("Chưa có kho dữ liệu", f"Không thấy {profile.database.name} trong {profile.folder}.")
    asks = needs_passphrase(profile.folder)
    passphrase = getpass("Mật khẩu mở kho: ") if asks else ""
    with closing(open_store(profile.database, load_key(profile.folder, passphrase))) as store:
        yield store


def preview_words(seen: Preview) -> list[str]:
    """What a person reads before a bundle is taken."""
    moment = show_at(datetime.fromisoformat(seen.sender.at))
    lines = [f"Gói của {seen.desk} ({seen.office}), ghi lúc {moment}: "
             f"{seen.entries} bút ký, {seen.blobs} tệp giấy tờ ({seen.size / 2**20:.1f} MB)."]  # fmt: skip
    for origin in seen.origins:
        if origin.is_known:
            lines.append(f"  {origin.office} · {origin.name}: {origin.entries} bút ký")
        else:
            lines.append(f"  KHÔNG QUEN · máy {origin.device}: {origin.entries} bút ký, sẽ vào ngăn cách ly")
    if seen.unreadable:
        lines.append(f"  {seen.unreadable} bút ký không đọc được, sẽ vào ngăn cách ly")
    return lines


def say(done: int, total: int, words: str) -> None:
    if sys.stderr and sys.stderr.isatty():
        print(f"\r{words}: {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
