"""The frame of a page: what stands around its own matter. Everything in it is looked up when a template asks."""

from functools import cached_property

from flask import request, session
from flask_wtf.csrf import generate_csrf

from scheduler.domain.access import Action, Role, allowance
from scheduler.web.pages.navigation import Entry, entries
from scheduler.web.pages.notices import Done, Refused, done, refused
from scheduler.web.pages.places import Place, chosen_clinic, clinics
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.visitor import Visitor
from scheduler.web.pages.words import say, words

THEMES = ("light", "dark")


class Frame:
    """What ``staff.html`` and ``public.html`` show around a page."""

    def __init__(self, call: PageCall) -> None:
        self._call = call

    @property
    def visitor(self) -> Visitor | None:
        return self._call.visitor

    @property
    def role(self) -> str:
        """The visitor's roles in words."""
        held = self._call.somebody.roles
        named = {
            Role.RECEPTION: say("reception"),
            Role.PRACTITIONER: say("practitioner"),
            Role.MANAGER: say("manager"),
        }
        return ", ".join(word for role, word in named.items() if role in held)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return entries(self._call.somebody.roles)

    @property
    def books(self) -> bool:
        """Whether the visitor may book, arrive, cancel and undo."""
        return allowance(self._call.somebody.roles, Action.BOOK) is not None

    @property
    def csrf_token(self) -> str:
        return str(generate_csrf())

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        return request.full_path.removesuffix("?")

    @cached_property
    def clinics(self) -> tuple[Place, ...]:
        return clinics(self._call)

    @cached_property
    def clinic(self) -> Place:
        return chosen_clinic(self._call)

    @cached_property
    def done(self) -> Done | None:
        return done(self._call)

    @cached_property
    def refused(self) -> Refused | None:
        return refused()

    @property
    def theme(self) -> str | None:
        """``light`` or ``dark`` where one was chosen; else the machine decides."""
        return theme()

    @property
    def language(self) -> str:
        return words().language.value

    @property
    def keys(self) -> bool:
        """Whether single keys do something."""
        return session.get("keys") != "off"


def theme() -> str | None:
    """The look that was chosen on this browser."""
    chosen = session.get("theme")
    return str(chosen) if chosen in THEMES else None
