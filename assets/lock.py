"""``python -m assets.lock FILE`` takes out of npm's lock where authors ask for money: a lock names no address."""

import json
import sys
from pathlib import Path


def without_funding(lock: str) -> str:
    """The lock as npm writes it, but for that."""
    content = json.loads(lock)
    for part in content["packages"].values():
        part.pop("funding", None)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(without_funding(path.read_text()))
