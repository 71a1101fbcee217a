"""A new office on a machine: founded whole or not at all, whatever is pulled out on the way.

It is made in a folder beside, which gets another name only when everything is inside; then
its files are moved. A start that finds that name finishes the move.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from onestop.errors import StoreError
from onestop.paths import Profile
from onestop.store.vault import create_key, has_key

if TYPE_CHECKING:  # `is_new` is asked before the engine is imported
    from onestop.store.store import Store

_MAKING, _MADE = "founding", "founded"


def is_new(profile: Profile) -> bool:
    """Whether this profile holds no office yet. Finishes what was made and not yet moved.

    Raises StoreError when only the key or only the store is there: neither is made anew.
    """
    _finish(profile)
    if has_key(profile.folder) != profile.database.exists():
        raise _half(profile)
    return not profile.database.exists()


def found(profile: Profile, make: "Callable[[Store], object]", passphrase: str = "") -> None:
    """Makes key and store, calls `make(store)`, puts both in place.

    Whatever `make` raises leaves the profile as it was. Raises StoreError when the folder
    cannot be written.
    """
    import shutil  # with bz2 and lzma: nothing for a start that founds nothing

    from onestop.store.store import open_store

    folder = profile.folder / _MAKING
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise _unwritable(profile) from error
    try:
        store = open_store(folder / profile.database.name, create_key(folder, passphrase))
        try:
            make(store)
        finally:
            store.close()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    folder.rename(profile.folder / _MADE)
    _finish(profile)


def _finish(profile: Profile) -> None:
    made = profile.folder / _MADE
    if not made.is_dir():
        return
    try:
        for part in sorted(made.iterdir()):
            part.replace(profile.folder / part.name)
        made.rmdir()
    except OSError as error:
        raise _unwritable(profile) from error


def _half(profile: Profile) -> StoreError:
    lost = profile.database.name if has_key(profile.folder) else "vault.json"
    return StoreError(
        f"Thiếu tệp {lost} của kho dữ liệu",
        f"Hãy chép lại tệp này từ bản sao lưu vào {profile.folder}. Không tạo kho mới đè lên.",
    )


def _unwritable(profile: Profile) -> StoreError:
    return StoreError(
        "Không ghi được vào thư mục dữ liệu",
        f"Kiểm tra quyền ghi và chỗ trống của thư mục {profile.folder}.",
    )
