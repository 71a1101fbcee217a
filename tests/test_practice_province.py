"""A province to practise with joins by itself; a real hub, or one asked from elsewhere, never does so."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from onestop.errors import Refused, RuleError
from onestop.hub.app import make_app
from onestop.hub.demo import found_demo
from onestop.hub.founding import open_hub
from onestop.hub.hub import Hub, utc_now
from onestop.paths import Profile
from onestop.store.rows import get_local
from onestop.store.store import Store, open_store
from onestop.sync import wire
from onestop.sync.joined import desk_runner, join_new, read_hubs
from onestop.sync.practice import CLOCK_OFFSET, PRACTICE_CODE, join_practice
from onestop.sync.status import SyncStatus
from tests.hub_process import PRACTICE, Running, refused, running

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("root"), "--demo") as hub:
        yield hub


@contextmanager
def desk(folder: Path, url: str) -> Iterator[Store]:
    folder.mkdir(parents=True, exist_ok=True)
    with closing(open_store(folder / "onestop.db", bytes(32))) as store:
        join_practice(store, url, NOW)
        yield store


def until(what: str, is_so: Callable[[], Any], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, what
        time.sleep(0.1)


def test_desks_join_the_root_and_each_has_a_number_and_a_name(root: Running, tmp_path: Path) -> None:
    with desk(tmp_path / "one", root.url) as one, desk(tmp_path / "two", root.url) as two:
        found = []
        for store in (one, two):
            with store.read() as connection:
                assert get_local(connection, "is_practice") is True
                found.append(get_local(connection, "desk"))
        assert [each["name"] for each in found] == ["Quầy 1", "Quầy 2"]
        assert [each["index"] for each in found] == [1, 2]
        assert [hub.url for hub in read_hubs(one)] == [root.url]


def test_a_relay_joins_by_itself_and_hands_on_the_wish_of_a_desk(root: Running, tmp_path: Path) -> None:
    words = ("--demo", "--relay", "--upstream", root.url)
    with running(tmp_path / "relay", *words) as relay, desk(tmp_path / "desk", relay.url) as store:
        assert [hub.url for hub in read_hubs(store)] == [relay.url, root.url]
        said: list[SyncStatus] = []
        runner = desk_runner(store, utc_now, lambda: ("boot", time.monotonic_ns() // 1_000_000),
                             said.append, herd=0.0)  # fmt: skip
        assert runner is not None
        runner.start()
        try:
            until("the desk hears its relay", lambda: said and said[-1].phase == "synced")
        finally:
            runner.stop()
        agencies = store.rows("SELECT count(*) FROM reference WHERE kind = 'agency'", {})
        assert agencies[0][0] == 1
    with running(tmp_path / "relay", *words) as again:  # joined already: nothing is asked again
        assert again.url


def test_a_real_hub_knows_no_such_code(tmp_path: Path) -> None:
    with (
        running(tmp_path / "root") as hub,
        closing(open_store(tmp_path / "desk.db", bytes(32))) as store,
        pytest.raises(Refused),
    ):
        join_new(store, hub.url, PRACTICE_CODE, NOW)


def asked_from(hub: Hub, host: str) -> int:
    wish = {"code": PRACTICE_CODE, "public": "A" * 43 + "=", "device": "019aa000-0000-7000-8000-00000000aaaa"}

    async def ask() -> int:
        line = httpx.ASGITransport(make_app(hub), client=(host, 50_000))
        async with httpx.AsyncClient(transport=line, base_url="http://hub") as client:
            return (await client.post(wire.ENROL, json=wish)).status_code

    return asyncio.run(ask())


def test_another_machine_is_refused(tmp_path: Path) -> None:
    with closing(open_hub(Profile(tmp_path, "hub"), None, lambda: NOW, is_practice=True)) as hub:
        found_demo(hub, NOW)
        assert asked_from(hub, "192.0.2.7") == 401
        assert asked_from(hub, "quay-khac.example") == 401
        assert asked_from(hub, "127.0.0.1") == 200


def test_a_real_hub_refuses_its_own_machine_too(tmp_path: Path) -> None:
    with closing(open_hub(Profile(tmp_path, "hub"), None, lambda: NOW)) as hub:
        assert asked_from(hub, "127.0.0.1") == 401


def test_a_real_hub_never_becomes_one_to_practise_with(tmp_path: Path) -> None:
    with closing(open_hub(Profile(tmp_path, "hub"), None, utc_now)):
        pass
    assert "máy chủ thật" in refused(tmp_path, "--demo", "--listen", "127.0.0.1:0")
    with (
        closing(open_hub(Profile(tmp_path, "hub"), None, utc_now, is_practice=True)) as hub,
        pytest.raises(RuleError),
    ):
        found_demo(hub, NOW)


def test_a_practice_relay_needs_its_root(tmp_path: Path) -> None:
    assert "--upstream" in refused(tmp_path, "--demo", "--relay")
    said = refused(tmp_path, "--demo", "--relay", "--upstream", "http://127.0.0.1:9")
    assert "Chưa ghép được với máy chủ" in said


@pytest.mark.parametrize("is_practice", [True, False])
def test_only_a_practice_hub_lives_at_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_practice: bool
) -> None:
    monkeypatch.setitem(os.environ, CLOCK_OFFSET, str(40 * 86400))
    with closing(open_hub(Profile(tmp_path, "hub"), None, lambda: NOW, is_practice=is_practice)) as hub:
        assert hub.clock() - NOW == (timedelta(days=40) if is_practice else timedelta())


def test_the_office_of_the_code_is_the_practice_office(root: Running) -> None:
    from onestop.hub.practice import OFFICE

    assert OFFICE == PRACTICE
