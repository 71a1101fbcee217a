"""What each action does, on a real desk and a real root's store; the line between is two function calls.

The line can lose an answer after the hub committed, refuse, or break, as a test decides.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pytest

from onestop.domain.code import CodeRange
from onestop.domain.entry import BlobRef, entry_id
from onestop.domain.moment import to_wire
from onestop.domain.offer import Offer, Page
from onestop.domain.statement import Statement
from onestop.office.deeds import attach
from onestop.office.intake import PaperForm
from onestop.office.papers import keep_paper
from onestop.store.blob_stream import NotTheBlob, desk_parts, keep_whole, read_piece, take_piece
from onestop.store.ledger import (
    POLICY,
    head_of,
    ingest,
    office_stream,
    open_ledger,
    proof_between,
    read_journal_page,
    read_page,
)
from onestop.store.moves import queue_downloads
from onestop.store.papers import open_blob
from onestop.store.peers import ROOT, add_peer, change_peer, peer_of
from onestop.store.rows import get_local, keep_serial, put_local
from onestop.store.taking import WANT, wanted_journals
from onestop.sync import happenings as h
from onestop.sync import work
from onestop.sync.happenings import Failure
from onestop.sync.node import Node, Talk
from onestop.sync.papers import ENTRY_FIRST
from onestop.sync.transport import LineFailed, NotThere, Pushed
from onestop.sync.upkeep import needs_lease, serials_left
from onestop.sync.wire import BlobState, HelloOut, HelloReply, Lease
from tests.office_desk import MORNING, Seat, receive, seated
from tests.town import OFFICE, Town, founded

CUT = LineFailed(Failure("offline", "cut"))


@dataclass
class Wire:
    """A Transport whose other side is the store of a root."""

    town: Town
    device: str
    loses_answer: bool = False
    refuses: LineFailed | None = None
    quarantined: list[Offer] = field(default_factory=list)
    hellos: list[HelloOut] = field(default_factory=list)
    blobs: dict[str, bytearray] = field(default_factory=dict)
    whole: dict[str, bytes] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None

    def hello(self, out: HelloOut) -> HelloReply:
        self.hellos.append(out)
        with self.town.store.read() as connection:
            ledger = open_ledger(connection)
            head = head_of(connection, ledger)
            size = out.log["cursor"] if out.log else 0
            proof = proof_between(connection, size, head.checkpoint.cursor) if size else ()
        return HelloReply(
            1,
            to_wire(self.town.now),
            ledger.log,
            ledger.epoch,
            0,
            False,
            head,
            ledger.key.public,
            tuple(proof),
        )

    def push(self, offers: Sequence[Offer], statements: Sequence[Statement] = ()) -> Pushed:
        if self.refuses:
            raise self.refuses
        with self.town.store.write() as connection:
            receipts = ingest(connection, open_ledger(connection), offers, self.device, self.town.now)
        self.meanwhile()
        if self.loses_answer:
            raise CUT
        return Pushed(tuple(receipts), 100)

    def quarantine(self, offer: Offer) -> None:
        if self.refuses:
            raise self.refuses
        self.quarantined.append(offer)

    def pull(self, epoch: str, after: int, limit: int, wait: int) -> Page:
        with self.town.store.read() as connection:
            return read_page(
                connection, open_ledger(connection), [office_stream(OFFICE), POLICY], after, limit
            )

    def doubt_own(self) -> None:
        """This line gives whole entries always."""

    def journal(self, dossier: str, after: int) -> Page:
        with self.town.store.read() as connection:
            page = read_journal_page(connection, open_ledger(connection), dossier, after)
        if not page.records:
            raise NotThere
        return page

    def have(self, digests: Sequence[str]) -> dict[str, BlobState]:
        return {one: self._state(one) for one in digests}

    def _state(self, digest: str) -> BlobState:
        if digest in self.whole:
            return BlobState("have", 0, True)
        return BlobState("part", len(self.blobs.get(digest, b"")))

    def patch(self, digest: str, offset: int, length: int, data: bytes) -> int:
        part = self.blobs.setdefault(digest, bytearray())
        assert offset == len(part)
        if self.refuses:
            part += data[: len(data) // 2]
            raise self.refuses
        part += data
        return len(part)

    def fetch(self, digest: str, first: int, last: int) -> bytes:
        if digest not in self.whole:
            raise NotThere
        return self.whole[digest][first : last + 1]

    def lease(self, day: str, count: int) -> Lease:
        return Lease(day, 7001, 7000 + count)

    def health(self, app: str, counters: Mapping[str, int]) -> None:
        assert all(type(value) is int and value >= 0 for value in counters.values())

    def close(self) -> None:
        pass


@dataclass
class Pair:
    seat: Seat
    town: Town
    node: Node
    wire: Wire

    def do(self, action: h.Work) -> h.Outcome:
        return work.perform(action, self.node, self.wire)

    def count(self, sql: str) -> int:
        return int(self.seat.store.rows(sql, {})[0][0])

    def unsent(self) -> int:
        return self.count("SELECT count(*) FROM outbox WHERE verdict = ''")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    (tmp_path / "hub").mkdir()
    with seated(tmp_path / "desk") as seat, founded(tmp_path / "hub") as town:
        town.join(seat)
        pen = seat.office.pen
        node = Node(seat.store, pen.device, pen.key, seat.clock, seat.clock.boot, app="0.2")
        yield Pair(seat, town, node, Wire(town, pen.device))


def greeted(pair: Pair) -> Pair:
    assert isinstance(pair.do(h.Hello()), h.HelloDone)
    return pair


PUSH = h.Push(50, 2**20)


def test_nothing_is_done_before_hello(pair: Pair) -> None:
    for action, kind in ((PUSH, h.PushFailed), (h.Pull(10, 0), h.PullFailed), (h.BlobStep(9), h.BlobFailed)):
        outcome = pair.do(action)
        assert isinstance(outcome, kind)
        assert outcome.failure.kind == "epoch"


def test_hello_names_the_checkpoint_it_knows_and_counts(pair: Pair) -> None:
    dossiers = [receive(pair.seat).id for _ in range(3)]
    outcome = pair.do(h.Hello())
    assert isinstance(outcome, h.HelloDone)
    assert outcome.waiting == len(dossiers)
    assert pair.wire.hellos[0].log is None
    assert pair.node.talk is not None
    assert pair.node.talk.kind == ROOT
    pair.do(h.Hello())
    assert pair.wire.hellos[-1].log is not None
    assert pair.wire.hellos[-1].log["log"] == pair.node.talk.log
    seqs = [seq for seq, _ in pair.wire.hellos[-1].heads.values()]
    assert seqs == [len(dossiers)]


def test_hello_after_a_start_finds_the_checkpoint_of_the_hub_that_answers(pair: Pair) -> None:
    greeted(pair)
    pair.node.talk = Talk("another log", "relay")
    pair.do(h.Hello())
    assert [out.log is None for out in pair.wire.hellos[-2:]] == [True, False]


@pytest.mark.parametrize(("turns", "done"), [({2}, h.HelloDone), ({2, 4}, h.HelloFailed)])
def test_hubs_that_take_turns_in_answering_are_no_liars(
    pair: Pair, turns: set[int], done: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay went while it was greeted: the proof is asked for anew, of the log that answers."""
    greeted(pair)
    with pair.seat.store.write() as connection:
        root = peer_of(connection, ROOT)
        assert root is not None
        assert root.checkpoint is not None
        add_peer(connection, "relay log", "relay", "epoch", root.public_key)
        beside = replace(root.checkpoint, checkpoint=replace(root.checkpoint.checkpoint, log="relay log"))
        change_peer(connection, "relay log", checkpoint=beside)
    pair.node.talk = Talk("relay log", "relay")
    answered, calls = pair.wire.hello, iter(range(1, 9))

    def hello(out: HelloOut) -> HelloReply:
        reply = answered(out)
        return replace(reply, log="relay log") if next(calls) in turns else reply

    monkeypatch.setattr(pair.wire, "hello", hello)
    assert isinstance(pair.do(h.Hello()), done)
    with pair.seat.store.read() as connection:
        assert get_local(connection, "log_lies") is None
    assert len(pair.wire.hellos) == 5


