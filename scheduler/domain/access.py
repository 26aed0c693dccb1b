"""Access: who may do what. One table, role by action by whose; a user may have several roles."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import NotAllowed


class Role(StrEnum):
    RECEPTION = "reception"
    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    PATIENT = "patient"


class Allowance(StrEnum):
    """How far a permission goes. ``OWN``: own patients, own resource, own data. ``REQUEST``: a colleague decides."""

    YES = "yes"
    OWN = "own"
    REQUEST = "request"


class Action(StrEnum):
    SEE_SCHEDULE = "see_schedule"
    SEE_PATIENTS = "see_patients"
    SEE_CATALOGUE = "see_catalogue"
    SEE_REASONS = "see_reasons"
    BOOK = "book"
    ASK_FOR_MOVE = "ask_for_move"
    CHOOSE_OWN = "choose_own"
    TAKE_REPLIES = "take_replies"
    CALL_PATIENTS = "call_patients"
    HANDLE_DEAD_LETTERS = "handle_dead_letters"
    EDIT_PATIENTS = "edit_patients"
    BLOCK_SAME_DAY = "block_same_day"
    IMPORT_BUSY = "import_busy"
    OVERRIDE = "override"
    DECIDE_LAPSE = "decide_lapse"
    PLACE_HOLD = "place_hold"
    DECIDE_HOLD = "decide_hold"
    RECORD = "record"
    ANSWER_CHECK_IN = "answer_check_in"
    COMPLETE = "complete"
    CORRECT = "correct"
    MANAGE_CATALOGUE = "manage_catalogue"
    MANAGE_RESOURCES = "manage_resources"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"
    ISSUE_PATIENT_LINKS = "issue_patient_links"
    ISSUE_RESOURCE_LINKS = "issue_resource_links"
    USE_LINKS = "use_links"
    OWN_ACCOUNT = "own_account"


_R, _P, _M, _L = Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER, Role.PATIENT
_YES, _OWN, _REQUEST = Allowance.YES, Allowance.OWN, Allowance.REQUEST

TABLE: Mapping[Action, Mapping[Role, Allowance]] = {
    Action.SEE_SCHEDULE: {_R: _YES, _P: _YES, _M: _YES, _L: _OWN},
    Action.SEE_PATIENTS: {_R: _YES, _P: _YES, _M: _YES, _L: _OWN},
    Action.SEE_CATALOGUE: {_R: _YES, _P: _YES, _M: _YES},
    Action.SEE_REASONS: {_P: _YES, _L: _OWN},
    Action.BOOK: {_R: _YES, _P: _YES},
    Action.ASK_FOR_MOVE: {_L: _OWN},
    Action.CHOOSE_OWN: {_L: _OWN},
    Action.TAKE_REPLIES: {_R: _YES, _M: _YES},
    Action.CALL_PATIENTS: {_R: _YES, _P: _YES},
    Action.HANDLE_DEAD_LETTERS: {_R: _YES, _P: _YES, _M: _YES},
    Action.EDIT_PATIENTS: {_R: _YES, _P: _YES},
    Action.BLOCK_SAME_DAY: {_R: _YES, _P: _OWN, _M: _YES},
    Action.IMPORT_BUSY: {_P: _OWN, _M: _YES},
    Action.OVERRIDE: {_R: _REQUEST, _P: _YES},
    Action.DECIDE_LAPSE: {_R: _REQUEST, _P: _YES},
    Action.PLACE_HOLD: {_R: _REQUEST, _P: _YES, _L: _REQUEST},
    Action.DECIDE_HOLD: {_P: _YES},
    Action.RECORD: {_R: _YES, _P: _YES},
    Action.ANSWER_CHECK_IN: {_L: _OWN},
    Action.COMPLETE: {_P: _YES},
    Action.CORRECT: {_P: _YES},
    Action.MANAGE_CATALOGUE: {_M: _YES},
    Action.MANAGE_RESOURCES: {_M: _YES},
    Action.MANAGE_STAFF: {_M: _YES},
    Action.SEE_AUDIT: {_P: _OWN, _M: _YES, _L: _OWN},
    Action.ISSUE_PATIENT_LINKS: {_R: _YES, _L: _OWN},
    Action.ISSUE_RESOURCE_LINKS: {_P: _OWN, _M: _YES},
    Action.USE_LINKS: {_R: _YES, _P: _OWN, _M: _YES, _L: _OWN},
    Action.OWN_ACCOUNT: {_R: _OWN, _P: _OWN, _M: _OWN},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user of an organisation with roles; ``resource_id`` when the user is a practitioner there."""

    user_id: UUID
    organisation_id: UUID
    name: str
    roles: frozenset[Role]
    resource_id: UUID | None = None
    patient_id: UUID | None = None


_BREADTH = (Allowance.YES, Allowance.OWN, Allowance.REQUEST)


def allowance(roles: Collection[Role], action: Action) -> Allowance | None:
    """The widest allowance that any of the roles gives, or ``None``."""
    given = {TABLE[action][role] for role in roles if role in TABLE[action]}
    return next((width for width in _BREADTH if width in given), None)


def require(actor: Actor, action: Action) -> Allowance:
    """The actor's allowance; raises ``NotAllowed`` with the roles that have it when there is none."""
    width = allowance(actor.roles, action)
    if width is None:
        allowed = sorted(role.value for role in TABLE[action])
        word = action.value.replace("_", " ")
        raise NotAllowed(
            Phrase("Your role does not include “%(word)s”.", word=word),
            remedy=Phrase("Ask: %(allowed)s.", allowed=allowed),
            action=action.value,
            roles=allowed,
        )
    return width


def require_fully(actor: Actor, action: Action) -> None:
    """Raise ``NotAllowed`` unless the actor may do this outright, not only request it."""
    if require(actor, action) is Allowance.REQUEST:
        raise NotAllowed(
            "This needs a practitioner.", remedy="Request it; a practitioner decides.", action=action.value
        )
