"""A hub of the world: the real hub on a simulated disk, its calls answered without sockets or threads.

Only FastAPI itself is left out: each path leads to the same functions that its handler calls.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from onestop.domain.moment import to_wire
from onestop.errors import Offline, RuleError, StoreError
from onestop.hub import api_blobs, api_join, api_log
from onestop.hub.auth import Frozen, Unknown
from onestop.hub.greeting import greet
from onestop.hub.hub import Hub
from onestop.store.device_view import Standing, readable_blobs, whole_blobs
from onestop.store.hub_store import open_hub_store
from onestop.store.parts import Parts, WrongBytes, WrongOffset, blob_length, finish_part, read_range
from onestop.store.vault import load_key
from onestop.sync import wire
from onestop.sync.line import Answer
from onestop.sync.lines import WireError, b64, from_b64, unpack
from tests.sim.disk import Disk, Disks

Asked = tuple[str, str, bytes, Mapping[str, str], Mapping[str, Any]]
"""Method, path, body, headers, query."""


class HubHere:
    """One hub: root or relay. `clock` is its own; hubs keep time."""

    def __init__(self, name: str, folder: Path, disks: Disks, clock: Callable[[], datetime]) -> None:
        self.name = name
        self.folder = folder
        self._disks = disks
        self._clock = clock
        self.disk: Disk = disks.renew(folder / "onestop.db")
        self.bugs: set[str] = set()
        self.on_start: Callable[[], None] = lambda: None
        self.hub: Hub = self._open()

    def _open(self) -> Hub:
        store = open_hub_store(None, self.folder / "onestop.db", load_key(self.folder))
        hub = Hub(store, None, self.folder, self._clock)
        hub.parts = Parts(self.folder / "parts", hub.secrets.parts, reserve=0)
        return hub

    def close(self) -> None:
        self.hub.close()

    def restart(self) -> None:
        """After a kill: what was committed is there."""
        self.hub.close()
        self.disk.heal()
        self.hub = self._open()
        self.on_start()

    def answer(self, asked: Asked) -> Answer:
        """As over HTTP. A power cut of this hub's own disk comes out as it is."""
        method, path, content, headers, params = asked
        if headers.get("Content-Encoding") == wire.ZSTD:
            content = unpack(content, 2 * wire.MAX_RAW)
        try:
            return self._routed(method, path, content, headers, params)
        except Unknown:
            return Answer(401, {}, b"{}")
        except Frozen:
            return Answer(403, {}, b"{}")
        except StoreError:
            return Answer(503, {"Retry-After": "5"}, b"{}")

    def _routed(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str], params: Mapping[str, Any]
    ) -> Answer:
        if path == wire.NONCE:
            return _json({"nonce": b64(self.hub.gate.make_nonce())})
        if path == wire.TOKEN:
            wish = json.loads(content)
            signed = from_b64(wish["nonce"]), from_b64(wish["signature"])
            if (told := wish.get("statement")) is not None:
                stated = told["body"].encode(), from_b64(told["signature"])
                api_join._recall(self.hub, wish["device"], stated)
            made = self.hub.gate.make_token(wish["device"], *signed)
            return _json({"token": made.text, "until": to_wire(made.until)})
        caller = self.hub.gate.admit(headers.get("Authorization", "").removeprefix("Bearer "))
        if path.startswith(wire.JOURNAL):
            return self._journal(caller, path.rpartition("/")[2], params)
        if path.startswith(wire.BLOBS) and path != wire.HAVE:
            return self._blob(method, caller, path.rpartition("/")[2], content, headers)
        return self._calls[path](self, caller, content, params)

    def _hello(self, caller: Standing, content: bytes, _: Mapping[str, Any]) -> Answer:
        return _json(wire.reply_plain(greet(self.hub, caller, wire.hello_from(json.loads(content)))))

    def _push(self, caller: Standing, content: bytes, _: Mapping[str, Any]) -> Answer:
        try:
            lines = wire.decode_push(content)
        except WireError:
            return Answer(413, {}, b"{}")
        if any(self._is_poison(one.raw) for one in lines):
            return Answer(500, {}, b"{}")
        return Answer(200, {}, wire.encode_receipts(api_log._ingest(self.hub, caller, lines)))

    def _is_poison(self, raw: bytes) -> bool:
        return any(mark.encode() in raw for mark in self.bugs)

    def _pull(self, caller: Standing, _: bytes, params: Mapping[str, Any]) -> Answer:
        after, limit = int(params["after"]), int(params["limit"])
        page = api_log._page(self.hub, caller, after, limit, params.get("own", ""))
        if params.get("epoch") not in ("", page.head.checkpoint.epoch):
            return Answer(409, {}, b"{}")
        return Answer(200, {}, wire.encode_page(page))

    def _journal(self, caller: Standing, dossier: str, params: Mapping[str, Any]) -> Answer:
        page = api_log._journal(self.hub, caller, dossier, int(params["from"]))
        return Answer(404, {}, b"{}") if page is None else Answer(200, {}, wire.encode_page(page))

    def _quarantine(self, caller: Standing, content: bytes, _: Mapping[str, Any]) -> Answer:
        return _json({"ticket": api_log._shelve(self.hub, caller, content)})

    def _health(self, caller: Standing, content: bytes, _: Mapping[str, Any]) -> Answer:
        api_log._note(self.hub, caller, json.loads(content))
        return _json({})

    def _lease(self, caller: Standing, content: bytes, _: Mapping[str, Any]) -> Answer:
        from onestop.hub.shapes import LeaseWish

        wish = LeaseWish.model_validate_json(content)
        try:
            first, last = api_log._lease(self.hub, caller, wish)
        except RuleError:
            return Answer(409, {}, b"{}")
        except PermissionError:
            return Answer(403, {}, b"{}")
        except Offline:
            return Answer(503, {"Retry-After": "60"}, b"{}")
        return _json({"day": wish.day, "first": first, "last": last})

    # --- blobs

    def _have(self, caller: Standing, content: bytes, _: Mapping[str, Any]) -> Answer:
        states = api_blobs._have(self.hub, caller, json.loads(content)["hashes"])
        return _json({digest: state.model_dump() for digest, state in states.items()})

    def _blob(
        self, method: str, caller: Standing, digest: str, content: bytes, headers: Mapping[str, str]
    ) -> Answer:
        with self.hub.store.read() as connection:
            if not readable_blobs(connection, caller.streams, [digest]):
                return Answer(404, {}, b"{}")
        return (
            self._fetch(digest, headers["Range"])
            if method == "GET"
            else self._patch(digest, content, headers)
        )

    def _fetch(self, digest: str, asked: str) -> Answer:
        found = api_blobs._find(self.hub, digest)
        if found is None:
            api_blobs._fetch_above(self.hub, digest)
            return Answer(404, {}, b"{}")
        key, length = found
        first, last = (int(one) for one in asked.removeprefix("bytes=").split("-"))
        last = min(last, length - 1)
        body = b"".join(read_range(self.hub.blobs_folder, digest, key, first, last))
        return Answer(206, {"Content-Range": f"bytes {first}-{last}/{length}"}, body)

    def _patch(self, digest: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        offset, length = int(headers[wire.UPLOAD_OFFSET]), int(headers[wire.UPLOAD_LENGTH])
        if api_blobs._is_whole(self.hub, digest):
            return _json({"offset": length, "complete": True})
        try:
            writer = self.hub.parts.begin(digest, offset, length)
        except WrongOffset as error:
            return _json({"offset": error.offset}, 409)
        writer.write(content)
        writer.flush()
        writer.close()
        if writer.offset == length:
            try:
                finish_part(
                    self.hub.store, self.hub.blobs_folder, self.hub.parts, digest, to_wire(self._clock())
                )
            except WrongBytes:
                return _json({}, wire.HASH_MISMATCH)
        return _json({"offset": writer.offset, "complete": writer.offset == length})

    _calls: ClassVar = {
        wire.HELLO: _hello,
        wire.PUSH: _push,
        wire.PULL: _pull,
        wire.QUARANTINE: _quarantine,
        wire.HEALTH: _health,
        wire.LEASE: _lease,
        wire.HAVE: _have,
    }


def _json(plain: Any, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(plain).encode())


def whole_here(hub: Hub) -> dict[str, int]:
    """Blobs that the hub says it has whole: digest → length."""
    from sqlalchemy import select

    from onestop.store.tables import blobs

    with hub.store.read() as connection:
        asked = select(blobs.c.sha256, blobs.c.length).where(blobs.c.is_whole.is_(True))
        named = {row.sha256: row.length for row in connection.execute(asked)}
        return {digest: named[digest] for digest in whole_blobs(connection, named)}


__all__ = ["Asked", "HubHere", "blob_length", "whole_here"]