def test_a_log_that_lies_stops_everything(pair: Pair) -> None:
    greeted(pair)
    with pair.seat.store.write() as connection:
        root = peer_of(connection, ROOT)
        assert root is not None
        assert root.checkpoint is not None
        known = root.checkpoint
        rewritten = replace(known, checkpoint=replace(known.checkpoint, root="ab" * 32))
        change_peer(connection, root.log, checkpoint=rewritten)
    outcome = pair.do(h.Hello())
    assert isinstance(outcome, h.HelloFailed)
    assert outcome.failure.kind == "lies"
    assert outcome.failure.words


def test_push_and_an_answer_that_was_lost(pair: Pair) -> None:
    greeted(pair)
    for _ in range(3):
        receive(pair.seat)
    pair.wire.loses_answer = True
    lost = pair.do(PUSH)
    assert lost == h.PushFailed(Failure("offline", "cut"), 3)
    assert pair.unsent() == 3
    pair.wire.loses_answer = False
    again = pair.do(PUSH)
    assert isinstance(again, h.PushDone)
    assert (again.sent, again.left) == (3, 0)
    assert pair.count("SELECT count(*) FROM entries WHERE cursor IS NOT NULL") == 3
    rows = pair.town.store.rows("SELECT count(*) FROM entries", {})
    assert rows[0][0] == 3
    assert pair.do(PUSH) == h.PushDone(0, 0, 0, 0.0)


