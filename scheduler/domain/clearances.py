"""Clearances: a practitioner's standing answers to contraindications."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Clearance:
    """One practitioner's answer for a patient, or for one series of that patient when ``series_id`` is given.

    ``answer`` is what the patient had said when it was given; ``valid_until`` its last clinic date, ``None`` without
    an end.
    """

    id: UUID
    code: str
    patient_id: UUID
    series_id: UUID | None
    answer: str
    reason: str
    valid_until: date | None = None

    def covers(self, code: str, series_id: UUID | None, on: date) -> bool:
        """Whether it answers this contraindication for this series (``None``: the whole patient) on this date.

        A clearance for one series says nothing about the patient elsewhere.
        """
        in_force = self.valid_until is None or on <= self.valid_until
        return self.code == code and in_force and self.series_id in (None, series_id)


def already_cleared(
    code: str, answer: str, clearances: Iterable[Clearance], series_id: UUID | None, today: date
) -> bool:
    """True when the patient says again what a clearance covers: an unchanged answer proposes no hold."""
    return any(c.answer == answer and c.covers(code, series_id, today) for c in clearances)
