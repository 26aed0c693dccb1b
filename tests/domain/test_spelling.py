"""How text from people must be written."""

from datetime import UTC, date, datetime

import pytest

from scheduler.domain.spelling import EMAIL, PHONE, Spelling, clean, in_range, in_utc, read_day, read_instant, unwanted

CONTROL = "must not contain control characters"


def refusal(work: object, *given: object, **more: object) -> str:
    with pytest.raises(ValueError) as refused:
        work(*given, **more)
    return str(refused.value)


def test_text_is_trimmed_and_composed() -> None:
    assert clean("  Zoe\u0308 ") == "Zo\u00eb"


def test_lines_are_kept_where_they_are_allowed() -> None:
    assert clean("one\r\ntwo\n", lines=True) == "one\ntwo"


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\n"])
def test_a_line_break_is_refused_elsewhere(text: str) -> None:
    assert refusal(clean, text) == f"{CONTROL} or line breaks"


@pytest.mark.parametrize("sign", "\0\t\r\x1f\x7f\x85\x9f\u2028\u202e\u2066\u2069")
def test_what_cannot_be_seen_is_refused(sign: str) -> None:
    assert refusal(clean, f"a{sign}", lines=True) == CONTROL
    assert refusal(clean, f"a{sign}") == f"{CONTROL} or line breaks"


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_empty_text_is_refused(text: str) -> None:
    assert refusal(clean, text) == "must not be empty"


def test_only_a_line_break_makes_the_difference() -> None:
    assert unwanted(lines=False) == unwanted(lines=True) + r"\u000a"


def test_a_spelling_has_a_longest_text() -> None:
    three = Spelling("a*", "must be three letters a at most", 3)
    assert (three.check("aaa"), refusal(three.check, "aaaa")) == ("aaa", "must be three letters a at most")


@pytest.mark.parametrize(
    ("spelling", "good", "bad", "why"),
    [
        (PHONE, "+44 (0)20 7946-0958", "12 34", "must be a phone number of 5 to 15 digits"),
        (PHONE, "12345", "1234567890123456", "must be a phone number of 5 to 15 digits"),
        (PHONE, "1" + "-" * 35 + "2345", "1" + "-" * 36 + "2345", "must be a phone number of 5 to 15 digits"),
        (EMAIL, "li@clinic.example", "li@clinic", "must be an e-mail address such as name@clinic.example"),
    ],
)
def test_contacts_have_a_spelling(spelling: Spelling, good: str, bad: str, why: str) -> None:
    assert (spelling.check(good), refusal(spelling.check, bad)) == (good, why)


def test_a_date_is_read() -> None:
    assert read_day("2026-03-05") == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["20260305", "2026-W10-4", "5.3.2026", "2026-03-05 ", "２026-03-05"])
def test_another_spelling_of_a_date_is_refused(text: str) -> None:
    assert refusal(read_day, text) == "must be a date such as 2026-03-05"


@pytest.mark.parametrize(("year", "good"), [(1899, False), (1900, True), (2200, True), (2201, False)])
def test_years_have_limits(year: int, good: bool) -> None:
    on, instant = date(year, 6, 1), datetime(year, 6, 1, tzinfo=UTC)
    if good:
        assert (in_range(on), read_day(on.isoformat()), in_utc(instant)) == (on, on, instant)
    else:
        why = "must lie between the years 1900 and 2200"
        assert {refusal(in_range, on), refusal(read_day, on.isoformat()), refusal(in_utc, instant)} == {why}


def test_an_instant_is_read_with_its_offset() -> None:
    read = read_instant("2026-03-05t11:00:00.5+01:00")
    assert (read.isoformat(), in_utc(read)) == (
        "2026-03-05T11:00:00.500000+01:00",
        datetime(2026, 3, 5, 10, 0, 0, 500_000, UTC),
    )
    assert in_utc(read).tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-03-05T11:00:00", "2026-03-05 11:00:00Z", "2026-03-05T11:00Z"])
def test_an_instant_without_offset_or_seconds_is_refused(text: str) -> None:
    assert refusal(read_instant, text) == "must be a time with its offset, such as 2026-03-05T11:00:00+01:00"


def test_a_leap_second_is_refused() -> None:
    assert refusal(read_instant, "2016-12-31T23:59:60Z") == "must not name a leap second"
