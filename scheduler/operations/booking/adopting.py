"""Adopting: a running series goes over to the newest version of its protocol, once somebody has seen what that does."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import update

from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.changes import RiskChanged, digest
from scheduler.domain.dating import risk_changes
from scheduler.domain.decisions import session_count_conflict
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Protocol
from scheduler.domain.refusals import RuleBroken, refuse_all
from scheduler.domain.series import Series, SessionState
from scheduler.operations.booking.deeds import locked_snapshot, mend_neighbours, target_of
from scheduler.operations.booking.series import SeriesSheet, sheet_of
from scheduler.operations.context import Context, record
from scheduler.storage import entries
from scheduler.storage.applying import apply_changes
from scheduler.storage.rows import EntryKind, SeriesRow
from scheduler.storage.snapshots import Snapshot, load_snapshot
from scheduler.storage.steps import steps_of
from scheduler.storage.surroundings import surroundings
from scheduler.storage.treatments import RUNNING


@dataclass(frozen=True, slots=True)
class Adoption:
    """The series as it would be under the newest version, and what becomes at risk or safe by that.

    Appointments keep the minutes that they were booked with until they are moved.
    """

    sheet: SeriesSheet
    from_version: int
    to_version: int
    changes: tuple[RiskChanged, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class _Versions:
    """What the digest covers besides the changes."""

    before: int
    after: int


def newest_version(context: Context, code: str) -> int:
    """The number of the newest version of a protocol. Raises ``NotFound``."""
    newest = entries.current_entry(context.tx, context.organisation_id, EntryKind.PROTOCOL, code)
    return entries.protocol(context.tx, newest).version


def preview_adoption(context: Context, *, series_id: UUID) -> Adoption:
    """What the newest version of its protocol would change in a series. Raises as ``adopt_protocol`` does."""
    require(context.actor, Action.DECIDE_LAPSE)
    return _adoption(context, load_snapshot(context.tx, context.organisation_id, series_id, context.now))


def adopt_protocol(context: Context, *, series_id: UUID, digest: str, reason: str, seen: int | None = None) -> Adoption:
    """Take a series over to the newest version of its protocol. It cannot be undone, as no version leads back.

    ``seen`` is the series' revision, ``digest`` the preview's. Raises ``RuleBroken`` (``effects_changed``,
    ``version_is_newest``, ``series_closed``, ``too_few_sessions``, ``too_many_sessions``), ``Stale``, ``NotFound``,
    ``NotAllowed``.
    """
    require_fully(context.actor, Action.DECIDE_LAPSE)
    adoption = _adoption(context, locked_snapshot(context, series_id, seen))
    if digest != adoption.digest:
        fresh = {"digest": adoption.digest, "changes": steps_of(adoption.changes)}
        raise RuleBroken("The effects have changed.", code="effects_changed", remedy="Look again.", preview=fresh)
    snapshot = adoption.sheet.snapshot
    version = update(SeriesRow).where(SeriesRow.id == series_id).values(protocol_id=snapshot.protocol_id)
    context.tx.execute(version)
    apply_changes(context.tx, target_of(context, snapshot), adoption.changes)
    mend_neighbours(context, snapshot)
    _record(context, adoption, reason)
    return replace(adoption, sheet=replace(adoption.sheet, snapshot=_after(snapshot)))


def _adoption(context: Context, snapshot: Snapshot) -> Adoption:
    series = snapshot.series
    newest_id = entries.current_entry(context.tx, context.organisation_id, EntryKind.PROTOCOL, series.protocol.code)
    newest = entries.protocol(context.tx, newest_id)
    _refuse(snapshot, newest_id, newest)
    under = replace(series, protocol=newest)
    holds = {under.patient_id: snapshot.all_holds}
    around = surroundings(context.tx, [under], holds, context.now)[under.id]
    adopted = replace(snapshot, series=under, around=around, protocol_id=newest_id, qualification=newest.code)
    changes = risk_changes(under, around)
    versions = _Versions(series.protocol.version, newest.version)
    return Adoption(sheet_of(context, adopted), versions.before, versions.after, changes, digest([versions, *changes]))


def _refuse(snapshot: Snapshot, newest_id: UUID, newest: Protocol) -> None:
    series = snapshot.series
    if newest_id == snapshot.protocol_id:
        detail = Phrase("The series is under version %(version)s already, which is the newest.", version=newest.version)
        raise RuleBroken(detail, code="version_is_newest", version=newest.version)
    if series.state not in RUNNING:
        raise RuleBroken(
            Phrase("The series is %(state)s.", state=series.state.value), code="series_closed", state=series.state.value
        )
    refuse_all([conflict for conflict in [session_count_conflict(newest, _taking_place(series))] if conflict])


def _taking_place(series: Series) -> int:
    return sum(session.state is not SessionState.OMITTED for session in series.sessions)


def _after(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, series=replace(snapshot.series, revision=snapshot.series.revision + 1))


def _record(context: Context, adoption: Adoption, reason: str) -> None:
    series = adoption.sheet.snapshot.series
    record(
        context,
        "protocol_adopted",
        "series",
        series.id,
        clinic_id=series.clinic_id,
        patient_id=series.patient_id,
        reason=reason,
        rule_version=f"{series.protocol.code}@{adoption.to_version}",
        from_version=adoption.from_version,
        changes=steps_of(adoption.changes),
    )
