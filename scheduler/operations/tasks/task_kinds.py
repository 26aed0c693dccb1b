"""Task kinds: what a task is, and what it tells.

A task carries no code and no note of a hold, so that reception can work through the list as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from scheduler.operations.holds.overdue_holds import Touched


class TaskKind(StrEnum):
    """What is to be done, the most pressing first."""

    OVERRIDE_REQUEST = "override_request"
    OVERDUE_HOLD = "overdue_hold"
    CLASH = "clash"
    DECLINED = "declined"
    MOVE_REQUEST = "move_request"
    CALL = "call"
    PROPOSED_HOLD = "proposed_hold"
    FREED_SLOT = "freed_slot"
    CLOSING_WINDOW = "closing_window"
    LAPSED_WINDOW = "lapsed_window"
    VISIT_TO_CLOSE = "visit_to_close"
    IMPORT_TO_DECIDE = "import_to_decide"
    DEAD_LETTER = "dead_letter"
    UNREAD_CALENDAR = "unread_calendar"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. ``id`` is the hold's, the request's, the appointment's, the series' whose window has lapsed, the
    waitlist entry's whose window closes, for an import the session's or, for a calendar, the resource's. A calendar and
    a freed slot have no patient.

    ``on`` is the clinic date of the appointment, or the first date of the hold or window; ``until`` the last date of
    the window, or the last that the hold blocks as plans take it, ``None`` for good; ``kept_until`` the UTC instant at
    which a request's slot is free again; ``wanted_at`` the one at which a patient would rather come, or at which a
    freed slot of ``resource`` begins. ``note`` is the
    reason of a request, what the patient says, what an import breaks, who is away or why the calendar of ``resource``
    cannot be read. ``appointments`` are those of the next three days that wait for an
    overdue hold.
    """

    kind: TaskKind
    id: UUID
    patient_id: UUID | None
    patient: str | None
    phone: str | None = None
    clinic_id: UUID | None = None
    series_id: UUID | None = None
    session: int | None = None
    appointment_id: UUID | None = None
    on: date | None = None
    until: date | None = None
    kept_until: datetime | None = None
    wanted_at: datetime | None = None
    note: str | None = None
    resource: str | None = None
    resource_id: UUID | None = None
    appointments: tuple[Touched, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Part of a list: at most so many tasks of one kind after an id, at these clinics. Holds belong to no clinic."""

    clinics: Sequence[Any]
    after: UUID | None
    limit: int
