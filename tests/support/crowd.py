"""A clinic's worth of rows, ten thousand of them, written through Core: what a migration must carry over unharmed."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, inspect, select

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.logins import Stage
from scheduler.domain.patient_links import LinkScope
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import SeriesState
from scheduler.storage.rows import EntryKind, KeepKind, MessageKind, Row

BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)
PATIENTS, SESSIONS, RESOURCES = 600, 4, 12
KINDS = tuple(ResourceKind)

Values = dict[str, Any]


def one(kind: int, number: int = 0) -> UUID:
    """The identifier of the row with this number among those of one kind."""
    return UUID(int=kind << 64 | number)


ORGANISATION, CLINIC, USER, PROTOCOL, RULE, KEEP = one(1), one(2), one(3), one(4), one(5), one(25)
OWNER = {"organisation_id": ORGANISATION}
HERE = {**OWNER, "clinic_id": CLINIC}


def fill(connection: Connection) -> None:
    """Write the crowd into whichever of its tables are there and without rows."""
    present = set(inspect(connection).get_table_names())
    for name, rows in crowd().items():
        table = Row.metadata.tables[name]
        if name in present and not connection.execute(select(table).limit(1)).first():
            connection.execute(table.insert(), list(rows))


def contents(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours that is there, in the order of its values."""
    present = set(inspect(connection).get_table_names())
    tables = [table for table in Row.metadata.sorted_tables if table.name in present]
    return {table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr) for table in tables}


def crowd() -> Mapping[str, Iterator[Values]]:
    """The rows of each table, parents before children."""
    return {
        "organisations": iter([{"id": ORGANISATION, "name": "Skin & “Sons” — ليلى"}]),
        "clinics": iter([{**OWNER, "id": CLINIC, "name": "Öst", "zone": "Australia/Lord_Howe", **_of("AU")}]),
        "resources": ({**HERE, "id": one(10, n), "kind": KINDS[n % 3], "name": f"R{n}"} for n in range(RESOURCES)),
        "users": iter([{**OWNER, "id": USER, "name": "Zoë", "resource_id": one(10)}]),
        "closures": ({**HERE, "id": one(12, n), "label": "Fête", **_dates(n)} for n in range(50)),
        "absences": (
            {**HERE, "id": one(13, n), "resource_id": one(10, n % RESOURCES), **_times(n)} for n in range(200)
        ),
        "delays": (_delay(n) for n in range(50)),
        "busy_files": (_file(n) for n in range(RESOURCES)),
        "patients": (_patient(n) for n in range(PATIENTS)),
        "catalogue_entries": iter([_entry(PROTOCOL, EntryKind.PROTOCOL), _entry(RULE, EntryKind.CONTRAINDICATION)]),
        "series": (_series(n) for n in range(PATIENTS)),
        "sessions": (_session(n) for n in range(PATIENTS * SESSIONS)),
        "appointments": (_appointment(n) for n in range(PATIENTS * 2)),
        "keeps": (_keep(n) for n in range(100)),
        "claims": (_claim(n, subject) for n in range(PATIENTS * 2) for subject in _subjects(n)),
        "waitlist": (_waiting(n) for n in range(60)),
        "holds": (_hold(n) for n in range(400)),
        "audit": (_audit(n) for n in range(1, 901)),
        "audit_personal": (_personal(n) for n in range(1, 301)),
        "feeds": (_feed(n) for n in range(300)),
        "outbox": (_message(n) for n in range(500)),
        "told": (_told(n) for n in range(400)),
        **logging_in(),
    }


