"""A patient's own pages, at the address of a personal link."""

from collections.abc import Sequence

from scheduler.web.pages import own_changes, own_confirm, own_visits
from scheduler.web.pages.registry import Pages

TABLES: Sequence[Pages] = (own_visits.pages, own_confirm.pages, own_changes.pages)
