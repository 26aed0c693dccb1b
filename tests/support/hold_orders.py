"""Holds as tests order them: looked at first, then placed."""

from datetime import datetime
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.refusals import Refusal
from scheduler.operations.context import Context
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.hold_previews import HoldPreview
from scheduler.operations.holds.holding import PlacedHold, place_hold, preview_hold
from tests.support.desk import Desk, day
from tests.support.rows import NOW


def wish(first: int, last: int, code: str = "retinoid-acid", site: str | None = "face") -> HoldWish:
    """A hold between two days, by default one on the face that ends by its date."""
    return HoldWish(code, site=site, starts_on=day(first), ends_on=day(last), note="Used it yesterday.")


def preview(
    desk: Desk, patient_id: UUID, wanted: HoldWish, choose: HoldChoice = HoldChoice.DEFER, now: datetime = NOW
) -> HoldPreview:
    """What a practitioner sees before placing it."""

    def look(context: Context) -> HoldPreview:
        return preview_hold(context, patient_id=patient_id, wish=wanted, choose=choose)

    return desk.do(look, Role.PRACTITIONER, now)


def place(
    desk: Desk,
    patient_id: UUID,
    wanted: HoldWish,
    *,
    choose: HoldChoice = HoldChoice.DEFER,
    tell: Tell = Tell.MESSAGE,
    now: datetime = NOW,
) -> PlacedHold:
    """A practitioner looks at the preview, then places it."""
    digest = preview(desk, patient_id, wanted, choose, now).digest

    def deed(context: Context) -> PlacedHold:
        return place_hold(context, patient_id=patient_id, wish=wanted, choose=choose, tell=tell, digest=digest)

    return desk.do(deed, Role.PRACTITIONER, now)


def propose(desk: Desk, patient_id: UUID, wanted: HoldWish, now: datetime = NOW) -> PlacedHold:
    """Reception proposes it."""
    return desk.do(lambda context: place_hold(context, patient_id=patient_id, wish=wanted), now=now)


def refused(
    desk: Desk, patient_id: UUID, wanted: HoldWish, role: Role = Role.PRACTITIONER, digest: str | None = None
) -> Refusal:
    """Why it cannot be placed."""
    with pytest.raises(Refusal) as refusal:
        desk.do(lambda context: place_hold(context, patient_id=patient_id, wish=wanted, digest=digest), role)
    return refusal.value
