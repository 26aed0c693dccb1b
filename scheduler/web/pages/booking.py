"""Booking in one breath: search a patient, choose, read a plan aloud, book. Nothing is stored before the last step.

Everything that was chosen stands in the address, so that a booking can be left, parked and taken up again. The page
works as forms; a script swaps the same panel in beside the day.
"""

from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.refusals import Invalid, NotFound, Refusal
from scheduler.operations.booking.beginning import give_back
from scheduler.operations.booking.keeping import KeepUntil
from scheduler.operations.patients.quick_adding import PerhapsOnFile, add_caller
from scheduler.web.api.fields import Day, Email, Name, Phone, Prose
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_deeds import book_it, keep_it
from scheduler.web.pages.booking_done import done_of
from scheduler.web.pages.booking_outside import book_outside
from scheduler.web.pages.booking_panel import panel_of
from scheduler.web.pages.booking_parking import forget, park
from scheduler.web.pages.booking_refusals import refusal_words
from scheduler.web.pages.booking_search import Newcomer, hits_of, search_of
from scheduler.web.pages.notices import tell_done
from scheduler.web.pages.reading import valid
from scheduler.web.pages.registry import Form, Page, PageCall, Pages, See

pages = Pages("booking")


class BookingForm(Form):
    """What is done with a plan. ``asked`` is the choice that it was found by, ``count`` how many are booked first."""

    asked: Annotated[str, Field(max_length=2000)] = ""
    plan: Annotated[str, Field(max_length=12000)] = ""
    deed: Literal["all", "next", "first", "keep", "keep_today"] = "all"
    count: Annotated[int, Field(ge=1, le=99)] = 1


class AskedForm(Form):
    """A deed about the choice itself."""

    asked: Annotated[str, Field(max_length=2000)] = ""


class OutsideForm(AskedForm):
    """A time outside the window, and why it is to be all the same."""

    plan: Annotated[str, Field(max_length=1000)]
    reason: Prose


class CallerForm(AskedForm):
    """A new patient: a name and one contact. ``is_new`` says that nobody on file is meant."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None
    born: Day | None = None
    is_new: Literal["yes"] | None = None


@pages.get("/book", Action.BOOK)
def show(call: PageCall, query: BookingChoice) -> Page | See:
    """A booking as far as it has come: the search, the panel of a patient, or what was booked."""
    if query.booked:
        return _page(done=done_of(call, query.booked))
    if query.patient is None:
        return _page(search=search_of(call, query))
    try:
        return _page(panel=panel_of(call, query, query.patient))
    except NotFound as refusal:
        if refusal.code != "patient_merged":
            raise
        return See(query.path(patient=UUID(refusal.facts["merged_into"])))


def _page(*, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> Page:
    """The whole page, or the panel alone where a script asks for it."""
    is_part = request.headers.get("HX-Request") == "true"
    return Page("book_panel.html" if is_part else "book.html", values, status)


def taken(call: PageCall, refusal: Refusal) -> Page:
    """The same panel with fresh plans, and why the chosen one could not be had."""
    form = valid(AskedForm, request.form)
    choice = BookingChoice.of_query(form.asked)
    told = refusal_words(refusal)
    if choice.patient is None:
        return _page(status=HTTPStatus.CONFLICT, search=search_of(call, choice), refused=told)
    return _page(status=HTTPStatus.CONFLICT, panel=panel_of(call, choice, choice.patient), refused=told)


@pages.post("/book", Action.BOOK, on_refusal=taken)
def book(call: PageCall, form: BookingForm) -> See:
    """Book the chosen plan, its first sessions or only the next; or keep its slots for a while."""
    choice = BookingChoice.of_query(form.asked)
    if form.deed in ("keep", "keep_today"):
        until = KeepUntil.TEN_MINUTES if form.deed == "keep" else KeepUntil.END_OF_DAY
        keep = keep_it(call, choice, form.plan, until)
        return See(choice.path(keep=keep.id))
    count = {"next": 1, "first": form.count}.get(form.deed)
    deed, booked = book_it(call, choice, form.plan, count)
    tell_done("booked", deed)
    return See(BookingChoice(booked=booked).path())


@pages.post("/book/outside", Action.OVERRIDE, on_refusal=taken)
def outside(call: PageCall, form: OutsideForm) -> See:
    """Book outside the window by a practitioner's decision; reception asks for one, and the time is kept meanwhile."""
    choice = BookingChoice.of_query(form.asked)
    if choice.kind != "series":
        raise Invalid("Choose a series that goes on first.", code="booking_unclear")
    done = book_outside(call, choice, form.plan, form.reason)
    if done.deed is None:
        return See(choice.path(pin=(), told="asked"))
    tell_done("booked", done.deed)
    return See(BookingChoice(booked=choice.what).path())


@pages.post("/book/release", Action.BOOK)
def release(call: PageCall, form: AskedForm) -> See:
    """Give kept slots back."""
    choice = BookingChoice.of_query(form.asked)
    if choice.keep is not None:
        give_back(call.context, choice.keep)
    return See(choice.path(keep=None))


def not_added(call: PageCall, refusal: Refusal) -> Page:
    """The search with what was typed, and why nobody was added: perhaps the person is on file."""
    choice = BookingChoice.of_query(request.form.get("asked", ""))
    known = hits_of(refusal.known, choice) if isinstance(refusal, PerhapsOnFile) else ()
    faults = {one["field"]: one["detail"] for one in refusal.facts.get("errors", ())}
    newcomer = Newcomer(call.typed, faults, refusal_words(refusal), known)
    status = HTTPStatus.CONFLICT if known else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(status=status, search=search_of(call, choice, newcomer))


@pages.post("/book/patients", Action.EDIT_PATIENTS, on_refusal=not_added)
def add(call: PageCall, form: CallerForm) -> See:
    """Add a patient and go on with the booking."""
    patient = add_caller(
        call.context,
        name=form.name,
        phone=form.phone,
        email=form.email,
        date_of_birth=form.born,
        is_new=form.is_new == "yes",
    )
    return See(BookingChoice.of_query(form.asked).path(patient=patient.id, q=None))


@pages.post("/book/park", Action.BOOK)
def leave(_call: PageCall, form: AskedForm) -> See:
    """Put the booking aside: the next call comes."""
    park(BookingChoice.of_query(form.asked))
    return See("/book")


@pages.post("/book/parked/take-up", Action.BOOK)
def take_up(_call: PageCall, form: AskedForm) -> See:
    """Go on with a booking that was put aside."""
    choice = BookingChoice.of_query(form.asked)
    forget(choice)
    return See(choice.path())


@pages.post("/book/parked/drop", Action.BOOK)
def drop(call: PageCall, form: AskedForm) -> See:
    """Forget a booking that was put aside, and give back what was kept for it."""
    choice = BookingChoice.of_query(form.asked)
    forget(choice)
    if choice.keep is not None:
        give_back(call.context, choice.keep)
    return See("/book")
