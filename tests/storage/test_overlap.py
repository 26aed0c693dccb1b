"""Claims that overlap are counted, should the schema ever have let them in, and none is longer than the code says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from scheduler.domain.refusals import Refusal
from scheduler.storage.database import Database
from scheduler.storage.overlap import LONGEST, LONGEST_CLAIM, overlaps
from tests.support.rows import NOW, Ground

MINUTES = int(LONGEST_CLAIM / timedelta(minutes=1))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def claim(database: Database, *claims: tuple[int, int]) -> None:
    """Claims of one subject: the minute after ``NOW`` at which each begins, and its minutes."""

    def work(ground: Ground) -> None:
        subject, owner = ground.resource(), ground.appointment(ground.patient(), NOW)
        for begins, minutes in claims:
            ground.claim(subject, NOW + timedelta(minutes=begins), minutes, appointment_id=owner)

    database.write(lambda tx: work(Ground(tx)))


def lose_the_guard(database: Database) -> None:
    drop = "ALTER TABLE claims DROP CONSTRAINT ex_claims_no_overlap"
    database.write(lambda tx: tx.execute(text("DROP TRIGGER claims_insert" if database.is_sqlite else drop)))


@pytest.mark.parametrize(
    ("claims", "count"),
    [
        ([(0, 60), (60, 60), (180, 30)], 0),
        ([(0, 60), (59, 60), (180, 30)], 1),
        ([(0, 300), (60, 30), (120, 30)], 2),
        ([(0, 300), (60, 30), (300, 30)], 1),
    ],
)
def test_claims_that_begin_before_an_earlier_one_ends_are_counted(
    database: Database, claims: list[tuple[int, int]], count: int
) -> None:
    lose_the_guard(database)
    claim(database, *claims)
    assert overlaps(database) == count


def test_subjects_may_be_claimed_at_the_same_time(database: Database) -> None:
    claim(database, (0, 60))
    claim(database, (30, 60))
    assert overlaps(database) == 0


def test_the_schema_takes_the_longest_claim_and_none_that_is_longer(database: Database) -> None:
    claim(database, (0, MINUTES))
    with pytest.raises(Refusal) as caught:
        claim(database, (0, MINUTES + 1))
    assert caught.value.facts["constraint"] == "ck_claims_longest"
    assert f"{MINUTES // 60} hours" == LONGEST
