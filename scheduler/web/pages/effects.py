"""Effects: whom a change of hours would leave without an appointment. They are looked at before it is stored.

A form that would affect somebody is sent twice: the first time the page shows whom, the second time the form carries
the mark of what was seen. Whoever was booked meanwhile is shown again.
"""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus

from flask import request

from scheduler.domain.refusals import Refusal, RuleBroken
from scheduler.operations.places.affected import Affected
from scheduler.web.pages.registry import Page, PageCall
from scheduler.web.pages.words import clock

UNTOLD = ("csrf_token", "known", "back")
"""What of a form is not sent once more as it was typed."""


class EffectsUnseen(RuleBroken):
    """Somebody is affected whom nobody has looked at yet. ``affected`` are these appointments."""

    code = "effects_unseen"

    def __init__(self, affected: Sequence[Affected]) -> None:
        super().__init__("This affects booked appointments.", remedy="Look at them, then save.")
        self.affected = tuple(affected)


def expect_seen(affected: Sequence[Affected], known: str) -> None:
    """Raise ``EffectsUnseen``, which takes the change back, unless just these were seen."""
    if affected and mark_of(affected) != known:
        raise EffectsUnseen(affected)


def mark_of(affected: Sequence[Affected]) -> str:
    """Equal for equal appointments at equal times."""
    told = "|".join(sorted(f"{one.appointment_id}{one.starts_at.isoformat()}" for one in affected))
    return hashlib.sha256(told.encode()).hexdigest()


def effects_page(call: PageCall, refusal: Refusal, title: str, back: str) -> Page | None:
    """The page that shows who is affected and sends the same form once more; ``None`` for another refusal."""
    if not isinstance(refusal, EffectsUnseen):
        return None
    values = {
        "title": title,
        "back": back,
        "action": request.path,
        "sent": {name: value for name, value in call.typed.items() if name not in UNTOLD},
        "known": mark_of(refusal.affected),
        "affected": [(one, clock(one.starts_at, one.zone)) for one in refusal.affected],
        "patients": len({one.patient_id for one in refusal.affected}),
    }
    return Page("effects.html", values, HTTPStatus.OK)
