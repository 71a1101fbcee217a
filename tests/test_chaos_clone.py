"""Two machines from one disk: what the second one wrote is set aside, and its store is not called damaged."""

from pathlib import Path

from onestop.office.deeds import add_note
from onestop.store.check import verify_store
from tests.hub_desk import hub_in
from tests.office_desk import RECEPTION, new_folder, open_seat, receive


def test_a_copied_desk_whose_intake_was_set_aside_is_not_damaged(tmp_path: Path) -> None:
    with hub_in(tmp_path) as hub:
        first, second = (open_seat(new_folder(tmp_path / name)) for name in ("first", "second"))
        try:
            first, second = hub.join(first), hub.join(second)
            receive(first)
            hub.meet(first)
            dossier = receive(second).id
            hub.hello(second)  # it is found out, and goes on under another name
            add_note(second.as_(RECEPTION), dossier, "Đã gọi điện cho người nộp")
            hub.meet(second)
            bare = second.store.rows("SELECT code FROM dossiers WHERE id = :id", {"id": dossier})
            assert [tuple(row) for row in bare] == [("",)]
            assert verify_store(second.store).findings == []
        finally:
            first.store.close()
            second.store.close()
