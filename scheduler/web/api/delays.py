"""Delays: a practitioner who runs late today. It is shown to whoever looks at the day, and moves no appointment."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.days.delays import LONGEST, end_delay, run_late, show_delay
from scheduler.web.api.fields import Day as Date
from scheduler.web.api.fields import Id
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("delays")


class NewDelay(Body):
    """By about how many minutes the practitioner runs late."""

    minutes: Annotated[int, Field(ge=1, le=LONGEST)]


class DelayView(View):
    """How late a practitioner runs on today's date of their clinic: 0 when on time."""

    practitioner_id: Id
    on: Date
    minutes: int


@routes.get("/practitioners/{practitioner_id}/delay", Action.SEE_SCHEDULE, "How late a practitioner runs today")
def show(call: Call, practitioner_id: UUID) -> Answer[DelayView]:
    return Answer(DelayView.of(show_delay(call.context, resource_id=practitioner_id)))


@routes.put("/practitioners/{practitioner_id}/delay", Action.BLOCK_SAME_DAY, "Say that a practitioner runs late today")
def put(call: Call, practitioner_id: UUID, body: NewDelay) -> Answer[DelayView]:
    run_late(call.context, resource_id=practitioner_id, minutes=body.minutes)
    return Answer(DelayView.of(show_delay(call.context, resource_id=practitioner_id)))


@routes.delete("/practitioners/{practitioner_id}/delay", Action.BLOCK_SAME_DAY, "The practitioner is on time again")
def remove(call: Call, practitioner_id: UUID) -> Answer[None]:
    end_delay(call.context, resource_id=practitioner_id)
    return Answer(None)
