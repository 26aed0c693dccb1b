"""A patient's course under one protocol version: the snapshot that every rule about it is decided on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from scheduler.domain.holds import Hold
from scheduler.domain.protocol import Protocol
from scheduler.domain.slots import Slot


class SeriesState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    COMPLETED = "completed"
    REVOKED = "revoked"
    ENTERED_IN_ERROR = "entered_in_error"


class SessionState(StrEnum):
    DUE = "due"
    SATISFIED = "satisfied"
    OMITTED = "omitted"


class AppointmentStatus(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked_in"
    FULFILLED = "fulfilled"
    NOSHOW = "noshow"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


LIVE = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN})
"""The states in which an appointment holds its claims and its session's date."""


@dataclass(frozen=True, slots=True)
class Override:
    """A practitioner's decision to book one appointment outside its window.

    It stands for this date only, and while the gap is no worse than it was against this reference date.
    """

    on: date
    reference: date
    reason: str


@dataclass(frozen=True, slots=True)
class Booking:
    """The live appointment of a session; ``on`` is its clinic date.

    ``import_note`` says what somebody has to decide about it, as it was imported against a rule; until it is moved or
    called off.
    """

    appointment_id: UUID
    on: date
    slot: Slot
    status: AppointmentStatus = AppointmentStatus.BOOKED
    at_risk: bool = False
    override: Override | None = None
    treatment_extra: int = 0
    import_note: str | None = None

    @property
    def movable(self) -> bool:
        """Only what has not begun can move."""
        return self.status is AppointmentStatus.BOOKED


@dataclass(frozen=True, slots=True)
class Session:
    """Step ``number`` (from 1) of a series, whether or not it has a date.

    ``continued`` is the window that a practitioner's decision to continue stored; ``last_on`` the date of its latest
    released appointment, which a replan tries to stay near; ``partial`` that it was performed only in part.
    """

    number: int
    state: SessionState = SessionState.DUE
    performed_on: date | None = None
    booking: Booking | None = None
    continued: tuple[date, date] | None = None
    last_slot: Slot | None = None
    last_on: date | None = None
    partial: bool = False

    @property
    def dated(self) -> date | None:
        """The date that later sessions count from, facts before bookings; a forecast is not known here."""
        return self.performed_on or (self.booking.on if self.booking else None)

    @property
    def open(self) -> bool:
        """Due and without a fact: it still has to happen."""
        return self.state is SessionState.DUE


@dataclass(frozen=True, slots=True)
class OtherProcedure:
    """A treatment of the same patient outside this series, performed or booked, on an overlapping site."""

    on: date
    after_other_min_days: int
    label: str
    source_id: UUID


@dataclass(frozen=True, slots=True)
class Series:
    """One series as it stands."""

    id: UUID
    patient_id: UUID
    clinic_id: UUID
    zone: str
    protocol: Protocol
    sites: tuple[str, ...]
    sessions: tuple[Session, ...]
    start_on: date
    state: SeriesState = SeriesState.DRAFT
    revision: int = 1
    addons: tuple[str, ...] = ()

    def session(self, number: int) -> Session:
        """The session of this number; raises ``KeyError`` when the series has none."""
        if not 1 <= number <= len(self.sessions):
            raise KeyError(number)
        return self.sessions[number - 1]

    def with_sessions(self, changed: Mapping[int, Session]) -> "Series":
        """The same series with some of its sessions replaced."""
        return replace(self, sessions=tuple(changed.get(s.number, s) for s in self.sessions))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What bears on a series from outside: everything already narrowed to this patient, clinic and sites.

    ``closures`` are inclusive clinic dates with a label; ``closed_weekdays`` the weekdays (Monday 0) without any
    opening hours. ``holds`` are those that apply.
    """

    today: date
    holds: tuple[Hold, ...] = ()
    others: tuple[OtherProcedure, ...] = ()
    closures: tuple[tuple[date, date, str], ...] = ()
    closed_weekdays: frozenset[int] = field(default_factory=frozenset)
