"""Calendar files as other programs write them, for the tests of reading, and short ways to say what came of them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from scheduler.calendars.busy import BusyReport, read_busy

LONDON = "Europe/London"
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def event(*lines: str, uid: str = "a@example.org") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Private", *lines, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Elsewhere//EN", *parts, "END:VCALENDAR", ""])
    return text.replace("\n", "\r\n").encode()


def reading(*parts: str, zone: str = LONDON, horizon: tuple[datetime, datetime] = YEAR) -> BusyReport:
    """What comes of a calendar with these parts, for the year 2026 at a clinic in London."""
    return read_busy(calendar(*parts), zone=zone, horizon=horizon)


def busy(*parts: str, zone: str = LONDON) -> list[str]:
    """The stretches in UTC, and proof that nothing was refused or skipped."""
    report = reading(*parts, zone=zone)
    assert (report.skipped, report.refused) == ((), ())
    return stretches(report)


def stretches(report: BusyReport) -> list[str]:
    return [f"{stretch.starts_at:%m-%d %H:%M} – {stretch.ends_at:%m-%d %H:%M}" for stretch in report.busy]


def starts(*parts: str, zone: str = LONDON) -> list[str]:
    return [stretch.split(" – ")[0] for stretch in busy(*parts, zone=zone)]


def reasons(notes: Iterable[object]) -> list[str]:
    return [f"{note.number} {note.reason}" for note in notes]
