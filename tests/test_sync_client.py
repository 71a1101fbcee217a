"""The line over HTTP: tokens, cuts, stalls, refusals, garbage, pinned authorities."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onestop.domain.checkpoint import Checkpoint, sign_checkpoint
from onestop.domain.offer import Offer, Page, Receipt, Record
from onestop.domain.signing import SigningKey
from onestop.domain.statement import Statement
from onestop.errors import Offline, Refused
from onestop.sync import wire
from onestop.sync.client import Client, enrol
from onestop.sync.happenings import Failure, FailureKind
from onestop.sync.line import Address, fingerprint, require_safe
from onestop.sync.lines import b64, pack, unpack
from onestop.sync.transport import LineFailed, NotThere, WrongBytes, WrongOffset
from tests.stand_in import Answering, Asked, StandIn, Told, plain

KEY = SigningKey(b"\x05" * 32)
HUB_KEY = SigningKey(b"\x06" * 32)
AT = "2026-11-20T01:12:05.123Z"
HEAD = sign_checkpoint(HUB_KEY, Checkpoint("log-1", "ab" * 8, 7, "cd" * 32, AT))
REPLY = wire.HelloReply(1, AT, "log-1", "ab" * 8, 0, False, HEAD, HUB_KEY.public)
OUT = wire.HelloOut("0.2", "desk-1", "0011")
OFFER = Offer(b'{"kind":"receive"}', b"s" * 64, b"{}", b"t" * 16)
RECEIPT = Receipt("ee" * 32, "accepted", 7, None, AT, "")
DIGEST = "ab" * 32


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with StandIn(KEY.public) as made:
        yield made


@pytest.fixture
def client(hub: StandIn) -> Iterator[Client]:
    made = Client([Address(hub.url)], "desk-1", KEY, stall=1.0)
    yield made
    made.close()


def always(told: Told) -> Answering:
    return lambda _: told


def lines(data: bytes, **headers: str) -> Told:
    return Told(200, data, {"Content-Type": wire.NDJSON, **headers})


def failure_of(error: pytest.ExceptionInfo[LineFailed]) -> Failure:
    return error.value.failure


def test_hello_with_a_token(hub: StandIn, client: Client) -> None:
    hub.answer[wire.HELLO] = hub.with_token(always(plain(wire.reply_plain(REPLY))))
    assert client.hello(OUT) == REPLY
    assert client.hello(OUT) == REPLY
    assert hub.paths() == [
        f"GET {wire.NONCE}",
        f"POST {wire.TOKEN}",
        f"POST {wire.HELLO}",
        f"POST {wire.HELLO}",
    ]
    assert wire.hello_from(json.loads(hub.asked[-1].body)) == OUT
    assert hub.connections == 1  # kept alive


def test_a_token_that_is_no_longer_taken_is_renewed_once(hub: StandIn, client: Client) -> None:
    hub.answer[wire.HELLO] = hub.with_token(always(plain(wire.reply_plain(REPLY))))
    client.hello(OUT)
    hub.good_token = "another"
    client.hello(OUT)
    assert hub.paths().count(f"POST {wire.TOKEN}") == 2
    hub.answer[wire.HELLO] = always(Told(401))
    with pytest.raises(LineFailed) as error:
        client.hello(OUT)
    assert failure_of(error).kind == "refused"
    assert hub.paths().count(f"POST {wire.TOKEN}") == 3


def test_three_lanes_fetch_one_token(hub: StandIn, client: Client) -> None:
    hub.answer[wire.HEALTH] = hub.with_token(always(plain({})))
    threads = [threading.Thread(target=client.health, args=("0.2", {"held": 1})) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert hub.paths().count(f"POST {wire.TOKEN}") == 1
    assert hub.paths().count(f"POST {wire.HEALTH}") == 6


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "refused"), (403, "refused"), (404, "version"), (408, "stalled"), (409, "epoch"),
        (413, "too_big"), (429, "busy"), (500, "bug"), (501, "bug"), (502, "busy"), (503, "busy"),
        (504, "busy"), (507, "busy"), (422, "bug"), (302, "offline"),
    ],
)  # fmt: skip
def test_every_status_has_its_word(hub: StandIn, client: Client, status: int, kind: FailureKind) -> None:
    hub.answer[wire.PULL] = always(Told(status, headers={"Location": "http://127.0.0.1:1/login"}))
    with pytest.raises(LineFailed) as error:
        client.pull("ab", 0, 10, 0)
    assert failure_of(error).kind == kind


@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), ("soon", None), ("-3", None), ("", None)])
def test_retry_after(hub: StandIn, client: Client, text: str, seconds: float | None) -> None:
    hub.answer[wire.PULL] = always(Told(503, headers={"Retry-After": text}))
    with pytest.raises(LineFailed) as error:
        client.pull("ab", 0, 10, 0)
    assert failure_of(error) == Failure("busy", "HTTP 503", seconds)


def test_push_is_packed_and_answered_line_by_line(hub: StandIn, client: Client) -> None:
    hub.answer[wire.PUSH] = always(
        lines(pack(wire.encode_receipts([RECEIPT])), **{"Content-Encoding": "zstd"})
    )
    pushed = client.push([OFFER], [Statement("id", b'{"kind":"grant"}', b"g" * 64)])
    assert pushed.receipts == (RECEIPT,)
    assert pushed.bytes == len(hub.asked[-1].body)
    told = wire.decode_push(unpack(hub.asked[-1].body, wire.MAX_RAW))
    assert told[0].statement == {"body": '{"kind":"grant"}', "signature": b64(b"g" * 64)}
    assert told[1].offer == OFFER


def test_receipts_must_answer_the_offers(hub: StandIn, client: Client) -> None:
    hub.answer[wire.PUSH] = always(lines(wire.encode_receipts([RECEIPT, RECEIPT])))
    with pytest.raises(LineFailed) as error:
        client.push([OFFER])
    assert failure_of(error).kind == "bug"


def test_pull(hub: StandIn, client: Client) -> None:
    page = Page((Record(7, "row", "a/b", AT, {"value": None}),), 7, False, HEAD, 3)
    hub.answer[wire.PULL] = always(lines(wire.encode_page(page)))
    assert client.pull("ab" * 8, 4, 200, 0) == page
    assert hub.asked[-1].path == f"{wire.PULL}?epoch={'ab' * 8}&after=4&limit=200&wait=0"


@pytest.mark.parametrize("cut", [0, 1, 40, 120])
def test_a_page_that_is_cut_is_no_page(hub: StandIn, client: Client, cut: int) -> None:
    page = Page((Record(7, "row", "a/b", AT, {"value": None}),), 7, False, HEAD, 3)
    hub.answer[wire.PULL] = always(Told(200, wire.encode_page(page), cut=cut))
    with pytest.raises(LineFailed) as error:
        client.pull("ab", 0, 10, 0)
    assert failure_of(error).kind == "offline"


def test_garbage_is_not_taken_for_a_hub(hub: StandIn, client: Client) -> None:
    hub.answer[wire.HELLO] = always(Told(200, b"<html>Please log in</html>", {"Content-Type": "text/html"}))
    with pytest.raises(LineFailed) as error:
        client.hello(OUT)
    assert failure_of(error).kind == "offline"
    hub.answer[wire.PULL] = always(lines(b"\x00" * 50, **{"Content-Encoding": "zstd"}))
    with pytest.raises(LineFailed) as error:
        client.pull("ab", 0, 10, 0)
    assert failure_of(error).kind == "offline"


def test_answers_have_a_limit(hub: StandIn, client: Client) -> None:
    hub.answer[wire.HAVE] = always(Told(200, b'{"a":"' + b"x" * 400_000 + b'"}'))
    with pytest.raises(LineFailed) as error:
        client.have([DIGEST])
    assert failure_of(error).kind == "bug"
    hub.answer[wire.HAVE] = always(Told(200, pack(b" " * 50_000_000), {"Content-Encoding": "zstd"}))
    with pytest.raises(LineFailed):
        client.have([DIGEST])


def test_a_stall_is_found_and_a_slow_line_is_not_one(hub: StandIn, client: Client) -> None:
    hub.answer[wire.PULL] = always(Told(delay=1.6))
    began = time.monotonic()
    with pytest.raises(LineFailed) as error:
        client.pull("ab", 0, 10, 0)
    assert failure_of(error).kind == "stalled"
    assert time.monotonic() - began < 5
    page = Page((), 7, False, HEAD, 3)
    hub.answer[wire.PULL] = always(Told(200, wire.encode_page(page), delay=1.6))
    assert client.pull("ab", 7, 10, 5) == page  # a long poll may keep still that much longer


def test_nobody_listens() -> None:
    client = Client([Address("http://127.0.0.1:9")], "desk-1", KEY)
    with pytest.raises(LineFailed) as error:
        client.hello(OUT)
    assert failure_of(error).kind == "offline"
    client.close()


def test_the_first_that_answers_is_spoken_to(hub: StandIn) -> None:
    hub.answer[wire.HELLO] = always(plain(wire.reply_plain(REPLY)))
    hub.answer[wire.HEALTH] = always(plain({}))
    client = Client([Address("http://127.0.0.1:9"), Address(hub.url)], "desk-1", KEY)
    assert client.hello(OUT) == REPLY
    client.health("0.2", {})
    assert hub.paths()[-1] == f"POST {wire.HEALTH}"
    with StandIn(KEY.public) as relay:
        relay.answer[wire.HELLO] = always(Told(403))
        both = Client([Address(relay.url), Address("http://127.0.0.1:9")], "desk-1", KEY)
        with pytest.raises(LineFailed) as error:
            both.hello(OUT)
        assert failure_of(error).kind == "refused"  # says more than that nobody listens
        both.close()
    client.close()


def test_close_breaks_off_a_long_poll(hub: StandIn) -> None:
    hub.answer[wire.PULL] = always(Told(delay=4.0))
    client = Client([Address(hub.url)], "desk-1", KEY)
    failures: list[str] = []

    def poll() -> None:
        try:
            client.pull("ab", 0, 10, 25)
        except LineFailed as error:
            failures.append(error.failure.kind)

    thread = threading.Thread(target=poll)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    client.close()
    thread.join(10)
    assert time.monotonic() - began < 5
    assert failures == ["offline"]
    with pytest.raises(LineFailed):
        client.have([DIGEST])


def test_blobs(hub: StandIn, client: Client) -> None:
    hub.answer[wire.HAVE] = always(plain(wire.have_plain({DIGEST: wire.BlobState("part", 5)})))
    assert client.have([DIGEST]) == {DIGEST: wire.BlobState("part", 5)}
    path = f"{wire.BLOBS}/{DIGEST}"
    hub.answer[path] = always(plain({"offset": 9, "complete": False}))
    assert client.patch(DIGEST, 5, 20, b"abcd") == 9
    assert (hub.asked[-1].body, hub.asked[-1].headers["upload-offset"]) == (b"abcd", "5")
    assert hub.asked[-1].headers["upload-length"] == "20"
    hub.answer[path] = always(plain({"offset": 7}, 409))
    with pytest.raises(WrongOffset) as error:
        client.patch(DIGEST, 5, 20, b"abcd")
    assert error.value.offset == 7
    hub.answer[path] = always(Told(460))
    with pytest.raises(WrongBytes):
        client.patch(DIGEST, 5, 20, b"abcd")
    hub.answer[path] = always(Told(404))
    with pytest.raises(NotThere):
        client.patch(DIGEST, 5, 20, b"abcd")
    with pytest.raises(NotThere):
        client.fetch(DIGEST, 0, 3)


def test_what_came_of_a_range_before_the_cut_is_kept(hub: StandIn, client: Client) -> None:
    path = f"{wire.BLOBS}/{DIGEST}"
    body = bytes(range(256)) * 400
    headers = {"Content-Range": f"bytes 10-{10 + len(body) - 1}/999999"}
    hub.answer[path] = always(Told(206, body, headers))
    assert client.fetch(DIGEST, 10, 10 + len(body) - 1) == body
    assert hub.asked[-1].headers["range"] == f"bytes=10-{10 + len(body) - 1}"
    hub.answer[path] = always(Told(206, body, headers, cut=70_000))
    part = client.fetch(DIGEST, 10, 10 + len(body) - 1)
    assert 0 < len(part) <= 70_000
    assert body.startswith(part)


def test_a_hub_that_does_not_keep_to_the_range(hub: StandIn, client: Client) -> None:
    path = f"{wire.BLOBS}/{DIGEST}"
    for told in (Told(200, b"abc"), Told(206, b"abc", {"Content-Range": "bytes 0-2/9"}), Told(206, b"abcde")):
        hub.answer[path] = always(told)
        with pytest.raises(LineFailed):
            client.fetch(DIGEST, 4, 6)


def test_lease_and_journal(hub: StandIn, client: Client) -> None:
    hub.answer[wire.LEASE] = always(plain({"day": "2026-11-20", "first": 1, "last": 50}))
    assert client.lease("2026-11-20", 50) == wire.Lease("2026-11-20", 1, 50)
    with pytest.raises(NotThere):
        client.journal("d-1", 0)


@pytest.mark.parametrize(
    "url", ["http://hub.example.vn", "http://10.0.0.5:8443", "ftp://127.0.0.1", "127.0.0.1:80", "", "http://"]
)
def test_plain_http_beyond_this_machine_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        require_safe(url)
    with pytest.raises(Refused):
        Client([Address(url)], "desk-1", KEY)


# --- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ssl.SSLContext]:
    """(PEM of an authority, a server's context with a certificate by it)."""
    from onestop.hub.tls import make_ca, make_server_certificate

    return _served(make_ca, make_server_certificate, tmp_path_factory.mktemp("tls"))


def _served(make_ca, make_server_certificate, folder: Path) -> tuple[str, ssl.SSLContext]:  # type: ignore[no-untyped-def]  # the hub's own two functions
    now = datetime.now(UTC)
    ca = make_ca("Thử nghiệm", now)
    server = make_server_certificate(ca, ("127.0.0.1", "localhost"), now)
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_text(server.certificate + ca.certificate)
    key.write_text(server.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return ca.certificate, context


def test_pinned_authority(authority: tuple[str, ssl.SSLContext]) -> None:
    pem, context = authority
    with StandIn(KEY.public, context) as hub:
        hub.answer[wire.HELLO] = always(plain(wire.reply_plain(REPLY)))
        good = Client([Address(hub.url, pem)], "desk-1", KEY)
        assert good.hello(OUT) == REPLY
        good.close()
        system = Client([Address(hub.url)], "desk-1", KEY)
        with pytest.raises(LineFailed) as error:
            system.hello(OUT)
        assert failure_of(error).kind == "offline"
        assert "CERTIFICATE_VERIFY_FAILED" in failure_of(error).words
        system.close()


def test_another_authority_is_not_believed(authority: tuple[str, ssl.SSLContext], tmp_path: Path) -> None:
    from onestop.hub.tls import make_ca

    other = make_ca("Kẻ khác", datetime.now(UTC)).certificate
    with StandIn(KEY.public, authority[1]) as hub:
        client = Client([Address(hub.url, other)], "desk-1", KEY)
        with pytest.raises(LineFailed):
            client.hello(OUT)
        assert hub.asked == []
        client.close()


def test_enrol_checks_the_fingerprint_before_it_says_the_code(authority: tuple[str, ssl.SSLContext]) -> None:
    pem, context = authority
    with StandIn(KEY.public, context) as hub:
        hub.answer[wire.AUTHORITY] = always(Told(200, pem.encode(), {"Content-Type": "text/plain"}))
        hub.answer[wire.ENROL] = always(plain({"device": "desk-1", "office": "o"}))
        mark = fingerprint(pem)[:16]
        enrolled = enrol(hub.url, f" ABCD-EFGH.{mark.upper()} ", KEY.public, {"name": "Quầy 1"})
        assert enrolled.reply == {"device": "desk-1", "office": "o"}
        assert enrolled.address == Address(hub.url, pem)
        assert json.loads(hub.asked[-1].body) == {
            "name": "Quầy 1",
            "code": "ABCD-EFGH",
            "public": b64(KEY.public),
        }
        for wrong in ("0" * 16, mark[:8], mark + "00"):
            hub.asked.clear()
            with pytest.raises(Refused) as error:
                enrol(hub.url, f"ABCD-EFGH.{wrong}", KEY.public, {})
            assert error.value.field == "code"
            assert hub.paths() == [f"GET {wire.AUTHORITY}"]


def test_enrol_on_loopback_and_its_refusals(hub: StandIn) -> None:
    hub.answer[wire.ENROL] = always(plain({"device": "d"}))
    assert enrol(hub.url, "ABCD", KEY.public, {}).reply == {"device": "d"}
    hub.answer[wire.ENROL] = always(Told(401))
    with pytest.raises(Refused) as refused:
        enrol(hub.url, "ABCD", KEY.public, {})
    assert refused.value.field == "code"
    with pytest.raises(Offline) as offline:
        enrol("http://127.0.0.1:9", "ABCD", KEY.public, {})
    assert offline.value.field == "address"
    with pytest.raises(Refused):
        enrol("http://10.0.0.1", "ABCD", KEY.public, {})


def test_nothing_of_the_environment_is_followed(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    hub.answer[wire.HEALTH] = always(plain({}))
    client = Client([Address(hub.url)], "desk-1", KEY)
    client.health("0.2", {})
    client.close()


def test_asked_is_what_was_asked(hub: StandIn) -> None:
    assert hub.told(Asked("GET", "/nowhere", {}, b"")).status == 404
