"""How staff log in, and personal links of patients."""

import sqlalchemy as sa
from alembic import op

from scheduler.storage.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("token_hash", name="uq_devices_token_hash"),
    )
    op.create_table(
        "guesses",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("wait_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_guesses"),
    )
    op.create_index("ix_guesses_since", "guesses", ["since"], unique=False)
    op.create_table(
        "patient_links",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("visits", "care", name="scope", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_patient_links_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_patient_links_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patient_links"),
        sa.UniqueConstraint("token_hash", name="uq_patient_links_token_hash"),
    )
    op.create_index("ix_patient_links_organisation_id", "patient_links", ["organisation_id"], unique=False)
    op.create_index("ix_patient_links_patient_id", "patient_links", ["patient_id"], unique=False)
    op.create_table(
        "link_confirmations",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["patient_links.id"], name="fk_link_confirmations_link_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link_confirmations"),
        sa.UniqueConstraint("token_hash", name="uq_link_confirmations_token_hash"),
    )
    op.create_index("ix_link_confirmations_link_id", "link_confirmations", ["link_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_at", Instant(), nullable=True),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("totp_nonce", sa.Text(), nullable=True),
        sa.Column("totp_since", Instant(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("login <> ''", name=op.f("ck_accounts_login")),
        sa.CheckConstraint("totp_since IS NULL OR totp_nonce IS NOT NULL", name=op.f("ck_accounts_totp")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_accounts_organisation_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_accounts_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
    )
    op.create_index("ix_accounts_organisation_id", "accounts", ["organisation_id"], unique=False)
    op.create_table(
        "device_trusts",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("trusted_until", Instant(), nullable=False),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("last_in_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_device_trusts_device_id"),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.user_id"], name="fk_device_trusts_user_id"),
        sa.PrimaryKeyConstraint("device_id", "user_id", name="pk_device_trusts"),
    )
    op.create_index("ix_device_trusts_user_id", "device_trusts", ["user_id"], unique=False)
    op.create_table(
        "logins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("code", "enrolment", "open", name="stage", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_logins_device_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_logins_organisation_id"),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.user_id"], name="fk_logins_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_logins"),
        sa.UniqueConstraint("token_hash", name="uq_logins_token_hash"),
    )
    op.create_index("ix_logins_device_id", "logins", ["device_id"], unique=False)
    op.create_index("ix_logins_ends_at", "logins", ["ends_at"], unique=False)
    op.create_index("ix_logins_organisation_id", "logins", ["organisation_id"], unique=False)
    op.create_index("ix_logins_user_id", "logins", ["user_id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("last_used_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.user_id"], name="fk_passkeys_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"], unique=False)
    op.create_table(
        "password_links",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.user_id"], name="fk_password_links_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_password_links"),
        sa.UniqueConstraint("token_hash", name="uq_password_links_token_hash"),
    )
    op.create_index("ix_password_links_user_id", "password_links", ["user_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.user_id"], name="fk_recovery_codes_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("password_links")
    op.drop_table("passkeys")
    op.drop_table("logins")
    op.drop_table("device_trusts")
    op.drop_table("accounts")
    op.drop_table("link_confirmations")
    op.drop_table("patient_links")
    op.drop_table("guesses")
    op.drop_table("devices")
