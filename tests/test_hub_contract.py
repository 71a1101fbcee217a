"""Each documented call of a real hub with generated requests, half of them about a real dossier and its
scan: answers are as the schema says, and nothing of one office is ever told to anybody else.

ONESTOP_CONTRACT=200 asks each call so many times as each caller.
"""

import base64
import os
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onestop.domain.entry import entry_id
from onestop.domain.signing import SigningKey
from onestop.office.deeds import add_note, attach
from onestop.office.intake import PaperForm
from onestop.office.papers import keep_paper
from onestop.sync import wire
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
)
from tests.office_desk import RECEPTION, receive, seated

EXAMPLES = int(os.environ.get("ONESTOP_CONTRACT", "4"))
"""Of each call as each caller: six callers make two dozen of each call."""

OPEN = {"/", "/sync/v1/enrol", "/sync/v1/nonce", "/sync/v1/token", "/sync/v1/ca"}
BUSY = {503, 507}
CANARY = "Hoàng yến hót lúc bảy giờ kém năm"
CONFORMS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WITHOUT_RIGHT = {"anonymous", "forged", "thief", "revoked"}
WHO = ["desk", "ward", *sorted(WITHOUT_RIGHT)]

load_all_checks()


@dataclass(frozen=True)
class Planted:
    """A real dossier of the practice office: what only its own office may ever read."""

    dossier: str
    paper: str
    secrets: tuple[bytes, ...]

    def told_in(self, told: bytes) -> list[bytes]:
        return [secret for secret in self.secrets if secret in told]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("contract"), "--demo") as process:
        yield process


