"""Log-ins: how long one lasts, and what is still asked before it is whole."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.domain.access import Role

IDLE_END = timedelta(hours=1)
ABSOLUTE_END = timedelta(hours=12)
STEP_END = timedelta(minutes=10)
"""So long a log-in lasts without use, at most, and while it still waits for its second factor."""


class Stage(StrEnum):
    """``CODE``: the second factor is asked for. ``ENROLMENT``: it has to be set up first. ``OPEN``: all is done."""

    CODE = "code"
    ENROLMENT = "enrolment"
    OPEN = "open"


class Demand(StrEnum):
    """Of whom the clinic demands a second factor. Whoever has one is asked for it in any case."""

    NOBODY = "nobody"
    MANAGERS = "managers"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a user has: a second factor that is set up, and a device on which it was shown earlier today."""

    has_second_factor: bool
    shown_today: bool


def stage_after_password(roles: Collection[Role], proof: Proof, demand: Demand) -> Stage:
    """What follows once the password was right."""
    if proof.has_second_factor:
        return Stage.OPEN if proof.shown_today else Stage.CODE
    return Stage.ENROLMENT if is_demanded(roles, demand) else Stage.OPEN


def is_demanded(roles: Collection[Role], demand: Demand) -> bool:
    """Whether somebody with these roles must have a second factor."""
    return demand is Demand.EVERYBODY or (demand is Demand.MANAGERS and Role.MANAGER in roles)


def ends_at(stage: Stage, now: datetime) -> datetime:
    """The instant at which a log-in of this stage ends at the latest."""
    return now + (ABSOLUTE_END if stage is Stage.OPEN else STEP_END)


def is_alive(seen_at: datetime, end: datetime, now: datetime) -> bool:
    """Whether a log-in last used then still lasts."""
    return now < end and now < seen_at + IDLE_END
