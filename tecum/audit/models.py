"""The tables of the trail. Triggers keep leaves, nodes and checkpoints from being changed (migration `audit_guards`)."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Q

from tecum.audit.rules import Leaf
from tecum.kernel.classification import classified
from tecum.kernel.prepared import Entry
from tecum_verify.merkle import Tree


class SequenceBroken(Exception):
    """Leaves were sequenced by somebody else at the same moment; the transaction must not commit."""


class TrailLog(models.Model):
    """One log: a restored database opens a new one, whose first leaf names the last checkpoint known outside."""

    CLASSIFIED = classified(plain="id origin opened_at is_open size peaks")

    origin = models.CharField(max_length=200, unique=True)
    opened_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["is_open"], condition=Q(is_open=True), name="trail_one_open_log"),
            models.CheckConstraint(condition=Q(size__gte=0), name="trail_log_size"),
        ]

    def __str__(self) -> str:
        return self.origin

    def tree(self) -> Tree:
        """Return the tree over the sealed leaves, as its peaks."""
        return tree_of(self.size, bytes(self.peaks))

    def grow(self, tree: Tree) -> None:
        """
        Keep the tree after a pass of the sequencer.

        :raises SequenceBroken: if the log grew meanwhile
        """
        mine = TrailLog.objects.filter(pk=self.pk, size=self.size)
        if mine.update(size=tree.size, peaks=peaks_of(tree)) != 1:
            raise SequenceBroken


def peaks_of(tree: Tree) -> bytes:
    """Return the peaks of a tree in one value, highest first."""
    return b"".join(tree.peaks[height] for height in sorted(tree.peaks, reverse=True))


def tree_of(size: int, peaks: bytes) -> Tree:
    """Return the tree that `peaks_of` wrote."""
    heights = [height for height in range(size.bit_length(), -1, -1) if size >> height & 1]
    data = peaks
    return Tree(size, {height: data[i * 32 : i * 32 + 32] for i, height in enumerate(heights)})


class TrailLeafQuerySet(models.QuerySet["TrailLeaf"]):
    def pending(self) -> "TrailLeafQuerySet":
        """Return the committed leaves that have no position yet, oldest first."""
        return self.filter(position__isnull=True).order_by("pk")

    def sealed_in(self, log: TrailLog) -> "TrailLeafQuerySet":
        """Return the leaves of a log in their order."""
        return self.filter(log=log, position__isnull=False).order_by("position")

    def place(self, keys: Sequence[int], *, log: TrailLog, first: int) -> None:
        """
        Give leaves the positions from `first` on, each only if it still has none.

        :raises SequenceBroken: if one of them has a position by now
        """
        places = range(first, first + len(keys))
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"UPDATE {table} AS leaf SET log_id = %s, position = place.position "  # noqa: S608
                    "FROM unnest(%s::bigint[], %s::bigint[]) AS place (id, position) "
                    "WHERE leaf.id = place.id AND leaf.position IS NULL",
                    [log.pk, list(keys), list(places)],
                )
            else:
                cursor.executemany(
                    f"UPDATE {table} SET log_id = %s, position = %s WHERE id = %s AND position IS NULL",  # noqa: S608
                    [(log.pk, place, key) for key, place in zip(keys, places, strict=True)],
                )
            if cursor.rowcount != len(keys):
                raise SequenceBroken


class TrailLeaf(models.Model):
    """
    One entry. `body` is the exact bytes that were hashed: every reader and the proof use these alone.

    The columns `event`, `actor`, `matter`, `subject`, `at` repeat the body (`rules.columns`) so that it can be
    searched; verification compares them with the body.
    """

    CLASSIFIED = classified(
        plain="id log position leaf_hash payload_epoch event actor matter subject at", sealed="body payload"
    )

    log = models.ForeignKey(TrailLog, on_delete=models.PROTECT, null=True, db_index=False)
    position = models.BigIntegerField(null=True)  # from 1, dense within the log
    body = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32, unique=True)
    payload = models.BinaryField(null=True)  # ciphertext, gone once destroyed
    payload_epoch = models.CharField(max_length=120, default="", blank=True)
    event = models.CharField(max_length=80)
    actor = models.CharField(max_length=120)
    matter = models.CharField(max_length=120, default="", blank=True)
    subject = models.CharField(max_length=120, null=True)  # the first word of its data
    at = models.DateTimeField()

    objects = TrailLeafQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["log", "position"], name="trail_leaf_position"),
            models.CheckConstraint(
                condition=Q(log__isnull=True, position__isnull=True) | Q(log__isnull=False, position__gte=1),
                name="trail_leaf_placed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(position__isnull=True), name="trail_leaf_pending"),
            models.Index(fields=["at"], name="trail_leaf_at"),
            models.Index(fields=["event", "id"], name="trail_leaf_event"),
            models.Index(fields=["actor", "id"], name="trail_leaf_actor"),
            models.Index(fields=["matter", "id"], condition=~Q(matter=""), name="trail_leaf_matter"),
            models.Index(fields=["subject", "id"], name="trail_leaf_subject"),
            models.Index(
                fields=["payload_epoch"], condition=Q(payload__isnull=False), name="trail_leaf_payload"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.position or 'not sealed yet'})"

    @classmethod
    def append(cls, *leaves: Leaf) -> None:
        """Store leaves without a position, in their order."""
        for some in range(0, len(leaves), AT_ONCE):
            LEAVES.write([_row(leaf) for leaf in leaves[some : some + AT_ONCE]])


def _row(leaf: Leaf) -> tuple[Any, ...]:
    sealed = (leaf.payload.ciphertext, leaf.payload.epoch) if leaf.payload else (None, "")
    return (None, None, leaf.body, leaf.hash, *sealed, *(leaf.columns[name] for name in SEARCHED))


AT_ONCE = 50  # leaves in one statement
SEARCHED = ("event", "actor", "matter", "subject", "at")
LEAVES = Entry(
    lambda: TrailLeaf, "log", "position", "body", "leaf_hash", "payload", "payload_epoch", *SEARCHED
)


class TrailNode(models.Model):
    """The root of a complete subtree of 256, 65,536, … leaves: what proofs are made from without reading all."""

    CLASSIFIED = classified(plain="id log height index hash")

    log = models.ForeignKey(TrailLog, on_delete=models.PROTECT, db_index=False)
    height = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["log", "height", "index"], name="trail_node_place"),
        ]

    def __str__(self) -> str:
        return f"{self.height}/{self.index}"


class TrailCheckpoint(models.Model):
    """A signed size and root. `note` is the signed text as it went out."""

    CLASSIFIED = classified(plain="id log size root peaks note signed_at")

    log = models.ForeignKey(TrailLog, on_delete=models.PROTECT, db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    peaks = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["log", "size"], name="trail_checkpoint_size"),
        ]

    def __str__(self) -> str:
        return f"{self.size}"


class TrailAnchor(models.Model):
    """That a checkpoint was left at a place outside."""

    CLASSIFIED = classified(plain="id checkpoint place at")

    checkpoint = models.ForeignKey(TrailCheckpoint, on_delete=models.PROTECT, db_index=False)
    place = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["checkpoint", "place"], name="trail_anchor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} at {self.place}"
