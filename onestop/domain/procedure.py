"""Administrative procedures: what they ask for, how long they take, and how to find them.

The rows come from `resources/packs/procedures.json` and are data an administrator may
change. What the portal leaves open (a time without a unit, a fee set by the province)
stays open here: nothing is guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.stages import Stage
from onestop.domain.text import fold, nfc
from onestop.errors import InputError


class ComponentKind(StrEnum):
    """How a component reaches the dossier; the words are in `KIND_WORDS`."""

    SUBMIT = "submit"
    PRESENT = "present"
    DATA = "data"
    IF_ANY = "if_any"
    IF_DELEGATED = "if_delegated"


KIND_WORDS: Final = {
    ComponentKind.SUBMIT: "Nộp",
    ComponentKind.PRESENT: "Xuất trình",
    ComponentKind.DATA: "Thay bằng dữ liệu",
    ComponentKind.IF_ANY: "Nếu có",
    ComponentKind.IF_DELEGATED: "Nếu ủy quyền",
}


@dataclass(frozen=True, slots=True)
class Component:
    """One paper a procedure asks for. `condition` is the source's own wording, '' if none."""

    no: int
    name: str
    kind: ComponentKind
    needed: bool
    originals: int
    copies: int
    condition: str


class Resumption(StrEnum):
    """How the clock goes on after a supplement: two lawful ways, the procedure's own choice."""

    SHIFT = "shift"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a procedure (trường hợp), with all that differs in it.

    `online_limit`: None where an application sent online takes the same time. `fees`: ids of fee
    rules. `ask`: what the source leaves open and an administrator must say (`time_limit`, `fees`).
    """

    id: str
    name: str
    condition: str
    components: tuple[Component, ...]
    time_limit: TimeLimit
    online_limit: TimeLimit | None = None
    fees: tuple[str, ...] = ()
    result: str = ""
    grounds: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure in one version. `fee_vnd` is None where the province sets the fee.

    Its own components, limit and fees are those of its ordinary case; `cases` are the others, or all
    of them where there is no ordinary one. `effective_on`: YYYY-MM-DD, "" from the beginning.
    `declaration`, `route`: ids, "" where there is none. `ask`: as in a case. `stages`: the agencies
    that settle the ordinary case one after the other, `time_limit` then being their sum.
    """

    code: str
    name: str
    sector: str
    level: str
    agency: str
    time_limit: TimeLimit
    time_note: str
    fee_vnd: int | None
    fee_note: str
    components: tuple[Component, ...]
    result: str
    result_codes: tuple[str, ...]
    decision: str
    confidence: str
    version: str
    cases: tuple[Case, ...] = ()
    online_limit: TimeLimit | None = None
    fees: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    effective_on: str = ""
    resumption: Resumption = Resumption.SHIFT
    declaration: str = ""
    route: str = ""
    ask: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    _words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _initials: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = _telling_words(self.name)
        # A frozen dataclass is only written here, while it is being made.
        object.__setattr__(self, "_words", tuple(named))
        object.__setattr__(self, "_initials", "".join(word[0] for word in named))


def procedures_from_pack(rows: Iterable[Mapping[str, Any]]) -> tuple[Procedure, ...]:
    """The procedures of the data pack, kinds of components worked out from its wording.

    Raises KeyError or ValueError for rows that are not of the pack's shape.
    """
    return tuple(_from_pack(row) for row in rows)


def procedure_to_dict(procedure: Procedure) -> dict[str, Any]:
    """Plain JSON values; `procedure_from_dict` gives the same procedure back."""
    plain = asdict(procedure)
    return {key: value for key, value in plain.items() if not key.startswith("_")}


def procedure_from_dict(plain: Mapping[str, Any]) -> Procedure:
    """The procedure that `procedure_to_dict` wrote, also after a way through JSON."""
    values = _read_case(plain)
    values["result_codes"] = tuple(values["result_codes"])
    values["cases"] = tuple(Case(**_read_case(row)) for row in values.get("cases", ()))
    values["resumption"] = Resumption(values.get("resumption", Resumption.SHIFT))
    values["stages"] = tuple(
        Stage(row["agency"], TimeLimit(int(row["limit"]["value"]), TimeUnit(row["limit"]["unit"])))
        for row in values.get("stages", ())
    )
    return Procedure(**values)


def row_key(procedure: Procedure) -> str:
    """Under which its row lies: the code, and the day from which a later version is in effect."""
    return f"{procedure.code}@{procedure.effective_on}" if procedure.effective_on else procedure.code


