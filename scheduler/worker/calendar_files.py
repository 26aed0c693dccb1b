"""Files of a folder that anybody may write to: which calendars it has, and the bytes of one that nobody writes now."""

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from scheduler.calendars.busy import MOST_BYTES
from scheduler.operations.calendars.busy_readings import is_whole

ENDING = ".ics"
MOST_FILES = 1_000
SETTLED_SECONDS = 2
"""A file that has just changed may still be changing."""
CUT_OFF_SECONDS = 600
"""So long a file without its end may still be on its way."""


class Unfit(Exception):
    """A file is not to be read. The text is a sentence for people."""


def calendar_files(folder: Path) -> Mapping[UUID, Path]:
    """The files named by a resource's identifier, such as ``<resource id>.ics``. Raises ``OSError``."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ENDING)
    named = {resource_id: path for path in paths if (resource_id := _resource(path.stem))}
    return dict(list(named.items())[:MOST_FILES])


def _resource(stem: str) -> UUID | None:
    try:
        resource_id = UUID(stem)
    except ValueError:
        return None
    return resource_id if str(resource_id) == stem.lower() else None


def settled_bytes(path: Path, now: float) -> bytes | None:
    """What is in a file, one byte more than is taken at the most; ``None`` while it is being written or is gone.

    ``now`` is in seconds since 1970, as the times of files are. No link is followed. Raises ``Unfit``.
    """
    try:
        with open(path, "rb", opener=_plainly) as file:
            data, last_change = _read(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unfit(_sentence(error)) from None
    wait = SETTLED_SECONDS if is_whole(data) else CUT_OFF_SECONDS
    return None if 0 <= now - last_change < wait else data


def _read(file: BinaryIO) -> tuple[bytes, float]:
    """The bytes, and when they last changed."""
    kind = os.fstat(file.fileno()).st_mode
    if not stat.S_ISREG(kind):
        raise Unfit("It is no ordinary file.")
    return file.read(MOST_BYTES + 1), os.fstat(file.fileno()).st_mtime


def _plainly(path: str, flags: int) -> int:
    """Opens neither a link nor, without end, a pipe to which nobody writes."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _sentence(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "It is a link, and links are not followed."
    return f"It cannot be opened: {error.strerror}."
