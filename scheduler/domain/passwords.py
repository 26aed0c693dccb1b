"""Passwords and PINs: which ones are taken, and how a log-in name is written.

Length is what counts; there are no rules about signs, and none of a password's age (NIST SP 800-63B, 5.1.1).
"""

import unicodedata

from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid
from scheduler.domain.spelling import clean

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
FEWEST_DIFFERENT_SIGNS = 5
SHORTEST_PIN, LONGEST_PIN = 6, 12
SHORTEST_LOGIN, LONGEST_LOGIN = 3, 254
RUNS = (
    "012345678901234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm password passwort"
)


def login_name(text: str) -> str:
    """A log-in name as it is kept and looked for: without regard to case and width. Raises ``Invalid``."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    try:
        name = clean(folded)
    except ValueError as error:
        raise Invalid(Phrase("The log-in name %(error)s.", error=error), code="login_unfit") from None
    if not SHORTEST_LOGIN <= len(name) <= LONGEST_LOGIN or " " in name:
        detail = Phrase(
            "A log-in name has %(shortest_login)s to %(longest_login)s characters and no spaces.",
            shortest_login=SHORTEST_LOGIN,
            longest_login=LONGEST_LOGIN,
        )
        raise Invalid(detail, code="login_unfit", remedy="Use an e-mail address.")
    return name


def typed(secret: str) -> str:
    """A password or PIN in one spelling, whatever keyboard wrote its accents."""
    return unicodedata.normalize("NFKC", secret)


def check_password(password: str, *told: str) -> None:
    """Raise ``Invalid`` for a password that is soon guessed; ``told`` are words that others know, such as the login."""
    spelled = typed(password)
    known = {part for word in told for part in (word, word.partition("@")[0])}
    if not SHORTEST_PASSWORD <= len(spelled) <= LONGEST_PASSWORD:
        detail = Phrase(
            "A password has %(shortest_password)s to %(longest_password)s characters.",
            shortest_password=SHORTEST_PASSWORD,
            longest_password=LONGEST_PASSWORD,
        )
        raise Invalid(detail, code="password_length", remedy="Several words in a row are easy to remember.")
    folded = spelled.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT_SIGNS or folded in RUNS or any(_is_mostly(word, folded) for word in known):
        remedy = "Several words in a row are easy to remember."
        raise Invalid("This password would soon be guessed.", code="password_weak", remedy=remedy)


def check_pin(pin: str) -> None:
    """Raise ``Invalid`` for a PIN that is none, or soon guessed."""
    if not (SHORTEST_PIN <= len(pin) <= LONGEST_PIN and pin.isascii() and pin.isdigit()):
        raise Invalid(
            Phrase(
                "A PIN has %(shortest_pin)s to %(longest_pin)s digits.",
                shortest_pin=SHORTEST_PIN,
                longest_pin=LONGEST_PIN,
            ),
            code="pin_unfit",
        )
    if len(set(pin)) < 3 or pin in RUNS or pin in RUNS[::-1]:
        raise Invalid("This PIN would soon be guessed.", code="pin_weak")


def _is_mostly(word: str, folded: str) -> bool:
    """Whether a password is little more than a word that others know."""
    known = word.casefold()
    return len(known) >= SHORTEST_LOGIN and known in folded and len(folded) - len(known) < FEWEST_DIFFERENT_SIGNS
