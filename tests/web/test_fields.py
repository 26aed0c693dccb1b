"""Each type of field takes one spelling and refuses the others."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from scheduler.web.api.fields import Code, Day, Email, Flag, Id, Instant, Name, Phone, Prose, Text
from scheduler.web.api.registry import Query


def taken(kind: Any, value: str) -> Any:
    """The value as a query, a path and a body read it, which is the same."""
    as_text = TypeAdapter(kind).validate_strings(value)
    assert TypeAdapter(kind).validate_python(value, strict=True) == as_text
    return as_text


def refused(kind: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value, strict=True)
    return caught.value.errors()[0]["msg"].removeprefix("Value error, ")


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("2026-03-05T11:00:00Z", datetime(2026, 3, 5, 11, tzinfo=UTC)),
        ("2026-03-05T11:00:00+01:00", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("2026-03-05t11:00:00z", datetime(2026, 3, 5, 11, tzinfo=UTC)),
        ("2026-03-05T11:00:00-00:00", datetime(2026, 3, 5, 11, tzinfo=UTC)),
        ("2026-03-05T00:30:00+01:00", datetime(2026, 3, 4, 23, 30, tzinfo=UTC)),
        ("2026-03-05T11:00:00.5Z", datetime(2026, 3, 5, 11, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-05T11:00:00.123456789Z", datetime(2026, 3, 5, 11, 0, 0, 123_456, tzinfo=UTC)),
        ("2024-02-29T23:59:59+14:00", datetime(2024, 2, 29, 9, 59, 59, tzinfo=UTC)),
        ("1900-01-01T00:00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2200-12-31T23:59:59Z", datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_has_an_offset_and_is_kept_in_utc(spelled: str, meant: datetime) -> None:
    instant = taken(Instant, spelled)
    assert (instant, instant.tzinfo) == (meant, UTC)


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-03-05T11:00:00",
        "2026-03-05 11:00:00Z",
        "2026-03-05T11:00Z",
        "2026-03-05T11:00:00+0100",
        "2026-03-05T11:00:00+01",
        "2026-03-05T11:00:00+01:00:00",
        "2026-03-05T11:00:00+01:00[Europe/Berlin]",
        "2026-03-05",
        "20260305T110000Z",
        "2026-W10-4T11:00:00Z",
        "2026-03-05T11:00:00,5Z",
        "２０２６-03-05T11:00:00Z",
        " 2026-03-05T11:00:00Z",
        "2026-03-05T11:00:00Z\n",
        "1772704800",
        "now",
        "",
    ],
)
def test_an_instant_in_another_spelling_is_refused(spelled: str) -> None:
    assert refused(Instant, spelled) == "must be a time with its offset, such as 2026-03-05T11:00:00+01:00"


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-03-05T24:00:00Z",
        "2026-03-05T11:60:00Z",
        "2026-02-29T11:00:00Z",
        "2026-13-05T11:00:00Z",
        "2026-03-05T11:00:00+24:00",
        "0000-03-05T11:00:00Z",
        "2026-03-05T23:59:60Z",
        "1899-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_an_instant_that_does_not_exist_or_lies_too_far_is_refused(spelled: str) -> None:
    assert refused(Instant, spelled)


@pytest.mark.parametrize("value", [0, 1772704800, 1.5, True, None, ["2026-03-05T11:00:00Z"], {}])
def test_an_instant_is_text(value: Any) -> None:
    assert refused(Instant, value)
    assert refused(Day, value)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [("2024-02-29", date(2024, 2, 29)), ("1900-01-01", date(1900, 1, 1)), ("2200-12-31", date(2200, 12, 31))],
)
def test_a_day_is_an_iso_date(spelled: str, meant: date) -> None:
    assert taken(Day, spelled) == meant


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-3-5",
        "05.03.2026",
        "20260305",
        "2026-W10-4",
        "2026-03-05T00:00:00Z",
        "2026-02-29",
        "2026-00-01",
        "1899-12-31",
        "2201-01-01",
        "9999-12-31",
        "today",
        "",
    ],
)
def test_a_day_in_another_spelling_or_too_far_is_refused(spelled: str) -> None:
    assert refused(Day, spelled)


@pytest.mark.parametrize("spelled", ["01a20c24-3c59-7feb-bbee-89152cd2a733", "01A20C24-3C59-7FEB-BBEE-89152CD2A733"])
def test_an_identifier_has_its_hyphens(spelled: str) -> None:
    assert taken(Id, spelled) == UUID("01a20c24-3c59-7feb-bbee-89152cd2a733")


@pytest.mark.parametrize(
    "spelled",
    [
        "01a20c243c597febbbee89152cd2a733",
        "urn:uuid:01a20c24-3c59-7feb-bbee-89152cd2a733",
        "{01a20c24-3c59-7feb-bbee-89152cd2a733}",
        "01a20c24-3c59-7feb-bbee-89152cd2a733 ",
        "7",
        "",
    ],
)
def test_an_identifier_in_another_spelling_is_refused(spelled: str) -> None:
    assert refused(Id, spelled) == "must be an identifier (a UUID with its hyphens)"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Zoë", "Zoë"),
        ("  Zoë\u3000", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ('O\'Brien "<b>" {{7*7}} ${x} %s \\', 'O\'Brien "<b>" {{7*7}} ${x} %s \\'),
        ("محمد كهن משה", "محمد كهن משה"),
        ("\u200eZoë", "\u200eZoë"),
        ("👩‍👧", "👩‍👧"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_trimmed_composed_and_else_kept(given: str, kept: str) -> None:
    assert taken(Name, given) == kept


@pytest.mark.parametrize("number", [*range(32), 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069])
def test_text_has_no_control_characters(number: int) -> None:
    assert refused(Name, f"Zo{chr(number)}ë") == "must not contain control characters or line breaks"


def test_text_has_no_half_characters() -> None:
    assert refused(Name, "Zo\ud800ë")


@pytest.mark.parametrize("blank", [" ", "\u3000\u00a0", "\u2003"])
def test_text_is_not_blank(blank: str) -> None:
    assert refused(Name, blank) == "must not be empty"


def test_text_has_a_longest_length() -> None:
    assert taken(Annotated[str, Text(3)], "😀😀😀") == "😀😀😀"
    assert refused(Annotated[str, Text(3)], "😀" * 4)
    assert refused(Name, "😀" * 10_000)


def test_prose_may_have_lines_which_are_kept_alike() -> None:
    assert taken(Prose, " one\r\ntwo\nthree ") == "one\ntwo\nthree"
    assert refused(Prose, "one\rtwo") == "must not contain control characters"
    assert refused(Prose, "one\ttwo") == "must not contain control characters"


@pytest.mark.parametrize("spelled", ["+44 (0)20 7946-0958", "03012", "0301234567/12", "1.2.3.4.5"])
def test_a_phone_number_is_kept_as_it_was_written(spelled: str) -> None:
    assert taken(Phone, spelled) == spelled


@pytest.mark.parametrize(
    "spelled", ["", "1234", "12 34", "+", "abc", "0301234 ext 5", "٠٣٠١٢٣٤", "1" * 16, "++4930123", "0301234\n"]
)
def test_anything_else_is_no_phone_number(spelled: str) -> None:
    assert refused(Phone, spelled)


@pytest.mark.parametrize("spelled", ["a@b.de", "zoe.o+x@sub.clinic.example"])
def test_an_e_mail_address_has_a_name_and_a_domain(spelled: str) -> None:
    assert taken(Email, spelled) == spelled


@pytest.mark.parametrize(
    "spelled", ["", "a", "a@b", "@b.de", "a@b.de, c@d.de", "a b@c.de", "a@b..de", "a@b.de\n", "ä@b.de"]
)
def test_anything_else_is_no_e_mail_address(spelled: str) -> None:
    assert refused(Email, spelled)


@pytest.mark.parametrize("spelled", ["Face", "a b", "-a", "a--b", "", "a/b"])
def test_a_code_has_small_letters_digits_and_dashes(spelled: str) -> None:
    assert taken(Code, "cold-sore_2") == "cold-sore_2"
    assert refused(Code, spelled)


@pytest.mark.parametrize("spelled", ["", "+5", "05", "5.0", "1_0", " 5", "five", "1e3", "٥", "9999999999"])
def test_a_number_in_a_query_is_spelled_plainly(spelled: str) -> None:
    class Numbers(Query):
        number: Annotated[int, Field(ge=-5)] | None = None

    kept = [Numbers.model_validate_strings({"number": number}).number for number in ("30", "0", "-5")]
    assert kept == [30, 0, -5]
    with pytest.raises(ValidationError, match="must be a whole number"):
        Numbers.model_validate_strings({"number": spelled})


@pytest.mark.parametrize("spelled", ["", "1", "True", "yes", "on"])
def test_a_flag_in_a_query_is_true_or_false(spelled: str) -> None:
    assert (taken(Flag, "true"), taken(Flag, "false")) == (True, False)
    assert refused(Flag, spelled) == "must be true or false"


def test_an_instant_that_is_one_already_is_kept() -> None:
    local = datetime(2026, 3, 5, 11, tzinfo=timezone(timedelta(hours=1)))
    assert TypeAdapter(Instant).validate_python(local) == datetime(2026, 3, 5, 10, tzinfo=UTC)
