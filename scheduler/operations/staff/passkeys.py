"""Passkeys: what a phone, a computer or a security key shows as a second factor, instead of a code that is typed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.domain.spelling import clean
from scheduler.operations.context import Context, record
from scheduler.operations.staff.accounts import account_of
from scheduler.operations.staff.devices import distrust
from scheduler.operations.staff.passkey_questions import (
    Question,
    Site,
    counted_by,
    key_named,
    new_key,
    new_key_question,
    shown_key_question,
    wrong_passkey,
)
from scheduler.operations.staff.second_factors import draw_first_codes, forget_needless_codes
from scheduler.storage.rows import PasskeyRow

MOST_PASSKEYS = 10
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner knows it. ``last_used_at`` is ``None`` until it has let somebody in."""

    id: UUID
    name: str
    made_at: datetime
    last_used_at: datetime | None


def list_passkeys(context: Context) -> tuple[Passkey, ...]:
    """The actor's own, oldest first."""
    rows = _keys(context.tx, context.actor.user_id)
    return tuple(Passkey(row.id, row.name, row.made_at, row.last_used_at) for row in rows)


def passkey_name(text: str) -> str:
    """The name as it is kept. Raises ``Invalid``."""
    try:
        name = clean(text)
    except ValueError as reason:
        raise Invalid("A passkey needs a name.", code="passkey_unnamed") from reason
    if len(name) > LONGEST_NAME:
        raise Invalid("This name is too long.", code="passkey_unnamed", longest=LONGEST_NAME)
    return name


def begin_passkey(context: Context, site: Site) -> Question:
    """Ask the browser to make one. Raises ``RuleBroken`` when there are too many."""
    account, known = account_of(context.tx, context.actor.user_id), _keys(context.tx, context.actor.user_id)
    if len(known) >= MOST_PASSKEYS:
        remedy = "Remove one that you no longer use."
        raise RuleBroken("You have as many passkeys as there can be.", code="passkeys_full", remedy=remedy)
    return new_key_question(site, account.user_id.bytes, account.login, context.actor.name, known)


def add_passkey(
    context: Context, link_key: str, *, site: Site, challenge: str, name: str, answer: str
) -> tuple[str, ...]:
    """From now on this passkey is asked for. Gives recovery codes when it is the first second factor.

    Raises ``Invalid`` for an answer that is not right, ``RuleBroken`` for a passkey that somebody has.
    """
    account, made = account_of(context.tx, context.actor.user_id), new_key(site, challenge, answer)
    codes = draw_first_codes(context.tx, account, link_key)
    row = PasskeyRow(
        user_id=account.user_id,
        name=passkey_name(name),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        made_at=context.now,
    )
    context.tx.add(row)
    context.tx.flush()
    record(context, "passkey_added", "user", account.user_id, passkey_id=str(row.id))
    return codes


def passkey_question(tx: Session, user_id: UUID, site: Site) -> Question | None:
    """Ask for one of a user's passkeys; ``None`` for who has none."""
    known = _keys(tx, user_id)
    return shown_key_question(site, known) if known else None


def check_passkey(tx: Session, user_id: UUID, *, site: Site, challenge: str, answer: str, now: datetime) -> None:
    """Take one of the user's passkeys. Raises ``Invalid``. The caller has counted the guess."""
    account_of(tx, user_id)
    named = key_named(answer)
    row = next((key for key in _keys(tx, user_id) if key.credential_id == named), None)
    if row is None:
        raise wrong_passkey()
    row.sign_count, row.last_used_at = counted_by(site, challenge, answer, row), now
    tx.flush()


def own_passkey(context: Context, passkey_id: UUID) -> PasskeyRow:
    """One of the actor's own. Raises ``NotFound``."""
    row = context.tx.get(PasskeyRow, passkey_id)
    if row is None or row.user_id != context.actor.user_id:
        raise NotFound("You have no such passkey.", passkey_id=str(passkey_id))
    return row


def remove_passkey(context: Context, *, passkey_id: UUID) -> None:
    """Ask for this one no more; every device asks for everything again. Raises ``NotFound``."""
    account = account_of(context.tx, context.actor.user_id)
    context.tx.delete(own_passkey(context, passkey_id))
    context.tx.flush()
    forget_needless_codes(context.tx, account)
    distrust(context.tx, account.user_id, context.now)
    record(context, "passkey_removed", "user", account.user_id, passkey_id=str(passkey_id))


def _keys(tx: Session, user_id: UUID) -> list[PasskeyRow]:
    query = select(PasskeyRow).where(PasskeyRow.user_id == user_id).order_by(PasskeyRow.made_at, PasskeyRow.id)
    return list(tx.scalars(query.execution_options(populate_existing=True)))
