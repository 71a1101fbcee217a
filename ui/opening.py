"""From a profile on the disk to what the first window needs, and the ways a profile comes about.

Light at the top: the engine is imported inside the functions that run on the store's thread.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onestop.errors import InputError, InputErrors, OfficeError, StoreError
from onestop.office.catalogue import read_catalogue
from onestop.office.office import Clock
from onestop.office.work import Worklist
from onestop.paths import Profile
from onestop.store.glance import Glance
from ui.clock import MonotonicClock, machine_clock
from ui.tasks import Progress

if TYPE_CHECKING:  # the engine is imported behind the first paint
    from onestop.office.found import Founding
    from onestop.store.store import Store
    from ui.sync_join import JoinWish

READ_AT_ONCE = 2
"""The version of the store that the first window reads as it is; another is brought up first."""


class NotFilled(StoreError):
    """This desk was joined to a hub and has not read its catalogue yet."""


@dataclass(frozen=True)
class Opening:
    """What the narrow read gave: enough for the first window."""

    glance: Glance
    worklist: Worklist
    desk_name: str


def glance_office(profile: Profile, key: bytes, clock: Clock = machine_clock) -> Opening | None:
    """None when the store must be brought up to this program's version first.

    Raises NotFilled, StoreError.
    """
    glance = Glance(profile.database, key)
    desk = glance.local("desk") if glance.version == READ_AT_ONCE else None
    if desk is None:
        glance.close()
        return None
    if not glance.reference("agency"):
        glance.close()
        raise NotFilled("Quầy chưa nhận được danh mục của cơ quan", "Hãy nối mạng với máy chủ rồi thử lại.")
    catalogue = read_catalogue(glance.reference, bool(glance.local("is_practice")), with_procedures=False)
    officer = catalogue.officer(glance.local("officer") or "")
    return Opening(glance, Worklist(glance.rows, officer, catalogue, clock), desk["name"])


def import_engine() -> None:
    """On the store's thread, while a person types."""
    import onestop.office.found  # noqa: F401  imported for its time only


def found_real(profile: Profile, form: "Founding", passphrase: str) -> None:
    from onestop.office.found import found_office
    from onestop.office.founding import found

    found(profile, lambda store: found_office(store, form, machine_clock()), passphrase)


def join_hub(profile: Profile, wish: "JoinWish") -> None:
    """A new desk of the office a code was given for. Raises Refused, Offline, InputError."""
    from onestop.office.founding import found
    from onestop.sync.joined import join_new

    now = machine_clock()
    found(profile, lambda store: join_new(store, wish.address, wish.code, now), wish.passphrase)


def join_practice_hub(profile: Profile, address: str) -> None:
    """A new desk of the practice province. Raises Refused, Offline."""
    from onestop.office.founding import found
    from onestop.sync.practice import join_practice

    now = machine_clock()
    found(profile, lambda store: join_practice(store, address, now))


def fill(database: Path, key: bytes, progress: Progress) -> None:
    """The first pull of a desk just joined. Raises Offline."""
    from onestop.store.store import open_store
    from ui.sync_start import fill_desk

    store = open_store(database, key)
    try:
        fill_desk(store, progress)
    finally:
        store.close()


def found_practice_desk(profile: Profile, progress: Progress) -> None:
    from onestop.office.found import found_practice, open_office
    from onestop.office.founding import found
    from onestop.office.practice import fill_practice

    def make(store: "Store") -> None:
        now = machine_clock()
        found_practice(store, now)
        office = open_office(store, lambda: now, MonotonicClock())
        fill_practice(office, now, lambda done, total: progress.report(done, total, _FILLING))

    found(profile, make)


_FILLING = "Ghi hồ sơ mẫu của những ngày vừa qua…"


def bring_up(database: Path, key: bytes) -> None:
    from onestop.store.store import open_store

    open_store(database, key).close()


def input_errors(error: OfficeError) -> list[InputError]:
    if isinstance(error, InputErrors):
        return error.errors
    return [error if isinstance(error, InputError) else InputError(error.title, error.message, error.field)]
