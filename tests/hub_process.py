"""Hubs for tests: the real program in a process of its own, and desks that speak to it by HTTP."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from onestop.domain.offer import Offer
from onestop.domain.signing import SigningKey
from onestop.hub.admin import make_code
from onestop.hub.founding import open_hub
from onestop.hub.hub import utc_now
from onestop.paths import Profile
from onestop.store.rows import get_local
from onestop.store.store import Store
from onestop.sync import wire

ROOT = Path(__file__).resolve().parent.parent
STARTED_WITHIN = 60.0
NOBODY = "019aa000-0000-7000-8000-00000000ffff"
PRACTICE, WARD = "H56.99.88", "H56.99.77"


def command(data: Path, *words: str) -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), "hub", *words, "--data-dir", str(data)]


def administer(data: Path, *words: str, database: str = "") -> str:
    """What a command of `hub` prints; it must succeed."""
    more = ("--database", database) if database else ()
    done = subprocess.run(
        command(data, *words, *more), capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1"}


@dataclass
class Running:
    """A hub's process and where it listens."""

    process: "subprocess.Popen[str]"
    url: str
    data: Path
    database: str

    def code(self, office: str = PRACTICE, *more: str) -> str:
        """Made beside the hub, as `hub enrol` does; by that command itself where its words matter."""
        if not more and self.url.startswith("http://"):
            with closing(open_hub(Profile(self.data, "hub"), self.database or None, utc_now)) as hub:
                return make_code(hub, office, "", hub.clock()).text
        said = administer(self.data, "enrol", "--office", office, *more, database=self.database)
        return said.splitlines()[0].removeprefix("Mã ghi danh: ")


def refused(data: Path, *words: str) -> str:
    """What a command of `hub` says when it cannot be done."""
    done = subprocess.run(
        command(data, *words), capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


@contextmanager
def running(
    data: Path, *words: str, database: str = "", host: str = "127.0.0.1", is_killed: bool = False
) -> Iterator[Running]:
    """A hub until the end of the block; unless the test kills it, it must then stop cleanly on SIGTERM."""
    wanted = ["--listen", f"{host}:0", *words, *(("--database", database) if database else ())]
    with subprocess.Popen(
        command(data, *wanted), stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            yield Running(process, _url(process), data, database)
            if not is_killed:
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0
        finally:
            process.kill()


def _url(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if ": http" in line:
            return line.rpartition(": ")[2].strip()
    raise AssertionError(f"the hub ended: {process.wait()}")


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@dataclass
class Caller:
    """A device that speaks to a hub, by plain calls."""

    http: httpx.Client
    device: str
    key: SigningKey
    token: str = field(default="", repr=False)

    def enrol(self, code: str, **more: Any) -> dict[str, Any]:
        wish = {"code": code.partition(".")[0], "public": text(self.key.public), "device": self.device}
        answer = self.http.post(wire.ENROL, json=wish | more)
        assert answer.status_code == 200, answer.text
        reply: dict[str, Any] = answer.json()
        return reply

    def ask_token(self) -> httpx.Response:
        nonce = base64.b64decode(self.http.get(wire.NONCE).json()["nonce"])
        signature = self.key.sign(wire.token_message(nonce))
        wish = {"device": self.device, "nonce": text(nonce), "signature": text(signature)}
        return self.http.post(wire.TOKEN, json=wish)

    def sign_in(self) -> "Caller":
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["token"]
        return self

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}
        return self.http.request(method, path, headers=headers | more.pop("headers", {}), **more)

    def push(self, offers: Sequence[Offer]) -> list[Any]:
        answer = self.call("POST", wire.PUSH, content=wire.encode_push(offers))
        assert answer.status_code == 200, answer.text
        return wire.decode_receipts(answer.content)

    def pull(self, after: int = 0, wait: int = 0) -> Any:
        answer = self.call("GET", wire.PULL, params={"after": after, "wait": wait})
        assert answer.status_code == 200, answer.text
        return wire.decode_page(answer.content)

    def pull_all(self, after: int = 0) -> list[Any]:
        records: list[Any] = []
        while True:
            page = self.pull(after)
            records += page.records
            after = page.next
            if not page.more:
                return records

    def patch(self, digest: str, offset: int, length: int, content: Any) -> httpx.Response:
        headers = {wire.UPLOAD_OFFSET: str(offset), wire.UPLOAD_LENGTH: str(length)}
        return self.call("PATCH", f"{wire.BLOBS}/{digest}", headers=headers, content=content)


def caller_of(store: Store, url: str) -> Caller:
    """The desk of a store, as it would call a hub."""
    with store.read() as connection:
        desk = get_local(connection, "desk")
    return stranger(url, desk["device"], SigningKey(bytes.fromhex(desk["secret"])))


def self_grant(store: Store) -> str:
    with store.read() as connection:
        grant: str = get_local(connection, "desk")["grant"]
    return grant


def stranger(url: str, device: str = NOBODY, key: SigningKey | None = None) -> Caller:
    # No kept connections: nothing stays open when a test forgets it.
    limits = httpx.Limits(max_keepalive_connections=0)
    http = httpx.Client(base_url=url, timeout=40, trust_env=False, limits=limits)
    return Caller(http, device, key or SigningKey.generate())


def offers_of(store: Store) -> list[Offer]:
    """Everything that a desk recorded, in its order."""
    rows = store.rows("SELECT header, signature, body, salt FROM entries ORDER BY n", {})
    return [Offer(*row) for row in rows]
