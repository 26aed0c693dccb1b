"""Senders: the ways out of the house. Each takes what a message carries and says what became of it."""

from collections.abc import Mapping
from typing import Any, Protocol

from scheduler.operations.messages.sending import Attempt


class Sender(Protocol):
    """One way to a patient."""

    def send(self, content: Mapping[str, Any]) -> Attempt:
        """Send one message and say what became of it. Never raises for what the other side does."""

    def close(self) -> None:
        """Let go of what is held between two messages."""


class TextGateway(Protocol):
    """What carries text messages to phones."""

    def text(self, number: str, words: str, message_id: str) -> Attempt:
        """Send ``words`` to a phone number. The same ``message_id`` twice is one message."""


class Texts:
    """Text messages through a gateway."""

    def __init__(self, gateway: TextGateway) -> None:
        self._gateway = gateway

    def send(self, content: Mapping[str, Any]) -> Attempt:
        return self._gateway.text(content["to"], content["text"], content["id"])

    def close(self) -> None:
        """Nothing is held."""
