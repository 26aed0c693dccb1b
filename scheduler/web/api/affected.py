"""The affected: appointments that a change of hours leaves without their people, room or open doors."""

from scheduler.domain.series import AppointmentStatus
from scheduler.web.api.fields import Day, Id, Instant
from scheduler.web.api.registry import View


class AffectedView(View):
    """One appointment that can no longer take place as it is, and whom to call. Nothing was cancelled.

    ``revision`` is what a move of it names in ``If-Match``.
    """

    appointment_id: Id
    patient_id: Id
    patient: str
    phone: str | None
    series_id: Id | None
    session: int | None
    treatment: str
    status: AppointmentStatus
    starts_at: Instant
    on_date: Day
    zone: str
    revision: int
