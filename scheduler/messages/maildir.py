"""A maildir: a folder into whose ``new`` a mail server puts messages, and out of which we put them into ``cur``."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SEEN = ":2,S"
"""What a mail program expects behind the name of a message that has been read."""


@dataclass(frozen=True, slots=True)
class Maildir:
    """One maildir. Of each message at most ``most_bytes`` and one more are read."""

    folder: Path
    most_bytes: int

    def names(self, most: int) -> list[str]:
        """The names of so many new messages, the oldest first. Raises ``OSError`` when the folder cannot be read."""
        found = [entry.name for entry in os.scandir(self.folder / "new") if not entry.name.startswith(".")]
        return sorted(found)[:most]

    def messages(self, names: list[str]) -> Iterator[tuple[str, bytes]]:
        """The messages with their names. What is no ordinary file, or gone by now, is passed over."""
        for name in names:
            with suppress(OSError):
                yield name, self._read(name)

    def _read(self, name: str) -> bytes:
        with open(self.folder / "new" / name, "rb", opener=_plainly) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise IsADirectoryError(name)
            return file.read(self.most_bytes + 1)

    def put_away(self, name: str) -> None:
        """Mark a message as read. One that somebody else has put away already is left alone."""
        with suppress(FileNotFoundError):
            os.rename(self.folder / "new" / name, self.folder / "cur" / (name.partition(":")[0] + SEEN))


def _plainly(path: str, flags: int) -> int:
    """Opens neither a link nor, without end, a pipe to which nobody writes."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
