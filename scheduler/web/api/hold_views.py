"""Holds and their previews as they are answered. Why a hold stands is there for those only who may see it."""

from typing import Any, Self

from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.operations.holds.hold_previews import HoldPreview, told
from scheduler.operations.holds.hold_sheets import HoldSheet
from scheduler.operations.holds.overdue_holds import Touched
from scheduler.web.api.fields import Day, Id, Instant
from scheduler.web.api.registry import View


class HoldReasonsView(View):
    """Why a hold stands, and who decided what about it."""

    code: str
    rule_version: int
    label: str
    scope: Scope
    site: str | None
    end_rule: EndRule
    ends_on: Day | None
    review_on: Day | None
    note: str
    placed_by: str
    placed_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    decision_note: str | None
    evidence_on: Day | None


class TouchedView(View):
    """An appointment of the next three days that waits for an overdue hold."""

    appointment_id: Id
    clinic_id: Id
    starts_at: Instant
    on_date: Day
    zone: str


class HoldView(View):
    """On hold until ``until`` (null: for good), ask ``ask``. ``why`` is null for those who may not see reasons.

    ``revision`` is the patient's, under which its holds change.
    """

    id: Id
    patient_id: Id
    patient: str
    state: HoldState
    starts_on: Day
    until: Day | None
    ask: str
    expired: bool
    overdue: bool
    revision: int
    why: HoldReasonsView | None
    appointments: list[TouchedView]

    @classmethod
    def of_sheet(cls, sheet: HoldSheet, touched: tuple[Touched, ...] = ()) -> Self:
        """The view of a hold; an overdue one names what it touches."""
        return cls(
            id=sheet.id,
            patient_id=sheet.patient_id,
            patient=sheet.patient,
            state=sheet.state,
            starts_on=sheet.starts_on,
            until=sheet.until,
            ask=sheet.ask,
            expired=sheet.expired,
            overdue=sheet.overdue,
            revision=sheet.revision,
            why=HoldReasonsView.of(sheet.why) if sheet.why else None,
            appointments=[TouchedView.of(one) for one in touched],
        )


class EffectView(View):
    """What a hold changes in one series, or in one visit outside a series."""

    series_id: Id | None
    appointment_id: Id | None
    clinic_id: Id
    clinic: str
    zone: str
    treatment: str
    changes: list[dict[str, Any]]


class HoldPreviewView(View):
    """The hold as it would be, everything that it would change, and the ``digest`` that the deed has to carry."""

    state: HoldState
    starts_on: Day
    until: Day | None
    digest: str
    effects: list[EffectView]

    @classmethod
    def of_preview(cls, preview: HoldPreview) -> Self:
        """The view of a preview."""
        return cls.model_validate(told(preview))
