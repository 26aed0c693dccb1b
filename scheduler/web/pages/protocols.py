"""Treatments: the protocols of the organisation with their rules, their versions, and where each rule comes from."""

from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import clinic_date
from scheduler.operations.catalogue.contraindications import list_contraindications
from scheduler.operations.catalogue.protocol_versions import protocol_versions, running_by_version
from scheduler.operations.catalogue.protocols import list_protocols
from scheduler.operations.catalogue.visit_types import list_visit_types
from scheduler.storage.entries import shipped
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.protocol_facts import advice_of, barring, compared, extras_of, judged_fields, site_rows
from scheduler.web.pages.protocol_ruler import ruler_of
from scheduler.web.pages.protocol_words import (
    changed,
    end_words,
    field_words,
    kind_words,
    lapse_words,
    need_words,
    phase_words,
    pieces,
    tags,
)
from scheduler.web.pages.registry import Choice, Page, PageCall, Pages

pages = Pages("protocols")

HOME = "/protocols"
ALL = 1000
WORDS = {
    "pieces": pieces,
    "tags": tags,
    "changed": changed,
    "kind_words": kind_words,
    "end_words": end_words,
    "phase_words": phase_words,
    "need_words": need_words,
    "lapse_words": lapse_words,
    "field_words": field_words,
}
"""What the templates of the catalogue say things with."""


class Against(Choice):
    """Another version to compare with."""

    since: UUID | None = None
    saved: str | None = None


@pages.get(HOME, Action.SEE_CATALOGUE)
def index(call: PageCall) -> Page:
    """All treatments and visit types as they are now."""
    running = running_by_version(call.context)
    found = list_protocols(call.context, limit=ALL).items
    values = {
        "cards": [(one, ruler_of(one.protocol.spacing), running.get(one.id, 0)) for one in found],
        "visit_types": list_visit_types(call.context),
        "visit_sheets": shipped().visit_type_sheets,
        "at": "protocols",
    }
    return Page("protocols.html", WORDS | values)


@pages.get(f"{HOME}/rules", Action.SEE_CATALOGUE)
def rules(call: PageCall) -> Page:
    """All contraindications: what each bars, when it ends, what is asked, and where it comes from."""
    found = list_contraindications(call.context)
    values = {"rules": found, "sheets": shipped().contraindication_sheets, "at": "rules"}
    return Page("protocol_rules.html", WORDS | values)


@pages.get(f"{HOME}/sites", Action.SEE_CATALOGUE)
def sites(_call: PageCall) -> Page:
    """The tree of body sites, the add-ons, and the advice before and after."""
    catalogue = shipped()
    values = {
        "sites": site_rows(),
        "addons": catalogue.addons.values(),
        "preparation": catalogue.preparation.values(),
        "aftercare": catalogue.aftercare.values(),
        "at": "sites",
    }
    return Page("protocol_sites.html", WORDS | values)


@pages.get(f"{HOME}/{{protocol_id}}", Action.SEE_CATALOGUE)
def show(call: PageCall, protocol_id: UUID, query: Against) -> Page:
    """One version of a treatment. Raises ``NotFound``."""
    versions = protocol_versions(call.context, protocol_id=protocol_id)
    mine = next(one for one in versions if one.id == protocol_id)
    protocol, zone = mine.protocol, chosen_clinic(call).zone
    values = {
        "mine": mine,
        "protocol": protocol,
        "newest": versions[0],
        "versions": versions,
        "compared": compared(versions, mine, query.since),
        "ruler": ruler_of(protocol.spacing),
        "steps": [(number, ruler_of(rule)) for number, rule in sorted(protocol.step_spacing.items())],
        "extras": extras_of(protocol),
        "sheet": shipped().protocol_sheets.get(protocol.code),
        "advice": advice_of(protocol.code),
        "judged": judged_fields(protocol),
        "barring": barring(protocol, list_contraindications(call.context)),
        "edits": allowance(call.somebody.roles, Action.MANAGE_CATALOGUE) is Allowance.YES and mine is versions[0],
        "saved": query.saved,
        "day_of": lambda instant: clinic_date(instant, zone),
    }
    return Page("protocol.html", WORDS | values)
