"""Housekeeping removes what has served its time, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.operations.housekeeping import Tidied, tidy
from scheduler.storage.kept_answers import KeptAnswer, OwnedKey, claim_key, keep_answer
from scheduler.storage.rows import ClaimRow, IdempotencyRow, KeepKind, KeepRow
from scheduler.storage.types import new_id
from tests.support.rows import NOW, Ground

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kept(ground: Ground, until: timedelta, **values: object) -> object:
    """A keep that lasts so long from now, with one claim."""
    keep_id = ground.keep(ground.patient(), NOW + until, **values)
    ground.claim(ground.resource(), NOW, 30, keep_id=keep_id)
    return keep_id


def left(ground: Ground) -> set[object]:
    """The keeps that are left, each by its row and by its claim."""
    rows, claims = (ground.tx.scalars(select(column)).all() for column in (KeepRow.id, ClaimRow.keep_id))
    assert set(rows) == set(claims)
    return set(rows)


def test_a_keep_that_has_run_out_goes_with_its_claims(ground: Ground) -> None:
    kept(ground, -HOUR)
    kept(ground, timedelta())
    stays = kept(ground, timedelta(microseconds=1))
    assert (tidy(ground.tx, NOW), left(ground)) == (Tidied(2, 0), {stays})


def test_an_override_request_stays_a_day_longer(ground: Ground) -> None:
    fresh = kept(ground, HOUR - DAY, kind=KeepKind.OVERRIDE_REQUEST)
    kept(ground, -DAY, kind=KeepKind.OVERRIDE_REQUEST)
    assert (tidy(ground.tx, NOW), left(ground)) == (Tidied(1, 0), {fresh})


def test_answers_are_kept_for_a_day(ground: Ground) -> None:
    for age in (DAY, DAY - timedelta(microseconds=1)):
        key = OwnedKey(ground.organisation_id, new_id(), f"aged {age}")
        claim_key(ground.tx, key, "same", NOW - age)
        keep_answer(ground.tx, key, KeptAnswer(201, {}, b"{}"))
    assert tidy(ground.tx, NOW) == Tidied(0, 1)
    assert ground.tx.scalars(select(IdempotencyRow.key)).all() == ["aged 23:59:59.999999"]


def test_nobody_waits_for_thousands_of_keeps_at_once(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.operations.housekeeping.MOST_KEEPS", 2)
    for _ in range(3):
        kept(ground, -HOUR)
    assert [tidy(ground.tx, NOW).keeps for _ in range(3)] == [2, 1, 0]


def test_an_empty_database_needs_no_tidying(ground: Ground) -> None:
    assert tidy(ground.tx, NOW) == Tidied(0, 0)
