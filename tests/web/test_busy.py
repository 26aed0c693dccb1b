"""Somebody's own calendar sent as a file: a look first, then the import; what cannot be taken is told."""

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from scheduler.calendars.busy import MOST_BYTES
from scheduler.domain.access import Role
from scheduler.storage.rows import AbsenceRow, AuditRow
from tests.support.api import Api
from tests.support.desk import desk_of

MANAGER = Role.MANAGER


def event(uid: str, day: int, *more: str, hours: str = "100000/120000") -> str:
    starts, ends = (f"202603{day:02}T{hour}Z" for hour in hours.split("/"))
    lines = ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{starts}", f"DTEND:{ends}", *more, "END:VEVENT")
    return "".join(line + "\r\n" for line in lines)


def calendar(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def send(
    api: Api, data: bytes, role: Role = MANAGER, media: str = "text/calendar", resource: Any = None, **more: Any
) -> TestResponse:
    path = f"/resources/{resource or api.clinic.practitioner_id}/busy"
    return api.as_role(role).call("POST", path, data, headers={"Content-Type": media}, **more)


def absences(api: Api) -> list[str]:
    with api.clinic.database.read() as tx:
        rows = tx.scalars(select(AbsenceRow).where(AbsenceRow.resource_id == api.clinic.practitioner_id)).all()
        return sorted(f"{row.starts_at:%d %H:%M}-{row.ends_at:%H:%M}" for row in rows)


def audits(api: Api) -> list[dict[str, Any]]:
    with api.clinic.database.read() as tx:
        mine = select(AuditRow.facts).where(AuditRow.about_id == api.clinic.practitioner_id)
        return list(tx.scalars(mine.order_by(AuditRow.number)))


def counts(answer: TestResponse) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return {name: answer.json[name] for name in ("added", "removed", "unchanged", "kept", "outside", "refused")}


def some(**numbers: int) -> dict[str, int]:
    return dict.fromkeys(("added", "removed", "unchanged", "kept", "outside", "refused"), 0) | numbers


def test_a_look_first_tells_everything_and_stores_nothing(api: Api) -> None:
    desk = desk_of(api.clinic)
    desk.course({1: 7})
    data = calendar(event("a", 9), event("b", 10, "RRULE:FREQ=NEVER"), event("c", 11, "STATUS:CANCELLED"))
    answer = send(api, data, query={"dry_run": "true"})
    assert counts(answer) == some(added=1, refused=1)
    told = answer.json
    assert (told["stored"], told["whole"], told["until"]) == (False, True, "2027-04-06T08:00:00Z")
    assert told["added_times"] == [{"starts_at": "2026-03-09T10:00:00Z", "ends_at": "2026-03-09T12:00:00Z"}]
    assert [part["number"] for part in told["refused_parts"] + told["skipped_parts"]] == [2, 3]
    assert [(one["patient"], one["phone"]) for one in told["affected"]] == [("Nadia Okonjo", "+49 30 5550142")]
    assert (absences(api), audits(api)) == ([], [])


def test_an_import_takes_the_place_of_the_last_one(api: Api) -> None:
    first = send(api, calendar(event("a", 9), event("b", 10)))
    second = send(api, calendar(event("b", 10), event("c", 11)))
    assert (counts(first), counts(second)) == (some(added=2), some(added=1, removed=1, unchanged=1))
    assert absences(api) == ["10 10:00-12:00", "11 10:00-12:00"]
    assert audits(api)[1] == {
        "added": 1,
        "removed": 1,
        "added_times": [["2026-03-11T10:00:00+00:00", "2026-03-11T12:00:00+00:00"]],
        "removed_times": [["2026-03-09T10:00:00+00:00", "2026-03-09T12:00:00+00:00"]],
    }


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(api: Api) -> None:
    data = calendar(event("a", 9))
    first, second = send(api, data), send(api, data)
    assert (counts(second), second.headers["ETag"]) == (some(unchanged=1), first.headers["ETag"])
    assert len(audits(api)) == 1


def test_a_clash_becomes_a_task_and_nothing_is_cancelled(api: Api) -> None:
    desk = desk_of(api.clinic)
    series_id = desk.course({1: 7})
    send(api, calendar(event("a", 9)))
    (task,) = api.get("/tasks", kind="clash").json["items"]
    assert (task["patient"], task["phone"], task["on"], task["note"]) == (
        "Nadia Okonjo",
        "+49 30 5550142",
        "2026-03-09",
        "Ada is away.",
    )
    assert desk.dates(series_id) == {1: 7}
    send(api, calendar())
    assert api.get("/tasks", kind="clash").json["items"] == []


def test_a_practitioner_imports_their_own_calendar_only(api: Api) -> None:
    assert send(api, calendar(event("a", 9)), Role.PRACTITIONER).status_code == 200
    other = send(api, calendar(), Role.PRACTITIONER, resource=api.clinic.room_id)
    reception = send(api, calendar(), Role.RECEPTION)
    assert [(one.status_code, one.json["code"]) for one in (other, reception)] == [
        (403, "not_your_own"),
        (403, "not_allowed"),
    ]


@pytest.mark.parametrize("data", [b"", b"\0\xff\xfe", b"{}", b"null", bytes(range(256)) * 40])
def test_what_is_no_calendar_is_refused_and_empties_nothing(api: Api, data: bytes) -> None:
    send(api, calendar(event("a", 9)))
    answer = send(api, data)
    assert (answer.status_code, answer.json["code"], len(absences(api))) == (422, "unreadable_calendar", 1)


def test_a_file_that_was_cut_off_takes_nothing_away(api: Api) -> None:
    send(api, calendar(event("a", 9)))
    answer = send(api, calendar(event("b", 10))[:-9])
    assert (counts(answer), answer.json["whole"]) == (some(added=1, kept=1), False)


@pytest.mark.parametrize("strange", [b"\0", b"\xff", b"\xed\xa0\x80", b"\x7f", "\u202e".encode()])
def test_strange_bytes_in_an_identifier_trouble_no_database(api: Api, strange: bytes) -> None:
    data = calendar(event("UID", 9), event("OTHER", 10, "RRULE:FREQ=OTHER"))
    answers = [send(api, data.replace(b"UID:UID", b"UID:" + strange).replace(b"OTHER", strange)) for _ in range(2)]
    assert [counts(answer)["refused"] for answer in answers] == [1, 1]


@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/ics", "", "nonsense"])
def test_a_file_is_announced_as_a_calendar(api: Api, media: str) -> None:
    answer = send(api, calendar(), media=media)
    assert (answer.status_code, answer.json["code"]) == (415, "wrong_media_type")


def test_a_compressed_file_is_not_taken(api: Api) -> None:
    path = f"/resources/{api.clinic.practitioner_id}/busy"
    packed = {"Content-Type": "text/calendar", "Content-Encoding": "gzip"}
    answer = api.as_role(MANAGER).call("POST", path, calendar(), headers=packed)
    assert (answer.status_code, answer.json["code"]) == (415, "wrong_media_type")


def test_a_file_may_say_its_charset(api: Api) -> None:
    assert send(api, calendar(event("a", 9)), media="text/calendar; charset=UTF-8; method=PUBLISH").status_code == 200


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(api: Api) -> None:
    data = calendar(event("a", 9), "X-PAD:" + "x" * 70 + "\r\n")
    padded = data + b"\r\n" * ((MOST_BYTES - len(data)) // 2)
    padded += b"\n" * (MOST_BYTES - len(padded))
    assert counts(send(api, padded)) == some(added=1)
    more = send(api, padded + b"\n")
    assert (more.status_code, more.json["code"]) == (413, "too_large")


def test_a_stale_revision_is_refused_and_none_is_needed(api: Api) -> None:
    seen = int(send(api, calendar(event("a", 9))).headers["ETag"].strip('"'))
    assert send(api, calendar(event("a", 9)), seen=seen - 1).status_code == 412
    assert send(api, calendar(event("a", 9)), seen=seen).status_code == 200


def test_the_same_key_and_file_give_the_same_answer_and_another_file_none(api: Api) -> None:
    first = send(api, calendar(event("a", 9)), key="k")
    again = send(api, calendar(event("a", 9)), key="k")
    other = send(api, calendar(event("b", 9)), key="k")
    assert (again.data, counts(again)) == (first.data, some(added=1))
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_ten_thousand_events_are_taken_within_seconds(api: Api) -> None:
    """Seconds of this process's own work, so that a busy machine makes no difference."""
    many = [event(f"e{n}", n % 28 + 3, f"RRULE:FREQ=DAILY;INTERVAL={n % 90 + 300};COUNT=1") for n in range(10_000)]
    begin = time.process_time()
    assert counts(send(api, calendar(*many)))["added"] == 10_000
    assert time.process_time() - begin < 10
    assert counts(send(api, calendar(*many[1:]))) == some(removed=1, unchanged=9_999)


def test_a_repetition_that_was_moved_changes_that_one_only(api: Api) -> None:
    weekly = event("a", 9, "RRULE:FREQ=WEEKLY;COUNT=3")
    send(api, calendar(weekly))
    ids = _ids(api)
    moved = event("a", 17, "RECURRENCE-ID:20260316T100000Z")
    assert counts(send(api, calendar(weekly, moved))) == some(added=1, removed=1, unchanged=2)
    assert absences(api) == ["09 10:00-12:00", "17 10:00-12:00", "23 10:00-12:00"]
    assert len(ids & _ids(api)) == 2


def _ids(api: Api) -> set[Any]:
    with api.clinic.database.read() as tx:
        return set(tx.scalars(select(AbsenceRow.id).where(AbsenceRow.resource_id == api.clinic.practitioner_id)))


def test_days_and_times_without_a_zone_are_the_clinic_s(api: Api) -> None:
    day = "BEGIN:VEVENT\r\nUID:d\r\nDTSTART;VALUE=DATE:20260328\r\nDTEND;VALUE=DATE:20260330\r\nEND:VEVENT\r\n"
    floating = "BEGIN:VEVENT\r\nUID:f\r\nDTSTART:20260401T100000\r\nDTEND:20260401T110000\r\nEND:VEVENT\r\n"
    foreign = floating.replace("UID:f", "UID:z").replace("DTSTART:", "DTSTART;TZID=America/New_York:")
    foreign = foreign.replace("DTEND:", "DTEND;TZID=America/New_York:")
    send(api, calendar(day, floating, foreign))
    assert absences(api) == ["01 08:00-09:00", "01 14:00-15:00", "27 23:00-22:00"]


def test_an_import_reaches_from_now_to_its_horizon(api: Api) -> None:
    api.clock.pass_time(timedelta(days=1))
    answer = send(api, calendar(event("past", 2), event("a", 9), event("far", 9).replace("2026", "2028")))
    assert (counts(answer), answer.json["until"]) == (some(added=1, outside=2), "2027-04-07T08:00:00Z")


def test_long_lists_are_cut_and_their_numbers_are_whole(api: Api) -> None:
    bad = [event(f"x{n}", 9, "RRULE:FREQ=NEVER") for n in range(101)]
    told = send(api, calendar(event("a", 9, "RRULE:FREQ=DAILY;COUNT=101"), *bad)).json
    assert [(told[name], len(told[f"{name}_{what}"])) for name, what in (("added", "times"), ("refused", "parts"))] == [
        (101, 100),
        (101, 100),
    ]
    with api.clinic.database.read() as tx:
        mine = select(func.count()).where(AbsenceRow.resource_id == api.clinic.practitioner_id)
        assert tx.scalar(mine) == 101
