"""The words for the line to the hub."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from onestop.domain.moment import VIETNAM
from onestop.sync.status import (
    PHASES,
    SyncStatus,
    chip_words,
    clock_off_words,
    panel_lines,
    rate_words,
    size_words,
    span_words,
    waiting_words,
)

NOW = datetime(2026, 11, 20, 10, 45, tzinfo=VIETNAM)
SYNCED = SyncStatus("synced", NOW, last_success=NOW - timedelta(minutes=3), peer="root")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SYNCED, "Đã đồng bộ 10:42"),
        (replace(SYNCED, last_success=NOW - timedelta(days=1)), "Đã đồng bộ 19/11 10:45"),
        (replace(SYNCED, phase="sending", sent=3, to_send=7), "Đang gửi 3/7"),
        (replace(SYNCED, phase="offline", waiting_dossiers=3), "Ngoại tuyến · 3 hồ sơ chờ gửi"),
        (replace(SYNCED, phase="offline"), "Ngoại tuyến · không có hồ sơ chờ gửi"),
        (replace(SYNCED, conflicts=1), "Có 1 xung đột"),
        (replace(SYNCED, phase="offline", conflicts=1, waiting_dossiers=3), "Có 1 xung đột"),
        (replace(SYNCED, phase="sending", sent=9, to_send=7, conflicts=1), "Đang gửi 7/7"),
        (SyncStatus("alone", NOW, conflicts=1), "Ngoại tuyến · làm việc tại máy"),
        (SyncStatus("trouble", NOW), "Đồng bộ cần người xem"),
        (SyncStatus("connecting", NOW), "Đang nối với máy chủ"),
        (SyncStatus("synced", NOW), "Đang nối với máy chủ"),
        (SyncStatus("receiving", NOW), "Đang nhận dữ liệu"),
    ],
)
def test_chip_words(status: SyncStatus, words: str) -> None:
    assert chip_words(status, NOW) == words


def test_every_phase_has_words() -> None:
    assert len({chip_words(SyncStatus(phase, NOW), NOW) for phase in PHASES}) == len(PHASES) - 1
    assert all(chip_words(SyncStatus(phase, NOW), NOW) for phase in PHASES)


def test_panel_says_only_what_there_is() -> None:
    assert panel_lines(SYNCED, NOW) == (("Nối với", "máy chủ của tỉnh"), ("Đồng bộ gần nhất", "10:42"))
    assert panel_lines(SyncStatus("alone", NOW), NOW) == (
        ("Đồng bộ gần nhất", "máy này chưa ghép với máy chủ"),
    )


def test_panel_of_a_busy_desk() -> None:
    status = replace(
        SYNCED,
        phase="offline",
        peer="relay",
        to_send=7,
        sent=3,
        blobs_left=2,
        bytes_left=41 * 1024 * 1024,
        waiting_dossiers=3,
        oldest=NOW - timedelta(days=2),
        words_of_failure="Không nối được với máy chủ.",
        next_try=NOW + timedelta(minutes=2),
        rate=120_000.0,
        seconds_left=240,
        conflicts=1,
        shelf=2,
        clock_off_seconds=-1800,
    )
    assert panel_lines(status, NOW) == (
        ("Nối với", "máy chủ của cơ quan"),
        ("Đồng bộ gần nhất", "10:42"),
        ("Lý do", "Không nối được với máy chủ."),
        ("Thử lại lúc", "10:47"),
        ("Chờ gửi", "3 hồ sơ · 4 bút ký · 2 tệp, 41 MB"),
        ("Chỉ có ở máy này", "3 hồ sơ, cũ nhất 2 ngày"),
        ("Tốc độ", "0,1 MB/giây"),
        ("Còn khoảng", "4 phút"),
        ("Xung đột", "1 việc cần xem"),
        ("Để riêng", "2 bút ký chưa dùng được"),
        ("Đồng hồ máy", "chạy chậm 30 phút so với máy chủ. Hãy chỉnh lại giờ của máy."),
    )


def test_small_words() -> None:
    assert [span_words(s) for s in (0, 40, 89, 240, 5400, 200_000)] == [
        "1 giây",
        "40 giây",
        "1 phút",
        "4 phút",
        "2 giờ",
        "2 ngày",
    ]
    assert [size_words(b) for b in (1, 50_000, 400_000, 41 * 2**20)] == ["1 kB", "48 kB", "0,4 MB", "41 MB"]
    assert rate_words(2 * 2**20) == "2,0 MB/giây"
    assert waiting_words(SYNCED) == ""
    assert clock_off_words(299) == ""
    assert clock_off_words(600).startswith("chạy nhanh 10 phút")
