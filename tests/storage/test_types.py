"""Instants, words and identifiers mean the same on both engines."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Dialect, MetaData, String, Table, Uuid, cast, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from scheduler.storage.database import Database
from scheduler.storage.types import Instant, new_id, word


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


Shade = StrEnum("Shade", {"PALE": "pale"})
THINGS = Table("things", MetaData(), Column("id", Uuid(), primary_key=True), Column("at", Instant()))
PAINTED = Table("painted", MetaData(), Column("n", String(), primary_key=True), Column("colour", word(Colour, "hue")))
LORD_HOWE = timezone(timedelta(hours=10, minutes=30))
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(987, 6, 5, 4, 3, 2, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 2, 9, tzinfo=UTC),
    datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 3, 2, 19, 30, 0, 2, tzinfo=LORD_HOWE),
    datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=-3))),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
"""In order, in several offsets; the fourth to sixth are microseconds apart."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.write(lambda tx: [table.create(tx.connection()) for table in (THINGS, PAINTED)])
    yield database
    database.dispose()


def put(tx: Session, *moments: datetime) -> None:
    tx.execute(insert(THINGS), [{"id": uuid4(), "at": moment} for moment in moments])


def test_instants_come_back_aware_and_in_order_whatever_their_offset(database: Database) -> None:
    database.write(lambda tx: put(tx, *reversed(MOMENTS)))
    with database.read() as tx:
        found = list(tx.scalars(select(THINGS.c.at).order_by(THINGS.c.at)))
    assert found == MOMENTS
    assert {moment.tzinfo for moment in found} == {UTC}


def test_instants_are_compared_as_instants(database: Database) -> None:
    database.write(lambda tx: put(tx, *MOMENTS))
    with database.read() as tx:
        later = tx.scalars(select(THINGS.c.at).where(THINGS.c.at >= MOMENTS[5]).order_by(THINGS.c.at))
        assert list(later) == MOMENTS[5:]


def test_sqlite_keeps_every_instant_in_one_format(databases: object, database: Database) -> None:
    database.write(lambda tx: put(tx, *MOMENTS))
    with database.read() as tx:
        written = set(tx.scalars(select(cast(THINGS.c.at, String))))
    assert {len(text) for text in written} <= ({26} if database.is_sqlite else {22, 29})


def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="an instant needs a time zone"):
        database.write(lambda tx: put(tx, datetime(2026, 3, 2, 9)))


def test_no_instant_is_no_instant(database: Database) -> None:
    database.write(lambda tx: tx.execute(insert(THINGS).values(id=uuid4(), at=None)))
    with database.read() as tx:
        assert tx.scalar(select(THINGS.c.at)) is None


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda dialect: dialect.name)
@given(moment=st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.timezones()))
def test_an_instant_survives_the_way_in_and_out(dialect: Dialect, moment: datetime) -> None:
    """Compared in UTC: Python calls a time that a clock shows twice unequal to every time of another zone."""
    instant = Instant()
    back = instant.process_result_value(instant.process_bind_param(moment, dialect), dialect)
    assert back is not None
    assert (back, back.tzinfo) == (moment.astimezone(UTC), UTC)


def test_a_word_is_stored_as_its_value_and_read_as_its_member(database: Database) -> None:
    database.write(lambda tx: tx.execute(insert(PAINTED).values(n="a", colour=Colour.RED)))
    with database.read() as tx:
        assert tx.scalar(select(PAINTED.c.colour)) is Colour.RED
        assert tx.scalar(select(cast(PAINTED.c.colour, String))) == "red"


@pytest.mark.parametrize("stranger", ["blue", "RED", "", Shade.PALE])
def test_a_word_outside_the_set_is_refused(database: Database, stranger: str) -> None:
    with pytest.raises((IntegrityError, StatementError)):
        database.write(lambda tx: tx.execute(insert(PAINTED).values(n="a", colour=stranger)))
    with database.read() as tx:
        assert tx.execute(select(PAINTED)).all() == []


def test_identifiers_are_of_version_7_and_never_the_same() -> None:
    made = [new_id() for _ in range(2_000)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 2_000


def test_an_identifier_begins_with_the_millisecond_in_which_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_identifiers_sort_by_time_on_both_engines(database: Database) -> None:
    made: list[UUID] = []
    for _ in range(5):
        made.append(new_id())
        time.sleep(0.002)
    database.write(lambda tx: tx.execute(insert(THINGS), [{"id": one, "at": None} for one in reversed(made)]))
    with database.read() as tx:
        assert list(tx.scalars(select(THINGS.c.id).order_by(THINGS.c.id))) == made
