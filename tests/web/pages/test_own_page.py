"""A patient's own page at a personal link: what it shows to whom, and what can be asked for."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.contact import Language
from scheduler.domain.patient_links import ASKS, LASTS, LinkScope
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.patients.patient_links import issue_patient_link, revoke_patient_link
from scheduler.operations.patients.patients import edit_patient, get_patient
from scheduler.operations.tasks.task_kinds import Task
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import AppointmentRow, MessageKind, OutboxRow, OutboxState
from scheduler.web.service import NAME
from tests.support.api import Api
from tests.support.browse import TOKEN, Browser
from tests.support.desk import Desk
from tests.support.hold_orders import place, wish

BORN = date(1990, 2, 28)


@pytest.fixture
def patient_id(desk: Desk) -> UUID:
    """A patient with a date of birth and a series of four, two of them booked."""
    patient_id = desk.patient("Leila Haddad")
    given = {"date_of_birth": BORN}
    desk.do(lambda c: edit_patient(c, patient_id=patient_id, seen=None, given=given))
    desk.course({1: 7, 2: 35}, patient_id=patient_id)
    return patient_id


def link_of(api: Api, patient_id: UUID, scope: LinkScope = LinkScope.VISITS) -> str:
    """The address of a fresh link."""
    key = api.app.extensions[NAME].link_key
    link = api.clinic.do(lambda c: issue_patient_link(c, key, patient_id=patient_id, scope=scope), now=api.clock.now)
    return f"/p/{link.token}"


class Phone(Browser):
    """A stranger's browser; forms carry the token of the page at ``home``."""

    home = "/"

    def send(self, path: str, **fields: str) -> str:
        """Send a form, and say where it led, or its page."""
        token = TOKEN.search(self.get(self.home).text)
        sent = {"csrf_token": token[1] if token else "", **fields}
        answer = self.client.post(path, data=sent, headers={"Accept": "text/html"})
        return answer.headers.get("Location") or answer.text


def phone(api: Api, home: str) -> Phone:
    made = Phone(api, None)
    made.home = f"{home}/confirm"
    return made


def tasks(api: Api) -> list[Task]:
    return list(api.clinic.do(lambda c: list_tasks(c), now=api.clock.now).items)


def first_appointment(desk: Desk, patient_id: UUID) -> UUID:
    query = select(AppointmentRow.id).where(AppointmentRow.patient_id == patient_id).order_by(AppointmentRow.starts_at)
    return desk.read(lambda tx: tx.scalars(query).first())  # type: ignore[return-value]


def test_a_link_shows_times_and_neither_a_name_nor_a_treatment(api: Api, patient_id: UUID) -> None:
    page = phone(api, "").get(link_of(api, patient_id)).text
    assert ("Monday 9 March" in page, "Your next session, 1 of 4" in page) == (True, True)
    assert re.findall(r'<span class="muted small">([^<]*)<', page) == ["Booked", "Not booked yet", "Not booked yet"]
    assert [word for word in ("Leila", "icroneedling", "Grace", "actives") if word in page] == []


def test_the_date_of_birth_opens_the_rest(api: Api, patient_id: UUID) -> None:
    home = link_of(api, patient_id)
    browser = phone(api, home)
    assert "This is not the date that we have." in browser.send(f"{home}/confirm", born="1991-01-01")
    assert browser.send(f"{home}/confirm", born="1990-02-28") == home
    page = browser.get(home).text
    assert ("Hello Leila Haddad" in page, "icroneedling" in page, "Before you come" in page) == (True, True, True)
    assert "Leila" not in phone(api, home).get(home).text


def test_guesses_at_the_date_of_birth_have_to_wait(api: Api, patient_id: UUID) -> None:
    home = link_of(api, patient_id)
    browser = phone(api, home)
    for year in (1981, 1982, 1983, 1984):
        browser.send(f"{home}/confirm", born=f"{year}-01-01")
    assert "too many attempts" in browser.send(f"{home}/confirm", born="1990-02-28")


def test_a_link_for_everything_asks_first(api: Api, patient_id: UUID) -> None:
    home = link_of(api, patient_id, LinkScope.CARE)
    assert phone(api, home).get(home).headers["Location"] == f"{home}/confirm"
    for path in ("move", "choices"):
        assert phone(api, home).get(f"{home}/{path}").headers["Location"] == f"{home}/confirm"
    for path, sent in (("calendar", {"what": "all"}), ("move", {"deed": "move", "appointment": str(patient_id)})):
        assert "Please give your date of birth first." in phone(api, home).send(f"{home}/{path}", **sent)


