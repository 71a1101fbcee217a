"""Phí and lệ phí as rules: what is counted, what one of it costs, and who pays less.

A rule is data an administrator may change; what a province sets and nobody has entered yet stays
open and is asked for, never guessed. All money is whole đồng; a part taken off is rounded in favour
of the payer: half a đồng is not collected.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

from onestop.domain.text import fold, nfc
from onestop.errors import InputError

LARGEST_VND: Final = 100_000_000_000
"""More đồng than any fee of a commune: a slip of the keys."""

MOST_COUNTED: Final = 100_000
"""More pages, copies or cases than one dossier can have."""


class Formula(StrEnum):
    """What is counted; the words are in `FORMULA_WORDS`."""

    FIXED = "fixed"
    PER_COPY = "per_copy"
    PER_PAGE = "per_page"
    PER_CASE = "per_case"
    TABLE = "table"


FORMULA_WORDS: Final = {
    Formula.FIXED: "Một mức cho mỗi hồ sơ",
    Formula.PER_COPY: "Theo số bản",
    Formula.PER_PAGE: "Theo số trang của bản chính, có bậc và mức tối đa mỗi bản",
    Formula.PER_CASE: "Theo số trường hợp",
    Formula.TABLE: "Theo dòng của bảng mức thu",
}

FEE_KINDS: Final = {"levy": "Lệ phí", "charge": "Phí"}
"""Two different things in law (Luật Phí và lệ phí 97/2015/QH13, Điều 3)."""

CONFIDENCES: Final = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class PageStep:
    """From the page numbered `from_page` on, each page costs `amount_vnd`."""

    from_page: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class FeeLevel:
    """A row of a table. None: nobody has entered it; `online_vnd` None: as at the counter."""

    id: str
    words: str
    amount_vnd: int | None = None
    online_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """Who pays less: `percent_off` of the amount, 100 for nothing at all."""

    id: str
    words: str
    percent_off: int
    ground: str = ""


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One phí or lệ phí in one version.

    `amount_vnd`: of one dossier, copy or case; None where the province sets it and nobody has
    entered it. `online_vnd`: the lower rate online, None where it is the same. `steps`, `cap_vnd`:
    per page, the cap for each copy. `is_on_request`: only when the citizen asks for it. `ask`: what
    the source leaves open (`amount`, `online`). `effective_on`: YYYY-MM-DD, "" from the beginning.
    """

    id: str
    kind: str
    name: str
    ground: str
    formula: Formula
    amount_vnd: int | None = None
    online_vnd: int | None = None
    steps: tuple[PageStep, ...] = ()
    cap_vnd: int | None = None
    rows: tuple[FeeLevel, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    effective_on: str = ""
    province: str = ""
    confidence: str = "high"
    unit: str = ""
    note: str = ""
    is_on_request: bool = False
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is counted for one dossier. `pages`: of the original; `row`, `exemption`: ids."""

    pages: int = 1
    copies: int = 1
    cases: int = 1
    row: str = ""
    is_online: bool = False
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class FeeAmount:
    """`explanation`: Vietnamese, one sentence that leads from the counts to the amount."""

    amount_vnd: int
    explanation: str
    ground: str


def fee_tail(kind: str, name: str) -> str:
    """A fee's name without the word of its kind, for whoever writes that before it.

    `Phí cấp bản sao` → `cấp bản sao`; a name that does not begin with it stays.
    """
    words = FEE_KINDS.get(kind, "")
    head, tail = name[: len(words)], name[len(words) :]
    return tail.strip() if words and tail.startswith(" ") and head.lower() == words.lower() else name.strip()


def vnd_words(amount_vnd: int) -> str:
    """`1.250.000 đồng`."""
    return f"{amount_vnd:,} đồng".replace(",", ".")


# ---- rows -----------------------------------------------------------------------------


def fee_to_dict(rule: FeeRule) -> dict[str, Any]:
    """Plain JSON values; `fee_from_dict` gives the same rule back."""
    return asdict(rule) | {"formula": rule.formula.value}


def fee_from_dict(plain: Mapping[str, Any]) -> FeeRule:
    """The rule that `fee_to_dict` wrote; members not said have their default.

    Raises InputError, its field the member that is wrong.
    """
    known = {each.name for each in fields(FeeRule)}
    for name in plain:
        if name not in known:
            raise InputError(f"Mức thu không có mục “{name}”", "Hãy bỏ hoặc sửa tên mục.", name)
    values = {name: _member(name, value) for name, value in plain.items()}
    for name in ("id", "kind", "name", "ground", "formula"):
        if name not in values:
            raise InputError(f"Mức thu thiếu mục “{name}”", "Hãy ghi thêm mục này.", name)
    return FeeRule(**values)


def _member(name: str, value: Any) -> Any:
    """One member read. A fraction, a text for a number, an unknown formula: InputError."""
    if name == "formula":
        if value not in tuple(Formula):
            raise InputError(f"Không có cách tính “{value}”", f"Chọn: {', '.join(Formula)}.", name)
        return Formula(value)
    if name in _PARTS or name == "ask":
        if not isinstance(value, list | tuple):
            raise InputError(f"Mục “{name}” phải là một danh sách", "Hãy xem lại mục này.", name)
        return tuple(_part(name, each) if name in _PARTS else str(each) for each in value)
    if name in {"amount_vnd", "online_vnd", "cap_vnd"}:
        return _vnd(name, value)
    wanted = bool if name == "is_on_request" else str
    if not isinstance(value, wanted):
        raise InputError(f"Mục “{name}” ghi sai kiểu", "Hãy xem lại giá trị của mục này.", name)
    return value


_PARTS: Final[Mapping[str, Callable[..., Any]]] = {
    "steps": PageStep,
    "rows": FeeLevel,
    "exemptions": Exemption,
}


def _part(name: str, plain: Any) -> Any:
    if not isinstance(plain, Mapping):
        raise InputError(f"Mục “{name}” có dòng sai kiểu", "Hãy xem lại từng dòng.", name)
    for key, value in plain.items():
        if key.endswith("_vnd"):
            _vnd(name, value)
        elif key in {"from_page", "percent_off"} and (isinstance(value, bool) or not isinstance(value, int)):
            raise InputError(f"Mục “{name}” cần số nguyên", "Hãy ghi lại bằng chữ số.", name)
    try:
        return _PARTS[name](**plain)
    except TypeError:
        raise InputError(f"Mục “{name}” thiếu hoặc thừa phần", "Hãy xem lại từng dòng.", name) from None


def _vnd(name: str, value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InputError("Số tiền phải là số nguyên đồng", "Ví dụ 8000; để trống nếu tỉnh chưa quy định.", name)


def fee_key(rule: FeeRule, rules: Iterable[FeeRule]) -> str:
    """The row a version is kept under: the first by the rule's id, a later one beside it."""
    first = min((one.effective_on for one in rules if one.id == rule.id), default=rule.effective_on)
    return rule.id if rule.effective_on <= first else f"{rule.id}@{rule.effective_on}"


# ---- which rule -----------------------------------------------------------------------


def find_rule(rules: Iterable[FeeRule], rule_id: str, day: str) -> FeeRule | None:
    """The newest version of a rule in effect on `day` (YYYY-MM-DD)."""
    found = [rule for rule in rules if rule.id == rule_id and rule.effective_on <= day]
    return max(found, key=lambda rule: rule.effective_on, default=None)


def linked_rules(rules: Sequence[FeeRule], links: Iterable[str], day: str) -> list[tuple[FeeRule, str]]:
    """The rules a procedure names, in its order, each with the row of its table that is meant.

    A link is `rule` or `rule:row`; one that names no rule in effect is left out.
    """
    found = []
    for link in links:
        rule_id, _, row = link.partition(":")
        rule = find_rule(rules, rule_id, day)
        if rule is not None:
            found.append((rule, row))
    return found


def find_exemption(rule: FeeRule, words: str) -> Exemption | None:
    """By its id, or by words with or without accents; None when it is not one of this rule."""
    wanted = fold(nfc(words))
    for exemption in rule.exemptions:
        if wanted and (wanted == fold(exemption.id) or wanted in fold(exemption.words)):
            return exemption
    return None


def is_open(rule: FeeRule) -> bool:
    """Whether an amount is still to be entered by an administrator."""
    if rule.formula is Formula.TABLE:
        return not rule.rows or any(row.amount_vnd is None for row in rule.rows)
    return rule.formula is not Formula.PER_PAGE and rule.amount_vnd is None


# ---- amounts --------------------------------------------------------------------------


def compute(rule: FeeRule, quantity: Quantity) -> FeeAmount:
    """The amount and why. Raises InputError: `pages`, `copies`, `cases`, `row`, `exemption` for what
    was typed, `amount` for what the province sets and nobody has entered."""
    exemption = _exemption(rule, quantity.exemption)
    ground = "; ".join(dict.fromkeys(filter(None, [rule.ground, exemption.ground if exemption else ""])))
    if exemption is not None and exemption.percent_off == 100:
        return FeeAmount(0, f"Miễn toàn bộ: {exemption.words}.", ground)
    full, why = _BY_FORMULA[rule.formula](rule, quantity)
    if exemption is None:
        return FeeAmount(full, f"{why}.", ground)
    left = full * (100 - exemption.percent_off) // 100
    words = f"{why}; giảm {exemption.percent_off}% ({exemption.words}) còn {vnd_words(left)}"
    is_rounded = full * (100 - exemption.percent_off) % 100 != 0
    return FeeAmount(left, f"{words}{', bỏ phần lẻ dưới 1 đồng' if is_rounded else ''}.", ground)


def _exemption(rule: FeeRule, exemption_id: str) -> Exemption | None:
    if not exemption_id:
        return None
    for exemption in rule.exemptions:
        if exemption.id == exemption_id:
            return exemption
    raise InputError(
        f"{rule.name} không có diện miễn, giảm này", "Hãy chọn trong danh sách của mức thu.", "exemption"
    )


def _fixed(rule: FeeRule, quantity: Quantity) -> tuple[int, str]:
    one, rate = _rate(rule, rule.amount_vnd, rule.online_vnd, quantity)
    return one, f"{rate}{_per(rule)}"


def _per_copy(rule: FeeRule, quantity: Quantity) -> tuple[int, str]:
    copies = _count("copies", quantity.copies, "số bản", 0 if rule.is_on_request else 1)
    return _times(rule, quantity, copies, "bản")


def _per_case(rule: FeeRule, quantity: Quantity) -> tuple[int, str]:
    cases = _count("cases", quantity.cases, "số trường hợp", 0 if rule.is_on_request else 1)
    return _times(rule, quantity, cases, rule.unit or "trường hợp")


def _times(rule: FeeRule, quantity: Quantity, count: int, unit: str) -> tuple[int, str]:
    one, rate = _rate(rule, rule.amount_vnd, rule.online_vnd, quantity)
    return count * one, f"{count} {unit} × {rate} = {vnd_words(count * one)}"


def _per_page(rule: FeeRule, quantity: Quantity) -> tuple[int, str]:
    pages = _count("pages", quantity.pages, "số trang", 1)
    copies = _count("copies", quantity.copies, "số bản", 0 if rule.is_on_request else 1)
    parts, one = [], 0
    for count, amount in _pages_by_step(rule.steps, pages):
        one += count * amount
        parts.append(f"{count} trang × {vnd_words(amount)}")
    why = f"{' + '.join(parts)} = {vnd_words(one)}/bản"
    if rule.cap_vnd is not None and one > rule.cap_vnd:
        one = rule.cap_vnd
        why += f", tối đa {vnd_words(one)}/bản"
    return one * copies, why + (f"; × {copies} bản = {vnd_words(one * copies)}" if copies != 1 else "")


def _pages_by_step(steps: Sequence[PageStep], pages: int) -> Iterable[tuple[int, int]]:
    """How many pages fall into each step, and what one of them costs."""
    ends = [step.from_page - 1 for step in steps[1:]] + [pages]
    for step, end in zip(steps, ends, strict=True):
        count = min(end, pages) - step.from_page + 1
        if count > 0:
            yield count, step.amount_vnd


def _of_table(rule: FeeRule, quantity: Quantity) -> tuple[int, str]:
    row = next((row for row in rule.rows if row.id == quantity.row), None)
    if row is None:
        raise InputError("Chưa chọn dòng của bảng mức thu", f"Hãy chọn: {_row_words(rule)}.", "row")
    cases = _count("cases", quantity.cases, "số lượng", 1)
    one, rate = _rate(rule, row.amount_vnd, row.online_vnd, quantity)
    if cases == 1:
        return one, f"{row.words}: {rate}{_per(rule)}"
    return one * cases, f"{row.words}: {cases} {rule.unit or 'lần'} × {rate} = {vnd_words(one * cases)}"


_BY_FORMULA: Final[Mapping[Formula, Callable[[FeeRule, Quantity], tuple[int, str]]]] = {
    Formula.FIXED: _fixed,
    Formula.PER_COPY: _per_copy,
    Formula.PER_PAGE: _per_page,
    Formula.PER_CASE: _per_case,
    Formula.TABLE: _of_table,
}


def _rate(
    rule: FeeRule, amount_vnd: int | None, online_vnd: int | None, quantity: Quantity
) -> tuple[int, str]:
    """What one costs over this channel. Raises InputError where nobody has entered it."""
    if quantity.is_online:
        if online_vnd is not None:
            return online_vnd, f"{vnd_words(online_vnd)} (nộp trực tuyến)"
        if "online" in rule.ask:
            raise InputError(
                f"Chưa có mức thu trực tuyến: {rule.name}", "Hãy nhập mức thu trực tuyến.", "amount"
            )
    if amount_vnd is None:
        raise InputError(
            f"Chưa có mức thu tại địa phương: {rule.name}",
            "Mức này do Hội đồng nhân dân cấp tỉnh quyết định; hãy nhập số tiền, được miễn thì nhập 0.",
            "amount",
        )
    return amount_vnd, vnd_words(amount_vnd)


def _count(name: str, number: int, words: str, least: int) -> int:
    if least <= number <= MOST_COUNTED:
        return number
    raise InputError(f"{words.capitalize()} chưa đúng", f"Nhập {words} từ {least} trở lên.", name)


def _per(rule: FeeRule) -> str:
    return f"/{rule.unit}" if rule.unit else ""


def _row_words(rule: FeeRule) -> str:
    return "; ".join(row.words for row in rule.rows) or "bảng chưa có dòng nào"
