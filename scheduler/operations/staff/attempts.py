"""Attempts to log in: counted and looked up in one transaction, before the password is hashed in none."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.passwords import LONGEST_PIN, login_name
from scheduler.domain.refusals import Invalid, NotAllowed
from scheduler.domain.throttling import Guarded
from scheduler.operations.staff.devices import MOST_PINS, Device, device_for, known_device, trust_of
from scheduler.operations.staff.guessing import Guess, count_guesses, guess_at, take_back
from scheduler.storage.rows import AccountRow, DeviceTrustRow, UserRow


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from: the cookie of its device, its network address, and what the browser calls itself."""

    device_secret: str | None
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt. ``kept`` is the hash to compare with; without one it still has to be compared."""

    user_id: UUID | None
    kept: str | None = field(repr=False)
    guesses: tuple[Guess, ...]
    counted_at: datetime
    is_pin: bool = False


def attempt_login(tx: Session, typed_name: str, origin: Origin, secret_key: str, now: datetime) -> Attempt:
    """Count an attempt with a log-in name. Raises ``TooSoon``, for names that exist and names that do not alike.

    A device that was in with this name before has a count of its own, which no stranger can use up.
    """
    name = _kept_name(typed_name)
    account = tx.execute(
        select(AccountRow.user_id, AccountRow.password_hash)
        .join(UserRow, UserRow.id == AccountRow.user_id)
        .where(AccountRow.login == name, UserRow.active)
    ).first()
    device_id = known_device(tx, origin.device_secret)
    user_id, kept = (account.user_id, account.password_hash) if account else (None, None)
    if user_id and device_id and tx.get(DeviceTrustRow, (device_id, user_id)):
        guesses: tuple[Guess, ...] = (_by_device(device_id, user_id, secret_key),)
    else:
        stranger = guess_at(Guarded.STRANGER, name or typed_name, secret_key)
        guesses = (stranger, guess_at(Guarded.ADDRESS, origin.address, secret_key))
    count_guesses(tx, guesses, now)
    return Attempt(user_id, kept, guesses, now)


def attempt_switch(tx: Session, user_id: UUID, secret: str, origin: Origin, secret_key: str, now: datetime) -> Attempt:
    """Count an attempt of somebody who was in on this device today, with a PIN or the password.

    Raises ``TooSoon``, and ``NotAllowed`` where only a whole log-in will do.
    """
    device_id = known_device(tx, origin.device_secret)
    trusted = trust_of(tx, device_id, user_id) if device_id else None
    account = tx.get(AccountRow, user_id)
    if not trusted or not account or trusted.trusted_until <= now or not tx.get_one(UserRow, user_id).active:
        raise NotAllowed("You were not in on this device today.", code="not_in_today", remedy="Log in in full.")
    guesses = (_by_device(trusted.device_id, user_id, secret_key),)
    count_guesses(tx, guesses, now)
    is_pin = account.pin_hash is not None and secret.isdigit() and len(secret) <= LONGEST_PIN
    if is_pin and trusted.pin_failures >= MOST_PINS:
        raise NotAllowed("There were too many wrong PINs.", code="pin_locked", remedy="Use your password.")
    if is_pin:
        trusted.pin_failures += 1
        tx.flush()
    return Attempt(user_id, account.pin_hash if is_pin else account.password_hash, guesses, now, is_pin)


def attempt_again(tx: Session, user_id: UUID, secret_key: str, now: datetime) -> Attempt:
    """Count an attempt of somebody who is in and is asked for the password once more. Raises ``TooSoon``."""
    guesses = (guess_at(Guarded.CODE, str(user_id), secret_key),)
    count_guesses(tx, guesses, now)
    return Attempt(user_id, tx.get_one(AccountRow, user_id).password_hash, guesses, now)


def succeed(tx: Session, attempt: Attempt, origin: Origin, now: datetime) -> tuple[UUID, Device]:
    """The secret was right: the attempt does not count. Raises ``Invalid`` when it has just been changed."""
    account = tx.get(AccountRow, attempt.user_id, with_for_update=True) if attempt.user_id else None
    kept = (account.pin_hash if attempt.is_pin else account.password_hash) if account else None
    if account is None or kept is None or kept != attempt.kept:
        raise wrong()
    take_back(tx, attempt.guesses, attempt.counted_at)
    return account.user_id, device_for(tx, origin.device_secret, origin.browser, now)


def wrong() -> Invalid:
    """One answer for a name that is not known and a password that is not right."""
    remedy = "Check both, or ask a manager for a link to set a new password."
    return Invalid("Name or password is not right.", code="login_wrong", remedy=remedy)


def _by_device(device_id: UUID, user_id: UUID, secret_key: str) -> Guess:
    return guess_at(Guarded.DEVICE, f"{device_id}:{user_id}", secret_key)


def _kept_name(typed_name: str) -> str:
    """The name as it would be kept; empty for what can be no name, which nobody has."""
    try:
        return login_name(typed_name)
    except Invalid:
        return ""
