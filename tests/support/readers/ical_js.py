"""ical.js, the parser of Thunderbird, in a process of its own that goes on reading."""

import atexit
import json
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.support.readers import Read

PROGRAM = Path(__file__).with_suffix(".mjs")
NODE = Path(sys.executable).with_name("node")


def read(data: bytes) -> dict[str, Read]:
    """What ical.js finds."""
    reader = _reader()
    if reader.stdin is None or reader.stdout is None:
        raise RuntimeError("the reader has no pipes")
    reader.stdin.write(json.dumps(data.decode()) + "\n")
    reader.stdin.flush()
    line = reader.stdout.readline()
    if not line:
        raise ValueError("ical.js refused the calendar; it says why on standard error")
    return {event["uid"]: _event(event) for event in json.loads(line)}


@cache
def _reader() -> "subprocess.Popen[str]":
    """One process for all files; it ends with its standard input."""
    reader = subprocess.Popen([NODE, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(reader.communicate)
    return reader


def _event(event: dict[str, object]) -> Read:
    starts_at, ends_at = (datetime.fromtimestamp(int(str(event[end])), UTC) for end in ("starts", "ends"))
    return Read(starts_at, ends_at, int(str(event["sequence"])), str(event["status"]), str(event["summary"]))
