"""The store: its key, its folder, its version, its disk, its one writer, its lists."""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from onestop.domain.dossier import State
from onestop.domain.work import officer_queue, unit_queue
from onestop.errors import OfficeError, StoreError
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import PartyForm
from onestop.store import migrations
from onestop.store import store as store_module
from onestop.store.check import verify_store
from onestop.store.cipher import connect
from onestop.store.queue import (
    QueueView,
    count_queue,
    find_row,
    list_page,
    queue_anchors,
    queue_page,
    search_page,
)
from onestop.store.rows import (
    DraftRow,
    drop_draft,
    get_local,
    keep_serial,
    last_serial,
    list_drafts,
    put_local,
    save_draft,
)
from onestop.store.store import Store, open_store
from onestop.store.tables import dossiers, metadata
from onestop.store.vault import create_key, has_key, load_key, needs_passphrase
from tests.office_desk import (
    MORNING,
    OWNER,
    RECEPTION,
    SAME_DAY,
    SPECIALIST,
    UNIT,
    Seat,
    form,
    new_folder,
    open_seat,
    reach,
    receive,
    seated,
)

KEY = b"k" * 32
NOBODY = 65534


# ---- the key --------------------------------------------------------------------------


def test_a_wrong_key_is_told_and_harms_nothing(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        receive(seat)
    with pytest.raises(StoreError, match="sai khoá") as caught:
        open_store(tmp_path / "onestop.db", KEY)
    assert "vault.json" in caught.value.message
    seat = open_seat(tmp_path)
    assert verify_store(seat.store).is_clean
    seat.store.close()


@pytest.mark.parametrize("content", [b"rubbish" * 1000, b"SQLite format 3\x00" + b"\x00" * 4080])
def test_a_file_that_is_no_store_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "onestop.db"
    path.write_bytes(content)
    with pytest.raises(StoreError):
        open_store(path, KEY).close()
    assert path.read_bytes() == content


def test_nothing_can_be_read_on_the_disk(tmp_path: Path) -> None:
    """Neither a name nor the header of a database: the file looks like noise."""
    with seated(tmp_path) as seat:
        receive(seat, owner=PartyForm(name="CANARY Ngọc", id_number=OWNER.id_number, address="CANARY"))
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        for path in files:
            content = path.read_bytes()
            assert b"CANARY" not in content
            assert b"SQLite format" not in content
        head = (tmp_path / "onestop.db").read_bytes()[:4096]
        assert len(set(head)) > 200
        assert any(path.name.endswith("-wal") for path in files)


def test_a_passphrase_seals_the_key(tmp_path: Path) -> None:
    key = create_key(tmp_path, passphrase="đồng Tháp Mười")
    assert has_key(tmp_path)
    assert needs_passphrase(tmp_path)
    assert load_key(tmp_path, "đồng Tháp Mười") == key
    assert key.hex() not in (tmp_path / "vault.json").read_text()
    with pytest.raises(StoreError, match="không đúng") as caught:
        load_key(tmp_path, "Đồng Tháp Mười")
    assert caught.value.field == "passphrase"
    with pytest.raises(StoreError, match="đã có khoá"):
        create_key(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "x", "[]", "{}", '{"kept": "file"}', '{"kept": "file", "key": "%"}', '{"kept": "passphrase"}'],
)
def test_a_damaged_vault_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "vault.json").write_text(content)
    with pytest.raises(StoreError, match="bị hỏng"):
        load_key(tmp_path)


def test_a_lost_vault_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Không thấy khoá"):
        load_key(tmp_path)


# ---- the folder -----------------------------------------------------------------------


