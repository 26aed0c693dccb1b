"""Whom a hold concerns, and from where it is looked at: the patient's page, or that of one of their series."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import Series
from scheduler.operations.holds.hold_sheets import HoldSheet
from scheduler.operations.patients.patients import Patient, get_patient
from scheduler.web.pages.places import chosen_clinic, today_at
from scheduler.web.pages.registry import Choice, PageCall, See
from scheduler.web.pages.series_course import Course, course_of

HoldTold = Literal["placed", "proposed", "logged", "extended", "dismissed", "lifted", "wrong"]
"""What was just done about a hold, as the page after it is told."""


class FromSeries(Choice):
    """The series from whose page somebody comes; without one it was the patient's."""

    series: UUID | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient, and the series from whose page somebody comes. ``today`` and ``zone`` are those of its clinic."""

    patient: Patient
    course: Course | None
    today: date
    zone: str

    @property
    def series(self) -> Series | None:
        return self.course.sheet.snapshot.series if self.course else None

    @property
    def home(self) -> str:
        """Where the hold was looked at from, and where one comes back to."""
        return f"/series/{self.series.id}" if self.series else f"/patients/{self.patient.id}"

    @property
    def concerned(self) -> tuple[HoldSheet, ...]:
        """The patient's holds that bear on the series."""
        return self.course.holds if self.course else ()

    def after(self, what: HoldTold) -> See:
        """Back, where it is told what was done."""
        return See(f"{self.home}?told={what}")


def subject_of(call: PageCall, patient_id: UUID, series_id: UUID | None) -> Subject:
    """Read it. Raises ``NotFound``, for another patient's series too."""
    if series_id is None:
        place = chosen_clinic(call)
        return Subject(get_patient(call.context, patient_id=patient_id), None, today_at(call, place), place.zone)
    course = course_of(call, series_id)
    if course.patient.id != patient_id:
        raise NotFound("The patient has no such series.", series_id=str(series_id))
    return Subject(course.patient, course, course.today, course.sheet.snapshot.series.zone)


def decides(call: PageCall) -> bool:
    """Whether the reader decides about holds outright."""
    return allowance(call.somebody.roles, Action.DECIDE_HOLD) is Allowance.YES


def decision_path(hold_id: UUID, series_id: UUID | None = None) -> str:
    """Where a hold is decided, with the way back to a series."""
    return f"/holds/{hold_id}{f'?series={series_id}' if series_id else ''}"
