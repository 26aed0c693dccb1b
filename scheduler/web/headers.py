"""Security headers on every answer, errors included."""

from flask import Flask, Response

from scheduler.web.service import this_service

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ONE_YEAR = 365 * 24 * 60 * 60

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What an answer carries unless it says otherwise itself: a static file may be cached, a calendar link hides more."""


def install(app: Flask) -> None:
    """Add the headers to every answer of this application."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if this_service().is_https:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        return response
