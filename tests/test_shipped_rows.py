"""The rows a new office and a new hub begin with."""

from onestop.domain.entry import canonical
from onestop.office.packs import read_pack, shipped_rows


def test_every_shipped_row_can_be_a_row_of_a_hub() -> None:
    for kind, key, version, value in shipped_rows():
        assert canonical({"value": value}), (kind, key)
        assert version
        assert key.isascii()


def test_no_two_rows_share_a_key() -> None:
    keys = [(kind, key) for kind, key, *_ in shipped_rows()]
    assert len(keys) == len(set(keys))


def test_every_procedure_of_the_pack_is_shipped() -> None:
    codes = {key for kind, key, *_ in shipped_rows() if kind == "procedure"}
    assert codes >= {row["code"] for row in read_pack("procedures.json")}
