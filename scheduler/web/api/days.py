"""Days: one date of a clinic as the front desk sees it."""

from datetime import date
from typing import Self
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.rosters import Instants
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import home_clinic
from scheduler.operations.days.day_columns import ClosedBecause, Column
from scheduler.operations.days.days import Day, PractitionerDay, show_day
from scheduler.storage.rows import PatientAnswer
from scheduler.web.api.fields import Day as Date
from scheduler.web.api.fields import Id, Instant
from scheduler.web.api.paging import items_of
from scheduler.web.api.registry import Answer, Call, Query, Routes, View

routes = Routes("days")


class DayQuery(Query):
    """The clinic; without it the organisation's first one is meant."""

    clinic: Id | None = None


class StretchView(View):
    """From one instant to another."""

    starts_at: Instant
    ends_at: Instant

    @classmethod
    def of_times(cls, times: Instants) -> Self:
        """The view of two instants."""
        return cls(starts_at=times[0], ends_at=times[1])


class ClosedView(View):
    """A stretch in which a resource cannot be booked, and why."""

    starts_at: Instant
    ends_at: Instant
    because: ClosedBecause
    label: str


class PhaseView(View):
    """A phase of an appointment, and what it needs."""

    name: str
    starts_at: Instant
    ends_at: Instant
    needs: list[ResourceKind]
    needs_patient: bool


class DayAppointmentView(View):
    """An appointment of the day; session ``session`` of ``sessions`` when it belongs to a series.

    ``to_decide`` marks an import that breaks a rule. ``revision`` is what a change of it names in ``If-Match``.
    """

    id: Id
    patient_id: Id
    patient: str
    phone: str | None
    series_id: Id | None
    session: int | None
    sessions: int | None
    treatment: str
    status: AppointmentStatus
    patient_answer: PatientAnswer
    starts_at: Instant
    ends_at: Instant
    arrived_at: Instant | None
    practitioner_id: Id | None
    room_id: Id | None
    device_id: Id | None
    at_risk: bool
    risk_reason: str | None
    to_decide: bool
    phases: list[PhaseView]
    revision: int


class ColumnView(View):
    """A resource on the day: when it works, and why not in between."""

    resource_id: Id
    name: str
    working: list[StretchView]
    closed: list[ClosedView]

    @classmethod
    def of_column(cls, column: Column) -> Self:
        """The view of a column."""
        return cls(
            resource_id=column.resource_id,
            name=column.name,
            working=[StretchView.of_times(times) for times in column.working],
            closed=items_of(ClosedView, column.closed),
        )


class PractitionerView(ColumnView):
    """A practitioner's column with the appointments in it, by start. ``delay``: by how many minutes they run late."""

    delay: int
    appointments: list[DayAppointmentView]

    @classmethod
    def of_practitioner(cls, practitioner: PractitionerDay) -> Self:
        """The view of a practitioner's day."""
        column = ColumnView.of_column(practitioner.column)
        found = {**dict(column), "delay": practitioner.delay}
        return cls(**found, appointments=items_of(DayAppointmentView, practitioner.appointments))


class DayView(View):
    """A clinic's day from midnight to midnight of its wall clock. ``closures`` name what closes it."""

    clinic_id: Id
    clinic: str
    zone: str
    on: Date
    begins_at: Instant
    ends_at: Instant
    opening: list[StretchView]
    closures: list[str]
    practitioners: list[PractitionerView]
    unassigned: list[DayAppointmentView]
    rooms: list[ColumnView]
    devices: list[ColumnView]

    @classmethod
    def of_day(cls, day: Day) -> Self:
        """The view of a day."""
        return cls(
            clinic_id=day.clinic_id,
            clinic=day.clinic,
            zone=day.zone,
            on=day.on,
            begins_at=day.begins_at,
            ends_at=day.ends_at,
            opening=[StretchView.of_times(times) for times in day.opening],
            closures=list(day.closures),
            practitioners=[PractitionerView.of_practitioner(one) for one in day.practitioners],
            unassigned=items_of(DayAppointmentView, day.unassigned),
            rooms=[ColumnView.of_column(column) for column in day.rooms],
            devices=[ColumnView.of_column(column) for column in day.devices],
        )


@routes.get("/days/{on}", Action.SEE_SCHEDULE, "A clinic's day as the front desk sees it")
def show(call: Call, on: date, query: DayQuery) -> Answer[DayView]:
    clinic_id: UUID = query.clinic or home_clinic(call.context)
    return Answer(DayView.of_day(show_day(call.context, clinic_id=clinic_id, on=on)))
