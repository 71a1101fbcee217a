"""Room on a desk's disk: scans leave it only when the hub has them in a verified backup.

A scan may go when every dossier that names it is closed or not here at all, and the hub said
`durable` of it. The longest untouched go first, until what is left fits. It comes back over the
line when somebody opens it. What nobody refers to goes after a week: a crash left it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from onestop.domain.acts import STATES
from onestop.errors import StoreError
from onestop.store.blobs import sweep
from onestop.store.store import Store
from onestop.store.tables import blob_keys, blob_moves, blobs, dossiers

ORPHANS_LIVE = timedelta(days=7)
QUOTA = 20 * 1024**3
_DIGEST = 64


@dataclass(frozen=True, slots=True)
class EvictReport:
    """Bytes are of the files as they lie. `over` is what could not go although it is above the quota."""

    before: int
    evicted: int
    freed: int
    over: int


@dataclass(frozen=True, slots=True)
class TidyReport:
    """`scratch`: half-written files; `orphans`: whole ones that no key opens."""

    scratch: int
    orphans: int
    evicted: EvictReport


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    used: float


def tidy_blobs(store: Store, now: datetime, quota_bytes: int = QUOTA) -> TidyReport:
    """All housekeeping of the blob folder. Raises StoreError for a disk that refuses."""
    before = (now - ORPHANS_LIVE).timestamp()
    scratch = sweep(store.blobs_folder, before)
    orphans = _drop_orphans(store, before)
    return TidyReport(scratch, orphans, evict_blobs(store, quota_bytes))


def tidy_hub_blobs(store: Store, now: datetime, quota_bytes: int | None = None) -> TidyReport:
    """The same for a hub, at rest. A root never evicts (`quota_bytes` None): it is the one that keeps.
    A relay may let go what the root has durable; desks that ask for it get it from there."""
    before = (now - ORPHANS_LIVE).timestamp()
    scratch = sweep(store.blobs_folder, before)
    orphans = _drop_orphans(store, before) + _drop_erased(store)
    evicted = EvictReport(0, 0, 0, 0) if quota_bytes is None else evict_blobs(store, quota_bytes)
    return TidyReport(scratch, orphans, evicted)


def evict_blobs(store: Store, quota_bytes: int) -> EvictReport:
    """Frees local copies down to the quota, as far as that is safe."""
    files = _files(store.blobs_folder)
    before = left = sum(file.size for file in files.values())
    count = 0
    if left > quota_bytes:
        with store.read() as connection:
            free = _free_to_go(connection) & files.keys()
        for file in sorted((files[digest] for digest in free), key=lambda file: (file.used, file.path)):
            if left <= quota_bytes:
                break
            _remove(file.path)
            left -= file.size
            count += 1
    return EvictReport(before, count, before - left, max(0, left - quota_bytes))


def _files(folder: Path) -> dict[str, _File]:
    found: dict[str, _File] = {}
    for path in folder.glob("??/*"):
        if len(path.name) != _DIGEST:
            continue
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        # Many disks do not note reading, so the time of writing counts when it is later.
        found[path.name] = _File(path, stat.st_size, max(stat.st_atime, stat.st_mtime))
    return found


def _free_to_go(connection: Connection) -> set[str]:
    """Digests the hub has durable, and no open dossier here names."""
    durable = select(blob_moves.c.sha256).where(blob_moves.c.is_durable)
    at_risk = select(blob_moves.c.sha256).where(
        blob_moves.c.direction == "up", blob_moves.c.is_done.is_(False)
    )
    open_states = [state.value for state, row in STATES.items() if row.is_open]
    open_here = (
        select(blob_keys.c.sha256)
        .join(dossiers, dossiers.c.id == blob_keys.c.dossier)
        .where(dossiers.c.state.in_(open_states))
    )
    wanted = durable.except_(at_risk, open_here)
    return {digest for (digest,) in connection.execute(wanted)}


def _drop_orphans(store: Store, before: float) -> int:
    """Files that no key opens: written, and then no transaction named them."""
    files = {digest: file for digest, file in _files(store.blobs_folder).items() if file.used < before}
    if not files:
        return 0
    with store.read() as connection:
        known = {digest for (digest,) in connection.execute(select(blob_keys.c.sha256).distinct())}
        known |= {digest for (digest,) in connection.execute(select(blob_moves.c.sha256).distinct())}
    orphans = [file for digest, file in files.items() if digest not in known]
    for file in orphans:
        _remove(file.path)
    return len(orphans)


def _drop_erased(store: Store) -> int:
    """Files of papers that a hub erased by law. A kill on the way: the next time does it again."""
    with store.write() as connection:
        gone = (blobs.c.erased_at.is_not(None)) & blobs.c.is_whole
        digests = list(connection.scalars(select(blobs.c.sha256).where(gone)))
        for digest in digests:
            connection.execute(delete(blob_keys).where(blob_keys.c.sha256 == digest))
            told = update(blobs).where(blobs.c.sha256 == digest)
            connection.execute(told.values(is_whole=False, is_durable=False))
            _remove(store.blobs_folder / digest[:2] / digest)
    return len(digests)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            "Không dọn được tệp giấy tờ cũ", f"Kiểm tra quyền ghi của thư mục {path.parent.parent}."
        ) from error
