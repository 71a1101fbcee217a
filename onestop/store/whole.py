"""Files that are there whole or not at all, also when the power goes."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from onestop.errors import StoreError


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write: beside its place first, on the disk, then renamed.

    An exception leaves what stood at `target` as it was. Raises StoreError for the disk.
    """
    scratch = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(target)
        fsync_folder(target.parent)
    except OSError as error:
        raise unwritable(target) from error
    finally:
        with suppress(OSError):  # the stick may be gone
            scratch.unlink(missing_ok=True)


def unwritable(target: Path) -> StoreError:
    return StoreError(
        f"Không ghi được tệp {target.name}",
        f"Kiểm tra thiết bị còn cắm, còn chỗ trống và quyền ghi của {target.parent}. "
        "Tệp cũ, nếu có, vẫn nguyên.",
    )


def unreadable(source: Path) -> StoreError:
    return StoreError(
        f"Không đọc được tệp {source.name}", f"Kiểm tra đường dẫn {source} và thiết bị còn cắm."
    )


def fsync_folder(folder: Path) -> None:
    if os.name == "nt":  # NTFS journals renames; a folder cannot be fsynced there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
