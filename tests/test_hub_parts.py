"""Pieces of a hub by themselves: tokens, certificates, sleepers, grants that go on."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from onestop.domain.moment import VIETNAM, from_wire
from onestop.domain.signing import SigningKey
from onestop.hub.admin import (
    GRANT_LIFE,
    OfficeForm,
    OfficerForm,
    add_office,
    add_officer,
    renew_grants,
    take_back,
)
from onestop.hub.auth import Frozen, Gate, Unknown
from onestop.hub.founding import open_hub
from onestop.hub.hub import Hub
from onestop.hub.tls import (
    fingerprint,
    is_loopback,
    keep_files,
    make_ca,
    make_server_certificate,
    needs_renewal,
)
from onestop.hub.wake import Wake, Watched
from onestop.paths import Profile
from onestop.store.device_view import Standing
from onestop.store.statements import grants_at
from onestop.sync.wire import token_message

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)
DEVICE = "019aa666-0000-7000-8000-000000000001"


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class Register:
    """Devices by id, and how often somebody asked."""

    def __init__(self, public: bytes) -> None:
        self.standing = Standing(DEVICE, public, "H56.12.34", "Quầy 1", False, 1, "")
        self.asked = 0

    def __call__(self, device: str) -> Standing | None:
        self.asked += 1
        return self.standing if device == DEVICE else None

    def stop(self) -> None:
        one = self.standing
        self.standing = Standing(
            one.device, one.public, one.office, one.name, False, 1, "2026-11-20T01:00:00.000Z"
        )


def signed(gate: Gate, key: SigningKey) -> tuple[bytes, bytes]:
    nonce = gate.make_nonce()
    return nonce, key.sign(token_message(nonce))


def test_a_token_lives_for_a_quarter_of_an_hour() -> None:
    key, clock = SigningKey.generate(), Clock()
    gate = Gate(b"k" * 32, clock, Register(key.public))
    token = gate.make_token(DEVICE, *signed(gate, key))
    assert gate.admit(token.text).device == DEVICE
    clock.at += timedelta(minutes=14, seconds=59)
    assert gate.admit(token.text).device == DEVICE
    clock.at += timedelta(seconds=2)
    with pytest.raises(Unknown):
        gate.admit(token.text)


def test_a_nonce_lives_for_a_minute_and_is_no_token() -> None:
    key, clock = SigningKey.generate(), Clock()
    gate = Gate(b"k" * 32, clock, Register(key.public))
    nonce, signature = signed(gate, key)
    clock.at += timedelta(seconds=61)
    with pytest.raises(Unknown):
        gate.make_token(DEVICE, nonce, signature)
    with pytest.raises(Unknown):
        gate.admit(nonce.hex())


@pytest.mark.parametrize("place", [0, 8, 20, -1])
def test_a_changed_token_or_one_of_another_hub_is_none(place: int) -> None:
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    key, clock = SigningKey.generate(), Clock()
    gate = Gate(b"k" * 32, clock, Register(key.public))
    token = gate.make_token(DEVICE, *signed(gate, key)).text
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[place] ^= 1
    with pytest.raises(Unknown):
        gate.admit(urlsafe_b64encode(raw).decode())
    with pytest.raises(Unknown):
        Gate(b"x" * 32, clock, Register(key.public)).admit(token)
    for rubbish in ("", "a", "đ", "=" * 50):
        with pytest.raises(Unknown):
            gate.admit(rubbish)


def test_a_stopped_device_is_out_within_two_seconds() -> None:
    key, clock = SigningKey.generate(), Clock()
    register = Register(key.public)
    gate = Gate(b"k" * 32, clock, register)
    token = gate.make_token(DEVICE, *signed(gate, key)).text
    for _ in range(5):
        gate.admit(token)
    assert register.asked == 2  # once for the token, once for all five calls
    register.stop()
    clock.at += timedelta(seconds=2)
    with pytest.raises(Frozen):
        gate.admit(token)
    with pytest.raises(Frozen):
        gate.make_token(DEVICE, *signed(gate, key))


# --- certificates


def test_the_certificate_is_good_for_its_names_and_made_anew_in_time(tmp_path: Path) -> None:
    ca = make_ca("Máy chủ Một cửa của tỉnh", NOW)
    names = ("hub.example", "192.0.2.7", "::1")
    server = make_server_certificate(ca, names, NOW)
    made = x509.load_pem_x509_certificate(server.certificate.encode())
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(ca.certificate.encode()))
    assert not needs_renewal(server.certificate, names, NOW)
    assert needs_renewal(server.certificate, (*names, "other"), NOW)
    assert needs_renewal(server.certificate, names, NOW + timedelta(days=300))
    assert len(fingerprint(ca.certificate)) == 64
    chain, key = keep_files(tmp_path / "tls", server, ca, "mat-khau")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key, "mat-khau")
    assert b"ENCRYPTED" in key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0


def test_what_is_loopback() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.0.2.7", "x")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


# --- sleepers


class Log:
    """A log that grows when told, with the streams of each record."""

    def __init__(self) -> None:
        self.records: list[frozenset[str]] = []
        self.looks = 0

    async def cursor(self) -> int:
        self.looks += 1
        return len(self.records)

    async def changed(self, wanted: frozenset[str], after: int) -> frozenset[str]:
        return wanted & frozenset().union(*self.records[after:])


def slept(work: object) -> float:
    async def timed() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await work()  # type: ignore[operator]  # a coroutine function of the tests below
        return loop.time() - begun

    return asyncio.run(timed())


def test_only_those_whose_stream_grew_are_woken() -> None:
    log, ended = Log(), []

    async def one(wake: Wake, name: str, seconds: float) -> None:
        await wake.sleep(frozenset({name}), 0, seconds)
        ended.append((name, asyncio.get_running_loop().time()))

    async def work() -> None:
        wake = Wake(Watched(log.cursor, log.changed))
        wake.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(one(wake, "a", 5))
            group.create_task(one(wake, "b", 1.2))
            await asyncio.sleep(0.1)
            log.records.append(frozenset({"a"}))
            wake.ring()
        await wake.stop()

    assert 1.0 < slept(work) < 3
    assert [name for name, _ in ended] == ["a", "b"]
    assert ended[1][1] - ended[0][1] > 0.8


def test_news_between_reading_and_sleeping_is_not_missed() -> None:
    log = Log()

    async def work() -> None:
        wake = Wake(Watched(log.cursor, log.changed))
        wake.start()
        log.records.append(frozenset({"a"}))  # after a reader saw cursor 0, before it sleeps
        await wake.sleep(frozenset({"a"}), 0, 10)
        await wake.stop()

    assert slept(work) < 2


def test_nobody_is_kept_when_the_hub_ends_and_nobody_looks_while_nobody_waits() -> None:
    log = Log()

    async def work() -> None:
        wake = Wake(Watched(log.cursor, log.changed))
        wake.start()
        await asyncio.sleep(0.8)
        assert log.looks == 0
        sleeper = asyncio.create_task(wake.sleep(frozenset({"a"}), 0, 30))
        await asyncio.sleep(0.1)
        wake.end()
        await sleeper
        await wake.sleep(frozenset({"a"}), 0, 30)
        await wake.stop()

    assert slept(work) < 3


# --- grants


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with closing(open_hub(Profile(tmp_path, "hub"), None, lambda: NOW)) as hub:
        add_office(hub, OfficeForm("H56.12.34", "UBND xã Suối Bạc"), NOW)
        for ident in ("sb-an", "sb-binh"):
            add_officer(hub, "H56.12.34", OfficerForm(ident, "Đinh Hoài An", ("reception",), "counter"), NOW)
        yield hub


def in_force(hub: Hub, at: datetime) -> dict[str, datetime]:
    with hub.store.read() as connection:
        return {one.plain["officer"]: from_wire(one.plain["to"]) for one in grants_at(connection, at)}


def test_grants_go_on_while_nobody_is_revoked(hub: Hub) -> None:
    assert renew_grants(hub, NOW + timedelta(days=3)) == 0
    later = NOW + timedelta(days=5)
    assert renew_grants(hub, later) == 2
    assert renew_grants(hub, later) == 0
    assert in_force(hub, later) == dict.fromkeys(("sb-an", "sb-binh"), later + GRANT_LIFE)


def test_a_revoked_officer_gets_no_grant_until_granted_anew(hub: Hub) -> None:
    take_back(hub, "officer", "sb-an", "Nghỉ việc", NOW)
    later = NOW + timedelta(days=5)
    assert renew_grants(hub, later) == 1
    assert set(in_force(hub, later)) == {"sb-binh"}
    add_officer(hub, "H56.12.34", OfficerForm("sb-an", "Đinh Hoài An", ("clerk",), "counter"), later)
    assert set(in_force(hub, later)) == {"sb-an", "sb-binh"}


def test_a_hub_that_slept_for_a_month_grants_again(hub: Hub) -> None:
    later = NOW + timedelta(days=40)
    assert in_force(hub, later) == {}
    assert renew_grants(hub, later) == 2


def test_secrets_differ_and_last(tmp_path: Path, hub: Hub) -> None:
    with closing(open_hub(Profile(tmp_path, "hub"), None, lambda: NOW)) as again:
        assert again.secrets == hub.secrets
        assert again.ledger.log == hub.ledger.log
    with closing(open_hub(Profile(tmp_path, "other"), None, lambda: NOW)) as other:
        assert other.secrets.token != hub.secrets.token
