"""Patients from a table, at the command line."""

from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler.operations.patients.patients import add_patient
from scheduler.storage.rows import AuditRow, PatientRow
from tests.support.clinic import Clinic
from tests.support.command_line import CommandLine

HEADER = "name,phone,email,date_of_birth,note\n"
TWO = HEADER + "Zoë Ångström,+49 30 123456,,1990-02-28,Rings twice\n李小龍,,li@clinic.example,,\n"
FILE = Path("patients.csv")


def imported(line: CommandLine, data: str | bytes, *words: str) -> tuple[int, list[str], str]:
    FILE.write_bytes(data if isinstance(data, bytes) else data.encode())
    said = line.run("import", "patients", str(FILE), *words)
    return said.exit_code, said.stdout.splitlines(), said.stderr.splitlines()[-1]


def names(line: CommandLine) -> set[str]:
    with line.database.read() as tx:
        return set(tx.scalars(select(PatientRow.name)))


def test_without_yes_nothing_is_stored(line: CommandLine, clinic: Clinic) -> None:
    code, told, _ = imported(line, TWO)
    assert (code, told) == (
        0,
        ["Rows that can be stored: 2; refused: 0.", "Nothing has been stored. Say --yes to store it."],
    )
    with line.database.read() as tx:
        assert (names(line), tx.scalar(select(AuditRow).where(AuditRow.action == "patient_added"))) == (set(), None)


def test_every_column_is_stored(line: CommandLine, clinic: Clinic) -> None:
    code, told, _ = imported(line, TWO, "--yes")
    with line.database.read() as tx:
        rows = tx.scalars(select(PatientRow).order_by(PatientRow.created_at, PatientRow.id)).all()
        kept = {(row.name, row.phone, row.email, str(row.date_of_birth), row.note) for row in rows}
    assert (code, told) == (0, ["Rows stored: 2; refused: 0."])
    assert kept == {
        ("Zoë Ångström", "+49 30 123456", None, "1990-02-28", "Rings twice"),
        ("李小龍", None, "li@clinic.example", "None", ""),
    }


@pytest.mark.parametrize(
    "data",
    [
        TWO.encode("utf-8-sig"),
        TWO.replace(",", ";").encode(),
        TWO.replace("\n", "\r\n").encode(),
        TWO.replace("name", " Name ").encode(),
        b"sep=;\r\n" + TWO.replace(",", ";").replace("\n", "\r\n").encode(),
        TWO.replace("\n", ",,\n").encode(),
        TWO.replace("+49 30", "\u00a0+49\u00a030").encode(),
        "note,date_of_birth,phone,name,email\n,,12345,Zoë Ångström,\n,,,李小龍,li@clinic.example\n".encode(),
    ],
)
def test_a_table_may_come_from_any_spreadsheet(line: CommandLine, clinic: Clinic, data: bytes) -> None:
    assert imported(line, data, "--yes")[0] == 0
    assert names(line) == {"Zoë Ångström", "李小龍"}


def test_each_refused_row_is_told_with_its_line_and_the_others_go_in(line: CommandLine, clinic: Clinic) -> None:
    rows = (
        '"Ada\nYoung",1234567,,,\n\nAda Old,1234567,,,"Two\nlines"\n,12,x,1990-02-30,\nNo Contact,,,,\n'
        "Unborn,1234567,,2027-01-01,\nShort,1234567\nDEL\x7f,1234567,,,\nTurn\u202e,1234567,,,\n"
    )
    code, told, error = imported(line, HEADER + rows, "--yes")
    control = "name must not contain control characters or line breaks."
    assert told == [
        f"Line 2 is refused: {control}",
        "Line 7 is refused: name must not be empty; phone must be a phone number of 5 to 15 digits; "
        "email must be an e-mail address such as name@clinic.example; date_of_birth day is out of range for month.",
        "Line 8 is refused: A patient needs a phone number or an e-mail address.",
        "Line 9 is refused: A date of birth must not lie in the future.",
        "Line 10 is refused: The row has 2 cells and the header 5.",
        f"Line 11 is refused: {control}",
        f"Line 12 is refused: {control}",
        "Rows stored: 1; refused: 7.",
    ]
    assert (code, error, names(line)) == (1, "Error: Rows refused: 7 of 8.", {"Ada Old"})


