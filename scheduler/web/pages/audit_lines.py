"""Lines of the audit trail, as the page and the file have them."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.clinic_days import wall_time
from scheduler.operations.audit_trail import AuditEntry
from scheduler.web.pages.audit_words import Names, deed_words, details, sentence


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One deed in words. ``on`` and ``time`` are the clinic's; ``facts`` is JSON, empty where the reader sees none.

    ``cells`` are the same as plain text, for a table.
    """

    number: int
    on: date
    time: str
    sentence: str
    details: tuple[str, ...]
    reason: str
    rule: str
    facts: str
    patient_id: UUID | None
    patient: str
    link: str
    cells: tuple[str, ...]


def line_of(entry: AuditEntry, names: Names) -> AuditLine:
    """One entry, with these names."""
    wall = wall_time(entry.at, names.zone)
    told = tuple(details(entry, names))
    known = {**entry.facts, **({"personal": dict(entry.personal)} if entry.personal else {})}
    facts = json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True) if known else ""
    reason = entry.reason or ""
    cells = (
        f"{wall:%Y-%m-%d %H:%M}",
        names.actor,
        deed_words(entry.action),
        names.patient,
        " ".join(told),
        reason,
        facts,
    )
    return AuditLine(
        number=entry.number,
        on=wall.date(),
        time=f"{wall:%H:%M}",
        sentence=sentence(entry, names),
        details=told,
        reason=reason,
        rule=entry.rule_version or "",
        facts=facts,
        patient_id=entry.patient_id,
        patient=names.patient,
        link=_link(entry),
        cells=cells,
    )


def _link(entry: AuditEntry) -> str:
    """Where the thing can be looked at, if it has a page."""
    known = {"series": "/series/", "protocol": "/protocols/"}
    return f"{known[entry.about]}{entry.about_id}" if entry.about in known else ""
