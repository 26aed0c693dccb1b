"""Text messages: by HTTP, in the form that a provider asks for, and into a file."""

import json
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from scheduler.operations.messages.sending import Outcome
from scheduler.worker.senders.files import MailFolder, TextFile
from scheduler.worker.senders.gateway import Gateway, HttpGateway
from tests.support.postgres import free_port

BODY = {"messages": [{"to": "{recipient}", "body": "{text}", "ref": "{id}", "flash": False}]}
WORDS = 'Move to "Tue" {recipient} & more: ü\n2nd line'


@dataclass
class Provider:
    """What reached the provider, and what it answers."""

    url: str = ""
    status: int = 202
    silent_for: float = 0.0
    seen: list[tuple[str, dict[str, str], str]] = field(default_factory=list)


@contextmanager
def provider() -> Iterator[Provider]:
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            time.sleep(found.silent_for)
            found.seen.append((self.command, dict(self.headers), body))
            self.send_response(found.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_PUT = do_POST  # noqa: N815 - the library calls it so

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/send"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def test_values_are_filled_into_the_json_that_a_provider_asks_for_and_change_nothing_else() -> None:
    with provider() as found:
        gateway = HttpGateway(Gateway(found.url, BODY, headers={"X-Key": "hush"}))
        assert gateway.text("+49 30 1", WORDS, "id.1").outcome is Outcome.SENT
    ((method, headers, body),) = found.seen
    assert json.loads(body) == {"messages": [{"to": "+49 30 1", "body": WORDS, "ref": "id.1", "flash": False}]}
    told = (method, headers["Content-Type"], headers["X-Key"], headers["Idempotency-Key"])
    assert told == ("POST", "application/json", "hush", "id.1")


def test_a_form_by_put_is_as_good() -> None:
    with provider() as found:
        form = Gateway(found.url, {"to": "{recipient}", "text": "{text}"}, method="PUT", type="form")
        HttpGateway(form).text("+49 30 1", WORDS, "id.1")
    ((method, headers, body),) = found.seen
    assert (method, headers["Content-Type"]) == ("PUT", "application/x-www-form-urlencoded")
    assert parse_qs(body) == {"to": ["+49 30 1"], "text": [WORDS]}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.SENT),
        (204, Outcome.SENT),
        (302, Outcome.NOT_SENT),
        (400, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (408, Outcome.NOT_SENT),
        (429, Outcome.NOT_SENT),
        (500, Outcome.NOT_SENT),
        (503, Outcome.NOT_SENT),
    ],
)
def test_what_each_answer_means(status: int, outcome: Outcome) -> None:
    with provider() as found:
        found.status = status
        attempt = HttpGateway(Gateway(found.url, BODY)).text("+49 30 1", "words", "id.1")
    assert (attempt.outcome, len(found.seen)) == (outcome, 1)
    assert "49" not in (attempt.error or "")


def test_a_gateway_that_does_not_listen_is_away() -> None:
    gateway = HttpGateway(Gateway(f"http://127.0.0.1:{free_port()}/", BODY))
    assert gateway.text("+49 30 1", "words", "id.1").outcome is Outcome.AWAY


def test_a_gateway_that_falls_silent_leaves_doubt() -> None:
    with provider() as found:
        found.silent_for = 1.0
        gateway = HttpGateway(Gateway(found.url, BODY), timeout=0.2)
        assert gateway.text("+49 30 1", "words", "id.1").outcome is Outcome.IN_DOUBT


def test_texts_become_lines_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "var" / "texts.jsonl"
    for number in range(2):
        assert TextFile(path).text("+49 30 1", WORDS, f"id.{number}").outcome is Outcome.SENT
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines == [{"id": f"id.{number}", "to": "+49 30 1", "text": WORDS} for number in range(2)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_mails_become_files_of_their_own(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail")
    assert [folder.send({"mail": "Subject: x\r\n\r\n"}).outcome for _ in range(2)] == [Outcome.SENT] * 2
    assert [file.read_bytes() for file in (tmp_path / "mail").glob("*.eml")] == [b"Subject: x\r\n\r\n"] * 2


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    attempts = (
        MailFolder(tmp_path / "taken").send({"mail": ""}),
        TextFile(tmp_path / "taken" / "texts").text("+49 30 1", "words", "id.1"),
    )
    assert [one.outcome for one in attempts] == [Outcome.NOT_SENT] * 2
