"""An office at one desk: who sits there, what it knows, and the store it writes to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from onestop.domain.calendar import WorkCalendar
from onestop.domain.legality import Absent, Actor
from onestop.domain.merger import Merger, MergerKind, family
from onestop.domain.moment import local_day
from onestop.domain.stand_in import StandIn, standing_in_for
from onestop.domain.state import Role
from onestop.errors import InputError, OfficeError
from onestop.office.versions import Versions

if TYPE_CHECKING:  # the engine is imported behind the first window
    from onestop.domain.declaration import DeclarationForm
    from onestop.domain.fee import FeeRule
    from onestop.domain.procedure import Procedure
    from onestop.domain.route import Route
    from onestop.store.store import Store
    from onestop.store.writer import Pen

Clock = Callable[[], datetime]
Monotonic = Callable[[], tuple[str, int]]

_CLOCK_TOLERANCE = timedelta(minutes=5)
_LAST_DAY = "9999-12-31"


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
    """A unit of the agency; `parent`: id of the unit it stands under, "" directly under the agency."""

    id: str
    name: str
    parent: str = ""


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
    """What flows to a desk as plain versioned rows. `clock`: of the office it belongs to."""

    agency: Agency
    units: tuple[Unit, ...]
    officers: tuple[Officer, ...]
    versions: Versions
    calendar: WorkCalendar
    routing: Mapping[str, str]
    id_provinces: Mapping[str, str]
    is_practice: bool = False
    mergers: tuple[Merger, ...] = ()
    fees: tuple["FeeRule", ...] = ()
    routes: tuple["Route", ...] = ()
    declarations: tuple["DeclarationForm", ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    templates: tuple[Mapping[str, Any], ...] = ()  # as plain rows: read when something is printed

    clock: Clock | None = field(default=None, compare=False, repr=False)

    @property
    def procedures(self) -> tuple["Procedure", ...]:
        """In force today: a version that comes into effect at midnight stands here from then on."""
        return self.versions.on(self._today())

    def procedure(self, code: str) -> "Procedure":
        """In force today. Raises InputError for a code the catalogue does not have."""
        found = self.versions.find(code, self._today())
        if found is not None:
            return found
        raise InputError(
            f"Không có thủ tục mã “{code[:40]}”" if code else "Chưa chọn thủ tục",
            "Hãy tìm theo tên hoặc mã rồi chọn trong danh sách.",
            "procedure",
        )

    def declaration_of(self, procedure: "Procedure", case_id: str = "") -> "DeclarationForm | None":
        """The form (tờ khai) of a procedure, or of its case, in force today; None where it has none."""
        from onestop.domain.declaration import form_of

        day = local_day(self.clock()).isoformat() if self.clock else ""
        return form_of(self.declarations, procedure.code, case_id, procedure.declaration, day)

    def _today(self) -> str:
        if self.clock is None or not self.versions.are_dated:
            return _LAST_DAY
        return local_day(self.clock()).isoformat()

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
SendRows = Callable[[Sequence[Mapping[str, object]], str, str], None]
"""(rows {kind, key, value, was}, officer, words) to the root. Raises Offline, Refused, ConflictError."""


class Told:
    """What a hub told this desk: its time, and the numbers it lent. Shared by all who sit here.

    `send_rows`: how administrators' changes reach the root; None while there is no line.
    """

    __slots__ = ("leases", "send_rows", "trusted_at")

    def __init__(self) -> None:
        self.send_rows: SendRows | None = None
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

    def __post_init__(self) -> None:
        told = partial(_now, self.clock, self.monotonic, self.last_at, self.told)
        # A frozen dataclass is only written here, while it is being made.
        object.__setattr__(self, "catalogue", replace(self.catalogue, clock=told))

    @property
    def now(self) -> datetime:
        """The machine's time, or the server's when they are more than five minutes apart;
        never before what this desk has already recorded."""
        return _now(self.clock, self.monotonic, self.last_at, self.told)

    @property
    def actor(self) -> Actor:
        officer, agency = self.officer, self.catalogue.agency.code
        if not self.catalogue.mergers:
            return self._standing_in(Actor(officer.id, officer.roles, officer.unit, agency))
        mergers, day = self.catalogue.mergers, local_day(self.now)
        units = family(mergers, MergerKind.UNIT, officer.unit, day)
        agencies = family(mergers, MergerKind.AGENCY, agency, day)
        return self._standing_in(Actor(officer.id, officer.roles, officer.unit, agency, units, agencies))

    def _standing_in(self, actor: Actor) -> Actor:
        """With whatever he may do today for others who are away."""
        if not self.catalogue.stand_ins:
            return actor
        absent = []
        for one in standing_in_for(self.catalogue.stand_ins, actor.officer, local_day(self.now)):
            officer = self.catalogue.officer(one.officer)
            absent.append(Absent(officer.id, one.roles & officer.roles, officer.unit))
        return replace(actor, absent=tuple(absent))

    @property
    def counter(self) -> str:
        """The unit at whose counter this officer receives: his own, or that of the one he stands in for."""
        absent = () if Role.RECEPTION in self.officer.roles else self.actor.absent
        return next((each.unit for each in absent if Role.RECEPTION in each.roles), self.officer.unit)

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
        off = _clock_off(wall, self.monotonic, self.told)
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


def _now(clock: Clock, monotonic: Monotonic, last_at: LastMoment | None, told: Told) -> datetime:
    wall = clock()
    wall += _clock_off(wall, monotonic, told)
    last = last_at.at if last_at else None
    return max(wall, last) if last else wall


def _clock_off(wall: datetime, monotonic: Monotonic, told: Told) -> timedelta:
    """What the machine's clock lacks to the server's; zero when it is near enough or not known."""
    trusted = told.trusted_at(monotonic())
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
