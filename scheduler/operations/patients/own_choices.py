"""Own choices: how a patient wants to be told."""

from collections.abc import Mapping
from typing import Any

from scheduler.domain.access import Action, require
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import Patient, changed_patient
from scheduler.operations.staff.operators import make_patients_user

CHOOSABLE = frozenset({"contact", "language", "privacy", "reminder_days"})


def choose_own(context: Context, *, seen: int, given: Mapping[str, Any]) -> Patient:
    """Change how one is told. ``given`` names some of ``CHOOSABLE``. Raises ``Stale``, ``Invalid``, ``NotAllowed``."""
    require(context.actor, Action.CHOOSE_OWN)
    if context.actor.patient_id is None:
        raise NotFound("There is no such patient.")
    make_patients_user(context.tx, context.organisation_id)
    chosen = {name: value for name, value in given.items() if name in CHOOSABLE}
    return changed_patient(context, context.actor.patient_id, seen, chosen)
