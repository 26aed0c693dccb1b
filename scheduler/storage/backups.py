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

from sqlalchemy import URL, inspect, make_url

from scheduler.domain.refusals import Invalid
from scheduler.storage.database import Database
from scheduler.storage.schema import SchemaError, known_revisions, migrate

POSTGRESQL_FOLDERS = "/usr/lib/postgresql"


def back_up(url: str, file: Path) -> None:
    """Write a backup to ``file``, whole or not at all, for its owner's eyes only.

    Raises ``Invalid`` for the database's own file, ``OSError``, and ``SchemaError`` for a damaged database.
    """
    _refuse_own(url, file)
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(_sqlite_file(url), partial) if _is_sqlite(url) else _dump(url, partial)
        _flush(partial)
        partial.replace(file)
        _flush(file.absolute().parent)
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """Put a backup in the place of everything in the database, bring its schema up to date and prove it.

    Raises ``Invalid`` for a file that is no backup, ``OSError``, and ``SchemaError``.
    """
    if not file.is_file():
        raise Invalid(f"There is no file {file}.", code="no_backup", file=str(file))
    _refuse_own(url, file)
    if _is_sqlite(url):
        _check(file)
        _check_ours(file)
        _copy(file, _sqlite_file(url))
    else:
        _check_dump(file)
        _load(url, file)
    migrate(url)


def in_use(url: str) -> bool:
    """Whether the database has any table at all, whatever its version. Raises ``Unavailable``."""
    database = Database(url)
    try:
        with database.read() as tx:
            return bool(inspect(tx.connection()).get_table_names())
    finally:
        database.dispose()


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sqlite_file(url: str) -> Path:
    return Path(str(make_url(url).database))


def _refuse_own(url: str, file: Path) -> None:
    if _is_sqlite(url) and file.exists() and file.samefile(_sqlite_file(url)):
        raise Invalid(f"{file} is the database itself.", code="own_file", remedy="Name another file.")


def _flush(path: Path) -> None:
    """See to it that a file, or a folder's list of files, survives a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as copy:
        whole.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it that could be left behind
    _check(target)


def _check(file: Path) -> None:
    if (told := _asked(file, "PRAGMA integrity_check")) != ["ok"]:
        raise SchemaError(f"{file} is damaged: {told[0] if told else 'unreadable'}")


def _check_ours(file: Path) -> None:
    """A sound SQLite file may still be anybody's; ours says which migration it has come to."""
    tables = _asked(file, "SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
    heads = _asked(file, "SELECT version_num FROM alembic_version") if tables else []
    _refuse_strange(file, heads)


def _check_dump(file: Path) -> None:
    """A dump of ours lists the table of migrations; that is looked at before anything is replaced."""
    listed = _run("pg_restore", "--list", str(file))
    if " alembic_version " not in listed:
        raise Invalid(f"{file} is no backup of this product.", code="no_backup", file=str(file))


def _refuse_strange(file: Path, heads: list[str]) -> None:
    if not heads or not set(heads) <= known_revisions():
        raise Invalid(f"{file} is no backup of this product, or of a later version.", code="no_backup", file=str(file))


def _asked(file: Path, question: str) -> list[str]:
    """The first column of the answer. Raises ``Invalid`` for what is no SQLite file."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        try:
            return [str(row[0]) for row in copy.execute(question)]
        except sqlite3.DatabaseError:
            raise Invalid(f"{file} is no backup of a SQLite database.", code="no_backup", file=str(file)) from None


def _dump(url: str, file: Path) -> None:
    _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={_libpq(url)}", password=make_url(url).password)


def _load(url: str, file: Path) -> None:
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, f"--dbname={_libpq(url)}", str(file), password=make_url(url).password)


def _libpq(url: str) -> str:
    """The address without its password: everybody on the machine can read a command's words."""
    parsed = make_url(url)
    return URL.create(
        "postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database, parsed.query
    ).render_as_string(hide_password=False)


def _run(program: str, *words: str, password: str | None = None) -> str:
    """What a program of PostgreSQL says. Raises ``SchemaError`` with its last line when it fails."""
    ran = subprocess.run(  # noqa: S603 - a program of the machine, and the operator's own words
        [_found(program), *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
    )
    if ran.returncode:
        raise SchemaError(f"{program}: {ran.stderr.strip().splitlines()[-1] if ran.stderr else 'failed'}")
    return ran.stdout


def _found(program: str) -> str:
    """On the PATH, else beside the newest server of the machine."""
    beside = sorted(Path(POSTGRESQL_FOLDERS).glob(f"*/bin/{program}"), reverse=True)
    found = shutil.which(program) or next(map(str, beside), None)
    if found is None:
        raise SchemaError(f"{program} is not on this machine. Install PostgreSQL's client programs.")
    return found
