"""The independent readers by name."""

from collections.abc import Callable, Mapping

import pytest

from tests.support.readers import Read, ical_js, libical
from tests.support.readers.in_python import read_by_ical, read_by_vobject

Reader = Callable[[bytes], dict[str, Read]]


def _read_by_libical(data: bytes) -> dict[str, Read]:
    try:
        libical.library()
    except OSError:
        pytest.skip("libical is not installed (Debian: libical3)")
    return libical.read(data)


READERS: Mapping[str, Reader] = {
    "vobject": read_by_vobject,
    "ical": read_by_ical,
    "ical.js": ical_js.read,
    "libical": _read_by_libical,
}
