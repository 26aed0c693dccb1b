"""Protocols: treatments with their session bounds, spacing, durations and sources."""

from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.protocol import OnLapse, Protocol, ResourceKind
from scheduler.operations.catalogue.protocols import StoredProtocol, get_protocol, list_protocols
from scheduler.web.api.paging import PageQuery, PageView
from scheduler.web.api.registry import Answer, Call, Routes, View

routes = Routes("protocols")


class SpacingView(View):
    """Days from one session to the next, both ends inclusive."""

    absolute_min_days: int
    min_days: int
    target_days: int
    max_days: int
    after_other_min_days: int
    on_lapse: OnLapse


class PhaseView(View):
    """A stretch of an appointment, in minutes, and who or what it needs."""

    name: str
    minutes: int
    needs: list[ResourceKind]
    needs_patient: bool


class ProtocolView(View):
    """One version of a protocol. ``step_spacing`` is by the number of the session that the gap precedes."""

    id: UUID
    code: str
    version: int
    name: str
    min_sessions: int
    max_sessions: int
    spacing: SpacingView
    step_spacing: dict[int, SpacingView]
    phases: list[PhaseView]
    site_minutes: dict[str, dict[str, int]]
    addon_minutes: dict[str, dict[str, int]]
    shorten_by: int
    lengthen_by: int
    device_type: str | None
    modality: str
    maintenance_days: tuple[int, int] | None
    source: str
    confidence: str


class ProtocolPage(PageView[ProtocolView]):
    """Some protocols, by code."""


@routes.get("/protocols", Action.SEE_CATALOGUE, "List treatments, the newest version of each")
def find(call: Call, query: PageQuery) -> Answer[ProtocolPage]:
    page = list_protocols(call.context, after=query.after(UUID), limit=query.limit)
    return Answer(ProtocolPage(items=[_view(one) for one in page.items], next=query.next(page)))


@routes.get("/protocols/{protocol_id}", Action.SEE_CATALOGUE, "Look at one version of a treatment")
def look_at(call: Call, protocol_id: UUID) -> Answer[ProtocolView]:
    return Answer(_view(get_protocol(call.context, protocol_id=protocol_id)))


def _view(stored: StoredProtocol) -> ProtocolView:
    protocol: Protocol = stored.protocol
    plain = {name: getattr(protocol, name) for name in ProtocolView.model_fields if name not in ("id", "phases")}
    phases = [
        PhaseView(name=p.name, minutes=p.minutes, needs=sorted(p.needs), needs_patient=p.needs_patient)
        for p in protocol.phases
    ]
    return ProtocolView.model_validate({**plain, "id": stored.id, "phases": phases})
