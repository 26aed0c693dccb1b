"""Where a request comes from: the network address, and the browser's cookie as a device that staff log in with."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler.operations.staff.attempts import Origin
from scheduler.web.service import Service, this_service

DEVICE = "interval-device"
HALF_A_YEAR = 180 * 24 * 60 * 60
HOUSEHOLD = 64
"""Bits of an IPv6 address that name one customer of a network; the others change at will."""

BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "Mac"}


def install(app: Flask, service: Service) -> None:
    """Believe our own proxies about addresses, and nobody about the host; remember devices."""
    if service.proxies:
        believing = {"x_for": service.proxies, "x_proto": 0, "x_host": 0, "x_port": 0, "x_prefix": 0}
        app.wsgi_app = ProxyFix(app.wsgi_app, **believing)  # type: ignore[method-assign]
    app.after_request(_send_cookie)


def origin() -> Origin:
    """Where the current request comes from."""
    return Origin(request.cookies.get(_name()), _address(request.remote_addr or ""), _browser())


def remember_device(secret: str) -> None:
    """Let this browser be known as a device."""
    g.device_secret = secret


def _send_cookie(response: Response) -> Response:
    if secret := g.pop("device_secret", None):
        response.set_cookie(
            _name(), secret, max_age=HALF_A_YEAR, secure=this_service().is_https, httponly=True, samesite="Lax"
        )
    return response


def _name() -> str:
    return ("__Host-" if this_service().is_https else "") + DEVICE


def _address(text: str) -> str:
    """The address as attempts are counted by it."""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, HOUSEHOLD), strict=False))
    return str(address)


def _browser() -> str:
    """The browser and the system in a few words, so that people recognise their own."""
    told = request.headers.get("User-Agent", "")
    browser, system = (next((one for one in known if one in told), None) for known in (BROWSERS, SYSTEMS))
    return " · ".join(NAMES.get(one, one) for one in (browser, system) if one) or "?"
