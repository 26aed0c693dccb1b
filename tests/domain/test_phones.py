"""One number written in many ways is one number."""

import pytest

from scheduler.domain.phones import digits_to_find, national_digits


@pytest.mark.parametrize(
    "phone",
    ["+44 20 7946 0958", "+44 (0)20 7946 0958", "0044 20-7946-0958", "(020) 7946.0958", " +442079460958"],
)
def test_spellings_of_a_london_number_have_the_same_digits(phone: str) -> None:
    assert national_digits(phone) == "2079460958"


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("+1 (555) 123-4567", "5551234567"),
        ("(+1) 555 123 4567", "5551234567"),
        ("+7 495 123-45-67", "4951234567"),
        ("+353 1 234 5678", "12345678"),
        ("+49 30 1234", "301234"),
        ("+39 06 1234567", "61234567"),
        ("+358 9 123456", "9123456"),
        ("+420 601 123 456", "601123456"),
        ("+81 3-1234-5678", "312345678"),
        ("+90 212 123 45 67", "2121234567"),
        ("+971 50 123 4567", "501234567"),
        ("07700 900123", "7700900123"),
        ("0044 (0)20 7946 0958", "2079460958"),
        ("000", ""),
        ("", ""),
    ],
)
def test_country_code_and_leading_zeros_are_left_out(phone: str, digits: str) -> None:
    assert national_digits(phone) == digits


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("7946", {"7946"}),
        ("07946", {"7946"}),
        ("+44 7946", {"7946"}),
        ("1234567890", {"1234567890"}),
        ("447946123456", {"447946123456", "7946123456"}),
        ("15551234567", {"15551234567", "5551234567"}),
        ("353012345678", {"353012345678", "12345678"}),
        ("0", set()),
        ("", set()),
    ],
)
def test_what_was_typed_is_looked_for_with_and_without_a_country(typed: str, found: set[str]) -> None:
    assert digits_to_find(typed) == found
