"""Devices: the browsers that staff log in with, and what each user has shown on one today."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from scheduler.domain.clinic_days import clinic_date, day_bounds
from scheduler.operations.staff.hashes import digest, new_secret
from scheduler.storage.rows import AccountRow, ClinicRow, DeviceRow, DeviceTrustRow, UserRow
from scheduler.storage.types import new_id

MOST_PINS = 5
"""So many wrong PINs in a row, then only the password opens the account on that device."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device; ``secret`` is what its cookie has to hold."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Trusted:
    """Somebody who was in on a device today. ``takes_pin`` tells whether a PIN opens the account there."""

    user_id: UUID
    name: str
    takes_pin: bool


@dataclass(frozen=True, slots=True)
class TrustedDevice:
    """A device that asks its user for no second factor today; ``last_in_at`` is in UTC."""

    id: UUID
    name: str
    last_in_at: datetime


def known_device(tx: Session, secret: str | None) -> UUID | None:
    """The device whose cookie holds this secret."""
    if not secret:
        return None
    return tx.scalar(select(DeviceRow.id).where(DeviceRow.token_hash == digest(secret)))


def device_for(tx: Session, secret: str | None, name: str, now: datetime) -> Device:
    """The device with this secret. An unknown one gets a new secret: none that came from outside is taken over."""
    if secret and (known := known_device(tx, secret)):
        return Device(known, secret)
    made = new_secret()
    row = DeviceRow(id=new_id(), token_hash=digest(made), name=name[:120], made_at=now)
    tx.add(row)
    tx.flush()
    return Device(row.id, made)


def trust_of(tx: Session, device_id: UUID, user_id: UUID) -> DeviceTrustRow | None:
    """What the user has shown on the device; the row is held until the transaction ends."""
    return tx.get(DeviceTrustRow, (device_id, user_id), with_for_update=True, populate_existing=True)


def trust(tx: Session, device_id: UUID, user_id: UUID, now: datetime) -> None:
    """The user has shown everything on the device: for the rest of the day a PIN or the password is enough."""
    row = trust_of(tx, device_id, user_id)
    if row is None:
        row = DeviceTrustRow(device_id=device_id, user_id=user_id)
        tx.add(row)
    row.trusted_until, row.last_in_at, row.pin_failures = _end_of_day(tx, user_id, now), now, 0
    tx.flush()


def distrust(tx: Session, user_id: UUID, now: datetime) -> None:
    """Every device asks the user for everything again."""
    mine = DeviceTrustRow.user_id == user_id
    tx.execute(update(DeviceTrustRow).where(mine, DeviceTrustRow.trusted_until > now).values(trusted_until=now))


def forget_devices(tx: Session, user_id: UUID) -> None:
    """No device is known for the user any more."""
    tx.execute(delete(DeviceTrustRow).where(DeviceTrustRow.user_id == user_id))


def trusted_devices(tx: Session, user_id: UUID, now: datetime) -> tuple[TrustedDevice, ...]:
    """Where a password alone lets the user in today, last used first."""
    query = (
        select(DeviceRow.id, DeviceRow.name, DeviceTrustRow.last_in_at)
        .join(DeviceTrustRow, DeviceTrustRow.device_id == DeviceRow.id)
        .where(DeviceTrustRow.user_id == user_id, DeviceTrustRow.trusted_until > now)
        .order_by(DeviceTrustRow.last_in_at.desc(), DeviceRow.id)
    )
    return tuple(TrustedDevice(*row) for row in tx.execute(query))


def trusted_users(tx: Session, secret: str | None, now: datetime) -> tuple[Trusted, ...]:
    """Who may switch in on a device with a PIN or password alone, by name."""
    device_id = known_device(tx, secret)
    if device_id is None:
        return ()
    query = (
        select(UserRow.id, UserRow.name, AccountRow.pin_hash, DeviceTrustRow.pin_failures)
        .join(AccountRow, AccountRow.user_id == UserRow.id)
        .join(DeviceTrustRow, DeviceTrustRow.user_id == UserRow.id)
        .where(DeviceTrustRow.device_id == device_id, DeviceTrustRow.trusted_until > now, UserRow.active)
        .order_by(UserRow.name, UserRow.id)
    )
    rows = tx.execute(query)
    return tuple(Trusted(row.id, row.name, row.pin_hash is not None and row.pin_failures < MOST_PINS) for row in rows)


def _end_of_day(tx: Session, user_id: UUID, now: datetime) -> datetime:
    """The next midnight of the organisation's first clinic, in UTC."""
    query = (
        select(ClinicRow.zone)
        .join(UserRow, UserRow.organisation_id == ClinicRow.organisation_id)
        .where(UserRow.id == user_id)
        .order_by(ClinicRow.created_at, ClinicRow.id)
        .limit(1)
    )
    zone = tx.scalar(query) or "UTC"
    return day_bounds(clinic_date(now, zone), zone)[1]
