"""A new office is there whole or not at all; the practice office has a queue in every state."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onestop.domain.dossier import State
from onestop.domain.signing import SigningKey
from onestop.errors import InputError, InputErrors, StoreError
from onestop.office.found import Founding, found_office, found_practice, open_office
from onestop.office.founding import found, is_new
from onestop.office.joining import join_office, new_device
from onestop.office.office import Office
from onestop.office.practice import fill_practice
from onestop.office.work import Worklist
from onestop.paths import Profile
from onestop.store.check import verify_store
from onestop.store.glance import Glance
from onestop.store.peers import ROOT
from onestop.store.store import Store, open_store
from onestop.store.todo import count_todo
from onestop.store.vault import load_key
from tests.hub_desk import Hub, hub_in
from tests.office_desk import RECEPTION, Seat, SteppingClock, reach, receive, seated

NOW = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
FORM = Founding(
    "H56.99.88", "UBND xã Tân Hòa", "UBND TỈNH THANH HÓA", "Tân Hòa", 3, "Quầy 03", "Trần Thị Mai"
)


def make_practice(now: datetime) -> Callable[[Store], object]:
    def make(store: Store) -> None:
        found_practice(store, now)
        fill_practice(open_office(store, lambda: now, lambda: ("boot", 1)), now)

    return make


def test_a_founded_office_opens_with_its_passphrase(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "ward")
    assert is_new(profile)
    found(profile, lambda store: found_office(store, FORM, NOW), "mật khẩu dài")
    assert not is_new(profile)
    assert sorted(path.name for path in profile.folder.iterdir()) == ["onestop.db", "vault.json"]
    assert not profile.database.read_bytes().startswith(b"SQLite")
    store = open_store(profile.database, load_key(profile.folder, "mật khẩu dài"))
    office = open_office(store, lambda: NOW, lambda: ("boot", 1))
    assert (office.officer.name, office.desk.index) == ("Trần Thị Mai", 3)
    store.close()
    with pytest.raises(StoreError, match="không đúng"):
        load_key(profile.folder, "mật khẩu khác")


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "ward")
    bad = Founding("??", "", "", "", 1, "Quầy 01", "")
    with pytest.raises(InputErrors):
        found(profile, lambda store: found_office(store, bad, NOW))
    assert is_new(profile)
    assert list(profile.folder.iterdir()) == []


@pytest.mark.parametrize("moved", [(), ("onestop.db",), ("onestop.db", "vault.json")])
def test_a_power_cut_while_founding_is_finished_at_the_next_start(
    tmp_path: Path, moved: tuple[str, ...]
) -> None:
    made, cut = Profile(tmp_path / "a", "ward"), Profile(tmp_path / "b", "ward")
    found(made, lambda store: found_office(store, FORM, NOW))
    (cut.folder / "founded").mkdir(parents=True)
    for path in made.folder.iterdir():
        target = cut.folder if path.name in moved else cut.folder / "founded"
        path.rename(target / path.name)
    assert not is_new(cut)
    open_store(cut.database, load_key(cut.folder)).close()
    assert not (cut.folder / "founded").exists()


@pytest.mark.parametrize("lost", ["onestop.db", "vault.json"])
def test_a_lost_half_is_named_and_never_made_anew(tmp_path: Path, lost: str) -> None:
    profile = Profile(tmp_path, "ward")
    found(profile, lambda store: found_office(store, FORM, NOW))
    (profile.folder / lost).unlink()
    with pytest.raises(StoreError, match=lost):
        is_new(profile)
    assert not (profile.folder / lost).exists()


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("a file in the way")
    with pytest.raises(StoreError, match="Không ghi được"):
        found(Profile(tmp_path, "ward"), lambda store: None)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 11, 20, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 20, 9, 50, tzinfo=UTC),
        datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
        datetime(2027, 2, 10, 2, 0, tzinfo=UTC),
    ],
)
def test_the_practice_queue_is_varied_and_true(tmp_path: Path, now: datetime) -> None:
    profile = Profile(tmp_path, "practice")
    found(profile, make_practice(now))
    store = open_store(profile.database, load_key(profile.folder))
    report = verify_store(store)
    office = open_office(store, lambda: now, lambda: ("boot", 1))
    glance = Glance(profile.database, load_key(profile.folder))
    mine = Worklist(glance.rows, office.officer, office.catalogue, lambda: now)
    states = Counter(work.row.state for work in mine.newest())
    counts = {tab.key: mine.count(tab.view) for tab in mine.tabs()}
    unsent = count_todo(glance.rows, ROOT).offers
    glance.close()
    store.close()
    assert report.is_clean, report.findings
    assert report.dossiers >= 30
    assert report.entries == unsent
    assert office.last_at is not None
    assert office.last_at.at is not None
    assert office.last_at.at < now
    assert office.clock_trouble() == ""
    wanted = {State.RECEIVED, State.PROCESSING, State.PROPOSED, State.APPROVED, State.SIGNED, State.PAUSED}
    wanted |= {State.COMPLETED, State.HANDED_OUT, State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT}
    assert wanted == set(states)
    assert counts["all"] >= 12
    assert all(counts[key] for key in ("overdue", "soon", "ontime", "paused", "done"))


# ---- a desk founded by a hub ----------------------------------------------------------


def test_a_new_desk_is_founded_by_its_hub_and_works_after_the_first_pull(tmp_path: Path) -> None:
    key, profile = SigningKey.generate(), Profile(tmp_path, "ward")
    with hub_in(tmp_path / "hub") as hub, seated(tmp_path / "old") as old:
        first = hub.join(old)
        reach(first, State.PROCESSING)
        hub.meet(first)
        _give_catalogue(hub, first)
        hub.grant(RECEPTION)
        reply = hub.enrol(new_device(NOW) | {"name": "Quầy 02"}, key.public)
        found(profile, lambda store: join_office(store, reply, key, NOW))
        clock = SteppingClock()
        store = open_store(profile.database, load_key(profile.folder))
        with pytest.raises(StoreError, match="chưa nhận được danh mục"):
            open_office(store, clock, clock.boot)
        hub.pull_all(_seat(store, first.office, clock, profile))
        office = open_office(store, clock, clock.boot, RECEPTION)
        seat = Seat(office, clock, profile.folder)
        hub.hello(seat)
        assert (office.desk.index, office.desk.name) == (2, "Quầy 02")
        assert office.catalogue.officers == first.office.catalogue.officers
        assert office.catalogue.routing == first.office.catalogue.routing != {}
        received = receive(seat)
        assert received.code.endswith("-0351")
        assert [receipt.verdict for receipt in hub.push(seat)] == ["accepted"]
        hub.pull_all(first)
        assert verify_store(store).findings == []
        rows = "SELECT id, code, state FROM dossiers ORDER BY id"
        assert store.rows(rows, {}) == first.store.rows(rows, {})
        with pytest.raises(StoreError, match="đã được thiết lập"):
            join_office(store, reply, key, NOW)
        store.close()


def _seat(store: Store, office: Office, clock: SteppingClock, profile: Profile) -> Seat:
    return Seat(replace(office, store=store), clock, profile.folder)


def _give_catalogue(hub: Hub, seat: Seat) -> None:
    """The rows that a hub gives an office, here those of the practice office."""
    sql = "SELECT kind, key, value FROM reference WHERE kind IN ('agency', 'unit', 'officer', 'routing')"
    for kind, key, value in seat.store.rows(sql, {}):
        plain = json.loads(value)
        hub.put_row(kind, key, {"pairs": [list(p) for p in plain.items()]} if kind == "routing" else plain)


@pytest.mark.parametrize("what", ["signature", "public", "index", "office", "log_key"])
def test_an_answer_that_the_hub_did_not_sign_founds_nothing(tmp_path: Path, what: str) -> None:
    key = SigningKey.generate()
    with hub_in(tmp_path / "hub") as hub:
        reply = hub.enrol(new_device(NOW), key.public)
    told = reply["statement"]
    spoilt: dict[str, dict[str, object]] = {
        "signature": {"statement": told | {"signature": "A" * 86 + "=="}},
        "public": {},
        "index": {"index": 7},
        "office": {"office": "H99.1"},
        "log_key": {"log_key": SigningKey.generate().public.hex()},
    }
    own = SigningKey.generate() if what == "public" else key
    profile = Profile(tmp_path, "ward")
    with pytest.raises(InputError, match="không đúng chữ ký"):
        found(profile, lambda store: join_office(store, reply | spoilt[what], own, NOW))
    assert is_new(profile)
