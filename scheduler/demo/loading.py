"""Loading the demo clinic: its history is played to the present, and its accounts are kept on the access card."""

from collections.abc import Callable
from datetime import datetime

from scheduler.demo.access_card import card_path, write_card
from scheduler.demo.courses import Scale
from scheduler.demo.play import play_demo
from scheduler.domain.access import Actor
from scheduler.storage.database import Database

SMALL = 0.1
"""The share of the patients that is loaded when somebody wants to look around in a few seconds."""


def load_demo(
    database: Database,
    link_key: str,
    now: datetime,
    told: Callable[[datetime], None],
    *,
    share: float = 1,
    manager: Actor | None = None,
) -> None:
    """Load the demo as it stands at ``now``; ``told`` hears how far it has come, ``share`` is of its patients.

    ``manager`` is that of a demo that was begun at ``now``. Raises ``RuleBroken`` unless the database is empty but for
    that, and ``OSError`` when the card cannot be written.
    """
    played = play_demo(database, link_key, now, told, scale=Scale(share), manager=manager)
    write_card(card_path(database.engine.url.render_as_string(hide_password=False)), played)
