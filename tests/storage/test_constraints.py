"""Every constraint of the schema either has words for people, and is met here, or guards against our own mistakes."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.refusals import Refusal
from scheduler.storage.database import Database
from scheduler.storage.rows import (
    AccountRow,
    CatalogueEntryRow,
    ClaimRow,
    EntryKind,
    HoldRow,
    PasskeyRow,
    PatientRow,
    QualificationRow,
    Row,
    SessionRow,
    UserRow,
)
from scheduler.storage.violations import REFUSALS
from tests.support.rows import NOW, Ground

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def shared_database(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    yield database
    database.dispose()


def claim_twice(ground: Ground, minutes_later: int) -> None:
    room, appointment = ground.resource(), ground.appointment(ground.patient(), NOW)
    for start in (NOW, NOW + timedelta(minutes=minutes_later)):
        ground.claim(room, start, 60, appointment_id=appointment)


def claim_for(ground: Ground, minutes: int) -> None:
    ground.claim(ground.resource(), NOW, minutes, appointment_id=ground.appointment(ground.patient(), NOW))


def claim_at_the_same_instant(ground: Ground) -> None:
    """The database may name the primary key or the overlap: both mean the same to people."""
    claim_twice(ground, 0)


def book_a_session_twice(ground: Ground) -> None:
    patient = ground.patient()
    series, (session,) = ground.series(patient)
    for start in (NOW, NOW + 2 * HOUR):
        ground.appointment(patient, start, series_id=series, session_id=session)


def reverse_a_hold(ground: Ground) -> None:
    rule = {"rule_id": ground.protocol(), "code": "herpes", "scope": Scope.SITE, "end_rule": EndRule.ON_DATE}
    placed = {"state": HoldState.ACTIVE, "placed_by": ground.user_id, "placed_at": NOW}
    dates = {"starts_on": NOW.date(), "ends_on": NOW.date() - DAY}
    ground.add(HoldRow(organisation_id=ground.organisation_id, patient_id=ground.patient(), **rule, **placed, **dates))


def number_a_session_twice(ground: Ground) -> None:
    series, _ = ground.series(ground.patient())
    here = {"organisation_id": ground.organisation_id, "clinic_id": ground.clinic_id}
    ground.add(SessionRow(**here, series_id=series, number=1))


def qualify_twice(ground: Ground) -> None:
    ada = ground.resource()
    for _ in range(2):
        ground.add(QualificationRow(organisation_id=ground.organisation_id, resource_id=ada, protocol_code="peel"))


def save_a_version_twice(ground: Ground) -> None:
    entry = {"kind": EntryKind.PROTOCOL, "code": "peel", "version": 2, "definition": {}, "created_at": NOW}
    for _ in range(2):
        ground.add(CatalogueEntryRow(organisation_id=ground.organisation_id, **entry))


def log_in_alike(ground: Ground) -> None:
    for _ in range(2):
        owner = {"organisation_id": ground.organisation_id}
        user_id = ground.add(UserRow(**owner, name="Zoë"))
        ground.tx.add(AccountRow(**owner, user_id=user_id, login=str(ground.clinic_id), made_at=NOW))
        ground.tx.flush()


def make_a_passkey_twice(ground: Ground) -> None:
    owner = {"organisation_id": ground.organisation_id}
    user_id = ground.add(UserRow(**owner, name="Zoë"))
    ground.tx.add(AccountRow(**owner, user_id=user_id, login=str(ground.clinic_id), made_at=NOW))
    ground.tx.flush()
    kept = {"public_key": "pQEC", "sign_count": 0, "transports": "", "made_at": NOW}
    for _ in range(2):
        ground.add(PasskeyRow(user_id=user_id, name="Phone", credential_id=str(ground.clinic_id), **kept))


BROKEN: dict[str, Callable[[Ground], Any]] = {
    "ex_claims_no_overlap": lambda ground: claim_twice(ground, 30),
    "pk_claims": claim_at_the_same_instant,
    "ck_claims_instants": lambda ground: claim_for(ground, 0),
    "ck_claims_longest": lambda ground: claim_for(ground, 12 * 60 + 1),
    "uq_appointments_live_session": book_a_session_twice,
    "ck_holds_dates": reverse_a_hold,
    "ck_closures_dates": lambda ground: ground.closure(NOW.date(), NOW.date() - DAY),
    "ck_absences_instants": lambda ground: ground.absence(ground.resource(), NOW, NOW),
    "uq_sessions_series_id_number": number_a_session_twice,
    "uq_qualifications_resource_id_protocol_code": qualify_twice,
    "uq_catalogue_entries_organisation_id_kind_code_version": save_a_version_twice,
    "uq_accounts_login": log_in_alike,
    "uq_passkeys_credential_id": make_a_passkey_twice,
    "ck_patients_name": lambda ground: ground.patient(name=""),
}
"""For each constraint that has words, a statement that meets it."""


def test_every_constraint_with_words_is_met_here() -> None:
    assert set(BROKEN) == set(REFUSALS)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_constraint_that_a_request_meets_becomes_its_refusal(shared_database: Database, name: str) -> None:
    kind, code, detail = REFUSALS[name]
    with pytest.raises(Refusal) as caught:
        shared_database.write(lambda tx: BROKEN[name](Ground(tx)))
    assert (type(caught.value), caught.value.code, caught.value.detail) == (kind, code, detail)
    named = {name, "ex_claims_no_overlap"} if name == "pk_claims" else {name}
    assert caught.value.facts["constraint"] in named


def test_the_longest_claim_is_guarded_to_its_last_second(database: Database) -> None:
    def claim_all_day(ground: Ground) -> tuple[UUID, UUID]:
        room, appointment = ground.resource(), ground.appointment(ground.patient(), NOW)
        ground.claim(room, NOW, 12 * 60, appointment_id=appointment)
        return room, appointment

    def claim_after(tx: Session, seconds: int) -> None:
        start = NOW + 12 * HOUR + timedelta(seconds=seconds)
        here = {name: getattr(claimed, name) for name in ("organisation_id", "clinic_id")}
        owner = {**here, "subject_id": room, "appointment_id": appointment}
        tx.execute(insert(ClaimRow).values(**owner, starts_at=start, ends_at=start + HOUR))

    room, appointment = database.write(lambda tx: claim_all_day(Ground(tx)))
    with database.read() as tx:
        claimed = tx.execute(select(ClaimRow.organisation_id, ClaimRow.clinic_id).distinct()).one()
    with pytest.raises(Refusal) as caught:
        database.write(lambda tx: claim_after(tx, -1))
    assert caught.value.code == "slot_taken"
    database.write(lambda tx: claim_after(tx, 0))


def test_a_refused_constraint_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(Refusal):
        database.write(lambda tx: claim_twice(Ground(tx), 30))
    with database.read() as tx:
        assert [tx.execute(table.select()).first() for table in Row.metadata.sorted_tables] == [None] * len(
            Row.metadata.sorted_tables
        )


def test_a_constraint_without_words_stays_an_error_of_ours(database: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_patients_privacy"):
        database.write(lambda tx: tx.execute(insert(PatientRow).values(**_stranger(Ground(tx)))))


def _stranger(ground: Ground) -> dict[str, Any]:
    kept = {"name": "Zoë", "search_text": "zoe", "created_at": NOW, "privacy": "telepathy"}
    return {"organisation_id": ground.organisation_id, **kept}


def test_a_row_that_refers_to_nothing_is_refused_as_an_error_of_ours(database: Database) -> None:
    def orphan(ground: Ground) -> None:
        values = {"subject_id": ground.resource(), "starts_at": NOW, "ends_at": NOW + HOUR}
        here = {"organisation_id": ground.organisation_id, "clinic_id": ground.clinic_id}
        ground.tx.execute(insert(ClaimRow).values(**here, **values, keep_id=ground.user_id))

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        database.write(lambda tx: orphan(Ground(tx)))


OUR_OWN = {
    "ck_accounts_login": "log-in names are folded before they are stored",
    "ck_accounts_totp": "a second factor is stored as a whole",
    "ck_busy_files_reason": "what could not be read is noted with its reason",
    "ck_delays_minutes": "minutes are checked before, with better words",
    "ck_outbox_lease": "a lease is taken and given back as a whole",
    "ck_patients_invitations_need_an_address": "the choice is checked with its address, with better words",
    "ck_appointments_cancel_reason_given": "only a cancellation, which has a reason, sets this status",
    "ck_appointments_instants": "an appointment's end is computed from its phases",
    "ck_appointments_override": "an override is written as a whole",
    "ck_appointments_session_of_series": "a session is looked up in its series",
    "ck_appointments_session_or_visit": "an appointment is booked for one or the other",
    "ck_claims_one_owner": "claims are written by an appointment's or by a keep's code",
    "ck_holds_date_given": "ends are computed from the end rule",
    "ck_holds_ends_or_review": "ends are computed from the end rule",
    "ck_links_level_of_staff": "a staff link is issued with its level, a patient's without",
    "ck_links_one_owner": "a link is issued for one owner",
    "ck_opening_hours_minutes": "hours are checked as a whole week, with better words",
    "ck_opening_hours_weekday": "hours are checked as a whole week, with better words",
    "ck_roster_days_both_or_none": "hours are checked as a whole day, with better words",
    "ck_roster_days_minutes": "hours are checked as a whole day, with better words",
    "ck_sessions_continued": "a stored window has both its dates",
    "ck_sessions_number": "sessions are counted from one",
    "ck_sessions_performed": "a session is satisfied together with its date",
    "ck_waitlist_earlier_than_booked": "an entry notes the start that it wants to beat",
    "ck_waitlist_ended": "an entry ends as a whole",
    "ck_waitlist_one_wish": "a wish is checked before, with better words",
    "ck_working_hours_minutes": "hours are checked as a whole week, with better words",
    "ck_working_hours_weekday": "hours are checked as a whole week, with better words",
    "uq_appointments_uid": "identifiers are random",
    "uq_devices_token_hash": "secrets are random",
    "uq_link_confirmations_token_hash": "secrets are random",
    "uq_links_token_hash": "secrets are random",
    "uq_logins_token_hash": "secrets are random",
    "uq_password_links_token_hash": "secrets are random",
    "uq_patient_links_token_hash": "secrets are random",
    "uq_outbox_dedupe_key": "a deed announces itself once",
    "uq_tokens_token_hash": "secrets are random",
    "audit_append_only": "nothing of ours changes the audit trail",
}
"""Constraints that no request can meet, and why; beside them the words of fixed sets, and the primary keys."""

WORDS = {
    "ck_absences_source",
    "ck_busy_files_outcome",
    "ck_appointments_cancel_reason",
    "ck_appointments_patient_answer",
    "ck_appointments_status",
    "ck_catalogue_entries_kind",
    "ck_closures_source",
    "ck_feeds_privacy",
    "ck_holds_end_rule",
    "ck_holds_scope",
    "ck_holds_state",
    "ck_keeps_kind",
    "ck_logins_stage",
    "ck_outbox_by",
    "ck_outbox_kind",
    "ck_patient_links_scope",
    "ck_patients_calendar_by",
    "ck_patients_contact",
    "ck_patients_deposit",
    "ck_patients_language",
    "ck_patients_reminder_days",
    "ck_links_privacy",
    "ck_outbox_state",
    "ck_patients_privacy",
    "ck_replies_outcome",
    "ck_resources_kind",
    "ck_series_severity",
    "ck_series_state",
    "ck_sessions_state",
    "ck_tokens_role",
    "ck_told_heard_answer",
    "ck_user_roles_role",
}
"""Values of fixed sets are checked when a request is read."""

KEYS = {f"pk_{table}" for table in Row.metadata.tables} - {"pk_claims"}

POSTGRESQL = """
    SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 'p')
    UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indisunique AND relnamespace = 'public'::regnamespace
    UNION SELECT proname FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid WHERE NOT tgisinternal"""
IN_SQLITE = re.compile(r"CONSTRAINT (\w+) (?:CHECK|UNIQUE|PRIMARY)|UNIQUE INDEX (\w+)|RAISE\(ABORT, '(\w+)'")


def refusing(database: Database) -> set[str]:
    """The name of everything in the database that can refuse a row, foreign keys and missing values apart."""
    with database.read() as tx:
        if not database.is_sqlite:
            return set(tx.scalars(text(POSTGRESQL)))
        told = tx.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        named = {name for sql in told for found in IN_SQLITE.findall(sql) for name in found if name}
        return named | {"pk_audit"}  # a key that counts by itself stands at its column, without a name


def test_every_constraint_has_words_or_guards_against_our_own_mistakes(shared_database: Database) -> None:
    known = [set(REFUSALS), set(OUR_OWN), WORDS, KEYS]
    assert refusing(shared_database) - {"alembic_version_pkc"} == set().union(*known)
    assert sum(map(len, known)) == len(set().union(*known))
