"""Replies in the shapes in which mail programs send them."""

import base64
from collections.abc import Sequence
from typing import Any

UID = "0198b1a2-3c4d-7e5f-8a9b-0c1d2e3f4a5b"
ADDRESS = "visits+aaaabbbbccccddddeeeeffffgggghhhh@clinic.example"
PATIENT = "zoe@patient.example"
STAMP = "20260302T090000Z"
"""An hour after the ``NOW`` of the tests."""

COUNTER_AT = "20260305T140000Z"


def event(
    *more: str,
    uid: str = UID,
    sequence: int | None = 0,
    stamp: str = STAMP,
    attendee: str = PATIENT,
    answer: str = "ACCEPTED",
    organizer: str | None = ADDRESS,
) -> str:
    """A VEVENT as an attendee sends it back; ``more`` are further lines."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", f"ATTENDEE;PARTSTAT={answer};CN=Zoë:mailto:{attendee}"]
    lines += [] if sequence is None else [f"SEQUENCE:{sequence}"]
    lines += [] if organizer is None else [f"ORGANIZER:mailto:{organizer}"]
    return "\r\n".join([*lines, *more, "END:VEVENT"])


def calendar(*parts: str, method: str = "REPLY") -> str:
    head = ["BEGIN:VCALENDAR", "PRODID:-//Somebody//EN", "VERSION:2.0", f"METHOD:{method}"]
    return "\r\n".join([*head, *parts, "END:VCALENDAR", ""])


def part(content_type: str, body: bytes, *headers: str, encoding: str = "base64") -> bytes:
    """One MIME part; other encodings than base64 are the body's own."""
    told = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *headers]
    content = base64.encodebytes(body).replace(b"\n", b"\r\n") if encoding == "base64" else body
    return "\r\n".join(told).encode() + b"\r\n\r\n" + content


def mail(parts: Sequence[bytes], *headers: str, to: str = ADDRESS, kind: str = "alternative") -> bytes:
    """A message with these parts, or the only part itself."""
    head = [f"From: Zoe <{PATIENT}>", f"To: <{to}>", "Subject: Accepted: Appointment", "MIME-Version: 1.0", *headers]
    if len(parts) == 1:
        return "\r\n".join(head).encode() + b"\r\n" + parts[0]
    head.append(f'Content-Type: multipart/{kind}; boundary="=_b1"')
    inner = b"".join(b"\r\n--=_b1\r\n" + one for one in parts)
    return "\r\n".join(head).encode() + b"\r\n" + inner + b"\r\n--=_b1--\r\n"


def inline(text: str, method: str = "REPLY", charset: str = "utf-8") -> bytes:
    return part(f'text/calendar; method={method}; charset="{charset}"', text.encode(charset))


WORDS = part("text/plain; charset=utf-8", b"Zoe has accepted.", encoding="7bit")


def outlook(text: str | None = None, method: str = "REPLY", **values: Any) -> bytes:
    """Outlook and Exchange: no ORGANIZER of ours, times in a zone with a Windows name, base64."""
    values = {"organizer": None} | values
    own = ["SUMMARY;LANGUAGE=de-DE:Zugesagt: Termin", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "CLASS:PUBLIC"]
    body = text or calendar(event(*own, **values), method=method)
    return mail([WORDS, part(f'text/calendar; charset="utf-8"; method={method}', body.encode())])


def google(text: str | None = None, method: str = "REPLY", **values: Any) -> bytes:
    """Google: alternatives, and the same calendar once more as a file."""
    body = (text or calendar(event("CREATED:20260301T080000Z", "STATUS:CONFIRMED", **values), method=method)).encode()
    shown = part(f"text/calendar; charset=UTF-8; method={method}", body, encoding="8bit")
    file = part('application/ics; name="invite.ics"', body, 'Content-Disposition: attachment; filename="invite.ics"')
    return mail([WORDS, shown, file], kind="mixed")


def apple(text: str | None = None, method: str = "REPLY", **values: Any) -> bytes:
    """Apple: a calendar alone, quoted-printable, with long lines folded and the address in capitals."""
    own = ["TRANSP:OPAQUE", "REQUEST-STATUS:2.0;Success"]
    body = text or calendar(event(*own, **{"attendee": PATIENT.upper()} | values), method=method)
    quoted = body.encode().replace(b"=", b"=3D").replace(b"\xc3\xab", b"=C3=AB")
    kind = f"text/calendar;\r\n\tmethod={method};\r\n\tcharset=utf-8"
    return mail([part(kind, quoted, encoding="quoted-printable")])