def logging_in() -> Mapping[str, Iterator[Values]]:
    """The rows of how staff log in, and of the personal links of patients."""
    kept = {"login": "zoë", "password_hash": "$argon2id$…", "totp_nonce": "n", "totp_since": BEGIN, "totp_step": 59_000}
    mine = {"user_id": USER}
    return {
        "accounts": iter([{**OWNER, **mine, **kept, "made_at": BEGIN}]),
        "recovery_codes": ({**mine, "id": one(50, n), "code_hash": f"{n:064x}"} for n in range(10)),
        "passkeys": (_passkey(n) for n in range(5)),
        "password_links": ({**mine, "id": one(51, n), "token_hash": f"{n:064x}", **_lasting()} for n in range(20)),
        "devices": ({"id": one(52, n), "token_hash": f"{n:064x}", "name": "Käfer", "made_at": BEGIN} for n in range(9)),
        "device_trusts": (
            {**mine, "device_id": one(52, n), "trusted_until": BEGIN, "last_in_at": BEGIN} for n in range(9)
        ),
        "logins": (_login(n) for n in range(200)),
        "guesses": ({"key": f"{n:064x}", "count": n, "since": BEGIN, "wait_until": BEGIN} for n in range(100)),
        "patient_links": (_patient_link(n) for n in range(300)),
        "link_confirmations": (
            {"id": one(55, n), "link_id": one(54, n), "token_hash": f"{n:064x}", "made_at": BEGIN, "ends_at": BEGIN}
            for n in range(100)
        ),
    }


def _lasting() -> Values:
    return {"made_at": BEGIN, "expires_at": BEGIN + timedelta(days=3, microseconds=1)}


def _passkey(n: int) -> Values:
    """The last of them has counted as far as one can."""
    kept = {"credential_id": f"Y3J{n}", "public_key": "pQEC", "sign_count": 2**32 - 5 + n, "transports": "usb nfc"}
    return {"id": one(56, n), "user_id": USER, "name": "Schlüssel", **kept, "made_at": BEGIN}


def _login(n: int) -> Values:
    kept = {"user_id": USER, "device_id": one(52, n % 9), "token_hash": f"{n:064x}", "stage": Stage.OPEN}
    return {**OWNER, "id": one(53, n), **kept, "made_at": BEGIN, "seen_at": BEGIN, "ends_at": BEGIN}


def _patient_link(n: int) -> Values:
    kept = {"patient_id": one(20, n), "scope": LinkScope.CARE, "token_hash": f"{n:064x}"}
    return {**OWNER, "id": one(54, n), **kept, **_lasting()}


def _file(n: int) -> Values:
    """Every second of them could not be read."""
    became = {"outcome": "unread", "reason": "Größer als “erlaubt”"} if n % 2 else {"outcome": "read", "reason": None}
    return {**HERE, "resource_id": one(10, n), "digest": f"{n:064x}", "read_at": BEGIN, "refused": n % 2, **became}


def _delay(n: int) -> Values:
    noted = {"minutes": n % 480 + 1, "noted_at": BEGIN, "noted_by": USER}
    return {**HERE, "resource_id": one(10), "on_date": BEGIN.date() + timedelta(days=n), **noted}


def _message(n: int) -> Values:
    due = {"due_at": BEGIN + timedelta(minutes=n), "kind": MessageKind.NEWS, "payload": {"n": n}, "state": "sent"}
    return {**HERE, "id": one(40, n), "dedupe_key": f"deed:{n}", "patient_id": one(20, n), **due, **_made()}


def _told(n: int) -> Values:
    known = {"appointment_id": one(23, n), "patient_id": one(20, n % PATIENTS), "sequence": n, "told_at": BEGIN}
    return {**HERE, **known, **_times(n)}


def _of(country: str) -> Values:
    return {"country": country, "created_at": BEGIN}


def _dates(n: int) -> Values:
    return {"starts_on": date(2026, 1, 1) + timedelta(days=7 * n), "ends_on": date(2026, 1, 3) + timedelta(days=7 * n)}


def _times(n: int, minutes: int = 60) -> Values:
    """Starts two hours apart, each with microseconds that must not be lost."""
    starts_at = BEGIN + timedelta(hours=2 * n, microseconds=n)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}


def _patient(n: int) -> Values:
    name = f"Ætla {n} O’Brien \N{SNOWMAN}"
    merged = one(20, n - 1) if n % 50 == 1 else None
    kept = {"name": name, "search_text": name.casefold(), "phone": f"+49 30 {n:05}", "merged_into_id": merged}
    return {**OWNER, "id": one(20, n), **kept, "date_of_birth": date(1904, 2, 29), "created_at": BEGIN}


