"""What is wrong with a fee rule before it may be used: every fault at once, each at its member."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from onestop.domain.fee import CONFIDENCES, FEE_KINDS, LARGEST_VND, Exemption, FeeRule, Formula
from onestop.errors import InputError


def check_rule(rule: FeeRule) -> tuple[InputError, ...]:
    """Findings with title, what to do, and the member as `field`; empty for a sound rule.

    An amount not entered yet is no fault: the province's decision is waited for.
    """
    return (*_naming(rule), *_money(rule), *_pages(rule), *_rows(rule), *_exemptions(rule))


def _naming(rule: FeeRule) -> Iterable[InputError]:
    if not rule.id.isascii() or not rule.id or any(c in rule.id for c in " :@"):
        yield InputError("Mã mức thu chưa đúng", "Chỉ dùng chữ không dấu, số, gạch nối.", "id")
    if rule.kind not in FEE_KINDS:
        yield InputError(f"Không có loại “{rule.kind}”", "Ghi levy (lệ phí) hoặc charge (phí).", "kind")
    if not rule.name.strip():
        yield InputError("Mức thu chưa có tên", "Ghi tên phí hoặc lệ phí như trong văn bản.", "name")
    if not rule.ground.strip():
        yield InputError("Chưa ghi căn cứ", "Ghi số văn bản quy định mức thu.", "ground")
    if rule.confidence not in CONFIDENCES:
        yield InputError("Độ tin cậy chưa đúng", f"Chọn: {', '.join(CONFIDENCES)}.", "confidence")
    if rule.effective_on and not _is_day(rule.effective_on):
        yield InputError("Ngày hiệu lực chưa đúng", "Ghi năm-tháng-ngày, ví dụ 2026-12-01.", "effective_on")


def _money(rule: FeeRule) -> Iterable[InputError]:
    for name, amount in (
        ("amount_vnd", rule.amount_vnd),
        ("online_vnd", rule.online_vnd),
        ("cap_vnd", rule.cap_vnd),
    ):
        yield from _sum(amount, name)
    yield from _lower_online(rule.amount_vnd, rule.online_vnd, "online_vnd")
    if rule.formula in {Formula.PER_PAGE, Formula.TABLE} and rule.amount_vnd is not None:
        yield InputError("Thừa số tiền chung", "Số tiền đã nằm ở từng bậc hoặc dòng.", "amount_vnd")
    if rule.formula is not Formula.PER_PAGE and rule.cap_vnd is not None:
        yield InputError("Mức tối đa chỉ dùng khi tính theo trang", "Hãy bỏ mức tối đa.", "cap_vnd")
    if rule.formula is Formula.PER_PAGE and rule.online_vnd is not None:
        yield InputError("Tính theo trang không có mức trực tuyến", "Hãy bỏ mức trực tuyến.", "online_vnd")


def _pages(rule: FeeRule) -> Iterable[InputError]:
    firsts = [step.from_page for step in rule.steps]
    if (rule.formula is Formula.PER_PAGE) != bool(firsts):
        yield InputError("Bậc trang chưa đúng", "Có bậc khi và chỉ khi tính theo số trang.", "steps")
        return
    if firsts and (firsts[0] != 1 or firsts != sorted(set(firsts))):
        yield InputError("Bậc trang phải đi từ trang 1 và tăng dần", "Ví dụ: 1 rồi 3.", "steps")
    for step in rule.steps:
        yield from _sum(step.amount_vnd, "steps")


def _rows(rule: FeeRule) -> Iterable[InputError]:
    if (rule.formula is Formula.TABLE) != bool(rule.rows):
        yield InputError("Bảng mức thu chưa đúng", "Có dòng khi và chỉ khi tính theo bảng.", "rows")
    for each in _twice(row.id for row in rule.rows):
        yield InputError(f"Hai dòng cùng mã “{each}”", "Mỗi dòng một mã.", "rows")
    for row in rule.rows:
        if not row.words.strip():
            yield InputError(f"Dòng “{row.id}” chưa có lời", "Ghi nội dung của dòng.", "rows")
        for amount in (row.amount_vnd, row.online_vnd):
            yield from _sum(amount, "rows")
        yield from _lower_online(row.amount_vnd, row.online_vnd, "rows")


def _exemptions(rule: FeeRule) -> Iterable[InputError]:
    for each in _twice(exemption.id for exemption in rule.exemptions):
        yield InputError(f"Hai diện miễn, giảm cùng mã “{each}”", "Mỗi diện một mã.", "exemptions")
    for exemption in rule.exemptions:
        yield from _exemption(exemption)


def _exemption(exemption: Exemption) -> Iterable[InputError]:
    if not 1 <= exemption.percent_off <= 100:
        yield InputError("Tỷ lệ miễn, giảm chưa đúng", "Từ 1 đến 100 phần trăm.", "exemptions")
    if not exemption.words.strip():
        yield InputError(f"Diện “{exemption.id}” chưa có lời", "Ghi đối tượng được hưởng.", "exemptions")


def _sum(amount: int | None, field: str) -> Iterable[InputError]:
    if amount is not None and not 0 <= amount <= LARGEST_VND:
        yield InputError("Số tiền chưa đúng", "Từ 0 đồng; xem lại số chữ số 0.", field)


def _lower_online(amount: int | None, online: int | None, field: str) -> Iterable[InputError]:
    if amount is not None and online is not None and online > amount:
        yield InputError("Mức trực tuyến cao hơn mức trực tiếp", "Hãy xem lại hai số tiền.", field)


def _twice(ids: Iterable[str]) -> list[str]:
    return [each for each, count in Counter(ids).items() if count > 1]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
