"""A new version of a treatment: edited in a form, looked at, then stored. Running series keep theirs."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.catalogue import protocol_differences, protocol_to_json
from scheduler.domain.access import Action
from scheduler.domain.protocol import OnLapse, Protocol
from scheduler.domain.refusals import Invalid, Refusal
from scheduler.operations.catalogue.catalogue import check_as_edited, save_protocol
from scheduler.operations.catalogue.protocol_versions import protocol_versions, running_by_version
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.protocol_form import FORM, as_typed, beside_fields, groups_of
from scheduler.web.pages.protocol_words import changed, lapse_words
from scheduler.web.pages.registry import Form, Page, PageCall, Pages, See
from scheduler.web.pages.words import say
from scheduler.web.problems import status_of

pages = Pages("protocol-edit")


class EditForm(Form):
    """``seen`` is the version that was edited; the fields themselves go by their path in the document."""

    seen: Annotated[int, Field(ge=1)]


@pages.get("/protocols/{protocol_id}/edit", Action.MANAGE_CATALOGUE)
def edit(call: PageCall, protocol_id: UUID) -> Page:
    """The form, as the version stands. Raises ``NotFound``."""
    return Page("protocol_edit.html", _values(call, protocol_id))


def again(call: PageCall, refusal: Refusal, protocol_id: UUID) -> Page:
    """The form as it was typed, with what is wrong beside each field."""
    typed = typed_in(FORM, call.typed, beside_fields(refusal))
    return Page("protocol_edit.html", _values(call, protocol_id) | {"typed": typed}, status_of(refusal))


@pages.post("/protocols/{protocol_id}/preview", Action.MANAGE_CATALOGUE, on_refusal=again)
def preview(call: PageCall, protocol_id: UUID, form: EditForm) -> Page:
    """What would differ, and how many running series stay as they are. Nothing is stored."""
    before, after = _edited(call, protocol_id)
    check_as_edited(call.context, after, form.seen)
    running = running_by_version(call.context)
    values = {
        "protocol_id": protocol_id,
        "protocol": before,
        "lines": changed(protocol_differences(before, after)),
        "staying": sum(running.get(one.id, 0) for one in protocol_versions(call.context, protocol_id=protocol_id)),
        "sent": {name: text for name, text in call.typed.items() if name not in ("csrf_token", "back", "seen")},
        "seen": form.seen,
    }
    return Page("protocol_preview.html", values)


@pages.post("/protocols/{protocol_id}/save", Action.MANAGE_CATALOGUE, on_refusal=again)
def save(call: PageCall, protocol_id: UUID, form: EditForm) -> See:
    """Store the next version."""
    _, after = _edited(call, protocol_id)
    stored = save_protocol(call.context, definition=protocol_to_json(after), seen=form.seen)
    return See(f"/protocols/{stored.id}?saved=1")


def _newest(call: PageCall, protocol_id: UUID) -> Protocol:
    """What is edited is always the newest version, whichever was looked at. Raises ``NotFound``."""
    return protocol_versions(call.context, protocol_id=protocol_id)[0].protocol


def _edited(call: PageCall, protocol_id: UUID) -> tuple[Protocol, Protocol]:
    """The version as it stands, and as it was typed. Raises ``Invalid`` where that is the same."""
    before = _newest(call, protocol_id)
    after = as_typed(before, call.typed)
    if not protocol_differences(before, after):
        raise Invalid(
            say("Nothing has been changed."), code="nothing_changed", remedy=say("Change a field, or go back.")
        )
    return before, after


def _values(call: PageCall, protocol_id: UUID) -> dict[str, object]:
    protocol = _newest(call, protocol_id)
    return {
        "protocol_id": protocol_id,
        "protocol": protocol,
        "groups": groups_of(protocol),
        "lapses": [(one.value, lapse_words(one)) for one in OnLapse],
        "seen": protocol.version,
    }
