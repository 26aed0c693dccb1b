"""Where a request comes from: our own proxies are believed about addresses, and nobody else."""

import pytest
from flask import Flask

from config import Settings
from scheduler import create_app
from scheduler.web.origins import origin

CHAIN = "203.0.113.9, 198.51.100.7"


def application(proxies: int) -> Flask:
    app = create_app(Settings(environment="test", log_level="ERROR", proxies=proxies))
    app.add_url_rule("/address", view_func=lambda: f"{origin().address} | {origin().browser}")
    return app


def seen(app: Flask, **headers: str) -> str:
    return app.test_client().get("/address", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.1"}).text


@pytest.mark.parametrize(("proxies", "address"), [(0, "192.0.2.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_as_many_proxies_are_believed_as_are_ours(proxies: int, address: str) -> None:
    assert seen(application(proxies), **{"X-Forwarded-For": CHAIN}).split(" | ")[0] == address


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_address_of_six_counts_with_its_household(told: str, counted: str) -> None:
    assert seen(application(1), **{"X-Forwarded-For": told}).split(" | ")[0] == counted


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux"),
        ("<script>", "?"),
    ],
)
def test_a_browser_is_named_in_words_that_its_owner_knows(agent: str, name: str) -> None:
    assert seen(application(0), **{"User-Agent": agent}).split(" | ")[1] == name
