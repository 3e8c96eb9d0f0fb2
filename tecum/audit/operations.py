"""What is done to the trail: record a change, note an access, seal what is committed."""

import logging
import secrets
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from tecum.audit import rules
from tecum.audit.catalogue import Kind
from tecum.audit.models import TrailLeaf, TrailLog, TrailNode
from tecum.audit.rules import Payload, Receipt
from tecum.kernel.actors import Actor
from tecum_verify.merkle import Row, leaf_hash

log = logging.getLogger(__name__)

SEQUENCER = 0x7472_6169_6C00  # the advisory lock of the one sequencer ("trail")
MOST_IN_ONE_PASS = 4096  # keeps the pass, and SQLite's write lock, short
TILE = 8  # a node is kept for every complete subtree of 2 ** 8, 2 ** 16, … leaves


class NotInsideAChange(Exception):
    """A change event was recorded outside a transaction, so it could not roll back with its change."""


class InsideAChange(Exception):
    """An access event was noted, or the trail sealed, inside a transaction that could still roll it back."""


def record(
    event: str, *, by: Actor, at: datetime, matter: str = "", payload: Payload | None = None, **data: object
) -> Receipt:
    """
    Write a change event inside the caller's transaction; it rolls back with its change.

    :raises NotInsideAChange: outside a transaction
    """
    if not _in_a_real_transaction():
        raise NotInsideAChange(f"'{event}' belongs inside the transaction of its change.")
    return _append(Kind.CHANGE, event, by=by, at=at, matter=matter, payload=payload, data=data)


def note(
    event: str, *, by: Actor, at: datetime, matter: str = "", payload: Payload | None = None, **data: object
) -> Receipt:
    """
    Write an access event in a transaction of its own: it is stored when this returns, before the answer is shown.

    :raises InsideAChange: inside a transaction
    """
    if _in_a_real_transaction():
        raise InsideAChange(
            f"'{event}' must be stored before the answer, whatever becomes of this transaction."
        )
    with transaction.atomic():
        return _append(Kind.ACCESS, event, by=by, at=at, matter=matter, payload=payload, data=data)


def seal(*, now: datetime) -> int:
    """
    Give committed leaves their positions, at most 4,096 in one pass, and return how many.

    One sequencer at a time: where another process is sealing, this returns 0 at once. A leaf that commits
    late is sealed late, never below one that is sealed already.

    :raises InsideAChange: inside a transaction
    """
    if _in_a_real_transaction():
        raise InsideAChange("The sequencer needs a transaction of its own.")
    if not TrailLeaf.objects.pending().exists():
        return 0
    with transaction.atomic():
        # A statement of its own: under READ COMMITTED the next one sees what committed before the lock was ours.
        return _seal_one_pass(now) if _alone() else 0


def _append(
    kind: Kind,
    event: str,
    *,
    by: Actor,
    at: datetime,
    matter: str,
    payload: Payload | None,
    data: dict[str, object],
) -> Receipt:
    """Store the leaf of an event."""
    salt = secrets.token_bytes(rules.SALT_BYTES)
    leaf = rules.leaf(event, kind=kind, by=by, at=at, matter=matter, data=data, salt=salt, payload=payload)
    TrailLeaf.append(leaf, event=event, actor=by.ref, matter=matter, at=at)
    return leaf.receipt


def _in_a_real_transaction() -> bool:
    """Tell whether a transaction is open that is not merely the one a test case wraps around itself."""
    return not all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _alone() -> bool:
    """Take the sequencer's lock until the transaction ends, without waiting; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER])
        return bool(cursor.fetchone()[0])


def _seal_one_pass(now: datetime) -> int:
    """Place the pending leaves behind the last one, and grow the tree by them."""
    book = _open_log(now)
    rows = TrailLeaf.objects.pending().select_for_update(skip_locked=True, no_key=False)
    keys, hashes = [], []
    for key, body, stored in rows.values_list("pk", "body", "leaf_hash")[:MOST_IN_ONE_PASS]:
        if leaf_hash(bytes(body)) != bytes(stored):
            # It stays unsealed, where the count of pending leaves shows it; the others must not wait for it.
            log.error("trail.leaf_damaged", extra={"leaf": key})
            continue
        keys.append(key)
        hashes.append(bytes(stored))
    TrailLeaf.objects.place(keys, log=book, first=book.size + 1)
    tree, grown = book.tree(), list[Row]()
    tree.extend(hashes, grown)
    book.grow(tree)
    TrailNode.objects.bulk_create(
        TrailNode(log=book, height=height, index=first + offset, hash=node)
        for height, first, row in grown
        if height and height % TILE == 0
        for offset, node in enumerate(row)
    )
    return len(keys)


def _open_log(now: datetime) -> TrailLog:
    """Return the open log, opening the first one under the configured origin."""
    book = TrailLog.objects.filter(is_open=True).first()
    return book or TrailLog.objects.create(origin=settings.TECUM_TRAIL_ORIGIN, opened_at=now)
