"""Faults: what was typed and cannot be used, by the field that it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.domain.refusals import Refusal
from scheduler.web.pages.telling import told

UNNAMED = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form was sent with, to be shown again. ``faults`` say what is wrong, by field; ``of`` names the form.

    ``is_stale`` when somebody else has saved meanwhile.
    """

    of: str
    values: Mapping[str, str]
    faults: Mapping[str, str]
    detail: str
    remedy: str
    is_stale: bool = False


def typed_in(form: str, values: Mapping[str, str], refusal: Refusal) -> Typed:
    """A form that was refused, as it was typed."""
    faults = {one["field"]: told(one["detail"]) for one in refusal.facts.get("errors", ())}
    return Typed(form, values, faults, told(refusal.detail), told(refusal.remedy), refusal.code == "stale")
