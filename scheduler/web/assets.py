"""Static files: their addresses change with their content, so that a browser may keep what it has got for a year.

The pages' stylesheets are sent as one file, and so are the scripts of the staff's pages: a page needs few requests.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

ONE_YEAR = 365 * 24 * 60 * 60
TAG_LENGTH = 10
FIRST = ("vendor/htmx.js", "staff.js", "app.css")
"""What the others build on."""
APART = ("reference.css",)
"""What only the page of the API wants."""

BUNDLES: Mapping[str, tuple[str, str]] = {"pages.css": ("css", "text/css"), "staff.js": ("js", "text/javascript")}
"""The end of its files, and its media type. Whatever lies in the static folder goes in."""


def install(app: Flask) -> None:
    """Let templates name files with ``asset`` and ``bundle``; let browsers keep what is named with a version."""
    app.jinja_env.globals.update(asset=asset, bundle=bundle)
    app.add_url_rule("/bundles/<name>", "bundle", _send_bundle)
    app.after_request(_keep)


def asset(name: str) -> str:
    """The address of a static file as it is now. Pages work, if plainly, where a part was never placed."""
    path = _folder() / name
    address = f"{current_app.static_url_path}/{name}"
    return f"{address}?v={_version(path, path.stat().st_mtime_ns)}" if path.exists() else address


def bundle(name: str) -> str:
    """The address of a bundle as its files are now."""
    return f"/bundles/{name}?v={_version_of(_files_now(name))}"


def _folder() -> Path:
    return Path(str(current_app.static_folder))


def _files(end: str) -> list[Path]:
    """The files of a bundle: what comes first, then the rest by name."""
    folder = _folder()
    first = [folder / name for name in FIRST if name.endswith(f".{end}") and (folder / name).exists()]
    return [*first, *sorted(path for path in folder.glob(f"*.{end}") if path not in first and path.name not in APART)]


Files = tuple[tuple[Path, int], ...]
"""Files, each with when it was changed."""


def _files_now(name: str) -> Files:
    return tuple((path, path.stat().st_mtime_ns) for path in _files(BUNDLES[name][0]))


@cache
def _read(files: Files) -> bytes:
    return b"\n".join(path.read_bytes() for path, _ in files)


@cache
def _version_of(files: Files) -> str:
    return hashlib.sha256(_read(files)).hexdigest()[:TAG_LENGTH]


@cache
def _version(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:TAG_LENGTH]


def _send_bundle(name: str) -> Response:
    if name not in BUNDLES:
        raise NotFound
    response = Response(_read(_files_now(name)), mimetype=BUNDLES[name][1])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _keep(response: Response) -> Response:
    if request.endpoint in ("static", "bundle") and response.status_code < 400 and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    return response
