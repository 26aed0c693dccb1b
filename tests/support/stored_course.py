"""A stored series of four sessions with its patient and resources: what changes are written to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.changes import AppointmentBooked, AppointmentMoved, Change
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.slots import Slot
from scheduler.storage.applying import apply_changes
from scheduler.storage.claiming import Target
from scheduler.storage.database import Database
from scheduler.storage.rows import AppointmentRow, ClaimRow, FeedRow, ResourceRow, SeriesRow, SessionRow
from scheduler.storage.types import new_id
from tests.support.rows import BERLIN, NOW, Ground

NINE = datetime(2026, 3, 30, 7, tzinfo=UTC)
"""Nine in the morning in Berlin, the day after the clocks went forward."""
WRITTEN = NOW + timedelta(minutes=5)
ALL = frozenset(ResourceKind)
NO_FEED = frozenset({"organisation", "user", "visit_type", "series"})


def phases(extra: int) -> tuple[Phase, ...]:
    """Numbing, treatment, clean-up: each resource is needed for a part only."""
    return (
        Phase("numbing", 20, frozenset({ResourceKind.ROOM}), needs_patient=True),
        Phase("treatment", 30 + extra, ALL, needs_patient=True),
        Phase("clean-up", 10, frozenset({ResourceKind.ROOM, ResourceKind.DEVICE}), needs_patient=False),
    )


@dataclass
class StoredCourse:
    """One patient's series. Reads give back plain values, so that tests compare whole ones."""

    database: Database
    ids: dict[str, UUID] = field(init=False)
    session_ids: dict[int, UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.database.write(self._make)

    def _make(self, tx: Any) -> None:
        ground = Ground(tx)
        self.ids = {"patient": ground.patient(), "organisation": ground.organisation_id, "clinic": ground.clinic_id}
        for kind in ResourceKind:
            self.ids |= {f"{kind.value}{n}": ground.resource(kind, f"{kind.value} {n}") for n in (1, 2)}
        self.ids["user"], self.ids["visit_type"] = ground.user_id, ground.protocol()
        self.ids["series"], sessions = ground.series(self.ids["patient"], 4)
        self.session_ids = dict(enumerate(sessions, 1))
        bodies = {"body": b"", "zipped": b"", "etag": "", "zipped_etag": "", "changed_at": NOW, "valid_until": NOW}
        feed = {"organisation_id": ground.organisation_id, "privacy": PrivacyLevel.DISCREET, "stale": False, **bodies}
        owners = [id_ for name, id_ in self.ids.items() if name not in NO_FEED]
        tx.execute(insert(FeedRow), [{"owner_id": owner_id, **feed} for owner_id in owners])

    def target(self, **values: Any) -> Target:
        known: dict[str, Any] = {
            "organisation_id": self.ids["organisation"],
            "clinic_id": self.ids["clinic"],
            "patient_id": self.ids["patient"],
            "zone": BERLIN,
            "phases": phases,
            "by": self.ids["user"],
            "at": WRITTEN,
            "series_id": self.ids["series"],
            "session_ids": self.session_ids,
        }
        return Target(**known | values)

    def visit_target(self) -> Target:
        return self.target(visit_type_id=self.ids["visit_type"], sites=("lips",), series_id=None, session_ids={})

    def apply(self, *changes: Change, target: Target | None = None) -> None:
        self.database.write(lambda tx: apply_changes(tx, target or self.target(), changes))

    def slot(self, starts_at: datetime = NINE, number: int = 1) -> Slot:
        return Slot(starts_at, {kind: self.ids[f"{kind.value}{number}"] for kind in ResourceKind})

    def booked(self, session: int | None, slot: Slot | None = None, **values: Any) -> AppointmentBooked:
        """The change that books a session, not yet applied."""
        slot = slot or self.slot()
        return AppointmentBooked(new_id(), session, slot, slot.starts_at.date(), **values)

    def row(self, appointment_id: UUID, *columns: str) -> dict[str, Any]:
        with self.database.read() as tx:
            wanted = [getattr(AppointmentRow, column) for column in columns]
            return dict(tx.execute(select(*wanted).where(AppointmentRow.id == appointment_id)).mappings().one())

    def session(self, number: int, *columns: str) -> dict[str, Any]:
        with self.database.read() as tx:
            wanted = [getattr(SessionRow, column) for column in columns]
            return dict(tx.execute(select(*wanted).where(SessionRow.id == self.session_ids[number])).mappings().one())

    def claims(self, appointment_id: UUID) -> set[tuple[UUID, datetime, datetime]]:
        with self.database.read() as tx:
            query = select(ClaimRow.subject_id, ClaimRow.starts_at, ClaimRow.ends_at)
            rows = tx.execute(query.where(ClaimRow.appointment_id == appointment_id))
            return {(subject_id, starts_at, ends_at) for subject_id, starts_at, ends_at in rows}

    def revisions(self) -> dict[str, int]:
        """The series' revision, and the busy revision of each resource, by name."""
        with self.database.read() as tx:
            rows = tx.execute(select(ResourceRow.id, ResourceRow.busy_revision)).all()
            names = {id_: name for name, id_ in self.ids.items()}
            busy = {names[row.id]: row.busy_revision for row in rows}
            return busy | {"series": tx.scalars(select(SeriesRow.revision)).one()}

    def stale_feeds(self) -> set[str]:
        """The names of those whose feeds are stale; they are fresh again afterwards."""
        names = {id_: name for name, id_ in self.ids.items()}

        def told(tx: Any) -> set[str]:
            found = {names[id_] for id_ in tx.scalars(select(FeedRow.owner_id).where(FeedRow.stale))}
            tx.execute(update(FeedRow).values(stale=False))
            return found

        return self.database.write(told)

    def totals(self) -> tuple[int, int]:
        """How many appointments and claims there are."""
        with self.database.read() as tx:
            counted = (tx.scalars(select(func.count()).select_from(row)).one() for row in (AppointmentRow, ClaimRow))
            appointments, claims = counted
            return appointments, claims


def moved(booked: AppointmentBooked, after: Slot, **values: Any) -> AppointmentMoved:
    """The change that moves a booking to another slot."""
    on = after.starts_at.date()
    return AppointmentMoved(booked.appointment_id, booked.session, booked.slot, after, booked.on, on, **values)
