"""The pages of a booking, as tests use them: what they offer, what they book, and what is stored then."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from scheduler.storage.rows import SeriesRow
from tests.support.browse import Browser
from tests.support.desk import NEEDLING, Desk

PLAN = re.compile(r'name="plan" value="([^"]+)"')
ASKED = re.compile(r'data-asked="([^"]*)"')


def new_series(patient: UUID, **more: str) -> str:
    chosen = {"what": f"protocol:{NEEDLING}", "site": "face", "sessions": "4", **more}
    return f"/book?patient={patient}&" + "&".join(f"{name}={value}" for name, value in chosen.items())


def plans(text: str) -> list[str]:
    return PLAN.findall(text)


def asked(text: str) -> str:
    found = ASKED.search(text)
    return unescape(found[1]) if found else ""


def booked(browser: Browser, path: str, **fields: Any) -> Any:
    """Look at plans and book the best one."""
    page = browser.get(path)
    return browser.post("/book", asked=asked(page.text), plan=plans(page.text)[0], **fields)


def sessions(desk: Desk) -> list[dict[int, int]]:
    ours = select(SeriesRow.id).where(SeriesRow.organisation_id == desk.clinic.organisation_id)
    ids = desk.read(lambda tx: list(tx.scalars(ours.order_by(SeriesRow.id))))
    return [desk.dates(one) for one in ids]


def count(desk: Desk, row: Any) -> int:
    ours = row.organisation_id == desk.clinic.organisation_id
    return desk.read(lambda tx: tx.scalar(select(func.count()).select_from(row).where(ours)) or 0)
