"""`fee`: what a procedure collects and why, for administrators and scripts."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onestop.domain.fee import (
    FEE_KINDS,
    FeeAmount,
    FeeRule,
    Formula,
    Quantity,
    compute,
    fee_tail,
    find_exemption,
    linked_rules,
    vnd_words,
)
from onestop.domain.moment import local_day
from onestop.domain.procedure import Procedure, in_case
from onestop.errors import InputError
from onestop.office.command import OfficeOf, catalogue_of
from onestop.office.office import Catalogue

_OPTIONS = {"pages": "--pages", "copies": "--copies", "cases": "--cases", "row": "--row"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One fee with its amount, or with what is still asked."""

    rule: FeeRule
    amount: FeeAmount | None
    asked: str = ""


def add_arguments(parser: ArgumentParser, now: datetime) -> None:
    parser.add_argument("--procedure", default="", metavar="MÃ", help="mã thủ tục, ví dụ 2.000815")
    parser.add_argument("--case", default="", metavar="MÃ", help="mã trường hợp của thủ tục")
    parser.add_argument("--pages", type=int, metavar="SỐ", help="số trang của bản chính")
    parser.add_argument("--copies", type=int, metavar="SỐ", help="số bản")
    parser.add_argument("--cases", type=int, metavar="SỐ", help="số trường hợp, giao dịch, người")
    parser.add_argument("--row", default="", metavar="MÃ", help="dòng của bảng mức thu")
    parser.add_argument("--online", action="store_true", help="hồ sơ nộp trực tuyến")
    parser.add_argument("--exempt", default="", metavar="DIỆN", help="diện miễn, giảm: mã hoặc lời")
    parser.add_argument(
        "--on", default=local_day(now).isoformat(), metavar="NGÀY", help="ngày thu; để trống: hôm nay"
    )
    parser.add_argument("--json", action="store_true", help="in ra JSON")


def run(wanted: Namespace, office_of: OfficeOf, say: Callable[[str], None] = print) -> int:
    """The exit code: 1 when an amount is not known. Raises InputError naming the option."""
    day = _day(wanted.on)
    with catalogue_of(office_of) as catalogue:
        procedure = _procedure(catalogue, wanted, day)
        rules = linked_rules(catalogue.fees, procedure.fees, day)
    _check_exempt([rule for rule, _ in rules], wanted.exempt)
    lines = [_line(rule, row, wanted) for rule, row in rules]
    if wanted.json:
        say(json.dumps(_plain(procedure, wanted, lines), ensure_ascii=False, indent=2))
    else:
        _tell(procedure, lines, say)
    return 1 if any(line.amount is None for line in lines) or _is_unknown(procedure, lines) else 0


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(f"--on: “{text[:20]}” không phải là ngày", "Ghi dạng 2026-12-01.", "--on") from None


def _procedure(catalogue: Catalogue, wanted: Namespace, day: str) -> Procedure:
    if not wanted.procedure:
        raise InputError("Thiếu --procedure", "Ghi mã thủ tục, ví dụ --procedure 2.000815.", "--procedure")
    found = catalogue.versions.find(wanted.procedure, day)
    if found is None:
        raise InputError(
            f"--procedure: không có thủ tục mã “{wanted.procedure[:40]}”",
            "Hãy xem lại mã trong danh mục thủ tục.",
            "--procedure",
        )
    try:
        return in_case(found, wanted.case, wanted.online)
    except InputError as error:
        cases = "; ".join(f"{case.id} ({case.name})" for case in found.cases) or "thủ tục này không chia"
        what = f"không có trường hợp “{wanted.case[:40]}”" if wanted.case else "chưa chọn trường hợp"
        raise InputError(f"--case: {what}", f"Các trường hợp: {cases}.", "--case") from error


def _check_exempt(rules: list[FeeRule], words: str) -> None:
    if words and not any(find_exemption(rule, words) for rule in rules):
        known = sorted({f"{one.id} ({one.words})" for rule in rules for one in rule.exemptions})
        raise InputError(
            f"--exempt: không có diện “{words[:60]}”",
            f"Các diện: {'; '.join(known) or 'thủ tục này không có'}.",
            "--exempt",
        )


def _line(rule: FeeRule, row: str, wanted: Namespace) -> _Line:
    """A fee on request is nothing until copies are asked for. Raises InputError for a wrong count."""
    exemption = find_exemption(rule, wanted.exempt)
    counts = {
        name: given for name in ("pages", "copies", "cases") if (given := getattr(wanted, name)) is not None
    }
    if rule.is_on_request:
        counts.setdefault("copies", 0)
    if rule.formula is Formula.PER_PAGE and "pages" not in counts and exemption is None:
        return _Line(rule, None, "Chưa ghi số trang: thêm --pages.")
    quantity = Quantity(
        **counts,
        row=wanted.row or row,
        is_online=wanted.online,
        exemption=exemption.id if exemption else "",
    )
    try:
        return _Line(rule, compute(rule, quantity))
    except InputError as error:
        if error.field in {"pages", "copies", "cases"}:
            option = _OPTIONS[error.field]
            raise InputError(f"{option}: {error.title}", error.message, option) from error
        rows = "; ".join(f"{each.id} ({each.words})" for each in rule.rows)
        asked = f"{error.title}: --row {rows}." if error.field == "row" else f"{error.title}. {error.message}"
        return _Line(rule, None, asked)


def _is_unknown(procedure: Procedure, lines: list[_Line]) -> bool:
    return not lines and procedure.fee_vnd != 0


def _tell(procedure: Procedure, lines: list[_Line], say: Callable[[str], None]) -> None:
    say(f"{procedure.code} · {procedure.name}")
    for line in lines:
        words = vnd_words(line.amount.amount_vnd) if line.amount else "chưa tính được"
        say(f"{FEE_KINDS[line.rule.kind]} {fee_tail(line.rule.kind, line.rule.name)}: {words}")
        say(f"  {line.amount.explanation if line.amount else line.asked}")
        say(f"  Căn cứ: {line.amount.ground if line.amount else line.rule.ground}")
    if not lines:
        say("Không thu phí, lệ phí." if procedure.fee_vnd == 0 else _unknown_words(procedure))
    else:
        say(f"Tổng cộng: {vnd_words(_total(lines))}{'' if _is_whole(lines) else ' và khoản chưa tính được'}")


def _unknown_words(procedure: Procedure) -> str:
    if procedure.fee_vnd is None:
        return f"Danh mục chưa có mức thu. {procedure.fee_note}".strip()
    return f"Danh mục ghi {vnd_words(procedure.fee_vnd)}, chưa có cách tính. {procedure.fee_note}".strip()


def _plain(procedure: Procedure, wanted: Namespace, lines: list[_Line]) -> dict[str, Any]:
    return {
        "procedure": procedure.code,
        "case": wanted.case,
        "lines": [
            {
                "rule": line.rule.id,
                "kind": line.rule.kind,
                "name": line.rule.name,
                "amount_vnd": line.amount.amount_vnd if line.amount else None,
                "explanation": line.amount.explanation if line.amount else line.asked,
                "ground": line.amount.ground if line.amount else line.rule.ground,
                "confidence": line.rule.confidence,
            }
            for line in lines
        ],
        "total_vnd": _total(lines) if _is_whole(lines) and not _is_unknown(procedure, lines) else None,
    }


def _total(lines: list[_Line]) -> int:
    return sum(line.amount.amount_vnd for line in lines if line.amount)


def _is_whole(lines: list[_Line]) -> bool:
    return all(line.amount for line in lines)
