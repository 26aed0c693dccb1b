"""The browser’s signed session: who is there, what they chose, what was refused last. No patient’s name is in it."""

from flask import Flask

from scheduler.web.service import Service

NAME = "interval"


def install(app: Flask, service: Service) -> None:
    """Cookies that no script reads and no other site sends; over https they are also bound to this very host."""
    prefix = "__Host-" if service.is_https else ""
    app.config.update(
        SESSION_COOKIE_NAME=prefix + NAME,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=service.is_https,
        WTF_CSRF_TIME_LIMIT=None,
    )