def version_of(procedure: Procedure) -> str:
    """What a dossier received under it keeps: no two versions of a code are called the same."""
    day = procedure.effective_on
    return f"{procedure.version}@{day}" if day else procedure.version


def _read_case(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The members that a procedure and its cases share, read."""
    values = dict(plain)
    values["time_limit"] = _limit_from(values["time_limit"])
    values["online_limit"] = _limit_from(values.get("online_limit"))
    values["components"] = tuple(_component_from_dict(row) for row in values["components"])
    return values | {name: tuple(values[name]) for name in ("fees", "grounds", "ask") if name in values}


def _limit_from(plain: Mapping[str, Any] | None) -> TimeLimit | None:
    return None if plain is None else TimeLimit(int(plain["value"]), TimeUnit(plain["unit"]))


def has_ordinary(procedure: Procedure) -> bool:
    """Whether it may be received in no case: where every dossier is in one, nothing is asked outside."""
    return not procedure.cases or bool(procedure.components)


def first_case(procedure: Procedure) -> str:
    """The ordinary case, or the id of the first one where there is none."""
    return "" if has_ordinary(procedure) else procedure.cases[0].id


def in_case(procedure: Procedure, case_id: str, is_online: bool = False) -> Procedure:
    """The procedure as it is in one of its cases ("": the ordinary one), over one channel.

    Raises InputError (field `case`) for a case there is not, or for none where one must be chosen.
    """
    case = next((case for case in procedure.cases if case.id == case_id), None)
    if not case_id and not has_ordinary(procedure):
        raise InputError(
            "Chưa chọn trường hợp", "Chọn trường hợp của thủ tục: giấy tờ và hạn trả theo đó.", "case"
        )
    if case_id and case is None:
        raise InputError("Không có trường hợp này", "Hãy chọn lại trường hợp của thủ tục.", "case")
    if case is not None:
        procedure = replace(
            procedure,
            components=case.components,
            time_limit=case.time_limit,
            online_limit=case.online_limit,
            fees=() if "fees" in case.ask else case.fees or procedure.fees,
            fee_vnd=None if "fees" in case.ask else procedure.fee_vnd,
            result=case.result or procedure.result,
            grounds=case.grounds or procedure.grounds,
            stages=(),
        )
    if is_online and procedure.online_limit is not None:
        return replace(procedure, time_limit=procedure.online_limit, stages=())
    return procedure


def in_force(versions: Iterable[Procedure], day: str) -> tuple[Procedure, ...]:
    """Of each code the newest version that is in effect on `day` (YYYY-MM-DD), in their order."""
    newest: dict[str, Procedure] = {}
    for one in versions:
        known = newest.get(one.code)
        if one.effective_on <= day and (known is None or known.effective_on <= one.effective_on):
            newest[one.code] = one
    return tuple(newest.values())


def find_procedures(procedures: Sequence[Procedure], query: str, limit: int = 20) -> list[Procedure]:
    """The best matches for what was typed, with or without accents, best first.

    Each word of the query must begin a word of name, code or sector; `dkks` finds by
    initials. An empty query gives the first `limit` procedures.
    """
    typed = _telling_words(query)
    if not typed:
        return list(procedures[:limit])
    ranked = []
    for place, procedure in enumerate(procedures):
        rank = _rank(procedure, typed)
        if rank is not None:
            ranked.append((rank, len(procedure._words), place))
    return [procedures[place] for *_, place in sorted(ranked)[:limit]]


# ---- ranking --------------------------------------------------------------------------


def _fold_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9.]+", fold(nfc(text)))


def _telling_words(text: str) -> list[str]:
    """Nearly every name begins with "Thủ tục": it tells nothing apart."""
    words = _fold_words(text)
    return words[2:] if words[:2] == ["thu", "tuc"] else words


def _rank(procedure: Procedure, typed: list[str]) -> int | None:
    """0 is best; None does not match."""
    if len(typed) == 1:
        if fold(procedure.code).startswith(typed[0]):
            return 0
        if len(typed[0]) >= 3 and procedure._initials.startswith(typed[0]):
            return 1
    words = procedure._words
    start = _phrase_at(words, typed)
    if start is not None:
        return 2 + min(start, 20)
    if all(_begins_any(words, word) for word in typed):
        return 30
    wider = (*words, *_fold_words(procedure.sector), fold(procedure.code))
    return 40 if all(_begins_any(wider, word) for word in typed) else None


def _phrase_at(words: tuple[str, ...], typed: list[str]) -> int | None:
    """Where the typed words stand side by side; only the last may be unfinished."""
    *whole, last = typed
    for start in range(len(words) - len(typed) + 1):
        end = start + len(whole)
        if list(words[start:end]) == whole and words[end].startswith(last):
            return start
    return None


def _begins_any(words: Sequence[str], typed: str) -> bool:
    return any(word.startswith(typed) for word in words)


# ---- the pack -------------------------------------------------------------------------


def _from_pack(row: Mapping[str, Any]) -> Procedure:
    limit = row["time_limit"]
    return Procedure(
        code=row["code"],
        name=nfc(row["name"]),
        sector=nfc(row["sector"]),
        level=row["level"],
        agency=row["agency"],
        time_limit=TimeLimit(limit["value"] or 0, TimeUnit(limit["unit"])),
        time_note=row.get("time_note") or "",
        fee_vnd=row["fee_vnd"],
        fee_note=row.get("fee_note") or "",
        components=tuple(_component(no, part) for no, part in enumerate(row["components"], 1)),
        result=(row["result"] or "").removeprefix("- "),  # one item of a list, so no list
        result_codes=tuple(row["result_codes"]),
        decision=row["decision"] or "",
        confidence=row["confidence"],
        version=row["version"],
    )


def _component(no: int, row: Mapping[str, Any]) -> Component:
    name, condition = nfc(row["name"]), nfc(row.get("condition") or "")
    kind, needed = kind_of(name, condition)
    return Component(no, name, kind, needed, row["original"], row["copies"], condition)


def _component_from_dict(row: Mapping[str, Any]) -> Component:
    return Component(**{**row, "kind": ComponentKind(row["kind"])})


_GENERAL: Final = re.compile(
    r"$|giấy tờ phải nộp|thành phần hồ sơ$|hồ sơ gồm bản sao|người yêu cầu chứng thực nộp", re.IGNORECASE
)
_PRESENTED: Final = re.compile(
    r"(giấy tờ phải |người yêu cầu chứng thực (phải )?)?xuất trình|giấy tờ tùy thân để xuất trình",
    re.IGNORECASE,
)
_DELEGATED: Final = re.compile(
    r"nếu ủy quyền|.*trường hợp (ủy quyền|người đại diện theo ủy quyền)"
    r"|văn bản (về việc )?ủy quyền|giấy ủy quyền",
    re.IGNORECASE,
)
_ONLY_WITHOUT_DATA: Final = re.compile(
    r"không (thể )?khai thác được|^thông tin .*cơ sở dữ liệu", re.IGNORECASE
)
_ONLINE: Final = re.compile(r"(biểu )?mẫu (hộ tịch )?điện tử tương tác", re.IGNORECASE)
_APPLICATION: Final = re.compile(r"tờ khai|đơn |phiếu ", re.IGNORECASE)
_AT_TIMES: Final = re.compile(
    r"^(trường hợp|nếu|khi|ngoài|đối với|[0-9]\. (trường hợp|đối với))"
    r"|trong trường hợp|(đối với|cho) trường hợp|đối với công trình|nếu có|nếu cần|nếu cha, mẹ|\(đối với|:$",
    re.IGNORECASE,
)


def kind_of(name: str, condition: str) -> tuple[ComponentKind, bool]:
    """Kind, and whether every applicant must give it.

    In doubt a component is not needed: asking for a paper the law does not ask for is the
    worse fault (NĐ 118/2025, Điều 4), and the officer sees its condition on the list.
    """
    condition, plain = _one_spelling(condition), _one_spelling(name)
    if _DELEGATED.match(condition) or _DELEGATED.match(plain):
        return ComponentKind.IF_DELEGATED, False
    if _ONLY_WITHOUT_DATA.search(plain):
        return ComponentKind.DATA, False
    if _PRESENTED.match(condition) or (not condition and _is_shown(plain)):
        return ComponentKind.PRESENT, not (_AT_TIMES.search(plain) or _AT_TIMES.search(condition))
    if not _GENERAL.match(condition) or _ONLINE.match(plain):
        return ComponentKind.IF_ANY, False
    # "(nếu nộp trực tiếp…)" behind an application form only names the channel.
    subject = plain.split("(nếu")[0] if _APPLICATION.match(plain) and "nếu có" not in plain else plain
    if _AT_TIMES.search(subject):
        return ComponentKind.IF_ANY, False
    return ComponentKind.SUBMIT, True


def _is_shown(name: str) -> bool:
    return bool(_PRESENTED.match(name))


def _one_spelling(text: str) -> str:
    """`uỷ quyền` and `ủy quyền` are both in use, also in one text."""
    return text.replace("uỷ", "ủy").replace("Uỷ", "Ủy")