@pytest.mark.parametrize("path", ["", "/confirm", "/move"])
def test_no_page_is_kept_found_or_named_elsewhere(api: Api, patient_id: UUID, path: str) -> None:
    for home in (link_of(api, patient_id), "/p/nothing"):
        headers = phone(api, home).get(home + path).headers
        told = [headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")]
        assert told == ["no-referrer", "noindex", "no-store"]


def test_it_speaks_the_patient_s_language_whatever_the_browser_asks(api: Api, desk: Desk, patient_id: UUID) -> None:
    given = {"language": Language.GERMAN}
    desk.do(lambda c: edit_patient(c, patient_id=patient_id, seen=None, given=given))
    page = phone(api, "").get(link_of(api, patient_id), **{"Accept-Language": "en"}).text
    assert ('<html lang="de-DE"' in page, "Montag, 9. März" in page, "Tuesday" in page) == (True, True, False)


def test_another_time_is_asked_for_and_nothing_moves(api: Api, desk: Desk, patient_id: UUID) -> None:
    home, appointment = link_of(api, patient_id), first_appointment(desk, patient_id)
    browser = phone(api, home)
    sent = {"appointment": str(appointment), "on": "2026-03-12", "words": "After four, please"}
    assert browser.send(f"{home}/move", deed="move", **sent) == f"{home}?done=asked"
    (task,) = tasks(api)
    assert (task.kind, task.appointment_id, task.note) == ("move_request", appointment, "After four, please")
    assert task.wanted_at
    assert (task.wanted_at.date(), task.on) == (date(2026, 3, 12), date(2026, 3, 9))
    assert "You have asked for another time." in browser.get(home).text


def test_who_cannot_come_says_so_and_nothing_is_cancelled(api: Api, desk: Desk, patient_id: UUID) -> None:
    home, appointment = link_of(api, patient_id), first_appointment(desk, patient_id)
    sent = {"appointment": str(appointment), "words": "I am away"}
    assert phone(api, home).send(f"{home}/move", deed="no", **sent) == f"{home}?done=declined"
    (task,) = tasks(api)
    assert (task.kind, task.appointment_id, task.note) == ("declined", appointment, "I am away")
    status = desk.read(lambda tx: tx.get_one(AppointmentRow, appointment).status)
    assert status is AppointmentStatus.BOOKED


def test_another_patient_s_session_cannot_be_named(api: Api, desk: Desk, patient_id: UUID) -> None:
    other = desk.patient("Somebody")
    theirs = desk.visit(other, 3, "consultation")
    home = link_of(api, patient_id)
    page = phone(api, home).send(f"{home}/move", deed="no", appointment=str(theirs))
    assert ("There is nothing here" in page, tasks(api)) == (True, [])


def test_choices_are_kept_and_need_the_date_of_birth(api: Api, desk: Desk, patient_id: UUID) -> None:
    home = link_of(api, patient_id)
    browser = phone(api, home)
    wanted = {"contact": "text", "language": "en", "privacy": "detailed", "reminder_days": "3"}
    seen = {"seen": str(desk.revision(patient_id))}
    assert "Please give your date of birth first." in browser.send(f"{home}/choices", **wanted, **seen)
    browser.send(f"{home}/confirm", born="1990-02-28")
    assert browser.send(f"{home}/choices", **wanted, **seen) == f"{home}?done=saved"
    now = desk.do(lambda c: get_patient(c, patient_id=patient_id))
    assert (now.contact, now.privacy, now.reminder_days) == ("text", "detailed", 3)


def test_a_form_that_cannot_be_used_shows_nothing_before_the_date_of_birth(api: Api, patient_id: UUID) -> None:
    home = link_of(api, patient_id, LinkScope.CARE)
    for path, sent in (("choices", {"seen": "x"}), ("move", {"deed": "x"})):
        page = phone(api, home).send(f"{home}/{path}", **sent)
        assert "Please give your date of birth first." in page
        assert [word for word in ("March", "Leila", "choices-contact") if word in page] == []


def test_the_calendar_link_is_made_once_followed_and_replaced(api: Api, patient_id: UUID) -> None:
    home = link_of(api, patient_id)
    browser = phone(api, home)
    assert browser.send(f"{home}/calendar", what="all") == f"{home}?done=calendar#calendar"
    first = re.search(r'href="(webcal://[^"]*)"', browser.get(home).text)
    file = browser.send(f"{home}/calendar", what="one")
    assert first
    assert file.startswith(re.sub(r"^.*(/feeds/[^.]*)\.ics$", r"\1", first[1]))
    assert browser.client.get(file).text.count("BEGIN:VEVENT") == 1
    browser.send(f"{home}/calendar", what="new")
    second = re.search(r'href="(webcal://[^"]*)"', browser.get(home).text)
    assert second
    assert second[1] != first[1]


def test_on_hold_it_says_who_will_call_and_not_why(api: Api, desk: Desk, patient_id: UUID) -> None:
    place(desk, patient_id, wish(0, 9))
    page = phone(api, "").get(link_of(api, patient_id)).text
    assert ("Your treatment is on hold for now. We will call you" in page, "etin" in page) == (True, False)


def test_a_link_that_ran_out_has_a_fresh_one_sent_once(api: Api, patient_id: UUID) -> None:
    home = link_of(api, patient_id)
    api.clock.pass_time(LASTS[LinkScope.VISITS])
    browser = phone(api, home)
    browser.home = home
    assert "This link has run out" in browser.get(home).text
    assert browser.send(f"{home}/renew") == f"{home}?done=asked"
    assert "You will hear from us" in browser.get(f"{home}?done=asked").text
    assert browser.get(home).status_code == 404
    query = select(OutboxRow.state).where(OutboxRow.patient_id == patient_id, OutboxRow.kind == MessageKind.LINK)
    with api.clinic.database.read() as tx:
        assert tx.scalars(query).all() == [OutboxState.WAITING]


def test_a_link_that_was_revoked_or_never_was_or_is_long_over_says_nothing(api: Api, patient_id: UUID) -> None:
    key = api.app.extensions[NAME].link_key
    link = api.clinic.do(lambda c: issue_patient_link(c, key, patient_id=patient_id, scope=LinkScope.VISITS))
    api.clinic.do(lambda c: revoke_patient_link(c, link_id=link.id))
    old = link_of(api, patient_id)
    api.clock.pass_time(LASTS[LinkScope.VISITS] + ASKS + timedelta(days=1))
    pages = [phone(api, "").get(path) for path in (f"/p/{link.token}", old, "/p/nothing")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({page.text for page in pages}) == 1
