"""The line of the desk in this window: begun when the office is open, once more when it was joined."""

from typing import TYPE_CHECKING

from onestop.store.rows import list_reference, put_local

if TYPE_CHECKING:
    from onestop.office.office import Catalogue, Office
    from onestop.store.store import Store
    from onestop.sync.runner import Runner
    from onestop.sync.status import SyncStatus
    from ui.sync import Line
    from ui.tasks import Progress

HERD = 3.0
"""Seconds over which desks of an office that start together spread their first hello."""

PATIENCE = 45.0
"""So long a new desk waits for its catalogue before it says what is in the way."""
_STEP = 0.2


def make_runner(office: "Office", line: "Line") -> "Runner | None":
    """On a worker: httpx and the rest are imported here. None for a desk that was never joined."""
    from onestop.sync.joined import desk_runner
    from onestop.sync.publishing import rows_sender

    office.told.send_rows = rows_sender(office.store)
    return desk_runner(
        office.store, office.clock, office.monotonic, line.take_status, line.take_news, herd=HERD
    )


Versions = tuple[tuple[str, str, str], ...]


def read_told(office: "Office", known: Versions) -> "tuple[Versions, Catalogue | None]":
    """On a worker, after the hub has answered: its time, and the catalogue if rows of it changed."""
    from functools import partial

    from onestop.office.catalogue import read_catalogue
    from onestop.office.found import hear
    from onestop.store.whereabouts import row_versions

    hear(office.store, office.told)
    versions = row_versions(office.store.rows)
    if versions == known:
        return versions, None
    with office.store.read() as connection:
        return versions, read_catalogue(partial(list_reference, connection), office.catalogue.is_practice)


def fill_desk(store: "Store", progress: "Progress") -> None:
    """A desk just joined reads its catalogue, and somebody of its counter is seated.

    Raises Offline when the hub does not answer, Cancelled.
    """
    from onestop.errors import Offline
    from onestop.sync.joined import desk_runner
    from ui.clock import MonotonicClock, machine_clock

    said: list[SyncStatus] = []
    runner = desk_runner(store, machine_clock, MonotonicClock(), said.append, herd=0.0)
    if runner is None:
        raise Offline("Quầy này chưa được nối máy chủ", "Hãy thiết lập lại quầy.")
    runner.start()
    try:
        for _ in range(int(PATIENCE / _STEP)):
            progress.check()
            if is_filled(store) and said and said[-1].phase == "synced":
                break
            progress.report(0, 0, _words(said[-1] if said else None))
            progress.wait(_STEP)
    finally:
        runner.stop()
    if not is_filled(store):
        why = said[-1].words_of_failure if said else ""
        raise Offline(
            "Chưa nhận được danh mục của cơ quan", why or "Kiểm tra đường truyền tới máy chủ rồi thử lại."
        )
    seat(store)


def is_filled(store: "Store") -> bool:
    with store.read() as connection:
        return all(list_reference(connection, kind) for kind in ("agency", "unit", "officer", "procedure"))


def seat(store: "Store") -> None:
    """Somebody who receives sits here first; Ctrl+L changes it."""
    with store.write() as connection:
        officers = list_reference(connection, "officer")
        first = next((each for each in officers if "reception" in each["roles"]), officers[0])
        put_local(connection, "officer", first["id"])


def _words(status: "SyncStatus | None") -> str:
    if status is None or status.phase in {"connecting", "alone"}:
        return "Đang nối với máy chủ…"
    if status.phase == "offline":
        return f"{status.words_of_failure} Đang thử lại…"
    return "Đang tải danh mục thủ tục, cán bộ và hồ sơ của cơ quan…"
