"""What patients report before a session: it is proposed as a hold, confirmed or dismissed, and lifted in the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from scheduler.demo import desk
from scheduler.demo.courses import Story
from scheduler.demo.history import History, Running
from scheduler.domain.access import Actor
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.hold_terms import HoldWish
from scheduler.operations.holds.hold_decisions import confirm_hold, preview_confirmation
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.hold_endings import LeftClearance, dismiss_hold, lift_hold
from scheduler.operations.holds.holding import place_hold

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CLEARED_FOR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a patient reports, and on what evidence a practitioner lifts the hold, so many days after it began."""

    code: str
    said: str
    evidence: str
    days: int
    on_site: bool = True


PASSING = (
    Complaint("hsv-active", "A cold sore since yesterday.", "Crusts gone, skin whole.", 9),
    Complaint("active-acne", "A breakout in the area.", "Two old marks, nothing inflamed.", 12),
    Complaint("sunburn-tan", "Burnt at the sea on Sunday.", "No redness, no peeling.", 14),
    Complaint("open-wound", "Scratched by the cat.", "Closed and dry.", 6),
    Complaint("systemic-infection", "A fever, in bed.", "Well for a week.", 6, on_site=False),
)
TO_CLEAR = (
    Complaint("anticoagulant", "Takes blood thinners.", "The physician's letter: may go on.", 10, on_site=False),
    Complaint("immunosuppression", "Began a new medicine.", "Low dose; the physician agrees.", 10, on_site=False),
)
TO_DISMISS = (Complaint("skin-infection", "A red spot, perhaps a rash?", "A scratch from shaving.", 0),)
OF_STORY = {Story.HELD: PASSING, Story.CLEARED: TO_CLEAR, Story.DISMISSED: TO_DISMISS}


def has_complaint(history: History, run: Running, number: int, story: Story) -> None:
    """Some days before a session the patient calls with something that stands in its way."""
    complaint = run.chance.choice(OF_STORY[story])
    calls_at = run.booked[number].slot.starts_at - run.chance.randint(20, 75) * HOUR
    history.then(run, number, calls_at, lambda at: reported(history, run, complaint, story, at))


def reported(history: History, run: Running, complaint: Complaint, story: Story, at: datetime) -> None:
    """Reception proposes the hold; a practitioner looks at it within hours."""
    run.complained = True
    hold_id = proposed(history, run, complaint, at)
    if hold_id is None:
        return
    who = history.stage.practitioners[run.chance.choice(run.place.practitioners)]
    decides_at = at + run.chance.randint(10, 200) * MINUTE
    if story is Story.DISMISSED:
        _later(history, decides_at, lambda then: _dismiss(history, run, who, hold_id, complaint, then))
        return
    lifts_at = at + complaint.days * DAY - HOUR
    _later(history, decides_at, lambda then: confirmed(history, who, hold_id, then))
    _later(history, lifts_at, lambda then: _lift(history, run, who, hold_id, complaint, story, then))


def proposed(history: History, run: Running, complaint: Complaint, at: datetime) -> UUID | None:
    """Reception writes down what the patient said; ``None`` when nothing of it needs a hold."""
    course = run.course
    site = course.sites[0] if course and complaint.on_site else None
    wish = HoldWish(complaint.code, site=site, note=complaint.said)
    placed = history.stage.do(
        history.stage.reception, at, lambda c: place_hold(c, patient_id=run.patient_id, wish=wish)
    )
    if placed.hold is None:
        return None
    history.held.add(run.patient_id)
    return placed.hold.id


def confirmed(history: History, who: Actor, hold_id: UUID, at: datetime) -> None:
    """A practitioner looks at what the hold would change, and makes it active."""
    preview = history.stage.look(who, at, lambda c: preview_confirmation(c, hold_id=hold_id))
    decided = history.stage.do(
        who, at, lambda c: confirm_hold(c, hold_id=hold_id, tell=Tell.CALL, digest=preview.digest)
    )
    history.follow_all(decided.deeds)


def _lift(
    history: History, run: Running, who: Actor, hold_id: UUID, complaint: Complaint, story: Story, at: datetime
) -> None:
    """The hold ends on evidence, and reception offers what moves least."""
    today = clinic_date(at, run.place.zone)
    left = LeftClearance(valid_until=today + timedelta(CLEARED_FOR_DAYS)) if story is Story.CLEARED else None
    history.stage.do(who, at, lambda c: lift_hold(c, hold_id=hold_id, evidence=complaint.evidence, leave=left))
    history.held.discard(run.patient_id)
    desk.go_on(history, run, at + 20 * MINUTE)


def _dismiss(history: History, run: Running, who: Actor, hold_id: UUID, complaint: Complaint, at: datetime) -> None:
    history.stage.do(who, at, lambda c: dismiss_hold(c, hold_id=hold_id, reason=complaint.evidence))
    history.held.discard(run.patient_id)


def _later(history: History, instant: datetime, scene: Callable[[datetime], None]) -> None:
    history.stage.agenda.at(instant, scene)
