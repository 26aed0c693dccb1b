"""Days of an organisation: holds and clearances count in clinic dates, and clinics may not agree on today's."""

from datetime import date

from sqlalchemy import select

from scheduler.domain.clinic_days import clinic_date
from scheduler.operations.context import Context
from scheduler.storage.rows import ClinicRow


def earliest_today(context: Context) -> date:
    """The earliest of today's dates among the clinics: a hold that starts on it covers today in each of them."""
    return min(_todays(context), default=context.now.date())


def latest_today(context: Context) -> date:
    """The latest of today's dates among the clinics: whatever lies after it is in the future in each of them."""
    return max(_todays(context), default=context.now.date())


def _todays(context: Context) -> list[date]:
    zones = select(ClinicRow.zone).where(ClinicRow.organisation_id == context.organisation_id).distinct()
    return [clinic_date(context.now, zone) for zone in context.tx.scalars(zones)]
