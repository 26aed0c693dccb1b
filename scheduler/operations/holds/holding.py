"""Holding: a hold is placed by a practitioner, or proposed by reception. The preview shows first what it does."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.access import Action, Allowance, Role, require
from scheduler.domain.clearances import already_cleared
from scheduler.domain.hold_effects import HoldChoice, reaches
from scheduler.domain.hold_terms import HoldWish, hold_under, refuse_without_block
from scheduler.domain.holds import Hold, HoldState
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.catalogue.contraindications import current_rule
from scheduler.operations.context import Context, expect_revision, record
from scheduler.operations.holds.clearances import standing_clearances
from scheduler.operations.holds.hold_deeds import Tell, carry_out_hold, record_hold
from scheduler.operations.holds.hold_previews import HoldPreview, preview_of, refuse_unseen
from scheduler.operations.holds.hold_sheets import HoldSheet, hold_sheet
from scheduler.operations.patients.patients import patient_row
from scheduler.operations.places.organisation_days import earliest_today
from scheduler.storage import entries
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import HoldRow
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.treatments import running_treatments, under_hold
from scheduler.storage.types import new_id

PASSED = "It ends before every session to come."
CLEARED = "A practitioner has already answered this."


@dataclass(frozen=True, slots=True)
class PlacedHold:
    """What came of placing a hold. ``revision`` is the patient's.

    ``hold`` is ``None`` for an answer that was only logged, and ``logged`` then says why.
    """

    hold: HoldSheet | None
    deeds: tuple[Deed, ...]
    revision: int
    logged: str | None = None


def preview_hold(
    context: Context,
    *,
    patient_id: UUID,
    wish: HoldWish,
    choose: HoldChoice = HoldChoice.DEFER,
    seen: int | None = None,
) -> HoldPreview:
    """What placing this hold would change, and the digest that the deed has to carry. Raises as ``place_hold``."""
    patient = patient_row(context, _own(context, patient_id))
    expect_revision("patient", patient.revision, seen)
    hold, _ = _wanted(context, wish)
    return preview_of(context, patient_id, hold, choose)


def place_hold(
    context: Context,
    *,
    patient_id: UUID,
    wish: HoldWish,
    choose: HoldChoice = HoldChoice.DEFER,
    tell: Tell = Tell.MESSAGE,
    digest: str | None = None,
    seen: int | None = None,
) -> PlacedHold:
    """Place a hold: active when a practitioner does it, proposed otherwise.

    ``seen`` is the patient's revision and ``digest`` the preview's. Raises ``RuleBroken`` (``effects_changed``,
    ``effects_unseen``, ``caution_makes_no_hold``, ``bars_product_only``, ``too_few_sessions``), ``Stale``,
    ``NotFound``, ``NotAllowed``, ``Invalid``.
    """
    lock_patients(context.tx, [_own(context, patient_id)])
    patient = patient_row(context, patient_id)
    expect_revision("patient", patient.revision, seen)
    hold, rule_id = _wanted(context, wish)
    if hold.state is HoldState.PROPOSED and (why := _needless(context, patient_id, hold, wish.note)):
        return _log(context, patient_id, hold, wish.note, why, patient.revision)
    preview = preview_of(context, patient_id, hold, choose)
    if hold.state is HoldState.ACTIVE:
        refuse_unseen(preview, digest)
    row = _store(context, patient_id, hold, rule_id, wish.note)
    patient.revision += 1
    context.tx.flush()
    deeds = carry_out_hold(context, patient_id, preview, tell)
    action = "hold_placed" if hold.state is HoldState.ACTIVE else "hold_proposed"
    record_hold(context, action, row, hold, deeds=deeds, personal={"note": wish.note}, choice=choose.value)
    return PlacedHold(hold_sheet(context, hold.id), deeds, patient.revision)


def _own(context: Context, patient_id: UUID) -> UUID:
    """The patient, unless it is a patient who speaks of somebody else."""
    require(context.actor, Action.PLACE_HOLD)
    if context.actor.roles == {Role.PATIENT} and context.actor.patient_id != patient_id:
        raise NotFound("There is no such patient.", patient_id=str(patient_id))
    return patient_id


def _wanted(context: Context, wish: HoldWish) -> tuple[Hold, UUID]:
    """The hold that the rule makes of a wish, and the rule's catalogue entry."""
    rule_id, rule = current_rule(context, wish.code)
    refuse_without_block(rule)
    if wish.site is not None and wish.site not in entries.shipped().sites:
        raise Invalid(
            Phrase("There is no body site called “%(site)s”.", site=wish.site), code="unknown_site", sites=[wish.site]
        )
    outright = require(context.actor, Action.PLACE_HOLD) is Allowance.YES
    state = HoldState.ACTIVE if outright else HoldState.PROPOSED
    return hold_under(rule, wish, new_id(), state, earliest_today(context)), rule_id


def _needless(context: Context, patient_id: UUID, hold: Hold, answer: str) -> str | None:
    """Why an answer need not be proposed as a hold, or ``None``."""
    found = running_treatments(context.tx, context.organisation_id, patient_id, context.now)
    concerned = [snapshot for snapshot in found if hold in under_hold(snapshot, hold).around.holds]
    if concerned and not any(reaches(hold, snapshot.series, snapshot.around) for snapshot in concerned):
        return PASSED
    return CLEARED if answer and _is_cleared(context, patient_id, hold.code, answer, concerned) else None


def _is_cleared(context: Context, patient_id: UUID, code: str, answer: str, concerned: Collection[Snapshot]) -> bool:
    """Whether clearances cover this very answer in every series concerned, or for the patient where there is none."""
    given = standing_clearances(context, patient_id, code)
    about = {None if one.visit_type_id else one.series.id for one in concerned} or {None}
    today = earliest_today(context)
    return all(already_cleared(code, answer, given, series_id, today) for series_id in about)


def _log(context: Context, patient_id: UUID, hold: Hold, answer: str, why: str, revision: int) -> PlacedHold:
    """Remember an answer that makes no hold."""
    told = {"code": hold.code, "answer": answer}
    record(context, "answer_logged", "hold", hold.id, patient_id=patient_id, personal=told, why=why)
    return PlacedHold(None, (), revision, logged=why)


def _store(context: Context, patient_id: UUID, hold: Hold, rule_id: UUID, note: str) -> HoldRow:
    row = HoldRow(
        id=hold.id,
        organisation_id=context.organisation_id,
        patient_id=patient_id,
        rule_id=rule_id,
        code=hold.code,
        scope=hold.scope,
        site=hold.site,
        starts_on=hold.starts_on,
        ends_on=hold.ends_on,
        review_on=hold.review_on,
        end_rule=hold.end_rule,
        state=hold.state,
        note=note,
        placed_by=context.actor.user_id,
        placed_at=context.now,
    )
    context.tx.add(row)
    return row
