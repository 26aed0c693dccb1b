"""Series: begun, and looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, insert, select

from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.decisions import combination_conflict, session_count_conflict
from scheduler.domain.evaluation import Evaluation, evaluate
from scheduler.domain.holds import covers_check_in
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Protocol
from scheduler.domain.refusals import Conflict, Invalid, refuse_all
from scheduler.domain.series import SeriesState, SessionState
from scheduler.domain.spacing import ReferenceKind, Window, windows
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.patients.patients import patient_row
from scheduler.storage import entries
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import EntryKind, SeriesRow, SessionRow
from scheduler.storage.snapshots import Snapshot, load_snapshot
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class SeriesSheet:
    """A series as it stands: the window of each session (``None`` without one) and the verdict on what was performed.

    ``warnings`` name what makes the series impossible to complete beside others on the same sites.
    """

    snapshot: Snapshot
    windows: dict[int, Window | None]
    evaluations: tuple[Evaluation, ...]
    warnings: tuple[Conflict, ...] = ()

    @property
    def on_hold(self) -> bool:
        """Whether a hold that applies blocks today."""
        around = self.snapshot.around
        return any(covers_check_in(hold, around.today) for hold in around.holds)

    @property
    def lapsed(self) -> bool:
        """Whether a practitioner has to decide: the next session to book has no day left."""
        waiting = [s for s in self.snapshot.series.sessions if s.open and s.booking is None]
        return any(window.lapsed for session in waiting if (window := self.windows[session.number]))

    @property
    def overdue(self) -> bool:
        """Whether a session without an appointment should have taken place by now, going by its target."""
        waiting = [s for s in self.snapshot.series.sessions if s.open and s.booking is None]
        today = self.snapshot.around.today
        counted = [window for session in waiting if (window := self.windows[session.number])]
        return any(window.reference_kind is not ReferenceKind.START and window.aim < today for window in counted)


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What a series is to be. ``protocol`` is a code, of which the newest version applies; ``start_on`` a date."""

    clinic_id: UUID
    patient_id: UUID
    protocol: str
    sessions: int
    sites: Sequence[str]
    addons: Sequence[str] = ()
    indication: str | None = None
    severity: str | None = None
    start_on: date | None = None


def start_series(context: Context, wanted: SeriesRequest) -> SeriesSheet:
    """Make a draft series under the protocol's newest version.

    Raises ``RuleBroken`` (``too_few_sessions``, ``too_many_sessions``), ``Invalid`` for unknown sites or add-ons,
    ``NotFound``, ``NotAllowed``.
    """
    clinic = clinic_of(context, wanted.clinic_id)
    protocol_id = checked_protocol(context, wanted)
    protocol = entries.protocol(context.tx, protocol_id)
    lock_patients(context.tx, [wanted.patient_id])
    series_id = new_id()
    owner = {"organisation_id": context.organisation_id, "clinic_id": clinic.id}
    start_on = wanted.start_on or clinic_date(context.now, clinic.zone)
    _insert(context, owner, series_id, protocol_id, wanted, start_on)
    record(
        context,
        "series_started",
        "series",
        series_id,
        clinic_id=clinic.id,
        patient_id=wanted.patient_id,
        rule_version=f"{protocol.code}@{protocol.version}",
        sessions=wanted.sessions,
    )
    return show_series(context, series_id)


def checked_protocol(context: Context, wanted: SeriesRequest) -> UUID:
    """The protocol version that such a series would have. Raises as ``start_series`` does."""
    require_fully(context.actor, Action.BOOK)
    patient_row(context, wanted.patient_id)
    protocol_id = entries.current_entry(context.tx, context.organisation_id, EntryKind.PROTOCOL, wanted.protocol)
    _check(entries.protocol(context.tx, protocol_id), wanted)
    return protocol_id


def _check(protocol: Protocol, wanted: SeriesRequest) -> None:
    shipped = entries.shipped()
    unknown = [site for site in wanted.sites if site not in shipped.sites]
    if not wanted.sites or unknown:
        named = Phrase("There is no body site called “%(unknown)s”.", unknown=unknown[0]) if unknown else None
        raise Invalid(named or "Name at least one body site.", code="unknown_site", sites=unknown)
    strange = [addon for addon in wanted.addons if addon not in shipped.addons]
    if strange:
        raise Invalid(
            Phrase("There is no add-on called “%(strange)s”.", strange=strange[0]), code="unknown_addon", addons=strange
        )
    refuse_all([conflict for conflict in [session_count_conflict(protocol, wanted.sessions)] if conflict])


def _insert(
    context: Context,
    owner: dict[str, UUID],
    series_id: UUID,
    protocol_id: UUID,
    wanted: SeriesRequest,
    start_on: date,
) -> None:
    values = {
        "patient_id": wanted.patient_id,
        "protocol_id": protocol_id,
        "start_on": start_on,
        "sites": list(wanted.sites),
        "addons": list(wanted.addons),
        "indication": wanted.indication,
        "severity": wanted.severity,
        "created_at": context.now,
    }
    context.tx.execute(insert(SeriesRow).values(**owner, id=series_id, **values))
    numbers = range(1, wanted.sessions + 1)
    sessions = [{**owner, "id": new_id(), "series_id": series_id, "number": number} for number in numbers]
    context.tx.execute(insert(SessionRow), sessions)


def show_series(context: Context, series_id: UUID) -> SeriesSheet:
    """A series as it stands now. Raises ``NotFound``."""
    require(context.actor, Action.SEE_SCHEDULE)
    return sheet_of(context, load_snapshot(context.tx, context.organisation_id, series_id, context.now))


def sheet_of(context: Context, snapshot: Snapshot) -> SeriesSheet:
    """The sheet of a series that has been read."""
    series = snapshot.series
    found = windows(series, snapshot.around)
    return SeriesSheet(snapshot, found, evaluate(series), tuple(_combinations(context, snapshot)))


def _combinations(context: Context, snapshot: Snapshot) -> list[Conflict]:
    """What cannot run beside this series: the patient's other running series on overlapping sites."""
    series, tree = snapshot.series, entries.shipped().sites
    query = select(SeriesRow.protocol_id, SeriesRow.sites).where(
        SeriesRow.patient_id == series.patient_id,
        SeriesRow.id != series.id,
        SeriesRow.state.in_(RUNNING),
        exists().where(SessionRow.series_id == SeriesRow.id, SessionRow.state == SessionState.DUE),
    )
    if series.state not in RUNNING:
        return []
    overlapping = (row for row in context.tx.execute(query) if tree.any_overlap(row.sites, series.sites))
    others = (entries.protocol(context.tx, row.protocol_id) for row in overlapping)
    return [conflict for other in others if (conflict := combination_conflict(other, series.protocol))]


RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)
