"""verify at a hub: nothing on a sound one, something for each edit behind its back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from onestop.store.check_hub import is_hub, verify_hub
from tests.hub_desk import Hub, hub_in
from tests.office_desk import receive, seated

EDITS = (
    "UPDATE entries SET verdict = 'flagged', code = 'ROLE' WHERE n = 1",
    "UPDATE entries SET header = x'7b7d' WHERE n = 1",
    "UPDATE entries SET body = x'7b7d' WHERE n = 1",
    "UPDATE entries SET cursor = cursor + 1000 WHERE n = 1",
    "DELETE FROM entries WHERE n = 1",
    "DELETE FROM records WHERE cursor = (SELECT max(cursor) FROM records)",
    "UPDATE records SET leaf = x'00' WHERE kind = 'entry'",
    "UPDATE dossiers SET owner_name = 'Ai đó'",
    "DELETE FROM dossiers",
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path / "hub") as made, seated(tmp_path / "desk") as seat:
        receive(seat)
        made.meet(made.join(seat))
        yield made


def test_a_sound_hub_has_no_findings(hub: Hub) -> None:
    assert is_hub(hub.store)
    report = verify_hub(hub.store)
    assert report.findings == []
    assert (report.entries, report.dossiers) == (1, 1)


def test_a_desk_is_no_hub(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        assert not is_hub(seat.store)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_behind_the_hub_s_back_is_found(hub: Hub, edit: str) -> None:
    with hub.store.write() as connection:
        assert connection.execute(text(edit)).rowcount
    assert verify_hub(hub.store).findings
