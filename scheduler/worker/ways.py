"""Ways: which senders there are, by what is set up here."""

from dataclasses import dataclass, field
from pathlib import Path

from scheduler.domain.contact import Contact
from scheduler.worker.senders import Sender, Texts
from scheduler.worker.senders.files import MailFolder, TextFile
from scheduler.worker.senders.gateway import Gateway, HttpGateway
from scheduler.worker.senders.smtp import MailServer, Smtp


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages leave. ``folder`` takes what has no other way; without it such patients have to be called."""

    smtp_url: str | None = field(default=None, repr=False)
    gateway: Gateway | None = None
    folder: Path | None = None

    @property
    def names(self) -> frozenset[Contact]:
        """The ways that lead anywhere."""
        by_mail = Contact.EMAIL if self.smtp_url or self.folder else None
        by_text = Contact.TEXT if self.gateway or self.folder else None
        return frozenset(way for way in (by_mail, by_text) if way)

    def senders(self) -> dict[Contact, Sender]:
        """A sender for each of them, for one worker."""
        senders: dict[Contact, Sender] = {}
        if self.smtp_url:
            senders[Contact.EMAIL] = Smtp(MailServer.at(self.smtp_url))
        elif self.folder:
            senders[Contact.EMAIL] = MailFolder(self.folder / "mail")
        if self.gateway:
            senders[Contact.TEXT] = Texts(HttpGateway(self.gateway))
        elif self.folder:
            senders[Contact.TEXT] = Texts(TextFile(self.folder / "texts.jsonl"))
        return senders

    def missing(self) -> tuple[str, ...]:
        """What is not set up and what follows, in a sentence each."""
        instead = f"lie in {self.folder}" if self.folder else "are calls to make"
        is_set_up = {
            "No mail server is set up (SMTP_URL): mails": bool(self.smtp_url),
            "No text gateway is set up (TEXT_URL): text messages": self.gateway is not None,
        }
        return tuple(f"{words} {instead}." for words, there in is_set_up.items() if not there)
