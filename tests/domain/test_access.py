"""Who may do what: the whole table, role by role."""

from uuid import UUID

import pytest

from scheduler.domain.access import TABLE, Action, Actor, Allowance, Role, allowance, require, require_fully
from scheduler.domain.refusals import NotAllowed

# reception, practitioner, manager, patient by link; "-" is never
WHO_MAY = {
    "see_schedule": "yes yes yes own",
    "see_patients": "yes yes yes own",
    "book": "yes yes - -",
    "ask_for_move": "- - - own",
    "choose_own": "- - - own",
    "take_replies": "yes - yes -",
    "call_patients": "yes yes - -",
    "handle_dead_letters": "yes yes yes -",
    "edit_patients": "yes yes - -",
    "block_same_day": "yes own yes -",
    "import_busy": "- own yes -",
    "override": "request yes - -",
    "decide_lapse": "request yes - -",
    "place_hold": "request yes - request",
    "see_reasons": "- yes - own",
    "decide_hold": "- yes - -",
    "record": "yes yes - -",
    "complete": "- yes - -",
    "correct": "- yes - -",
    "answer_check_in": "- - - own",
    "see_catalogue": "yes yes yes -",
    "manage_catalogue": "- - yes -",
    "manage_resources": "- - yes -",
    "manage_staff": "- - yes -",
    "see_audit": "- own yes own",
    "issue_patient_links": "yes - - own",
    "issue_resource_links": "- own yes -",
    "use_links": "yes own yes own",
    "own_account": "own own own -",
}
ROLES = (Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER, Role.PATIENT)
CELLS = [(action, role, cell) for action, row in WHO_MAY.items() for role, cell in zip(ROLES, row.split(), strict=True)]


def actor(*roles: Role) -> Actor:
    return Actor(UUID(int=1), UUID(int=2), "Ana", frozenset(roles))


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_each_role_may_do_what_the_table_says(action: str, role: Role, cell: str) -> None:
    found = allowance([role], Action(action))
    assert (found.value if found else "-") == cell


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_who_may_not_is_refused(action: str, role: Role, cell: str) -> None:
    if cell == "-":
        with pytest.raises(NotAllowed):
            require(actor(role), Action(action))
    else:
        assert require(actor(role), Action(action)) == cell


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_who_may_only_request_may_not_do_it_outright(action: str, role: Role, cell: str) -> None:
    if cell in ("-", "request"):
        with pytest.raises(NotAllowed):
            require_fully(actor(role), Action(action))
    else:
        require_fully(actor(role), Action(action))


def test_the_table_has_every_action_and_every_role() -> None:
    assert {action.value for action in Action} == set(WHO_MAY)
    assert set(TABLE) == set(Action)
    assert set(ROLES) == set(Role)


def test_nobody_may_do_anything_without_a_role() -> None:
    assert [allowance([], action) for action in Action] == [None] * len(Action)


@pytest.mark.parametrize(
    ("roles", "action", "width"),
    [
        ([Role.RECEPTION, Role.PRACTITIONER], Action.OVERRIDE, Allowance.YES),
        ([Role.PRACTITIONER, Role.MANAGER], Action.SEE_AUDIT, Allowance.YES),
        ([Role.PRACTITIONER, Role.PATIENT], Action.SEE_AUDIT, Allowance.OWN),
        ([Role.RECEPTION, Role.PATIENT], Action.PLACE_HOLD, Allowance.REQUEST),
        ([Role.RECEPTION, Role.MANAGER], Action.MANAGE_STAFF, Allowance.YES),
        ([Role.PATIENT, Role.RECEPTION], Action.SEE_SCHEDULE, Allowance.YES),
    ],
)
def test_of_several_roles_the_widest_counts(roles: list[Role], action: Action, width: Allowance) -> None:
    assert allowance(roles, action) is width


def test_a_refusal_says_whom_to_ask() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(actor(Role.MANAGER), Action.EDIT_PATIENTS)
    assert refusal.value.detail == "Your role does not include “edit patients”."
    assert refusal.value.remedy == "Ask: practitioner, reception."
    assert refusal.value.facts == {"action": "edit_patients", "roles": ["practitioner", "reception"]}


def test_a_request_needs_a_practitioner() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require_fully(actor(Role.RECEPTION), Action.OVERRIDE)
    assert refusal.value.detail == "This needs a practitioner."
    assert refusal.value.remedy == "Request it; a practitioner decides."
    assert refusal.value.facts == {"action": "override"}
