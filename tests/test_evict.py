"""Room on a desk's disk: only what the hub has in a verified backup may go, the longest untouched first."""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from onestop.domain.dossier import State
from onestop.errors import StoreError
from onestop.office import deeds
from onestop.office.intake import PaperForm
from onestop.store.evict import evict_blobs, tidy_blobs
from onestop.store.papers import DRAFTS, keep_blob, open_blob
from onestop.store.tables import blob_keys, blob_moves
from tests.office_desk import MORNING, Seat, reach, seated

SCAN = 100_000


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


def attach(seat: Seat, dossier: str, mark: int) -> str:
    """A scan of about 100 kB put to a dossier; its digest."""
    source = seat.folder / "scan.pdf"
    source.write_bytes(b"%PDF-1.7\n" + mark.to_bytes(4, "big") + secrets.token_bytes(SCAN))
    ref = keep_blob(seat.store, source)
    deeds.attach(seat.as_("u-mai"), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
    touch(seat, ref.sha256, MORNING - timedelta(days=100 - mark))
    return ref.sha256


def path_of(seat: Seat, digest: str) -> Path:
    return seat.store.blobs_folder / digest[:2] / digest


def touch(seat: Seat, digest: str, at: datetime) -> None:
    os.utime(path_of(seat, digest), (at.timestamp(), at.timestamp()))


def say_durable(seat: Seat, *digests: str) -> None:
    """As a hub's answer is noted: sent, and in a verified backup."""
    with seat.store.write() as connection:
        for digest in digests:
            connection.execute(delete(blob_moves).where(blob_moves.c.sha256 == digest))
            row = {"sha256": digest, "dossier": "any", "direction": "up", "length": SCAN}
            connection.execute(blob_moves.insert().values(**row, is_done=True, is_durable=True))


def closed(seat: Seat, *marks: int) -> list[str]:
    dossier = reach(seat, State.RECEIVED)
    digests = [attach(seat, dossier, mark) for mark in marks]
    deeds.withdraw(seat.as_("u-mai"), dossier, "Công dân tự nguyện rút hồ sơ")
    return digests


def here(seat: Seat, digests: list[str]) -> list[bool]:
    return [path_of(seat, digest).exists() for digest in digests]


def test_nothing_goes_below_the_quota(seat: Seat) -> None:
    digests = closed(seat, 1, 2)
    say_durable(seat, *digests)
    report = evict_blobs(seat.store, 10 * SCAN)
    assert (report.evicted, report.freed, report.over) == (0, 0, 0)
    assert all(here(seat, digests))


def test_the_longest_untouched_goes_first_and_only_as_many_as_needed(seat: Seat) -> None:
    digests = closed(seat, 3, 1, 2)
    say_durable(seat, *digests)
    report = evict_blobs(seat.store, 2 * SCAN + SCAN // 2)
    assert here(seat, digests) == [True, False, True]
    assert (report.evicted, report.over) == (1, 0)
    assert SCAN < report.freed < report.before


def test_what_the_hub_has_not_durable_stays(seat: Seat) -> None:
    kept, gone = closed(seat, 1, 2)
    say_durable(seat, gone)
    report = evict_blobs(seat.store, 0)
    assert here(seat, [kept, gone]) == [True, False]
    assert report.over == path_of(seat, kept).stat().st_size


def test_scans_of_an_open_dossier_stay_though_durable(seat: Seat) -> None:
    dossier = reach(seat, State.RECEIVED)
    digest = attach(seat, dossier, 1)
    say_durable(seat, digest)
    assert evict_blobs(seat.store, 0).evicted == 0
    assert open_blob(seat.store, dossier, digest).startswith(b"%PDF")


def test_a_scan_shared_with_an_open_dossier_stays(seat: Seat) -> None:
    (digest,) = closed(seat, 1)
    open_dossier = reach(seat, State.RECEIVED)
    ref = PaperForm(digest, SCAN + 13, "application/pdf", "Bản sao")
    deeds.attach(seat.as_("u-mai"), open_dossier, (ref,))
    say_durable(seat, digest)
    assert evict_blobs(seat.store, 0).evicted == 0


def test_a_scan_still_waiting_to_go_up_stays(seat: Seat) -> None:
    (digest,) = closed(seat, 1)
    say_durable(seat, digest)
    with seat.store.write() as connection:
        row = {"sha256": digest, "dossier": "other", "direction": "up", "length": SCAN}
        connection.execute(blob_moves.insert().values(**row, is_done=False, is_durable=False))
    assert evict_blobs(seat.store, 0).evicted == 0


def test_a_scan_of_a_dossier_that_is_not_here_goes(seat: Seat) -> None:
    """Its dossier left this office's scope: only the key is left."""
    (digest,) = closed(seat, 1)
    say_durable(seat, digest)
    with seat.store.write() as connection:
        told = update(blob_keys).where(blob_keys.c.sha256 == digest, blob_keys.c.dossier != DRAFTS)
        connection.execute(told.values(dossier="0190-gone"))
    assert evict_blobs(seat.store, 0).evicted == 1


def test_tidying_takes_orphans_after_a_week_and_keeps_younger_ones(seat: Seat) -> None:
    digests = closed(seat, 50)
    folder = seat.store.blobs_folder
    old, young = (sha256(name).hexdigest() for name in (b"old", b"young"))
    for digest, days in ((old, 8), (young, 6)):
        path_of(seat, digest).parent.mkdir(parents=True, exist_ok=True)
        path_of(seat, digest).write_bytes(b"left by a crash")
        touch(seat, digest, MORNING - timedelta(days=days))
    for name, days in (("half-old", 8), ("half-young", 6)):
        scratch = folder / "tmp" / name
        scratch.write_bytes(b"half")
        at = (MORNING - timedelta(days=days)).timestamp()
        os.utime(scratch, (at, at))
    report = tidy_blobs(seat.store, MORNING)
    assert (report.scratch, report.orphans, report.evicted.evicted) == (1, 1, 0)
    assert here(seat, [old, young, *digests]) == [False, True, True]
    assert [path.name for path in (folder / "tmp").iterdir()] == ["half-young"]


def test_a_folder_that_refuses_is_told(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = closed(seat, 1)
    say_durable(seat, *digests)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StoreError, match="Không dọn được"):
        evict_blobs(seat.store, 0)
