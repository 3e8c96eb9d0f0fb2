"""Reads the tables the way the verifier's library takes them: leaves in blocks, nodes by place."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tecum.audit.models import TrailLeaf, TrailLog, TrailNode
from tecum.audit.rules import columns
from tecum_verify.checking import Checker, Held, Kind, Verdict
from tecum_verify.merkle import NodeOf, Tree, leaf_hash

BLOCK = 4096
TILE = 8


class Stored(NamedTuple):
    """A sealed leaf as it lies in its table."""

    position: int
    body: bytes
    leaf_hash: bytes
    payload: bytes | None
    payload_epoch: str
    event: str
    actor: str
    matter: str
    subject: str | None
    at: datetime


def blocks(log: TrailLog, *, after: int = 0, until: int | None = None) -> Iterator[list[Stored]]:
    """Yield the sealed leaves of a log in their order, some thousands at a time."""
    last = log.size if until is None else until
    columns = [*Stored._fields]
    while after < last:
        rows = TrailLeaf.objects.sealed_in(log).filter(position__gt=after, position__lte=last)
        block = [
            Stored(row[0], bytes(row[1]), bytes(row[2]), None if row[3] is None else bytes(row[3]), *row[4:])
            for row in rows.values_list(*columns)[:BLOCK]
        ]
        if not block:
            return
        yield block
        after = block[-1].position


def nodes(log: TrailLog) -> NodeOf:
    """Return the look-up of complete subtrees: kept ones every eight levels, the rest computed from at most 256."""
    rows: dict[tuple[int, int], bytes] = {}

    def base(height: int, first: int, count: int) -> list[bytes]:
        if height == 0:
            found = TrailLeaf.objects.sealed_in(log).filter(position__gt=first, position__lte=first + count)
            return [bytes(value) for value in found.values_list("leaf_hash", flat=True)]
        kept = TrailNode.objects.filter(log=log, height=height, index__gte=first, index__lt=first + count)
        return [bytes(value) for value in kept.order_by("index").values_list("hash", flat=True)]

    def node(height: int, index: int) -> bytes:
        if (height, index) not in rows:
            floor = height // TILE * TILE
            count = 1 << height - floor
            tree = Tree()
            tree.extend(base(floor, index * count, count))
            if tree.size != count:
                raise LookupError(f"The subtree {height}/{index} of the trail is incomplete.")
            rows[height, index] = tree.root()
        return rows[height, index]

    return node


def check(
    log: TrailLog, held: Sequence[Held], progress: Callable[[int], None] = lambda position: None
) -> Verdict:
    """
    Recompute a log from its stored bytes against checkpoints, and compare the columns that searches use.

    `progress` hears after every block how far it is.
    """
    checker = Checker(held)
    for block in blocks(log):
        for run in _runs(checker, block):
            first = checker.position + 1
            checker.add([row.body for row in run], b"".join(row.leaf_hash for row in run))
            for place, row in enumerate(run, first):
                _check_row(checker, place, row)
        progress(checker.position)
    if checker.position < log.size:
        checker.add_gap(log.size - checker.position, "missing at the end of the table")
    _check_pending(checker)
    return checker.finish()


def _runs(checker: Checker, block: list[Stored]) -> Iterator[list[Stored]]:
    """Yield the rows of a block that follow each other; tell the checker of the gaps between."""
    run: list[Stored] = []
    expected = checker.position + 1
    for row in block:
        if row.position != expected:
            if run:
                yield run
                run = []
            checker.add_gap(row.position - expected)
        run.append(row)
        expected = row.position + 1
    if run:
        yield run


def _check_row(checker: Checker, place: int, row: Stored) -> None:
    """Compare what stands beside the bytes with the bytes."""
    try:
        beside = columns(json.loads(row.body.decode()))
    except (ValueError, KeyError, TypeError, AttributeError):
        beside = None  # spoilt bytes, which their hash names already
    stands = {
        "event": row.event,
        "actor": row.actor,
        "matter": row.matter,
        "subject": row.subject,
        "at": row.at,
    }
    if beside not in (None, stands):
        checker.find(Kind.EDITED, place, place, "the columns it is found by are not what its bytes say")
    if row.payload is not None or row.payload_epoch or checker.payloads.wants(row.body):
        checker.payloads.look(place, row.body, row.payload)


def _check_pending(checker: Checker) -> None:
    """Recompute the leaves that wait for their seal; they have no entry number yet."""
    for body, stored in TrailLeaf.objects.pending().values_list("body", "leaf_hash"):
        if leaf_hash(bytes(body)) != bytes(stored):
            place = checker.position + 1
            checker.find(Kind.EDITED, place, place, "an entry that waits for its seal was altered")
