"""Answers that are no JSON: a picture, a calendar file."""

from typing import ClassVar

from scheduler.web.api.registry import View


class FileView(View):
    """The base of such answers. A subclass names its ``media_type``; one with a ``file_name`` is saved, not shown."""

    file_name: ClassVar[str | None] = None
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        saved = {} if self.file_name is None else {"Content-Disposition": f'attachment; filename="{self.file_name}"'}
        return {**super().headers, **saved}

    def to_bytes(self) -> bytes:
        return self.content


class SvgView(FileView):
    """A drawing as SVG."""

    media_type = "image/svg+xml"


class PngView(FileView):
    """A picture as PNG."""

    media_type = "image/png"


class CalendarView(FileView):
    """A calendar file, to be added to a calendar by hand."""

    media_type = "text/calendar; charset=utf-8"
    file_name = "appointment.ics"
