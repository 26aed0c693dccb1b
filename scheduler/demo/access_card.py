"""The access card: the demo's accounts with their tokens, kept in a file that only its owner may read.

Only a demo has one. Everybody else's token is shown once and kept nowhere.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from sqlalchemy.engine import make_url

from scheduler.demo.play import Account, Played
from scheduler.domain.refusals import NotFound


def card_path(database_url: str) -> Path:
    """Beside a SQLite file and named after it; in ``var`` for a database on a server."""
    url = make_url(database_url)
    database = Path(url.database or "interval")
    if url.get_backend_name() == "sqlite":
        return database.with_suffix(".demo.json")
    return Path("var") / f"{database.name}.demo.json"


def write_card(path: Path, played: Played) -> None:
    """Keep the card, instead of one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(played), file, default=str, indent=2)


def read_card(path: Path) -> Played:
    """The card. Raises ``NotFound`` when there is none that can be read."""
    try:
        kept = json.loads(path.read_text())
        accounts = tuple(Account(**account) for account in kept["accounts"])
        return Played(UUID(kept["organisation_id"]), accounts, UUID(kept["patient_id"]))
    except (OSError, ValueError, KeyError, TypeError):
        remedy = "Make new tokens with: token create USER --role ROLE."
        raise NotFound(f"The demo's tokens are not in {path}.", code="no_card", remedy=remedy) from None
