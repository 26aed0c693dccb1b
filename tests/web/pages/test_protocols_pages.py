"""The pages of treatments: what they show of each rule, versions and their differences, and the edit of a manager."""

import re
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.operations.catalogue.protocol_versions import protocol_versions
from scheduler.storage.entries import shipped
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.clinic import STAFF
from tests.support.desk import NEEDLING, desk_of
from tests.support.versions import new_protocol_version


@pytest.fixture
def protocol_id(api: Api) -> UUID:
    return api.clinic.protocol_id(NEEDLING)


def form_of(browser: Browser, protocol_id: UUID) -> dict[str, str]:
    """What the form would be sent with, as it is shown."""
    page = browser.get(f"/protocols/{protocol_id}/edit").text
    form = re.search(r'<form class="card form".*?</form>', page, re.DOTALL)
    assert form is not None
    sent = dict(re.findall(r'name="([\w.-]+)" value="([^"]*)"', form[0]))
    chosen = re.search(r'<option value="(\w+)" selected', form[0])
    assert chosen is not None
    return {name: text for name, text in sent.items() if name != "csrf_token"} | {"spacing.on_lapse": chosen[1]}


def faults(page: str) -> list[str]:
    return re.findall(r'<p class="fault" id="protocol-([\w.-]+)-fault">', page)


@pytest.mark.parametrize("role", STAFF)
def test_everybody_of_the_staff_reads_every_treatment(api: Api, role: Role) -> None:
    page = Browser(api, role).get("/protocols").text
    names = re.findall(r'<h2><a href="/protocols/[0-9a-f-]+" dir="auto">(.*?)</a>', page)
    assert sorted(names) == sorted(one.name for one in shipped().protocols.values())


def test_spacing_is_drawn_and_said_in_words(api: Api, protocol_id: UUID) -> None:
    page = Browser(api).get(f"/protocols/{protocol_id}").text
    spoken = re.search(r'<svg class="ruler"[^>]*aria-label="([^"]*)"', page)
    assert spoken is not None
    assert spoken[1] == "Never before day 21; from day 28 to day 42, aim at day 35."
    assert re.findall(r'<text class="\w*" x="[\d.]+%" y="43">(\d+)</text>', page) == ["21", "28", "35", "42"]


def test_a_source_that_names_an_article_is_a_link_and_our_own_judgement_is_marked(api: Api, protocol_id: UUID) -> None:
    page = Browser(api).get(f"/protocols/{protocol_id}").text
    assert 'href="https://pmc.ncbi.nlm.nih.gov/articles/PMC6122507/"' in page
    never = re.search(r"<dt>Never</dt><dd>(.*?)</dd>", page)
    allowed = re.search(r"<dt>Allowed</dt><dd>(.*?)</dd>", page)
    assert never is not None
    assert allowed is not None
    assert ("our own judgement" in never[1], "our own judgement" in allowed[1]) == (True, False)


def test_each_contraindication_says_what_is_asked_when_it_ends_and_where_it_comes_from(api: Api) -> None:
    page = Browser(api).get("/protocols/rules").text
    assert sorted(re.findall(r'<li class="card" id="([\w-]+)">', page)) == sorted(shipped().contraindications)
    rule = re.search(r'<li class="card" id="home-device">.*?</li>', page, re.DOTALL)
    assert rule is not None
    assert "When did you last use one?" in rule[0]
    assert "28 days, " in rule[0]
    assert "our own judgement" in rule[0]


def test_sites_stand_in_their_tree_with_add_ons_and_advice(api: Api) -> None:
    page = Browser(api).get("/protocols/sites").text
    assert len(re.findall(r'<li class="d\d">', page)) == len(shipped().body_sites)
    assert "Platelet-rich plasma (PRP)" in page


def test_a_new_version_is_previewed_saved_and_told_with_who_made_it(api: Api, protocol_id: UUID) -> None:
    desk = desk_of(api.clinic)
    desk.series(desk.patient())
    browser = Browser(api, Role.MANAGER)
    sent = form_of(browser, protocol_id) | {"spacing.min_days": "30"}
    shown = browser.post(f"/protocols/{protocol_id}/preview", **sent).text
    assert '<del>28</del></td><td dir="auto"><ins>30</ins>' in shown
    assert "1 running series stays on the version that it began with." in shown
    assert versions(api, protocol_id) == [(1, None, 1, [])]
    saved = browser.post(f"/protocols/{protocol_id}/save", **sent)
    assert saved.status_code == 303
    told = [(2, "manager", 0, ["spacing.min_days"]), (1, None, 1, [])]
    assert versions(api, protocol_id) == told
    assert "Version 2 is saved." in browser.get(saved.location).text


def versions(api: Api, protocol_id: UUID) -> list[tuple[int, str | None, int, list[str]]]:
    found = api.clinic.do(lambda context: protocol_versions(context, protocol_id=protocol_id))
    return [(one.protocol.version, one.made_by, one.running, [c.field for c in one.changes]) for one in found]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"spacing.min_days": "50"}, "spacing.absolute_min_days"),
        ({"spacing.max_days": "soon"}, "spacing.max_days"),
        ({"min_sessions": "9"}, "min_sessions"),
        ({"phases.1.minutes": "43"}, "phases.1.minutes"),
        ({"site_minutes.back.treatment": "7"}, "site_minutes.back.treatment"),
        ({"shorten_by": "45"}, "shorten_by"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_with_what_was_typed(
    api: Api, protocol_id: UUID, typed: dict[str, str], field: str
) -> None:
    browser = Browser(api, Role.MANAGER)
    answer = browser.post(f"/protocols/{protocol_id}/preview", **form_of(browser, protocol_id) | typed)
    assert (answer.status_code, faults(answer.text)) == (422, [field])
    assert "<title>Error: " in answer.text
    for name, text in typed.items():
        assert f'name="{name}" value="{text}"' in answer.text


def test_what_somebody_else_has_saved_meanwhile_is_not_lost(api: Api, protocol_id: UUID) -> None:
    browser = Browser(api, Role.MANAGER)
    sent = form_of(browser, protocol_id) | {"spacing.min_days": "30"}
    new_protocol_version(api.clinic, NEEDLING, max_sessions=5)
    answer = browser.post(f"/protocols/{protocol_id}/save", **sent)
    assert answer.status_code == 412
    assert 'name="spacing.min_days" value="30"' in answer.text
    assert [one[0] for one in versions(api, protocol_id)] == [2, 1]


def test_a_version_that_changes_nothing_is_refused(api: Api, protocol_id: UUID) -> None:
    browser = Browser(api, Role.MANAGER)
    answer = browser.post(f"/protocols/{protocol_id}/save", **form_of(browser, protocol_id))
    assert answer.status_code == 422
    assert "Nothing has been changed." in answer.text


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_is_offered_the_edit(api: Api, protocol_id: UUID, role: Role) -> None:
    assert f"/protocols/{protocol_id}/edit" not in Browser(api, role).get(f"/protocols/{protocol_id}").text
    assert Browser(api, role).get(f"/protocols/{protocol_id}/edit").status_code == 403
    assert f"/protocols/{protocol_id}/edit" in Browser(api, Role.MANAGER).get(f"/protocols/{protocol_id}").text
