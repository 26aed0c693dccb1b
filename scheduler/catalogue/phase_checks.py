"""What holds for the codes, phases and minutes of protocols and visit types alike."""

import re
from collections.abc import Iterator, Sequence

from scheduler.catalogue.faults import Fault
from scheduler.domain.protocol import Phase, ResourceKind

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
GRID_MINUTES = 5


def off_grid(minutes: int) -> bool:
    """Appointments begin and end on a grid of five minutes."""
    return minutes % GRID_MINUTES != 0


def faults_of_code(code: str, version: int = 1) -> Iterator[Fault]:
    """A code is kebab-case, a version counts from 1."""
    if not CODE.fullmatch(code):
        yield Fault("code", "must be lower-case words joined by hyphens")
    if version < 1:
        yield Fault("version", "must be a whole number from 1")


def faults_of_minutes(field: str, minutes: int) -> Iterator[Fault]:
    """Minutes that are added or taken away keep to the grid as well."""
    if off_grid(minutes):
        yield Fault(field, f"{minutes} minutes are not a multiple of five")


def faults_of_phases(phases: Sequence[Phase], device_type: str | None) -> Iterator[Fault]:
    """Phases have names of their own, minutes on the grid, and the patient in at least one that lasts."""
    names = [phase.name for phase in phases]
    for number, phase in enumerate(phases):
        if names.index(phase.name) < number:
            yield Fault(f"phases.{number}.name", f'"{phase.name}" stands there twice')
        if phase.minutes < 0 or off_grid(phase.minutes):
            yield Fault(f"phases.{number}.minutes", f"{phase.minutes} minutes are not a multiple of five from 0")
    if not any(phase.needs_patient and phase.minutes > 0 for phase in phases):
        yield Fault("phases", "the patient is needed in none that lasts")
    if (device_type is not None) != any(ResourceKind.DEVICE in phase.needs for phase in phases):
        yield Fault("device_type", "goes with a phase that needs a device, and only with one")
