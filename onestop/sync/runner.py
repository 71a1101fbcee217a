"""The engine with threads: one a lane, and one that alone knows the state.

The conductor takes events from its inbox, steps the engine, hands actions to the lanes and
says where sync stands, at most five times a second. Nobody waits for it: `poke`, `sync_now`
and `stop` only leave a word.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from random import Random

from onestop.errors import OfficeError
from onestop.store.sending import send_again
from onestop.sync import happenings as h
from onestop.sync.engine import step
from onestop.sync.happenings import LaneName
from onestop.sync.node import Node
from onestop.sync.state import Lane, State, lane
from onestop.sync.status import SyncStatus
from onestop.sync.telling import Teller
from onestop.sync.transport import Transport
from onestop.sync.work import perform

REST = 0.2
"""Seconds between two words about the status."""

TELLING_SHARE = 0.05
"""Of the time at most; counting a backlog of weeks takes a while, and rests in proportion."""

STOP_WITHIN = 0.9
IDLE = 60.0

_log = logging.getLogger(__name__)

_POKE, _RETRY = "poke", "retry"
_Word = h.Event | str


def ignore(_: object) -> None:
    """For a driver that shows nothing."""


class Runner:
    """Sync of one node with its hub, from `start` to `stop`; may be started once.

    `on_status` hears where sync stands, `on_news` which dossiers look different now; both are
    called from the conductor's thread and must not wait. `herd`: seconds over which first
    hellos are spread.
    """

    def __init__(
        self,
        node: Node,
        transport: Transport,
        on_status: Callable[[SyncStatus], None] = ignore,
        on_news: Callable[[frozenset[str]], None] = ignore,
        *,
        herd: float = 60.0,
        random: Random | None = None,
    ) -> None:
        self.node = node
        self._transport = transport
        self._on_status = on_status
        self._on_news = on_news
        self._herd = herd
        self._random = random or Random()
        self._inbox: queue.SimpleQueue[_Word] = queue.SimpleQueue()
        self._lanes: dict[LaneName, queue.SimpleQueue[h.Work | None]] = {
            name: queue.SimpleQueue() for name in LaneName
        }
        self._state = State()
        self._teller = Teller(node)
        self._told_at = 0.0
        self._rest = REST
        self._is_untold = True
        self._is_stopping = False
        self._threads = [threading.Thread(target=self._conduct, name="sync", daemon=True)]
        self._threads += [
            threading.Thread(target=self._work, args=(name,), name=f"sync-{name}", daemon=True)
            for name in LaneName
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def poke(self) -> None:
        """Something was recorded here: it goes out at once."""
        self._inbox.put(_POKE)

    def sync_now(self) -> None:
        """Somebody does not want to wait for the next try."""
        self._inbox.put(h.SyncNow())

    def link_up(self) -> None:
        """The system says that there is a line again."""
        self._inbox.put(h.LinkUp())

    def retry(self) -> None:
        """“Gửi lại”: what the hub held or set aside is offered once more."""
        self._inbox.put(_RETRY)

    def stop(self) -> None:
        """Within a second, also in a long poll. What was not answered is asked again next time."""
        self._is_stopping = True
        self._inbox.put(h.Stopped())
        for lane_inbox in self._lanes.values():
            lane_inbox.put(None)
        self._transport.close()
        until = time.monotonic() + STOP_WITHIN
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

    # --- the lanes

    def _work(self, name: LaneName) -> None:
        while (action := self._lanes[name].get()) is not None and not self._is_stopping:
            self._inbox.put(self._done(action))

    def _done(self, action: h.Work) -> h.Outcome:
        try:
            return perform(action, self.node, self._transport)
        except Exception as error:  # a bug of ours must not end the lane for ever: it is told and retried
            if not self._is_stopping:
                _log.exception("sync: %s", type(action).__name__)
            failed: h.Outcome = _FAILED[type(action)](h.Failure("store", type(error).__name__))
            return failed

    # --- the conductor

    def _conduct(self) -> None:
        self._hear(self._started())
        while self._state.is_running:
            word = self._next_word()
            if word is not None:
                self._hear(word)
            self._wake_lanes()
            self._tell()

    def _started(self) -> h.Started:
        todo = self.node.todo()
        return h.Started(todo.offers, todo.blobs, todo.journals, self._herd)

    def _next_word(self) -> _Word | None:
        try:
            return self._inbox.get(timeout=self._patience())
        except queue.Empty:
            return None

    def _patience(self) -> float:
        """Seconds until the next thing is due: a lane, or a word about the status."""
        now = time.monotonic()
        dues = [one.due for one in map(self._lane, LaneName) if one.busy is None and one.due is not None]
        if self._is_untold:
            dues.append(self._told_at + self._rest)
        return max(0.0, min([due - now for due in dues], default=IDLE))

    def _lane(self, name: LaneName) -> Lane:
        return lane(self._state, name)

    def _wake_lanes(self) -> None:
        now = time.monotonic()
        for name in LaneName:
            here = self._lane(name)
            if here.busy is None and here.due is not None and here.due <= now:
                self._step(h.Timer(name))

    def _hear(self, word: _Word) -> None:
        event = word if not isinstance(word, str) else self._counted(word)
        if event is not None:
            self._teller.note(event)
            self._step(event)
        news = self.node.take_news()
        if news:
            self._on_news(news)

    def _counted(self, word: str) -> h.Event | None:
        """What there is to do after an act here; asked of the store in this thread, not the window's."""
        try:
            if word == _RETRY:
                with self.node.store.write() as connection:
                    send_again(connection)
                self._inbox.put(h.SyncNow())
            todo = self.node.todo()
        except OfficeError as error:
            _log.warning("sync: %s", error.title)
            return None
        return h.Wrote(todo.offers, todo.blobs)

    def _step(self, event: h.Event) -> None:
        self._state, actions = step(self._state, event, time.monotonic(), self._random)
        for action in actions:
            if not isinstance(action, h.Wait):
                self._lanes[_LANE_OF[type(action)]].put(action)
        self._is_untold = True

    def _tell(self) -> None:
        began = time.monotonic()
        if not self._is_untold or began - self._told_at < self._rest or not self._state.is_running:
            return
        self._is_untold, self._told_at = False, began
        try:
            status = self._teller.status(self._state, time.monotonic())
        except OfficeError as error:  # the store is busy: the next word will say it
            _log.warning("sync: %s", error.title)
            return
        self._rest = max(REST, (time.monotonic() - began) / TELLING_SHARE)
        if status is not None:
            self._on_status(status)


_LANE_OF: dict[type, LaneName] = {
    h.Hello: LaneName.ENTRIES,
    h.Push: LaneName.ENTRIES,
    h.Quarantine: LaneName.ENTRIES,
    h.Health: LaneName.ENTRIES,
    h.Pull: LaneName.PULL,
    h.Journal: LaneName.PULL,
    h.BlobStep: LaneName.BLOBS,
}
_FAILED: dict[type, Callable[[h.Failure], h.Outcome]] = {
    h.Hello: h.HelloFailed,
    h.Push: h.PushFailed,
    h.Quarantine: h.QuarantineFailed,
    h.Health: h.HealthFailed,
    h.Pull: h.PullFailed,
    h.Journal: h.JournalFailed,
    h.BlobStep: h.BlobFailed,
}
