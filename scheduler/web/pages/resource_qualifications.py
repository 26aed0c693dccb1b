"""What a practitioner may perform, and until when."""

from functools import partial
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.places.qualifications import disqualify, qualify
from scheduler.web.api.fields import Code, Day
from scheduler.web.pages.effects import expect_seen
from scheduler.web.pages.registry import PageCall, Pages, See
from scheduler.web.pages.resource_hours import KnownForm
from scheduler.web.pages.resource_page import HOME, again

pages = Pages("resource_qualifications")


class QualificationForm(KnownForm):
    """A treatment, the last date on which the qualification holds, and whether it will be renewed."""

    protocol: Code
    valid_until: Day | None = None
    renewal_expected: Literal["yes"] | None = None


class EndForm(KnownForm):
    """Which qualification is taken away."""

    protocol: Code


@pages.post(f"{HOME}/{{resource_id}}/qualifications", Action.MANAGE_RESOURCES, on_refusal=partial(again, "qualified"))
def add(call: PageCall, resource_id: UUID, form: QualificationForm) -> See:
    """Say what a practitioner may perform; again to change until when."""
    changed = qualify(
        call.context,
        resource_id=resource_id,
        protocol=form.protocol,
        valid_until=form.valid_until,
        renewal_expected=form.renewal_expected == "yes",
        seen=form.seen,
    )
    expect_seen(changed.affected, form.known)
    return See(f"{HOME}/{resource_id}?saved=1#qualifications")


@pages.post(f"{HOME}/{{resource_id}}/qualifications/end", Action.MANAGE_RESOURCES, on_refusal=partial(again, "end"))
def end(call: PageCall, resource_id: UUID, form: EndForm) -> See:
    """Take a qualification away."""
    changed = disqualify(call.context, resource_id=resource_id, protocol=form.protocol, seen=form.seen)
    expect_seen(changed.affected, form.known)
    return See(f"{HOME}/{resource_id}?saved=1#qualifications")