def _entry(entry_id: UUID, kind: EntryKind) -> Values:
    definition = {"name": "Peel", "nested": {"days": [28, 35.5, None, True]}, "text": "a “quote”\n"}
    return {**OWNER, "id": entry_id, "kind": kind, "code": "peel", "version": 1, "definition": definition} | _made()


def _made() -> Values:
    return {"created_at": BEGIN}


def _series(n: int) -> Values:
    kept = {"patient_id": one(20, n), "protocol_id": PROTOCOL, "start_on": BEGIN.date(), "sites": ["lips", "face"]}
    return {**HERE, "id": one(21, n), "state": SeriesState.ACTIVE, **kept, **_made()}


def _session(n: int) -> Values:
    return {**HERE, "id": one(22, n), "series_id": one(21, n // SESSIONS), "number": n % SESSIONS + 1}


def _appointment(n: int) -> Values:
    """The first session of a series for one half of them, the second for the other."""
    series, step = n % PATIENTS, n // PATIENTS
    kept = {
        "patient_id": one(20, series),
        "series_id": one(21, series),
        "session_id": one(22, series * SESSIONS + step),
    }
    place = {"practitioner_id": one(10, n % 4 * 3), "room_id": one(10, n % 4 * 3 + 1), "wall_start": "2026-01-05T17:00"}
    stamps = {"on_date": BEGIN.date(), "created_at": BEGIN, "changed_at": BEGIN, "uid": one(24, n)}
    return {**HERE, "id": one(23, n), **kept, **place, **_times(n), **stamps}


def _subjects(n: int) -> tuple[UUID, UUID, UUID]:
    return one(20, n % PATIENTS), one(10, n % 4 * 3), one(10, n % 4 * 3 + 1)


def _claim(n: int, subject_id: UUID) -> Values:
    return {**HERE, "subject_id": subject_id, "appointment_id": one(23, n), **_times(n)}


def _keep(n: int) -> Values:
    kept = {"patient_id": one(20, n), "series_id": one(21, n), "kept_until": BEGIN, "placements": [{"session": 3}]}
    return {**HERE, "id": one(25, n), "kind": KeepKind.KEEP, "kept_by": USER, **kept, **_made()}


def _waiting(n: int) -> Values:
    asked = {"patient_id": one(20, n), "visit_type": "consultation", "prefer": [[n % 7, "09:00", "00:00"]]}
    return {**HERE, "id": one(45, n), **asked, "note": "später", "added_by": USER, "added_at": BEGIN}


def _hold(n: int) -> Values:
    rule = {"rule_id": RULE, "code": "herpes", "scope": Scope.SITE, "site": "lips", "end_rule": EndRule.ON_DATE}
    placed = {"state": HoldState.ACTIVE, "placed_by": USER, "placed_at": BEGIN}
    return {**OWNER, "id": one(26, n), "patient_id": one(20, n), **rule, **_dates(n % 50), **placed}


def _audit(n: int) -> Values:
    what = {"action": "sessions_booked", "about": "series", "about_id": one(21, n % PATIENTS), "facts": {"n": n}}
    return {**HERE, "number": n, "at": BEGIN, "actor_id": USER, "patient_id": one(20, n % PATIENTS), **what}


def _personal(n: int) -> Values:
    return {"audit_number": n, "patient_id": one(20, n), "values": {"name": f"Ætla {n}"}}


def _feed(n: int) -> Values:
    bodies = {
        "body": b"BEGIN:VCALENDAR\r\n\x00\xff",
        "zipped": bytes([31, 139, n % 256]),
        "etag": "a",
        "zipped_etag": "b",
    }
    when = {"changed_at": BEGIN, "valid_until": BEGIN}
    return {**OWNER, "owner_id": one(20, n), "privacy": PrivacyLevel.DISCREET, **bodies, **when}
