"""Handing mails to a server over real connections, and what each answer means."""

import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from scheduler.operations.messages.sending import Outcome
from scheduler.worker.senders.smtp import IDLE_SECONDS, MailServer, Smtp
from tests.support.mail_server import mail_server
from tests.support.postgres import free_port

MAIL = {"from": "visits@clinic.example", "to": "nadia@example.org", "mail": "Subject: x\r\n\r\n.dot\r\nend\r\n"}


def test_a_mail_arrives_to_the_byte_over_one_kept_connection() -> None:
    with mail_server() as server:
        smtp = Smtp(MailServer.at(server.url))
        assert [smtp.send(MAIL).outcome for _ in range(3)] == [Outcome.SENT] * 3
        smtp.close()
        assert (server.received, server.recipients) == ([MAIL["mail"].encode()] * 3, [MAIL["to"]] * 3)
        assert server.connections == 1


def test_a_connection_that_rested_is_opened_anew() -> None:
    times = iter([0.0, IDLE_SECONDS + 1.0, IDLE_SECONDS + 1.0])
    with mail_server() as server:
        smtp = Smtp(MailServer.at(server.url), clock=lambda: next(times))
        for _ in range(2):
            smtp.send(MAIL)
        smtp.close()
        assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 no such user", Outcome.REFUSED),
        ("450 mailbox busy", Outcome.NOT_SENT),
        ("421 going down", Outcome.NOT_SENT),
    ],
)
def test_what_a_server_answers_about_the_recipient_and_the_mail(answer: str, outcome: Outcome) -> None:
    with mail_server() as server:
        smtp = Smtp(MailServer.at(server.url))
        server.answer_to_recipient = lambda _: answer
        about_recipient = smtp.send(MAIL)
        server.answer_to_recipient, server.answer = lambda _: "250 OK", lambda _: answer
        about_mail = smtp.send(MAIL)
        smtp.close()
    assert [one.outcome for one in (about_recipient, about_mail)] == [outcome, outcome]
    assert about_mail.error == f"the mail server answered {answer}"


def test_a_server_that_does_not_listen_is_away() -> None:
    attempt = Smtp(MailServer("127.0.0.1", free_port())).send(MAIL)
    assert (attempt.outcome, attempt.error) == (
        Outcome.AWAY,
        "the mail server could not be reached: ConnectionRefusedError",
    )


def test_a_server_that_takes_the_mail_and_says_nothing_leaves_doubt() -> None:
    def too_late(_: bytes) -> str:
        time.sleep(1.5)
        return "250 OK"

    with mail_server() as server:
        server.answer = too_late
        assert Smtp(MailServer.at(server.url), timeout=0.5).send(MAIL).outcome is Outcome.IN_DOUBT


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for this machine."""
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(pem), "-out", str(pem) + ".crt"]
    subprocess.run([*request, *made], check=True, capture_output=True)
    return pem


def serving(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(pem) + ".crt", pem)
    return context


def trusting(pem: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(pem) + ".crt")


def logged_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"desk", b"p@ss"))


def test_it_logs_in_once_the_connection_is_private(certificate: Path) -> None:
    options = {"tls_context": serving(certificate), "require_starttls": True}
    with mail_server(**options, authenticator=logged_in, auth_required=True) as server:
        url = server.url.replace("//", "//desk:p%40ss@") + "?starttls=required"
        smtp = Smtp(MailServer.at(url), trusting(certificate))
        assert smtp.send(MAIL).outcome is Outcome.SENT
        smtp.close()
        wrong = Smtp(MailServer.at(url.replace("p%40ss", "guess")), trusting(certificate)).send(MAIL)
        assert (wrong.outcome, "guess" in (wrong.error or "")) == (Outcome.AWAY, False)


def test_an_unknown_certificate_and_a_missing_starttls_get_no_mail(certificate: Path) -> None:
    with mail_server(tls_context=serving(certificate)) as server:
        assert Smtp(MailServer.at(server.url)).send(MAIL).outcome is Outcome.AWAY
    with mail_server() as server:
        assert Smtp(MailServer.at(server.url + "?starttls=required")).send(MAIL).outcome is Outcome.AWAY
        assert server.received == []
