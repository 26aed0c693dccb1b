"""Phone numbers as they are looked for: the digits that stay the same however a number is written."""

import re

_ONE_DIGIT = ("1", "7")
_TWO_DIGITS = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
"""Country codes (ITU-T E.164); all others have three digits."""

LONGEST_WITHOUT_COUNTRY = 10
"""Digits beyond this may begin with a country code although nothing says so."""


def national_digits(phone: str) -> str:
    """The digits without country code and leading zeros: +44 (0)20 7946 0958 and 020 7946 0958 are 2079460958."""
    digits = re.sub(r"\D", "", phone)
    if phone.lstrip(" (").startswith("+"):
        return _after_country(digits).lstrip("0")
    if digits.startswith("00"):
        return _after_country(digits[2:]).lstrip("0")
    return digits.lstrip("0")


def digits_to_find(typed: str) -> frozenset[str]:
    """The runs of digits of which a stored number must contain one; empty when nothing but zeros was typed.

    A long number without a plus sign may have its country code or not.
    """
    national = national_digits(typed)
    long = len(national) > LONGEST_WITHOUT_COUNTRY
    found = {national, _after_country(national).lstrip("0")} if long else {national}
    return frozenset(found - {""})


def _after_country(digits: str) -> str:
    if digits.startswith(_ONE_DIGIT):
        return digits[1:]
    return digits[2:] if _TWO_DIGITS.match(digits) else digits[3:]
