"""The house of a journey: one clinic of its own behind a real socket, its clock, its post and what it has stored."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.series import LIVE
from scheduler.operations.booking.attending import perform
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.calendars.links import issue_link
from scheduler.operations.context import Context
from scheduler.storage.rows import AppointmentRow, ClaimRow, HoldRow, PatientRow, SeriesRow
from scheduler.web.service import NAME
from tests.support.api import Api, api_of, database_of
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.journeys.phone import Phone
from tests.support.post import POST, PostRoom
from tests.support.rows import BERLIN, NOW
from tests.support.serving import served

BORN = date(1990, 2, 28)
UNDO_TIME = timedelta(minutes=3)


@dataclass
class House:
    """One clinic, in which it is nine o'clock on Monday, 2 March 2026, until a journey lets time pass."""

    base: str
    api: Api

    @cached_property
    def desk(self) -> Desk:
        return desk_of(self.api.clinic)

    @cached_property
    def post(self) -> PostRoom:
        return PostRoom(self.desk, replace(POST, link_key=self._link_key))

    @property
    def now(self) -> datetime:
        return self.api.clock.now

    def pass_time(self, time: timedelta) -> None:
        self.api.clock.pass_time(time)

    def patient(self, name: str, **choices: Any) -> UUID:
        """Somebody who has been here before, and is told by mail."""
        return self.post.mail_patient(name, date_of_birth=BORN, email=f"{uuid4()}@example.org", **choices)

    def post_to(self, patient_id: UUID) -> list[str]:
        """Send what is due by now; what the messages to this patient say in short."""
        address = self.desk.read(lambda tx: tx.get_one(PatientRow, patient_id).email)
        return [content["say"] for content in self.post.send(self.now) if content.get("to") == address]

    def phone_of(self, patient_id: UUID) -> Phone:
        """The phone of somebody whose calendar follows the clinic's feed."""
        link = self.desk.do(lambda c: issue_link(c, self._link_key, patient_id=patient_id, device="phone"))
        return Phone(f"{self.base}/feeds/{link.token}.ics")

    def booked(self, patient_id: UUID) -> list[datetime]:
        """When the patient's live appointments begin, by the clock on the clinic's wall."""
        of_patient = (AppointmentRow.patient_id == patient_id, AppointmentRow.status.in_(LIVE))
        query = select(AppointmentRow.starts_at).where(*of_patient).order_by(AppointmentRow.starts_at)
        found = self.desk.read(lambda tx: tx.scalars(query).all())
        return [at.astimezone(ZoneInfo(BERLIN)).replace(tzinfo=None) for at in found]

    def series_of(self, patient_id: UUID) -> list[UUID]:
        """The patient's series, the oldest first."""
        query = select(SeriesRow.id).where(SeriesRow.patient_id == patient_id).order_by(SeriesRow.id)
        return self.desk.read(lambda tx: list(tx.scalars(query)))

    def course_under_way(self, patient_id: UUID, days: Mapping[int, int], performed: Collection[int]) -> UUID:
        """A series booked long ago on these days, counted from today, and some of its sessions performed."""
        begun = at(min(days.values()), 6)
        series_id = self.desk.series(patient_id, len(days), now=begun)
        self.desk.book(series_id, days, now=begun)
        for number in performed:
            self.desk.do(_performed(series_id, days[number]), Role.PRACTITIONER, at(days[number], 17))
        return series_id

    def holds(self, patient_id: UUID) -> list[str]:
        """The states of the patient's holds, the oldest first."""
        query = select(HoldRow.state).where(HoldRow.patient_id == patient_id).order_by(HoldRow.placed_at)
        return self.desk.read(lambda tx: [state.value for state in tx.scalars(query)])

    def find(self, what: Any, *where: Any) -> list[Any]:
        """What stands in the database."""
        return self.desk.read(lambda tx: list(tx.scalars(select(what).where(*where))))

    def patient_called(self, name: str) -> UUID:
        """The one patient of this name."""
        here = PatientRow.organisation_id == self.api.clinic.organisation_id
        (found,) = self.find(PatientRow.id, here, PatientRow.name == name)
        return UUID(str(found))

    def is_free(self, wall: datetime) -> bool:
        """Whether nobody and nothing of the clinic is claimed at this time on its wall."""
        instant = wall.replace(tzinfo=ZoneInfo(BERLIN))
        here = (ClaimRow.organisation_id == self.api.clinic.organisation_id, ClaimRow.starts_at <= instant)
        query = select(ClaimRow.subject_id).where(*here, ClaimRow.ends_at > instant)
        return self.desk.read(lambda tx: tx.scalars(query).first()) is None

    @property
    def _link_key(self) -> str:
        return str(self.api.app.extensions[NAME].link_key)


def _performed(series_id: UUID, on: int) -> Callable[[Context], Deed]:
    wanted = (AppointmentRow.series_id == series_id, AppointmentRow.on_date == day(on))

    def deed(context: Context) -> Deed:
        found = context.tx.scalars(select(AppointmentRow.id).where(*wanted)).one()
        return perform(context, appointment_id=found, on=day(on))

    return deed


@contextmanager
def street(database_url: str) -> Iterator[House]:
    """A served application, and a first house in it; ``next_door`` opens further ones."""
    api = api_of(database_url)
    with served(api.app) as base:
        yield House(base, api)
    database_of(api.app).dispose()


def next_door(house: House) -> House:
    """A house with nothing in it, behind the same socket. The clock is set back."""
    house.api.clock.now = NOW
    return House(house.base, replace(house.api, clinic=open_clinic(database_of(house.api.app))))
