"""Second factors: one-time codes from an app on the user's phone, and recovery codes for when it is lost."""

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from scheduler.domain.access import Action, allowance
from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.operations.context import Context, record
from scheduler.operations.staff.accounts import account_of
from scheduler.operations.staff.devices import distrust
from scheduler.operations.staff.hashes import keyed, new_secret
from scheduler.operations.staff.proofs import has_second_factor
from scheduler.storage.rows import AccountRow, PasskeyRow, RecoveryCodeRow, UserRow
from scheduler.storage.types import new_id

ISSUER = "Interval"
STEP_SECONDS = 30
DRIFTS = (0, -1, 1)
"""Steps by which a phone's clock may be wrong (RFC 6238, 5.2)."""

TOTP_BYTES = 20
MOST_CODES = 10
CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the user's app needs: as text to type, and as an address to scan."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin_second_factor(context: Context) -> None:
    """Draw what goes into the app, instead of what was drawn before. Raises ``RuleBroken`` for who has one already."""
    account = account_of(context.tx, context.actor.user_id)
    if account.totp_since is not None:
        remedy = "Remove it first, then set up the new one."
        raise RuleBroken("You have a second factor already.", code="second_factor_exists", remedy=remedy)
    account.totp_nonce = new_secret()
    context.tx.flush()


def enrolment_of(context: Context, link_key: str) -> Enrolment:
    """What to put into the app, until it is confirmed. Raises ``RuleBroken`` when nothing was begun."""
    account = context.tx.get(AccountRow, context.actor.user_id)
    if account is None or account.totp_nonce is None or account.totp_since is not None:
        raise RuleBroken("There is nothing to confirm.", code="nothing_to_confirm", remedy="Begin again.")
    secret = _secret(account.totp_nonce, link_key)
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER))


def confirm_second_factor(context: Context, link_key: str, *, code: str) -> tuple[str, ...]:
    """The app works: from now on its codes are asked for. Gives recovery codes, shown once, with the first factor.

    Raises ``Invalid`` for a wrong code, ``RuleBroken`` when there is nothing to confirm.
    """
    account = account_of(context.tx, context.actor.user_id)
    if account.totp_nonce is None or account.totp_since is not None:
        raise RuleBroken("There is nothing to confirm.", code="nothing_to_confirm", remedy="Begin again.")
    if not _use_step(context.tx, account, code, link_key, context.now):
        raise _wrong_code()
    codes = draw_first_codes(context.tx, account, link_key)
    account.totp_since = context.now
    context.tx.flush()
    record(context, "second_factor_set_up", "user", account.user_id)
    return codes


def check_second_factor(tx: Session, user_id: UUID, code: str, link_key: str, now: datetime) -> None:
    """Take a code of the app or a recovery code, each once. Raises ``Invalid``. The caller has counted the guess."""
    account = account_of(tx, user_id)
    is_app_code = account.totp_since is not None and _use_step(tx, account, code, link_key, now)
    if not is_app_code and not _use_recovery_code(tx, user_id, code, link_key, now):
        raise _wrong_code()


def new_recovery_codes(context: Context, link_key: str) -> tuple[str, ...]:
    """Ten fresh codes, shown once; the old ones end. Raises ``RuleBroken`` without a second factor."""
    account = account_of(context.tx, context.actor.user_id)
    if not has_second_factor(context.tx, account.user_id):
        raise RuleBroken("There is no second factor to recover.", code="no_second_factor")
    record(context, "recovery_codes_drawn", "user", account.user_id)
    return _draw_codes(context.tx, account.user_id, link_key)


def draw_first_codes(tx: Session, account: AccountRow, link_key: str) -> tuple[str, ...]:
    """Recovery codes for who gets a first second factor; none for who has one, and codes with it, already."""
    return () if has_second_factor(tx, account.user_id) else _draw_codes(tx, account.user_id, link_key)


def forget_needless_codes(tx: Session, account: AccountRow) -> None:
    """Recovery codes go with the last second factor."""
    if not has_second_factor(tx, account.user_id):
        tx.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == account.user_id))


def remove_app(context: Context) -> None:
    """Ask for the codes of the actor's app no more; passkeys stay. Every device asks for everything again."""
    account = account_of(context.tx, context.actor.user_id)
    account.totp_since = account.totp_nonce = None
    context.tx.flush()
    forget_needless_codes(context.tx, account)
    distrust(context.tx, account.user_id, context.now)
    record(context, "second_factor_removed", "user", account.user_id)


def remove_second_factor(context: Context, *, user_id: UUID) -> None:
    """Ask a colleague who has lost the phone for no code and no passkey any more.

    Every device asks for everything again. Raises ``NotFound``.
    """
    user = context.tx.get(UserRow, user_id)
    reach = allowance(context.actor.roles, Action.MANAGE_STAFF) is not None
    if user is None or not reach or user.organisation_id != context.organisation_id:
        raise NotFound("There is no such user.", user_id=str(user_id))
    account = account_of(context.tx, user_id)
    account.totp_since = account.totp_nonce = None
    context.tx.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    context.tx.execute(delete(PasskeyRow).where(PasskeyRow.user_id == user_id))
    distrust(context.tx, user_id, context.now)
    context.tx.flush()
    record(context, "second_factor_removed", "user", user_id)


def _secret(nonce: str, link_key: str) -> str:
    """Made from a key that is not in the database, so that a stolen database makes no codes."""
    return base64.b32encode(keyed(link_key, "totp", nonce)[:TOTP_BYTES]).decode()


def _use_step(tx: Session, account: AccountRow, code: str, link_key: str, now: datetime) -> bool:
    """Whether it is the code of a step near this one that is later than any used before; then it is used up."""
    if account.totp_nonce is None:
        return False
    app, step = pyotp.TOTP(_secret(account.totp_nonce, link_key)), int(now.timestamp()) // STEP_SECONDS
    given = "".join(code.split()).encode("utf-8", "replace")
    fits = [step + drift for drift in DRIFTS if hmac.compare_digest(app.generate_otp(step + drift).encode(), given)]
    later = [one for one in fits if one > account.totp_step]
    if later:
        account.totp_step = later[0]
        tx.flush()
    return bool(later)


def _use_recovery_code(tx: Session, user_id: UUID, code: str, link_key: str, now: datetime) -> bool:
    mine = (RecoveryCodeRow.user_id == user_id, RecoveryCodeRow.used_at.is_(None))
    used = update(RecoveryCodeRow).where(*mine, RecoveryCodeRow.code_hash == _kept(user_id, code, link_key))
    return tx.scalar(used.values(used_at=now).returning(RecoveryCodeRow.id)) is not None


def _draw_codes(tx: Session, user_id: UUID, link_key: str) -> tuple[str, ...]:
    tx.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    drawn = ["".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH)) for _ in range(MOST_CODES)]
    rows = [{"id": new_id(), "user_id": user_id, "code_hash": _kept(user_id, code, link_key)} for code in drawn]
    tx.execute(insert(RecoveryCodeRow), rows)
    return tuple(f"{code[:5]}-{code[5:]}" for code in drawn)


def _kept(user_id: UUID, code: str, link_key: str) -> str:
    signs = "".join(sign for sign in code.casefold() if sign.isalnum())
    return keyed(link_key, "recovery", user_id, signs).hex()


def _wrong_code() -> Invalid:
    remedy = "Wait for the next code of your app, or use a recovery code."
    return Invalid("This code is not right, or was used before.", code="code_wrong", remedy=remedy)
