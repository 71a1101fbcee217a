"""Lines of the world: every call may be lost, cut, doubled or come again much later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from onestop.domain.signing import SigningKey
from onestop.domain.statement import Statement
from onestop.sync import client as client_module
from onestop.sync import wire
from onestop.sync.client import Client
from onestop.sync.happenings import Failure, FailureKind
from onestop.sync.line import Answer
from onestop.sync.transport import LineFailed
from tests.sim.disk import PowerCut
from tests.sim.hub import Asked, HubHere


class Weather(Protocol):
    """What the world decides of one call."""

    random: Random

    def is_struck(self, fault: str) -> bool:
        """Whether this fault happens now; counted when it does."""

    def is_cut_off(self, node: str, hub: str) -> bool: ...
    def meanwhile(self, node: str) -> None:
        """The call is under way; other things happen."""

    def later(self, again: Callable[[], object]) -> None:
        """Keeps a request that the net delivers once more some time."""

    def hub_at(self, name: str) -> HubHere | None:
        """The hub that listens at an address now."""

    def passed(self, seconds: float) -> None: ...


@dataclass(eq=False)
class SimLine:
    """Takes the place of `onestop.sync.line.Line`: HTTP to one address."""

    weather: Weather
    node: str
    address: str
    is_closed: bool = False

    def call(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        limit: int = 0,
        wait: float = 0.0,
        keeps_part: bool = False,
    ) -> Answer:
        asked: Asked = (method, path, content, dict(headers or {}), dict(params or {}))
        weather = self.weather
        hub = weather.hub_at(self.address)
        if self.is_closed or hub is None or weather.is_cut_off(self.node, self.address):
            raise _failed("offline")
        if weather.is_struck("refused"):
            raise _failed("offline")
        if weather.is_struck("request_lost"):
            raise _failed("stalled")
        if method == "PATCH" and weather.is_struck("request_cut"):
            served(weather, hub, _shortened(asked, weather.random))
            raise _failed("offline")
        if method == "PATCH" and content and weather.is_struck("request_flipped"):
            asked = _flipped(asked, weather.random)
        answer = self._served(hub, asked)
        weather.meanwhile(self.node)
        if wait and _is_empty_page(answer):
            weather.passed(wait)
        return self._brought_back(answer, keeps_part)

    def _served(self, hub: HubHere, asked: Asked) -> Answer:
        weather = self.weather
        if weather.is_struck("delivered_again"):
            weather.later(lambda: again(weather, self.address, asked))
        if weather.is_struck("doubled"):
            served(weather, hub, asked)
        if weather.is_struck("hub_killed"):
            hub.disk.cut_after = weather.random.randrange(30)
        answer = served(weather, hub, asked)
        hub.disk.cut_after = None
        if answer is None:
            raise _failed("offline")
        return answer

    def _brought_back(self, answer: Answer, keeps_part: bool) -> Answer:
        weather = self.weather
        if weather.is_struck("answer_lost"):
            raise _failed("stalled")
        if len(answer.body) > 1 and weather.is_struck("answer_cut"):
            if not keeps_part:
                raise _failed("offline")
            cut = weather.random.randrange(1, len(answer.body))
            return Answer(answer.status, answer.headers, answer.body[:cut])
        return answer

    def close(self) -> None:
        self.is_closed = True


def served(weather: Weather, hub: HubHere, asked: Asked) -> Answer | None:
    """What the hub says; None when its own power went, after which it is started again."""
    try:
        return hub.answer(asked)
    except PowerCut:
        if not hub.disk.is_dead:  # another machine's power
            raise
        hub.restart()
        return None


def again(weather: Weather, address: str, asked: Asked) -> None:
    """A request that wandered about comes in once more; nobody waits for the answer."""
    hub = weather.hub_at(address)
    if hub is not None:
        served(weather, hub, asked)


def _shortened(asked: Asked, random: Random) -> Asked:
    method, path, content, headers, params = asked
    return method, path, content[: random.randrange(len(content) + 1)], headers, params


def _flipped(asked: Asked, random: Random) -> Asked:
    """One bit of a scan is another one when it arrives."""
    method, path, content, headers, params = asked
    place = random.randrange(len(content))
    return method, path, content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], headers, params


def _is_empty_page(answer: Answer) -> bool:
    return answer.status == 200 and answer.body.count(b"\n") <= 1


def _failed(kind: FailureKind) -> LineFailed:
    return LineFailed(Failure(kind))


class SimClient(Client):
    """The real client; only its lines are not sockets."""

    def __init__(
        self,
        weather: Weather,
        node: str,
        addresses: list[str],
        device: str,
        key: SigningKey,
        stated: Statement | None = None,
    ) -> None:
        super().__init__((), device, key, stated=stated)
        self._lines = [SimLine(weather, node, address) for address in addresses]  # type: ignore[misc]  # as Line


__all__ = ["SimClient", "SimLine", "again", "client_module", "served", "wire"]
