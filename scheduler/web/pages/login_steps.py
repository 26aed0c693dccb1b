"""Steps of logging in that stand before the transaction: attempts are counted, then compared, with no lock held."""

from dataclasses import dataclass
from uuid import UUID

from flask import session

from scheduler.domain.passwords import check_password, check_pin
from scheduler.domain.refusals import Invalid
from scheduler.domain.throttling import Guarded
from scheduler.operations.staff.accounts import holder_of
from scheduler.operations.staff.attempts import Attempt, Origin, attempt_again, attempt_login, attempt_switch, wrong
from scheduler.operations.staff.guessing import Guess, count_guesses, guess_at
from scheduler.operations.staff.hashes import is_right, keyed, slow_hash
from scheduler.operations.staff.logins import NewLogin
from scheduler.web.origins import origin, remember_device
from scheduler.web.pages.registry import Before
from scheduler.web.pages.visitor import LOGIN, current_login

STAYS = ("theme", "language", "keys", "clinic")
"""What a browser chose of its own, whoever is in. The rest of the session ends with the log-in before."""


@dataclass(frozen=True, slots=True)
class Right:
    """A secret that was right; the attempt is still to be taken back."""

    attempt: Attempt
    origin: Origin


def check_login(before: Before, name: str, password: str) -> Right:
    """Name and password, from whomever. Raises ``TooSoon`` before anything is hashed, and ``Invalid``."""
    come_from, key = origin(), before.service.secret_key
    attempt = before.service.database.write(lambda tx: attempt_login(tx, name, come_from, key, before.now))
    return _compared(attempt, password, come_from)


def check_switch(before: Before, user_id: UUID, secret: str) -> Right:
    """A PIN or the password of somebody who was in on this device today."""
    come_from, key = origin(), before.service.secret_key
    attempt = before.service.database.write(lambda tx: attempt_switch(tx, user_id, secret, come_from, key, before.now))
    return _compared(attempt, pin_of(before, user_id, secret) if attempt.is_pin else secret, come_from)


def check_again(before: Before, password: str) -> Right:
    """The visitor's own password, once more, before something that a passer-by must not do."""
    user_id, key = visitor_id(before), before.service.secret_key
    attempt = before.service.database.write(lambda tx: attempt_again(tx, user_id, key, before.now))
    return _compared(attempt, password, origin())


def count_code(before: Before) -> Guess:
    """An attempt at the second factor of whoever is on the way in."""
    login = current_login()
    if login is None:
        raise Invalid("This log-in has ended.", code="login_ended", remedy="Log in again.")
    guess = guess_at(Guarded.CODE, str(login.actor.user_id), before.service.secret_key)
    before.service.database.write(lambda tx: count_guesses(tx, [guess], before.now))
    return guess


def link_hash(before: Before, token: str, password: str) -> str:
    """The hash of a password that a link sets. Raises ``NotFound`` for a spent link, and ``Invalid``."""
    with before.service.database.read() as tx:
        holder = holder_of(tx, token, before.now)
    check_password(password, holder.login, holder.name)
    return slow_hash(password)


def pin_hash(before: Before, pin: str) -> str:
    """The hash of a PIN to come. Raises ``Invalid``."""
    check_pin(pin)
    return slow_hash(pin_of(before, visitor_id(before), pin))


def pin_of(before: Before, user_id: UUID, pin: str) -> str:
    """What is hashed of a PIN: a million of them are soon tried, but not without a key that is not in the database."""
    return keyed(before.service.link_key, "pin", user_id, pin).hex()


def visitor_id(before: Before) -> UUID:
    """The visitor of a page that lets in nobody else."""
    if before.visitor is None:
        raise LookupError("a page for anybody asked who is there")
    return before.visitor.user_id


def enter(made: NewLogin) -> None:
    """This browser has the log-in now. All else that the session held is forgotten, its proofs of forms included."""
    leave()
    session[LOGIN] = made.secret
    remember_device(made.device.secret)


def leave() -> None:
    """Nobody is in with this browser any more; it stays a known device."""
    kept = {name: session[name] for name in STAYS if name in session}
    session.clear()
    session.update(kept)


def _compared(attempt: Attempt, secret: str, come_from: Origin) -> Right:
    if not is_right(attempt.kept, secret):
        raise wrong()
    return Right(attempt, come_from)
