"""Tasks: what waits for somebody."""

from scheduler.domain.access import Action
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.web.api.fields import Day, Id, Instant
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Call, Routes, View

routes = Routes("tasks")


class TaskQuery(PageQuery):
    """Tasks of one kind, or at one clinic; holds belong to no clinic and are always there."""

    kind: TaskKind | None = None
    clinic: Id | None = None


class TouchedView(View):
    """An appointment that cannot take place unless the hold ends first."""

    appointment_id: Id
    clinic_id: Id
    starts_at: Instant
    on_date: Day
    zone: str


class TaskView(View):
    """One thing to do. ``id`` is the hold's, the request's, the appointment's, the series' whose window has lapsed, the
    waitlist entry's whose window closes, for an import the session's or, for a calendar, the resource's. A calendar and
    a freed slot have no patient.

    ``on`` is the date of the appointment or the first of the hold or window; ``until`` the last date of the window or
    that the hold blocks, null for good; ``kept_until`` when a request's slot is free again; ``wanted_at`` when the
    patient would rather come, or a freed slot of ``resource`` begins; ``note`` the reason of a request, what the
    patient says, what an import breaks, who is away or why a calendar cannot be read; ``resource`` whose calendar that
    is; ``appointments`` those of the next three days that an overdue hold touches.
    """

    kind: TaskKind
    id: Id
    patient_id: Id | None
    patient: str | None
    phone: str | None
    clinic_id: Id | None
    series_id: Id | None
    session: int | None
    appointment_id: Id | None
    on: Day | None
    until: Day | None
    kept_until: Instant | None
    wanted_at: Instant | None
    note: str | None
    resource: str | None
    resource_id: Id | None
    appointments: list[TouchedView]


class TaskPage(PageView[TaskView]):
    """Some tasks."""


@routes.get("/tasks", Action.SEE_PATIENTS, "What waits for somebody, the most pressing kind first")
def index(call: Call, query: TaskQuery) -> Answer[TaskPage]:
    kinds = () if query.kind is None else (query.kind,)
    page = list_tasks(call.context, kinds=kinds, clinic_id=query.clinic, after=query.after(int), limit=query.limit)
    return Answer(TaskPage(items=items_of(TaskView, page.items), next=query.next(page)))
