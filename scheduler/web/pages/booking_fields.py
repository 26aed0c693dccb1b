"""The fields of a booking: what can be chosen in each, and what is meant when nothing was chosen yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from scheduler.domain.protocol import Protocol
from scheduler.operations.booking.bookable import Bookable
from scheduler.operations.booking.courses import Course
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_words import weekday
from scheduler.web.pages.words import long_day, say, words

LEVELS = " "
"""What moves a body site to the right in its list: a space that a browser keeps."""

HOURS = tuple(f"{hour:02}:{minute:02}" for hour in range(7, 21) for minute in (0, 30))
"""Times of the clinic's clock between which a caller may wish to come."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Options under a common heading."""

    label: str
    options: tuple[Option, ...]


def settled(choice: BookingChoice, courses: Sequence[Course], offered: Bookable) -> BookingChoice:
    """The choice with what is usual for this patient where nothing was chosen, and nothing that is not offered."""
    known = {f"series:{one.id}" for one in courses if one.goes_on}
    known |= {f"protocol:{code}" for code in offered.protocols} | {f"visit:{code}" for code in offered.visit_types}
    what = choice.what if choice.what in known else _usual(courses, known)
    settled = choice.model_copy(update={"what": what})
    if settled.kind != "protocol":
        return settled
    return settled.model_copy(update=_of_protocol(settled, courses, offered.protocols[settled.code]))


def _usual(courses: Sequence[Course], known: set[str]) -> str | None:
    """To go on with the newest series that has more to book, else to do the same treatment again."""
    going_on = (f"series:{one.id}" for one in courses if one.goes_on)
    again = (f"protocol:{one.protocol}" for one in courses if f"protocol:{one.protocol}" in known)
    return next(chain(going_on, again), None)


def _of_protocol(choice: BookingChoice, courses: Sequence[Course], protocol: Protocol) -> Mapping[str, object]:
    before = next((one for one in courses if one.protocol == protocol.code), None)
    number = choice.sessions or (before.sessions if before else protocol.min_sessions)
    return {
        "sessions": min(max(number, protocol.min_sessions), protocol.max_sessions),
        "site": choice.site or (before.sites if before else ()),
        "addon": tuple(one for one in _addons(choice, before) if one in protocol.addon_minutes),
    }


def _addons(choice: BookingChoice, before: Course | None) -> tuple[str, ...]:
    """Those of last time are meant as long as the sites are not chosen: a box that is empty says nothing by itself."""
    return choice.addon if choice.site or before is None else before.addons


def addon_options(choice: BookingChoice, offered: Bookable, protocol: Protocol) -> list[Option]:
    """What this treatment may be combined with."""
    fitting = (one for one in offered.addons.values() if one.code in protocol.addon_minutes)
    labels = {one.code: words().translated(one.label) for one in fitting}
    return [Option(code, label, code in choice.addon) for code, label in labels.items()]


def what_groups(choice: BookingChoice, courses: Sequence[Course], offered: Bookable) -> list[Group]:
    """Everything that can be booked for this patient."""
    said = words().translated
    goes_on = [
        (f"series:{one.id}", say("%(what)s, %(waiting)s of %(all)s left", what=said(one.name), **_left(one)))
        for one in courses
        if one.goes_on
    ]
    protocols = [(f"protocol:{code}", said(one.name)) for code, one in offered.protocols.items()]
    visits = [(f"visit:{code}", said(one.name)) for code, one in offered.visit_types.items()]
    named = ((say("Goes on"), goes_on), (say("New series"), protocols), (say("Single visit"), visits))
    return [Group(label, _options(found, choice.what)) for label, found in named if found]


def _left(course: Course) -> Mapping[str, object]:
    return {"waiting": course.waiting, "all": course.sessions}


def _options(found: Sequence[tuple[str, str]], chosen: str | None) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in found)


def site_fields(choice: BookingChoice, offered: Bookable) -> list[tuple[Option, ...]]:
    """A list for each chosen body site, and one more for another."""
    sites = list(_tree(offered, None, 0))
    chosen = [one for one in dict.fromkeys(choice.site) if one in offered.body_sites]
    return [tuple(Option(code, label, code == one) for code, label in sites) for one in (*chosen, "")]


def _tree(offered: Bookable, parent: str | None, depth: int) -> Iterator[tuple[str, str]]:
    for site in offered.body_sites.values():
        if site.parent == parent:
            yield site.code, LEVELS * 2 * depth + words().translated(site.label)
            yield from _tree(offered, site.code, depth + 1)


def weekdays(chosen: Sequence[int]) -> list[Option]:
    """Monday to Sunday."""
    return [Option(str(number), weekday(number, "abbreviated"), number in chosen) for number in range(7)]


def pin_option(pin: str) -> Option:
    """“Session 2 on Thursday 5 March at 11:00”."""
    session, _, wall = pin.rpartition("@")
    at = datetime.fromisoformat(wall)
    values = {"day": long_day(at.date()), "time": f"{at:%H:%M}"}
    if session:
        return Option(pin, say("Session %(session)s on %(day)s at %(time)s", session=session, **values), True)
    return Option(pin, say("Only %(day)s at %(time)s", **values), True)
