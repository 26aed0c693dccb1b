"""Hold deeds: a hold's row, and its effects on every series and visit, each written as a deed of its own.

A deed of a hold cannot be undone while the hold stands, since nothing may be booked inside it.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from scheduler.domain.holds import Hold
from scheduler.operations.booking.deeds import Deed, carry_out, lock_slots, mend_risks
from scheduler.operations.context import Context, record
from scheduler.operations.holds.hold_previews import HoldPreview, changes_in
from scheduler.operations.messages.calls import ask_for_call
from scheduler.storage import entries
from scheduler.storage.rows import HoldRow
from scheduler.storage.treatments import loaded_anew, under_hold


class Tell(StrEnum):
    """How a patient learns of a released appointment."""

    MESSAGE = "message"
    CALL = "call"


def carry_out_hold(context: Context, patient_id: UUID, preview: HoldPreview, tell: Tell) -> tuple[Deed, ...]:
    """Release, omit or end what the preview showed. The hold's row is written, the patient is locked.

    Each series is read anew, so that it knows what the ones before it have given up.
    """
    lock_slots(context, [released.slot for released in preview.released])
    deeds = []
    for effect in preview.effects:
        snapshot = under_hold(loaded_anew(context.tx, effect.snapshot, context.now), preview.hold)
        if changes := changes_in(context, snapshot, preview.hold, preview.choice):
            by_call, hold_id = tell is Tell.CALL, str(preview.hold.id)
            deeds.append(carry_out(context, snapshot, changes, "put_on_hold", by_call=by_call, hold_id=hold_id))
    mend_risks(context, patient_id)
    if preview.released and tell is Tell.CALL:
        clinic_id = preview.effects[0].snapshot.series.clinic_id
        told = {"deed_ids": [str(deed.id) for deed in deeds]}
        ask_for_call(context, clinic_id, patient_id, about_id=deeds[0].id, payload=told)
    return tuple(deeds)


def record_hold(
    context: Context,
    action: str,
    row: HoldRow,
    hold: Hold,
    *,
    deeds: Sequence[Deed] = (),
    personal: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Write the audit row of a hold's change, with the version of the rule. What people said goes to ``personal``."""
    rule = entries.contraindication(context.tx, row.rule_id)
    dates: dict[str, Any] = {"starts_on": hold.starts_on, "ends_on": hold.ends_on, "review_on": hold.review_on}
    record(
        context,
        action,
        "hold",
        hold.id,
        patient_id=row.patient_id,
        rule_version=f"{rule.code}@{rule.version}",
        personal=personal,
        state=hold.state.value,
        deeds=[str(deed.id) for deed in deeds],
        **{name: day and day.isoformat() for name, day in dates.items()},
        **facts,
    )
