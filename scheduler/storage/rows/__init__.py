"""All rows, so that the metadata is whole whichever of them is imported first."""

from scheduler.storage.rows.appointments import AppointmentRow, ClaimRow, KeepKind, KeepRow, PatientAnswer
from scheduler.storage.rows.base import Row, table
from scheduler.storage.rows.clinics import ClinicRow, ClosureRow, ClosureSource, OpeningHoursRow, OrganisationRow
from scheduler.storage.rows.holds import ClearanceRow, HoldRow
from scheduler.storage.rows.messages import (
    MessageKind,
    MoveRequestRow,
    OutboxRow,
    OutboxState,
    ReplyOutcome,
    ReplyRow,
    ToldRow,
)
from scheduler.storage.rows.people import PatientRow, TokenRow, UserRoleRow, UserRow
from scheduler.storage.rows.records import (
    AuditPersonalRow,
    AuditRow,
    ChangeSetRow,
    FeedRow,
    IdempotencyRow,
    LinkRow,
)
from scheduler.storage.rows.resources import (
    AbsenceRow,
    AbsenceSource,
    BusyFileRow,
    BusyOutcome,
    QualificationRow,
    ResourceRow,
    RosterDayRow,
    WorkingHoursRow,
)
from scheduler.storage.rows.series import CatalogueEntryRow, EntryKind, SeriesRow, SessionRow

__all__ = [
    "AbsenceRow",
    "AbsenceSource",
    "AppointmentRow",
    "AuditPersonalRow",
    "AuditRow",
    "BusyFileRow",
    "BusyOutcome",
    "CatalogueEntryRow",
    "ChangeSetRow",
    "ClaimRow",
    "ClearanceRow",
    "ClinicRow",
    "ClosureRow",
    "ClosureSource",
    "EntryKind",
    "FeedRow",
    "HoldRow",
    "IdempotencyRow",
    "KeepKind",
    "KeepRow",
    "LinkRow",
    "MessageKind",
    "MoveRequestRow",
    "OpeningHoursRow",
    "OrganisationRow",
    "OutboxRow",
    "OutboxState",
    "PatientAnswer",
    "PatientRow",
    "QualificationRow",
    "ReplyOutcome",
    "ReplyRow",
    "ResourceRow",
    "RosterDayRow",
    "Row",
    "SeriesRow",
    "SessionRow",
    "TokenRow",
    "ToldRow",
    "UserRoleRow",
    "UserRow",
    "WorkingHoursRow",
    "table",
]
