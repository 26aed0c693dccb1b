"""The ground that the other tests stand on."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect

from tests.support import mutation_score
from tests.support.databases import Databases
from tests.support.postgres import Cluster, packaged_programs

ROOT = Path(__file__).parent.parent
SKIPPING = "import pytest\n\n\ndef test_it():\n    pytest.skip('no reason')\n"
NOTING_THE_SERVER = """
import pathlib, pytest

@pytest.mark.parametrize("n", range(4))
def test_it(n, postgres_server):
    (pathlib.Path(__file__).parent / str(n)).write_text(postgres_server)
"""
WAITING = """
import os, pathlib, time

def test_it(postgres_server):
    (pathlib.Path(__file__).parent / "folder").write_text(os.environ["INTERVAL_TEST_FOLDER"])
    time.sleep(60)
"""


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
        return row and row[0]


def pytest_of(folder: Path, code: str, *options: str) -> subprocess.Popen[str]:
    """A test run of its own, with our fixtures and one file of tests."""
    (folder / "test_planted.py").write_text(code)
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "INTERVAL_"))}
    environ |= {option: "1" for option in options if option.startswith("INTERVAL_")}
    arguments = [option for option in options if option.startswith("-")]
    return subprocess.Popen(
        [*command, *arguments, str(folder)], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    )


def test_a_new_database_is_empty_and_gone_after_dropping(databases: Databases, postgres_server: str) -> None:
    url = databases.new("postgresql", migrated=False)
    assert ask(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    databases.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_database_is_dropped_under_a_connection_that_is_still_open(
    databases: Databases, postgres_server: str
) -> None:
    url = databases.new("postgresql", migrated=False)
    with closing(psycopg.connect(url)) as left_open:
        databases.drop(url)
        with pytest.raises(psycopg.OperationalError):
            left_open.execute("SELECT 1")


def test_a_borrowed_server_is_left_as_it_was(
    tmp_path: Path, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'borrowed_')"  # others come and go meanwhile
    monkeypatch.setenv("TEST_DATABASE_URL", postgres_server)
    (tmp_path / "borrowed").mkdir()
    borrowed = Databases(tmp_path / "borrowed")
    assert ask(borrowed.new("postgresql", migrated=False), "SELECT 1") == 1
    assert ask(postgres_server, ours) == 1
    borrowed.end()
    assert ask(postgres_server, ours) == 0


def test_a_migrated_database_has_tables_and_its_own_rows(database_url: str) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).has_table("alembic_version")
    engine.dispose()


def test_a_durable_server_keeps_what_it_acknowledged_when_it_is_killed(durable_postgres: Cluster) -> None:
    with psycopg.connect(durable_postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        durable_postgres.kill()
    durable_postgres.start()
    assert ask(durable_postgres.url(), "SELECT n FROM kept") == 7


def test_the_packaged_server_serves_where_the_machine_has_none(databases: Databases) -> None:
    cluster = Cluster(databases.folder / "packaged")
    cluster.create(packaged_programs())
    assert ask(cluster.url(), "SELECT count(*) FROM pg_available_extensions WHERE name = 'btree_gist'") == 1
    cluster.stop()
    shutil.rmtree(cluster.folder)


def test_the_processes_of_one_run_share_one_server(tmp_path: Path) -> None:
    output, _ = pytest_of(tmp_path, NOTING_THE_SERVER, "-n2").communicate()
    assert "4 passed" in output
    assert len({(tmp_path / str(n)).read_text() for n in range(4)}) == 1


def test_a_skip_is_said_loudly(tmp_path: Path) -> None:
    run = pytest_of(tmp_path, SKIPPING)
    assert "1 TESTS DID NOT RUN" in run.communicate()[0]
    assert run.returncode == 0


def test_a_forbidden_skip_fails_the_run(tmp_path: Path) -> None:
    run = pytest_of(tmp_path, SKIPPING, "-n1", "INTERVAL_FORBID_SKIPS")
    assert "which this run forbids" in run.communicate()[0]
    assert run.returncode == 1


def test_a_killed_run_leaves_no_server_and_no_folder(tmp_path: Path) -> None:
    with pytest_of(tmp_path, WAITING) as run:
        _wait_for(tmp_path / "folder", there=True)
        folder = Path((tmp_path / "folder").read_text())
        server = int((folder / "postgres/data/postmaster.pid").read_text().splitlines()[0])
        run.send_signal(signal.SIGKILL)
    _wait_for(folder, there=False)
    _wait_for(Path(f"/proc/{server}/cwd"), there=False)


def _wait_for(path: Path, *, there: bool) -> None:
    deadline = time.monotonic() + 30
    while path.exists() is not there or (there and not path.stat().st_size):
        assert time.monotonic() < deadline, f"{path} is {'not there' if there else 'still there'}"
        time.sleep(0.05)


def test_a_mutant_that_no_test_reaches_counts_as_alive() -> None:
    counts = {"killed": 8, "timeout": 1, "segfault": 0, "survived": 0, "no_tests": 1, "skipped": 0, "total": 10}
    assert mutation_score.score(counts) == 0.9
    assert mutation_score.verdict(counts) == "90.0% of 10 mutants killed; 0 survived, 1 met no test; the bar is 90%"
