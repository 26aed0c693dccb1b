"""The history while it is being played: every course and visit that has begun, and what is booked of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from scheduler.demo.courses import Course
from scheduler.demo.people import Person
from scheduler.demo.stage import Place, Stage
from scheduler.domain.access import Actor
from scheduler.domain.changes import AppointmentBooked, AppointmentCancelled, AppointmentMoved
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import Phase
from scheduler.domain.slots import Slot, patient_times
from scheduler.operations.booking.deeds import Deed

TREATMENT = "treatment"
VISIT = 1


@dataclass(frozen=True, slots=True)
class Booked:
    """A live appointment: where it stands now."""

    appointment_id: UUID
    slot: Slot


@dataclass(slots=True)
class Running:
    """A course that has begun, or a single visit, which has no course and is its own first session."""

    place: Place
    patient_id: UUID
    phases: Sequence[Phase]
    chance: Random
    course: Course | None = None
    series_id: UUID | None = None
    booked: dict[int, Booked] = field(default_factory=dict)
    performed: list[date] = field(default_factory=list)
    complained: bool = False

    def on(self, number: int) -> date:
        """The clinic date of a booked session."""
        return clinic_date(self.booked[number].slot.starts_at, self.place.zone)

    def begins_treatment(self, number: int) -> datetime:
        """When the treatment begins, after the numbing."""
        names = [phase.name for phase in self.phases]
        place = names.index(TREATMENT) if TREATMENT in names else 0
        before = sum(phase.minutes for phase in self.phases[:place])
        return self.booked[number].slot.starts_at + timedelta(minutes=before)

    def ends(self, number: int) -> datetime:
        """When the patient may go."""
        return patient_times(self.booked[number].slot.starts_at, self.phases)[1]


Expectation = Callable[["History", Running, int], None]


@dataclass(slots=True)
class History:
    """All that is known while playing. ``expect`` says what will become of an appointment that has just been booked.

    ``running`` is by the series' id, a visit's by its appointment's. ``held`` are patients with a hold that is looked
    into or stands.
    """

    stage: Stage
    people: Sequence[Person]
    expect: Expectation
    patient_ids: dict[int, UUID] = field(default_factory=dict)
    running: dict[UUID, Running] = field(default_factory=dict)
    held: set[UUID] = field(default_factory=set)

    def follow_all(self, deeds: Sequence[Deed]) -> None:
        """Take note of deeds that may concern several courses of one patient."""
        for deed in deeds:
            if deed.about_id in self.running:
                self.follow(self.running[deed.about_id], deed)

    def follow(self, run: Running, deed: Deed) -> None:
        """Take note of what a deed has booked, moved and released."""
        for change in deed.changes:
            match change:
                case (
                    AppointmentBooked(appointment_id=found, slot=slot)
                    | AppointmentMoved(appointment_id=found, after=slot)
                ):
                    run.booked[change.session or VISIT] = Booked(found, slot)
                    self.expect(self, run, change.session or VISIT)
                case AppointmentCancelled():
                    run.booked.pop(change.session or VISIT, None)

    def then(self, run: Running, number: int, instant: datetime, scene: Callable[[datetime], None]) -> None:
        """Let something happen at an instant, unless the appointment has moved or gone by then."""
        expected = run.booked[number]

        def if_still_so(at: datetime) -> None:
            if run.booked.get(number) == expected:
                scene(at)

        self.stage.agenda.at(instant, if_still_so)

    def treating(self, run: Running, number: int) -> Actor:
        """The practitioner of a booked session; any of the house where it needs none."""
        who = run.booked[number].slot.practitioner_id or run.place.practitioners[0]
        return self.stage.practitioners[who]
