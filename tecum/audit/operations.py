"""What is done to the trail: record a change, note an access, seal what is committed."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from tecum.access.rules import require
from tecum.audit import queries, rules
from tecum.audit.catalogue import Kind
from tecum.audit.drivers import anchors, bundles, keys, reading
from tecum.audit.drivers.reading import Stored
from tecum.audit.models import TrailAnchor, TrailCheckpoint, TrailLeaf, TrailLog, TrailNode, peaks_of, tree_of
from tecum.audit.queries import Page, Proven, Signed, Within, seen
from tecum.audit.rules import Payload, Question, Receipt
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum_verify.checking import Verdict
from tecum_verify.merkle import Row, Tree, leaf_hash
from tecum_verify.notes import BadNote, Checkpoint, checkpoint

log = structlog.get_logger()

SEQUENCER = 0x7472_6169_6C00  # the advisory lock of the one sequencer ("trail")
MOST_IN_ONE_PASS = 4096  # keeps the pass, and SQLite's write lock, short
TILE = 8  # a node is kept for every complete subtree of 2 ** 8, 2 ** 16, … leaves


class TrailDamaged(Exception):
    """The trail does not give what was signed or sealed: nothing more is signed until a person has looked."""


class NothingToExport(Refused):
    """A bundle cannot be made; the text says why."""


class CannotOpen(Refused):
    """A new log cannot be opened; the text says why."""


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
    return _append(_leaf(Kind.CHANGE, event, by=by, at=at, matter=matter, payload=payload, data=data))


def record_many(
    event: str, entries: Iterable[tuple[str, Mapping[str, object]]], *, by: Actor, at: datetime
) -> None:
    """
    Write one change event for each of many things, as `record` does: each has its own matter, data, salt and leaf.

    :raises NotInsideAChange: outside a transaction
    """
    if not _in_a_real_transaction():
        raise NotInsideAChange(f"'{event}' belongs inside the transaction of its change.")
    leaves = [
        _leaf(Kind.CHANGE, event, by=by, at=at, matter=matter, payload=None, data=data)
        for matter, data in entries
    ]
    TrailLeaf.append(*leaves)


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
        return _append(_leaf(Kind.ACCESS, event, by=by, at=at, matter=matter, payload=payload, data=data))


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


def publish_checkpoint(*, now: datetime) -> Signed | None:
    """
    Sign the sealed part of the trail, leave the checkpoint at every place outside, and return it.

    The leaves since the last checkpoint are recomputed from their stored bytes first. Nothing new to sign:
    the last one is returned, and left at the places that lack it.

    :raises TrailDamaged: where the bytes do not give the tree that was sealed, or the last checkpoint is not ours
    :raises NoKey: without a signing key
    :raises InsideAChange: inside a transaction
    """
    if _in_a_real_transaction():
        raise InsideAChange("A checkpoint must be stored before it goes out.")
    key = keys.load(Path(settings.TECUM_TRAIL_KEY_FILE))
    book = TrailLog.objects.filter(is_open=True).first()
    if book is None:
        return None
    last = TrailCheckpoint.objects.filter(log=book).order_by("-size").first()
    if book.size and (last is None or last.size < book.size):
        last = _sign(book, last, key, now)
    if last is None:
        return None
    _leave_outside(last, now)
    return queries.latest_checkpoint()


@transaction.atomic
def open_log(*, origin: str, earlier: str = "", by: Actor, now: datetime) -> Receipt:
    """
    Close the open log and open another under `origin`, as after a restore (assurance, control 13).

    `earlier` is the last checkpoint of the old log that is known outside; the first entry of the new one names it,
    so that nobody can pass off the new log as the whole history.

    :raises NotYours: without the permission
    :raises CannotOpen: under an origin used before, with a checkpoint the key did not sign, or while another seals
    """
    require(by, "trail.verify", now=now)
    key = keys.load(Path(settings.TECUM_TRAIL_KEY_FILE))
    if not rules.is_reference(origin) or TrailLog.objects.filter(origin=origin).exists():
        raise CannotOpen(f"A new log needs a name of its own; '{origin}' is none.")
    try:
        known = checkpoint(earlier, key.public) if earlier else None
    except BadNote as fault:
        raise CannotOpen(f"This is no checkpoint of ours: {fault}") from None
    if not _alone():
        raise CannotOpen("Another process is sealing at this moment. Try again.")
    while TrailLeaf.objects.pending().exists() and _seal_one_pass(now):
        pass
    TrailLog.objects.filter(is_open=True).update(is_open=False)
    book = TrailLog.objects.create(origin=origin, opened_at=now)
    before: dict[str, Any] = {"earlier": known.root.hex(), "earlier_size": known.size} if known else {}
    receipt = record("trail.opened", by=by, at=now, origin=origin, **before)
    first = TrailLeaf.objects.get(leaf_hash=bytes.fromhex(receipt.leaf))
    _place(book, [first.pk], [bytes(first.leaf_hash)])
    return receipt


def search(*, within: Within, question: Question, by: Actor, now: datetime) -> Page:
    """
    Search the trail for a person; the search is itself remembered before its answer is shown.

    Of what was typed as a reference, only what is one is remembered: a name typed there must not get into the trail.

    :raises NotYours: without the permission
    """
    require(by, "trail.search", now=now)
    known = queries.known(question.about, within=within)
    page = Page((), 0, None)
    if known or not question.about:
        page = queries.search(within=within, question=replace(question, about=known))
    asked: dict[str, Any] = rules.asked(replace(question, about=known))
    note("trail.searched", by=by, at=now, found=page.found, shown=len(page.entries), **asked)
    return page


def prove(*, receipt: str, within: Within, by: Actor, now: datetime) -> Proven:
    """
    Return the entry of a receipt with its proof, once the reading of it is remembered.

    :raises NotYours: without the permission
    """
    require(by, "trail.search", now=now)
    found = queries.proven(receipt, within=within)
    if found.entry is not None:
        note("trail.read", by=by, at=now, receipt=found.entry.receipt.text)
    return found


def verify(*, origin: str = "", by: Actor, now: datetime) -> Verdict:
    """
    Recompute a whole log, the open one unless another is named, for a person and remember the outcome.

    :raises NotYours: without the permission
    """
    require(by, "trail.verify", now=now)
    return _verified(queries.verify_now(origin), by=by, now=now)


def verify_all(*, by: Actor, now: datetime, progress: Callable[[int], None]) -> Verdict:
    """Recompute the open log for the jobs, which ask nobody, and remember the outcome; `progress` hears how far it is."""
    return _verified(queries.verify_now(progress=progress), by=by, now=now)


def _verified(verdict: Verdict, *, by: Actor, now: datetime) -> Verdict:
    outcome = queries.outcome_of(verdict)
    note("trail.verified", by=by, at=now, verdict=outcome, entries=verdict.entries, anchored=verdict.anchored)
    return verdict


def export(*, path: Path, within: Within, reason: str, origin: str = "", by: Actor, now: datetime) -> str:
    """
    Write a bundle of a log, the open one unless another is named, for a person to take away; return its SHA-256.

    `reason` is one of `rules.REASONS`. Entries of matters outside `within` are in it as their hash alone.

    :raises NotYours: without the permissions to search and to verify
    :raises NothingToExport: while nothing is sealed
    """
    require(by, "trail.search", now=now)
    require(by, "trail.verify", now=now)
    if reason not in rules.REASONS:
        raise NothingToExport("Say what the bundle is for: " + ", ".join(rules.REASONS) + ".")
    book = queries.log_of(origin)
    if book is None or not book.size:
        raise NothingToExport("The trail has no sealed entry yet.")
    notes = [each.note for each in queries.checkpoints(log=book) if each.size <= book.size]
    digest = bundles.write(path, log=book, notes=notes, shows=lambda row: seen(row.matter, within), at=now)
    note("trail.exported", by=by, at=now, entries=book.size, reason=reason, bundle=digest)
    return digest


def destroy_payloads(*, epoch: str, by: Actor, now: datetime) -> int:
    """
    Drop the sealed parts of a retention epoch inside the caller's transaction, and return how many.

    The leaves stay, and with them every proof; the verifier says "destroyed" because this entry says so.

    :raises NotInsideAChange: outside a transaction
    """
    count = TrailLeaf.objects.filter(payload_epoch=epoch, payload__isnull=False).update(payload=None)
    record("trail.payloads_destroyed", by=by, at=now, epoch=epoch, payloads=count)
    return count


def _sign(
    book: TrailLog, last: TrailCheckpoint | None, key: keys.SigningKey, now: datetime
) -> TrailCheckpoint:
    """Recompute what is new and sign it; another process that signed the same size meanwhile has done the work."""
    tree = _signed_tree(last, key)
    for block in reading.blocks(book, after=tree.size, until=book.size):
        tree.extend(_recomputed(block, after=tree.size))
    if tree.size != book.size or tree.root() != book.tree().root():
        raise TrailDamaged(
            f"The entries up to {book.size} no longer give the tree that was sealed over them."
        )
    signed = key.sign(str(Checkpoint(book.origin, tree.size, tree.root())))
    columns = {"root": tree.root(), "peaks": peaks_of(tree), "note": signed, "signed_at": now}
    return TrailCheckpoint.objects.get_or_create(log=book, size=tree.size, defaults=columns)[0]


def _signed_tree(last: TrailCheckpoint | None, key: keys.SigningKey) -> Tree:
    """Return the tree that the last checkpoint was signed over."""
    if last is None:
        return Tree()
    try:
        said = checkpoint(last.note, key.public)
        tree = tree_of(said.size, bytes(last.peaks))
    except (BadNote, ValueError) as fault:
        raise TrailDamaged(
            f"The last checkpoint, of {last.size} entries, is not as it was signed: {fault}"
        ) from None
    if tree.root() != said.root or said.size != last.size:
        raise TrailDamaged(f"The last checkpoint, of {last.size} entries, is not as it was signed.")
    return tree


def _recomputed(block: list[Stored], *, after: int) -> list[bytes]:
    """Return the leaf hashes of a block from its bytes."""
    hashes = [leaf_hash(row.body) for row in block]
    for expected, (row, computed) in enumerate(zip(block, hashes, strict=True), after + 1):
        if row.position != expected:
            raise TrailDamaged(f"Entry {expected} is missing.")
        if row.leaf_hash != computed:
            raise TrailDamaged(f"Entry {expected} was edited.")
    return hashes


def _leave_outside(signed: TrailCheckpoint, now: datetime) -> None:
    """Leave a checkpoint at every place outside; a place that cannot be reached is tried again with the next."""
    for place in settings.TECUM_TRAIL_ANCHORS:
        if TrailAnchor.objects.filter(checkpoint=signed, place=place).exists():
            continue
        try:
            anchors.leave(Path(place), origin=signed.log.origin, size=signed.size, note=signed.note)
        except OSError as fault:
            log.error("trail.anchor_unreachable", place=place, fault=str(fault))
            continue
        except anchors.Contradicted as fault:
            raise TrailDamaged(str(fault)) from None
        TrailAnchor.objects.get_or_create(checkpoint=signed, place=place, defaults={"at": now})


def _append(leaf: rules.Leaf) -> Receipt:
    """Store the leaf of an event."""
    TrailLeaf.append(leaf)
    return leaf.receipt


def _leaf(
    kind: Kind,
    event: str,
    *,
    by: Actor,
    at: datetime,
    matter: str,
    payload: Payload | None,
    data: Mapping[str, object],
) -> rules.Leaf:
    salt = secrets.token_bytes(rules.SALT_BYTES)
    return rules.leaf(event, kind=kind, by=by, at=at, matter=matter, data=data, salt=salt, payload=payload)


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
            log.error("trail.leaf_damaged", leaf=key)
            continue
        keys.append(key)
        hashes.append(bytes(stored))
    _place(book, keys, hashes)
    return len(keys)


def _place(book: TrailLog, keys: list[int], hashes: list[bytes]) -> None:
    """Give leaves the next positions of a log, and grow its tree by them."""
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


def _open_log(now: datetime) -> TrailLog:
    """Return the open log, opening the first one under the configured origin."""
    book = TrailLog.objects.filter(is_open=True).first()
    return book or TrailLog.objects.create(origin=settings.TECUM_TRAIL_ORIGIN, opened_at=now)
