"""``make bench``: everything that is measured, a line for each bar; ``python -m bench planning`` for some of it."""

import sys

from bench import booking, days, planning, searches, slots, web

PARTS = {"searches": searches, "slots": slots, "planning": planning, "booking": booking, "web": web, "days": days}


def main(asked: list[str]) -> int:
    """Print each bar as it is measured; 1 when one is missed."""
    missed = 0
    for name in asked or PARTS:
        print(f"\n{name}")
        for bar in PARTS[name].bars():
            print(bar, flush=True)
            missed += not bar.met
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
