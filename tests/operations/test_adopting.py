"""Adopting a newer protocol version: shown first, then done; a running series keeps its own until then."""

from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.changes import RiskChanged
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import NotAllowed, RuleBroken, Stale
from scheduler.operations.booking.adopting import Adoption, adopt_protocol, preview_adoption
from scheduler.operations.booking.deciding import Choice, Decision, Occasion, decide
from scheduler.storage.rows import AuditRow
from tests.support.desk import NEEDLING, Desk, day
from tests.support.hold_orders import place, wish
from tests.support.versions import new_protocol_version

LONGER = SpacingRule(30, 40, 45, 50, 28)


def preview(desk: Desk, series_id: UUID, role: Role = Role.PRACTITIONER) -> Adoption:
    return desk.do(lambda c: preview_adoption(c, series_id=series_id), role)


def adopt(desk: Desk, series_id: UUID, digest: str, seen: int | None = None) -> Adoption:
    return desk.do(
        lambda c: adopt_protocol(c, series_id=series_id, digest=digest, reason="New rules.", seen=seen),
        Role.PRACTITIONER,
    )


def test_the_preview_names_what_would_be_at_risk_and_stores_nothing(desk: Desk) -> None:
    series = desk.course({1: 0, 2: 35})
    new_protocol_version(desk.clinic, NEEDLING, spacing=LONGER)
    shown = preview(desk, series)
    assert (shown.from_version, shown.to_version) == (1, 2)
    assert [(type(change), change.session) for change in shown.changes] == [(RiskChanged, 2)]
    window = shown.sheet.windows[2]
    assert window is not None
    assert (window.earliest.on, window.latest.on) == (day(40), day(50))
    assert (desk.sheet(series).snapshot.series.protocol.version, desk.at_risk(series)) == (1, [])


def test_the_newer_version_is_adopted_as_it_was_shown(desk: Desk) -> None:
    series = desk.course({1: 0, 2: 35})
    new_protocol_version(desk.clinic, NEEDLING, spacing=LONGER)
    before = desk.sheet(series).snapshot.series.revision
    done = adopt(desk, series, preview(desk, series).digest, before)
    after = desk.sheet(series).snapshot.series
    assert (after.protocol.version, desk.at_risk(series)) == (2, [2])
    assert after.revision == done.sheet.snapshot.series.revision == before + 1
    row = desk.read(lambda tx: tx.scalars(select(AuditRow).where(AuditRow.action == "protocol_adopted")).one())
    assert (row.about_id, row.reason, row.rule_version) == (series, "New rules.", f"{NEEDLING}@2")


def test_the_holds_that_the_newer_version_exempts_block_no_longer(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0}, patient_id=patient)
    place(desk, patient, wish(1, 60))
    new_protocol_version(desk.clinic, NEEDLING, exempt_codes=frozenset({"retinoid-acid"}))
    adopt(desk, series, preview(desk, series).digest)
    desk.book(series, {2: 35})
    assert desk.dates(series) == {1: 0, 2: 35}


def test_another_digest_is_refused_with_the_effects_of_today(desk: Desk) -> None:
    series = desk.course({1: 0, 2: 35})
    new_protocol_version(desk.clinic, NEEDLING, spacing=LONGER)
    with pytest.raises(RuleBroken) as refusal:
        adopt(desk, series, "0" * 32)
    assert (refusal.value.code, refusal.value.facts["preview"]["digest"]) == (
        "effects_changed",
        preview(desk, series).digest,
    )


def test_the_newest_version_cannot_be_adopted_again(desk: Desk) -> None:
    with pytest.raises(RuleBroken) as refusal:
        preview(desk, desk.course({1: 0}))
    assert refusal.value.code == "version_is_newest"


def test_a_version_that_takes_fewer_sessions_is_refused(desk: Desk) -> None:
    series = desk.course({1: 0}, 5)
    new_protocol_version(desk.clinic, NEEDLING, max_sessions=4)
    with pytest.raises(RuleBroken) as refusal:
        preview(desk, series)
    assert refusal.value.code == "too_many_sessions"


def test_a_series_that_has_ended_keeps_its_version(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0}, patient_id=patient)
    place(desk, patient, wish(1, 60))
    ceased = Decision(Occasion.HOLD, Choice.CEASE, "Moves away.")
    desk.do(lambda c: decide(c, series_id=series, decision=ceased), Role.PRACTITIONER)
    new_protocol_version(desk.clinic, NEEDLING, spacing=LONGER)
    with pytest.raises(RuleBroken) as refusal:
        preview(desk, series)
    assert refusal.value.code == "series_closed"


def test_a_stale_revision_is_refused(desk: Desk) -> None:
    series = desk.course({1: 0})
    new_protocol_version(desk.clinic, NEEDLING, spacing=LONGER)
    with pytest.raises(Stale):
        adopt(desk, series, preview(desk, series).digest, seen=0)


def test_only_a_practitioner_adopts_and_reception_may_look(desk: Desk) -> None:
    series = desk.course({1: 0})
    new_protocol_version(desk.clinic, NEEDLING, spacing=LONGER)
    digest = preview(desk, series, Role.RECEPTION).digest
    with pytest.raises(NotAllowed):
        desk.do(lambda c: adopt_protocol(c, series_id=series, digest=digest, reason="New rules."))
    with pytest.raises(NotAllowed):
        preview(desk, series, Role.MANAGER)
