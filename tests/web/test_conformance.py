"""The API keeps what its description promises, under everything that schemathesis thinks of."""

import pytest

from tests.support.api import Api
from tests.support.conformance import findings


def test_schemathesis_finds_nothing(api: Api) -> None:
    if found := sorted(set(findings(api))):
        pytest.fail("\n\n".join(found), pytrace=False)
