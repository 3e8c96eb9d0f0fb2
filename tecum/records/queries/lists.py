"""What is asked of the subscriber lists as lists: how old they are, what each changed, and whose account is about to end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tecum.access.rules import require
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.records.drivers.subscriber_sources.comparing import about
from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.rules.subscriber_lists import LEAVING, Entry
from tecum.records.states import ListState
from tecum.secrecy import operations as secrecy


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source of the guide and its last list; `as_of` is None where none was ever applied."""

    id: str
    name: str
    kind: str
    as_of: datetime | None
    age: timedelta | None
    stale_after: str
    stale_at: datetime | None
    stale: bool
    lines: int
    sequence: int


@dataclass(frozen=True, slots=True)
class LeavingAccount:
    """A number whose account is unpaid, closing or closed: a surveillance on it may fall silent."""

    source: str
    number: str
    account: str
    status: str
    service_until: date | None
    since: datetime


def sources(*, by: Actor, now: datetime) -> list[SourceState]:
    """Return every source of the guide with how old its list is."""
    require(by, "subscriber.read", now=now)
    found = []
    for source in policy.at(now).subscriber_sources:
        last = latest(source.id)
        due = last.as_of + source.stale_after.elapsed if last else None
        found.append(
            SourceState(
                source.id,
                source.name,
                source.kind,
                last.as_of if last else None,
                now - last.as_of if last else None,
                str(source.stale_after),
                due,
                due is None or due <= now,
                last.lines - last.rejected if last else 0,
                last.sequence or 0 if last else 0,
            )  # fmt: skip
        )
    return found


def lists(*, by: Actor, now: datetime, limit: int = 50) -> list[SubscriberList]:
    """Return the last lists, newest first."""
    require(by, "subscriber.read", now=now)
    return list(SubscriberList.objects.order_by("-begun_at", "-pk")[:limit])


def latest(source: str) -> SubscriberList | None:
    """Return the list of a source that was applied last."""
    rows = SubscriberList.objects.filter(source=source, state=ListState.APPLIED)
    return rows.order_by("-sequence").first()


def any_list() -> bool:
    """Tell whether a list of subscribers was ever applied: without one nobody's account is known."""
    return SubscriberList.objects.filter(state=ListState.APPLIED).exists()


def leaving_accounts() -> Iterator[LeavingAccount]:
    """
    Yield every number whose account the present lists call unpaid, closing or closed.

    The whole of it, for whoever watches targets: it is compared there, inside Tecum, and no other system learns for
    which number somebody looked (decisions, part E).
    """
    opened: dict[str, secrecy.Key] = {}
    for source in SubscriberList.objects.filter(state=ListState.APPLIED).values_list("source").distinct():
        rows = (
            SubscriberLine.present(source[0])
            .filter(status__in=LEAVING)
            .select_related("first")
            .order_by("pk")
        )
        for line in rows.iterator(chunk_size=2_000):
            entry = opened_line(line, opened)
            yield LeavingAccount(
                line.source, line.number, line.account, line.status, entry.service_until, line.first.as_of
            )


def opened_line(line: SubscriberLine, keys: dict[str, secrecy.Key]) -> Entry:
    """Return what a stored line says; `keys` remembers those asked for. :raises Destroyed: when its month's key is gone"""
    if line.matter not in keys:
        keys.update(secrecy.keys_of([line.matter]))
    if line.matter not in keys:
        raise secrecy.Destroyed("This line was destroyed at the end of its retention.")
    sealed = keys[line.matter].read(bytes(line.sealed), about=about(line.source, line.number))
    return Entry.opened(
        sealed, number=line.number, account=line.account, status=line.status, market=line.market
    )
