"""Joining: a code on paper, once, for ten minutes; a desk that worked alone keeps its name."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from onestop.domain.code import DEFAULT_POLICY
from onestop.domain.signing import SigningKey
from onestop.domain.statement import read_statement
from onestop.errors import RuleError
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import (
    Ledger,
    device_of,
    ingest,
    make_enrolment,
    open_ledger,
    revoke,
    use_enrolment,
)
from onestop.store.store import Store
from onestop.store.tables import enrolments
from tests.small_desk import MORNING, OFFICE, SmallDesk, found

NOW = MORNING
SOON = MORNING + timedelta(minutes=9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_hub_store(None, tmp_path / "hub.db", b"k" * 32)
    found(opened)
    yield opened
    opened.close()


def a_code(store: Store, kind: str = "desk", office: str = OFFICE, name: str = "Quầy mới") -> str:
    with store.write() as connection:
        return make_enrolment(connection, office, kind, name, NOW)


def use(store: Store, code: str, desk: SmallDesk, at: Any = SOON, **wish: Any) -> dict[str, Any]:
    asked: Mapping[str, Any] = {"device": desk.device, "index": desk.index} | wish
    with store.write() as connection:
        return use_enrolment(connection, open_ledger(connection), code, desk.key.public, asked, at)


def test_a_code_is_long_and_only_its_hash_is_kept(store: Store) -> None:
    code = a_code(store)
    letters = code.replace("-", "")
    assert len(letters) == 32
    with store.read() as connection:
        (row,) = connection.execute(select(enrolments))
    assert letters not in str(row)
    assert a_code(store) != code


def test_a_desk_joins_and_is_stated_by_the_log_s_key(store: Store) -> None:
    desk = SmallDesk(index=4)
    answer = use(store, a_code(store).lower().replace("-", " "), desk, self_grant="own")
    stated = answer["statement"]
    with store.read() as connection:
        ledger = open_ledger(connection)
        plain = device_of(connection, desk.device)
    assert (answer["device"], answer["office"], answer["index"]) == (desk.device, OFFICE, 4)
    assert (answer["log"], answer["epoch"]) == (ledger.log, ledger.epoch)
    assert plain is not None
    assert plain["self_grant"] == "own"
    body, signature = stated["body"].encode(), _raw(stated["signature"])
    assert read_statement(bytes.fromhex(answer["log_key"]), body, signature) == plain


def _raw(text: str) -> bytes:
    import base64

    return base64.b64decode(text)


def test_the_work_of_a_desk_that_was_alone_is_taken_as_granted(store: Store) -> None:
    desk = SmallDesk(index=4, grant="own")
    offers = [desk.receive(), desk.note(next(iter(desk.dossiers)))]
    use(store, a_code(store), desk, self_grant="own")
    with store.write() as connection:
        receipts = ingest(connection, open_ledger(connection), offers, desk.device, NOW + timedelta(hours=1))
    assert [(receipt.verdict, receipt.code) for receipt in receipts] == [("accepted", "")] * 2


def test_an_answer_lost_on_the_way_is_given_again_but_to_no_other(store: Store) -> None:
    desk, code = SmallDesk(), a_code(store)
    assert use(store, code, desk) == use(store, code, desk)
    with pytest.raises(RuleError, match="máy khác dùng"):
        use(store, code, SmallDesk())
    with pytest.raises(RuleError, match="khoá khác"):
        use(store, a_code(store), SmallDesk(device=desk.device))


def test_a_late_or_wrong_code_is_told(store: Store) -> None:
    code = a_code(store)
    with pytest.raises(RuleError, match="hết hạn"):
        use(store, code, SmallDesk(), at=NOW + timedelta(minutes=11))
    with pytest.raises(RuleError, match="không đúng"):
        use(store, code[:-1] + ("A" if code[-1] != "A" else "B"), SmallDesk())


@pytest.mark.parametrize("device", [None, 3, "", "a b", "x" * 65, "../../etc", "d\0d"])
def test_a_machine_without_a_proper_name_is_told(store: Store, device: Any) -> None:
    with pytest.raises(RuleError, match="không đúng dạng"):
        use(store, a_code(store), SmallDesk(), device=device)


def test_desk_numbers_are_kept_apart_within_an_office(store: Store) -> None:
    first = [use(store, a_code(store), SmallDesk(index=1))["index"] for _ in range(3)]
    assert first == [1, 2, 3]
    assert use(store, a_code(store), SmallDesk(index=7))["index"] == 7
    assert use(store, a_code(store), SmallDesk(), index="7")["index"] == 4
    assert use(store, a_code(store, office="H56.15"), SmallDesk(index=1))["index"] == 1
    last = [SmallDesk() for _ in range(DEFAULT_POLICY.desks - 5)]
    for desk in last:
        use(store, a_code(store), desk)
    with pytest.raises(RuleError, match="đủ 20 quầy"):
        use(store, a_code(store), SmallDesk())
    with store.write() as connection:
        revoke(connection, open_ledger(connection), "device", last[0].device, "Thanh lý máy", NOW)
    assert use(store, a_code(store), SmallDesk())["index"] == 5


def test_a_revoked_machine_does_not_come_back_under_its_name(store: Store) -> None:
    desk = SmallDesk()
    use(store, a_code(store), desk)
    with store.write() as connection:
        revoke(connection, open_ledger(connection), "device", desk.device, "Mất máy", NOW)
    with pytest.raises(RuleError, match="thu hồi"):
        use(store, a_code(store), desk)


def test_a_relay_joins_with_its_own_log(store: Store) -> None:
    relay = SmallDesk()
    key = SigningKey.generate().public.hex()
    answer = use(store, a_code(store, "relay"), relay, log="ab" * 16, log_key=key)
    plain = json.loads(answer["statement"]["body"])
    assert (plain["kind"], plain["office"], plain["log_key"]) == ("relay", OFFICE, key)
    with pytest.raises(RuleError, match="không đúng dạng"):
        use(store, a_code(store, "relay"), SmallDesk())


def test_only_a_root_lets_machines_join(tmp_path: Path) -> None:
    opened = open_hub_store(None, tmp_path / "relay.db", b"k" * 32)
    ledger: Ledger = found(opened, True, OFFICE)
    assert ledger.is_relay
    with pytest.raises(RuleError, match="trung chuyển"):
        use(opened, a_code(opened), SmallDesk())
    opened.close()
    with pytest.raises(ValueError), opened.write() as connection:
        make_enrolment(connection, OFFICE, "phone", "", NOW)
