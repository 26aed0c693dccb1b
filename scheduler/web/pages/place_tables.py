"""Everything below the clinic: its resources, hours, closures and settings, and whom changes of them affect."""

from collections.abc import Sequence

from scheduler.web.pages import (
    affected,
    affected_plans,
    clinic,
    clinic_settings,
    closures,
    resource_absences,
    resource_calendar,
    resource_hours,
    resource_qualifications,
    resources,
)
from scheduler.web.pages.registry import Pages

TABLES: Sequence[Pages] = (
    clinic.pages,
    clinic_settings.pages,
    closures.pages,
    resources.pages,
    resource_hours.pages,
    resource_absences.pages,
    resource_qualifications.pages,
    resource_calendar.pages,
    affected.pages,
    affected_plans.pages,
)
