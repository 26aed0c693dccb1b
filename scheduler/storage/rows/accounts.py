"""How staff log in: accounts, devices and log-ins; and the personal links of patients. Secrets are kept as hashes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.logins import Stage
from scheduler.domain.patient_links import LinkScope
from scheduler.storage.rows.base import Identified, Owned, Row
from scheduler.storage.types import word


class AccountRow(Owned, Row):
    """How one user logs in. Names are unique in the whole database: the log-in page asks for nothing else.

    ``password_hash`` is ``None`` until a password was set. ``totp_nonce`` is what the secret of the second factor is
    made from, with a key that is not in the database; ``totp_step`` the last step of 30 seconds whose code was used.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("login <> ''", name="login"),
        CheckConstraint("totp_since IS NULL OR totp_nonce IS NOT NULL", name="totp"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    password_at: Mapped[datetime | None]
    pin_hash: Mapped[str | None]
    totp_nonce: Mapped[str | None]
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]


class RecoveryCodeRow(Identified, Row):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.user_id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class PasskeyRow(Identified, Row):
    """A passkey that its user shows as a second factor. ``credential_id`` and ``public_key`` are base64url.

    ``sign_count`` is how often the key said it was used, at most 2³² - 1; one that does not count says 0.
    ``transports`` are the ways on which a browser reaches it, apart by spaces.
    """

    __tablename__ = "passkeys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.user_id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str]
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasswordLinkRow(Identified, Row):
    """A link that lets one user set a password, once and until it expires."""

    __tablename__ = "password_links"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.user_id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DeviceRow(Identified, Row):
    """A browser that somebody was in with. It belongs to nobody: a desk is shared."""

    __tablename__ = "devices"

    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    made_at: Mapped[datetime]


class DeviceTrustRow(Row):
    """What one user has shown on one device. Until ``trusted_until`` neither second factor nor full password is asked.

    ``pin_failures`` counts wrong PINs since the password was last given there.
    """

    __tablename__ = "device_trusts"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.user_id"), primary_key=True, index=True)
    trusted_until: Mapped[datetime]
    pin_failures: Mapped[int] = mapped_column(default=0)
    last_in_at: Mapped[datetime]


class LoginRow(Identified, Owned, Row):
    """Somebody is in, on one device. It ends when it has been idle, at ``ends_at``, or when it is ended."""

    __tablename__ = "logins"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.user_id"), index=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    stage: Mapped[Stage] = mapped_column(word(Stage, "stage"))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class GuessRow(Row):
    """How often somebody has guessed. ``key`` is a digest: what was typed as a name may be a password."""

    __tablename__ = "guesses"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)
    wait_until: Mapped[datetime]


class PatientLinkRow(Identified, Owned, Row):
    """A personal link, sent to the patient. Calendar links are apart: they last for years, and programs follow them."""

    __tablename__ = "patient_links"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    scope: Mapped[LinkScope] = mapped_column(word(LinkScope, "scope"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LinkConfirmationRow(Identified, Row):
    """A browser that has given the date of birth behind a patient's link, until ``ends_at``."""

    __tablename__ = "link_confirmations"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("patient_links.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
