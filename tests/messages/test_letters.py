"""Letters as people read them. What they say in full stands in the golden files, to be read and compared."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.contact import CalendarBy, Language
from scheduler.messages.letters import NewsItem, NewsKind, calendar_switched_letter, news_letter
from tests.messages.letters import FIRST, LATER, SECOND, THIRD, all_letters, as_page
from tests.messages.samples import QUAY, SESSION, a_visit, booked, cancelled, moved

GOLDEN = Path(__file__).parent / "golden"
ENGLISH, GERMAN = Language
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


@pytest.mark.parametrize("language", Language)
def test_every_letter_reads_like_its_golden_file(language: Language) -> None:
    assert as_page(language) == (GOLDEN / f"letters.{language}.txt").read_text()


@pytest.mark.parametrize("language", Language)
def test_subject_and_short_text_name_nothing_clinical(language: Language) -> None:
    clinical = re.compile("microneedling|session|sitzung|make-up|compress|kompresse|skin|haut", re.IGNORECASE)
    told = [text for letter in all_letters(language).values() for text in (letter.subject, letter.short)]
    assert [text for text in told if clinical.search(text)] == []


@pytest.mark.parametrize("language", Language)
def test_a_discreet_letter_says_appointment_and_the_clinic_and_no_treatment(language: Language) -> None:
    discreet = replace(SESSION, treatment=None)
    letter = news_letter([booked(discreet)], name="Anna Berg", language=language)
    assert letter == news_letter([booked(QUAY)], name="Anna Berg", language=language)
    word = {ENGLISH: "Appointment", GERMAN: "Termin"}[language]
    assert f"- {word}\n" in letter.plain
    assert "Harbour Clinic" in letter.plain


def test_three_moves_are_one_letter_in_the_order_of_time() -> None:
    items = [moved(before, after) for before, after in zip((FIRST, SECOND, THIRD), LATER, strict=True)]
    letter = news_letter(items, name="Anna", language=ENGLISH)
    assert letter == news_letter(items[::-1], name="Anna", language=ENGLISH)
    assert re.findall(r"now: \w+, (\d+ \w+)", letter.plain) == ["5 March", "9 April", "14 May"]


def test_a_letter_without_news_or_visits_is_refused() -> None:
    with pytest.raises(ValueError, match="a letter needs news"):
        news_letter([], name="Anna", language=ENGLISH)
    with pytest.raises(ValueError, match="a letter needs visits"):
        calendar_switched_letter([], calendar_by=CalendarBy.FEED, name="Anna", language=ENGLISH)


def test_a_move_from_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="a move needs the visit as it was before"):
        NewsItem(NewsKind.MOVED, QUAY)


def test_the_time_is_that_of_the_clinic_on_both_sides_of_a_clock_change() -> None:
    days = [datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in (28, 29)]
    letter = news_letter([booked(a_visit(day)) for day in days], name="Anna", language=ENGLISH)
    assert re.findall(r"(\d+ March 2026, .*)", letter.plain) == [
        "28 March 2026, 09:30 to 10:15",
        "29 March 2026, 10:30 to 11:15",
    ]


def test_an_hour_that_the_clocks_show_twice_names_its_zone() -> None:
    hours = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    said = [news_letter([booked(a_visit(hour))], name="Anna", language=ENGLISH) for hour in hours]
    assert [re.findall(r"2026, (.*)", letter.plain) for letter in said] == [
        ["01:30 to 01:15 (British Summer Time)"],
        ["01:30 to 02:15 (Greenwich Mean Time)"],
    ]
    assert [letter.short.rpartition("Oct ")[2] for letter in said] == [
        "01:30 (British Summer Time).",
        "01:30 (Greenwich Mean Time).",
    ]


def test_a_clinic_whose_address_alone_has_changed_is_told_apart_in_short() -> None:
    letter = news_letter([moved(QUAY, replace(QUAY, address="9 Pier, London"))], name="Anna", language=ENGLISH)
    assert letter.short.endswith("Tue 3 Mar 09:30 (9 Pier, London), not Tue 3 Mar 09:30 (1 Quay Street, London).")


def test_several_calendar_files_are_announced_and_one_is_not() -> None:
    plain = [news_letter([booked(QUAY)], name="A", language=ENGLISH, attached=number).plain for number in (0, 1, 2)]
    assert ["calendar files are attached" in text for text in plain] == [False, False, True]


@pytest.mark.parametrize("language", Language)
def test_a_text_message_of_any_day_fits_the_cheap_alphabet_and_one_message(language: Language) -> None:
    for days in range(366):
        visit = a_visit(QUAY.starts_at + timedelta(days=days))
        for items in ([booked(visit)], [cancelled(visit)], [moved(QUAY, visit)]):
            short = news_letter(items, name="Анна", language=language).short
            assert set(short) - GSM_7 == set()
            assert len(short) <= 160


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)), st.sampled_from(Language))
def test_a_letter_names_the_day_of_the_clinic_and_not_of_the_server(at: datetime, language: Language) -> None:
    visit = a_visit(at.replace(tzinfo=UTC, second=0, microsecond=0), zone="Pacific/Chatham")
    letter = news_letter([booked(visit)], name="Anna", language=language)
    local = visit.starts_at + timedelta(hours=12, minutes=45)
    days = {f"{day.day}{'.' if language is GERMAN else ''} " for day in (local, local + timedelta(hours=1))}
    assert any(day in letter.subject for day in days)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (Language.ENGLISH, "Your appointment on Tue 3 Mar is at another place"),
        (Language.GERMAN, "Ihr Termin am Di 3. März ist an einem anderen Ort"),
    ],
)
def test_a_visit_that_keeps_its_time_is_not_said_to_have_moved_to_another_day(language: Language, subject: str) -> None:
    news = [moved(a_visit(), a_visit(address="2 Mill Lane, London"))]
    assert news_letter(news, name="Anna Berg", language=language).subject == subject
