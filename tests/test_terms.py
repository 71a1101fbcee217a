"""One word for one thing: every state, act, role and form has a term; no avoided word names anything."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest

from onestop.domain.acts import RULES, STATES, Act
from onestop.domain.dossier import ComponentLine, Party, Role, State, Subject
from onestop.office.paper_words import PAPER_FORMS
from onestop.store.tables import dossiers
from onestop.terms import TERMS, show, term, vi

ROOT = Path(__file__).resolve().parent.parent
CODES = {each.code for each in TERMS}

# The forms of Thông tư 03/2025/TT-VPCP, Phụ lục I, by number, and the slips beside them.
FORMS = {
    "01": "receipt",
    "02": "supplement_request",
    "03": "refusal",
    "04": "apology",
    "05": "stop_notice",
    "06": "control_slip",
    "07": "register",
}
SLIPS = ("handover_slip", "opinion_slip", "fee_receipt")

# An avoided word that is also the right word for another thing; the reason stands beside it.
PERMITTED = {
    "accept": "QDialog's own verb",
    "application": "the Qt application",
    "case": "the case of a procedure is a term",
    "client": "the HTTP client of a desk",
    "close": "a file, a window, a connection",
    "create": "tables and windows are created, dossiers never",
    "cancel": "a running print or a dialog is cancelled, a dossier never",
    "device": "the card reader, the printer",
    "document": "the text document of a Qt view, the PDF of reportlab",
    "domain": "the package of rules",
    "edit": "Qt's line edit",
    "event": "Qt's key and mouse events",
    "field": "the field of a form on screen",
    "file": "a file of the file system",
    "finish": "a thread, a progress bar, a print run",
    "group": "a group of buttons or rows on screen",
    "id": "our own keys",
    "log": "the program's own log",
    "move": "a widget or a selection moves",
    "node": "a node of the Merkle tree",
    "number": "a count; the number of a result",
    "organisation": "the owner's kind: a person or an organisation",
    "owner": "a term itself",
    "part": "a piece of a text or a name",
    "process": "a process of the operating system",
    "record": "store.record is the one writer",
    "server": "Qt's local server of the single start",
    "submit": "a term itself",
    "task": "ui.tasks, the only threads",
}
TABLE_CALLS = {"Column", "Table", "mapped_column"}
# A name that holds an avoided word and still is the right name.
RIGHT_NAMES = {
    "CitizenCard": "the card's own name",
    "citizen_card": "the card's own name",
    "category": "the category of a Unicode letter or of a warning",
    "_SERVICE": "what the system's key store calls an entry",
    "Ticket": "the protocol's word for what was left on a hub's shelf",
    "ticket": "the same",
    "_deliver": "an answer is delivered to the window's thread",
    "_deliver_status": "the same, of what sync tells",
    "_deliver_news": "the same, of dossiers that read differently",
}


def avoided_words() -> set[str]:
    return {word for each in TERMS for word in each.avoid} - set(PERMITTED)


def test_codes_and_words_are_each_used_once() -> None:
    codes = [each.code for each in TERMS]
    words = [each.vi for each in TERMS]
    assert len(codes) == len(set(codes))
    # The law calls the act and the state it leads to by one name.
    assert {word for word in words if words.count(word) > 1} == {vi("stop")}


def test_words_are_nfc_and_begin_small() -> None:
    for each in TERMS:
        assert unicodedata.is_normalized("NFC", each.vi)
        assert each.vi[0].islower()
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", each.code), each.code


def test_every_state_act_role_and_form_has_a_term() -> None:
    wanted = {*State, *Act, *Role, *FORMS.values(), *SLIPS}
    assert wanted <= CODES, sorted(wanted - CODES)


def has_term(name: str) -> bool:
    """`holder_unit`, `components` and `is_taken` are made of terms or of what is said of them."""
    plain = name.removesuffix("s").replace("agencie", "agency").replace("copie", "copy")
    return any(re.search(rf"(^|_){code}(_|$)", each) for code in CODES for each in (name, plain))


@pytest.mark.parametrize("shape", [Party, Subject, ComponentLine])
def test_every_part_of_a_form_has_a_term(shape: type[Party | Subject | ComponentLine]) -> None:
    own = {"kind", "no", "needed", "is_given"}  # which of two, the line's place, yes or no
    assert not [f.name for f in fields(shape) if f.name not in own and not has_term(f.name)]


def test_every_column_of_the_queue_has_a_term() -> None:
    # Our own keys and the portal's number for a state; `code` is the dossier's own.
    own = {"n", "id", "code", "national", "is_taken"}
    assert not [c.name for c in dossiers.columns if c.name not in own and not has_term(c.name)]
    assert not has_term("colour")


def test_every_form_an_act_prints_is_one_of_the_circular_or_of_ours() -> None:
    forms = {rule.form for rule in RULES.values() if rule.form}
    assert forms - set(FORMS) <= set(PAPER_FORMS)
    assert {"01", "02", "03", "04", "05", "06"} <= forms


@pytest.mark.parametrize("state", State)
def test_a_state_is_called_the_same_everywhere(state: State) -> None:
    assert STATES[state].words.casefold() == vi(state)


def test_show_begins_with_a_capital() -> None:
    assert show("dossier") == "Hồ sơ"
    assert show("due_at") == "Hạn trả"
    assert term("owner").vi == "chủ hồ sơ"
    with pytest.raises(KeyError):
        vi("customer")


def words_in(name: str) -> set[str]:
    """`findCustomerName` → find, customer, name; a plural counts as its singular."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    words = [word for word in re.split(r"[^a-z]+", apart) if word]
    pairs = [f"{first}_{second}" for first, second in pairwise(words)]
    return {*words, *pairs, *(word.removesuffix("s") for word in words)}


def names_given(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a file gives: classes, functions, parameters, variables, fields, columns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in TABLE_CALLS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value


def wrong_names(source: str) -> list[tuple[int, str, str]]:
    """(line, name, avoided word) of every name that should have been a term."""
    avoided = avoided_words()
    return [
        (line, name, word)
        for line, name in names_given(ast.parse(source))
        if name not in RIGHT_NAMES
        for word in sorted(words_in(name) & avoided)
    ]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("class CustomerForm: ...", "customer"),
        ("def reject_dossier(): ...", "reject"),
        ("def f(user_name): ...", "user"),
        ("x.departments = 1", "department"),
        ("t = Table('workflows')", "workflow"),
        ("deadline_date: int = 1", "deadline_date"),
    ],
)
def test_an_avoided_word_is_found(source: str, word: str) -> None:
    assert [found for _, _, found in wrong_names(source)] == [word]


def test_the_citizen_card_keeps_its_name() -> None:
    assert not wrong_names("class CitizenCard: ...\ncitizen_card = 1")


def test_no_avoided_word_is_used_as_a_name() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {name} ({word})"
        for folder in ("onestop", "ui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, name, word in [
            *wrong_names(path.read_text(encoding="utf-8")),
            *((1, path.stem, word) for word in words_in(path.stem) & avoided_words()),
        ]
    ]
    assert not wrong, "\n".join(wrong)
