"""How much one file may ask for, and the one way in which reading gives up."""

LONGEST_QUOTE = 60


class Unreadable(Exception):
    """A part of a file cannot be read. The text is a sentence for the person who sent the file."""


class Budget:
    """The work that one file may still cause: days that are looked at, and times that are produced."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def spend(self, steps: int = 1) -> None:
        """Count work. Raises ``Unreadable`` when the file has asked for more than it may."""
        self._steps -= steps
        if self._steps < 0:
            raise Unreadable("The repetitions in this file are too many to count.")


def quoted(text: str) -> str:
    """A piece of the file, short enough to stand in a sentence."""
    return f"“{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}”"
