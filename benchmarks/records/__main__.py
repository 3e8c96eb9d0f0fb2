"""Run one bar."""

import argparse

import benchmarks.records as package
from benchmarks.records import asking, keeping, sparks, traffic
from benchmarks.records.ground import setup

COMMANDS = {
    "make": traffic.make, "b1": asking.b1, "b2": sparks.b2, "b3": keeping.b3, "b4": keeping.b4, "b5": sparks.b5,
    "b6": asking.b6, "more": asking.more,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.records",
        description=package.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=list(COMMANDS))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--smaller", type=int, default=0, help="b6: the rows of the other store")
    parser.add_argument(
        "--days", type=int, default=1, help="b4: how many days are purged, one after the other"
    )
    parser.add_argument("--folder", default="/tmp/tecum-bench-records")  # noqa: S108
    given = parser.parse_args()
    if given.command != "b3":
        setup(given)
    COMMANDS[given.command](given)


if __name__ == "__main__":
    main()