def test_the_store_is_free_while_the_line_is_waited_for(pair: Pair) -> None:
    """An officer records while a push hangs: the writer must not be held."""
    greeted(pair)
    receive(pair.seat)
    during: list[str] = []
    pair.wire.meanwhile = lambda: during.append(receive(pair.seat).id)
    outcome = pair.do(PUSH)
    assert isinstance(outcome, h.PushDone)
    assert outcome.left == 1
    assert during


def test_an_entry_that_the_hub_fails_on_is_set_aside(pair: Pair) -> None:
    greeted(pair)
    first = receive(pair.seat)
    receive(pair.seat)
    outcome = pair.do(h.Quarantine())
    assert outcome == h.QuarantineDone(1)
    rows = pair.seat.store.rows("SELECT verdict, trouble FROM outbox ORDER BY entry", {})
    assert [tuple(row) for row in rows] == [("quarantined", "SERVER_BUG"), ("", "")]
    assert len(pair.wire.quarantined) == 1
    assert entry_id(pair.wire.quarantined[0].header)
    verdicts = pair.seat.store.rows("SELECT verdict FROM entries WHERE dossier = :d", {"d": first.id})
    assert verdicts[0][0] == "accepted"  # its own desk still believes it


def test_one_that_no_line_lets_through_is_set_aside_here_alone(pair: Pair) -> None:
    greeted(pair)
    receive(pair.seat)
    pair.wire.refuses = LineFailed(Failure("bug"))
    assert isinstance(pair.do(h.Quarantine()), h.QuarantineFailed)
    assert pair.unsent() == 1
    pair.wire.refuses = LineFailed(Failure("too_big"))
    assert pair.do(h.Quarantine()) == h.QuarantineDone(0)


