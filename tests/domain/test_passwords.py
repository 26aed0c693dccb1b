"""Which passwords, PINs and log-in names are taken."""

import pytest

from scheduler.domain.passwords import check_password, check_pin, login_name, typed
from scheduler.domain.refusals import Invalid


@pytest.mark.parametrize("password", ["correct horse battery", "Größe 3 Äpfel", "🌱🌲🌳🌴🌵🌷🌸🌹🌺🌻", "x7!pQ2#mLz"])
def test_a_long_password_of_any_script_is_taken(password: str) -> None:
    check_password(password, "ada@clinic.example", "Ada")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_length"),
        ("x7!pQ2#mL", "password_length"),
        ("a horse " * 26, "password_length"),
        ("aaaaaaaaaaaa", "password_weak"),
        ("abababababab", "password_weak"),
        ("1234567890", "password_weak"),
        ("QWERTYUIOP", "password_weak"),
        ("ada@clinic.example", "password_weak"),
        ("ada@clinic.example1", "password_weak"),
        ("Lena Wolf-Meyer1", "password_weak"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password, "ada@clinic.example", "Lena Wolf-Meyer")
    assert refused.value.code == code


def test_an_accent_counts_the_same_however_it_was_typed() -> None:
    assert typed("e\u0301te\u0301") == typed("été") == "été"


def test_a_pin_of_six_digits_is_taken() -> None:
    check_pin("907215")


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("12345", "pin_unfit"),
        ("1234567890123", "pin_unfit"),
        ("12345a", "pin_unfit"),
        ("١٢٣٤٥٦", "pin_unfit"),
        ("111111", "pin_weak"),
        ("121212", "pin_weak"),
        ("345678", "pin_weak"),
        ("987654", "pin_weak"),
    ],
)
def test_a_pin_that_is_none_or_soon_guessed_is_refused(pin: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_pin(pin)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed_in", "name"),
    [(" Ada@Clinic.Example ", "ada@clinic.example"), ("ＡＤＡ", "ada"), ("STRASSE", "strasse"), ("Straße", "strasse")],
)
def test_a_log_in_name_is_looked_for_without_case_and_width(typed_in: str, name: str) -> None:
    assert login_name(typed_in) == name


@pytest.mark.parametrize("text", ["", "  ", "ab", "a" * 255, "ada lovelace", "ada\nb", "ada\x00", "a\u202eb@c"])
def test_what_cannot_be_a_log_in_name_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        login_name(text)
    assert refused.value.code == "login_unfit"
