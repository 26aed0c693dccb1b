"""Messages as files, for a machine without a way out: mails as ``.eml``, text messages as lines of one file."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scheduler.operations.messages.sending import Attempt, Outcome


class MailFolder:
    """Writes each mail into a folder, whole or not at all. A duplicate is a second file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, content: Mapping[str, Any]) -> Attempt:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            name = self._folder / f"{secrets.token_hex(8)}.eml"
            part = name.with_suffix(".part")
            _written(part, content["mail"].encode("ascii"), os.O_CREAT | os.O_EXCL)
            part.rename(name)
        except OSError as error:
            return Attempt(Outcome.NOT_SENT, f"the mail could not be written: {error.strerror}")
        return Attempt(Outcome.SENT)

    def close(self) -> None:
        """Nothing is held."""


class TextFile:
    """Appends each text message to a file, one line of JSON each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def text(self, number: str, words: str, message_id: str) -> Attempt:
        line = json.dumps({"id": message_id, "to": number, "text": words}, ensure_ascii=False) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _written(self._path, line.encode(), os.O_CREAT | os.O_APPEND)
        except OSError as error:
            return Attempt(Outcome.NOT_SENT, f"the text could not be written: {error.strerror}")
        return Attempt(Outcome.SENT)


def _written(path: Path, content: bytes, how: int) -> None:
    """In one write, which other processes cannot cut in two, and on the disk when it returns. Only the owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | how, 0o600), "wb", buffering=0) as file:
        file.write(content)
        os.fsync(file.fileno())
