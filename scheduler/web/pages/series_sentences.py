"""The sentence of a preview: what would move, what stays, or why nothing can."""

from collections.abc import Iterator

from scheduler.web.pages.series_course import Course
from scheduler.web.pages.series_moves import Moved, Preview
from scheduler.web.pages.words import clock, long_day, say


def sentence(course: Course, preview: Preview) -> str:
    """A few short sentences to read aloud."""
    if not preview.moves:
        followers = [_moves(course, one) for one in preview.followers]
        return " ".join((*preview.obstacles, *followers))
    ordered = sorted(preview.moves, key=lambda one: one.move.why.code != "requested")
    return " ".join((*(_moves(course, one) for one in ordered), *_stays(preview)))


def _moves(course: Course, one: Moved) -> str:
    zone, move = course.sheet.snapshot.series.zone, one.move
    told = {"number": move.number, "day": long_day(move.after_on), "at": clock(move.after.starts_at, zone)}
    before = course.sheet.snapshot.series.session(move.number).booking
    if before is None:
        return say("Session %(number)d takes %(day)s at %(at)s.", **told)
    if before.slot.starts_at == move.after.starts_at:
        return say("Session %(number)d keeps %(day)s at %(at)s, with other people or rooms.", **told)
    if move.why.code == "requested":
        return say("Session %(number)d moves to %(day)s at %(at)s.", **told)
    return say("Session %(number)d must move too, to %(day)s at %(at)s.", **told)


def _stays(preview: Preview) -> Iterator[str]:
    """The first session behind those that move, which does not have to."""
    last = max(preview.moved)
    for session in preview.series.sessions[last:]:
        if session.booking is not None:
            yield say("Session %(number)d stays.", number=session.number)
            return
