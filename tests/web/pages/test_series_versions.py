"""A newer version of a treatment on the page of a series: told, looked at, and adopted by a practitioner."""

import re
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.protocol import SpacingRule
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import NEEDLING, Desk
from tests.support.versions import new_protocol_version

LONGER = SpacingRule(30, 40, 45, 50, 28)


@pytest.fixture
def series_id(desk: Desk) -> UUID:
    return desk.course({1: 0, 2: 35})


def test_nothing_is_told_while_the_version_is_the_newest(api: Api, series_id: UUID) -> None:
    assert f"/series/{series_id}/version" not in Browser(api, Role.PRACTITIONER).get(f"/series/{series_id}").text


def test_a_newer_version_is_told_to_practitioners_only(api: Api, series_id: UUID) -> None:
    new_protocol_version(api.clinic, NEEDLING, spacing=LONGER)
    path = f"/series/{series_id}"
    told = {
        role: f"{path}/version" in Browser(api, role).get(path).text for role in (Role.PRACTITIONER, Role.RECEPTION)
    }
    assert told == {Role.PRACTITIONER: True, Role.RECEPTION: False}


def test_the_preview_shows_windows_and_what_would_be_at_risk_and_is_adopted_as_shown(
    api: Api, desk: Desk, series_id: UUID
) -> None:
    new_protocol_version(api.clinic, NEEDLING, spacing=LONGER)
    browser = Browser(api, Role.PRACTITIONER)
    page = browser.get(f"/series/{series_id}/version").text
    assert "From version 1 to version 2" in page
    assert re.findall(r"<li>Session (\d) on [^<]* would be at risk\.</li>", page) == ["2"]
    sent = dict(re.findall(r'name="(seen|digest)" value="([^"]+)"', page))
    done = browser.post(f"/series/{series_id}/version", reason="New rules.", **sent)
    assert (done.status_code, done.location) == (303, f"/series/{series_id}?told=adopted")
    assert (desk.sheet(series_id).snapshot.series.protocol.version, desk.at_risk(series_id)) == (2, [2])
    assert "runs under the newest version" in browser.get(done.location).text


def test_reception_may_look_and_not_adopt(api: Api, desk: Desk, series_id: UUID) -> None:
    new_protocol_version(api.clinic, NEEDLING, spacing=LONGER)
    browser = Browser(api)
    page = browser.get(f"/series/{series_id}/version").text
    assert "A practitioner decides about this." in page
    refused = browser.post(f"/series/{series_id}/version", reason="x", seen="1", digest="x")
    assert refused.status_code == 403
    assert desk.sheet(series_id).snapshot.series.protocol.version == 1


def test_what_changed_since_the_preview_is_shown_anew(api: Api, desk: Desk, series_id: UUID) -> None:
    new_protocol_version(api.clinic, NEEDLING, spacing=LONGER)
    revision = str(desk.sheet(series_id).snapshot.series.revision)
    browser = Browser(api, Role.PRACTITIONER)
    answer = browser.post(f"/series/{series_id}/version", reason="x", seen=revision, digest="old")
    assert (answer.status_code, answer.location) == (303, f"/series/{series_id}/version")
    assert desk.sheet(series_id).snapshot.series.protocol.version == 1
