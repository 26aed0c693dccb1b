"""The demo's two houses, in two time zones: their hours, rooms and devices, and who works there on which days.

Minutes are those of the wall clock since midnight, weekdays count from Monday 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.domain.access import Role

ORGANISATION = "Meridian Skin (demo)"
MANAGER = "Maxine Oyelaran"
RECEPTION = "Siân Hughes"

REJUVENATION = "microneedling-rejuvenation"
SCARS = "microneedling-acne-scars"
PRP = "microneedling-prp"
PEEL = "chemical-peel-superficial"
LASER = "laser-hair-removal-body"
RF = "rf-microneedling"

Hours = tuple[int, int]


def _hours(opens: int, closes: int) -> Hours:
    return opens * 60, closes * 60


@dataclass(frozen=True, slots=True)
class Expiry:
    """A qualification that ends so many days after today (before it, when negative)."""

    days: int
    renewal_expected: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who treats: the usual week by weekday, and the protocols that they may perform."""

    name: str
    week: Mapping[int, Hours]
    protocols: Sequence[str]
    expiring: Mapping[str, Expiry] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset({Role.PRACTITIONER})
    roster_days: int | None = None


@dataclass(frozen=True, slots=True)
class House:
    """One location. ``devices`` are names with types."""

    name: str
    zone: str
    country: str
    region: str
    address: str
    phone: str
    opening: Mapping[int, Hours]
    rooms: Sequence[str]
    devices: Mapping[str, str]
    members: Sequence[Member]
    protocols: Sequence[str]


LONDON = House(
    name="Meridian Marylebone",
    zone="Europe/London",
    country="GB",
    region="ENG",
    address="14 Invented Mews, London W1U 0AA",
    phone="+44 20 7946 0014",
    opening={**dict.fromkeys(range(5), _hours(9, 20)), 5: _hours(9, 17), 6: _hours(10, 16)},
    rooms=("Marylebone 1", "Marylebone 2", "Marylebone 3"),
    devices={"Needling pen M": "microneedling-pen", "Diode laser M": "hair-removal-laser"},
    members=(
        Member(
            "Dr Amara Okafor",
            dict.fromkeys(range(5), _hours(9, 17)),
            (REJUVENATION, SCARS, PRP, PEEL, LASER),
            roster_days=75,
        ),
        Member(
            "Beatriz Nunes",
            {**dict.fromkeys((1, 2, 3, 4), _hours(12, 20)), 5: _hours(9, 17)},
            (REJUVENATION, SCARS, PRP, PEEL),
            {PRP: Expiry(30, renewal_expected=True)},
            roster_days=75,
        ),
        Member(
            "Callum Reid",
            {0: _hours(9, 14), 3: _hours(9, 14), 6: _hours(10, 16)},
            (PEEL, LASER, SCARS),
            {SCARS: Expiry(-90)},
        ),
        Member(
            "Daisuke Mori",
            {0: _hours(12, 20), 2: _hours(12, 20), 4: _hours(12, 20), 5: _hours(9, 17), 6: _hours(10, 16)},
            (REJUVENATION, PEEL, LASER),
            roster_days=75,
        ),
    ),
    protocols=(REJUVENATION, REJUVENATION, SCARS, PRP, PEEL, PEEL, LASER, LASER),
)

NEW_YORK = House(
    name="Meridian Hudson",
    zone="America/New_York",
    country="US",
    region="NY",
    address="200 Invented Street, New York, NY 10014",
    phone="+1 (212) 555-0114",
    opening={**dict.fromkeys(range(5), _hours(8, 19)), 5: _hours(9, 15)},
    rooms=("Hudson 1", "Hudson 2", "Hudson 3"),
    devices={"Needling pen H": "microneedling-pen", "RF device H": "rf-microneedling"},
    members=(
        Member(
            "Dr Elena Petrova",
            {**dict.fromkeys(range(4), _hours(8, 16)), 4: _hours(8, 13)},
            (REJUVENATION, SCARS, PRP, PEEL, RF),
            roles=frozenset({Role.PRACTITIONER, Role.MANAGER}),
            roster_days=75,
        ),
        Member(
            "Farid Haddad",
            {**dict.fromkeys(range(1, 5), _hours(11, 19)), 5: _hours(9, 15)},
            (REJUVENATION, SCARS, PEEL, RF),
            {RF: Expiry(45)},
            roster_days=75,
        ),
    ),
    protocols=(REJUVENATION, REJUVENATION, SCARS, PRP, PEEL, PEEL, RF, RF),
)

HOUSES = (LONDON, NEW_YORK)
