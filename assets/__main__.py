"""`python -m assets`: place the parts in `scheduler/static/vendor` from `node_modules`."""

from pathlib import Path

from assets.placing import place

ROOT = Path(__file__).parent.parent

place(ROOT / "node_modules", ROOT / "scheduler" / "static" / "vendor")
