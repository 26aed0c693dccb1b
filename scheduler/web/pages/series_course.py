"""A course: one series with everything that its page shows, read in a constant number of queries."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.holds import HoldState
from scheduler.domain.series import AppointmentStatus, Session
from scheduler.operations.booking.appointments import Appointment, appointments_of_series
from scheduler.operations.booking.series import SeriesSheet, show_series
from scheduler.operations.holds.hold_sheets import HoldSheet, list_holds
from scheduler.operations.patients.patients import Patient, get_patient
from scheduler.operations.places.resource_names import resource_names
from scheduler.storage.entries import shipped
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.series_bands import Block
from scheduler.web.pages.words import say, words

BLOCKING = (HoldState.PROPOSED, HoldState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Course:
    """A series, its patient, the names of what it uses, its appointments, and the holds that concern it."""

    sheet: SeriesSheet
    patient: Patient
    names: Mapping[UUID, str]
    appointments: Mapping[UUID, Appointment]
    holds: tuple[HoldSheet, ...]
    rights: Mapping[Action, Allowance]

    @property
    def today(self) -> date:
        return self.sheet.snapshot.around.today

    @property
    def treatment(self) -> str:
        """What the treatment is called."""
        return words().translated(self.sheet.snapshot.series.protocol.name)

    @property
    def standing(self) -> tuple[HoldSheet, ...]:
        """The holds that block, or will."""
        return tuple(one for one in self.holds if one.state in BLOCKING and not one.expired)

    def may(self, action: Action) -> bool:
        """Whether the reader may do this outright."""
        return self.rights.get(action) is Allowance.YES

    def of_session(self, session: Session) -> tuple[Appointment, ...]:
        """All appointments that a session has had, by start."""
        return tuple(one for one in self.appointments.values() if one.session == session.number)

    def latest(self, session: Session) -> Appointment | None:
        """The appointment of a session that counts: the live one, else the one that was performed, else the last."""
        if session.booking is not None:
            return self.appointments.get(session.booking.appointment_id)
        found = self.of_session(session)
        done = [one for one in found if one.status is AppointmentStatus.FULFILLED]
        return next(reversed(done or found), None)


def course_of(call: PageCall, series_id: UUID) -> Course:
    """Read it. Raises ``NotFound``."""
    sheet = show_series(call.context, series_id)
    appointments = appointments_of_series(call.context, series_id)
    roles = call.somebody.roles
    return Course(
        sheet=sheet,
        patient=get_patient(call.context, patient_id=sheet.snapshot.series.patient_id),
        names=resource_names(call.context, _used(appointments)),
        appointments={one.id: one for one in appointments},
        holds=_concerned(call, sheet),
        rights={action: width for action in Action if (width := allowance(roles, action))},
    )


def _used(appointments: Collection[Appointment]) -> set[UUID]:
    found = (one for booked in appointments for one in (booked.practitioner_id, booked.room_id, booked.device_id))
    return {one for one in found if one is not None}


def _concerned(call: PageCall, sheet: SeriesSheet) -> tuple[HoldSheet, ...]:
    """The patient's holds that bear on this series; ended ones only where the reader may know why they stood."""
    standing = {hold.id for hold in sheet.snapshot.around.holds}
    found = list_holds(call.context, patient_id=sheet.snapshot.series.patient_id).items
    return tuple(one for one in found if one.id in standing or _ended(one, sheet))


def _ended(one: HoldSheet, sheet: SeriesSheet) -> bool:
    if one.state in BLOCKING or one.state is HoldState.ENTERED_IN_ERROR or one.why is None:
        return False
    series = sheet.snapshot.series
    here = one.why.site is None or shipped().sites.any_overlap((one.why.site,), series.sites)
    return here and one.why.code not in series.protocol.exempt_codes


def blocks_of(course: Course) -> Iterator[Block]:
    """The holds as the timeline draws them."""
    zone = course.sheet.snapshot.series.zone
    for one in course.holds:
        block = Block(hold_name(one), one.starts_on, one.until, proposed=one.state is HoldState.PROPOSED)
        if one.state in BLOCKING and not one.expired:
            yield block
        elif one.state is HoldState.LIFTED and one.why and one.why.decided_at:
            lifted_on = clinic_date(one.why.decided_at, zone)
            if lifted_on > one.starts_on:
                yield replace(block, last=min(one.until or lifted_on, lifted_on), ended=True)


def hold_name(one: HoldSheet) -> str:
    """What a hold is called to its reader: its reason, or only that it is there."""
    if one.why is None:
        return say("Proposed hold") if one.state is HoldState.PROPOSED else say("On hold")
    reason = words().translated(one.why.label)
    if one.state is HoldState.PROPOSED:
        return say("Proposed: %(reason)s", reason=reason)
    if one.state is HoldState.LIFTED:
        return say("%(reason)s (ended)", reason=reason)
    return say("Hold: %(reason)s", reason=reason)
