"""What practitioners decide about series: a lapsed window, a hold, an import, a newer version of the protocol."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.booking.adopting import Adoption, adopt_protocol, preview_adoption
from scheduler.operations.booking.deciding import Choice, Decision, Occasion, decide
from scheduler.storage.steps import steps_of
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Day, Id, Prose
from scheduler.web.api.holds import Digest
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("decisions")


class NewDecision(Body):
    """To a lapse: continue, restart, omit or cease; to a hold: defer, omit or cease; to an import: accept it as it is.

    Without ``session`` the first that waits for a decision is meant. ``start_on`` is where a restart begins, today
    when it is not given.
    """

    on: Occasion
    choose: Choice
    reason: Prose
    session: Annotated[int, Field(ge=1, le=99)] | None = None
    start_on: Day | None = None


class DecisionView(View):
    """What was done, and the series that a restart has made."""

    change: DeedView
    new_series_id: Id | None


class NewAdoption(Body):
    """``digest`` is the preview's."""

    reason: Prose
    digest: Digest


class AdoptionView(View):
    """What the newest version changes in a series: what becomes at risk, or safe."""

    from_version: int
    to_version: int
    changes: list[dict[str, Any]]
    digest: str
    revision: int

    @classmethod
    def of_adoption(cls, adoption: Adoption) -> Self:
        """The view of an adoption, previewed or done."""
        return cls(
            from_version=adoption.from_version,
            to_version=adoption.to_version,
            changes=steps_of(adoption.changes),
            digest=adoption.digest,
            revision=adoption.sheet.snapshot.series.revision,
        )


@routes.post("/series/{series_id}/decisions", Action.DECIDE_LAPSE, "Decide about a series", revision=IfMatch.REQUIRED)
def take(call: Call, series_id: UUID, body: NewDecision) -> Answer[DecisionView]:
    decision = Decision(body.on, body.choose, body.reason, body.session, body.start_on)
    done = decide(call.context, series_id=series_id, decision=decision, seen=call.seen)
    view = DecisionView(change=DeedView.of_deed(done.deed), new_series_id=done.new_series_id)
    return Answer(view, revision=done.deed.revision)


@routes.get(
    "/series/{series_id}/newest-protocol", Action.DECIDE_LAPSE, "What the newest version of the protocol would change"
)
def look_at_adoption(call: Call, series_id: UUID) -> Answer[AdoptionView]:
    return _adoption(preview_adoption(call.context, series_id=series_id))


@routes.post(
    "/series/{series_id}/newest-protocol",
    Action.DECIDE_LAPSE,
    "Take a series over to the newest version of its protocol",
    revision=IfMatch.REQUIRED,
)
def adopt(call: Call, series_id: UUID, body: NewAdoption) -> Answer[AdoptionView]:
    done = adopt_protocol(call.context, series_id=series_id, digest=body.digest, reason=body.reason, seen=call.seen)
    return _adoption(done)


def _adoption(adoption: Adoption) -> Answer[AdoptionView]:
    view = AdoptionView.of_adoption(adoption)
    return Answer(view, revision=view.revision)
