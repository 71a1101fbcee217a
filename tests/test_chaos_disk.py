"""A disk that is full, under a desk and under a hub: clear words, nothing saved is lost, and once
there is room again everything goes on by itself."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from onestop.paths import Profile
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key
from tests.chaos import evidence
from tests.chaos.machines import Machine, desk_command, free_port, hub_command, wait_for_hub
from tests.hub_process import PRACTICE, Running, administer, running
from tests.office_desk import new_folder

WITHIN = 90.0
pytestmark = pytest.mark.slow


@dataclass
class SmallDisk:
    """A disk of its own with little room. `ballast` is what somebody else left on it."""

    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, but: int = 0) -> None:
        """Until only `but` bytes are free."""
        with suppress(OSError), self.ballast.open("ab", buffering=0) as file:
            while self.free() > but:
                file.write(bytes(min(65536, self.free() - but)))

    def free(self) -> int:
        room = os.statvfs(self.folder)
        return room.f_bavail * room.f_frsize

    def make_room(self) -> None:
        self.ballast.unlink()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[SmallDisk]:
    """A tmpfs at `folder`; the test is skipped in words where none can be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here: a small disk cannot be made")
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "hub", "--demo") as process:
        yield process


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = open_store(folder / "onestop.db", load_key(folder))
    try:
        yield store
    finally:
        store.close()


def wait(machine: Machine, what: str, count: int) -> None:
    """Until it has said this word so many times."""
    until = time.monotonic() + WITHIN
    while len(machine.words(what)) < count:
        assert time.monotonic() < until, machine.said()
        assert not machine.has_ended(), machine.said()
        time.sleep(0.05)


def wait_until_quiet(desk: Machine) -> None:
    until = time.monotonic() + 2 * WITHIN
    while desk.words("at")[-1].split()[2:] != ["0", "0", "0"]:
        assert time.monotonic() < until, desk.said()
        time.sleep(0.1)


def test_a_desk_says_that_its_disk_is_full_and_goes_on_when_there_is_room(
    hub: Running, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        folder = new_folder(disk.folder / "desk")
        words = desk_command(folder, code=hub.code(), url=hub.url, acts=100_000, pause=0.03, plain=True)
        desk = Machine("desk", words, tmp_path)
        desk.start()
        try:
            wait(desk, "saved", 5)
            disk.fill(200_000)
            wait(desk, "refused", 5)
            before = len(desk.words("saved"))
            disk.make_room()
            wait(desk, "saved", before + 5)
            desk.stop()
        finally:
            desk.clean_up()
        said = set(desk.words("refused"))
        assert any("đầy" in one or "Không chép được tệp" in one for one in said), said
        assert all("Kho dữ liệu báo lỗi" not in one for one in said), said
        assert "Traceback" not in desk.complaints.read_text("utf-8"), desk.said()
        with opened(folder) as store:
            evidence.is_undamaged(store)
            evidence.are_there(desk.words("saved"), evidence.ids_at(store), "the desk")
        _sends_the_rest(desk, folder)


def _sends_the_rest(desk: Machine, folder: Path) -> None:
    desk.command[desk.command.index("--acts") + 1] = "0"
    heard = len(desk.lines)
    desk.start()
    desk.hear("at ", after=heard)
    wait_until_quiet(desk)
    desk.stop()
    with opened(folder) as store:
        evidence.nothing_waits(store)


def test_a_hub_on_a_full_disk_asks_desks_to_come_again_and_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "400m") as disk:  # a hub leaves 256 MB to its database
        port = free_port()
        hub = Machine("hub", hub_command(disk.folder / "hub", port, "--demo"), tmp_path)
        hub.start()
        wait_for_hub(hub, port)
        said = administer(disk.folder / "hub", "enrol", "--office", PRACTICE).splitlines()[0]
        options: dict[str, object] = {"code": said.removeprefix("Mã ghi danh: ")}
        options |= {"url": f"http://127.0.0.1:{port}", "acts": 60, "pause": 0.1}
        folder = new_folder(tmp_path / "desk")
        desk = Machine("desk", desk_command(folder, plain=True, **options), tmp_path)
        try:
            desk.start()
            wait(desk, "saved", 6)
            disk.fill()
            wait(desk, "saved", 60)  # a desk works on whatever its hub does
            assert int(desk.words("at")[-1].split()[2]) > 0
            assert hub.process is not None
            assert hub.process.poll() is None, hub.said()
            disk.make_room()
            desk.hurry()
            wait_until_quiet(desk)
            desk.stop()
            hub.stop()
        finally:
            desk.clean_up()
            hub.clean_up()
        _is_all_there(desk, folder, Profile(disk.folder / "hub", "hub").folder)
        errors = hub.complaints.read_text("utf-8", "replace")
        assert "Traceback" not in errors, errors[-3000:]


def _is_all_there(desk: Machine, folder: Path, hub: Path) -> None:
    with opened(folder) as store:
        evidence.is_undamaged(store)
        evidence.nothing_waits(store)
        named = evidence.papers_named(store)
    with opened(hub) as store:
        evidence.hub_is_undamaged(store)
        numbered = evidence.log_is_sound(store)
        evidence.are_there(desk.words("saved"), set(numbered), "the hub")
        assert evidence.blobs_are_sound(store) >= named
