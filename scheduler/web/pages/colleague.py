"""One of the staff, for managers: name and roles, how they log in, where they are in, and the end of it all."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import Field

from scheduler.domain.access import Action, Role
from scheduler.domain.refusals import Refusal
from scheduler.operations.staff.accounts import PasswordLink, give_login, password_link
from scheduler.operations.staff.colleagues import edit_colleague, end_account, get_colleague, take_back
from scheduler.operations.staff.ending import end_everywhere, end_login, forget_device, list_devices, list_logins
from scheduler.operations.staff.second_factors import remove_second_factor
from scheduler.web.pages.colleague_words import role_words, typed_colleague
from scheduler.web.pages.login_words import moment, status_of
from scheduler.web.pages.registry import Answer, Form, Page, PageCall, Pages, See
from scheduler.web.pages.staff import HOME, StaffForm, practitioners

pages = Pages("colleague")

ONE = f"{HOME}/{{user_id}}"


class LoginNameForm(Form):
    login: Annotated[str, Field(max_length=254)]


@pages.get(ONE, Action.MANAGE_STAFF)
def show(call: PageCall, user_id: UUID) -> Answer:
    """All about one."""
    return _page(call, user_id)


def _again(call: PageCall, refusal: Refusal, user_id: UUID) -> Answer:
    values = {**call.typed, "roles": request.form.getlist("roles")}
    return _page(call, user_id, values, refusal, "who")


@pages.post(ONE, Action.MANAGE_STAFF, on_refusal=_again)
def edit(call: PageCall, user_id: UUID, form: StaffForm) -> See:
    """Another name, other roles, another practitioner of the day plan."""
    roles = [Role(role) for role in form.roles]
    edit_colleague(call.context, user_id=user_id, name=form.name, roles=roles, resource_id=form.practitioner)
    return See(_path(user_id))


def _login_again(call: PageCall, refusal: Refusal, user_id: UUID) -> Answer:
    return _page(call, user_id, None, refusal, "login")


@pages.post(f"{ONE}/login", Action.MANAGE_STAFF, on_refusal=_login_again)
def name_login(call: PageCall, user_id: UUID, form: LoginNameForm) -> Answer:
    """A name to log in with, and a link that sets the password, shown once."""
    return _link(call, user_id, give_login(call.context, user_id=user_id, login=form.login))


@pages.post(f"{ONE}/link", Action.MANAGE_STAFF, on_refusal=_login_again)
def link(call: PageCall, user_id: UUID) -> Answer:
    """A fresh link that sets the password, shown once; earlier ones end."""
    return _link(call, user_id, password_link(call.context, user_id=user_id))


@pages.post(f"{ONE}/second-factor/remove", Action.MANAGE_STAFF, on_refusal=_login_again)
def reset(call: PageCall, user_id: UUID) -> See:
    """No second factor and no recovery codes any more, for somebody who has lost the phone."""
    remove_second_factor(call.context, user_id=user_id)
    return See(_path(user_id))


@pages.post(f"{ONE}/logins/end", Action.MANAGE_STAFF)
def end_all(call: PageCall, user_id: UUID) -> See:
    """Out everywhere, and no device is trusted. Managers at their own name stay in here."""
    here = call.somebody.login_id if user_id == call.somebody.user_id else None
    end_everywhere(call.context, user_id=user_id, but=here)
    return See(_path(user_id))


@pages.post(f"{ONE}/logins/{{login_id}}/end", Action.MANAGE_STAFF)
def end_one(call: PageCall, user_id: UUID, login_id: UUID) -> See:
    """Out on one device. Raises ``NotFound``."""
    get_colleague(call.context, user_id=user_id)
    end_login(call.context, login_id=login_id)
    return See(_path(user_id))


@pages.post(f"{ONE}/devices/{{device_id}}/forget", Action.MANAGE_STAFF)
def forget(call: PageCall, user_id: UUID, device_id: UUID) -> See:
    """The device asks for everything again. Raises ``NotFound``."""
    forget_device(call.context, user_id=user_id, device_id=device_id)
    return See(_path(user_id))


@pages.get(f"{ONE}/end", Action.MANAGE_STAFF)
def ask_end(call: PageCall, user_id: UUID) -> Answer:
    """What ends with the account, before it does."""
    return Page("staff_end.html", {"one": get_colleague(call.context, user_id=user_id)})


def _end_again(call: PageCall, refusal: Refusal, user_id: UUID) -> Answer:
    typed = typed_colleague("end", call.typed, refusal)
    values = {"one": get_colleague(call.context, user_id=user_id), "typed": typed}
    return Page("staff_end.html", values, status_of(refusal))


@pages.post(f"{ONE}/end", Action.MANAGE_STAFF, on_refusal=_end_again)
def end(call: PageCall, user_id: UUID) -> See:
    """The account ends at once."""
    end_account(call.context, user_id=user_id)
    return See(_path(user_id))


@pages.post(f"{ONE}/take-back", Action.MANAGE_STAFF)
def return_to_work(call: PageCall, user_id: UUID) -> See:
    """Somebody works here again."""
    take_back(call.context, user_id=user_id)
    return See(_path(user_id))


def _path(user_id: UUID) -> str:
    return ONE.format(user_id=user_id)


def _link(call: PageCall, user_id: UUID, made: PasswordLink) -> Page:
    address = call.service.url(f"/set-password/{made.secret}")
    name = get_colleague(call.context, user_id=user_id).name
    return Page(
        "staff_link.html",
        {"link": made, "address": address, "name": name, "user_id": user_id, "at": partial(moment, call)},
    )


def _page(
    call: PageCall,
    user_id: UUID,
    values: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
    form: str = "",
) -> Page:
    one = get_colleague(call.context, user_id=user_id)
    stored = {"name": one.name, "roles": one.roles, "practitioner": str(one.resource_id or "")}
    shown = {
        "one": one,
        "values": values or stored,
        "typed": typed_colleague(form, call.typed, refusal) if refusal else None,
        "roles": role_words(),
        "practitioners": practitioners(call),
        "logins": list_logins(call.context, user_id=user_id),
        "devices": list_devices(call.context, user_id=user_id),
        "is_own": user_id == call.somebody.user_id,
        "at": partial(moment, call),
    }
    return Page("staff_one.html", shown, status_of(refusal))
