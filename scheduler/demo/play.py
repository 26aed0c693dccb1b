"""Playing the demo clinic's history from its first day to the present, through the operations."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import or_, update

from scheduler.demo.absences import plan_absences
from scheduler.demo.calls import call, plan_visits
from scheduler.demo.chance import dice
from scheduler.demo.courses import Scale, invented_courses
from scheduler.demo.history import History
from scheduler.demo.opening import open_demo
from scheduler.demo.people import invented_people
from scheduler.demo.present import plan_present
from scheduler.demo.stage import Stage
from scheduler.demo.stories import expect
from scheduler.domain.access import Actor, Role
from scheduler.operations.calendars.links import issue_link
from scheduler.operations.context import Context
from scheduler.operations.demos import FINISHED, mark_demo
from scheduler.operations.messages.announcing import UNDO_TIME, know_all
from scheduler.operations.staff.accounts import give_login, use_password_link
from scheduler.operations.staff.hashes import slow_hash
from scheduler.operations.staff.tokens import create_token
from scheduler.storage.database import Database
from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState

PATIENTS = 300
SEED = 2026
CALLERS = 2
KNOWN_TO_ALL = "look around freely"
"""The password of every account of the demo, which production refuses."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the demo: its token for the API, and how it logs in."""

    name: str
    role: str
    token: str
    login: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """The demo once it stands: whose it is, who may call the API, and whose feed is shown."""

    organisation_id: UUID
    accounts: tuple[Account, ...]
    patient_id: UUID


def play_demo(
    database: Database,
    link_key: str,
    now: datetime,
    told: Callable[[datetime], None],
    *,
    seed: int = SEED,
    scale: Scale | None = None,
    manager: Actor | None = None,
) -> Played:
    """Make the demo clinic as it stands at ``now``; the same seed and instant make the same clinic.

    ``told`` hears how far the history has come; ``manager`` is that of a demo that was begun at ``now``. Raises
    ``RuleBroken`` unless the database is empty but for that.
    """
    size = scale or Scale()
    history = _cast(open_demo(database, now, seed, manager), size)
    history.stage.agenda.play(told)
    _messages_have_gone_out(history.stage)
    patient_id = _somebody_expected(history)
    stage = history.stage
    stage.do(stage.reception, now, lambda c: issue_link(c, link_key, patient_id=patient_id, device="phone"))
    password_hash = slow_hash(KNOWN_TO_ALL)
    accounts = tuple(_account(stage, actor, role, password_hash) for actor, role in _shown(stage))
    stage.do(stage.manager, now, lambda c: mark_demo(c, FINISHED))
    return Played(stage.organisation_id, accounts, patient_id)


def _cast(stage: Stage, scale: Scale) -> History:
    """Everybody with the first thing that they do on the agenda."""
    patients = scale.of(PATIENTS)
    people = tuple(invented_people(dice(stage.seed, "people"), patients, stage.now.date()))
    history = History(stage, people, expect)
    courses = invented_courses(stage, scale, patients)
    for course in courses[:-CALLERS]:
        stage.agenda.at(course.calls_at, partial(call, history, course))
    plan_absences(history)
    plan_visits(history, scale)
    plan_present(history, courses[-CALLERS:])
    return history


def _messages_have_gone_out(stage: Stage) -> None:
    """Whatever the history told patients was sent at its time, and whom to call was called within two days."""
    due = or_(OutboxRow.kind != MessageKind.CALL, OutboxRow.due_at < stage.now - timedelta(days=2))
    past = (OutboxRow.organisation_id == stage.organisation_id, OutboxRow.due_at <= stage.now, due)
    closed = {"state": OutboxState.SENT, "closed_at": OutboxRow.due_at, "content": None}
    sent = update(OutboxRow).where(*past).values(closed).returning(OutboxRow.patient_id)
    told = stage.database.write(lambda tx: set(tx.scalars(sent)))
    for patient_id in sorted(told):
        stage.do(stage.manager, stage.now - UNDO_TIME, partial(know_all, patient_id=patient_id))


def _somebody_expected(history: History) -> UUID:
    """A patient with the most appointments still to come."""
    most = max(history.running.values(), key=lambda run: (len(run.booked), run.course is not None))
    return most.patient_id


def _shown(stage: Stage) -> list[tuple[Actor, Role]]:
    first = [stage.practitioners[place.practitioners[0]] for place in stage.places]
    practitioners = [(actor, Role.PRACTITIONER) for actor in first]
    return [(stage.reception, Role.RECEPTION), *practitioners, (stage.manager, Role.MANAGER)]


def _account(stage: Stage, actor: Actor, role: Role, password_hash: str) -> Account:
    def work(context: Context) -> Account:
        made = create_token(context, user_id=actor.user_id, role=role, name="demo")
        link = give_login(context, user_id=actor.user_id, login=_login(actor.name))
        use_password_link(context.tx, secret=link.secret, password_hash=password_hash, now=context.now)
        return Account(actor.name, role.value, made.secret, link.login, KNOWN_TO_ALL)

    return stage.do(stage.manager, stage.now, work)


def _login(name: str) -> str:
    """An address that is set aside for inventions, such as ``sian.morgan@demo.example``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return ".".join(re.findall("[a-z]+", plain)) + "@demo.example"
