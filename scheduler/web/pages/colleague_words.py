"""What the pages of the staff call roles, and how they tell a form what was refused."""

from collections.abc import Mapping

from scheduler.domain.refusals import Refusal
from scheduler.web.pages.faults import Typed, typed_in
from scheduler.web.pages.login_words import told
from scheduler.web.pages.words import say

FIELDS = {
    "name_missing": "name",
    "role_missing": "roles",
    "own_account": "roles",
    "last_manager": "roles",
    "login_unfit": "login",
    "login_taken": "login",
}
"""The field that a refusal is about."""


def role_words() -> dict[str, str]:
    """The roles by their codes."""
    return {"reception": say("Reception"), "practitioner": say("Practitioner"), "manager": say("Manager")}


def typed_colleague(form: str, values: Mapping[str, str], refusal: Refusal) -> Typed:
    """A form that was refused, with the refusal beside the field that it is about."""
    typed = typed_in(form, values, refusal)
    said = told(refusal)
    field = FIELDS.get(refusal.code)
    if said is None or field is None:
        return typed
    detail = say("Somebody of the staff needs a name.") if field == "name" else said.detail
    return Typed(form, values, {field: detail}, detail, said.remedy if field != "name" else "")