def test_pull_brings_receipts_and_moves_the_cursor_part_by_part(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    greeted(pair)
    for _ in range(7):
        receive(pair.seat)
    pair.wire.loses_answer = True
    pair.do(PUSH)
    monkeypatch.setattr(work, "PART", 2)
    outcome = pair.do(h.Pull(500, 0))
    assert isinstance(outcome, h.PullDone)
    assert outcome.count >= 7
    assert (outcome.more, outcome.waiting) == (False, 0)
    again = pair.do(h.Pull(500, 0))
    assert isinstance(again, h.PullDone)
    assert again.count == 0


def test_pages_in_parts_are_steps_of_one_cursor(pair: Pair) -> None:
    greeted(pair)
    for _ in range(5):
        receive(pair.seat)
    pair.do(PUSH)
    page = pair.wire.pull("", 0, 500, 0)
    parts = list(work._pages(page))
    assert [record for part in parts for record in part.records] == list(page.records)
    assert parts[-1].next == page.next
    empty = replace(page, records=())
    assert list(work._pages(empty)) == [empty]


def test_a_page_of_another_epoch_asks_for_hello(pair: Pair) -> None:
    greeted(pair)
    with pair.seat.store.write() as connection:
        root = peer_of(connection, ROOT)
        assert root is not None
        change_peer(connection, root.log, epoch="0f" * 16)
    outcome = pair.do(h.Pull(500, 0))
    assert isinstance(outcome, h.PullFailed)
    assert outcome.failure.kind == "epoch"


def test_journals_are_fetched_or_wanted_no_more(pair: Pair) -> None:
    greeted(pair)
    dossier = receive(pair.seat).id
    pair.do(PUSH)
    with pair.seat.store.write() as connection:
        put_local(connection, WANT + dossier, 5)
        put_local(connection, WANT + "no-such-dossier", 5)
    assert pair.node.todo().journals == 2
    first = pair.do(h.Journal())
    second = pair.do(h.Journal())
    assert isinstance(first, h.JournalDone)
    assert isinstance(second, h.JournalDone)
    assert (first.left, second.left) == (1, 0)
    with pair.seat.store.read() as connection:
        assert wanted_journals(connection) == []


def scan(pair: Pair, tmp_path: Path, size: int = 300_000) -> tuple[str, str, bytes]:
    """(dossier, digest, bytes) of a scan that is to go up."""
    content = b"%PDF-1.7\n" + bytes(range(256)) * (size // 256)
    source = tmp_path / "quet.pdf"
    source.write_bytes(content)
    dossier = receive(pair.seat).id
    ref = keep_paper(pair.seat.office, source)
    attach(pair.seat.office, dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Đơn"),))
    return dossier, ref.sha256, content


def answered(pair: Pair) -> None:
    """The hub has said what it thinks of every entry."""
    while isinstance(done := pair.do(h.Push(50, 1 << 20)), h.PushDone) and done.left:
        pass


def test_a_paper_waits_for_the_entry_that_names_it(pair: Pair, tmp_path: Path) -> None:
    """A hub takes no paper that no entry names: its bytes would go in vain."""
    greeted(pair)
    _, digest, content = scan(pair, tmp_path)
    waiting = pair.do(h.BlobStep(400_000))
    assert isinstance(waiting, h.BlobDone)
    assert (waiting.bytes, waiting.left) == (0, 1)
    assert waiting.rest == ENTRY_FIRST
    assert pair.wire.blobs == {}
    answered(pair)
    assert isinstance(pair.do(h.BlobStep(400_000)), h.BlobDone)  # asks what the hub has
    assert isinstance(pair.do(h.BlobStep(400_000)), h.BlobDone)
    assert bytes(pair.wire.blobs[digest]) == content


def test_a_paper_goes_up_from_where_it_was_cut(pair: Pair, tmp_path: Path) -> None:
    greeted(pair)
    _, digest, content = scan(pair, tmp_path)
    answered(pair)
    assert pair.node.todo().blobs == 1
    step = h.BlobStep(100_000)
    asked = pair.do(step)
    assert isinstance(asked, h.BlobDone)
    assert (asked.bytes, asked.left) == (0, 1)
    pair.wire.refuses = CUT
    assert isinstance(pair.do(step), h.BlobFailed)
    pair.wire.refuses = None
    for _ in range(10):
        outcome = pair.do(step)
        assert isinstance(outcome, h.BlobDone)
        if not outcome.left:
            break
    assert bytes(pair.wire.blobs[digest]) == content  # nothing twice, nothing left out
    assert pair.count("SELECT count(*) FROM blob_moves WHERE is_done = 1 AND is_durable = 0") == 1
    pair.wire.whole[digest] = content
    assert pair.do(h.Health()) == h.HealthDone()
    assert pair.count("SELECT count(*) FROM blob_moves WHERE is_durable = 1") == 1


def test_what_the_hub_has_whole_does_not_go(pair: Pair, tmp_path: Path) -> None:
    greeted(pair)
    _, digest, content = scan(pair, tmp_path)
    answered(pair)
    pair.wire.whole[digest] = content
    outcome = pair.do(h.BlobStep(100_000))
    assert isinstance(outcome, h.BlobDone)
    assert (outcome.bytes, outcome.left) == (0, 0)
    assert pair.wire.blobs == {}


def test_a_paper_that_is_damaged_here_does_not_stop_the_others(pair: Pair, tmp_path: Path) -> None:
    greeted(pair)
    _, digest, _ = scan(pair, tmp_path)
    path = pair.seat.store.blobs_folder / digest[:2] / digest
    path.write_bytes(path.read_bytes()[:-40])
    _, other, content = scan(pair, tmp_path, 600_000)
    answered(pair)
    outcomes = [pair.do(h.BlobStep(200_000)) for _ in range(12)]
    assert bytes(pair.wire.blobs[other]) == content
    assert isinstance(outcomes[-1], h.BlobDone)
    assert outcomes[-1].left == 1
    assert outcomes[-1].rest > 100


def test_a_paper_comes_down_in_pieces_and_waits_for_who_has_it(pair: Pair, tmp_path: Path) -> None:
    greeted(pair)
    dossier, _, _ = scan(pair, tmp_path)
    content = b"%PDF-1.4\n" + b"m" * 250_000
    digest = sha256(content).hexdigest()
    with pair.seat.store.write() as connection:
        connection.exec_driver_sql("UPDATE blob_moves SET is_done = 1")
        queue_downloads(connection, dossier, (BlobRef(digest, len(content), "application/pdf", "paper"),))
    assert isinstance(pair.do(h.BlobStep(100_000)), h.BlobDone)  # the hub does not have it yet
    resting = pair.do(h.BlobStep(100_000))
    assert isinstance(resting, h.BlobDone)
    assert 0 < resting.rest <= 2.0
    pair.node.papers.put_off.clear()
    pair.wire.whole[digest] = content
    moved = [pair.do(h.BlobStep(100_000)) for _ in range(3)]
    assert [one.bytes for one in moved if isinstance(one, h.BlobDone)] == [100_000, 100_000, 50_009]
    assert open_blob(pair.seat.store, dossier, digest) == content
    assert dossier in pair.node.take_news()


def test_pieces_are_read_from_any_offset_and_kept_only_when_they_are_the_paper(
    pair: Pair, tmp_path: Path
) -> None:
    _, digest, content = scan(pair, tmp_path, 200_000)
    store = pair.seat.store
    for offset, limit in ((0, 10), (65_535, 2), (65_536, 70_000), (len(content) - 1, 50), (len(content), 9)):
        assert read_piece(store, digest, offset, limit) == (content[offset : offset + limit], len(content))
    parts = desk_parts(tmp_path, b"secret", reserve=0)
    assert take_piece(parts, "ab" * 32, 20, b"%PDF-1.4 no") == 11
    assert take_piece(parts, "ab" * 32, 20, b"t it is.") == 19
    assert take_piece(parts, "ab" * 32, 20, b"!") == 20
    assert b"%PDF" not in (tmp_path / "coming" / f"{'ab' * 32}.part").read_bytes()
    with pytest.raises(NotTheBlob):
        keep_whole(store, parts, "ab" * 32)
    assert parts.offset("ab" * 32) == 0


def test_numbers_are_asked_for_when_the_own_block_is_nearly_used(pair: Pair) -> None:
    greeted(pair)
    day = MORNING.date()
    assert not needs_lease(pair.node, day)
    with pair.seat.store.write() as connection:
        keep_serial(connection, f"code {OFFICE} {day:%y%m%d}", 345)
    assert needs_lease(pair.node, day)
    assert pair.do(h.Health()) == h.HealthDone()
    assert not needs_lease(pair.node, day)


def test_serials_left() -> None:
    own, lent = CodeRange(1, 350), CodeRange(7001, 7100)
    assert serials_left((own, lent), None) == 450
    assert serials_left((own, lent), 350) == 100
    assert serials_left((own, lent), 7099) == 1
    assert serials_left((own, lent), 8001) is None
