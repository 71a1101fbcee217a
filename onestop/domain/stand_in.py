"""Stand-ins: while an officer is on leave or ill, somebody else deals with his dossiers.

Obligatory (Nghị định 118/2025/NĐ-CP, Điều 11.8). A stand-in writes under his own name, and each
entry says for whom.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from onestop.domain.state import Role
from onestop.errors import InputError


@dataclass(frozen=True, slots=True)
class StandIn:
    """`stand_in` acts for `officer` from `begins_on` to `ends_on` (YYYY-MM-DD, both included), in
    these of the officer's roles."""

    id: str
    officer: str
    stand_in: str
    begins_on: str
    ends_on: str
    roles: frozenset[Role]
    reason: str = ""

    def is_in_force(self, day: date) -> bool:
        return self.begins_on <= day.isoformat() <= self.ends_on


def stand_in_to_dict(one: StandIn) -> dict[str, Any]:
    """Plain JSON values; `stand_in_from_dict` gives the same back."""
    return asdict(one) | {"roles": sorted(one.roles)}


def stand_in_from_dict(plain: Mapping[str, Any]) -> StandIn:
    """Raises KeyError, TypeError or ValueError for another shape."""
    return StandIn(**{**plain, "roles": frozenset(Role(role) for role in plain["roles"])})


def standing_in_for(stand_ins: Iterable[StandIn], officer: str, day: date) -> tuple[StandIn, ...]:
    """Those in force on `day` in which `officer` acts for somebody else."""
    return tuple(one for one in stand_ins if one.stand_in == officer and one.is_in_force(day))


def who_stands_in(stand_ins: Iterable[StandIn], officer: str, day: date) -> StandIn | None:
    """Whoever acts for `officer` on `day`; None where he acts himself."""
    return next((one for one in stand_ins if one.officer == officer and one.is_in_force(day)), None)


def check_stand_in(one: StandIn, others: Iterable[StandIn], officer_roles: frozenset[Role]) -> None:
    """Raises InputError naming the field: the same person, days the wrong way round, no role or one
    the officer has not, or the officer has another stand-in on one of these days."""
    if not one.officer:
        raise InputError("Chưa chọn cán bộ vắng mặt", "Hãy chọn người được xử lý thay.", "officer")
    if not one.stand_in or one.stand_in == one.officer:
        raise InputError("Chưa chọn người xử lý thay", "Hãy chọn một cán bộ khác.", "stand_in")
    if not one.begins_on <= one.ends_on:
        raise InputError("Ngày kết thúc ở trước ngày bắt đầu", "Hãy nhập lại hai ngày.", "ends_on")
    if not one.roles or not one.roles <= officer_roles:
        raise InputError(
            "Vai trò được thay không đúng", "Chọn ít nhất một vai trò mà cán bộ vắng mặt có.", "roles"
        )
    for other in others:
        if other.id != one.id and other.officer == one.officer and _meet(other, one):
            raise InputError(
                "Cán bộ này đã có người xử lý thay trong các ngày đó",
                f"Sửa lần uỷ quyền từ {_shown(other.begins_on)} đến {_shown(other.ends_on)}.",
                "begins_on",
            )


def _meet(one: StandIn, other: StandIn) -> bool:
    return one.begins_on <= other.ends_on and other.begins_on <= one.ends_on


def _shown(day: str) -> str:
    return "/".join(reversed(day.split("-")))
