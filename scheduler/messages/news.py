"""News of appointments in one letter: what was booked, moved and cancelled since the patient was last told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.domain.contact import Language
from scheduler.domain.news import NewsKind
from scheduler.messages.page import Entry, Letter, Page, Section, letter_of
from scheduler.messages.setting import a_link, attachments, greeting, preparation, sender_in_short, signature
from scheduler.messages.visits import Visit, is_zone_needed, place, short_day, tells_apart, title, when, when_in_short
from scheduler.messages.words import Words, words_of

KINDS = (NewsKind.BOOKED, NewsKind.MOVED, NewsKind.CANCELLED)


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One appointment that is news: as it stands, or as the patient knows it where it is cancelled.

    ``before`` is what the patient was told before a move.
    """

    kind: NewsKind
    visit: Visit
    before: Visit | None = None

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for a move from nowhere."""
        if self.kind is NewsKind.MOVED and self.before is None:
            raise ValueError("a move needs the visit as it was before")


def news_letter(
    items: Sequence[NewsItem], *, name: str, language: Language, link: str | None = None, attached: int = 0
) -> Letter:
    """All news of one patient in one letter, by kind and then by time. ``link`` leads to the patient's appointments.

    ``attached`` is the number of invitations that go with it. Raises ``ValueError`` when there is no news.
    """
    if not items:
        raise ValueError("a letter needs news")
    words = words_of(language)
    ordered = sorted(items, key=lambda item: (KINDS.index(item.kind), item.visit.starts_at))
    page = Page(
        subject=_subject(ordered, words),
        greeting=greeting(name, words),
        sections=(*_sections(ordered, words), *_preparation(ordered, words), *attachments(attached, words)),
        link=a_link(words.say("All your appointments:"), link),
        regards=words.say("Kind regards"),
        signature=signature(item.visit for item in ordered),
    )
    return letter_of(page, short=_short(ordered, words), language=language)


def _subject(items: Sequence[NewsItem], words: Words) -> str:
    kinds = {item.kind for item in items}
    if len(kinds) > 1:
        return words.say("Changes to your appointments")
    if all(map(_is_only_elsewhere, items)):
        return words.counted(
            "Your appointment on %(day)s is at another place",
            "%(number)d of your appointments are at another place",
            len(items),
            day=short_day(items[0].visit, words),
        )
    return _subject_of(kinds.pop(), len(items), items[0].visit, words)


def _is_only_elsewhere(item: NewsItem) -> bool:
    """Whether a visit keeps its time and has another place."""
    before, now = item.before, item.visit
    return before is not None and before.starts_at == now.starts_at and place(before) != place(now)


def _subject_of(kind: NewsKind, number: int, first: Visit, words: Words) -> str:
    day = short_day(first, words)
    match kind:
        case NewsKind.BOOKED:
            return words.counted("Your appointment on %(day)s", "Your %(number)d appointments", number, day=day)
        case NewsKind.MOVED:
            return words.counted(
                "Your appointment has moved to %(day)s",
                "%(number)d of your appointments have moved",
                number,
                day=when_in_short(first, words),
            )
        case NewsKind.CANCELLED:
            return words.counted(
                "Your appointment on %(day)s is cancelled",
                "%(number)d of your appointments are cancelled",
                number,
                day=day,
            )


def _sections(items: Sequence[NewsItem], words: Words) -> Iterator[Section]:
    name_zone, name_place = is_zone_needed(_all_visits(items)), len({place(visit) for visit in _all_visits(items)}) > 1
    for kind in KINDS:
        found = [item for item in items if item.kind is kind]
        if found:
            entries = (_entry(item, words, name_zone=name_zone, name_place=name_place) for item in found)
            yield Section(_sentence(kind, len(found), words), tuple(entries))


def _preparation(items: Iterable[NewsItem], words: Words) -> tuple[Section, ...]:
    return preparation((item.visit for item in items if item.kind is not NewsKind.CANCELLED), words)


def _sentence(kind: NewsKind, number: int, words: Words) -> str:
    match kind:
        case NewsKind.BOOKED:
            return words.counted(
                "This appointment is booked for you:", "These %(number)d appointments are booked for you:", number
            )
        case NewsKind.MOVED:
            return words.counted("This appointment has moved:", "These %(number)d appointments have moved:", number)
        case NewsKind.CANCELLED:
            return words.counted(
                "This appointment is cancelled:", "These %(number)d appointments are cancelled:", number
            )


def _entry(item: NewsItem, words: Words, *, name_zone: bool, name_place: bool) -> Entry:
    def said(visit: Visit) -> str:
        time = when(visit, words, name_zone=name_zone)
        return f"{time}, {place(visit)}" if name_place else time

    if item.kind is not NewsKind.MOVED or item.before is None:
        return Entry(title(item.visit, words), (said(item.visit),))
    lines = (words.say("now: %(when)s", when=said(item.visit)), words.say("before: %(when)s", when=said(item.before)))
    return Entry(title(item.visit, words), lines)


def _short(items: Sequence[NewsItem], words: Words) -> str:
    visits = _all_visits(items)
    name_zone, where = is_zone_needed(visits), tells_apart(visits)

    def said(visit: Visit) -> str:
        return when_in_short(visit, words, name_zone=name_zone) + where(visit)

    parts = []
    for kind in KINDS:
        found = [_in_short(item, said, words) for item in items if item.kind is kind]
        if found:
            parts.append(_short_of(kind, len(found), "; ".join(found), words))
    return sender_in_short(item.visit for item in items) + " ".join(parts)


def _short_of(kind: NewsKind, number: int, times: str, words: Words) -> str:
    match kind:
        case NewsKind.BOOKED:
            return words.counted("Appointment: %(times)s.", "Appointments: %(times)s.", number, times=times)
        case NewsKind.MOVED:
            return words.counted("Appointment moved: %(times)s.", "Appointments moved: %(times)s.", number, times=times)
        case NewsKind.CANCELLED:
            return words.counted(
                "Appointment cancelled: %(times)s.", "Appointments cancelled: %(times)s.", number, times=times
            )


def _in_short(item: NewsItem, said: Callable[[Visit], str], words: Words) -> str:
    if item.kind is not NewsKind.MOVED or item.before is None:
        return said(item.visit)
    return words.say("%(now)s, not %(before)s", now=said(item.visit), before=said(item.before))


def _all_visits(items: Iterable[NewsItem]) -> list[Visit]:
    moved_from = [item.before for item in items if item.kind is NewsKind.MOVED and item.before]
    return [*(item.visit for item in items), *moved_from]
