"""Backups: a whole copy of the database while it is written to, and the way back.

Copying the file of a busy SQLite database loses bookings and still passes the integrity check, so SQLite copies itself
page by page; PostgreSQL dumps one snapshot.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from scheduler.domain.refusals import Invalid
from scheduler.storage.database import Database
from scheduler.storage.schema import SchemaError, migrate

POSTGRESQL_FOLDERS = "/usr/lib/postgresql"


def back_up(url: str, file: Path) -> None:
    """Write a backup to ``file``, whole or not at all. Raises ``OSError``, ``SchemaError`` for a damaged database."""
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        _copy(_sqlite_file(url), partial) if _is_sqlite(url) else _dump(url, partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """Put a backup in the place of everything in the database, bring its schema up to date and prove it.

    Raises ``Invalid`` for a file that is no backup, ``OSError``, and ``SchemaError``.
    """
    if not file.is_file():
        raise Invalid(f"There is no file {file}.", code="no_backup", file=str(file))
    if _is_sqlite(url):
        _check(file)
        _copy(file, _sqlite_file(url))
    else:
        _load(url, file)
    migrate(url)


def overlaps(database: Database) -> int:
    """How many pairs of claims of one subject overlap: none, or a constraint has been missing."""
    with database.engine.connect() as connection:
        return int(connection.exec_driver_sql(_OVERLAPS).scalar_one())


_OVERLAPS = """
    SELECT count(*) FROM (
        SELECT starts_at, max(ends_at) OVER (
            PARTITION BY subject_id ORDER BY starts_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS busy_until FROM claims
    ) AS ordered WHERE busy_until > starts_at
"""


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sqlite_file(url: str) -> Path:
    return Path(str(make_url(url).database))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as copy:
        whole.backup(copy, pages=-1)
    _check(target)


def _check(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        try:
            told = copy.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError:
            raise Invalid(f"{file} is no backup of a SQLite database.", code="no_backup", file=str(file)) from None
    if told != "ok":
        raise SchemaError(f"{file} is damaged: {told}")


def _dump(url: str, file: Path) -> None:
    _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={_libpq(url)}")


def _load(url: str, file: Path) -> None:
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, f"--dbname={_libpq(url)}", str(file))


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *words: str) -> None:
    ran = subprocess.run(  # noqa: S603 - a program of the machine, and the operator's own words
        [_found(program), *words], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SchemaError(f"{program}: {ran.stderr.strip().splitlines()[-1] if ran.stderr else 'failed'}")


def _found(program: str) -> str:
    """On the PATH, else beside the newest server of the machine."""
    beside = sorted(Path(POSTGRESQL_FOLDERS).glob(f"*/bin/{program}"), reverse=True)
    found = shutil.which(program) or next(map(str, beside), None)
    if found is None:
        raise SchemaError(f"{program} is not on this machine. Install PostgreSQL's client programs.")
    return found
