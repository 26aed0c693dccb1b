"""The courses that the demo tells of: who is treated how, where and from when, and what goes otherwise than planned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from scheduler.demo.chance import dice
from scheduler.demo.houses import LASER, PEEL, PRP, REJUVENATION, RF, SCARS
from scheduler.demo.stage import Place, Stage
from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.domain.protocol import Protocol
from scheduler.domain.slots import total_minutes
from scheduler.domain.wishes import Preference
from scheduler.storage.entries import shipped

PAST_DAYS = 700
RECENT_DAYS = 150
AGAIN_DAYS = 400
NEAR_DAYS = 12
SITES = {
    REJUVENATION: (("face",), ("cheeks",), ("forehead", "periorbital"), ("neck",)),
    SCARS: (("cheeks",), ("chin", "jawline"), ("back",)),
    PRP: (("face",), ("scalp",)),
    PEEL: (("face",), ("decollete",), ("hands",)),
    LASER: (("underarms",), ("lower-legs",), ("upper-lip",), ("bikini-line",)),
    RF: (("face",), ("neck", "jawline"), ("abdomen",)),
}
HOURS = ((9, 12), (10, 14), (13, 17), (15, 19), (16, 20))


class Story(StrEnum):
    """What befalls a course at one of its sessions, or just before it."""

    STEADY = "steady"
    EARLY = "early"
    LATE = "late"
    CONTINUED = "continued"
    DRIFTED = "drifted"
    CEASED = "ceased"
    HELD = "held"
    CLEARED = "cleared"
    DISMISSED = "dismissed"
    REQUESTED = "requested"


class Books(StrEnum):
    """How many sessions are booked at once."""

    ALL = "all"
    TWO = "two"
    NEXT = "next"


PAST_STORIES = {
    Story.EARLY: 8,
    Story.LATE: 7,
    Story.CONTINUED: 6,
    Story.DRIFTED: 4,
    Story.CEASED: 6,
    Story.HELD: 14,
    Story.CLEARED: 6,
    Story.DISMISSED: 4,
}
RECENT_STORIES = {
    Story.EARLY: 4,
    Story.LATE: 3,
    Story.DRIFTED: 6,
    Story.HELD: 8,
    Story.CLEARED: 3,
    Story.DISMISSED: 3,
    Story.REQUESTED: 2,
}
BOOKED_ONE_BY_ONE = (Story.EARLY, Story.LATE, Story.CONTINUED, Story.DRIFTED, Story.CEASED, Story.REQUESTED)
PAST, RECENT, TODAY = 205, 165, 9
"""How many courses: long ago, around today, and with a session today in each house."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it is meant to go. ``turn`` is the session at which the story takes its turn."""

    patient: int
    place: Place
    protocol: Protocol
    sites: tuple[str, ...]
    sessions: int
    start_on: date
    calls_at: datetime
    prefer: tuple[Preference, ...]
    books: Books
    consults: bool
    story: Story
    turn: int
    chance: Random = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything there is, as a share of the whole demo."""

    share: float = 1.0

    def of(self, many: int) -> int:
        return max(1, round(many * self.share))


def invented_courses(stage: Stage, scale: Scale, patients: int) -> list[Course]:
    """The courses of so many patients: many lie around today, the others in the two years before."""
    chance = dice(stage.seed, "courses")
    past, recent = scale.of(PAST), scale.of(RECENT)
    todays = [place for place in stage.places for _ in range(scale.of(TODAY))]
    first_recent = patients - recent - len(todays)
    found = [
        _past(stage, chance, n % patients, n >= first_recent, story) for n, story in _told(PAST_STORIES, past, scale)
    ]
    for number, story in _told(RECENT_STORIES, recent, scale):
        found.append(_recent(stage, chance, (first_recent + number) % patients, story))
    for number, place in enumerate(todays, first_recent + recent):
        found.append(_today(stage, chance, number % patients, place))
    return found


def _told(stories: Mapping[Story, int], many: int, scale: Scale) -> Iterator[tuple[int, Story]]:
    """Each course's number and story: those of the table, spread evenly, among steady ones."""
    listed = [story for story, times in stories.items() for _ in range(scale.of(times))]
    every = max(1, many // len(listed))
    for number in range(many):
        place, between = divmod(number, every)
        yield number, listed[place] if not between and place < len(listed) else Story.STEADY


def _past(stage: Stage, chance: Random, patient: int, comes_again: bool, story: Story) -> Course:
    place = chance.choice(stage.places)
    protocol, sessions = _treatment(chance, place, story)
    today = clinic_date(stage.now, place.zone)
    start_on = today - timedelta(chance.randint(AGAIN_DAYS if comes_again else RECENT_DAYS, PAST_DAYS))
    return _course(stage, chance, patient, place, protocol, sessions, start_on, story, chance.randint(2, sessions))


def _recent(stage: Stage, chance: Random, patient: int, story: Story) -> Course:
    """A course with a session near today: the one at which its story takes its turn, or the one after which it does."""
    place = chance.choice(stage.places)
    protocol, sessions = _treatment(chance, place, story)
    done = chance.randint(1 if story in BOOKED_ONE_BY_ONE else 0, sessions - 2)
    rule = protocol.spacing
    days = {
        Story.EARLY: rule.min_days + chance.randint(-1, 6),
        Story.LATE: rule.max_days + chance.randint(5, 12),
        Story.DRIFTED: rule.max_days + chance.randint(3, 14),
        Story.REQUESTED: days_to_request(protocol) - 1,
        Story.HELD: chance.randint(-5, 14),
        Story.CLEARED: chance.randint(0, 14),
        Story.DISMISSED: chance.randint(-1, 8),
    }.get(story)
    if days is None:
        anchor = _open_day(chance, place, clinic_date(stage.now, place.zone))
    else:
        anchor = clinic_date(stage.now, place.zone) - timedelta(days)
    start_on = anchor - timedelta(done * rule.target_days)
    turn = done + 2 if story in BOOKED_ONE_BY_ONE else done + 1
    return _course(stage, chance, patient, place, protocol, sessions, start_on, story, turn)


def days_to_request(protocol: Protocol) -> int:
    """A gap that only a practitioner may grant."""
    return (protocol.spacing.absolute_min_days + protocol.spacing.min_days) // 2


def _today(stage: Stage, chance: Random, patient: int, place: Place) -> Course:
    protocol, sessions = _treatment(chance, place, Story.STEADY)
    start_on = clinic_date(stage.now, place.zone) - timedelta(chance.randrange(sessions) * protocol.spacing.target_days)
    return _course(stage, chance, patient, place, protocol, sessions, start_on, Story.STEADY, 0)


def _treatment(chance: Random, place: Place, story: Story) -> tuple[Protocol, int]:
    protocol = shipped().protocols[chance.choice(place.protocols)]
    fewest = protocol.min_sessions + (story in BOOKED_ONE_BY_ONE)
    return protocol, chance.randint(fewest, max(fewest, min(protocol.max_sessions, protocol.min_sessions + 2)))


def _open_day(chance: Random, place: Place, today: date) -> date:
    days = [today + timedelta(n) for n in range(-NEAR_DAYS, NEAR_DAYS + 1) if n]
    return chance.choice([day for day in days if day.weekday() in place.weekdays])


def _course(
    stage: Stage,
    chance: Random,
    patient: int,
    place: Place,
    protocol: Protocol,
    sessions: int,
    start_on: date,
    story: Story,
    turn: int,
) -> Course:
    consults = chance.random() < 0.4
    opens, closes = chance.choice(HOURS)
    return Course(
        patient=patient,
        place=place,
        protocol=protocol,
        sites=_sites(chance, protocol, story),
        sessions=sessions,
        start_on=start_on,
        calls_at=_call(stage, chance, place, start_on, consults),
        prefer=(Preference(start_on.weekday(), time(opens), time(closes)),),
        books=Books.NEXT if story in BOOKED_ONE_BY_ONE else chance.choices(list(Books), (65, 20, 15))[0],
        consults=consults,
        story=story,
        turn=turn,
        chance=dice(stage.seed, f"course {patient} {start_on}"),
    )


def _sites(chance: Random, protocol: Protocol, story: Story) -> tuple[str, ...]:
    """An override is booked by hand into a slot of the usual length, so it takes a site that needs no more."""
    if story not in BOOKED_ONE_BY_ONE:
        return chance.choice(SITES[protocol.code])
    usual = total_minutes(protocol.phases)
    return next(sites for sites in SITES[protocol.code] if total_minutes(protocol.phases_for(sites)) <= usual)


def _call(stage: Stage, chance: Random, place: Place, start_on: date, consults: bool) -> datetime:
    """Some days or weeks before the start, in office hours; a start still far off has been asked for lately."""
    days = chance.randint(14, 25) if consults else chance.randint(3, 20)
    wanted = instant_of(start_on - timedelta(days), time(chance.randint(9, 16), chance.randint(0, 59)), place.zone)
    lately = stage.now - timedelta(minutes=chance.randint(20, 5 * 24 * 60))
    return min(wanted, lately)
