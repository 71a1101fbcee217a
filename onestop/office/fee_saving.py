"""Fee rules as an administrator writes them: tables as lines of text, read back and saved as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onestop.domain.fee import (
    Exemption,
    FeeLevel,
    FeeRule,
    Formula,
    PageStep,
    fee_key,
    fee_to_dict,
    is_open,
)
from onestop.domain.fee_check import check_rule
from onestop.domain.text import fold, nfc
from onestop.errors import InputError, InputErrors
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.office import Office

_BAR = "|"


@dataclass(frozen=True, slots=True)
class FeeTexts:
    """A rule's amounts as text: one line of a table is `mã | lời | mức | mức trực tuyến`."""

    name: str = ""
    ground: str = ""
    amount: str = ""
    online: str = ""
    cap: str = ""
    steps: str = ""
    rows: str = ""
    exemptions: str = ""
    effective_on: str = ""


def texts_of(rule: FeeRule) -> FeeTexts:
    return FeeTexts(
        rule.name,
        rule.ground,
        _dotted(rule.amount_vnd),
        _dotted(rule.online_vnd),
        _dotted(rule.cap_vnd),
        "\n".join(f"{step.from_page} {_BAR} {_dotted(step.amount_vnd)}" for step in rule.steps),
        "\n".join(
            _joined(row.id, row.words, _dotted(row.amount_vnd), _dotted(row.online_vnd)) for row in rule.rows
        ),
        "\n".join(_joined(one.id, one.words, f"{one.percent_off}%", one.ground) for one in rule.exemptions),
        rule.effective_on,
    )


def rule_from(before: FeeRule, texts: FeeTexts) -> FeeRule:
    """The rule with what stands in the texts. Raises InputErrors with every fault, by member."""
    errors: list[InputError] = []
    values = {
        "name": nfc(texts.name),
        "ground": nfc(texts.ground),
        "effective_on": texts.effective_on,
        "amount_vnd": _money(texts.amount, "amount_vnd", errors),
        "online_vnd": _money(texts.online, "online_vnd", errors),
        "cap_vnd": _money(texts.cap, "cap_vnd", errors),
        "steps": tuple(_step(line, errors) for line in _lines(texts.steps)),
        "rows": tuple(_row(line, errors) for line in _lines(texts.rows)),
        "exemptions": tuple(_exemption(line, errors) for line in _lines(texts.exemptions)),
    }
    if errors:
        raise InputErrors(errors)
    made = replace(before, **values)  # type: ignore[arg-type]  # each value is of its member's type
    made = replace(made, ask=_still_asked(made))
    faults = list(check_rule(made))
    if faults:
        raise InputErrors(faults)
    return made


def save_rule(office: Office, rule: FeeRule) -> Changed:
    """Beside the earlier version when it begins on a day of its own. Raises as `change_rows`."""
    key = fee_key(rule, office.catalogue.fees)
    since = f" từ {rule.effective_on}" if rule.effective_on else ""
    return change_rows(office, [RowChange("fee", key, fee_to_dict(rule))], f"Mức thu: {rule.name}{since}")


def find_rules(rules: Sequence[FeeRule], query: str, is_lacking: bool = False) -> list[FeeRule]:
    """By words of name, id or ground, with or without accents; `is_lacking`: only those without amounts."""
    typed = fold(nfc(query)).split()
    found = []
    for rule in rules:
        text = fold(f"{rule.id} {rule.name} {rule.ground}")
        if all(word in text for word in typed) and (is_open(rule) or not is_lacking):
            found.append(rule)
    return sorted(found, key=lambda rule: (rule.name, rule.effective_on))


def _still_asked(rule: FeeRule) -> tuple[str, ...]:
    """What was asked and is said now is asked no more."""
    has_online = rule.online_vnd is not None or (
        bool(rule.rows) and all(row.online_vnd is not None for row in rule.rows)
    )
    online = ("online",) if "online" in rule.ask and not has_online else ()
    return (("amount",) if is_open(rule) else ()) + online


def _lines(text: str) -> list[list[str]]:
    return [[nfc(part) for part in line.split(_BAR)] for line in text.splitlines() if line.strip()]


def _step(line: list[str], errors: list[InputError]) -> PageStep:
    if len(line) != 2 or not (line[0].isascii() and line[0].isdigit()):
        errors.append(
            InputError("Bậc trang chưa đúng", "Mỗi dòng: từ trang | số đồng, ví dụ 3 | 1.000.", "steps")
        )
        return PageStep(1, 0)
    return PageStep(int(line[0][:6]), _money(line[1], "steps", errors) or 0)


def _row(line: list[str], errors: list[InputError]) -> FeeLevel:
    if not 2 <= len(line) <= 4:
        errors.append(
            InputError("Dòng của bảng chưa đúng", "Mỗi dòng: mã | lời | mức | mức trực tuyến.", "rows")
        )
        return FeeLevel("", "")
    amount, online = (*line[2:], "", "")[:2]
    return FeeLevel(line[0], line[1], _money(amount, "rows", errors), _money(online, "rows", errors))


def _exemption(line: list[str], errors: list[InputError]) -> Exemption:
    percent = line[2].removesuffix("%").strip() if len(line) >= 3 else ""
    if not 3 <= len(line) <= 4 or not (percent.isascii() and percent.isdigit()):
        how = "Mỗi dòng: mã | đối tượng | phần trăm | căn cứ, ví dụ poor | Hộ nghèo | 100% | NQ 12/2026."
        errors.append(InputError("Diện miễn, giảm chưa đúng", how, "exemptions"))
        return Exemption("", "", 0)
    return Exemption(line[0], line[1], int(percent[:4]), line[3] if len(line) == 4 else "")


def _money(text: str, field: str, errors: list[InputError]) -> int | None:
    plain = nfc(text).lower().removesuffix("đồng").removesuffix("đ").replace(".", "").replace(" ", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit()):
        errors.append(InputError(f"Số tiền “{text[:20]}” chưa đúng", "Chỉ nhập số đồng, ví dụ 8.000.", field))
        return None
    return int(plain[:18])


def _joined(*parts: str) -> str:
    return f" {_BAR} ".join(parts).rstrip(f" {_BAR}")


def _dotted(amount: int | None) -> str:
    return "" if amount is None else f"{amount:,}".replace(",", ".")


def what_counts(rule: FeeRule) -> tuple[str, ...]:
    """The counts that a preview asks for: `pages`, `copies`, `cases`, `row`."""
    counted = {
        Formula.PER_PAGE: ("pages", "copies"),
        Formula.PER_COPY: ("copies",),
        Formula.PER_CASE: ("cases",),
        Formula.TABLE: ("row", "cases"),
    }
    return counted.get(rule.formula, ())
