"""Public holidays of countries and their regions, as the ``holidays`` library knows them.

The library is imported when it is asked for the first time: it takes 12 MB, and most processes never ask.
"""

from collections.abc import Iterable
from datetime import date

from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid


def public_holidays(country: str, region: str | None, years: Iterable[int]) -> tuple[tuple[date, str], ...]:
    """The dates and English names of the public holidays in these years, by date; a day off in lieu is one of its own.

    ``country`` is an ISO 3166 code of two letters, ``region`` the code of one of its parts. Raises ``Invalid``
    (``country_not_covered``, ``unknown_region``).
    """
    import holidays

    check_region(country, region)
    if country not in holidays.list_supported_countries():
        raise Invalid(
            Phrase("The public holidays of %(country)s are not known here.", country=country),
            code="country_not_covered",
            remedy="Enter the closures by hand.",
            country=country,
        )
    found = holidays.country_holidays(country, subdiv=region, years=sorted(set(years)), language="en_US")
    return tuple(sorted(found.items()))


def check_region(country: str, region: str | None) -> None:
    """Raise ``Invalid`` for a region that a known country does not have."""
    import holidays

    regions = holidays.list_supported_countries().get(country)
    if region is not None and regions is not None and region not in regions:
        raise Invalid(
            Phrase("%(country)s has no region %(region)s.", country=country, region=region),
            code="unknown_region",
            remedy=Phrase("Use one of: %(regions)s.", regions=regions) if regions else "Leave the region out.",
            country=country,
            region=region,
        )
