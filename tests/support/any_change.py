"""Any change of any type, for properties that must hold of all of them."""

from datetime import UTC, date, datetime
from typing import get_args

from hypothesis import strategies as st

from scheduler.domain.changes import AppointmentMoved, Change, Times
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import Override
from scheduler.domain.slots import Slot

instants = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))
dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))
slots = st.builds(Slot, instants, st.dictionaries(st.sampled_from(ResourceKind), st.uuids(), max_size=3))
extras = st.integers(-600, 600)
overrides = st.none() | st.builds(Override, dates, dates, st.text())
windows = st.none() | st.tuples(dates, dates)
noted = st.none() | instants
times = st.builds(Times, noted, noted, noted)

GIVEN = {
    "slot": slots,
    "before": slots,
    "after": slots,
    "on": dates,
    "on_before": dates,
    "treatment_extra": extras,
    "extra_before": extras,
    "override": overrides,
    "override_before": overrides,
    "times": times,
    "times_before": times,
    "performed_on": st.none() | dates,
    "performed_before": st.none() | dates,
    "window": windows,
    "window_before": windows,
}


def of_type(kind: type[Change]) -> st.SearchStrategy[Change]:
    """Any change of one type, every field of it varied."""
    fields = kind.__dataclass_fields__
    fixed = {name: made for name, made in GIVEN.items() if name in fields and _fits(kind, name)}
    return st.builds(kind, **{name: fixed.get(name, ...) for name in fields})


def _fits(kind: type[Change], name: str) -> bool:
    """Only a move has slots before and after; other types have states there, which their annotations tell."""
    return name not in ("before", "after") or kind is AppointmentMoved


KINDS: tuple[type[Change], ...] = get_args(Change)
any_change = st.one_of(*map(of_type, KINDS))
