"""Procedures as the national portal's `LayThuTuc` gives them, read as rows of ours.

Its field names stay in this file. The portal writes a time as a number with a unit of its own
wording; where the unit is missing it stays open and is told, never guessed.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from onestop.domain.procedure import kind_of
from onestop.domain.text import fold, nfc
from onestop.office.pack_report import Pack, PackFinding, PackRow, Place

Value = dict[str, Any]

_SHEET: Final = "LayThuTuc"
_UNITS: Final = {
    "ngay lam viec": "working_day",
    "ngay": "calendar_day",
    "gio": "hour",
    "gio lam viec": "hour",
    "trong ngay": "same_day",
    "trong ngay lam viec": "same_day",
}
_IN_PERSON, _ONLINE, _POST = "truc tiep", "truc tuyen", "buu chinh"
_FREE: Final = frozenset({"", "0"})


def is_national(plain: Any) -> bool:
    """Whether this is an answer of `LayThuTuc`, or a list of such rows."""
    rows = _rows_of(plain)
    return bool(rows) and all(isinstance(row, dict) and "MATTHC" in row for row in rows)


def read_national(plain: Any, name: str) -> Pack:
    """The procedures; what the portal leaves open is told as a hint at its line."""
    findings: list[PackFinding] = []
    rows: dict[str, PackRow] = {}
    for line, source in enumerate(_rows_of(plain), 1):
        reading = _Reading(line, findings)
        code = _text(source.get("MATTHC"))
        if not code or not _text(source.get("TENTTHC")):
            reading.tell("MATTHC", "Thiếu mã hoặc tên thủ tục", "Xin lại dữ liệu của thủ tục này.", True)
        elif code in rows:
            reading.tell("MATTHC", f"Mã “{code[:40]}” có hai lần", "Bỏ bớt một dòng.", True)
        else:
            places = {ours: reading.place(theirs) for ours, theirs in _NAMES.items()}
            rows[code] = PackRow("procedure", _procedure(source, reading), reading.place(""), places)
    return Pack(name, tuple(rows.values()), frozenset({"procedure"}), tuple(findings))


_NAMES: Final = {
    "code": "MATTHC",
    "name": "TENTTHC",
    "sector": "LINHVUCTHUCHIEN",
    "time_limit": "CACHTHUCTHUCHIEN",
    "online_limit": "CACHTHUCTHUCHIEN",
    "fee_vnd": "PHILEPHI",
    "components": "THANHPHANHOSO",
    "cases": "THANHPHANHOSO",
    "result": "KETQUATHUCHIEN",
    "grounds": "CANCUPHAPLY",
}


class _Reading:
    """Where we are in the file, and what is told."""

    def __init__(self, line: int, findings: list[PackFinding]) -> None:
        self._line = line
        self._findings = findings

    def place(self, name: str) -> Place:
        return Place(_SHEET, self._line, "", name)

    def tell(self, name: str, words: str, remedy: str, is_error: bool = False) -> None:
        self._findings.append(PackFinding(self.place(name), words, remedy, is_error))


def _rows_of(plain: Any) -> list[Any]:
    if isinstance(plain, dict):
        plain = plain.get("result", [plain] if "MATTHC" in plain else [])
    return plain if isinstance(plain, list) else []


def _procedure(source: Value, reading: _Reading) -> Value:
    counter, online = _limits(source, reading)
    fee_vnd, fee_note = _fee(source, reading)
    ordinary, cases = _cases(source, counter, online)
    sectors = [_text(each.get("TENLINHVUC")) for each in _items(source, "LINHVUCTHUCHIEN")]
    if not any(sectors):
        reading.tell("LINHVUCTHUCHIEN", "Không có lĩnh vực", "Xin lại dữ liệu của thủ tục này.", True)
    results = _items(source, "KETQUATHUCHIEN")
    return {
        "code": _text(source["MATTHC"]),
        "name": _text(source["TENTTHC"]),
        "sector": next(filter(None, sectors), ""),
        "level": "; ".join(_texts(_items(source, "CAPTHUCHIEN"), "TENCAP", "CAPTHUCHIEN")),
        "agency": "; ".join(_texts(_items(source, "COQUANTHUCHIEN"), "TENDONVI"))
        or _text(source.get("MOTACOQUANTHUCHIEN")),
        "time_limit": counter,
        "online_limit": online if online != counter else None,
        "time_note": _notes(source),
        "fee_vnd": fee_vnd,
        "fee_note": fee_note,
        "components": ordinary,
        "cases": cases,
        "result": "; ".join(_texts(results, "TENKETQUA")),
        "result_codes": _texts(results, "MAKETQUA"),
        "decision": _text(source.get("QUYETDINH")),
        "grounds": [_ground(each) for each in _items(source, "CANCUPHAPLY") if _ground(each)],
        "confidence": "medium",
        "version": _text(source.get("QUYETDINH")) or _text(source.get("ID")) or "LayThuTuc",
    }


# ---- time -----------------------------------------------------------------------------


def _times(source: Value) -> Iterable[tuple[str, Value]]:
    """(channel, time) as they stand."""
    for way in _items(source, "CACHTHUCTHUCHIEN"):
        for time in _items(way, "THOIGIAN"):
            yield fold(_text(way.get("KENH"))), time


def _limits(source: Value, reading: _Reading) -> tuple[Value, Value | None]:
    """At the counter and online. Several for one channel: the portal names cases; the first counts."""
    found: dict[str, list[Value]] = {_IN_PERSON: [], _ONLINE: []}
    for channel, time in _times(source):
        for name, limits in found.items():
            if name in channel:
                limits.append(_limit(time, reading))
    for channel, limits in found.items():
        if len({(each["value"], each["unit"]) for each in limits}) > 1:
            named = "trực tuyến" if channel == _ONLINE else "trực tiếp"
            words = f"Nhiều thời hạn {named}; lấy thời hạn đầu tiên"
            reading.tell("THOIGIANGIAIQUYET", words, "Tách thành trường hợp trong trang Thủ tục.")
    open_limit = {"value": 0, "unit": "unspecified"}
    online = found[_ONLINE][0] if found[_ONLINE] else None
    return (found[_IN_PERSON][0] if found[_IN_PERSON] else online or open_limit), online


def _limit(time: Value, reading: _Reading) -> Value:
    number, unit = _text(time.get("THOIGIANGIAIQUYET")), _UNITS.get(fold(_text(time.get("DONVITINH"))), "")
    if unit == "same_day":
        return {"value": 0, "unit": unit}
    if not unit or not number.isdigit():
        said = f"“{number} {_text(time.get('DONVITINH'))}”".replace(" ”", "”")
        words = f"Thời hạn {said} không rõ số hoặc đơn vị, để là chưa quy định"
        reading.tell("DONVITINH", words, "Ghi thời hạn theo quyết định công bố.")
        return {"value": 0, "unit": "unspecified"}
    return {"value": int(number), "unit": unit}


def _notes(source: Value) -> str:
    """What stands beside the times, each once."""
    noted = (f"{_text(time.get('MOTA'))}" for _, time in _times(source))
    return "\n".join(dict.fromkeys(filter(None, noted)))


# ---- money ----------------------------------------------------------------------------


def _fee(source: Value, reading: _Reading) -> tuple[int | None, str]:
    """One amount for all is one; several stay words, for a rule of fees to be made of them."""
    amounts, notes = set(), []
    for _, time in _times(source):
        for fee in _items(time, "PHILEPHI"):
            text = re.sub(r"[.,\s]", "", _text(fee.get("SOTIEN")))
            amounts.add(int(text) if text.isdigit() else None)
            notes.append(
                f"{_text(fee.get('MOTA'))} {_text(fee.get('SOTIEN'))} {_text(fee.get('DONVI'))}".strip()
            )
    note = "\n".join(dict.fromkeys(filter(None, notes)))
    if not amounts:
        return 0, note
    if len(amounts) == 1 and None not in amounts:
        return amounts.pop(), note
    reading.tell("PHILEPHI", "Có nhiều mức phí, hoặc mức không phải số", "Lập mức thu ở trang “Phí”.")
    return None, note


# ---- papers ---------------------------------------------------------------------------


def _cases(source: Value, limit: Value, online: Value | None) -> tuple[list[Value], list[Value]]:
    """Papers without a case, or of the only one, are the ordinary case's; the others are cases."""
    groups = [(_text(each.get("TRUONGHOP")), _papers(each)) for each in _items(source, "THANHPHANHOSO")]
    if len(groups) == 1:
        return groups[0][1], []
    ordinary = [paper for name, papers in groups if not name for paper in papers]
    cases = [
        {
            "id": f"th{number}",
            "name": name[:200],
            "condition": "",
            "components": papers,
            "time_limit": limit,
            "online_limit": online if online != limit else None,
        }
        for number, (name, papers) in enumerate(((n, p) for n, p in groups if n), 1)
    ]
    return [paper | {"no": no} for no, paper in enumerate(ordinary, 1)], cases


