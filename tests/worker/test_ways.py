"""Which ways messages leave by, as the settings have it."""

from pathlib import Path

from config import load_settings
from scheduler import ways_out
from scheduler.domain.contact import Contact
from scheduler.worker.senders import Texts
from scheduler.worker.senders.files import MailFolder
from scheduler.worker.senders.gateway import Gateway
from scheduler.worker.senders.smtp import MailServer, Smtp
from scheduler.worker.ways import Ways


def test_on_a_machine_of_ones_own_messages_become_files() -> None:
    ways = ways_out(load_settings({}))
    assert {way: type(sender) for way, sender in ways.senders().items()} == {
        Contact.EMAIL: MailFolder,
        Contact.TEXT: Texts,
    }
    assert ways.missing() == (
        "No mail server is set up (SMTP_URL): mails lie in var.",
        "No text gateway is set up (TEXT_URL): text messages lie in var.",
    )


def test_in_production_without_a_way_out_people_have_to_be_called() -> None:
    assert (Ways().names, Ways().senders(), Ways().missing()[0]) == (
        frozenset(),
        {},
        "No mail server is set up (SMTP_URL): mails are calls to make.",
    )


def test_the_settings_describe_server_and_gateway() -> None:
    given = {
        "SMTP_URL": "smtp://desk:p%40ss@mail.test:587?starttls=required",
        "TEXT_URL": "https://gateway.test/send",
        "TEXT_HEADER": "X-Key: hush",
        "TEXT_BODY": '{"messages": [{"to": "{recipient}", "body": "{text}"}]}',
    }
    settings = load_settings(given)
    ways = ways_out(settings)
    assert ways.gateway == Gateway(
        "https://gateway.test/send",
        {"messages": [{"to": "{recipient}", "body": "{text}"}]},
        headers={"X-Key": "hush"},
    )
    assert (MailServer.at(settings.smtp_url or ""), ways.missing(), type(ways.senders()[Contact.EMAIL])) == (
        MailServer("mail.test", 587, "desk", "p@ss", tls=False, starttls=True),
        (),
        Smtp,
    )
    assert "hush" not in repr((settings, ways))
    assert "p%40ss" not in repr((settings, ways))


def test_files_lie_where_the_data_lies() -> None:
    assert ways_out(load_settings({})).folder == Path("var")
