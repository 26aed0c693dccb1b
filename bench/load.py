"""Load: one request over many connections at once, each sent again as soon as it is answered."""

import selectors
import socket
import statistics
import time
from dataclasses import dataclass

from bench.mixture import Asked

CHUNK = 1 << 18


@dataclass(frozen=True)
class Load:
    """Requests answered in a second, and milliseconds that half and nearly all of them waited."""

    rate: float
    median: float
    slowest: float


@dataclass
class _Line:
    """A connection, when its request was sent, and what has come of the answer."""

    socket: socket.socket
    sent: float = 0.0
    got: bytes = b""

    def send(self, request: bytes) -> None:
        self.sent, self.got = time.perf_counter(), b""
        self.socket.sendall(request)

    def answered(self) -> bool:
        self.got += self.socket.recv(CHUNK)
        head, found, body = self.got.partition(b"\r\n\r\n")
        return bool(found) and len(body) >= _length(head)


def _length(head: bytes) -> int:
    if head.startswith(b"HTTP/1.1 304"):
        return 0
    _, found, rest = head.lower().partition(b"content-length:")
    if not found:
        raise RuntimeError(f"an answer without a length: {head!r}")
    return int(rest.split(b"\r\n")[0])


def loaded(port: int, asked: Asked, connections: int, seconds: float) -> Load:
    """Keep so many connections busy. Raises ``RuntimeError`` for an answer with another status."""
    request, waited = _request(asked), list[float]()
    with selectors.DefaultSelector() as selector:
        for line in [_Line(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(request)
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            for key, _ in selector.select(timeout=1):
                _serve(key.data, request, asked.expected, waited)
        spent = time.perf_counter() - begun
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    cuts = statistics.quantiles(waited, n=100)
    return Load(len(waited) / spent, cuts[49] * 1000, cuts[98] * 1000)


def _serve(line: _Line, request: bytes, expected: int, waited: list[float]) -> None:
    if line.answered():
        if not line.got.startswith(f"HTTP/1.1 {expected}".encode()):
            raise RuntimeError(f"answered {line.got[:200]!r}")
        waited.append(time.perf_counter() - line.sent)
        line.send(request)


def _request(asked: Asked) -> bytes:
    body = (asked.body or "").encode()
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **asked.headers}
    lines = [f"{asked.method} {asked.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
