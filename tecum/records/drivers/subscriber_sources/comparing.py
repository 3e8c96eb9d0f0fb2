"""
From a spool to staged lines: what a list adds, changes and ends, in small transactions that nobody sees yet.

Memory stays the same for a list of any length: numbers are looked up in batches, and one bit per stored line remembers
whether the list told it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from tecum.records.drivers.subscriber_sources.failpoints import reach
from tecum.records.drivers.subscriber_sources.spool import Spool
from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.rules.subscriber_lists import Entry
from tecum.secrecy import operations as secrecy

BATCH, SWEEP = 900, 900  # below SQLite's limit of parameters on old builds
PURPOSE = "subscriber line"


@dataclass
class Counts:
    """What a list did, or would do; `moved` counts the changed numbers that have another account."""

    before: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    ended: int = 0
    same: int = 0

    @property
    def share(self) -> float:
        """Return the part of the lines before that ended or changed."""
        return (self.ended + self.changed) / self.before if self.before else 0.0


class Comparison:
    """One list held against what is stored of its source."""

    def __init__(self, told: SubscriberList, spool: Spool, *, dry: bool) -> None:
        self.told, self.spool, self.dry = told, spool, dry
        self.key = secrecy.keys_of([told.matter])[told.matter]
        self.name = secrecy.fingerprinter(PURPOSE)
        present = SubscriberLine.present(told.source)
        self.counts = Counts(before=present.count())
        newest = SubscriberLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.newest = newest
        self.seen = bytearray(newest // 8 + 1)

    def run(self, say: Callable[[float], None]) -> Counts:
        """Go through the list, then through what it no longer tells."""
        entries, done = self.spool.entries(), 0
        while batch := list(islice(entries, BATCH)):
            with transaction.atomic():
                self._batch(batch)
            done += len(batch)
            say(done / max(self.spool.good, 1))
            reach("while_comparing")
        for gone in self._untold():
            self.counts.ended += len(gone)
            if not self.dry:
                with transaction.atomic():
                    SubscriberLine.close(gone, by=self.told)
        return self.counts

    def _batch(self, batch: list[Entry]) -> None:
        rows = SubscriberLine.present(self.told.source).filter(number__in=[entry.number for entry in batch])
        known = {row[1]: row for row in rows.values_list("pk", "number", "account", "digest", "matter")}
        closing: list[int] = []
        fresh: list[SubscriberLine] = []
        older: list[SubscriberLine] = []
        for entry in batch:
            digest = self.name(entry.canonical())
            pk, _, account, was, matter = known.get(entry.number, (0, "", "", "", ""))
            if pk:
                self.seen[pk // 8] |= 1 << pk % 8
            if was == digest:
                self.counts.same += 1
                if matter != self.told.matter:
                    older.append(self._line(entry, digest, pk=pk))
                continue
            self._count(pk, account, entry)
            fresh.append(self._line(entry, digest))
            closing += [pk] if pk else []
        if not self.dry:
            SubscriberLine.close(closing, by=self.told)
            SubscriberLine.objects.bulk_create(fresh)
            # Told again: sealed anew under this month's key, so that the key of an old month may go.
            SubscriberLine.objects.bulk_update(older, ["matter", "sealed"])

    def _count(self, pk: int, account: str, entry: Entry) -> None:
        if not pk:
            self.counts.added += 1
            return
        self.counts.changed += 1
        self.counts.moved += account != entry.account

    def _line(self, entry: Entry, digest: str, *, pk: int | None = None) -> SubscriberLine:
        sealed = (
            b""
            if self.dry
            else self.key.seal(entry.sealed_part(), about=about(self.told.source, entry.number))
        )
        return SubscriberLine(
            pk=pk, source=self.told.source, number=entry.number, account=entry.account, status=entry.status,
            market=entry.market, first=self.told, matter=self.told.matter, digest=digest, sealed=sealed,
        )  # fmt: skip

    def _untold(self) -> Iterator[list[int]]:
        """Yield, in batches, the stored lines that the list does not tell; a number of a bad line keeps what it had."""
        after = 0
        while True:
            rows = SubscriberLine.present(self.told.source).filter(
                pk__gt=after, pk__lte=self.newest, last=None
            )
            batch = list(rows.order_by("pk").values_list("pk", "number")[:SWEEP])
            if not batch:
                return
            after = batch[-1][0]
            yield [pk for pk, number in batch if not self._told(pk) and number not in self.spool.held]

    def _told(self, pk: int) -> bool:
        return bool(self.seen[pk // 8] & 1 << pk % 8)


def about(source: str, number: str) -> str:
    """Return what the sealed part of a line is bound to."""
    return f"subscriber line {source} {number}"


def undo(told: SubscriberList) -> None:
    """Take back, in small steps, everything a list staged that is not applied."""
    lines = SubscriberLine.objects
    while closed := list(lines.filter(last=told).exclude(first=told).values_list("pk", flat=True)[:SWEEP]):
        with transaction.atomic():
            numbers = list(lines.filter(pk__in=closed).values_list("number", flat=True))
            lines.filter(first=told, number__in=numbers).delete()
            lines.filter(pk__in=closed, last=told).update(last=None)
    while staged := list(lines.filter(first=told).values_list("pk", flat=True)[:SWEEP]):
        with transaction.atomic():
            lines.filter(pk__in=staged).delete()
