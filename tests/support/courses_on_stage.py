"""Series in every state that their page has, made at a clinic as people would make them.

``today`` is the day, counted from the day of ``NOW``, on which they are looked at.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.booking.attending import perform
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.context import Context
from scheduler.storage.rows import AppointmentRow
from tests.support.clinic import Clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.hold_orders import place, propose

REASON = "Travelling, then two weeks clear."
CODE, LABEL = "retinoid-acid", "Retinol, tretinoin, AHA or BHA on the site"


@dataclass
class Courses:
    """Makes series around a day. Each begins on another day of the week, so that they do not meet."""

    desk: Desk
    today: int
    made: int = 0

    def course(self, name: str, days: Mapping[int, int], done: Collection[int] = (), sessions: int = 4) -> UUID:
        """A series with sessions booked so many days from today, and some of them performed."""
        self.made += 1
        placed = {number: self.today + on + self.made for number, on in days.items()}
        patient_id = self.desk.patient(name)
        series_id = self.desk.series(patient_id, sessions, now=at(min(placed.values()), 6))
        self.desk.book(series_id, placed, now=at(min(placed.values()), 6))
        for number in done:
            self.desk.do(_performed(series_id, placed[number]), Role.PRACTITIONER, at(placed[number], 17))
        return series_id

    def hold(self, series_id: UUID, first: int, last: int, *, proposed: bool = False) -> None:
        """A hold on the series' patient, from so many to so many days from today."""
        wanted = HoldWish(
            CODE, site="face", starts_on=day(self.today + first), ends_on=day(self.today + last), note=REASON
        )
        patient_id, now = self.desk.sheet(series_id, at(self.today)).snapshot.series.patient_id, at(self.today, 7)
        if proposed:
            propose(self.desk, patient_id, wanted, now)
        else:
            place(self.desk, patient_id, wanted, now=now)


def _performed(series_id: UUID, on: int) -> Callable[[Context], Deed]:
    def deed(context: Context) -> Deed:
        wanted = (AppointmentRow.series_id == series_id, AppointmentRow.on_date == day(on))
        found = context.tx.scalars(select(AppointmentRow.id).where(*wanted)).one()
        return perform(context, appointment_id=found, on=day(on))

    return deed


def courses_at(clinic: Clinic, today: int) -> Mapping[str, UUID]:
    """One series for each state, by the state's name."""
    desk = desk_of(clinic)
    own = {ResourceKind.PRACTITIONER: clinic.practitioner_id, ResourceKind.ROOM: clinic.room_id}
    courses = Courses(replace(desk, place=replace(desk.place, resources={**desk.place.resources, **own})), today)
    usual = {1: -49, 2: -14, 3: 21, 4: 49, 5: 84}
    made = {
        "rest": courses.course("Leila Haddad", usual, (1, 2), 5),
        "proposed": courses.course("Maximiliane Wolfeschlegelsteinhausenbergerdorff", usual, (1, 2), 6),
        "held": courses.course("فاطمة الزهراء بنت عبد الرحمن", {1: -49, 2: -14, 3: 21, 4: 56}, (1, 2)),
        "overdue": courses.course("Priya Raman", {1: -78, 2: -44}, (1, 2)),
        "lapsed": courses.course("王小明", {1: -100, 2: -65}, (1, 2)),
        "complete": courses.course("Teodora Ilić", {1: -90, 2: -60, 3: -25}, (1, 2, 3), 3),
        "long": courses.course("Ruth Adeyemi", {n: 35 * (n - 3) for n in range(1, 7)}, (1, 2), 6),
    }
    courses.hold(made["rest"], 58, 80)
    courses.hold(made["proposed"], -3, 24, proposed=True)
    courses.hold(made["held"], -3, 26)
    return made
