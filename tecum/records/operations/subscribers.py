"""What can be done to the subscriber lists: load one, finish what a crash left, read what was not taken, say that one is old."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.guide.model.subscribers import SubscriberSource
from tecum.kernel.actors import Actor
from tecum.kernel.loads import ChangesTooMuch, Loaded, OutOfOrder, said
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.records.drivers.subscriber_sources import choice, comparing, spool
from tecum.records.drivers.subscriber_sources.comparing import Comparison, Counts
from tecum.records.drivers.subscriber_sources.connector import CannotList, Connector, Unchanged
from tecum.records.drivers.subscriber_sources.failpoints import reach
from tecum.records.drivers.subscriber_sources.lock import alone
from tecum.records.drivers.subscriber_sources.spool import Spool
from tecum.records.models import SubscriberList
from tecum.records.rules.subscriber_lists import MissingColumn, check_columns
from tecum.records.states import ListState
from tecum.secrecy import operations as secrecy
from tecum.secrecy.rules import joins

KEPT_AS = "subscribers"  # the retention of the guide (`own_records`) that the months of lists follow
STALE = "subscribers.stale"
Progress = Callable[[str, float | None], None]


class NoSuchSource(Refused):
    """The guide names no such source."""


@dataclass(frozen=True, kw_only=True)
class ListReport(Loaded):
    """What a list did, or would do (`list` is empty then); `known` when it is the list that was applied last."""

    source: str
    list: str = ""
    changed: int = 0
    ended: int = 0
    same: int = 0
    known: bool = False


def load(
    *,
    by: Actor,
    now: datetime,
    source: str = "",
    file: Path | None = None,
    as_of: datetime | None = None,
    max_change: float | None = None,
    dry_run: bool = False,
    connector: Connector | None = None,
    progress: Progress = lambda _stage, _share: None,
) -> ListReport:
    """
    Make a full list of the billing system the present one: all of it at once, or nothing.

    `source` is an id of the guide and may be left out where there is only one. Numbers that a bad line speaks of keep
    what they had. `as_of` is the instant of which the list speaks, by default `now`.

    :raises NoSuchSource: for a source the guide does not name
    :raises CannotList: where the list cannot be had wholly, or lacks a column
    :raises OutOfOrder: if a newer list is applied, or it comes from the future
    :raises ChangesTooMuch: if it would change more than allowed
    :raises ListInProgress: while another list of this source is loaded
    """
    require(by, "subscriber.load", now=now)
    entry = _source(source, now)
    at = as_of or now
    if at > now:
        raise OutOfOrder(f"The list is as of {said(at)}, which is in the future.")
    with alone(entry.id):
        _take_back(entry.id, by=by, now=now)
        last = _latest(entry.id)
        month = joins(KEPT_AS, now=now).epoch
        if last and at < last.as_of:
            raise OutOfOrder(f"A newer list is applied, as of {said(last.as_of)}. Nothing was changed.")
        known = last.etag if last and last.epoch == month else ""
        from_there = connector or choice.connector(entry, file=file, known=known)
        run = _Run(entry, from_there, last, at, by, now, progress)
        try:
            _checked_columns(from_there, entry)
        except Unchanged:
            return run.confirmed()
        return run.whole(max_change=max_change, dry=dry_run)


def recover(*, by: Actor, now: datetime) -> int:
    """Take back every list that a crash left half read, and return how many there were."""
    require(by, "subscriber.load", now=now)
    reading = SubscriberList.objects.filter(state=ListState.READING)
    count = 0
    for source in set(reading.values_list("source", flat=True)):
        with alone(source):
            count += _take_back(source, by=by, now=now)
    return count


def read_rejects(*, list: str, by: Actor, now: datetime) -> bytes:
    """Return the lines of a list that were not taken; that somebody reads them is stored first."""
    require(by, "subscriber.rejects", now=now)
    row = SubscriberList.objects.filter(pk=list).exclude(rejects="").first()
    if row is None:
        raise NotYours
    audit.note("subscribers.rejects_read", by=by, at=now, list=row.pk)
    return documents.read(row.rejects)


@transaction.atomic
def grown_old(*, source: str, by: Actor, now: datetime) -> None:
    """Record that the list of a source is older than the guide allows; a list that came meanwhile takes it back."""
    require(by, "subscriber.load", now=now)
    last = _latest(source)
    entry = next((each for each in policy.at(now).subscriber_sources if each.id == source), None)
    if last is None or entry is None or now < last.as_of + entry.stale_after.elapsed:
        return
    audit.record("subscribers.stale", by=by, at=now, source=source, list=last.pk)


# one load


@dataclass(frozen=True)
class _Run:
    source: SubscriberSource
    connector: Connector
    last: SubscriberList | None
    as_of: datetime
    by: Actor
    now: datetime
    progress: Progress

    def whole(self, *, max_change: float | None, dry: bool) -> ListReport:
        """Read, compare, check, apply."""
        told = self._begin()
        spooled = spool.new(Path(settings.DATA) / "subscribers", source=self.source.id, matter=told.matter)
        try:
            self.progress("reading", None)
            spool.filled(spooled, self.connector, self.source, lambda _: self.progress("reading", None))
            reach("read")
            if self._known(spooled):
                _abandon(told, why="known", by=self.by, now=self.now)
                return ListReport(
                    source=self.source.id,
                    as_of=self.as_of,
                    lines=spooled.lines,
                    same=spooled.good,
                    known=True,
                )
            if self.last and self.as_of == self.last.as_of:
                raise OutOfOrder(f"Another list is applied as of {said(self.as_of)}. Nothing was changed.")
            counts = Comparison(told, spooled, dry=dry).run(lambda share: self.progress("comparing", share))
            reach("compared")
            allowed = float(self.source.max_change) if max_change is None else max_change
            self._small_enough(spooled, counts, allowed)
            if dry:
                _abandon(told, why="dry_run", by=self.by, now=self.now)
                return self._report("", spooled, counts)
            self.progress("applying", None)
            self._apply(told, spooled, counts)
            return self._report(told.pk, spooled, counts)
        except BaseException as wrong:
            if not connection.in_atomic_block:
                _abandon(told, why=_code(wrong), by=self.by, now=self.now, rejects=spooled)
            raise
        finally:
            spooled.remove()

    @transaction.atomic
    def confirmed(self) -> ListReport:
        """Record that the other system's list is, at this instant, still the one that we have."""
        assert self.last is not None  # noqa: S101  only who sent an ETag is told that nothing changed
        told = self._row(matter=self.last.matter)
        told.lines = told.same = self.last.lines - self.last.rejected
        told.etag, told.sha256 = self.last.etag, self.last.sha256
        told.save(force_insert=True)
        self._close(told, Counts(same=told.same), rejected=0)
        return ListReport(
            source=self.source.id,
            list=told.pk,
            as_of=self.as_of,
            lines=told.lines,
            same=told.same,
            known=True,
        )

    def _row(self, matter: str) -> SubscriberList:
        return SubscriberList(
            source=self.source.id, as_of=self.as_of, by=self.by.ref, begun_at=self.now, name=self.connector.name,
            matter=matter, epoch=joins(KEPT_AS, now=self.now).epoch,
        )  # fmt: skip

    @transaction.atomic
    def _begin(self) -> SubscriberList:
        """Make the list's row, in the matter of this month."""
        month = joins(KEPT_AS, now=self.now).epoch
        matter = SubscriberList.objects.filter(epoch=month).values_list("matter", flat=True).first()
        told = self._row(matter or secrecy.open_matter(kind=KEPT_AS, by=self.by, now=self.now))
        told.save(force_insert=True)
        audit.record("subscribers.begun", by=self.by, at=self.now, list=told.pk, source=self.source.id)
        return told

    def _known(self, spooled: Spool) -> bool:
        return self.last is not None and (self.last.as_of, self.last.sha256) == (self.as_of, spooled.sha256)

    def _small_enough(self, spooled: Spool, counts: Counts, allowed: float) -> None:
        """Refuse a list that says nothing, is unreadable in large part, or would change too much."""
        if not spooled.good:
            raise CannotList(f"No line of {self.connector.name} can be taken. Nothing was changed.")
        if spooled.rejected > allowed * spooled.lines:
            raise ChangesTooMuch(
                f"{spooled.rejected:,} of the {spooled.lines:,} lines of {self.connector.name} cannot be taken, more than"
                f" {allowed:.1%}. Nothing was changed; --max-change allows it."
            )
        if counts.share > allowed:
            raise ChangesTooMuch(
                f"{self.connector.name} would end {counts.ended:,} and change {counts.changed:,} of the {counts.before:,}"
                f" lines, {counts.share:.1%}, more than {allowed:.1%}. Nothing was changed; --max-change allows it."
            )

    def _apply(self, told: SubscriberList, spooled: Spool, counts: Counts) -> None:
        kept = documents.put(spooled.rejects(), matter=told.matter) if spooled.rejected else None
        with transaction.atomic():
            if kept:
                documents.enter(
                    kept, purpose="subscriber_rejects", media_type="text/csv", by=self.by, now=self.now
                )
            told.lines, told.held, told.rejects = spooled.lines, len(spooled.held), kept.id if kept else ""
            told.sha256, told.etag = spooled.sha256, self.connector.etag
            self._close(told, counts, rejected=spooled.rejected)
        reach("applied")

    def _close(self, told: SubscriberList, counts: Counts, *, rejected: int) -> None:
        """Let the whole list be seen, in the caller's transaction, and start its clock."""
        before = SubscriberList.objects.filter(source=told.source).aggregate(last=Max("sequence"))["last"]
        told.end(
            ListState.APPLIED, at=self.now, sequence=(before or 0) + 1, lines=told.lines, held=told.held,
            rejects=told.rejects, sha256=told.sha256, etag=told.etag, rejected=rejected, added=counts.added,
            changed=counts.changed, ended=counts.ended, same=counts.same,
        )  # fmt: skip
        audit.record(
            "subscribers.loaded", by=self.by, at=self.now, list=told.pk, source=told.source, content=told.sha256,
            lines=told.lines, added=counts.added, changed=counts.changed, ended=counts.ended, rejected=rejected,
        )  # fmt: skip
        due = told.as_of + self.source.stale_after.elapsed
        deadlines.arm(STALE, subject=told.source, due_at=due, now=self.now)

    def _report(self, told: str, spooled: Spool, counts: Counts) -> ListReport:
        return ListReport(
            source=self.source.id, list=told, as_of=self.as_of, lines=spooled.lines, added=counts.added,
            changed=counts.changed, moved=counts.moved, ended=counts.ended, same=counts.same, rejected=spooled.rejected,
            held=len(spooled.held), share=counts.share,
        )  # fmt: skip


