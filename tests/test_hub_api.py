"""A real hub on loopback: a desk joins, sends, reads; another office sees nothing of it."""

import base64
import io
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from onestop.domain.checkpoint import is_checkpoint_signed
from onestop.domain.merkle import verify_consistency
from onestop.domain.signing import SigningKey
from onestop.domain.statement import read_statement
from onestop.errors import Refused
from onestop.office.deeds import attach
from onestop.office.intake import PaperForm
from onestop.office.papers import keep_paper
from onestop.sync import wire
from onestop.sync.client import Client, enrol
from onestop.sync.lines import pack, unpack
from onestop.sync.packed import unpacking
from onestop.sync.wire import HelloOut
from tests.hub_process import (
    PRACTICE,
    WARD,
    Caller,
    Running,
    administer,
    caller_of,
    offers_of,
    running,
    self_grant,
    stranger,
    text,
)
from tests.office_desk import RECEPTION, Seat, receive, seated

NAME = "0" * 63 + "1"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("hub"), "--demo") as process:
        yield process


_DESKS = iter(range(1, 21))


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """A desk of its own for each test: one hub hears them all."""
    with seated(tmp_path / "desk", next(_DESKS)) as seat:
        yield seat


def joined_desk(hub: Running, seat: Seat) -> Caller:
    caller = caller_of(seat.store, hub.url)
    caller.enrol(hub.code(), self_grant=self_grant(seat.store))
    return caller.sign_in()


_MACHINES = iter(range(1000))


def joined(hub: Running, office: str = PRACTICE, **more: Any) -> Caller:
    """A new machine of an office, signed in."""
    caller = stranger(hub.url, f"019aa000-0000-7000-8000-{next(_MACHINES):012d}")
    caller.enrol(hub.code(office), **more)
    return caller.sign_in()


@dataclass(frozen=True)
class Scanned:
    """A dossier with one scan of random content."""

    dossier: str
    name: str
    content: bytes


def with_scan(seat: Seat, source: Path, length: int = 700_000) -> Scanned:
    content = b"%PDF-1.7\n" + os.urandom(length)
    source.write_bytes(content)
    dossier = receive(seat).id
    ref = keep_paper(seat.office, source)
    paper = PaperForm(ref.sha256, ref.length, ref.mime, "Đơn đề nghị")
    attach(seat.as_(RECEPTION), dossier, (paper,))
    return Scanned(dossier, ref.sha256, content)


@pytest.fixture(scope="module")
def colleague(hub: Running) -> Caller:
    """Another desk of the practice office."""
    return joined(hub)


@pytest.fixture(scope="module")
def ward(hub: Running) -> Caller:
    """A desk of another office."""
    return joined(hub, WARD)


# --- joining


def test_a_code_joins_one_machine_once(hub: Running) -> None:
    caller = stranger(hub.url, "019aa111-0000-7000-8000-000000000001")
    code = hub.code(PRACTICE, "--name", "Quầy 9")
    reply = caller.enrol(code)
    assert (reply["office"], reply["name"]) == (PRACTICE, "Quầy 9")
    signed = reply["statement"]
    stated = read_statement(
        bytes.fromhex(reply["log_key"]), signed["body"].encode(), base64.b64decode(signed["signature"])
    )
    assert stated["public"] == caller.key.public.hex()
    assert caller.enrol(code)["device"] == caller.device  # the answer was lost: the same one asks again
    other = stranger(hub.url, "019aa111-0000-7000-8000-000000000002")
    wish = {"code": code, "public": text(other.key.public), "device": other.device}
    assert other.http.post(wire.ENROL, json=wish).status_code == 401
    wish["code"] = "AAAA-BBBB-CCCC-DDDD"
    assert other.http.post(wire.ENROL, json=wish).status_code == 401


def test_only_the_key_of_the_device_gets_a_token(hub: Running, colleague: Caller) -> None:
    caller = colleague
    thief = stranger(hub.url, caller.device)
    assert thief.ask_token().status_code == 401
    assert stranger(hub.url, "019aa222-0000-7000-8000-00000000000f").ask_token().status_code == 401
    thief.token = caller.token[:-2] + ("AA" if caller.token[-2:] != "AA" else "BB")
    assert thief.call("GET", wire.PULL, params={"after": 0}).status_code == 401
    thief.token = "không phải thẻ".encode().hex()
    assert thief.call("GET", wire.PULL, params={"after": 0}).status_code == 401