def as_nobody(work: Callable[[], object]) -> str:
    """The title of the StoreError that `work` ends in, done by a user who owns nothing here.

    Root may write anywhere, so a child of this process gives its rights away first.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "không có lỗi"
        try:
            if os.getuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            work()
        except StoreError as error:
            said = error.title
        except BaseException as error:  # the child must end here, whatever came
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[Path]:
    """A founded office in a folder and files that may be read but not written."""
    folder = new_folder(tmp_path / "desk")
    paths = [tmp_path, *tmp_path.parents]
    opened = [(path, path.stat().st_mode) for path in paths if path.owner() == Path.home().owner()]
    for path, mode in opened:
        if str(path).startswith("/tmp/"):
            path.chmod(mode | 0o055)
    for path in (folder / "onestop.db", folder / "vault.json"):
        path.chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_a_read_only_folder_is_told(locked_folder: Path) -> None:
    key = load_key(locked_folder)

    def work() -> None:
        store = open_store(locked_folder / "onestop.db", key)
        with store.write() as connection:
            put_local(connection, "x", 1)

    assert as_nobody(work) in {"Không ghi được vào kho dữ liệu", "Không mở được tệp kho dữ liệu"}


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_a_folder_in_which_no_store_can_be_made_is_told(locked_folder: Path) -> None:
    made = as_nobody(lambda: open_store(locked_folder / "new" / "onestop.db", KEY))
    assert made == "Không tạo được thư mục dữ liệu"
    beside = as_nobody(lambda: open_store(locked_folder / "other.db", KEY))
    assert beside in {"Không mở được tệp kho dữ liệu", "Không ghi được vào kho dữ liệu"}
    assert as_nobody(lambda: create_key(locked_folder / "vault")) == "Không ghi được vào thư mục dữ liệu"


# ---- the version ----------------------------------------------------------------------


def test_a_store_of_a_newer_program_is_refused_and_untouched(tmp_path: Path) -> None:
    open_store(tmp_path / "onestop.db", KEY).close()
    raw = connect(tmp_path / "onestop.db", KEY)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    before = (tmp_path / "onestop.db").read_bytes()
    with pytest.raises(StoreError, match="mới hơn") as caught:
        open_store(tmp_path / "onestop.db", KEY)
    assert "99" in caught.value.message
    assert (tmp_path / "onestop.db").read_bytes() == before


@contextmanager
def _next_program(monkeypatch: pytest.MonkeyPatch, step: Callable[[Any], None]) -> Iterator[None]:
    """This program with one more step, as a later version will have."""
    newest = migrations.NEWEST + 1
    with monkeypatch.context() as later:
        later.setattr(migrations, "STEPS", (*migrations.STEPS, (newest, "Bước thử", step)))
        later.setattr(migrations, "NEWEST", newest)
        later.setattr(store_module, "NEWEST", newest)
        yield


def test_an_upgrade_keeps_a_copy_that_the_old_program_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seated(tmp_path) as seat:
        code = receive(seat).code
    key = load_key(tmp_path)

    def step(op: Any) -> None:
        op.execute("CREATE TABLE later (n INTEGER PRIMARY KEY)")

    with _next_program(monkeypatch, step):
        upgraded = open_store(tmp_path / "onestop.db", key)
        assert upgraded.rows("SELECT count(*) FROM later", {})[0][0] == 0
        assert upgraded.rows("SELECT code FROM dossiers", {})[0][0] == code
        upgraded.close()
    with pytest.raises(StoreError, match="mới hơn"):
        open_store(tmp_path / "onestop.db", key)
    copy = open_store(tmp_path / f"onestop.v{migrations.NEWEST}.bak", key)
    assert verify_store(copy).is_clean
    assert copy.rows("SELECT code FROM dossiers", {})[0][0] == code
    copy.close()


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seated(tmp_path) as seat:
        receive(seat)

    def step(op: Any) -> None:
        op.execute("CREATE TABLE later (n INTEGER PRIMARY KEY)")
        op.execute("DELETE FROM dossiers")
        op.execute("INSERT INTO nowhere VALUES (1)")

    with _next_program(monkeypatch, step), pytest.raises(StoreError):
        open_store(tmp_path / "onestop.db", load_key(tmp_path))
    seat = open_seat(tmp_path)
    assert verify_store(seat.store).is_clean
    assert seat.store.rows("SELECT count(*) FROM dossiers", {})[0][0] == 1
    assert seat.store.rows("SELECT count(*) FROM sqlite_master WHERE name = 'later'", {})[0][0] == 0
    seat.store.close()


def test_the_migrated_store_has_exactly_the_tables_of_the_program(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(thing: Any, name: str | None, kind: str, is_reflected: bool, other: Any) -> bool:
        return not (kind == "table" and str(name).startswith("search"))

    store = open_store(tmp_path / "onestop.db", KEY)
    with store.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_object": ours}
        )
        assert compare_metadata(context, metadata) == []
        indexes = {
            name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE sql > ''"))
        }
        assert indexes >= {index.name for table in metadata.tables.values() for index in table.indexes}
    store.close()


# ---- the disk -------------------------------------------------------------------------


def _fill(seat: Seat) -> tuple[int, OfficeError]:
    """Receives until the disk is full: how many were said to be saved, and what was said then."""
    for count in range(20_000):
        try:
            receive(seat, note="a" * 20_000)
        except OfficeError as error:
            return count, error
    raise AssertionError("the disk never filled up")


def test_a_store_that_may_not_grow_says_so_and_keeps_what_was_saved(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        with seat.store.write() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count = {pages + 100}"))
        count, error = _fill(seat)
        assert isinstance(error, StoreError)
        assert "đã đầy" in error.title
        assert count > 0
        assert verify_store(seat.store).findings == []
        assert seat.store.rows("SELECT count(*) FROM dossiers", {})[0][0] == count


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 6 MB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    try:
        is_mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        is_mounted = False
    if not is_mounted:
        pytest.skip("mounting a file system needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_work_goes_on_once_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 2_000_000)
    with seated(small_disk / "desk") as seat:
        count, error = _fill(seat)
        assert isinstance(error, StoreError)
        assert "đầy" in error.title or "Ổ đĩa" in error.title
        assert count > 0
        assert seat.store.rows("SELECT count(*) FROM dossiers", {})[0][0] == count
        with pytest.raises(StoreError, match=r"đầy|Không chép được"):
            _keep_large_paper(seat, tmp_path)
        assert list((seat.store.blobs_folder / "tmp").glob("*")) == []
        ballast.unlink()
        receive(seat)
        assert verify_store(seat.store).findings == []
    seat = open_seat(small_disk / "desk")
    assert seat.store.rows("SELECT count(*) FROM dossiers", {})[0][0] == count + 1
    assert verify_store(seat.store).findings == []
    seat.store.close()


def _keep_large_paper(seat: Seat, folder: Path) -> None:
    from onestop.store.papers import keep_blob

    path = folder / "scan.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 8_000_000)
    keep_blob(seat.store, path)


# ---- many at once ---------------------------------------------------------------------


def test_sixteen_threads_of_a_hundred_and_fifty_transactions_lose_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "onestop.db", KEY)

    def work(thread: int) -> None:
        for number in range(150):
            with store.write() as connection:
                keep_serial(connection, "shared", (last_serial(connection, "shared") or 0) + 1)
                put_local(connection, f"{thread}-{number}", number)
            with store.read() as connection:
                assert get_local(connection, f"{thread}-{number}") == number

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))
    with store.read() as connection:
        assert last_serial(connection, "shared") == 16 * 150
    assert store.rows("SELECT count(*) FROM local", {})[0][0] == 16 * 150
    store.close()


def test_officers_in_many_threads_draw_every_code_once(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        with ThreadPoolExecutor(8) as threads:
            received = list(threads.map(lambda _: receive(seat), range(80)))
        assert sorted(d.register_no for d in received) == list(range(1, 81))
        assert len({d.code for d in received}) == 80
        assert verify_store(seat.store).findings == []


def test_two_openers_of_one_file_write_in_turn(tmp_path: Path) -> None:
    one = open_store(tmp_path / "onestop.db", KEY)
    two = open_store(tmp_path / "onestop.db", KEY)

    def work(store: Store) -> None:
        for _ in range(40):
            with store.write() as connection:
                keep_serial(connection, "shared", (last_serial(connection, "shared") or 0) + 1)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, (one, two)))
    with two.read() as connection:
        assert last_serial(connection, "shared") == 80
    one.close()
    two.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "onestop.db", KEY)

    def fail() -> None:
        with store.write() as connection:
            put_local(connection, "half", 1)
            raise KeyError("half-way")

    with pytest.raises(KeyError):
        fail()
    with store.read() as connection:
        assert get_local(connection, "half") is None
    store.close()


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path / "onestop.db", KEY)
    with store.write() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    store.close()


# ---- drafts ---------------------------------------------------------------------------


def test_drafts_survive_and_belong_to_their_officer(tmp_path: Path) -> None:
    with seated(tmp_path) as seat, seat.store.write() as connection:
        for number in range(3):
            at = MORNING + timedelta(minutes=number)
            save_draft(
                connection, DraftRow(f"d{number}", RECEPTION, "Khai sinh", {"name": f"Ý {number}"}, at)
            )
        save_draft(
            connection,
            DraftRow("d1", RECEPTION, "Khai sinh", {"name": "Ý mới"}, MORNING - timedelta(hours=1)),
        )
        save_draft(connection, DraftRow("other", SPECIALIST, "Khác", {}, MORNING))
    seat = open_seat(tmp_path)
    with seat.store.write() as connection:
        drafts = list_drafts(connection, RECEPTION)
        assert [draft.id for draft in drafts] == ["d2", "d0", "d1"]
        assert drafts[-1].value == {"name": "Ý mới"}
        assert drafts[0].saved_at == MORNING + timedelta(minutes=2)
        drop_draft(connection, "d2")
        assert len(list_drafts(connection, RECEPTION)) == 2
        assert len(list_drafts(connection, SPECIALIST)) == 1
    seat.store.close()


# ---- lists ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """1,000 dossiers over three days, half of them sent to a unit."""
    with seated(tmp_path_factory.mktemp("crowded")) as seat:
        for number in range(1000):
            if number % 300 == 299:
                seat.clock.at += timedelta(days=1)
            dossier = receive(seat, procedure=SAME_DAY if number % 7 == 0 else "1.000593")
            if number % 2:
                deeds.forward(
                    seat.as_(RECEPTION), dossier.id, Target(UNIT, SPECIALIST if number % 4 == 1 else "")
                )
        yield seat


VIEWS = [
    QueueView((officer_queue(RECEPTION),)),
    QueueView((unit_queue(UNIT), officer_queue(SPECIALIST))),
    QueueView((unit_queue(UNIT), officer_queue(SPECIALIST), officer_queue(RECEPTION))),
    QueueView((officer_queue(RECEPTION),), lower="2026-11-25", upper="2026-12-01"),
    QueueView((officer_queue(RECEPTION), unit_queue(UNIT)), states=(State.PROCESSING,)),
    QueueView((officer_queue("nobody"),)),
]


def _whole(seat: Seat, view: QueueView) -> list[tuple[str, int]]:
    wanted = select(dossiers.c.queue_at, dossiers.c.n).where(
        dossiers.c.queue.in_(view.queues), dossiers.c.queue_at >= view.lower, dossiers.c.queue_at < view.upper
    )
    if view.states:
        wanted = wanted.where(dossiers.c.state.in_([state.value for state in view.states]))
    with seat.store.read() as connection:
        return [(at, n) for at, n in connection.execute(wanted.order_by(dossiers.c.queue_at, dossiers.c.n))]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("limit", [1, 7, 200, 5000])
def test_pages_by_key_are_the_whole_list(crowded: Seat, view: QueueView, limit: int) -> None:
    rows, whole = crowded.store.rows, _whole(crowded, view)
    assert count_queue(rows, view) == len(whole)
    got: list[tuple[str, int]] = []
    after = ("", -1)
    while page := queue_page(rows, view, after, limit):
        assert len(page) <= limit
        got += [(row.queue_at, row.n) for row in page]
        after = got[-1]
        if limit == 1 and len(got) == 20:
            break
    assert got == whole[: len(got)]
    assert limit == 1 or len(got) == len(whole)


@pytest.mark.parametrize("view", VIEWS)
def test_a_long_list_is_entered_at_any_page(crowded: Seat, view: QueueView) -> None:
    whole = _whole(crowded, view)
    anchors = queue_anchors(crowded.store.rows, view, step=50)
    for number, anchor in enumerate(anchors):
        page = queue_page(crowded.store.rows, view, anchor, 50)
        assert [(row.queue_at, row.n) for row in page] == whole[number * 50 : number * 50 + 50]
    assert len(anchors) == len(whole) // 50 + 1


def test_everything_newest_first(crowded: Seat) -> None:
    got: list[int] = []
    before = None
    while page := list_page(crowded.store.rows, before, 170):
        got += [row.n for row in page]
        before = got[-1]
    assert got == list(range(1000, 0, -1))
    row = find_row(crowded.store.rows, page[0].id if page else list_page(crowded.store.rows, 2)[0].id)
    assert row is not None
    assert row.n == 1
    assert find_row(crowded.store.rows, "no such id") is None


def test_a_queue_page_is_read_from_its_index(crowded: Seat) -> None:
    plan = crowded.store.rows(
        "EXPLAIN QUERY PLAN SELECT n FROM dossiers WHERE queue IN (:q) AND queue_at >= '' AND queue_at < '~' "
        "AND (queue_at, n) > ('', -1) ORDER BY queue_at, n LIMIT 200",
        {"q": officer_queue(RECEPTION)},
    )
    words = " ".join(str(row) for row in plan)
    assert "dossiers_queue" in words
    assert "TEMP B-TREE" not in words


# ---- search ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    with seated(tmp_path_factory.mktemp("searched")) as seat:
        people = ("Đặng Minh Đức", "Nguyễn Đức Huy", "Lò Thị Ơn", "H'Nga Niê", "Đỗ Duy")
        for number, name in enumerate(people):
            phone = f"091234567{number}"
            receive(
                seat, owner=PartyForm(name=name, id_number=f"03819201234{number}", address="x", phone=phone)
            )
        yield seat


def _found(seat: Seat, query: str) -> list[str]:
    return [row.owner_name for row in search_page(seat.store.rows, query)]


DUC = ["Nguyễn Đức Huy", "Đặng Minh Đức"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("duc", DUC),
        ("Đức", DUC),
        ("ĐỨC", DUC),
        ("đuc", DUC),
        (unicodedata.normalize("NFD", "Đức"), DUC),
        ("du", ["Đỗ Duy", *DUC]),
        ("minh duc", ["Đặng Minh Đức"]),
        ("đức  mình", ["Đặng Minh Đức"]),
        ("on", ["Lò Thị Ơn"]),
        ("h'nga", ["H'Nga Niê"]),
        ("038192012343", ["H'Nga Niê"]),
        ("0912345670", ["Đặng Minh Đức"]),
        ("H56.99.88-261120-0003", ["Lò Thị Ơn"]),
        ("261120-0003", ["Lò Thị Ơn"]),
        ("không có ai", []),
        ('"*', ["Đỗ Duy", "H'Nga Niê", "Lò Thị Ơn", *DUC]),
        ("duc AND OR NOT NEAR(", []),
    ],
)
def test_found_with_or_without_marks(searched: Seat, query: str, names: list[str]) -> None:
    assert _found(searched, query) == names


def test_what_was_corrected_is_found_by_its_new_words_only(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        dossier = receive(seat)
        changed = form(owner=PartyForm(name="Trần Thị Mỹ", id_number=OWNER.id_number, address="Tân Hòa"))
        from onestop.office.intake import check_intake

        subject, _ = check_intake(seat.office, changed)
        deeds.correct(seat.as_(RECEPTION), dossier.id, subject, "Sai họ tên")
        assert _found(seat, "my") == ["Trần Thị Mỹ"]
        assert _found(seat, "duc") == []


def test_the_number_of_a_result_is_found(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        reach(seat, State.COMPLETED)
        assert _found(seat, "15/TLKS") == ["Lò Thị Đức"]
