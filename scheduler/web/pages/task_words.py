"""Tasks in words: what each kind is called, and what somebody has to do about it."""

from dataclasses import dataclass

from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.web.pages.words import say


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of task: its heading, its icon, and what to do."""

    kind: TaskKind
    title: str
    icon: str
    todo: str


def kind_words() -> dict[TaskKind, KindWords]:
    """Every kind, the most pressing first."""
    return {one.kind: one for one in (*_to_decide(), *_to_answer(), *_to_tidy())}


def _to_decide() -> tuple[KindWords, ...]:
    return (
        KindWords(
            TaskKind.OVERRIDE_REQUEST,
            say("Dates outside the rules"),
            "shield-alert",
            say("A practitioner allows the date or declines it before the slot is free again."),
        ),
        KindWords(
            TaskKind.OVERDUE_HOLD,
            say("Holds to look at again"),
            "hourglass",
            say("Their time has come: a practitioner lifts the hold or extends it. Until then nothing takes place."),
        ),
        KindWords(
            TaskKind.CLASH,
            say("Cannot take place as booked"),
            "calendar-x",
            say("Somebody or something is away. Find another time and call."),
        ),
    )


def _to_answer() -> tuple[KindWords, ...]:
    return (
        KindWords(
            TaskKind.DECLINED,
            say("Declined"),
            "ban",
            say("The patient cannot come. Call, then move or cancel the appointment. Nothing is cancelled by itself."),
        ),
        KindWords(
            TaskKind.MOVE_REQUEST,
            say("Wants another time"),
            "arrow-right",
            say("Look at what moves least, and offer it."),
        ),
        KindWords(TaskKind.CALL, say("Please call"), "phone", say("Say what stands there, then note what came of it.")),
        KindWords(
            TaskKind.PROPOSED_HOLD,
            say("Holds to decide"),
            "circle-pause",
            say("A practitioner confirms the hold or dismisses it. Until then nothing is booked inside it."),
        ),
        KindWords(
            TaskKind.FREED_SLOT,
            say("Free again"),
            "calendar-plus",
            say("Somebody on the waitlist wants a time like this. Call who comes first."),
        ),
        KindWords(
            TaskKind.CLOSING_WINDOW,
            say("Few allowed days are left"),
            "hourglass",
            say("The patient waits for a time, and the days on which the next session may be are nearly over."),
        ),
    )


def _to_tidy() -> tuple[KindWords, ...]:
    return (
        KindWords(
            TaskKind.LAPSED_WINDOW,
            say("No allowed day is left"),
            "hourglass",
            say("A practitioner decides how the series goes on."),
        ),
        KindWords(
            TaskKind.VISIT_TO_CLOSE,
            say("Did these visits take place?"),
            "clock",
            say("Say what happened, so that the next sessions are counted from the right day."),
        ),
        KindWords(
            TaskKind.IMPORT_TO_DECIDE,
            say("Imported against a rule"),
            "triangle-alert",
            say("A practitioner accepts it as it is, or it is moved."),
        ),
        KindWords(
            TaskKind.DEAD_LETTER,
            say("Messages not delivered"),
            "mail-warning",
            say("Correct the address and send once more, or call."),
        ),
        KindWords(
            TaskKind.UNREAD_CALENDAR,
            say("Calendars that cannot be read"),
            "calendar-x",
            say("Until it can be read, times of the colleague’s own calendar may be missing."),
        ),
    )
