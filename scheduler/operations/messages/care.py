"""Care: what the catalogue advises before and after a visit, and when to remind of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session as Transaction

from scheduler.catalogue.sheets import Advice
from scheduler.storage import entries

USUAL_REMINDER_DAYS = 2
"""For what the catalogue says nothing about."""


@dataclass(frozen=True, slots=True)
class Care:
    """Texts of what to do before a visit, and advice after it; ``reminder_days`` are dates before the visit."""

    reminder_days: int = USUAL_REMINDER_DAYS
    preparation: tuple[str, ...] = ()
    aftercare: tuple[Advice, ...] = ()

    def aftercare_hours(self) -> list[int]:
        """The hours after the end at which advice goes out, each once."""
        return sorted({advice.from_hours for advice in self.aftercare})


def care_of(tx: Transaction, row: Any) -> Care:
    """The care for an appointment, whose row has ``visit_type_id`` and its series' ``protocol_id``."""
    if row.visit_type_id:
        code = entries.visit_type(tx, row.visit_type_id).qualification
    else:
        code = entries.protocol(tx, row.protocol_id).code
    catalogue = entries.shipped()
    sheet = catalogue.protocol_sheets.get(code or "")
    if sheet is None:
        return Care()
    preparation = tuple(catalogue.preparation[code].text for code in sheet.preparation)
    return Care(sheet.reminder_days, preparation, tuple(catalogue.aftercare[code] for code in sheet.aftercare))
