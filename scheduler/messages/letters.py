"""Letters to a patient: the same words as a mail's plain text and HTML, and in short as a text message.

Subject and short text say nothing clinical: they lie on lock screens. What the treatment is stands only in the letter
itself, and only where the visit names it.
"""

from collections.abc import Sequence

from scheduler.domain.contact import CalendarBy, Language
from scheduler.domain.news import NewsKind
from scheduler.messages.news import NewsItem, news_letter
from scheduler.messages.page import Entry, Letter, Page, Section, letter_of
from scheduler.messages.printable import one_line
from scheduler.messages.setting import a_link, attachments, greeting, preparation, sender_in_short, signature
from scheduler.messages.visits import Visit, is_zone_needed, place, short_day, title, when, when_in_short
from scheduler.messages.words import Words, words_of

__all__ = [
    "Letter",
    "NewsItem",
    "NewsKind",
    "Visit",
    "aftercare_letter",
    "calendar_switched_letter",
    "news_letter",
    "reminder_letter",
]


def reminder_letter(visit: Visit, *, name: str, language: Language, link: str | None = None) -> Letter:
    """One letter before a visit, with what to do before it. ``link`` leads to the patient's appointments."""
    words = words_of(language)
    time = when_in_short(visit, words, name_zone=is_zone_needed([visit]))
    page = Page(
        subject=words.say("Reminder: your appointment on %(day)s", day=short_day(visit, words)),
        greeting=greeting(name, words),
        sections=(_coming([visit], words.say("We look forward to seeing you:"), words), *preparation([visit], words)),
        link=a_link(words.say("All your appointments:"), link),
        regards=words.say("Kind regards"),
        signature=signature([visit]),
    )
    short = sender_in_short([visit]) + words.say("Reminder of your appointment: %(time)s.", time=time)
    return letter_of(page, short=short, language=language)


def aftercare_letter(
    advice: Sequence[str], *, visit: Visit, name: str, language: Language, link: str | None = None
) -> Letter:
    """What helps after a visit. The short text only says that there is advice: advice itself is clinical."""
    words = words_of(language)
    day = short_day(visit, words)
    page = Page(
        subject=words.say("After your appointment on %(day)s", day=day),
        greeting=greeting(name, words),
        sections=(_advice(advice, day, words), Section(_warning(words))),
        link=a_link(words.say("All your appointments:"), link),
        regards=words.say("Kind regards"),
        signature=signature([visit]),
    )
    short = sender_in_short([visit]) + _aftercare_in_short(day, link, words)
    return letter_of(page, short=short, language=language)


def calendar_switched_letter(
    visits: Sequence[Visit],
    *,
    calendar_by: CalendarBy,
    name: str,
    language: Language,
    link: str | None = None,
    attached: int = 0,
) -> Letter:
    """The visits stand, and reach the patient's calendar in another way from now on.

    ``link`` is that of the feed, ``attached`` how many calendar files the mail carries. Raises ``ValueError`` without
    visits, for then there is nothing to say.
    """
    if not visits:
        raise ValueError("a letter needs visits")
    words = words_of(language)
    ordered = sorted(visits, key=lambda visit: visit.starts_at)
    page = Page(
        subject=words.say("Your appointments in your calendar"),
        greeting=greeting(name, words),
        sections=(
            _coming(ordered, words.say("Your appointments stand as they are:"), words),
            Section(_way(calendar_by, words)),
            *preparation(ordered, words),
            *attachments(attached, words),
        ),
        link=a_link(words.say("All your appointments:"), link),
        regards=words.say("Kind regards"),
        signature=signature(ordered),
    )
    short = sender_in_short(ordered) + _way_in_short(calendar_by, link, words)
    return letter_of(page, short=short, language=language)


def _coming(visits: Sequence[Visit], sentence: str, words: Words) -> Section:
    name_zone = is_zone_needed(visits)
    entries = (Entry(title(visit, words), (when(visit, words, name_zone=name_zone), place(visit))) for visit in visits)
    return Section(sentence, tuple(entries))


def _advice(advice: Sequence[str], day: str, words: Words) -> Section:
    sentence = words.say("This helps after your appointment on %(day)s:", day=day)
    return Section(sentence, tuple(Entry(one_line(words.translated(text))) for text in advice))


def _warning(words: Words) -> str:
    return words.say("Strong pain, redness that does not fade or signs of an infection: call us or a doctor at once.")


def _aftercare_in_short(day: str, link: str | None, words: Words) -> str:
    if link:
        return words.say("Advice after your appointment on %(day)s: %(link)s", day=day, link=link)
    return words.say("We have advice for you after your appointment on %(day)s. Please call us.", day=day)


def _way(calendar_by: CalendarBy, words: Words) -> str:
    if calendar_by is CalendarBy.FEED:
        return words.say(
            "From now on your calendar takes them from your personal link. Invitations by e-mail have ended."
        )
    return words.say(
        "From now on they reach your calendar as invitations by e-mail. "
        "The link in your calendar shows none any more; you may remove it."
    )


def _way_in_short(calendar_by: CalendarBy, link: str | None, words: Words) -> str:
    if calendar_by is CalendarBy.INVITATIONS:
        return words.say("Your appointments stand and now come to your calendar by e-mail.")
    said = words.say("Your appointments stand and now come to your calendar by your link.")
    return f"{said} {link}" if link else said
