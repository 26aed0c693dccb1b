"""Sheets: what screens show beside a rule, and no rule decides by."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from scheduler.catalogue.documents import Strict
from scheduler.domain.reminders import LONGEST_NOTICE_DAYS

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Confidence = Annotated[str, StringConstraints(pattern=r"^[PLCKJ](, [PLCKJ])*$")]
Days = Annotated[int, Field(ge=1)]
Hours = Annotated[int, Field(ge=0)]
ReminderDays = Annotated[int, Field(ge=0, le=LONGEST_NOTICE_DAYS)]


class Sheet(Strict):
    """``own_judgement`` names the fields that no source gives; a clinician must confirm them, and screens say so."""

    own_judgement: tuple[str, ...] = ()


class Downtime(Strict):
    """How many days recovery takes, as a rule and at most."""

    usual_days: tuple[Days, Days]
    at_most_days: Days | None = None
    note: str = ""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        shortest, longest = self.usual_days
        if not shortest <= longest <= (self.at_most_days or longest):
            raise ValueError("days must rise: usual_days, then at_most_days")
        return self


class ProtocolSheet(Sheet):
    """A protocol's downtime, the codes of the advice before and after, and how many dates before to remind."""

    downtime: Downtime
    reminder_days: ReminderDays
    preparation: tuple[str, ...]
    aftercare: tuple[str, ...]


class ContraindicationSheet(Sheet):
    """What a practitioner should know when ending a hold.

    ``days_range`` is what the sources span; ``cleared_until_days`` counts from the answer's date to the day from which
    no clearance is asked for; ``cleared_per_series`` says that a clearance serves one series only.
    """

    days_range: tuple[Days, Days] | None = None
    cleared_until_days: Days | None = None
    cleared_per_series: bool = False


class VisitTypeSheet(Sheet):
    """Where a visit type comes from."""

    source: Words
    confidence: Confidence


class BodySite(Strict):
    """One node of the tree of body sites; a root has no parent."""

    code: str
    label: Words
    parent: str | None = None


class Addon(Strict):
    """What may be combined with a session."""

    code: str
    label: Words
    source: Words
    confidence: Confidence


class Preparation(Sheet):
    """Advice before a visit, from so many clinic dates before it on; 0 is the day itself."""

    code: str
    label: Words
    text: Words
    days_before: ReminderDays
    source: Words
    confidence: Confidence


class Advice(Sheet):
    """Advice after a session, in hours after its end: the shortest and longest time that it holds."""

    code: str
    label: Words
    text: Words
    from_hours: Hours
    at_least_until_hours: Hours
    until_hours: Hours
    source: Words
    confidence: Confidence

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not self.from_hours <= self.at_least_until_hours <= self.until_hours:
            raise ValueError("hours must rise: from, at least until, until")
        return self
