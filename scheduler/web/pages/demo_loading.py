"""Loading the demo from the first page of an empty service: once, in a thread beside the requests, and never in
production.
"""

from dataclasses import dataclass
from datetime import datetime
from threading import Thread

import structlog

from scheduler.demo.loading import SMALL, load_demo
from scheduler.demo.opening import begin_demo
from scheduler.domain.access import Actor
from scheduler.domain.refusals import NotFound, RuleBroken
from scheduler.operations.demos import SoFar, is_half_made, loaded_so_far
from scheduler.operations.naming import has_organisation
from scheduler.web.pages.login_demo import offered
from scheduler.web.pages.registry import ANYBODY, Before, Choice, Form, Page, PageCall, Pages, See
from scheduler.web.service import Service

pages = Pages("demo_loading")

LOADING = "/welcome/demo"
STANDS_STILL = 15
"""So many looks without a further deed, and whoever loads it has gone: a minute."""


class HowMuch(Form):
    size: str = ""


class Looked(Choice):
    """How many deeds there were at the last look, and for how many looks that has been so."""

    deeds: int = 0
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody has pressed the button. ``manager`` is that of the demo that this press has begun."""

    share: float
    now: datetime
    manager: Actor | None = None


@pages.get(LOADING, ANYBODY)
def look(call: PageCall, query: Looked) -> Page | See:
    """How far it has come, again and again; then to the demo. Raises ``NotFound`` where no demo is."""
    if not is_loading(call):
        if offered(call) or not has_organisation(call.tx):
            return See("/")
        raise nothing_here()
    so_far = loaded_so_far(call.tx, call.now)
    looks = query.looks + 1 if query.deeds == so_far.deeds else 0
    values = {"so_far": so_far, "stands_still": looks >= STANDS_STILL}
    return Page("demo_loading.html", values, then=_next_look(so_far, looks))


def _begin(before: Before, form: HowMuch) -> Asked:
    """Mark the demo as begun in a transaction of its own, before it is played. Only the first of two presses does."""
    if before.service.production:
        raise nothing_here()
    database, share = before.service.database, SMALL if form.size == "small" else 1
    try:
        manager = database.write(lambda tx: begin_demo(tx, before.now))
    except RuleBroken:
        return Asked(share, before.now)
    return Asked(share, before.now, manager)


@pages.post(LOADING, ANYBODY, prepare=_begin)
def load(call: PageCall, ready: Asked) -> See:
    """Load it, if this press was the first. Raises ``NotFound`` in a database with anything but a demo."""
    if ready.manager:
        Thread(target=_load, args=(call.service, ready), name="demo", daemon=True).start()
    elif not is_loading(call) and not offered(call):
        raise nothing_here()
    return See(LOADING)


def is_loading(call: PageCall) -> bool:
    """Whether a demo that is not whole yet is all that there is."""
    return not call.service.production and is_half_made(call.tx)


def nothing_here() -> NotFound:
    """What the pages of an empty service say once it is set up."""
    return NotFound("Interval is set up already.", code="no_such_address", remedy="Log in.")


def _next_look(so_far: SoFar, looks: int) -> str:
    return f"{LOADING}?deeds={so_far.deeds}&looks={looks}"


def _load(service: Service, asked: Asked) -> None:
    try:
        load_demo(
            service.database, service.link_key, asked.now, lambda _: None, share=asked.share, manager=asked.manager
        )
    except Exception as error:
        structlog.get_logger().error("the demo could not be loaded", exc_info=error)