def _papers(group: Value) -> list[Value]:
    return [_paper(no, paper) for no, paper in enumerate(_items(group, "GIAYTO"), 1)]


def _paper(no: int, paper: Value) -> Value:
    """How it is given is worked out from its wording, as for the pack we ship."""
    name = _text(paper.get("TENGIAYTO"))
    kind, needed = kind_of(name, "")
    copies = {"originals": _count(paper, "SOBANCHINH"), "copies": _count(paper, "SOBANSAO")}
    return {"no": no, "name": name, "kind": kind.value, "needed": needed, **copies, "condition": ""}


def _count(paper: Value, name: str) -> int:
    text = _text(paper.get(name))
    return int(text) if text.isdigit() and len(text) < 4 else 0


# ---- plain ----------------------------------------------------------------------------


def _ground(each: Value) -> str:
    return nfc(f"{_text(each.get('SOVANBAN'))} {_text(each.get('TENVANBAN'))}")


def _items(source: Mapping[str, Any], name: str) -> list[Value]:
    """The objects of a list; the portal gives null or {} for an empty one."""
    found = source.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _texts(items: Iterable[Value], *names: str) -> list[str]:
    """The first of these members that says something, of each item."""
    found = (next(filter(None, (_text(each.get(name)) for name in names)), "") for each in items)
    return [text for text in found if text]


def _text(value: Any) -> str:
    return "" if value is None else nfc(str(value))