@pytest.fixture(scope="module")
def planted(hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("desk")
    content = b"%PDF-1.7\n" + CANARY.encode() + secrets.token_bytes(2000)
    with seated(folder / "desk") as seat:
        dossier = receive(seat).id
        add_note(seat.as_(RECEPTION), dossier, CANARY)
        (folder / "quet.pdf").write_bytes(content)
        ref = keep_paper(seat.office, folder / "quet.pdf")
        attach(seat.as_(RECEPTION), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
        caller = caller_of(seat.store, hub.url)
        caller.enrol(hub.code(), self_grant=self_grant(seat.store))
        offers = offers_of(seat.store)
        caller.sign_in().push(offers)
    assert caller.patch(ref.sha256, 0, len(content), content).json()["complete"]
    ids = [entry_id(offer.header).encode() for offer in offers]
    names = [dossier.encode(), ref.sha256.encode(), "Lò Thị Đức".encode()]
    return Planted(dossier, ref.sha256, (*ids, *names, *written_ways(CANARY)))


def written_ways(words: str) -> list[bytes]:
    """How words may stand in an answer: plain, escaped, or in the middle of base64."""
    raw = words.encode()
    inner = [base64.b64encode(bytes(shift) + raw)[4:-4] for shift in range(3)]
    return [raw, words.encode("unicode_escape"), *inner]


@pytest.fixture(scope="module")
def callers(hub: Running, planted: Planted) -> dict[str, Caller]:
    found = {"anonymous": stranger(hub.url), "forged": stranger(hub.url)}
    for number, (who, office) in enumerate((("desk", PRACTICE), ("ward", WARD), ("revoked", PRACTICE))):
        caller = stranger(hub.url, f"019aa888-0000-7000-8000-{number:012d}")
        caller.enrol(hub.code(office))
        found[who] = caller.sign_in()
    found["forged"].token = _forged(found["desk"].token)
    # Says that it is the desk, and signs with a key of its own.
    found["thief"] = stranger(hub.url, found["desk"].device, SigningKey.generate())
    assert found["thief"].ask_token().status_code == 401
    found["thief"].token = secrets.token_urlsafe(80)
    administer(hub.data, "revoke", "--device", found["revoked"].device, "--reason", "Máy bị mất")
    return found


def _forged(token: str) -> str:
    """A real one with one letter changed in its middle."""
    place = len(token) // 2
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def test_its_own_office_reads_what_was_planted(callers: dict[str, Caller], planted: Planted) -> None:
    """Else the search for secrets would find nothing anywhere."""
    desk = callers["desk"]
    journal = desk.call("GET", f"{wire.JOURNAL}/{planted.dossier}", params={"from": 0})
    scan = desk.call("GET", f"{wire.BLOBS}/{planted.paper}")
    assert planted.told_in(journal.content)
    assert planted.told_in(scan.content)
    assert planted.dossier.encode() in desk.call("GET", wire.PULL, params={"after": 0}).content


def ask(caller: Caller, method: str, path: str, **more: Any) -> httpx.Response:
    """Without a token there is no header at all."""
    return caller.call(method, path, **more) if caller.token else caller.http.request(method, path, **more)


@pytest.mark.parametrize("who", sorted({"ward", *WITHOUT_RIGHT}))
def test_nobody_else_reads_it_by_asking_plainly(
    callers: dict[str, Caller], planted: Planted, who: str
) -> None:
    asked = [
        ask(callers[who], "GET", f"{wire.JOURNAL}/{planted.dossier}", params={"from": 0}),
        ask(callers[who], "GET", f"{wire.BLOBS}/{planted.paper}"),
        ask(callers[who], "HEAD", f"{wire.BLOBS}/{planted.paper}"),
        ask(callers[who], "GET", wire.PULL, params={"after": 0}),
        ask(callers[who], "GET", wire.SNAPSHOT),
        ask(callers[who], "POST", wire.HAVE, json={"hashes": [planted.paper]}),
    ]
    for answer in asked[:3]:
        assert answer.status_code in (401, 403, 404), answer.request.url
    if who in WITHOUT_RIGHT:
        assert {answer.status_code for answer in asked} <= {401, 403}
    have = asked.pop()
    assert have.status_code in (401, 403) or have.json()[planted.paper]["state"] == "missing"
    for answer in asked:
        assert planted.told_in(answer.content + str(answer.headers).encode()) == []


@schemathesis.serializer("application/x-ndjson")
def ndjson(context: object, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


@pytest.mark.slow
@pytest.mark.timeout(0 if EXAMPLES > 10 else 300)
@pytest.mark.parametrize("who", WHO)
def test_answers_are_as_documented_and_tell_nothing_to_others(
    hub: Running, callers: dict[str, Caller], planted: Planted, who: str
) -> None:
    schema = schemathesis.openapi.from_url(f"{hub.url}/sync/v1/openapi.json")
    asked: Counter[str] = Counter()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        asked[operation.label] = ask_often(operation, callers[who], who, planted)
    assert len(asked) >= 15
    assert sum(asked.values()) >= len(asked) * EXAMPLES // 2, asked


def ask_often(operation: Any, caller: Caller, who: str, planted: Planted) -> int:
    """How often one call was made."""
    count = 0
    headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def once(case: Any) -> None:
        nonlocal count
        count += 1
        aim(case, planted, is_real=count % 2 == 1)
        answer = case.call(headers=headers)
        where = f"{case.method} {case.formatted_path} as {who}: {answer.status_code}"
        assert answer.status_code < 500 or answer.status_code in BUSY, where
        case.validate_response(answer, checks=CONFORMS)
        if operation.path in OPEN or who in WITHOUT_RIGHT | {"ward"}:
            told = answer.content + str(dict(answer.headers)).encode()
            assert planted.told_in(told) == [], where
        if who in WITHOUT_RIGHT and operation.path not in OPEN:
            assert answer.status_code >= 400, where

    once()
    return count


def aim(case: Any, planted: Planted, *, is_real: bool) -> None:
    """No request waits for news; half of those that name a dossier or a scan name a real one."""
    if "wait" in (case.query or {}):
        case.query["wait"] = 0
    real = {"dossier": planted.dossier, "sha256": planted.paper}
    for name in case.path_parameters or {}:
        if is_real and name in real:
            case.path_parameters[name] = real[name]


def test_a_secret_is_found_in_whatever_way_it_is_written(planted: Planted) -> None:
    assert planted.told_in(f'{{"note": "{CANARY}"}}'.encode())
    for shift in range(3):
        assert planted.told_in(base64.b64encode(b"x" * shift + f"abc{CANARY}def".encode()))
