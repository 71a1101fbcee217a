"""After a restore: what has come back from the desks, and what is still missing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from onestop.errors import StoreError
from onestop.store.rows import get_local, put_local
from onestop.store.tables import blobs, entries, shelf

_RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """`recovered`: entries made before the restore that came after it, of `dossiers` dossiers.

    `gaps`: dossiers with entries that wait for others nobody has brought yet. `blobs`: scans
    that some desk still has to bring again.
    """

    epoch: str
    base: int
    at: str
    recovered: int
    dossiers: int
    gaps: tuple[str, ...]
    blobs: int


def note_restore(connection: Connection, epoch: str, base: int, at: str) -> None:
    put_local(connection, _RESTORED, {"epoch": epoch, "base": base, "at": at})


def restore_report(connection: Connection) -> RestoreReport:
    """Raises StoreError on a hub that was never restored."""
    noted: dict[str, Any] | None = get_local(connection, _RESTORED)
    if noted is None:
        raise StoreError("Máy chủ này chưa từng được phục hồi", "Chỉ có báo cáo sau lệnh hub restore.")
    # The desks' own clocks say when: one that runs late makes a new entry look like an old one.
    came_back = (entries.c.cursor > noted["base"]) & (entries.c.at <= noted["at"])
    counted = select(func.count(), func.count(entries.c.dossier.distinct())).where(came_back)
    recovered, touched = connection.execute(counted).one()
    held = select(shelf.c.dossier).where(shelf.c.verdict == "held").distinct().order_by(shelf.c.dossier)
    wanted = select(func.count()).select_from(blobs)
    missing = connection.scalar(wanted.where(blobs.c.is_whole.is_(False), blobs.c.erased_at.is_(None)))
    return RestoreReport(
        noted["epoch"],
        noted["base"],
        noted["at"],
        recovered,
        touched,
        tuple(connection.scalars(held)),
        missing or 0,
    )
