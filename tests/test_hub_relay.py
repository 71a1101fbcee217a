"""An office's relay between its desks and the root: joined, passed on, answered, across an outage."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hub_process import (
    PRACTICE,
    Caller,
    Running,
    administer,
    caller_of,
    offers_of,
    refused,
    running,
    self_grant,
    stranger,
)
from tests.office_desk import receive, seated


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("root"), "--demo") as hub:
        yield hub


def until(what: str, check: Callable[[], Any], seconds: float = 30) -> Any:
    ends = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < ends, what
        time.sleep(0.2)


def relay_of(root: Running, data: Path) -> None:
    code = root.code(PRACTICE, "--relay")
    said = administer(data, "join", code, root.url)
    assert PRACTICE in said


def at(url: str, caller: Caller) -> Caller:
    return stranger(url, caller.device, caller.key)


def entries(caller: Caller) -> list[Any]:
    return [one for one in caller.pull_all() if one.kind == "entry"]


def test_a_desk_is_heard_in_the_office_and_then_in_the_province(root: Running, tmp_path: Path) -> None:
    relay_of(root, tmp_path / "relay")
    with (
        running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay,
        seated(tmp_path / "desk") as seat,
    ):
        receive(seat)
        here = caller_of(seat.store, root.url)
        here.enrol(root.code(), self_grant=self_grant(seat.store))
        beside = stranger(root.url, "019aa555-0000-7000-8000-000000000001")
        beside.enrol(root.code())
        # The relay knows desks from the statements it pulled.
        local = at(relay.url, here)
        until("the relay knows the desk", lambda: local.ask_token().status_code == 200)
        neighbour = at(relay.url, beside)
        until("the relay knows the other desk", lambda: neighbour.ask_token().status_code == 200)
        receipts = local.sign_in().push(offers_of(seat.store))
        assert {one.verdict for one in receipts} == {"seen"}
        assert all(one.cursor is None and one.place for one in receipts)
        neighbour.sign_in()
        assert [one.offer for one in entries(neighbour)] == offers_of(seat.store)
        above = beside.sign_in()
        until("the root has it", lambda: entries(above))
        back = until(
            "the root's receipt is at the relay",
            lambda: [one for one in neighbour.pull_all() if one.kind == "receipt"],
        )
        assert {one.value["verdict"] for one in back} == {"accepted"}
        assert [one for one in neighbour.pull_all() if one.kind == "head"]


def test_an_office_works_on_while_the_province_is_away(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        with running(tmp_path / "root", "--demo") as root:
            relay_of(root, tmp_path / "relay")
            here = caller_of(seat.store, root.url)
            here.enrol(root.code(), self_grant=self_grant(seat.store))
            with running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay:
                local = at(relay.url, here)
                until("the relay knows the desk", lambda: local.ask_token().status_code == 200)
            url = root.url
        with running(tmp_path / "relay", "--relay", "--upstream", url) as relay:
            receive(seat)
            local = at(relay.url, here).sign_in()
            local.push(offers_of(seat.store))
            assert len(entries(local)) == len(offers_of(seat.store))
            address = url.removeprefix("http://")
            with running(tmp_path / "root", "--listen", address) as root:
                above = at(root.url, here).sign_in()
                until("the root has it", lambda: entries(above), 90)


def test_a_relay_states_nothing(root: Running, tmp_path: Path) -> None:
    relay_of(root, tmp_path / "relay")
    again = refused(tmp_path / "relay", "join", root.code(PRACTICE, "--relay"), root.url)
    assert "chỉ ghi danh một lần" in again
    assert "Làm việc này ở máy chủ gốc" in refused(
        tmp_path / "relay", "enrol", "--office", PRACTICE, "--profile", "relay"
    )


def test_a_relay_that_never_joined_says_so(tmp_path: Path) -> None:
    said = refused(tmp_path, "--relay", "--upstream", "http://127.0.0.1:9")
    assert "hub join" in said
