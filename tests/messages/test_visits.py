"""A visit in words, and the little things around a letter."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.contact import CalendarBy, Language
from scheduler.messages.letters import calendar_switched_letter, news_letter, reminder_letter
from scheduler.messages.printable import one_line, shortened
from scheduler.messages.visits import advice_until, place, session_line, title, when, when_in_short
from scheduler.messages.words import words_of
from tests.calendars.samples import HOSTILE_NAMES
from tests.messages.samples import QUAY, SESSION, a_visit, booked

ENGLISH, GERMAN = (words_of(language) for language in Language)


@pytest.mark.parametrize(
    ("changes", "english", "german"),
    [
        ({}, "Microneedling, rejuvenation, session 2 of 4", "Microneedling zur Hautverjüngung, Sitzung 2 von 4"),
        ({"sessions": None}, "Microneedling, rejuvenation, session 2", "Microneedling zur Hautverjüngung, Sitzung 2"),
        ({"session": None}, "Microneedling, rejuvenation", "Microneedling zur Hautverjüngung"),
        ({"treatment": "50 % Glow"}, "50 % Glow, session 2 of 4", "50 % Glow, Sitzung 2 von 4"),
        ({"treatment": None}, "Appointment", "Termin"),
    ],
)
def test_a_visit_says_no_more_than_it_may(changes: dict[str, object], english: str, german: str) -> None:
    visit = replace(SESSION, **changes)
    assert (title(visit, ENGLISH), title(visit, GERMAN)) == (english, german)


def test_a_calendar_says_which_session_it_is() -> None:
    numbers = [(2, 4), (2, None), (None, None)]
    assert [session_line(*pair, ENGLISH) for pair in numbers] == ["Session 2 of 4", "Session 2", ""]
    assert [session_line(*pair, GERMAN) for pair in numbers] == ["Sitzung 2 von 4", "Sitzung 2", ""]


def test_days_and_hours_are_in_words_of_the_language() -> None:
    visit = a_visit(datetime(2026, 12, 31, 22, 45, tzinfo=UTC), zone="Europe/Berlin")
    assert [when(visit, words) for words in (ENGLISH, GERMAN)] == [
        "Thursday, 31 December 2026, 23:45 to 00:30",
        "Donnerstag, 31. Dezember 2026, 23:45 bis 00:30 Uhr",
    ]
    assert [when_in_short(visit, words, name_zone=True) for words in (ENGLISH, GERMAN)] == [
        "Thu 31 Dec 23:45 (Central European Standard Time)",
        "Do 31. Dez. 23:45 (Mitteleuropäische Normalzeit)",
    ]


def test_advice_says_until_which_day_of_the_clinic_it_holds() -> None:
    end = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert advice_until("Leave make-up off.", end, "Europe/London", ENGLISH) == (
        "Leave make-up off. Until Wednesday, 4 March 2026."
    )
    assert advice_until("Leave make-up off.", end, "Europe/Berlin", GERMAN) == (
        "Verzichten Sie auf Make-up. Bis Donnerstag, 5. März 2026."
    )


def test_preparation_is_translated_and_what_a_clinic_wrote_stays() -> None:
    visit = replace(SESSION, preparation=("Leave make-up off.", "Bring 50 % of the form."))
    letter = reminder_letter(visit, name="Anna", language=Language.GERMAN)
    assert "- Verzichten Sie auf Make-up.\n- Bring 50 % of the form.\n" in letter.plain


def test_a_clinic_without_an_address_or_a_phone_leaves_no_gap() -> None:
    visit = replace(QUAY, address="", phone=" ")
    letter = news_letter([booked(visit)], name="Anna", language=Language.ENGLISH)
    assert place(visit) == "Harbour Clinic"
    assert letter.plain.endswith("Kind regards\n\nHarbour Clinic\n")
    assert letter.short == "Harbour Clinic: Appointment: Tue 3 Mar 09:30."


def test_who_has_no_name_is_greeted_too_and_a_name_of_many_pages_is_cut() -> None:
    firsts = [
        news_letter([booked(QUAY)], name=name, language=Language.ENGLISH).plain.splitlines()[0]
        for name in ("", " \x00\u202e", "x" * 81, "🙂" * 10_000)
    ]
    assert firsts == ["Hello,", "Hello,", f"Dear {'x' * 79}…,", f"Dear {'🙂' * 79}…,"]


def test_a_switch_to_the_link_says_so_without_one_too() -> None:
    letter = calendar_switched_letter(
        [QUAY], calendar_by=CalendarBy.FEED, name="Anna", language=Language.ENGLISH, attached=1
    )
    assert letter.short.endswith("Your appointments stand and now come to your calendar by your link.")
    assert "http" not in letter.plain


@given(st.one_of(st.sampled_from(HOSTILE_NAMES), st.text()))
def test_a_line_is_one_line_of_what_can_be_read(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert line == line.strip() == one_line(line)
    assert set(line) & set("\x00\x1b\x7f\x9f\u202e\u2066\u200f\ud800") == set()


def test_names_of_every_script_and_joined_emoji_stay_as_they_are() -> None:
    for name in ("łódź Ελένη Наталія مريم שרה 王小明 さくら กานดา", "👩🏽\u200d⚕️", "می\u200cخواهم"):
        assert one_line(name) == name


def test_a_text_is_shortened_only_where_it_is_too_long() -> None:
    assert [shortened(text, 5) for text in ("Anna", "Annaa", "Annaab", "Ann  abcd")] == [
        "Anna",
        "Annaa",
        "Anna…",
        "Ann…",
    ]
