"""The API keeps what its description promises, under everything that schemathesis thinks of."""

from tests.support.api import Api
from tests.support.conformance import findings


def test_schemathesis_finds_nothing(api: Api) -> None:
    assert list(findings(api)) == []
