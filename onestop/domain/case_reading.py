"""The cases (trường hợp) of a procedure, read out of the portal's flat lists.

The portal puts the papers of every case one below another, the case in the heading of a group or
in a condition. What was looked through by hand stands in `resources/packs/cases.json`; the other
rows are read by their headings. Where the source leaves something open it is asked, never guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.procedure import (
    Case,
    Component,
    ComponentKind,
    Procedure,
    kind_of,
    procedures_from_pack,
)
from onestop.domain.text import fold, nfc

_OPEN: Final = TimeLimit(0, TimeUnit.UNSPECIFIED)
_LONGEST_NAME: Final = 90
_CUT_AT: Final = 20
"""The rows of the source end here: a list that long may lack papers, and whole cases."""

_MARK: Final = r"\(?(?:[0-9]{1,2}(?:\.[0-9]+)*|[a-zđ])[.)]\s*"
_HEADING: Final = re.compile(rf"({_MARK})?(trường hợp|đối với|thành phần hồ sơ \S|hồ sơ \S|gia hạn )", re.I)
_NO_HEADING: Final = re.compile(
    r"giấy tờ phải|thành phần hồ sơ( cơ quan .*)?$|hồ sơ gồm bản sao"
    r"|.*(môi trường điện tử|[uủ][yỷ] quyền thực hiện thủ tục)",
    re.I,
)
_ORDINARY: Final = re.compile(r"hồ sơ ", re.I)
_TAIL: Final = re.compile(
    r"[,;]?\s*(thì)?\s*(cần có|((thành phần )?hồ sơ )?(bao )?gồm( có| các giấy tờ sau( đây)?)?)?[:.,;\s]*$",
    re.I,
)
_LEAD: Final = re.compile(rf"({_MARK})?((trường hợp|thành phần hồ sơ( khi)?|đối với|hồ sơ)\s+)?", re.I)
_HEADED_NAME: Final = re.compile(r"[0-9]\. (trường hợp|đối với)", re.I)
_MAIN_PAPER: Final = re.compile(
    r"tờ khai|đơn |phiếu |giấy đề nghị|thông báo|đề nghị |văn bản đề nghị|văn bản yêu cầu", re.I
)


def cased_procedures(
    rows: Iterable[Mapping[str, Any]], curated: Iterable[Mapping[str, Any]]
) -> tuple[Procedure, ...]:
    """The procedures of the pack with their cases. Raises KeyError, ValueError for another shape."""
    known = {one["code"]: one for one in curated}
    plain = list(rows)
    made = zip(procedures_from_pack(plain), plain, strict=True)
    return tuple(_asking(_cased(one, row, known.get(one.code)), row) for one, row in made)


def _cased(procedure: Procedure, row: Mapping[str, Any], curated: Mapping[str, Any] | None) -> Procedure:
    if curated is not None:
        return curated_cases(procedure, curated)
    return headed_cases(procedure) if row["components_status"] == "portal-auto" else procedure


def _asking(procedure: Procedure, row: Mapping[str, Any]) -> Procedure:
    """What an administrator is asked for: nothing of it is filled in by the program."""
    is_open = procedure.time_limit.unit is TimeUnit.UNSPECIFIED
    asked = {
        "time_limit": is_open or "chưa chắc" in procedure.time_note,
        "fees": procedure.fee_vnd is None,
        "components": row["components_status"] == "none",
    }
    open_ones = {name for name, is_asked in asked.items() if is_asked} | set(procedure.ask)
    return replace(procedure, ask=tuple(sorted(open_ones)))


# ---- looked through by hand -------------------------------------------------------------


def curated_cases(procedure: Procedure, plain: Mapping[str, Any]) -> Procedure:
    """`with`: numbers of components that only the case asks for; `without`: those it does not ask."""
    special = {no for case in plain["cases"] for no in case.get("with", ())}
    common = [one for one in procedure.components if one.no not in special]
    cases = tuple(_curated(procedure, common, case) for case in plain["cases"])
    return replace(
        procedure,
        components=() if plain.get("no_ordinary") else tuple(common),
        cases=_distinct(cases),
        time_limit=_limit(plain, procedure.time_limit),
        ask=tuple(plain.get("ask", ())),
    )


def _curated(procedure: Procedure, common: Sequence[Component], plain: Mapping[str, Any]) -> Case:
    own = set(plain.get("with", ()))
    left_out = set(plain.get("without", ()))
    taken = [one for one in common if one.no not in left_out]
    taken += [_required(one) for one in procedure.components if one.no in own]
    first = len(procedure.components) + 1
    taken += [_added(no, part) for no, part in enumerate(plain.get("add", ()), first)]
    return _case(
        plain["name"],
        plain["condition"],
        sorted(taken, key=lambda one: one.no),
        _limit(plain, procedure.time_limit),
        grounds=tuple(plain.get("grounds", ())),
        ask=tuple(plain.get("ask", ())),
    )


def _required(component: Component) -> Component:
    """The case is the condition: whoever is in it gives the paper. One that data may replace stays free."""
    kind, needed = kind_of(component.name, "")
    if kind is ComponentKind.IF_ANY and _plainly_asked(component.name):
        kind, needed = ComponentKind.SUBMIT, True
    return replace(component, kind=kind, needed=needed, condition="")


def _plainly_asked(name: str) -> bool:
    """The condition at its beginning is the case itself, not another one inside it."""
    return (
        bool(re.match(r"(nếu |trường hợp )", name, re.I)) and "nếu có" not in name and "nếu cần" not in name
    )


def _added(no: int, plain: Mapping[str, Any]) -> Component:
    name = nfc(plain["name"])
    kind, needed = kind_of(name, "")
    return Component(no, name, kind, needed, plain["original"], plain["copies"], "")


def _limit(plain: Mapping[str, Any], inherited: TimeLimit) -> TimeLimit:
    """A `limit` of null leaves the time open: it is asked."""
    if "limit" not in plain:
        return inherited
    return _OPEN if plain["limit"] is None else TimeLimit(plain["limit"][0], TimeUnit(plain["limit"][1]))


# ---- read by the headings of the portal ---------------------------------------------------


def headed_cases(procedure: Procedure) -> Procedure:
    """Groups of papers under two or more headings that name cases are these cases."""
    rows = _with_headings(procedure.components)
    headings = list(dict.fromkeys(heading for heading, _ in rows if heading))
    if len(headings) < 2:
        return procedure
    common = [one for heading, one in rows if not heading]
    groups = {heading: [one for of, one in rows if of == heading] for heading in headings}
    ordinary = next((heading for heading in headings if _ORDINARY.match(heading)), "")
    own = groups.pop(ordinary) if ordinary else []
    if not ordinary and any(one.needed for one in common):
        own = [one for one in common if one.kind is ComponentKind.SUBMIT]
        common = [one for one in common if one not in own]
        groups = {heading: [*own, *group] for heading, group in groups.items()}
    cases = [
        _case(_name(heading), heading, [*_regrouped(group), *common], procedure.time_limit)
        for heading, group in groups.items()
    ]
    is_cut = len(procedure.components) >= _CUT_AT
    return replace(
        procedure,
        components=(*_regrouped(own), *common) if own or is_cut else (),
        cases=_distinct(cases),
        ask=("components",) if is_cut else (),
    )


def _with_headings(components: Sequence[Component]) -> list[tuple[str, Component]]:
    """Each component with the heading it stands under; heading rows themselves are no papers."""
    if sum(bool(_HEADED_NAME.match(one.name)) for one in components) >= 2:
        return _under_names(components)
    return [(_heading(one.condition), one) for one in components]


def _under_names(components: Sequence[Component]) -> list[tuple[str, Component]]:
    rows: list[tuple[str, Component]] = []
    heading = ""
    for one in components:
        if _HEADED_NAME.match(one.name):
            heading = one.name
        else:
            rows.append((heading, one))
    return rows


def _heading(condition: str) -> str:
    """The heading if the condition names a case, else ''."""
    if not condition or _NO_HEADING.match(condition):
        return ""
    inner = re.search(r":\s*(Đối với .+)", condition)
    if inner:
        return inner.group(1)
    return condition if _HEADING.match(condition) else ""


def _regrouped(group: Sequence[Component]) -> list[Component]:
    """The heading has become the case. Of a group only its one application is surely asked of
    everybody: the rest are often alternatives of one another (NĐ 118/2025, Điều 4)."""
    main = [one.no for one in group if _MAIN_PAPER.match(one.name)]
    made = []
    for one in group:
        kind, needed = kind_of(one.name, "")
        if kind is ComponentKind.SUBMIT:
            needed = main == [one.no]
        made.append(replace(one, kind=kind, needed=needed, condition=""))
    return made


def _name(heading: str) -> str:
    words = _TAIL.sub("", _LEAD.sub("", heading, count=1)).strip()
    if len(words) > _LONGEST_NAME:
        words = words[:_LONGEST_NAME].rsplit(" ", 1)[0].rstrip(" ,;(") + "…"
    return words[:1].upper() + words[1:]


# ---- both -------------------------------------------------------------------------------


def _case(
    name: str,
    condition: str,
    components: Sequence[Component],
    limit: TimeLimit,
    grounds: tuple[str, ...] = (),
    ask: tuple[str, ...] = (),
) -> Case:
    ident = re.sub(r"[^a-z0-9]+", "-", fold(nfc(name)))[:48].strip("-")
    return Case(ident, nfc(name), nfc(condition), tuple(components), limit, grounds=grounds, ask=ask)


def _distinct(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Long names may begin alike: the later one gets a number, in its id and in its name."""
    made: list[Case] = []
    for case in cases:
        is_twin = any(case.id == one.id for one in made)
        no = len(made) + 1
        made.append(replace(case, id=f"{case.id}-{no}", name=f"{case.name} ({no})") if is_twin else case)
    return tuple(made)
