"""Fresh databases of either kind, quickly: each is a copy of one that was migrated once.

All processes of one test run share a folder, and through it one PostgreSQL server and one template of each kind.
"""

import fcntl
import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.support.postgres import Cluster

ENGINES = ("sqlite", "postgresql")
SHARED_FOLDER = "INTERVAL_TEST_FOLDER"


class Databases:
    """Makes and drops the databases of one test run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prefix = f"{folder.name.replace('-', '_')}_"
        self._own = Cluster(folder / "postgres")

    @classmethod
    def begin(cls) -> "Databases":
        """Begin a test run: make the folder, and see that nothing stays when this process is killed."""
        folder = Path(tempfile.mkdtemp(prefix="interval-"))
        folder.chmod(0o755)
        os.environ[SHARED_FOLDER] = str(folder)
        _clean_up_after(os.getpid(), folder)
        return cls(folder)

    @classmethod
    def joined(cls) -> "Databases":
        """The databases of the test run that this process belongs to."""
        return cls(Path(os.environ[SHARED_FOLDER]))

    def end(self) -> None:
        """End the test run: drop what is left on a borrowed server, stop our own, remove the folder."""
        if os.environ.get("TEST_DATABASE_URL"):
            self._drop_all()
        for data in self.folder.glob("*/data"):
            Cluster(data.parent).stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def server(self) -> str:
        """The address of the PostgreSQL server: `TEST_DATABASE_URL`, else one of our own, started when first needed.

        Raises NoServer.
        """
        if given := os.environ.get("TEST_DATABASE_URL"):
            return given
        with self._alone():
            if not self._port_file.exists():
                self._own.create()
                self._port_file.write_text(str(self._own.port))
        return Cluster(self._own.folder, port=int(self._port_file.read_text())).url()

    def new(self, engine: str, *, migrated: bool = True) -> str:
        """The address of a new database: migrated and without rows, or quite empty."""
        template = self._template(engine) if migrated else None
        url = self._address(engine, secrets.token_hex(6))
        _create(url, template)
        return url

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = str(make_url(url).database)
        if url.startswith("sqlite"):
            for suffix in ("", "-wal", "-shm"):
                Path(name + suffix).unlink(missing_ok=True)
        else:
            _on_server(self.server(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self, engine: str) -> str:
        url = self._address(engine, "template")
        done = self.folder / f"{engine}-template-done"
        with self._alone(engine):
            if not done.exists():
                _migrate_new(url)
                done.touch()
        return url

    def _address(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        return make_url(self.server()).set(database=self._prefix + name).render_as_string(hide_password=False)

    @property
    def _port_file(self) -> Path:
        return self.folder / "postgres-port"

    def _drop_all(self) -> None:
        names = "SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"
        for name in _on_server(self.server(), names, prefix=self._prefix):
            self.drop(make_url(self.server()).set(database=name).render_as_string(hide_password=False))

    @contextmanager
    def _alone(self, what: str = "server") -> Iterator[None]:
        """One process of the test run at a time."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _migrate_new(url: str) -> None:
    from scheduler.storage.schema import migrate  # late: tests of the pure parts need no database code

    _create(url, None)
    migrate(url)


def _create(url: str, template: str | None) -> None:
    if url.startswith("sqlite"):
        if template:
            _copy_file(template, url)
        return
    address = make_url(url)
    like = make_url(template).database if template else "template0"
    server = address.set(database="postgres").render_as_string(hide_password=False)
    _on_server(server, f'CREATE DATABASE "{address.database}" TEMPLATE "{like}"')


def _copy_file(template: str, url: str) -> None:
    with (
        closing(sqlite3.connect(str(make_url(template).database))) as source,
        closing(sqlite3.connect(str(make_url(url).database))) as target,
    ):
        source.backup(target)


def _on_server(url: str, statement: str, **values: str) -> list[str]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        result = connection.execute(text(statement), values)
        return [str(row[0]) for row in result] if result.returns_rows else []


def _clean_up_after(parent: int, folder: Path) -> None:
    """Leave a watcher that ends servers and removes the folder once `parent` is gone, however it went."""
    script = f"""(
        while kill -0 {parent}; do sleep 1; done
        for file in {folder}/*/data/postmaster.pid; do kill -QUIT "$(head -n 1 "$file")"; done
        rm -rf {folder}
    ) </dev/null >/dev/null 2>&1 &"""
    subprocess.run(["sh", "-c", script], start_new_session=True, check=True)
