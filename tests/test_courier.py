"""The courier's commands: out of a desk, through the hub, back into the desk."""

import argparse
import builtins
from contextlib import closing
from pathlib import Path

import pytest

from onestop.domain.dossier import State
from onestop.errors import Refused, StoreError
from onestop.hub.courier import run_courier
from onestop.hub.founding import open_hub
from onestop.hub.hub import utc_now
from onestop.paths import Profile
from onestop.store.hub_store import open_hub_store
from onestop.store.vault import load_key
from onestop.sync.courier import run_courier_in, run_courier_out
from tests.office_desk import new_folder, open_seat, reach
from tests.test_hub_backup import attach_scan
from tests.town import Town, count


def wanted(folder: Path, **values: object) -> argparse.Namespace:
    return argparse.Namespace(**({"data_dir": folder, "profile": None, "database": None} | values))


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Data folders of a hub and of a desk joined to it with work to send, and a file on a stick."""
    hub_folder, desk_folder = tmp_path / "hub", tmp_path / "desk"
    seat = open_seat(new_folder(Profile(desk_folder).folder))
    with closing(seat.store), closing(open_hub(Profile(hub_folder, "hub"), None, utc_now)) as hub:
        town = Town(hub.store, hub_folder)
        town.join(seat)
        attach_scan(seat, reach(seat, State.PROCESSING), 1)
    (tmp_path / "stick").mkdir()
    return hub_folder, desk_folder, tmp_path / "stick" / "quay-1.mcb"


def entries_at_hub(folder: Path) -> int:
    profile = Profile(folder, "hub")
    with closing(open_hub_store(None, profile.database, load_key(profile.folder))) as store:
        return count(store, "entries")


def test_out_through_the_hub_and_in(
    places: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, desk, file = places
    assert run_courier_out(wanted(desk, file=file), utc_now()) == 0
    assert "vẫn chờ gửi" in capsys.readouterr().out
    monkeypatch.setattr(builtins, "input", lambda words: "k")
    assert run_courier(wanted(hub, file=file)) == 1
    said = capsys.readouterr().out
    assert "Gói của Quầy 01 (H56.99.88)" in said
    assert "Không có gì thay đổi" in said
    assert entries_at_hub(hub) == 0
    assert run_courier(wanted(hub, file=file, yes=True)) == 0
    said = capsys.readouterr().out
    assert "Tệp giấy tờ: 1 mới" in said
    assert entries_at_hub(hub) > 0
    back = file.with_suffix(".mcr")
    assert run_courier_in(wanted(desk, file=back)) == 0
    assert "Đã nhận biên nhận" in capsys.readouterr().out
    assert run_courier_out(wanted(desk, file=file), utc_now()) == 0
    assert "0 bút ký, 0 tệp giấy tờ" in capsys.readouterr().out


def test_a_bundle_is_no_return_and_a_return_no_bundle(places: tuple[Path, Path, Path]) -> None:
    hub, desk, file = places
    run_courier_out(wanted(desk, file=file), utc_now())
    with pytest.raises(StoreError, match="Không mở được biên nhận"):
        run_courier_in(wanted(desk, file=file))
    run_courier(wanted(hub, file=file, yes=True))
    with pytest.raises(StoreError, match="không mở được"):
        run_courier(wanted(hub, file=file.with_suffix(".mcr"), yes=True))
    with pytest.raises(StoreError, match="Không đọc được"):
        run_courier(wanted(hub, file=file.with_name("none"), yes=True))


def test_a_relay_takes_no_bundle(places: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _, desk, file = places
    run_courier_out(wanted(desk, file=file), utc_now())
    with closing(open_hub(Profile(tmp_path / "relay", "hub"), None, utc_now, is_relay=True)):
        pass
    with pytest.raises(Refused, match="Trạm chuyển tiếp không nhận"):
        run_courier(wanted(tmp_path / "relay", file=file, yes=True))


def test_a_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Chưa có kho dữ liệu"):
        run_courier_out(wanted(tmp_path, file=tmp_path / "a.mcb"), utc_now())
