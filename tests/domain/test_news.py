"""What is news to a patient: the difference between what was told and what stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.inviting import Invitation, Method, invitations
from scheduler.domain.news import Known, News, NewsKind, news, told_after

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
CLINIC = UUID(int=99)
MAIL = "nadia@example.org"
A, B = UUID(int=1), UUID(int=2)


def visit(day: int, hour: int = 10, **values: object) -> Known:
    """A visit so many days after today."""
    start = NOW.replace(hour=hour) + timedelta(days=day)
    return replace(Known(start, start + timedelta(hours=1), CLINIC, "Main street 1", 0), **values)  # type: ignore[arg-type]


def kinds(items: tuple[News, ...]) -> list[tuple[NewsKind, UUID]]:
    return [(item.kind, item.appointment_id) for item in items]


def methods(events: tuple[Invitation, ...]) -> list[tuple[Method, UUID, int]]:
    return [(event.method, event.appointment_id, event.known.sequence) for event in events]


def test_a_booking_that_nobody_told_of_is_news() -> None:
    assert news({}, {A: visit(3)}, NOW) == (News(NewsKind.BOOKED, A, None, visit(3)),)


def test_a_booking_that_is_gone_before_anybody_told_of_it_is_no_news() -> None:
    assert news({}, {A: visit(3, cancelled=True)}, NOW) == ()


def test_a_move_says_from_when_to_when() -> None:
    moved = visit(9, sequence=1)
    assert news({A: visit(3)}, {A: moved}, NOW) == (News(NewsKind.MOVED, A, visit(3), moved),)


def test_a_move_and_back_is_no_news_though_the_sequence_has_risen() -> None:
    assert news({A: visit(3)}, {A: visit(3, sequence=2)}, NOW) == ()


def test_another_address_of_the_clinic_is_a_move() -> None:
    assert kinds(news({A: visit(3)}, {A: visit(3, place="Side street 2")}, NOW)) == [(NewsKind.MOVED, A)]


def test_an_address_that_was_never_told_is_no_move() -> None:
    assert news({A: visit(3, place="")}, {A: visit(3)}, NOW) == ()


def test_a_cancellation_is_news_once() -> None:
    told, standing = {A: visit(3)}, {A: visit(3, cancelled=True)}
    found = news(told, standing, NOW)
    assert (kinds(found), news(told_after(told, found), standing, NOW)) == ([(NewsKind.CANCELLED, A)], ())


def test_what_has_passed_is_no_news() -> None:
    past = {A: visit(-1), B: visit(0, hour=8)}
    cancelled = {id_: replace(known, cancelled=True) for id_, known in past.items()}
    assert [news({}, past, NOW), news(past, cancelled, NOW)] == [(), ()]


def test_a_cancellation_taken_back_is_no_news_though_another_appointment_stands_there_now() -> None:
    told = {A: visit(3)}
    assert news(told, {A: visit(3, cancelled=True), B: visit(3)}, NOW) == ()


def test_news_comes_in_the_order_of_time() -> None:
    assert kinds(news({A: visit(9)}, {A: visit(12), B: visit(3)}, NOW)) == [(NewsKind.BOOKED, B), (NewsKind.MOVED, A)]


def test_an_invitation_goes_to_who_wants_one_and_to_nobody_else() -> None:
    standing = {A: visit(3)}
    assert [methods(invitations({}, standing, address, NOW)) for address in (MAIL, None)] == [
        [(Method.REQUEST, A, 0)],
        [],
    ]


def test_a_move_is_a_request_with_a_higher_sequence_than_was_sent() -> None:
    told = {A: visit(3, invited=MAIL, sequence=4)}
    assert methods(invitations(told, {A: visit(9, sequence=3)}, MAIL, NOW)) == [(Method.REQUEST, A, 5)]


def test_a_cancellation_takes_the_event_back() -> None:
    told = {A: visit(3, invited=MAIL)}
    gone = {A: visit(3, cancelled=True, sequence=1)}
    assert methods(invitations(told, gone, MAIL, NOW)) == [(Method.CANCEL, A, 1)]


def test_what_was_taken_back_and_booked_again_leaves_the_calendar_alone() -> None:
    told = {A: visit(3, invited=MAIL)}
    assert invitations(told, {A: visit(3, cancelled=True), B: visit(3)}, MAIL, NOW) == ()


def test_who_chooses_the_link_has_every_event_taken_back() -> None:
    told = {A: visit(3, invited=MAIL)}
    found = invitations(told, {A: visit(3)}, None, NOW)
    assert (methods(found), found[0].known) == ([(Method.CANCEL, A, 1)], visit(3, sequence=1))


def test_who_chooses_invitations_or_another_address_gets_every_coming_visit() -> None:
    standing = {A: visit(3), B: visit(-3)}
    old = {A: visit(3, invited="old@example.org"), B: visit(-3, invited="old@example.org")}
    by_link = {A: visit(3), B: visit(-3)}
    assert [methods(invitations(told, standing, MAIL, NOW)) for told in (old, by_link)] == [
        [(Method.REQUEST, A, 1)],
        [(Method.REQUEST, A, 1)],
    ]


times = st.builds(visit, st.integers(-3, 6), st.sampled_from([8, 10, 16]), place=st.sampled_from(["", "a", "b"]))
ids = st.sampled_from([UUID(int=n) for n in range(5)])
addresses = st.sampled_from([None, "", MAIL, "old@example.org"])
heard = times.flatmap(lambda t: st.builds(replace, st.just(t), cancelled=st.booleans(), invited=addresses))
stands = times.flatmap(lambda t: st.builds(replace, st.just(t), cancelled=st.booleans()))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[UUID, Known], dict[UUID, Known]]:
    """What a patient knows, and how all of it and more stands."""
    told = draw(st.dictionaries(ids, heard))
    return told, {**told, **draw(st.dictionaries(ids, stands))}


@given(worlds())
def test_once_the_news_is_told_there_is_none_left(world: tuple[dict[UUID, Known], dict[UUID, Known]]) -> None:
    told, standing = world
    assert news(told_after(told, news(told, standing, NOW)), standing, NOW) == ()


@given(worlds(), st.sampled_from([None, MAIL]))
def test_once_the_events_are_sent_there_are_none_left(
    world: tuple[dict[UUID, Known], dict[UUID, Known]], address: str | None
) -> None:
    told, standing = world
    sent = {event.appointment_id: event.known for event in invitations(told, standing, address, NOW)}
    assert invitations({**told, **sent}, standing, address, NOW) == ()


@given(worlds(), st.sampled_from([None, MAIL]))
def test_a_sequence_only_rises(world: tuple[dict[UUID, Known], dict[UUID, Known]], address: str | None) -> None:
    told, standing = world
    for event in invitations(told, standing, address, NOW):
        before = told.get(event.appointment_id)
        assert before is None or event.known.sequence > before.sequence