CALLS = (
    ("POST", wire.HELLO), ("POST", wire.PUSH), ("GET", f"{wire.PULL}?after=0"),
    ("GET", f"{wire.JOURNAL}/x"), ("POST", wire.HAVE), ("HEAD", f"{wire.BLOBS}/{NAME}"),
    ("PATCH", f"{wire.BLOBS}/{NAME}"), ("GET", f"{wire.BLOBS}/{NAME}"), ("POST", wire.QUARANTINE),
    ("POST", wire.HEALTH), ("POST", wire.LEASE), ("GET", wire.SNAPSHOT),
)  # fmt: skip
BODIES: dict[str, Any] = {
    wire.HELLO: {"device": "x", "incarnation": "0a"},
    wire.HAVE: {"hashes": [NAME]},
    wire.HEALTH: {"counters": {}},
    wire.LEASE: {"day": "2026-11-20", "count": 5},
}
OFFSETS = {wire.UPLOAD_OFFSET: "0", wire.UPLOAD_LENGTH: "3"}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_call_needs_a_token(hub: Running, method: str, path: str) -> None:
    caller = stranger(hub.url)
    answer = caller.http.request(method, path, json=BODIES.get(path), headers=OFFSETS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_device_is_out_at_once(hub: Running) -> None:
    caller = joined(hub)
    assert caller.pull().records
    administer(hub.data, "revoke", "--device", caller.device, "--reason", "Máy bị mất")
    time.sleep(2.1)
    for method, path in CALLS:
        answer = caller.call(method, path, json=BODIES.get(path), headers=OFFSETS)
        assert answer.status_code == 403, (method, path)
    assert caller.ask_token().status_code == 403


# --- the log


def test_what_a_desk_sends_everybody_of_its_office_reads(hub: Running, seat: Seat, colleague: Caller) -> None:
    dossier = receive(seat)
    here, there = joined_desk(hub, seat), colleague
    before = there.pull_all()[-1].cursor
    offers = offers_of(seat.store)
    receipts = here.push(offers)
    assert {one.verdict for one in receipts} == {"accepted"}
    again = here.push(offers)
    assert [(one.id, one.cursor, one.is_repeat) for one in again] == [
        (one.id, one.cursor, True) for one in receipts
    ]
    read = [one for one in there.pull_all(before) if one.kind == "entry"]
    assert [one.offer for one in read] == offers
    page = wire.decode_page(there.call("GET", f"{wire.JOURNAL}/{dossier.id}").content)
    assert [one.offer for one in page.records] == offers


def test_another_office_learns_nothing(hub: Running, seat: Seat, ward: Caller, tmp_path: Path) -> None:
    scan = with_scan(seat, tmp_path / "quet.pdf")
    here = joined_desk(hub, seat)
    here.push(offers_of(seat.store))
    assert here.patch(scan.name, 0, len(scan.content), scan.content).status_code == 200
    assert not [one for one in ward.pull_all() if one.kind == "entry"]
    unknown = "019aa000-0000-7000-8000-ffffffffffff"
    answers = [ward.call("GET", f"{wire.JOURNAL}/{one}") for one in (scan.dossier, unknown)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    states = ward.call("POST", wire.HAVE, json={"hashes": [scan.name, NAME]}).json()
    assert states[scan.name] == states[NAME] == {"state": "missing", "offset": 0, "durable": False}
    for method in ("HEAD", "GET"):
        assert ward.call(method, f"{wire.BLOBS}/{scan.name}").status_code == 404
    assert ward.patch(scan.name, 0, 3, b"abc").status_code == 404
    assert here.call("GET", f"{wire.BLOBS}/{scan.name}").content == scan.content


def test_hello_proves_that_the_past_was_not_rewritten(hub: Running, seat: Seat) -> None:
    receive(seat)
    caller = joined_desk(hub, seat)
    hello = {"device": caller.device, "incarnation": "0a"}
    first = wire.reply_from(caller.call("POST", wire.HELLO, json=hello).json())
    known = first.head.checkpoint
    assert is_checkpoint_signed(first.log_key, first.head)
    caller.push(offers_of(seat.store))
    log = {"log": known.log, "epoch": known.epoch, "cursor": known.cursor, "root": known.root}
    reply = wire.reply_from(caller.call("POST", wire.HELLO, json=hello | {"log": log}).json())
    new = reply.head.checkpoint
    roots = bytes.fromhex(known.root), bytes.fromhex(new.root)
    assert new.cursor > known.cursor
    assert verify_consistency(known.cursor, roots[0], new.cursor, roots[1], list(reply.proof))
    assert not verify_consistency(known.cursor, bytes(32), new.cursor, roots[1], list(reply.proof))
    (head,) = reply.your_head.items()
    assert head[1][0] == len(offers_of(seat.store))
    assert reply.actions == ()


def test_a_desk_that_went_back_is_told(hub: Running, seat: Seat) -> None:
    receive(seat)
    caller = joined_desk(hub, seat)
    caller.push(offers_of(seat.store))
    (row,) = seat.store.rows("SELECT incarnation, seq, entry FROM device_heads", {})
    said = {"device": caller.device, "incarnation": row[0]}
    whole = caller.call("POST", wire.HELLO, json=said | {"heads": {row[0]: [row[1], row[2]]}}).json()
    assert whole["actions"] == []
    behind = caller.call("POST", wire.HELLO, json=said | {"heads": {}}).json()
    assert behind["actions"] == ["rolled_back"]
    other = caller.call("POST", wire.HELLO, json=said | {"heads": {row[0]: [row[1], "0" * 64]}}).json()
    assert other["actions"] == ["reincarnate"]


def test_a_log_of_an_unknown_epoch_is_told_so(colleague: Caller) -> None:
    caller = colleague
    head = caller.pull().head.checkpoint
    log = {"log": head.log, "epoch": "0" * 32, "cursor": 3, "root": "0" * 64}
    said = {"device": caller.device, "incarnation": "0a", "log": log}
    reply = caller.call("POST", wire.HELLO, json=said).json()
    assert (reply["actions"], reply["base"], reply["proof"]) == (["epoch_changed"], 0, [])
    assert caller.call("GET", wire.PULL, params={"after": 3, "epoch": "0" * 32}).status_code == 409
    assert caller.call("POST", wire.HELLO, json=said | {"proto": [99]}).status_code == 409


def test_a_long_poll_ends_with_the_news(hub: Running, seat: Seat, colleague: Caller) -> None:
    receive(seat)
    here, there = joined_desk(hub, seat), colleague
    after = there.pull_all()[-1].cursor
    heard: list[tuple[float, Any]] = []

    def wait() -> None:
        page = there.pull(after, wait=20)
        heard.append((time.monotonic(), page))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.7)
    pushed = time.monotonic()
    here.push(offers_of(seat.store))
    thread.join()
    assert heard[0][0] - pushed < 1.5
    assert [one.kind for one in heard[0][1].records if one.kind == "entry"]


def test_a_long_poll_hears_other_processes_and_not_other_offices(
    hub: Running, colleague: Caller, ward: Caller
) -> None:
    after = max(colleague.pull_all()[-1].cursor, ward.pull_all()[-1].cursor)
    ends: dict[str, float] = {}

    def wait(name: str, caller: Caller, seconds: int) -> None:
        caller.pull(after, wait=seconds)
        ends[name] = time.monotonic()

    wait_there = threading.Thread(target=wait, args=("office", colleague, 20))
    wait_ward = threading.Thread(target=wait, args=("ward", ward, 12))
    begun = time.monotonic()
    for thread in (wait_there, wait_ward):
        thread.start()
    time.sleep(0.5)
    administer(hub.data, "office", "add", PRACTICE, "UBND xã Tân Hòa", "--place", "Tân Hòa mới")
    done = time.monotonic()
    wait_there.join()
    assert ends["office"] < done + 1.5
    wait_ward.join()
    assert ends["ward"] - begun > 11


def test_an_empty_long_poll_ends_in_time(ward: Caller) -> None:
    after = ward.pull_all()[-1].cursor
    begun = time.monotonic()
    assert ward.pull(after + 1000, wait=1).records == ()
    assert 0.9 < time.monotonic() - begun < 10


def test_a_bad_line_does_not_spoil_the_batch(hub: Running, seat: Seat) -> None:
    receive(seat)
    caller = joined_desk(hub, seat)
    offers = offers_of(seat.store)
    lines = [b"khong phai JSON", wire.offer_line(offers[0]), b'{"h": 7}', b'{"statement": {"body": "x"}}']
    answer = caller.call("POST", wire.PUSH, content=b"\n".join(lines))
    verdicts = [one.verdict for one in wire.decode_receipts(answer.content)]
    assert verdicts == ["quarantined", "accepted", "quarantined"]


def test_packed_lines_are_taken_and_given(hub: Running, seat: Seat) -> None:
    receive(seat)
    caller = joined_desk(hub, seat)
    packed = pack(wire.encode_push(offers_of(seat.store)))
    answer = caller.call("POST", wire.PUSH, content=packed, headers={"Content-Encoding": "zstd"})
    assert {one.verdict for one in wire.decode_receipts(answer.content)} == {"accepted"}
    bad = caller.call("POST", wire.PUSH, content=b"rubbish", headers={"Content-Encoding": "zstd"})
    assert bad.status_code == 422
    with caller.http.stream(
        "GET", f"{wire.PULL}?after=0",
        headers={"Authorization": f"Bearer {caller.token}", "Accept-Encoding": "zstd"},
    ) as response:  # fmt: skip
        raw = b"".join(response.iter_raw())
    assert response.headers["Content-Encoding"] == "zstd"
    assert wire.decode_page(unpack(raw, wire.MAX_PAGE)).records


def test_a_fresh_desk_begins_with_a_snapshot_over_a_cut_line(
    hub: Running, seat: Seat, colleague: Caller, ward: Caller
) -> None:
    dossier = receive(seat)
    joined_desk(hub, seat).push(offers_of(seat.store))
    whole = colleague.call("GET", wire.SNAPSHOT)
    assert whole.status_code == 200
    raw, name = whole.content, whole.headers["ETag"]
    lines = [json.loads(line) for line in unpacking(io.BytesIO(raw)).read().splitlines()]
    entries = [one["record"] for one in lines if one.get("record", {}).get("kind") == "entry"]
    assert lines[0]["entries"] == len(entries) > 0
    assert dossier.id in {json.loads(one["h"])["dos"] for one in entries}
    rest = {"Range": "bytes=1000-", "If-Range": name}
    again = colleague.call("GET", wire.SNAPSHOT, headers=rest)
    assert (again.status_code, again.content, again.headers["ETag"]) == (206, raw[1000:], name)
    gone = colleague.call("GET", wire.SNAPSHOT, headers=rest | {"If-Range": f'"{"0" * 64}"'})
    assert gone.status_code == 200  # another file: from its beginning
    other = unpacking(io.BytesIO(ward.call("GET", wire.SNAPSHOT).content)).read()
    assert dossier.id.encode() not in other
    foreign = ward.call("GET", wire.SNAPSHOT, headers=rest)
    assert foreign.status_code == 200
    assert foreign.content != raw
    kept = [path.read_bytes() for path in (hub.data / "profiles" / "hub" / "snapshots").iterdir()]
    assert kept
    assert not [one for one in kept if raw[100:200] in one]


def test_numbers_are_lent_once(hub: Running, colleague: Caller) -> None:
    first, second = colleague, joined(hub)
    day = {"day": "2026-11-23", "count": 50}
    blocks = [one.call("POST", wire.LEASE, json=day).json() for one in (first, second, first)]
    numbers = [number for one in blocks for number in range(one["first"], one["last"] + 1)]
    assert len(numbers) == len(set(numbers)) == 150
    assert first.call("POST", wire.LEASE, json={"day": "2026-02-31", "count": 5}).status_code == 422


def test_counters_and_the_shelf(colleague: Caller) -> None:
    told = {"app": "0.1.0", "counters": {"queue": 3}}
    assert colleague.call("POST", wire.HEALTH, json=told).status_code == 200
    wrong = {"counters": {"Nguyễn Văn A": 3}}
    assert colleague.call("POST", wire.HEALTH, json=wrong).status_code == 422
    answer = colleague.call("POST", wire.QUARANTINE, content=b"khong doc duoc")
    assert len(answer.json()["ticket"]) == 64


# --- blobs


def test_a_scan_arrives_over_a_line_that_breaks(hub: Running, seat: Seat, tmp_path: Path) -> None:
    scan = with_scan(seat, tmp_path / "quet.pdf")
    caller = joined_desk(hub, seat)
    caller.push(offers_of(seat.store))
    name, length = f"{wire.BLOBS}/{scan.name}", len(scan.content)
    assert caller.call("GET", name).status_code == 404
    assert broken_patch(hub, caller, scan, 300_000) == 300_000
    head = caller.call("HEAD", name)
    assert (head.headers[wire.UPLOAD_COMPLETE], head.headers[wire.UPLOAD_OFFSET]) == ("?0", "300000")
    wrong = caller.patch(scan.name, 5, length, scan.content[5:])
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 300_000)
    part = caller.patch(scan.name, 300_000, length, scan.content[300_000:500_000])
    assert part.json() == {"offset": 500_000, "complete": False}
    state = caller.call("POST", wire.HAVE, json={"hashes": [scan.name]}).json()[scan.name]
    assert state == {"state": "part", "offset": 500_000, "durable": False}
    rest = caller.patch(scan.name, 500_000, length, scan.content[500_000:])
    assert rest.json() == {"offset": length, "complete": True}
    assert caller.call("GET", name).content == scan.content
    assert caller.patch(scan.name, 0, length, b"").json()["complete"] is True


