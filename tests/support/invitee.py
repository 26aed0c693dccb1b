"""Another program that reads mails with invitations and keeps its owner's calendar: xandikos."""

import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from tests.support.readers import Read
from tests.support.readers.in_python import read_by_ical

PROGRAM = Path(sys.executable).with_name("xandikos")
OWNER = "anna"


class Invitee:
    """Somebody whose program puts invitations into a calendar in this folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receive(self, mail: EmailMessage) -> None:
        """Take in a mail as it is; where events are attached to it, their owner opens each, one after the other."""
        for message in list(_attached(mail)) or [mail]:
            self._import(message)

    @property
    def calendar(self) -> dict[str, Read]:
        """What stands in the calendar now, by UID."""
        files = (self._folder / OWNER / "calendars/calendar").glob("*.ics")
        return {uid: event for file in files for uid, event in read_by_ical(file.read_bytes()).items()}

    def _import(self, message: EmailMessage) -> None:
        command = (PROGRAM, "import-imip", "--directory", self._folder, "--principal", f"/{OWNER}/", "--autocreate")
        done = subprocess.run(command, input=message.as_bytes(), capture_output=True, check=True)
        if b"Imported iMIP" not in done.stderr:  # it ends well, too, when it passes a mail over
            raise ValueError(done.stderr.decode())


def _attached(mail: EmailMessage) -> Iterator[EmailMessage]:
    for part in mail.iter_attachments():
        if part.get_content_type() == "text/calendar":
            yield part