def _source(wanted: str, now: datetime) -> SubscriberSource:
    day = now.astimezone(policy.at(now).carrier.zone.tz).date()
    there = [each for each in policy.at(now).subscriber_sources if each.holds(day)]
    found = [each for each in there if wanted in ("", each.id)]
    if len(found) != 1:
        names = ", ".join(each.id for each in there) or "none"
        raise NoSuchSource(f"Name one source of the guide's `[[subscriber_sources]]`; there is {names}.")
    return found[0]


def _checked_columns(connector: Connector, source: SubscriberSource) -> None:
    try:
        check_columns(connector.header(), source)
    except MissingColumn as missing:
        raise CannotList(str(missing)) from None


def _latest(source: str) -> SubscriberList | None:
    return SubscriberList.objects.filter(source=source, state=ListState.APPLIED).order_by("-sequence").first()


def _take_back(source: str, *, by: Actor, now: datetime) -> int:
    """Undo, under the lock, what an earlier process left half done."""
    left = list(SubscriberList.objects.filter(source=source, state=ListState.READING))
    for told in left:
        _abandon(told, why="crashed", by=by, now=now)
    return len(left)


def _abandon(
    told: SubscriberList, *, why: str, by: Actor, now: datetime, rejects: Spool | None = None
) -> None:
    """Undo first, then say so: who dies in between is finished by the next load."""
    comparing.undo(told)
    kept = documents.put(rejects.rejects(), matter=told.matter) if rejects and rejects.rejected else None
    with transaction.atomic():
        if kept:
            documents.enter(kept, purpose="subscriber_rejects", media_type="text/csv", by=by, now=now)
        counted = {"lines": rejects.lines, "rejected": rejects.rejected} if rejects else {}
        if told.end(ListState.ABANDONED, at=now, why=why, rejects=kept.id if kept else "", **counted):
            audit.record("subscribers.abandoned", by=by, at=now, list=told.pk, source=told.source, why=why)


def _code(wrong: BaseException) -> str:
    codes = {ChangesTooMuch: "changes_too_much", CannotList: "cannot_list", KeyboardInterrupt: "interrupted"}
    return codes.get(type(wrong), "failed")
