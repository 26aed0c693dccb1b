"""Mails by SMTP, over a connection that is kept while there is something to send."""

import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from scheduler.operations.messages.sending import Attempt, Outcome

TIMEOUT_SECONDS = 20
IDLE_SECONDS = 30
"""A connection that rested longer is opened anew: servers hang up on the idle."""
PORTS = {"smtp": 25, "smtps": 465}
ANSWERS = smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. ``starttls`` is required when true; else it is used when offered."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False

    @classmethod
    def at(cls, url: str) -> Self:
        """From ``smtp://user:password@host:587?starttls=required`` or ``smtps://…``."""
        parts = urlsplit(url)
        required = parse_qs(parts.query).get("starttls") == ["required"]
        login = (unquote(parts.username or ""), unquote(parts.password or ""))
        return cls(parts.hostname or "", parts.port or PORTS[parts.scheme], *login, parts.scheme == "smtps", required)


class Smtp:
    """Hands mails to a server. ``trust`` are the certificates that prove the server."""

    def __init__(
        self,
        server: MailServer,
        trust: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server, self._trust, self._timeout, self._clock = server, trust, timeout, clock
        self._open: smtplib.SMTP | None = None
        self._used = 0.0

    def send(self, content: Mapping[str, Any]) -> Attempt:
        try:
            connection = self._connection()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Attempt(Outcome.AWAY, _why(error))
        attempt = _hand_in(connection, content)
        self._used = self._clock()
        if attempt.outcome is not Outcome.SENT:
            self.close()
        return attempt

    def close(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _connection(self) -> smtplib.SMTP:
        if self._open is not None and self._clock() - self._used > IDLE_SECONDS:
            self.close()
        if self._open is None:
            self._open = self._opened()
        return self._open

    def _opened(self) -> smtplib.SMTP:
        server, trust = self._server, self._trust or ssl.create_default_context()
        if server.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=trust)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        self._open = connection
        connection.ehlo_or_helo_if_needed()
        if not server.tls and (server.starttls or connection.has_extn("starttls")):
            connection.starttls(context=trust)
        if server.user:
            connection.login(server.user, server.password)
        return connection


def _hand_in(connection: smtplib.SMTP, content: Mapping[str, Any]) -> Attempt:
    """Everything up to DATA may fail without doubt. Once the mail is on its way, only an answer tells."""
    try:
        _accepted(connection.mail(content["from"]))
        _accepted(connection.rcpt(content["to"]))
    except (OSError, smtplib.SMTPException) as error:
        return _failed(error)
    try:
        _accepted(connection.data(content["mail"].encode("ascii")))
    except smtplib.SMTPResponseException as error:
        return _failed(error)
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.IN_DOUBT, _why(error))
    return Attempt(Outcome.SENT)


def _accepted(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)


def _failed(error: Exception) -> Attempt:
    """A server that answers 5xx refuses for good, unless it is closing the connection (RFC 5321, 421 and 4xx)."""
    for_good = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
    return Attempt(Outcome.REFUSED if for_good else Outcome.NOT_SENT, _why(error))


def _why(error: Exception) -> str:
    """In a few words, for the staff."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        return f"the mail server answered {error.smtp_code} {words.decode('utf-8', 'replace')}"[:300]
    return f"the mail server could not be reached: {type(error).__name__}"
