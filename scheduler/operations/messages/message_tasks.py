"""Message tasks: calls to make and dead letters, as part of the list of tasks."""

from scheduler.operations.context import Context
from scheduler.operations.messages.call_list import call_of, calls_query
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.rows import OutboxRow, OutboxState


def calls_to_make(context: Context, wanted: Wanted) -> list[Task]:
    """Patients who have to be called; a dead letter is a task of its own kind."""
    return _tasks(context, wanted, TaskKind.CALL, OutboxState.TO_CALL)


def letters_that_died(context: Context, wanted: Wanted) -> list[Task]:
    """Messages that could not be delivered."""
    return _tasks(context, wanted, TaskKind.DEAD_LETTER, OutboxState.DEAD)


def _tasks(context: Context, wanted: Wanted, kind: TaskKind, state: OutboxState) -> list[Task]:
    clinics = [clinic.id for clinic in wanted.clinics]
    query = calls_query(context, (state,)).where(OutboxRow.clinic_id.in_(clinics)).limit(wanted.limit)
    if wanted.after is not None:
        query = query.where(OutboxRow.id > wanted.after)
    calls = [call_of(*row) for row in context.tx.execute(query)]
    return [
        Task(kind, call.id, call.patient_id, call.patient, clinic_id=call.clinic_id, note=call.say) for call in calls
    ]
