"""Constraint names and the refusals that they mean. What a schema forbids reaches people as words."""

from sqlalchemy.exc import IntegrityError

from scheduler.domain.refusals import Invalid, Refusal, RuleBroken

TAKEN = "Somebody else has just taken this time."

REFUSALS: dict[str, tuple[type[Refusal], str, str]] = {
    "ex_claims_no_overlap": (RuleBroken, "slot_taken", TAKEN),
    "pk_claims": (RuleBroken, "slot_taken", TAKEN),
    "ck_claims_instants": (Invalid, "empty_claim", "A booking needs a beginning and a later end."),
    "ck_claims_longest": (Invalid, "claim_too_long", "No phase may be longer than twelve hours."),
    "uq_appointments_live_session": (RuleBroken, "session_already_booked", "This session already has an appointment."),
    "ck_holds_dates": (Invalid, "dates_reversed", "A hold must not end before it starts."),
    "ck_closures_dates": (Invalid, "dates_reversed", "A closure must not end before it starts."),
    "ck_absences_instants": (Invalid, "dates_reversed", "An absence must end after it starts."),
    "uq_sessions_series_id_number": (RuleBroken, "session_exists", "The series already has this session."),
    "uq_qualifications_resource_id_protocol_code": (
        RuleBroken,
        "qualification_exists",
        "That qualification is on file.",
    ),
    "uq_catalogue_entries_organisation_id_kind_code_version": (
        RuleBroken,
        "version_exists",
        "Somebody else has just saved this version; look at theirs first.",
    ),
    "uq_accounts_login": (RuleBroken, "login_taken", "Somebody has this log-in name already."),
    "uq_passkeys_credential_id": (RuleBroken, "passkey_taken", "This passkey is set up already."),
    "ck_patients_name": (Invalid, "name_missing", "A patient needs a name."),
}
"""One refusal for each constraint that a request can run into."""

SQLITE_COLUMNS = {
    "claims.subject_id, claims.starts_at": "pk_claims",
    "appointments.session_id": "uq_appointments_live_session",
    "accounts.login": "uq_accounts_login",
    "passkeys.credential_id": "uq_passkeys_credential_id",
    "sessions.series_id, sessions.number": "uq_sessions_series_id_number",
    "qualifications.resource_id, qualifications.protocol_code": "uq_qualifications_resource_id_protocol_code",
    "catalogue_entries.organisation_id, catalogue_entries.kind, catalogue_entries.code, catalogue_entries.version": (
        "uq_catalogue_entries_organisation_id_kind_code_version"
    ),
}
"""SQLite names the columns of a unique constraint and not the constraint."""


def refusal_for(error: IntegrityError) -> Refusal | None:
    """The refusal for a violated constraint, or ``None`` when the constraint guards against our own mistakes only."""
    name = constraint_of(error)
    if name not in REFUSALS:
        return None
    kind, code, detail = REFUSALS[name]
    return kind(detail, code=code, constraint=name)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused, on either engine; empty when it cannot be told."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    words = str(error.orig).removeprefix("UNIQUE constraint failed: ").removeprefix("CHECK constraint failed: ")
    return SQLITE_COLUMNS.get(words, words)
