"""Import decisions: what it comes to when a practitioner accepts an imported date that breaks a rule."""

from scheduler.domain.blocked import BlockedBy
from scheduler.domain.changes import ImportDecided
from scheduler.domain.dating import date_conflicts, override_for
from scheduler.domain.refusals import refuse_all
from scheduler.domain.series import Booking, Series, Surroundings
from scheduler.domain.spacing import windows

BEYOND_ACCEPTING = frozenset({BlockedBy.HOLD.value, "below_absolute_minimum"})
"""No override goes below the absolute minimum or against a hold, and so no acceptance does."""


def accepted_booking(series: Series, around: Surroundings, number: int, booking: Booking, reason: str) -> ImportDecided:
    """The live appointment of session ``number`` as it is, with an override where it lies outside its window.

    What else speaks against it, hours and qualifications, is settled. Raises ``RuleBroken`` with what cannot be
    accepted: a gap below the absolute minimum, a hold.
    """
    conflicts = date_conflicts(series, around, {number}, {number: reason})
    refuse_all([conflict for conflict in conflicts if conflict.code in BEYOND_ACCEPTING])
    window = windows(series, around)[number]
    override = override_for(window, booking.on, reason) if window else booking.override
    return ImportDecided(number, booking.appointment_id, None, booking.import_note, override, booking.override)
