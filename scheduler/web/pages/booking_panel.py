"""The panel of a booking: the patient, what was chosen so far, and what can be offered for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.protocol import Protocol
from scheduler.operations.booking.bookable import Bookable, Performer, performers, what_can_be_booked
from scheduler.operations.booking.courses import Course, courses_of
from scheduler.operations.booking.keeping import Keep
from scheduler.operations.booking.kept import kept
from scheduler.operations.patients.patients import Patient, get_patient
from scheduler.web.pages import booking_fields as fields
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_offers import Offers, offers_of
from scheduler.web.pages.booking_values import value_of
from scheduler.web.pages.booking_words import born
from scheduler.web.pages.places import Place, chosen_clinic, clinics
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.words import clock


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that the template shows of a booking. ``asked`` is the choice as an address has it."""

    patient: Patient
    choice: BookingChoice
    place: Place
    protocol: Protocol | None
    groups: list[fields.Group]
    sites: list[tuple[fields.Option, ...]]
    addons: list[fields.Option]
    days: list[fields.Option]
    other_days: list[fields.Option]
    people: tuple[Performer, ...]
    offers: Offers
    chosen: int
    kept_until: str

    @property
    def asked(self) -> str:
        """The choice as an address; what was told with it is told once."""
        return self.choice.model_copy(update={"told": None}).query

    @property
    def born(self) -> str:
        return born(self.patient.date_of_birth) if self.patient.date_of_birth else ""

    @staticmethod
    def hours(chosen: str | None) -> list[str]:
        """Times to choose from, and the chosen one."""
        return sorted({*fields.HOURS, *([chosen] if chosen else ())})

    @property
    def pins(self) -> list[fields.Option]:
        """The pinned times, to be let go again."""
        return [fields.pin_option(pin) for pin in self.choice.pin]

    @property
    def phone_end(self) -> str:
        """The last four digits of the phone number, for whoever has to tell two of the same name apart."""
        digits = [sign for sign in self.patient.phone or "" if sign.isdigit()]
        return "".join(digits[-4:])


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a patient who books: the choice with what is usual, the series that goes on, what is offered."""

    choice: BookingChoice
    courses: tuple[Course, ...]
    offered: Bookable
    course: Course | None
    place: Place
    able: tuple[Performer, ...]

    @property
    def protocol(self) -> Protocol | None:
        """The treatment of a new series."""
        return self.offered.protocols.get(self.choice.code) if self.choice.kind == "protocol" else None

    @property
    def first_session(self) -> int:
        """The first session that waits for an appointment."""
        return (self.course and self.course.next_session) or 1

    @property
    def sites(self) -> list[tuple[fields.Option, ...]]:
        """The lists of body sites, where it matters."""
        treats = self.choice.kind == "visit" and self.offered.visit_types[self.choice.code].treats
        return fields.site_fields(self.choice, self.offered) if self.protocol or treats else []

    @property
    def addons(self) -> list[fields.Option]:
        """What a new series may be combined with."""
        return fields.addon_options(self.choice, self.offered, self.protocol) if self.protocol else []


def panel_of(call: PageCall, asked: BookingChoice, patient_id: UUID) -> Panel:
    """The panel for a patient. Raises ``NotFound``."""
    patient = get_patient(call.context, patient_id=patient_id)
    known = _situation(call, asked, patient_id)
    choice, place = known.choice, known.place
    offers = offers_of(call, choice, place, {one.id: one.name for one in known.able}, known.first_session)
    keep = kept(call.context, keep_id=choice.keep) if choice.keep else None
    return Panel(
        patient=patient,
        choice=choice,
        place=place,
        protocol=known.protocol,
        groups=fields.what_groups(choice, known.courses, known.offered),
        sites=known.sites,
        addons=known.addons,
        days=fields.weekdays(choice.day),
        other_days=fields.weekdays(choice.other_day),
        people=tuple(one for one in known.able if one.is_qualified),
        offers=offers,
        chosen=_chosen(offers, keep),
        kept_until=clock(keep.kept_until, place.zone) if keep else "",
    )


def _situation(call: PageCall, asked: BookingChoice, patient_id: UUID) -> Situation:
    offered = what_can_be_booked(call.context)
    courses = courses_of(call.context, patient_id=patient_id)
    choice = fields.settled(asked, courses, offered)
    course = next((one for one in courses if choice.what == f"series:{one.id}"), None)
    place = place_of(call, course)
    qualification = _qualification(choice, course, offered)
    able = performers(call.context, clinic_id=place.id, qualification=qualification)
    return Situation(choice, courses, offered, course, place, able)


def place_of(call: PageCall, course: Course | None) -> Place:
    """The clinic of a series that goes on; else the one that this browser shows."""
    if course is None:
        return chosen_clinic(call)
    return next(one for one in clinics(call) if one.id == course.clinic_id)


def _qualification(choice: BookingChoice, course: Course | None, offered: Bookable) -> str | None:
    if course is not None:
        return course.protocol
    if choice.kind == "visit":
        return offered.visit_types[choice.code].qualification
    return choice.code or None


def _chosen(offers: Offers, keep: Keep | None) -> int:
    """The place of the card that is chosen at first: what is kept, else the best."""
    value = value_of((one.session, one.slot) for one in keep.placements) if keep else ""
    values: Sequence[str] = [card.value for card in offers.cards]
    return values.index(value) if value in values else 0
