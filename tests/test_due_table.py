"""Deadlines counted by hand (`tests/data/due_cases.md`): the moment, the sentence, the calculation."""

import pytest

from onestop.domain.deadline import (
    OUTCOME_WORDS,
    due_date,
    extended_due,
    outcome,
    paused_due,
)
from onestop.domain.due_lines import Explained, LineKind, explain, explain_stages
from onestop.domain.moment import show_at
from onestop.domain.stages import arrives_at, stages_due
from onestop.errors import InputError
from tests.due_table import CALENDARS, EXTRA, at, limit, pauses, plain_cases, sections, stages

PAUSED, EXTENDED, STAGED, ELSEWHERE = (sections()[title] for title in EXTRA)


def test_the_table_is_large_and_every_case_says_why() -> None:
    rows = [row for group in sections().values() for row in group]
    assert len(rows) >= 120
    assert len({tuple(row[:-1]) for row in rows}) == len(rows)
    assert all(len(row[-1]) >= 8 for row in rows)


@pytest.mark.parametrize("row", plain_cases(), ids=lambda row: " ".join(row[:3]))
def test_counted_by_hand(row: list[str]) -> None:
    name, short, received, due_at, sentence, _ = row
    found = due_date(CALENDARS[name], limit(short), at(received))
    assert (show_at(found.due_at), found.explanation) == (due_at, sentence)
    assert found.calendar_version == CALENDARS[name].version
    require_told(explain(CALENDARS[name], limit(short), at(received)), due_at)


@pytest.mark.parametrize("row", PAUSED, ids=lambda row: " ".join(row[:4]))
def test_pauses_counted_by_hand(row: list[str]) -> None:
    name, short, received, paused, due_at, sentence, _ = row
    found = paused_due(CALENDARS[name], limit(short), at(received), pauses(paused))
    assert (show_at(found.due_at), found.explanation) == (due_at, sentence)
    require_told(explain(CALENDARS[name], limit(short), at(received), pauses(paused)), due_at)


@pytest.mark.parametrize("row", EXTENDED, ids=lambda row: " ".join(row[:5]))
def test_extensions_counted_by_hand(row: list[str]) -> None:
    name, short, received, now, wanted, done, kept, words, _ = row
    calendar = CALENDARS[name]
    original = due_date(calendar, limit(short), at(received))
    if not done:
        with pytest.raises(InputError) as caught:
            extended_due(calendar, limit(short), at(wanted), at(now))
        assert (caught.value.title, caught.value.field) == (words, "due")
        return
    moved = extended_due(calendar, limit(short), at(wanted), at(now))
    assert (show_at(moved.due_at), moved.explanation) == (wanted, words)
    assert OUTCOME_WORDS[outcome(original.due_at, at(done))] == kept


@pytest.mark.parametrize("row", STAGED, ids=lambda row: " ".join(row[:3]))
def test_agencies_counted_by_hand(row: list[str]) -> None:
    name, received, listed, due_ats, sentence, _ = row
    found = stages_due(CALENDARS[name], stages(listed), at(received))
    assert [show_at(one.due.due_at) for one in found.own] == due_ats.split(", ")
    assert found.total.due_at == found.own[-1].due.due_at
    assert found.total.explanation == sentence
    told = explain_stages(CALENDARS[name], stages(listed), at(received))
    require_told(told, due_ats.split(", ")[-1])
    parts = [line.words for line in told.lines if line.kind is LineKind.PART]
    assert [words.split(":")[0] for words in parts] == [one.agency for one in stages(listed)]


@pytest.mark.parametrize("row", ELSEWHERE, ids=lambda row: " ".join(row[:2]))
def test_the_clock_starts_at_the_competent_agency(row: list[str]) -> None:
    name, received, arrived, short, due_at, _ = row
    calendar = CALENDARS[name]
    assert show_at(arrives_at(calendar, at(received))) == arrived
    assert show_at(due_date(calendar, limit(short), at(arrived)).due_at) == due_at


def require_told(told: Explained, due_at: str) -> None:
    """The calculation ends at the due moment, and no day of it is counted and skipped at once."""
    assert told.sentence == told.due.explanation
    last = told.lines[-1]
    assert last.kind is LineKind.DUE
    assert f"{last.words[9:14]}" == due_at[-5:]
    assert f"{last.day:%d/%m/%Y}" == due_at[:10]
    part: list[set[object]] = [set(), set()]
    for line in told.lines:
        if line.kind in {LineKind.PART, LineKind.NOTE}:
            part = [set(), set()]
        part[0] |= {line.day} if line.kind is LineKind.COUNTED else set()
        part[1] |= {line.day} if line.kind is LineKind.SKIPPED else set()
        assert not (part[0] & part[1])
