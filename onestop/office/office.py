"""An office at one desk: who sits there, what it knows, and the store it writes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from onestop.domain.calendar import WorkCalendar
from onestop.domain.legality import Actor
from onestop.domain.moment import local_day
from onestop.domain.state import Role
from onestop.errors import InputError, OfficeError

if TYPE_CHECKING:  # the engine is imported behind the first window
    from onestop.domain.procedure import Procedure
    from onestop.store.store import Store
    from onestop.store.writer import Pen

Clock = Callable[[], datetime]
Monotonic = Callable[[], tuple[str, int]]

_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Agency:
    """The agency as its papers name it; `code` opens every dossier code."""

    code: str
    name: str
    superior_body: str
    issuing_body: str
    office_name: str
    place: str
    address: str = ""
    phone: str = ""
    lookup_address: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Officer:
    id: str
    name: str
    roles: frozenset[Role]
    unit: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """This desk: its place in the agency's numbering (1–20) and what people call it."""

    index: int
    name: str


@dataclass(frozen=True)
class Catalogue:
    """What flows to a desk as plain versioned rows."""

    agency: Agency
    units: tuple[Unit, ...]
    officers: tuple[Officer, ...]
    procedures: tuple["Procedure", ...]
    calendar: WorkCalendar
    routing: Mapping[str, str]
    id_provinces: Mapping[str, str]
    is_practice: bool = False

    def procedure(self, code: str) -> "Procedure":
        """Raises InputError for a code the catalogue does not have."""
        for procedure in self.procedures:
            if procedure.code == code:
                return procedure
        raise InputError(
            f"Không có thủ tục mã “{code[:40]}”" if code else "Chưa chọn thủ tục",
            "Hãy tìm theo tên hoặc mã rồi chọn trong danh sách.",
            "procedure",
        )

    def officer(self, officer_id: str) -> Officer:
        for officer in self.officers:
            if officer.id == officer_id:
                return officer
        return Officer(officer_id, officer_id, frozenset(), "")

    def unit_name(self, unit_id: str) -> str:
        return next((unit.name for unit in self.units if unit.id == unit_id), unit_id)

    def in_role(self, role: Role, unit: str = "") -> tuple[Officer, ...]:
        """Officers of a role, those of `unit` first."""
        found = [officer for officer in self.officers if role in officer.roles]
        return tuple(sorted(found, key=lambda officer: officer.unit != unit))


class LastMoment:
    """When this desk last recorded something; moves forward only, shared by all who sit here.

    `after` runs once an act is saved: what stands outside the store follows it.
    """

    __slots__ = ("_after", "at")

    def __init__(self, at: datetime | None = None, after: Callable[[], None] | None = None) -> None:
        self.at = at
        self._after = after

    def move(self, at: datetime) -> None:
        self.at = max(self.at, at) if self.at else at
        if self._after is not None:
            self._after()


Ranges = tuple[tuple[int, int], ...]


class Told:
    """What a hub told this desk: its time, and the numbers it lent. Shared by all who sit here."""

    __slots__ = ("leases", "trusted_at")

    def __init__(self) -> None:
        self.trusted_at: Callable[[tuple[str, int]], datetime | None] = lambda mono: None
        self.leases: Mapping[str, Ranges] = {}


@dataclass(frozen=True)
class Office:
    """Everything an act needs. `clock` is the machine's; acts read `now`."""

    store: "Store"
    pen: "Pen"
    desk: Desk
    officer: Officer
    catalogue: Catalogue
    clock: Clock
    monotonic: Monotonic
    last_at: LastMoment | None = None
    told: Told = field(default_factory=Told)

    @property
    def now(self) -> datetime:
        """The machine's time, or the server's when they are more than five minutes apart;
        never before what this desk has already recorded."""
        wall = self.clock()
        wall += self._clock_off(wall)
        last = self.last_at.at if self.last_at else None
        return max(wall, last) if last else wall

    @property
    def actor(self) -> Actor:
        officer = self.officer
        return Actor(officer.id, officer.roles, officer.unit, self.catalogue.agency.code)

    @property
    def calendar(self) -> WorkCalendar:
        return self.catalogue.calendar

    @property
    def code_ranges(self) -> Ranges:
        """The serials of today in order of use: the desk's own, those lent to it, the emergency ones."""
        from onestop.domain.code import static_ranges  # behind the first window

        own, *emergency = ((r.first, r.last) for r in static_ranges(self.desk.index))
        leases = self.told.leases
        lent = leases.get(f"{local_day(self.now):%y%m%d}", ()) if leases else ()
        return (own, *lent, *emergency)

    def as_officer(self, officer_id: str) -> "Office":
        """The same desk with another officer signed in. Raises OfficeError for a stranger."""
        officer = self.catalogue.officer(officer_id)
        if not officer.roles:
            raise OfficeError("Không có cán bộ này", "Hãy chọn lại trong danh sách cán bộ.")
        return replace(self, officer=officer)

    def clock_trouble(self) -> str:
        """Words for a banner when the clock is not the server's, or runs behind what was recorded;
        empty when it does neither."""
        wall = self.clock()
        off = self._clock_off(wall)
        if off:
            side = "chậm" if off > timedelta() else "nhanh"
            return (
                f"Đồng hồ máy lệch {_length(off)} so với máy chủ (chạy {side}). Hồ sơ và hạn trả được ghi "
                "theo giờ máy chủ; hãy chỉnh lại ngày giờ của máy."
            )
        last = self.last_at.at if self.last_at else None
        if last is None or wall >= last - _CLOCK_TOLERANCE:
            return ""
        return (
            "Đồng hồ máy chạy lùi so với lần ghi trước. Hồ sơ vẫn nhận được và được đánh dấu; "
            "hãy chỉnh lại ngày giờ của máy."
        )

    def _clock_off(self, wall: datetime) -> timedelta:
        """What the machine's clock lacks to the server's; zero when it is near enough or not known."""
        trusted = self.told.trusted_at(self.monotonic())
        off = trusted - wall if trusted else timedelta()
        return off if abs(off) > _CLOCK_TOLERANCE else timedelta()


_MINUTES_OF_TWO_HOURS, _MINUTES_OF_TWO_DAYS = 120, 2880


def _length(span: timedelta) -> str:
    minutes = round(abs(span).total_seconds() / 60)
    if minutes < _MINUTES_OF_TWO_HOURS:
        return f"{minutes} phút"
    if minutes < _MINUTES_OF_TWO_DAYS:
        return f"{minutes // 60} giờ"
    return f"{minutes // 1440} ngày"
