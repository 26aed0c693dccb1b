"""Static files: their addresses change with their content, so that a browser may keep what it has got for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request

ONE_YEAR = 365 * 24 * 60 * 60
TAG_LENGTH = 10


def install(app: Flask) -> None:
    """Let templates name static files with ``asset``, and let browsers keep those that are named with a version."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)


def asset(name: str) -> str:
    """The address of a static file as it is now. Pages work, if plainly, where a part was never placed."""
    path = Path(str(current_app.static_folder)) / name
    address = f"{current_app.static_url_path}/{name}"
    return f"{address}?v={_version(path, path.stat().st_mtime_ns)}" if path.exists() else address


@cache
def _version(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:TAG_LENGTH]


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code < 400 and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response
