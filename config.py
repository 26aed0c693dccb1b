"""Settings, read once from the environment when the service starts.

Only `wsgi.py` and `create_app` read this module. Every other part is handed what it needs.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

DEVELOPMENT_KEY = "development-only-secret-never-in-production"
SHORTEST_SECRET = 32
FEWEST_DIFFERENT_SIGNS = 10
PLACEHOLDERS = ("changeme", "change-me", "change_me", "development", "example", "insecure", "replace-me")


class SettingsError(ValueError):
    """The environment describes no service that may start; the text has one line for each fault."""


def load_settings(environ: Mapping[str, str]) -> "Settings":
    """Read the settings from an environment; an empty variable counts as not set.

    Raises SettingsError.
    """
    given = {name: environ[name.upper()] for name in Settings.model_fields if environ.get(name.upper())}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError("\n".join(_lines(error))) from None


def _lines(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        words = fault["msg"].removeprefix("Value error, ")
        variable = str(fault["loc"][0]).upper() if fault["loc"] else ""
        yield f"{variable}: {words}" if variable else words


def _database_url(url: str) -> str:
    parts = urlsplit(url)
    in_a_file = parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/") not in ("", ":memory:")
    if in_a_file or parts.scheme in ("postgresql", "postgresql+psycopg"):
        return url
    raise ValueError("must begin with sqlite:/// and name a file, or begin with postgresql://")


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment):
        return url.rstrip("/")
    raise ValueError("must be the address that people open, such as https://clinic.example")


def _smtp_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtps") and parts.hostname and parts.query in ("", "starttls=required"):
        return url
    raise ValueError("must look like smtp://host:587?starttls=required or smtps://user:password@host:465")


def _mail_address(address: str) -> str:
    name, _, host = address.rpartition("@")
    if name and host and address.isascii() and not any(sign in address for sign in ' <>"\r\n'):
        return address
    raise ValueError("must be a plain mail address, such as visits@clinic.example")


def _text_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname:
        return url
    raise ValueError("must be the address that takes a text message, such as https://gateway.example/send")


def _text_header(line: str) -> str:
    name, colon, value = line.partition(":")
    if colon and name.strip() and value.strip() and line.isprintable():
        return line
    raise ValueError("must look like Authorization: Bearer KEY")


def _text_body(document: str) -> str:
    """A JSON object; where the number and the words go stand ``{recipient}`` and ``{text}``, and ``{id}`` if wanted."""
    try:
        is_object = isinstance(json.loads(document), dict)
    except ValueError:
        is_object = False
    if is_object and "{recipient}" in document and "{text}" in document:
        return document
    raise ValueError("must be a JSON object with {recipient} and {text} in its texts")


def _derived(secret: str) -> str:
    return hashlib.sha256(f"links:{secret}".encode()).hexdigest()


def _weakness(secret: str) -> str | None:
    """Why production refuses a secret, or None."""
    if len(secret) < SHORTEST_SECRET:
        return f"must have at least {SHORTEST_SECRET} characters in production"
    if any(word in secret.casefold() for word in PLACEHOLDERS) or secret == _derived(DEVELOPMENT_KEY):
        return "is a published placeholder, which production refuses"
    if len(set(secret)) < FEWEST_DIFFERENT_SIGNS:
        return f"must have at least {FEWEST_DIFFERENT_SIGNS} different characters in production"
    return None


class Settings(BaseModel):
    """What an operator may choose. Each field is the environment variable of the same name in capitals.

    `secret_key` signs sessions and cursors; `link_key` makes calendar links, and is apart so that changing
    the first keeps every link alive. Only production insists on real ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    environment: Literal["development", "production", "test"] = "development"
    debug: bool = False
    flask_debug: bool = Field(default=False, description="Flask itself obeys this variable")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(str.upper)] = "INFO"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///var/interval.sqlite3", repr=False
    )
    smtp_url: Annotated[str, AfterValidator(_smtp_url)] | None = Field(default=None, repr=False)
    mail_from: Annotated[str, AfterValidator(_mail_address)] | None = None
    text_url: Annotated[str, AfterValidator(_text_url)] | None = Field(default=None, repr=False)
    text_method: Literal["POST", "PUT"] = "POST"
    text_type: Literal["json", "form"] = "json"
    text_header: Annotated[str, AfterValidator(_text_header)] | None = Field(default=None, repr=False)
    text_body: Annotated[str, AfterValidator(_text_body)] = '{"to": "{recipient}", "text": "{text}"}'
    busy_folder: Path | None = None
    second_factor: Literal["nobody", "managers", "everybody"] = "managers"
    proxies: int = Field(default=0, ge=0, le=9)
    replies_maildir: Path | None = None
    secret_key: str = Field(default="", repr=False)
    link_key: str = Field(default="", repr=False)

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Outside production, what is missing gets a value that works on one machine."""
        if given.get("environment") == "production":
            return given
        secret = given.get("secret_key", DEVELOPMENT_KEY)
        address = f"http://localhost:{given.get('port', 8000)}"
        known = {"secret_key": secret, "link_key": _derived(secret), "public_url": address}
        return {**known, "mail_from": "visits@localhost", "second_factor": "nobody", **given}

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        faults = list(self._production_faults())
        if faults and self.environment == "production":
            raise ValueError("\n".join(faults))
        return self

    def _production_faults(self) -> Iterator[str]:
        if self.debug or self.flask_debug:
            yield "DEBUG and FLASK_DEBUG: must be off in production"
        if not self.public_url:
            yield "PUBLIC_URL: must be set in production"
        if self.smtp_url and not self.mail_from:
            yield "MAIL_FROM: must be set in production when SMTP_URL is"
        for name in ("secret_key", "link_key"):
            if weakness := _weakness(getattr(self, name)):
                yield f"{name.upper()}: {weakness}"
        if self.secret_key and self.secret_key == self.link_key:
            yield "LINK_KEY: must differ from SECRET_KEY in production"
