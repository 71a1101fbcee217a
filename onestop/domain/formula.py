"""The small language of computed fields of a form: names, texts, numbers and a few functions.

`join(" ", owner.name, born)`, `sum(papers.copies)`, `age(child.born_on, today)`. It is read by this
module alone, never by Python: a form comes from outside, and nothing in it may run.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from onestop.domain.number_words import day_in_words, number_in_words

Value = Any
"""What a form holds: text, whole number, a table's rows, a person's parts."""

LONGEST: Final = 400
"""Characters of a formula; nesting is bounded with it."""

_TOKEN: Final = re.compile(
    r'\s*(?:([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)|"([^"]*)"|(-?[0-9]{1,15})|([(),]))'
)


@dataclass(frozen=True, slots=True)
class Name:
    """A field (`purpose`), a part of it (`child.born_on`, `papers.copies`) or a source (`owner.name`)."""

    head: str
    part: str = ""

    def __str__(self) -> str:
        return f"{self.head}.{self.part}" if self.part else self.head


@dataclass(frozen=True, slots=True)
class Call:
    """A function over what its arguments give."""

    function: str
    arguments: "tuple[Expression, ...]"


Expression = Name | Call | str | int


def parse_formula(text: str) -> Expression:
    """Raises ValueError with what is wrong, in Vietnamese: an administrator wrote it."""
    if len(text) > LONGEST:
        raise ValueError(f"công thức dài quá {LONGEST} ký tự")
    tokens = list(_tokens(text))
    expression, rest = _read(tokens)
    if rest:
        raise ValueError(f"thừa “{rest[0][1]}” ở cuối công thức")
    return expression


def names_in(expression: Expression) -> tuple[Name, ...]:
    """Every name the formula reads."""
    if isinstance(expression, Name):
        return (expression,)
    if isinstance(expression, Call):
        return tuple(name for each in expression.arguments for name in names_in(each))
    return ()


def evaluate(expression: Expression, read: Callable[[Name], Value]) -> Value:
    """What the formula gives: text or a whole number; '' where what it needs is not there yet."""
    if isinstance(expression, Name):
        return read(expression)
    if isinstance(expression, Call):
        return FUNCTIONS[expression.function].work([evaluate(each, read) for each in expression.arguments])
    return expression


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"không hiểu “{text[place : place + 12].strip()}”")
        kind = ("name", "text", "number", "sign")[(found.lastindex or 1) - 1]
        yield kind, found[found.lastindex or 1]
        place = found.end()


def _read(tokens: list[tuple[str, str]]) -> tuple[Expression, list[tuple[str, str]]]:
    """One expression from the front of the tokens, and the tokens behind it."""
    if not tokens:
        raise ValueError("công thức bị bỏ dở")
    (kind, text), rest = tokens[0], tokens[1:]
    if kind == "sign":
        raise ValueError(f"“{text}” đứng sai chỗ")
    if kind == "text":
        return text, rest
    if kind == "number":
        return int(text), rest
    if rest and rest[0] == ("sign", "("):
        return _read_call(text, rest[1:])
    head, _, part = text.partition(".")
    return Name(head, part), rest


def _read_call(function: str, rest: list[tuple[str, str]]) -> tuple[Expression, list[tuple[str, str]]]:
    if function not in FUNCTIONS:
        raise ValueError(f"không có hàm “{function}”")
    arguments: list[Expression] = []
    while True:
        argument, rest = _read(rest)
        arguments.append(argument)
        sign, rest = (rest[0], rest[1:]) if rest else (("sign", ""), rest)
        if sign == ("sign", ")"):
            break
        if sign != ("sign", ","):
            raise ValueError(f"thiếu dấu “)” của hàm “{function}”")
    known = FUNCTIONS[function]
    if not known.least <= len(arguments) <= known.most:
        raise ValueError(f"hàm “{function}” nhận từ {known.least} đến {known.most} giá trị")
    return Call(function, tuple(arguments)), rest


# ---- what the functions do -------------------------------------------------------------


def _sum(values: Sequence[Value]) -> Value:
    numbers = [number for each in _flat(values) if (number := as_number(each)) is not None]
    return plain_number(sum(numbers, Decimal(0))) if numbers else ""


def _count(values: Sequence[Value]) -> Value:
    return len(_flat(values))


def _times(values: Sequence[Value]) -> Value:
    product = Decimal(1)
    for each in values:
        number = as_number(each)
        if number is None:
            return ""
        product *= number
    return plain_number(product)


def _join(values: Sequence[Value]) -> Value:
    """The first is what stands between; empty ones are left out."""
    between, *texts = values
    return str(between).join(str(each) for each in _flat(texts) if each not in ("", None))


def _age(values: Sequence[Value]) -> Value:
    """Full years from a full date to another; '' where a date is not full or lies later."""
    born, at = (_day(each) for each in values)
    if born is None or at is None or at < born:
        return ""
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def _words(values: Sequence[Value]) -> Value:
    """A date, or a whole number, in words, as registers ask for."""
    (value,) = values
    day = _day(value)
    if day is not None:
        return day_in_words(day)
    number = as_number(value)
    is_whole = number is not None and number == number.to_integral_value() and 0 <= number < 10**15
    return number_in_words(int(number)) if is_whole and number is not None else ""


@dataclass(frozen=True, slots=True)
class _Function:
    work: Callable[[Sequence[Value]], Value]
    least: int
    most: int


FUNCTIONS: Final[Mapping[str, _Function]] = {
    "sum": _Function(_sum, 1, 20),
    "count": _Function(_count, 1, 1),
    "times": _Function(_times, 2, 5),
    "join": _Function(_join, 2, 20),
    "age": _Function(_age, 2, 2),
    "words": _Function(_words, 1, 1),
}


def as_number(value: Value) -> Decimal | None:
    """A whole number or decimal text as a number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def plain_number(number: Decimal) -> int | str:
    """As a form keeps it: a whole number, or decimal text without spare zeros."""
    if number == number.to_integral_value():
        return int(number)
    return f"{number.normalize():f}"


def _flat(values: Sequence[Value]) -> list[Value]:
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def _day(value: Value) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
