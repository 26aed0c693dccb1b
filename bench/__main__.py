"""``make bench``: everything that is measured, a line for each bar; ``python -m bench planning`` for some of it."""

import sys

from bench import booking, choice, days, feeds, memory, messages, planning, searches, slots, web

EVERY = (searches, slots, planning, booking, days, web, feeds, messages, memory)
PARTS = {module.__name__.rpartition(".")[2]: module for module in EVERY} | {"servers": choice}


def main(asked: list[str]) -> int:
    """Print each bar as it is measured; 1 when one is missed."""
    missed = 0
    for name in asked or [name for name in PARTS if PARTS[name] in EVERY]:
        print(f"\n{name}")
        for bar in PARTS[name].bars():
            print(bar, flush=True)
            missed += not bar.met
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
