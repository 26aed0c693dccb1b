"""People: the pages of patients and of what is to be done for them, for staff."""

from collections.abc import Sequence

from scheduler.web.pages import holds, move_requests, patient, patient_links, patient_merge, patients, tasks, waitlist
from scheduler.web.pages.registry import Pages

TABLES: Sequence[Pages] = (
    patients.pages,
    patient.pages,
    patient_links.pages,
    patient_merge.pages,
    tasks.pages,
    move_requests.pages,
    holds.pages,
    waitlist.pages,
)
