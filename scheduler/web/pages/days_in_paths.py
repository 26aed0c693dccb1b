"""Days in paths: ``/day/2026-11-24``."""

from datetime import date

from werkzeug.routing import BaseConverter, ValidationError

from scheduler.domain.spelling import read_day


class DayConverter(BaseConverter):
    """A date as ISO writes it; any other spelling is no address of ours."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return read_day(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: date) -> str:
        return value.isoformat()
