"""Inviting: which events a mail carries, so that the patient's calendar shows each visit once and as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from scheduler.domain.news import Knowledge, Known, coming, differs, replaced


class Method(StrEnum):
    """What an event asks a calendar to do (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event of a mail. ``known`` is what the patient knows of the appointment once it has arrived."""

    method: Method
    appointment_id: UUID
    known: Known


def invitations(told: Knowledge, standing: Knowledge, address: str | None, now: datetime) -> tuple[Invitation, ...]:
    """The events to send to ``address`` at ``now`` (UTC); ``None`` when the patient's calendar is fed by the link.

    An appointment that replaces a cancelled one at the same time and place leaves that one's event where it is: the
    calendar is right. Its SEQUENCE is higher than any that was sent before.
    """
    return (*_cancels(told, standing, address, now), *(_requests(told, standing, address, now) if address else ()))


def _cancels(told: Knowledge, standing: Knowledge, address: str | None, now: datetime) -> Iterator[Invitation]:
    pairs = replaced(told, standing, now)
    for id_, before in told.items():
        after = standing[id_]
        stays = id_ in pairs and before.invited == address
        gone = after.cancelled and not stays
        if before.invited is not None and before.starts_at > now and (gone or address is None):
            yield Invitation(Method.CANCEL, id_, _sent(before, after, None))


def _requests(told: Knowledge, standing: Knowledge, address: str, now: datetime) -> Iterator[Invitation]:
    stands_in = {new for gone, new in replaced(told, standing, now).items() if told[gone].invited == address}
    for id_, after in coming(standing, now):
        before = told.get(id_)
        is_shown = before is not None and before.invited == address and not differs(before, after)
        if not is_shown and id_ not in stands_in:
            yield Invitation(Method.REQUEST, id_, _sent(before, after, address))


def _sent(before: Known | None, after: Known, invited: str | None) -> Known:
    sequence = after.sequence if before is None else max(after.sequence, before.sequence + 1)
    return replace(after, sequence=sequence, invited=invited)
