"""The portal's flat lists turned into cases: each checked against the words of its source."""

from collections.abc import Mapping
from typing import Any

import pytest

from onestop.domain.case_reading import cased_procedures
from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.procedure import (
    Case,
    ComponentKind,
    Procedure,
    has_ordinary,
    in_case,
    procedure_from_dict,
    procedure_to_dict,
)
from onestop.errors import InputError
from onestop.office.packs import read_pack

ROWS = read_pack("procedures.json")
CURATED = read_pack("cases.json")["procedures"]
PROCEDURES = {one.code: one for one in cased_procedures(ROWS, CURATED)}
WITH_CASES = sorted(code for code, one in PROCEDURES.items() if one.cases)
DAYS, CALENDAR = TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY


def case_of(code: str, start: str) -> Case:
    return next(case for case in PROCEDURES[code].cases if case.name.startswith(start))


def numbers(part: Procedure | Case) -> list[int]:
    return [one.no for one in part.components]


def row(code: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(each for each in ROWS if each["code"] == code)
    return found


def test_no_procedure_is_lost_and_confidence_is_kept() -> None:
    assert [one["code"] for one in ROWS] == list(PROCEDURES)
    assert [one["confidence"] for one in ROWS] == [one.confidence for one in PROCEDURES.values()]


def test_many_much_used_procedures_have_cases() -> None:
    much_used = {
        "1.001193", "1.000894", "1.000656", "1.004873", "1.001022", "1.004859", "1.004884", "1.004837",
        "2.000635", "2.000815", "2.000884", "2.000908", "1.004222", "1.004194", "1.002755", "1.010038",
        "1.010041", "1.003677", "1.001612", "2.000720", "2.000575", "1.001570", "1.001266", "1.013225",
        "2.001019", "2.001035",
    }  # fmt: skip
    assert much_used <= set(WITH_CASES)
    assert len(WITH_CASES) >= 50


@pytest.mark.parametrize("code", WITH_CASES)
def test_every_case_can_be_read_chosen_and_told_apart(code: str) -> None:
    procedure = PROCEDURES[code]
    assert len({case.id for case in procedure.cases}) == len(procedure.cases)
    assert len({case.name for case in procedure.cases}) == len(procedure.cases)
    for case in procedure.cases:
        assert case.id.replace("-", "").isalnum()
        assert case.id.isascii()
        assert 4 <= len(case.name) <= 96
        assert case.components
        assert len(set(numbers(case))) == len(case.components)
        assert in_case(procedure, case.id).components == case.components
    assert procedure_from_dict(procedure_to_dict(procedure)) == procedure


@pytest.mark.parametrize("code", WITH_CASES)
def test_no_paper_of_the_source_is_lost(code: str) -> None:
    """Only rows that are headings (`1. Đối với …`) stand nowhere."""
    procedure = PROCEDURES[code]
    found = set(numbers(procedure)).union(*(numbers(case) for case in procedure.cases))
    for no, part in enumerate(row(code)["components"], 1):
        is_heading = part["name"][:3] in ("1. ", "2. ", "3. ", "4. ")
        assert no in found or is_heading, (code, no, part["name"])


def test_a_foundling_has_a_record_in_place_of_a_birth_certificate() -> None:
    birth = PROCEDURES["1.001193"]
    assert numbers(birth) == [1, 2, 5, 6, 7]
    case = case_of("1.001193", "Trẻ em bị bỏ rơi")
    assert numbers(case) == [1, 3, 5, 6, 7]
    record = case.components[1]
    assert record.name.startswith("Biên bản về việc trẻ bị bỏ rơi")
    assert (record.kind, record.needed) == (ComponentKind.SUBMIT, True)


@pytest.mark.parametrize(
    ("code", "start", "limit"),
    [
        ("1.000894", "Cần xác minh", TimeLimit(5, DAYS)),  # Luật Hộ tịch 2014, Điều 18 khoản 2
        ("1.004859", "Cải chính", TimeLimit(3, DAYS)),  # Luật Hộ tịch 2014, Điều 28
        ("1.004859", "Bổ sung", TimeLimit(0, TimeUnit.SAME_DAY)),  # Luật Hộ tịch 2014, Điều 29
        ("2.000815", "Số lượng lớn", TimeLimit(2, DAYS)),  # NĐ 23/2015, Điều 21
        ("1.010041", "Chưa có thông tin", TimeLimit(3, DAYS)),  # second row of the portal
        ("1.010040", "Xác minh phức tạp", TimeLimit(30, DAYS)),  # third row of the portal
        ("1.003677", "Điểm a, điểm b, phải xác minh", TimeLimit(2, DAYS)),  # second row of the portal
        ("1.013225", "Nhà ở riêng lẻ", TimeLimit(15, CALENDAR)),  # note: 15 days for houses
        ("1.013225", "Công trình khác", TimeLimit(20, CALENDAR)),  # note: 20 days for the rest
        ("1.012817", "Miền núi", TimeLimit(30, DAYS)),  # note: ten days more in the mountains
        ("1.012818", "Miền núi", TimeLimit(35, DAYS)),
        ("1.013950", "Miền núi", TimeLimit(25, CALENDAR)),
        ("1.013979", "Miền núi", TimeLimit(20, DAYS)),
        ("1.004222", "Thuê, mượn", TimeLimit(7, DAYS)),  # the procedure's own
    ],
)
def test_the_time_of_a_case(code: str, start: str, limit: TimeLimit) -> None:
    case = case_of(code, start)
    assert case.time_limit == limit
    assert in_case(PROCEDURES[code], case.id).time_limit == limit


@pytest.mark.parametrize(
    ("code", "start"),
    [("2.000748", "Bổ sung"), ("1.012812", "Địa bàn khó khăn"), ("1.013978", "Hộ gia đình")],
)
def test_a_time_that_the_source_leaves_open_is_asked(code: str, start: str) -> None:
    case = case_of(code, start)
    assert case.time_limit.unit is TimeUnit.UNSPECIFIED
    assert "time_limit" in case.ask


def test_everything_unspecified_is_asked() -> None:
    for one in PROCEDURES.values():
        assert (one.time_limit.unit is TimeUnit.UNSPECIFIED) <= ("time_limit" in one.ask), one.code
        assert (one.fee_vnd is None) <= ("fees" in one.ask), one.code
    assert "components" in PROCEDURES["1.010803"].ask  # the portal gave none


@pytest.mark.parametrize("code", ["1.001022", "1.004859", "1.004837", "1.004222", "1.003677", "1.013225"])
def test_where_every_dossier_is_in_a_case_one_must_be_chosen(code: str) -> None:
    assert not has_ordinary(PROCEDURES[code])
    with pytest.raises(InputError) as caught:
        in_case(PROCEDURES[code], "")
    assert caught.value.field == "case"


def test_residence_papers_that_data_may_replace_are_not_demanded() -> None:
    own = case_of("1.004222", "Chỗ ở thuộc quyền sở hữu")
    assert [(one.kind, one.needed) for one in own.components][1] == (ComponentKind.DATA, False)
    rented = case_of("1.004222", "Thuê, mượn")
    assert [(one.kind, one.needed) for one in rented.components][1] == (ComponentKind.SUBMIT, True)


def test_headings_of_the_portal_become_cases() -> None:
    named = {
        code: [case.name for case in PROCEDURES[code].cases] for code in ("1.010091", "1.013229", "2.002642")
    }
    assert named == {
        "1.010091": ["Hỗ trợ khám chữa bệnh", "Trợ cấp tai nạn"],
        "1.013229": ["Công trình không theo tuyến", "Công trình theo tuyến", "Công trình tôn giáo"],
        "2.002642": ["Thông báo chấm dứt hoạt động tổ hợp tác", "Đăng ký chấm dứt hoạt động tổ hợp tác"],
    }


def test_a_heading_that_only_says_what_the_list_is_belongs_to_the_ordinary_case() -> None:
    renewal = PROCEDURES["1.002755"]
    assert numbers(renewal) == [6]
    assert renewal.cases[0].name == "Gia hạn tạm trú theo danh sách"


def test_of_a_group_only_its_one_application_is_demanded() -> None:
    """The rest are often alternatives of one another (NĐ 118/2025, Điều 4)."""
    case = case_of("1.013229", "Công trình không theo tuyến")
    assert [one.no for one in case.components if one.needed] == [4]
    two_applications = case_of("2.000575", "Hộ kinh doanh thực hiện thủ tục đăng ký tạm ngừng")
    assert not any(one.needed for one in two_applications.components)


def test_a_list_cut_by_the_source_may_be_received_in_no_case() -> None:
    """Twenty rows are where the crawl ended: a case may be missing, so nobody is turned away."""
    cut = PROCEDURES["2.000575"]
    assert has_ordinary(cut)
    assert "components" in cut.ask


def test_papers_of_the_delegate_and_of_the_channel_are_no_cases() -> None:
    for code in ("1.005280", "2.002642", "1.014035"):
        assert not [case for case in PROCEDURES[code].cases if "môi trường điện tử" in case.name]
        assert not [case for case in PROCEDURES[code].cases if "ủy quyền thực hiện" in case.name.lower()]
