"""Opening the demo clinic: the organisation, its houses and its staff, as they were set up long before today."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from scheduler.demo.houses import HOUSES, MANAGER, ORGANISATION, RECEPTION, House, Member
from scheduler.demo.stage import Agenda, Place, Stage
from scheduler.domain.access import Actor, Role
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.catalogue.catalogue import install_catalogue
from scheduler.operations.context import Context
from scheduler.operations.demos import BEGUN, mark_demo
from scheduler.operations.naming import has_organisation
from scheduler.operations.places.clinics import set_up_clinic, set_up_organisation
from scheduler.operations.places.closures import close_on_holidays
from scheduler.operations.places.qualifications import qualify
from scheduler.operations.places.resources import Shift, add_resource
from scheduler.operations.places.rosters import publish_roster, set_usual_week
from scheduler.operations.staff.staff import add_user
from scheduler.storage.database import Database
from scheduler.storage.locking import lock_organisations

BEHIND = timedelta(days=730)
AHEAD = timedelta(days=125)


def begin_demo(tx: Session, now: datetime) -> Actor:
    """Set up the demo's organisation in an empty database, marked as a demo; its manager sets up the rest.

    Raises ``RuleBroken`` once there is an organisation, also for the later of two at once.
    """
    lock_organisations(tx)
    if has_organisation(tx):
        raise RuleBroken("Interval is set up already.", code="set_up_already", remedy="Log in.")
    begin = _begin(now)
    manager = set_up_organisation(tx, name=ORGANISATION, manager=MANAGER, now=begin)
    context = Context(tx, manager, begin)
    mark_demo(context, BEGUN)
    install_catalogue(context)
    return manager


def open_demo(database: Database, now: datetime, seed: int, manager: Actor | None = None) -> Stage:
    """The demo clinic on the day before its first patient calls, two years before ``now``.

    ``manager`` is that of a demo that was begun at the same instant. Raises ``RuleBroken`` as ``begin_demo`` does.
    """
    begin = _begin(now)
    manager = manager or database.write(lambda tx: begin_demo(tx, now))
    bare = Stage(database, Agenda(now), seed, manager.organisation_id, manager, manager, {}, ())
    reception = _staff(bare, begin, RECEPTION, {Role.RECEPTION})
    opened = [_open_house(bare, begin, house) for house in HOUSES]
    people = {actor.resource_id: actor for _, staff in opened for actor in staff if actor.resource_id}
    return replace(bare, reception=reception, practitioners=people, places=tuple(place for place, _ in opened))


def _begin(now: datetime) -> datetime:
    return (now - BEHIND - timedelta(days=10)).replace(hour=9, minute=0, second=0, microsecond=0)


def _staff(stage: Stage, at: datetime, name: str, roles: Collection[Role], resource_id: UUID | None = None) -> Actor:
    user = stage.do(stage.manager, at, lambda c: add_user(c, name=name, roles=roles, resource_id=resource_id))
    return Actor(user.id, stage.organisation_id, name, frozenset(roles), resource_id)


def _open_house(stage: Stage, begin: datetime, house: House) -> tuple[Place, list[Actor]]:
    clinic_id = _clinic(stage, begin, house)
    for room in house.rooms:
        _resource(stage, begin, clinic_id, ResourceKind.ROOM, room)
    for device, kind in house.devices.items():
        _resource(stage, begin, clinic_id, ResourceKind.DEVICE, device, kind)
    staff = [_member(stage, begin, clinic_id, house.zone, member) for member in house.members]
    who = tuple(actor.resource_id for actor in staff if actor.resource_id)
    return Place(clinic_id, house.zone, frozenset(house.opening), who, tuple(house.protocols)), staff


def _clinic(stage: Stage, begin: datetime, house: House) -> UUID:
    def work(context: Context) -> UUID:
        opening = [WeeklyHours(weekday, hours) for weekday, hours in house.opening.items()]
        clinic = set_up_clinic(
            context,
            name=house.name,
            zone=house.zone,
            country=house.country,
            region=house.region,
            address=house.address,
            phone=house.phone,
            opening=opening,
        )
        years = range(begin.year, (stage.now + AHEAD).year + 1)
        close_on_holidays(context, clinic_id=clinic.id, years=years, seen=None)
        return clinic.id

    return stage.do(stage.manager, begin, work)


def _resource(
    stage: Stage, begin: datetime, clinic_id: UUID, kind: ResourceKind, name: str, device_type: str | None = None
) -> UUID:
    def work(context: Context) -> UUID:
        return add_resource(context, clinic_id=clinic_id, kind=kind, name=name, device_type=device_type).id

    return stage.do(stage.manager, begin, work)


def _member(stage: Stage, begin: datetime, clinic_id: UUID, zone: str, member: Member) -> Actor:
    """A practitioner with a usual week, what it may perform, and a user to act as."""
    who = _resource(stage, begin, clinic_id, ResourceKind.PRACTITIONER, member.name)
    week = [Shift(clinic_id, WeeklyHours(weekday, hours)) for weekday, hours in member.week.items()]
    _manage(stage, begin, lambda c: set_usual_week(c, resource_id=who, week=week, seen=None))
    today = clinic_date(stage.now, zone)
    if member.roster_days is not None:
        until = today + timedelta(member.roster_days)
        _manage(stage, begin, lambda c: publish_roster(c, resource_id=who, until=until, seen=None))
    for code in member.protocols:
        _qualify(stage, begin, who, code, member, today)
    return _staff(stage, begin, member.name, member.roles, who)


def _qualify(stage: Stage, begin: datetime, who: UUID, code: str, member: Member, today: date) -> None:
    expiry = member.expiring.get(code)
    until, renewal = (today + timedelta(expiry.days), expiry.renewal_expected) if expiry else (None, False)

    def work(context: Context) -> object:
        return qualify(context, resource_id=who, protocol=code, valid_until=until, renewal_expected=renewal, seen=None)

    _manage(stage, begin, work)


def _manage(stage: Stage, at: datetime, deed: Callable[[Context], object]) -> None:
    stage.do(stage.manager, at, deed)