def test_the_same_file_a_second_time_adds_nobody(line: CommandLine, clinic: Clinic) -> None:
    assert imported(line, TWO, "--yes")[0] == 0
    code, told, _ = imported(line, TWO + "New,1234567,,,\n", "--yes")
    remedy = "If this is somebody else, add them by hand."
    assert (code, told) == (
        1,
        [
            f"Line 2 is refused: Already imported: Zoë Ångström is on file with all that this line says. {remedy}",
            f"Line 3 is refused: Already imported: 李小龍 is on file with all that this line says. {remedy}",
            "Rows stored: 1; refused: 2.",
        ],
    )
    assert names(line) == {"Zoë Ångström", "李小龍", "New"}


def test_a_family_shares_a_phone(line: CommandLine, clinic: Clinic) -> None:
    code, told, _ = imported(line, HEADER + "Anna Berg,1234567,,,\nBen Berg,1234567,,,\nCem Kaya,1234567,,,\n", "--yes")
    assert (code, told[0].startswith("Line 3: may be Anna Berg (1234567)"), told[1:]) == (
        0,
        True,
        ["Rows stored: 3; refused: 0."],
    )


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "#REF!", "+A1", '"=HYPERLINK(""http://x"")"'])
def test_a_formula_is_no_name(line: CommandLine, clinic: Clinic, name: str) -> None:
    code, told, _ = imported(line, f"{HEADER}{name},1234567,,,\n", "--yes")
    why = "name must be a name, not a formula or an error of a spreadsheet."
    assert (code, told, names(line)) == (1, [f"Line 2 is refused: {why}", "Rows stored: 0; refused: 1."], set())


def test_a_name_that_is_too_long_is_refused(line: CommandLine, clinic: Clinic) -> None:
    code, told, _ = imported(line, f"name,phone\n{'a' * 120},1234567\n{'b' * 121},1234567\n", "--yes")
    assert (code, told[0]) == (1, "Line 3 is refused: name must not be longer than 120 characters.")
    assert names(line) == {"a" * 120}


def test_a_likely_duplicate_is_told_and_goes_in(line: CommandLine, clinic: Clinic) -> None:
    known = clinic.do(lambda context: add_patient(context, name="Ada Young", phone="+44 7700 900001")).patient
    code, told, _ = imported(line, "name;phone\nYoung Ada;07700 900001\n", "--yes")
    assert (code, told) == (
        0,
        [
            f"Line 2: may be Ada Young (+44 7700 900001), who is on file: {known.id}.",
            "Rows stored: 1; refused: 0.",
        ],
    )
    assert names(line) == {"Ada Young", "Young Ada"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "patients.csv has no header."),
        (b"\n\n", "patients.csv has no header."),
        (b"name,phone\nZo\xeb,12345\n", "patients.csv is not UTF-8, which shows on line 2. Save it as UTF-8."),
        (b"name,phone\nA\0da,12345\n", "patients.csv is not text: it has NUL bytes. Save it as UTF-8."),
        (b'name\nAda,\rYoung\n"', "patients.csv is not a table: unexpected end of data."),
        (
            b"Ada,12345\n",
            "The import does not know a column: “ada”, “12345”. "
            "The header may name: name, phone, email, date_of_birth, note.",
        ),
        (
            b"phone\n12345\n",
            "The import lacks a column: “name”. The header may name: name, phone, email, date_of_birth, note.",
        ),
        (
            b"name,name\nA,B\n",
            "The import repeats a column: “name”. The header may name: name, phone, email, date_of_birth, note.",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(
    line: CommandLine, clinic: Clinic, data: bytes, why: str
) -> None:
    FILE.write_bytes(data)
    said = line.run("import", "patients", str(FILE), "--yes")
    assert (said.exit_code, said.stdout, said.stderr) == (1, "", f"Error: {why}\n")


def test_a_file_that_is_not_there_is_refused_in_one_line(line: CommandLine, clinic: Clinic) -> None:
    said = line.run("import", "patients", "nowhere.csv")
    assert (said.exit_code, len(said.stderr.splitlines()), "nowhere.csv" in said.stderr) == (1, 1, True)
