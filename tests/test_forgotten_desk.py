"""A hub restored from before a desk was enrolled: the desk shows what the hub itself had signed."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from onestop.domain.statement import Statement
from onestop.paths import Profile
from onestop.store.hub_store import open_hub_store
from onestop.store.tables import statements
from onestop.store.trust import own_statement
from onestop.store.vault import load_key
from onestop.sync import wire
from onestop.sync.joined import join_desk, read_hubs
from onestop.sync.lines import b64, from_b64
from tests.hub_process import Caller, Running, caller_of, running
from tests.office_desk import seated


def _forget(hub: Running, device: str) -> None:
    store = open_hub_store(None, Profile(hub.data, "hub").database, load_key(Profile(hub.data, "hub").folder))
    with store.write() as connection:
        connection.execute(statements.delete().where(statements.c.subject == device))
    store.close()


def _ask(hub: Running, wish: dict[str, object]) -> int:
    return httpx.post(f"{hub.url}{wire.TOKEN}", json=wish).status_code


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("hub"), "--demo") as started:
        yield started


def test_a_desk_the_hub_forgot_comes_back_with_what_the_hub_signed(hub: Running, tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        join_desk(seat.office, hub.url, hub.code())
        assert read_hubs(seat.store)
        with seat.store.read() as connection:
            stated = own_statement(connection)
        assert stated is not None
        caller = caller_of(seat.store, hub.url)
        assert caller.ask_token().status_code == 200
        _forget(hub, caller.device)
        assert caller.ask_token().status_code == 401
        assert _ask(hub, _wish(caller, _forged(stated))) == 401
        assert _ask(hub, _wish(caller, stated)) == 200
        assert caller.ask_token().status_code == 200  # and the hub knows it again by itself


def _forged(stated: Statement) -> Statement:
    plain = json.loads(stated.body) | {"name": "Quầy khác"}
    return Statement(stated.id, json.dumps(plain).encode(), stated.signature)


def _wish(caller: Caller, stated: Statement) -> dict[str, object]:
    nonce = from_b64(caller.http.get(wire.NONCE).json()["nonce"])
    signature = caller.key.sign(wire.token_message(nonce))
    told = {"body": stated.body.decode(), "signature": b64(stated.signature)}
    return {"device": caller.device, "nonce": b64(nonce), "signature": b64(signature), "statement": told}
