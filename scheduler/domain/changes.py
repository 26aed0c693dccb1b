"""Changes: what a decision comes to. A preview shows them, the deed applies the same ones.

Each type has one handler in storage that writes it. The digest lets a deed prove that it does what the preview showed.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

from scheduler.domain.series import AppointmentStatus, Booking, Override, SeriesState, Session, SessionState
from scheduler.domain.slots import Slot


class CancelReason(StrEnum):
    PATIENT = "patient"
    CLINIC = "clinic"
    HOLD = "hold"
    REPLAN = "replan"


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """``session`` is ``None`` for a visit outside a series; ``import_note`` what is to be decided about an import."""

    appointment_id: UUID
    session: int | None
    slot: Slot
    on: date
    treatment_extra: int = 0
    override: Override | None = None
    import_note: str | None = None


@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """Same appointment, same UID, another slot; ``extra_before`` is the ``treatment_extra`` that it had there.

    Whoever moves an import that breaks a rule has decided about it; only an undo brings its note back.
    """

    appointment_id: UUID
    session: int | None
    before: Slot
    after: Slot
    on_before: date
    on: date
    treatment_extra: int = 0
    override: Override | None = None
    override_before: Override | None = None
    extra_before: int = 0
    import_note: str | None = None
    import_note_before: str | None = None


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """Its slot is free again; the session is due again. What it was is kept, so that an undo can book it anew."""

    appointment_id: UUID
    session: int | None
    slot: Slot
    on: date
    reason: CancelReason
    treatment_extra: int = 0
    override: Override | None = None
    import_note: str | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """When the patient came, when the treatment began and ended, as UTC instants; ``None`` for what is not known."""

    arrived_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AppointmentStatusChanged:
    """``frees`` says that its time is given back, as after a no-show; ``claims`` that it is taken again."""

    appointment_id: UUID
    before: AppointmentStatus
    after: AppointmentStatus
    times: Times = Times()
    times_before: Times = Times()
    frees: bool = False
    claims: bool = False


@dataclass(frozen=True, slots=True)
class RiskChanged:
    """``reason`` is ``None`` when the gap has been mended."""

    appointment_id: UUID
    session: int
    on: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """``partial`` says that the treatment was performed only in part."""

    session: int
    before: SessionState
    after: SessionState
    performed_on: date | None = None
    performed_before: date | None = None
    partial: bool = False
    partial_before: bool = False


@dataclass(frozen=True, slots=True)
class WindowStored:
    """A decision to continue: the session's window from now on; ``None`` takes a decision back."""

    session: int
    window: tuple[date, date] | None
    window_before: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class ImportDecided:
    """``note`` is what there is to decide about an imported date, ``None`` once somebody has decided about it.

    It stands with an appointment, or without one with a session that was performed. An appointment's override is what
    was decided about its gap.
    """

    session: int
    appointment_id: UUID | None
    note: str | None
    note_before: str | None
    override: Override | None = None
    override_before: Override | None = None


@dataclass(frozen=True, slots=True)
class SeriesStateChanged:
    before: SeriesState
    after: SeriesState


Change = (
    AppointmentBooked
    | AppointmentMoved
    | AppointmentCancelled
    | AppointmentStatusChanged
    | RiskChanged
    | SessionChanged
    | WindowStored
    | ImportDecided
    | SeriesStateChanged
)


def cancellation(session: Session, booking: Booking, reason: CancelReason) -> AppointmentCancelled:
    """The change that cancels this session's booking."""
    return AppointmentCancelled(
        booking.appointment_id,
        session.number,
        booking.slot,
        booking.on,
        reason,
        booking.treatment_extra,
        booking.override,
        booking.import_note,
    )


class Effect(Protocol):
    """Any dataclass; a digest covers effects that are not changes of a series as well."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def digest(effects: Iterable[Effect]) -> str:
    """A short fingerprint of effects: equal when, and only when, they would change the same things."""
    told = [{"type": type(effect).__name__, **asdict(effect)} for effect in effects]
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()[:32]
