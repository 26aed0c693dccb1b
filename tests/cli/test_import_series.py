"""Series from a table, at the command line: what was performed, what is booked, and what there is to decide."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from scheduler.operations.patients.patients import add_patient
from scheduler.storage.rows import AppointmentRow, ClaimRow, OutboxRow, SeriesRow, SessionRow, ToldRow
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine
from tests.support.hold_orders import place, wish

HEADER = "patient;protocol;sessions;body_sites;performed;booked;practitioner;room;device\n"
WHERE = "Ada;Room 1;microneedling-pen"
FILE = Path("series.csv")


@pytest.fixture(autouse=True)
def zoe(clinic: Clinic) -> object:
    clinic.do(lambda context: add_patient(context, name="Li", phone="+49 30 7777777"))
    return clinic.do(lambda context: add_patient(context, name="Zoë", phone="+49 30 123456")).patient.id


def one(performed: str = "", booked: str = "", patient: str = "Zoë", where: str = WHERE, sessions: str = "4") -> str:
    return f"{patient};microneedling-rejuvenation;{sessions};face|neck;{performed};{booked};{where}\n"


def imported(line: CommandLine, rows: str, *words: str) -> tuple[int, list[str]]:
    FILE.write_text(HEADER + rows, encoding="utf-8")
    said = line.run("import", "series", str(FILE), *words)
    return said.exit_code, said.stdout.splitlines()


def sessions(line: CommandLine) -> list[tuple[str, date | None, str | None]]:
    with line.database.read() as tx:
        rows = tx.scalars(select(SessionRow).order_by(SessionRow.number)).all()
        return [(row.state.value, row.performed_on, row.import_note) for row in rows]


def bookings(line: CommandLine) -> list[tuple[str, bool, str | None]]:
    with line.database.read() as tx:
        rows = tx.scalars(select(AppointmentRow).order_by(AppointmentRow.starts_at)).all()
        return [(row.wall_start, row.at_risk, row.import_note) for row in rows]


def count(line: CommandLine, row: type) -> int:
    with line.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(row)) or 0


VALID = one("2026-02-16|2026-01-12", "2026-03-23T10:00:00+01:00|2026-04-27T08:00:00Z")


@pytest.mark.parametrize("patient", ["Zoë", "030 123456"])
def test_a_course_that_keeps_the_rules_goes_in_as_it_is(line: CommandLine, clinic: Clinic, patient: str) -> None:
    assert imported(line, VALID.replace("Zoë", patient), "--yes") == (0, ["Rows stored: 1; refused: 0."])
    assert sessions(line) == [
        ("satisfied", date(2026, 1, 12), None),
        ("satisfied", date(2026, 2, 16), None),
        ("due", None, None),
        ("due", None, None),
    ]
    assert bookings(line) == [("2026-03-23T10:00", False, None), ("2026-04-27T10:00", False, None)]
    with line.database.read() as tx:
        row = tx.scalars(select(SeriesRow)).one()
        assert (row.state.value, row.start_on, row.sites) == ("active", date(2026, 1, 12), ["face", "neck"])


def test_without_yes_nothing_is_stored(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, VALID) == (
        0,
        ["Rows that can be stored: 1; refused: 0.", "Nothing has been stored. Say --yes to store it."],
    )
    assert [count(line, row) for row in (SeriesRow, SessionRow, AppointmentRow, ClaimRow)] == [0, 0, 0, 0]


AGAIN = "is refused: Already imported: the patient has this course, begun on"
REMEDY = "Change it there if it is not as it should be."
NOTHING = "Nothing has been stored. Say --yes to store it."


@pytest.mark.parametrize(
    ("row", "begun"),
    [
        (VALID, "2026-01-12"),
        (one("2025-12-08|2026-01-12|2026-02-16", sessions="3"), "2025-12-08"),
        (one("2026-01-12"), "2026-01-12"),
        (one(), "2026-03-02"),
    ],
)
def test_the_same_file_a_second_time_adds_nothing(line: CommandLine, clinic: Clinic, row: str, begun: str) -> None:
    assert imported(line, row, "--yes")[0] == 0
    before = [count(line, rows) for rows in (SeriesRow, SessionRow, AppointmentRow, ClaimRow)]
    line.clock.pass_time(timedelta(days=1))
    said = f"Line 2 {AGAIN} {begun}. {REMEDY}"
    assert imported(line, row) == (1, [said, "Rows that can be stored: 0; refused: 1.", NOTHING])
    assert imported(line, row, "--yes") == (1, [said, "Rows stored: 0; refused: 1."])
    assert [count(line, rows) for rows in (SeriesRow, SessionRow, AppointmentRow, ClaimRow)] == before


def test_a_row_that_stands_twice_goes_in_once(line: CommandLine, clinic: Clinic) -> None:
    code, told = imported(line, one("2026-01-12") * 2, "--yes")
    assert (code, told) == (1, [f"Line 3 {AGAIN} 2026-01-12. {REMEDY}", "Rows stored: 1; refused: 1."])
    assert count(line, SeriesRow) == 1


@pytest.mark.parametrize(
    "other",
    [
        one("2025-06-09"),
        one("2026-01-12").replace("face|neck", "hands"),
        one("2026-01-12", patient="Li"),
        one("2026-01-12").replace("microneedling-rejuvenation", "chemical-peel-superficial"),
    ],
)
def test_another_course_is_not_taken_for_the_same(line: CommandLine, clinic: Clinic, other: str) -> None:
    assert imported(line, one("2026-01-12") + other, "--yes")[0] == 0
    assert count(line, SeriesRow) == 2


def test_the_patient_is_not_told_of_what_they_know(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, VALID, "--yes")[0] == 0
    assert (count(line, AppointmentRow), count(line, ToldRow), count(line, OutboxRow)) == (2, 2, 0)


def test_a_course_without_dates_is_a_draft(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, one(), "--yes")[0] == 0
    with line.database.read() as tx:
        assert tx.scalars(select(SeriesRow)).one().state.value == "draft"


def test_a_course_that_is_over_is_completed(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, one("2025-12-08|2026-01-12|2026-02-16", sessions="3"), "--yes")[0] == 0
    with line.database.read() as tx:
        assert tx.scalars(select(SeriesRow)).one().state.value == "completed"


def test_a_booking_that_is_too_early_enters_to_be_decided(line: CommandLine, clinic: Clinic) -> None:
    code, told = imported(line, one("2026-02-16", "2026-03-09T10:00:00+01:00"), "--yes")
    note = (
        "imported, decide: Session 2 on 2026-03-09 would be 21 days after 2026-02-16. "
        "At least 28 days after the session before was performed on 2026-02-16."
    )
    assert (code, told) == (0, [f"Line 2: session 2: {note}", "Rows stored: 1; refused: 0."])
    assert bookings(line) == [("2026-03-09T10:00", True, note)]


def test_a_record_that_was_late_enters_to_be_decided(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, one("2026-01-05|2026-02-17"), "--yes")[0] == 0
    note = "imported, decide: Performed late, 43 days after the session before; 28 to 42 are allowed."
    assert sessions(line)[:2] == [("satisfied", date(2026, 1, 5), None), ("satisfied", date(2026, 2, 17), note)]


def test_a_booking_under_a_hold_enters_to_be_decided(line: CommandLine, clinic: Clinic, zoe: object) -> None:
    place(clinic, zoe, wish(0, 30))  # the clinic does what a desk does
    assert imported(line, one("2026-02-16", "2026-03-23T10:00:00+01:00"), "--yes")[0] == 0
    note = "imported, decide: A hold blocks treatment from 2026-03-02 to 2026-04-01."
    assert bookings(line) == [("2026-03-23T10:00", True, note)]


def test_a_booking_outside_the_hours_enters_to_be_decided(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, one("2026-02-16", "2026-03-23T20:00:00+01:00"), "--yes")[0] == 0
    ((_, at_risk, note),) = bookings(line)
    assert (at_risk, note and note.startswith("imported, decide: Ada is not available on Monday 23 March")) == (
        True,
        True,
    )


def test_a_double_booking_refuses_its_row_whole(line: CommandLine, clinic: Clinic) -> None:
    code, told = imported(line, VALID + one("2026-02-16", "2026-03-23T11:00:00+01:00", "Li"), "--yes")
    assert (code, told[-1], count(line, SeriesRow), count(line, SessionRow)) == (
        1,
        "Rows stored: 1; refused: 1.",
        1,
        4,
    )
    assert told[0].startswith("Line 3 is refused: Room 1 is taken on Monday 23 March 2026 from 10:00 to 11:30.")


def test_a_row_that_overlaps_itself_is_refused(line: CommandLine, clinic: Clinic) -> None:
    code, told = imported(line, one("", "2026-03-23T10:00:00+01:00|2026-03-23T10:30:00+01:00"), "--yes")
    assert (code, told[-1], count(line, SeriesRow)) == (1, "Rows stored: 0; refused: 1.", 0)


BOOKED = "2026-03-23T10:00:00+01:00"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (one(patient=""), "patient must not be empty."),
        (one(patient="Nobody"), "No patient is found by “Nobody”."),
        (one(patient="Zoë\x1b"), "patient must not contain control characters or line breaks."),
        (one(sessions="four"), "sessions must be a whole number."),
        (one(sessions="２"), "sessions must be a whole number."),
        (one("2026-03-03"), "performed on 2026-03-03 is still to come."),
        (one("20260216"), "performed must be a date such as 2026-03-05."),
        (one("2026-02-16|"), "performed must be a date such as 2026-03-05."),
        (one("", "2026-03-02T07:00:00Z"), "booked on 2026-03-02 has passed: it was performed, or it was not."),
        (
            one("", "2026-03-23T10:00:00"),
            "booked must be a time with its offset, such as 2026-03-05T11:00:00+01:00.",
        ),
        (one("", "9999-12-31T23:59:59-14:00"), "booked must lie between the years 1900 and 2200."),
        (one("", BOOKED, where="Eve;Room 1;microneedling-pen"), "There is no resource called “Eve”."),
        (
            one("", BOOKED, where="Ada;Room 1;"),
            "A device is needed. Name a device.",
        ),
        (
            one("2026-01-12|2026-02-16|2025-12-01", BOOKED, sessions="3"),
            "There are more dates than sessions.",
        ),
        (one().replace("face", "tail"), "There is no body site called “tail”."),
        (one().replace("rejuvenation", "of-nothing"), "There is no protocol called “microneedling-of-nothing”."),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_leaves_nothing(
    line: CommandLine, clinic: Clinic, row: str, why: str
) -> None:
    code, told = imported(line, row, "--yes")
    assert (code, told) == (1, [f"Line 2 is refused: {why}", "Rows stored: 0; refused: 1."])
    assert count(line, SeriesRow) == 0