def broken_patch(hub: Running, caller: Caller, scan: Scanned, count: int) -> int:
    """A connection that dies after `count` bytes of its body; how many of them the hub kept."""
    url, length = httpx.URL(hub.url), len(scan.content)
    head = (
        f"PATCH {wire.BLOBS}/{scan.name} HTTP/1.1\r\nHost: {url.host}\r\n"
        f"Authorization: Bearer {caller.token}\r\nUpload-Offset: 0\r\n"
        f"Upload-Length: {length}\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port or 80)) as line:
        line.sendall(head.encode() + scan.content[:count])
        time.sleep(0.3)
    for _ in range(50):
        state = caller.call("POST", wire.HAVE, json={"hashes": [scan.name]}).json()[scan.name]
        if state["offset"] >= count:
            break
        time.sleep(0.1)
    return int(state["offset"])


def test_a_new_connection_takes_over_from_a_hanging_one(hub: Running, seat: Seat, tmp_path: Path) -> None:
    scan = with_scan(seat, tmp_path / "quet.pdf")
    caller = joined_desk(hub, seat)
    caller.push(offers_of(seat.store))
    length = len(scan.content)
    headers = {wire.UPLOAD_OFFSET: "0", wire.UPLOAD_LENGTH: str(length)}
    answers: list[httpx.Response] = []
    may_go_on = threading.Event()

    def slow() -> Iterator[bytes]:
        yield scan.content[:300_000]
        may_go_on.wait(20)
        yield scan.content[300_000:]

    def hang() -> None:
        answers.append(caller.call("PATCH", f"{wire.BLOBS}/{scan.name}", headers=headers, content=slow()))

    thread = threading.Thread(target=hang)
    thread.start()
    time.sleep(0.7)
    offset = int(caller.call("HEAD", f"{wire.BLOBS}/{scan.name}").headers[wire.UPLOAD_OFFSET])
    assert 200_000 < offset <= 300_000
    half = caller.patch(scan.name, offset, length, scan.content[offset:400_000])
    assert half.json() == {"offset": 400_000, "complete": False}
    may_go_on.set()
    thread.join()
    assert (answers[0].status_code, answers[0].json()["offset"]) == (409, 400_000)
    rest = caller.patch(scan.name, 400_000, length, scan.content[400_000:])
    assert rest.json()["complete"] is True
    assert caller.call("GET", f"{wire.BLOBS}/{scan.name}").content == scan.content


def test_wrong_bytes_are_refused_and_ranges_are_given(hub: Running, seat: Seat, tmp_path: Path) -> None:
    scan = with_scan(seat, tmp_path / "anh.pdf", 200_000 - 9)
    caller, content = joined_desk(hub, seat), scan.content
    caller.push(offers_of(seat.store))
    path = f"{wire.BLOBS}/{scan.name}"
    assert caller.patch(scan.name, 0, len(content), bytes(len(content))).status_code == 460
    assert caller.call("HEAD", path).headers[wire.UPLOAD_OFFSET] == "0"
    assert caller.patch(scan.name, 0, len(content), content).json()["complete"] is True
    for asked, wanted in (
        ("bytes=0-0", content[:1]),
        ("bytes=65530-65545", content[65530:65546]),
        ("bytes=199999-", content[199_999:]),
        ("bytes=0-99999999", content),
    ):
        answer = caller.call("GET", path, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, wanted)
    for asked in ("bytes=300000-", "bytes=-5", "rubbish", "bytes=9-3"):
        assert caller.call("GET", path, headers={"Range": asked}).status_code == 416
    assert caller.patch(NAME, 0, 2**40, b"x").status_code == 413


# --- limits and faults


def test_too_large_is_said(colleague: Caller) -> None:
    caller = colleague
    assert caller.call("POST", wire.PUSH, content=bytes(2_000_000)).status_code == 413
    assert caller.call("POST", wire.PUSH, content=b"{}\n" * 501).status_code == 413
    assert caller.call("POST", wire.HAVE, content=bytes(300_000)).status_code == 413
    chunked = (bytes(10_000) for _ in range(200))
    assert caller.call("POST", wire.PUSH, content=chunked).status_code == 413


RUBBISH = (
    b"", b"[", b"{}", b"\xff\xfe", b"[" * 5000, b'{"hashes": ["x"]}',
    b'{"hashes": ["' + b"0" * 63 + b'\\u0000"]}', b'{"device": "\\ud800", "incarnation": 7}',
    b'{"day": "2026-11-23", "count": ' + b"9" * 5000 + b"}",
)  # fmt: skip


@pytest.mark.parametrize("body", RUBBISH)
def test_rubbish_is_no_bug(colleague: Caller, body: bytes) -> None:
    for path in (wire.HELLO, wire.HAVE, wire.HEALTH, wire.LEASE, wire.ENROL, wire.TOKEN):
        answer = colleague.call("POST", path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 400, 422), (path, answer.text)


def test_faults_do_not_repeat_what_was_sent(colleague: Caller) -> None:
    caller = colleague
    answer = caller.call("POST", wire.HAVE, json={"hashes": ["Nguyễn Thị Đặng Hường"]})
    assert answer.status_code == 422
    assert "Hường" not in answer.text


def test_the_page_says_nothing_of_anybody(hub: Running, seat: Seat) -> None:
    receive(seat)
    caller = joined_desk(hub, seat)
    caller.push(offers_of(seat.store))
    answer = httpx.get(hub.url, trust_env=False)
    assert answer.status_code == 200
    assert "Máy chủ đang hoạt động" in answer.text
    for word in ("Lò Thị Đức", "Tân Hòa", "Trần Thị Mai", "038192012345", PRACTICE, caller.device):
        assert word not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_every_call_is_documented(hub: Running) -> None:
    told = httpx.get(f"{hub.url}/sync/v1/openapi.json", trust_env=False).json()
    for method, path in CALLS:
        shown = path.partition("?")[0].replace(f"/{NAME}", "/{sha256}").replace("/x", "/{dossier}")
        described = told["paths"][shown][method.lower()]
        assert {"401", "403", "422", "503"} <= set(described["responses"]), path
        assert described["security"] == [{"HTTPBearer": []}]


def test_the_pinned_authority_and_the_client_of_a_desk(tmp_path: Path) -> None:
    """TLS on an address beyond loopback, joined as a desk does it."""
    with running(tmp_path, "--demo", host="0.0.0.0") as hub:  # noqa: S104,RUF100  a test's own port
        port = hub.url.rpartition(":")[2]
        url = f"https://127.0.0.1:{port}"
        key, device = SigningKey.generate(), "019aa333-0000-7000-8000-000000000001"
        code = hub.code()
        joined = enrol(url, code, key.public, {"device": device, "name": "Quầy TLS"})
        client = Client([joined.address], device, key)
        assert client.hello(HelloOut("0.1.0", device, "0a")).office == PRACTICE
        assert client.pull("", 0, 500, 0).records
        client.close()
        with pytest.raises(Refused):
            enrol(url, code[:-16] + "0" * 16, key.public, {"device": device})
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, trust_env=False)
