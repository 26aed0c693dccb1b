"""What reception does for a caller: adds the patient, begins a series, books, moves, and books single visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from scheduler.demo.chance import dice
from scheduler.demo.courses import Books, Course
from scheduler.demo.history import History, Running
from scheduler.demo.houses import REJUVENATION
from scheduler.demo.stage import Place
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import Protocol, ResourceKind
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.deciding import Choice, Decision, Occasion
from scheduler.operations.booking.deciding import decide as decide_on
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import plan_series
from scheduler.operations.booking.replanning import WantedMove, replan_series
from scheduler.operations.booking.series import SeriesRequest, start_series
from scheduler.operations.booking.slots import FreeSlot, SlotQuestion, free_slots
from scheduler.operations.booking.visiting import book_visit
from scheduler.operations.patients.patients import add_patient
from scheduler.storage.entries import shipped

AT_ONCE = {Books.ALL: 99, Books.TWO: 2, Books.NEXT: 1}


def patient_of(history: History, number: int, at: datetime) -> UUID:
    """The patient, added on the first call."""
    if number not in history.patient_ids:
        person = history.people[number]
        added = history.stage.do(
            history.stage.reception,
            at,
            lambda c: add_patient(
                c, name=person.name, phone=person.phone, email=person.email, date_of_birth=person.born, note=person.note
            ),
        )
        history.patient_ids[number] = added.patient.id
    return history.patient_ids[number]


def begin(history: History, course: Course, at: datetime) -> Running:
    """Begin a series as a draft."""
    patient_id = patient_of(history, course.patient, at)
    wanted = SeriesRequest(
        clinic_id=course.place.clinic_id,
        patient_id=patient_id,
        protocol=course.protocol.code,
        sessions=course.sessions,
        sites=course.sites,
        start_on=max(course.start_on, clinic_date(at, course.place.zone)),
    )
    sheet = history.stage.do(history.stage.reception, at, lambda c: start_series(c, wanted))
    phases = course.protocol.phases_for(course.sites)
    run = Running(course.place, patient_id, phases, course.chance, course, sheet.snapshot.series.id)
    history.running[sheet.snapshot.series.id] = run
    return run


def book(history: History, run: Running, at: datetime, many: int | None = None) -> None:
    """Book the best plan, as many sessions of it as this patient books at once."""
    if run.course is None or run.series_id is None:
        return
    wishes = Wishes(start_on=run.course.start_on, prefer=run.course.prefer)
    series_id, free_time = run.series_id, history.stage.free_time
    try:
        plans = history.stage.look(
            history.stage.reception,
            at,
            lambda c: plan_series(c, free_time, series_id=series_id, wishes=wishes, limit=1).plans,
        )
    except RuleBroken:
        return
    placed = [Placement(one.number, one.slot) for plan in plans for one in plan.plan.placements]
    if first := placed[: many or AT_ONCE[run.course.books]]:
        _book(history, run, at, first)


def _book(history: History, run: Running, at: datetime, placements: Sequence[Placement]) -> None:
    series_id = run.series_id
    start_on = run.course.start_on if run.course and not run.performed and not run.booked else None
    if series_id is None:
        return
    deed = history.stage.do(
        history.stage.reception,
        at,
        lambda c: book_sessions(c, series_id=series_id, placements=placements, start_on=start_on, tell_patient=False),
    )
    history.follow(run, deed)


def replan(history: History, run: Running, at: datetime, move: WantedMove | None = None) -> bool:
    """Offer the least-moving changes and carry out the best; ``False`` when there are none."""
    series_id, reception, free_time = run.series_id, history.stage.reception, history.stage.free_time
    if series_id is None:
        return False
    try:
        found = history.stage.look(
            reception, at, lambda c: replan_series(c, free_time, series_id=series_id, move=move, limit=1)
        ).replans
    except RuleBroken:
        return False
    placements = [Placement(one.number, one.after) for plan in found for one in plan.changes.moves]
    if not placements:
        return False
    deed = history.stage.do(
        reception,
        at,
        lambda c: change_sessions(
            c, series_id=series_id, placements=placements, reason="Asked by phone", tell_patient=False
        ),
    )
    history.follow(run, deed)
    return True


def go_on(history: History, run: Running, at: datetime) -> None:
    """New dates after a session was missed, called off or held up: when the window has lapsed, by decision."""
    if run.course and not replan(history, run, at):
        if decide(history, run, at, Choice.CONTINUE, "Goes on; the skin allows a longer gap."):
            replan(history, run, at)
        if not run.booked:
            book(history, run, at)


def decide(history: History, run: Running, at: datetime, choose: Choice, reason: str) -> bool:
    """A practitioner answers a lapsed window; ``False`` when none has lapsed."""
    series_id = run.series_id
    if series_id is None:
        return False
    decision = Decision(Occasion.LAPSE, choose, reason)
    who = history.stage.practitioners[run.chance.choice(run.place.practitioners)]
    try:
        decided = history.stage.do(
            who, at, lambda c: decide_on(c, series_id=series_id, decision=decision, tell_patient=False)
        )
    except RuleBroken:
        return False
    history.follow(run, decided.deed)
    return True


@dataclass(frozen=True, slots=True)
class VisitWish:
    """A single visit: what for, in which house, on the first or a later free slot from a clinic date on."""

    place: Place
    visit_type: str
    first: date
    days: int = 14
    skip: int = 0


def like_session(place: Place, protocol: Protocol, first: date) -> VisitWish:
    """A visit that needs what a session of this protocol needs: to find a slot where plans would not look."""
    usual = protocol.code == REJUVENATION
    return VisitWish(place, "single-treatment" if usual else f"single-treatment-{protocol.code}", first, days=3)


def free_slot(history: History, wish: VisitWish, at: datetime) -> FreeSlot | None:
    """A free slot for a visit, or ``None``."""
    question = SlotQuestion(
        wish.place.clinic_id, wish.visit_type, first=wish.first, days=wish.days, limit=wish.skip + 1
    )
    stage = history.stage
    slots = stage.look(stage.reception, at, lambda c: free_slots(c, stage.free_time, question)).slots
    return slots[-1] if slots else None


def slot_of(free: FreeSlot) -> Slot:
    """A free slot as a booking takes it."""
    named = (
        (ResourceKind.PRACTITIONER, free.practitioner_id),
        (ResourceKind.ROOM, free.room_id),
        (ResourceKind.DEVICE, free.device_id),
    )
    return Slot(free.starts_at, {kind: resource for kind, resource in named if resource})


def visit(history: History, patient: int, wish: VisitWish, at: datetime) -> Running | None:
    """Book a single visit, where one is free and the patient is."""
    free = free_slot(history, wish, at)
    if free is None:
        return None
    patient_id, kind = patient_of(history, patient, at), shipped().visit_types[wish.visit_type]
    try:
        booked = history.stage.do(
            history.stage.reception,
            at,
            lambda c: book_visit(
                c,
                clinic_id=wish.place.clinic_id,
                patient_id=patient_id,
                visit_type=wish.visit_type,
                slot=slot_of(free),
                sites=("hands",) if kind.treats else (),
                tell_patient=False,
            ),
        )
    except RuleBroken:
        return None
    chance = dice(history.stage.seed, f"visit {patient} {free.starts_at}")
    run = history.running[booked.appointment_id] = Running(wish.place, patient_id, kind.phases, chance)
    history.follow(run, booked.deed)
    return run
