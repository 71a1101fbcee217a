"""Every documented call of a real hub under generated requests: no 5xx, nothing without right.

Asked as a stranger, as a desk, as a desk of another office, as a revoked one.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from tests.hub_process import PRACTICE, WARD, Caller, Running, administer, running, stranger

OPEN = {"/", "/sync/v1/enrol", "/sync/v1/nonce", "/sync/v1/token", "/sync/v1/ca"}
EXAMPLES = 12
BUSY = {503, 507}  # said on purpose, with Retry-After


@schemathesis.serializer("application/x-ndjson")
def ndjson(context: object, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("fuzz"), "--demo") as process:
        yield process


@pytest.fixture(scope="module")
def callers(hub: Running) -> dict[str, Caller]:
    found = {"stranger": stranger(hub.url)}
    for number, (who, office) in enumerate((("desk", PRACTICE), ("ward", WARD), ("revoked", PRACTICE))):
        caller = stranger(hub.url, f"019aa777-0000-7000-8000-{number:012d}")
        caller.enrol(hub.code(office))
        found[who] = caller.sign_in()
    administer(hub.data, "revoke", "--device", found["revoked"].device, "--reason", "Máy bị mất")
    return found


WRONG = {"stranger": {401}, "revoked": {401, 403}}


def is_refused(who: str, path: str, status: int) -> bool:
    """Whoever has no right is refused, or told first that the request itself is wrong."""
    return path in OPEN or who not in WRONG or status in {*WRONG[who], 400, 404, 405, 413, 422}


@pytest.mark.slow
@pytest.mark.parametrize("who", ["stranger", "desk", "ward", "revoked"])
def test_no_request_breaks_a_hub(hub: Running, callers: dict[str, Caller], who: str) -> None:
    schema = schemathesis.openapi.from_url(f"{hub.url}/sync/v1/openapi.json")
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        counts = ask_often(operation, callers[who], who)
        asked += sum(counts.values())
        assert counts, operation.label
    assert asked > 17 * EXAMPLES // 2


def ask_often(operation: Any, caller: Caller, who: str) -> dict[int, int]:
    """How often each status came. Fails for a 5xx that is no word of the protocol, and for access."""
    counts: dict[int, int] = {}
    headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if "wait" in (case.query or {}):
            case.query["wait"] = 0
        status = case.call(headers=headers).status_code
        counts[status] = counts.get(status, 0) + 1
        assert status < 500 or status in BUSY, f"{operation.label}: {status}"
        assert is_refused(who, operation.path, status), f"{operation.label}: {status} for {who}"

    ask()
    return counts
