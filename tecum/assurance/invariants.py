"""Asks every capability for its own invariants. Only ids and instants come back; what cannot be asked is a finding too."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog

from tecum.accounts import watching as accounts
from tecum.audit import watching as trail
from tecum.billing import watching as billing
from tecum.exigent import watching as exigent
from tecum.guide.calculators.retention import BY_THE_CLOCK, closed_before
from tecum.inbox import watching as inbox
from tecum.kernel.invariants import Broken
from tecum.lookup import watching as lookups
from tecum.notices import watching as notices
from tecum.policy import queries as policy
from tecum.production import watching as productions
from tecum.secrecy import watching as secrecy
from tecum.surveillance import queries as surveillance

#: The lane of retention looks once an hour; what it had no time for yet is no finding.
DESTROYED_WITHIN = timedelta(hours=2)
UNASKED = "ASKED"
Question = Callable[[], tuple[Broken, ...]]
log = structlog.get_logger()


def questions(*, now: datetime, since: datetime | None, known: Collection[Broken]) -> dict[str, Question]:
    """Return the questions by the invariants they ask; `since` narrows those that read everything, `known` is asked again."""
    productions_known = [each.about for each in known if each.invariant == "I5"]
    bills = any(each.invariant == "I10" for each in known)
    return {
        "I1 I2 I3": lambda: (*surveillance.broken(now=now), *exigent.broken()),
        "I4": lambda: surveillance.undeclared(now=now),
        "I5": lambda: productions.broken(since=since, also=productions_known),
        "I6": inbox.broken,
        "I7": lambda: lookups.over_the_limit(now=now),
        "I8": lambda: trail.broken(now=now),
        "I9": lambda: notices.broken(now=now),
        "I10": lambda: billing.broken(since=None if bills else since),
        "I11": lambda: accounts.broken(now=now),
        "I12": lambda: secrecy.broken(closed_before=_closed_before(now), now=now),
        "I13": lookups.undisclosed,
    }


def broken(
    *, now: datetime, since: datetime | None = None, known: Collection[Broken] = ()
) -> tuple[Broken, ...]:
    """
    Return where any invariant does not hold at this moment: the watcher's question, and the end of every fault test.

    What one question finds is asked a second time, so that a change under way between two of its reads is no finding.
    """
    found: list[Broken] = []
    for name, ask in questions(now=now, since=since, known=known).items():
        try:
            first = ask()
            again = {(each.invariant, each.about) for each in ask()} if first else set()
            found += [each for each in first if (each.invariant, each.about) in again]
        except Exception:  # one that cannot be asked must not keep the others from being asked
            log.exception("invariant.not_asked", invariants=name)
            found.append(Broken(UNASKED, name))
    return tuple(found)


def _closed_before(now: datetime) -> dict[str, datetime]:
    then = now - DESTROYED_WITHIN
    guide = policy.at(now)
    limits = {kind: closed_before(guide, kind, then) for kind in BY_THE_CLOCK}
    return {kind: before for kind, before in limits.items() if before is not None}
