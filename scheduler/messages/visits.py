"""A visit in words: when it is, what it is, and where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, get_timezone_name

from scheduler.messages.printable import one_line
from scheduler.messages.words import Words


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as its patient may be told of it. Instants are aware and in UTC, ``zone`` is the clinic's.

    ``treatment`` is ``None`` where it must not be named; then nothing is said of the session either. ``session`` and
    ``sessions`` are the number of the session and the length of its series, ``None`` for a single visit.
    ``preparation`` is what to do before it. Texts of the catalogue are given in English, and translated.
    """

    starts_at: datetime
    ends_at: datetime
    zone: str
    clinic: str
    address: str
    phone: str
    treatment: str | None
    session: int | None
    sessions: int | None
    preparation: tuple[str, ...] = ()


def when(visit: Visit, words: Words, *, name_zone: bool = False) -> str:
    """Weekday, date and month in words, and from when to when the clinic's clock says."""
    start, end = _wall_times(visit)
    text = words.say(
        "%(day)s, %(start)s to %(end)s",
        day=format_date(start, "full", locale=words.locale),
        start=_clock(start, words),
        end=_clock(end, words),
    )
    return f"{text} ({_zone_name(start, words)})" if name_zone else text


def when_in_short(visit: Visit, words: Words, *, name_zone: bool = False) -> str:
    """Day and time in as few characters as can be understood."""
    start, _ = _wall_times(visit)
    text = f"{short_day(visit, words)} {_clock(start, words)}"
    return f"{text} ({_zone_name(start, words)})" if name_zone else text


def advice_until(advice: str, end: datetime, zone: str, words: Words) -> str:
    """Advice of the catalogue in the language of the letter, with the last day on which it holds."""
    day = format_date(end.astimezone(ZoneInfo(zone)), "full", locale=words.locale)
    return words.say("%(advice)s Until %(day)s.", advice=words.translated(advice), day=day)


def short_day(visit: Visit, words: Words) -> str:
    """The weekday and date of a visit, for a subject or a text message."""
    start, _ = _wall_times(visit)
    return str(format_skeleton("MMMEd", start, locale=words.locale)).replace("., ", " ").replace(", ", " ")


def is_zone_needed(visits: Iterable[Visit]) -> bool:
    """Whether the clocks must be named: they show a time twice, or the visits are in places of different time."""
    visits = list(visits)
    return len({visit.zone for visit in visits}) > 1 or any(
        time.replace(fold=0).utcoffset() != time.replace(fold=1).utcoffset()
        for visit in visits
        for time in _wall_times(visit)
    )


def title(visit: Visit, words: Words) -> str:
    """What the visit is for; "Appointment" where that must not be said."""
    if visit.treatment is None:
        return words.say("Appointment")
    treatment = one_line(words.translated(visit.treatment))
    if visit.session is None:
        return treatment
    if visit.sessions is None:
        return words.say("%(treatment)s, session %(session)s", treatment=treatment, session=visit.session)
    return words.say(
        "%(treatment)s, session %(session)s of %(sessions)s",
        treatment=treatment,
        session=visit.session,
        sessions=visit.sessions,
    )


def session_line(session: int | None, sessions: int | None, words: Words) -> str:
    """Which session of how many a visit is; empty for a single visit."""
    if session is None:
        return ""
    if sessions is None:
        return words.say("Session %(session)s", session=session)
    return words.say("Session %(session)s of %(sessions)s", session=session, sessions=sessions)


def place(visit: Visit) -> str:
    """The clinic and its address on one line."""
    return ", ".join(part for part in (one_line(visit.clinic), one_line(visit.address)) if part)


def tells_apart(visits: Iterable[Visit]) -> Callable[[Visit], str]:
    """What to add to a time in short so that it is clear where: nothing, the clinic, or of one clinic its address."""
    visits = list(visits)
    if len({one_line(visit.clinic) for visit in visits}) > 1:
        return lambda visit: f" ({one_line(visit.clinic)})"
    if len({one_line(visit.address) for visit in visits}) > 1:
        return lambda visit: f" ({one_line(visit.address)})"
    return lambda _: ""


def _wall_times(visit: Visit) -> tuple[datetime, datetime]:
    zone = ZoneInfo(visit.zone)
    return visit.starts_at.astimezone(zone), visit.ends_at.astimezone(zone)


def _clock(time: datetime, words: Words) -> str:
    return str(format_time(time, "short", locale=words.locale))


def _zone_name(time: datetime, words: Words) -> str:
    return str(get_timezone_name(time, "long", locale=words.locale))
