"""One click into the demo: in a database with nothing but a demo, and never in production."""

from dataclasses import dataclass

from scheduler.domain.access import Role
from scheduler.domain.logins import Demand
from scheduler.domain.patient_links import LinkScope
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context
from scheduler.operations.demos import demo_desk, demo_patient, demo_user
from scheduler.operations.patients.patient_links import issue_patient_link
from scheduler.operations.staff.devices import device_for
from scheduler.operations.staff.logins import log_out, open_login
from scheduler.web.origins import origin
from scheduler.web.pages.login_steps import enter
from scheduler.web.pages.registry import ANYBODY, PageCall, Pages, See
from scheduler.web.pages.visitor import current_login
from scheduler.web.pages.words import say

pages = Pages("demo")

ROLES = (Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class OfferedRole:
    """A role of the demo, and what it sees, in words."""

    code: str
    word: str
    sees: str


def offered(call: PageCall) -> tuple[OfferedRole, ...]:
    """The roles to look around in; none outside the demo."""
    if call.service.production or any(demo_user(call.tx, role) is None for role in ROLES):
        return ()
    return (
        OfferedRole("reception", say("Reception"), say("The day at the desk, booking and the phone")),
        OfferedRole("practitioner", say("Practitioner"), say("Series, holds and records of patients")),
        OfferedRole("manager", say("Manager"), say("Resources, treatments, staff and reports")),
        OfferedRole("patient", say("Patient on a phone"), say("Own visits, calendar and asking for another time")),
    )


@pages.post("/login/as/{role}", ANYBODY)
def look_around(call: PageCall, role: str) -> See:
    """Be somebody of the demo. Raises ``NotFound`` anywhere else."""
    if role == Role.PATIENT:
        return _as_a_patient(call)
    wanted = next((one for one in ROLES if one == role), None)
    user_id = demo_user(call.tx, wanted) if wanted and not call.service.production else None
    if user_id is None:
        raise _nothing()
    if earlier := current_login():
        log_out(call.tx, earlier, call.now)
    come_from = origin()
    device = device_for(call.tx, come_from.device_secret, come_from.browser, call.now)
    enter(open_login(call.tx, user_id, device, Demand.NOBODY, call.now))
    return See("/")


def _as_a_patient(call: PageCall) -> See:
    """Follow a fresh personal link of somebody who has visits ahead, as reception would have sent it."""
    desk = None if call.service.production else demo_desk(call.tx)
    patient_id = demo_patient(call.tx, desk.organisation_id, call.now) if desk else None
    if desk is None or patient_id is None:
        raise _nothing()
    context = Context(call.tx, desk, call.now)
    link = issue_patient_link(context, call.service.link_key, patient_id=patient_id, scope=LinkScope.VISITS)
    return See(f"/p/{link.token}")


def _nothing() -> NotFound:
    return NotFound("There is nothing at this address.", code="no_such_address")
