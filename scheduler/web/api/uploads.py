"""Uploads: request bodies that are not JSON, taken as the bytes that came."""

from typing import ClassVar

from flask import request

from scheduler.web.problems import WrongMediaType


class Upload(bytes):
    """The base of such bodies. A subclass names its media type and the most bytes that it may have."""

    media_type: ClassVar[str]
    most_bytes: ClassVar[int]


def received(kind: type[Upload]) -> Upload:
    """The current request's body. Raises ``WrongMediaType``; one that is too large is refused by the framework."""
    if request.mimetype != kind.media_type or request.content_encoding:
        wanted = f"The body must be {kind.media_type}, as it is."
        raise WrongMediaType(wanted, remedy=f"Send it with Content-Type: {kind.media_type}, not compressed.")
    request.max_content_length = kind.most_bytes
    return kind(request.get_data())
