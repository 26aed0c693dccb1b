"""What is left of log-ins is forgotten in time, and nothing that still counts."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from scheduler.operations.housekeeping import tidy
from scheduler.operations.staff.old_logins import KEPT, UNUSED
from scheduler.storage.rows import AccountRow, AuditRow, DeviceRow, DeviceTrustRow, LoginRow
from tests.support.accounts import account, inside, log_in
from tests.support.clinic import Clinic
from tests.support.rows import NOW

DAY = timedelta(days=1)


def counted(clinic: Clinic, *rows: Any) -> list[int]:
    with clinic.database.read() as tx:
        return [tx.scalar(select(func.count()).select_from(row)) or 0 for row in rows]


def test_log_ins_go_after_three_months_and_devices_after_half_a_year(clinic: Clinic) -> None:
    ada = account(clinic)
    audit = log_in(ada) and counted(clinic, AuditRow)
    left = []
    for after in (KEPT - DAY, KEPT + DAY, UNUSED - DAY, UNUSED + DAY):
        clinic.database.write(lambda tx, after=after: tidy(tx, NOW + after))  # type: ignore[misc]
        left.append(counted(clinic, LoginRow, DeviceTrustRow, DeviceRow))
    assert left == [[1, 1, 1], [0, 1, 1], [0, 1, 1], [0, 0, 0]]
    assert (counted(clinic, AuditRow), counted(clinic, AccountRow)) == (audit, [1])


def test_a_device_that_is_used_stays(clinic: Clinic) -> None:
    ada = account(clinic)
    first = log_in(ada)
    again = log_in(ada, device=first.device.secret, now=NOW + UNUSED)
    clinic.database.write(lambda tx: tidy(tx, NOW + UNUSED + DAY))
    later = log_in(ada, device=first.device.secret, now=NOW + UNUSED + DAY)
    assert (again.device, later.device) == (first.device, first.device)
    assert inside(ada, later.secret, NOW + UNUSED + DAY) is not None
