"""The staff, for managers: who works here, how each logs in, and somebody new."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from scheduler.domain.access import Action, Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Refusal
from scheduler.operations.places.resources import ResourceFilter, list_resources
from scheduler.operations.staff.accounts import give_login
from scheduler.operations.staff.colleagues import list_colleagues
from scheduler.operations.staff.staff import add_user
from scheduler.web.api.fields import Name
from scheduler.web.pages.colleague_words import role_words, typed_colleague
from scheduler.web.pages.login_words import moment
from scheduler.web.pages.registry import Answer, Form, Page, PageCall, Pages, See
from scheduler.web.problems import status_of

pages = Pages("staff")

HOME = "/staff"
MOST_PRACTITIONERS = 500

Roles = tuple[Literal["reception", "practitioner", "manager"], ...]


class StaffForm(Form):
    """What is said of somebody. ``practitioner`` is who they are in the day plan."""

    name: Name
    roles: Roles = ()
    practitioner: UUID | None = None


class NewForm(StaffForm):
    """With ``login`` there is a link at once."""

    login: Annotated[str | None, Field(max_length=254)] = None


@pages.get(HOME, Action.MANAGE_STAFF)
def index(call: PageCall) -> Answer:
    """Everybody, and what is missing for one to be in."""
    values = {"staff": list_colleagues(call.context), "roles": role_words(), "at": partial(moment, call)}
    return Page("staff_list.html", values)


@pages.get(f"{HOME}/new", Action.MANAGE_STAFF)
def begin(call: PageCall) -> Answer:
    """The form of somebody new."""
    return _new(call, {"name": "", "login": "", "roles": (), "practitioner": ""})


def _again(call: PageCall, refusal: Refusal) -> Answer:
    typed = typed_colleague("new", call.typed, refusal)
    return _new(call, {**call.typed, "roles": request.form.getlist("roles")}, typed=typed, status=status_of(refusal))


@pages.post(HOME, Action.MANAGE_STAFF, on_refusal=_again)
def add(call: PageCall, form: NewForm) -> Answer:
    """Add somebody; the link that sets the password is shown in the answer to this form alone."""
    roles = [Role(role) for role in form.roles]
    added = add_user(call.context, name=form.name, roles=roles, resource_id=form.practitioner)
    if form.login is None:
        return See(f"{HOME}/{added.id}")
    link = give_login(call.context, user_id=added.id, login=form.login)
    address = call.service.url(f"/set-password/{link.secret}")
    shown = {"link": link, "address": address, "name": added.name, "user_id": added.id, "at": partial(moment, call)}
    return Page("staff_link.html", shown)


def practitioners(call: PageCall) -> list[tuple[str, str]]:
    """Whom somebody may be in the day plan: the options of a list."""
    wanted = ResourceFilter(kind=ResourceKind.PRACTITIONER, active=True)
    found = list_resources(call.context, wanted, limit=MOST_PRACTITIONERS).items
    return [(str(one.id), one.name) for one in found]


def _new(call: PageCall, values: Mapping[str, Any], **more: Any) -> Page:
    status = {"status": more.pop("status")} if "status" in more else {}
    shown = {"values": values, "roles": role_words(), "practitioners": practitioners(call), **more}
    return Page("staff_new.html", shown, **status)
