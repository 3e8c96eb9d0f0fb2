"""What a file of numbers must look like, and the sentences for what does not."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tecum.inventory.rules.runs import Run, Span, joined
from tecum.kernel.refusals import Refused

SNAPSHOT_HEADER = ("number", "number_to", "customer_id", "in_service_date")
SHORT_HEADER = ("number", "customer_id", "in_service_date")  # number_to may be left out
FEED_HEADER = ("event", "number", "customer_id", "effective_at", "reason")
LONGEST_CUSTOMER = 64
OLDEST = "1900-01-01"
LONGEST_SHOWN = 200  # characters of a bad line that the reject file repeats


class CannotRead(Refused):
    """A file that is not what the format asks for."""


class Reject(NamedTuple):
    """One bad line: where (0: not known), what it held, and why it was not taken."""

    line: int
    value: str
    reason: str


class Settled(NamedTuple):
    """Runs of a snapshot after its lines were held against each other."""

    runs: list[Run]
    held: list[Span]
    repeated: list[Span]


def head(raw: bytes, *, name: str, headers: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """
    Check the first bytes of a text file and return its header.

    :raises CannotRead: with what was found and what was expected
    """
    if not raw.strip():
        raise CannotRead(f"{name} is empty. Nothing was changed.")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4096]:
        raise CannotRead(f"{name} is written in UTF-16. Save it as UTF-8, then load it again.")
    line = raw.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r")
    found = tuple(column.strip().strip('"') for column in line.split(","))
    if found in headers:
        return found
    hint = " The columns must be parted by commas." if ";" in line or "\t" in line else ""
    raise CannotRead(
        f"The first line of {name} is '{line[:120]}'; expected is '{','.join(headers[0])}'.{hint}"
    )


def settle_overlaps(runs: Sequence[Run]) -> Settled:
    """
    Hold sorted runs that overlap against each other.

    Numbers that several lines give to one holding are taken once (*repeated*); numbers for which lines disagree are
    *held*: they keep what they had, for nobody can tell which line is right.
    """
    kept: list[Run] = []
    held: list[Span] = []
    repeated: list[Span] = []
    borders = sorted({run.s for run in runs} | {run.e + 1 for run in runs})
    starting: dict[int, list[Run]] = {}
    for run in runs:
        starting.setdefault(run.s, []).append(run)
    active: list[Run] = []
    for s, after in zip(borders, borders[1:], strict=False):
        active = [run for run in active if run.e >= s] + starting.get(s, [])
        if not active:
            continue
        if len({run.holding for run in active}) > 1:
            held.append(Span(s, after - 1))
            continue
        kept.append(Run(s, after - 1, *active[0].holding))
        if len(active) > 1:
            repeated.append(Span(s, after - 1))
    return Settled(kept, joined(held), joined(repeated))


def total(spans: Iterable[Span]) -> int:
    """Count the numbers in disjoint spans."""
    return sum(span.e - span.s + 1 for span in spans)
