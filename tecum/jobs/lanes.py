"""
The lanes: what this house does without being asked, each in a rhythm of its own.

A lane's `step` does everything there is to do at this moment and says how much that was. Lanes share nothing but the
database: each runs in a thread with a connection of its own, or (`tecum jobs run --lane NAME`) in a process of its own.
"""

from dataclasses import replace
from datetime import timedelta

from tecum.accounts import operations as accounts
from tecum.assurance import operations as assurance
from tecum.audit import operations as audit
from tecum.customers import operations as customers
from tecum.deadlines.catalogue import KINDS
from tecum.jobs import following, long, outbox, records, retention, switches, watching, worker
from tecum.jobs.lane import Clock, Lane
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.mailroom import gathering, routing, sorting
from tecum.oncall import operations as oncall
from tecum.recovery import queries as recovery
from tecum.reports import operations as reports
from tecum.surveillance.operations import accounts as watched
from tecum.surveillance.operations import certifying

#: What goes on in a recovery (control 13): ends, the state of the switches, the trail, what watches, what tells, and what
#: somebody's life may hang on.
IN_RECOVERY = frozenset(
    {
        switches.ENDS,
        switches.STARTS,
        switches.WATCH,
        "trail",
        "checkpoint",
        "trail-check",
        "visits",
        "watched",
        "outbox",
    }
    | {long.PACKAGES}  # what is packed leaves only where two people released it
    | {watching.PAGES, following.LANE, following.LADDER, "mail-urgent", "mail-route", "emergencies", "pages"}
)


def all_lanes() -> dict[str, Lane]:
    """Return every lane by its name: one for each lane of the due-table, and those with a rhythm of their own."""
    lanes = [
        _due(name)
        for name in sorted(
            {kind.lane for kind in KINDS.values()}
            - {
                *sorting.LANES,
                gathering.LANE,
                long.PACKAGES,
                long.SEARCHES,
                long.EMERGENCIES,
                switches.ENDS,
                switches.STARTS,
                following.LANE,
                following.LADDER,
            }
        )
    ]
    lanes += [_sorted(name) for name in sorting.LANES]
    lanes.append(Lane(gathering.LANE, "take papers out of messages", _gather, timedelta(seconds=2)))
    lanes.append(
        Lane("trail", "give what was recorded its place in the trail", _seal, timedelta(seconds=0.5))
    )
    lanes.append(
        # Every 30 seconds, so that even after one failed look no entry waits more than 60 (assurance, control 9).
        Lane("checkpoint", "sign the trail and leave the checkpoint outside", _sign, timedelta(seconds=30))
    )
    lanes.append(Lane(long.PACKAGES, "make the packages of productions", long.make_all, timedelta(seconds=1)))
    lanes.append(
        Lane(
            "records", "load files of switches, purge and compact records", records.step, timedelta(seconds=5)
        )
    )
    lanes.append(Lane(long.SEARCHES, "search what scopes grant", long.search_all, timedelta(seconds=1)))
    lanes.append(
        Lane(
            long.EMERGENCIES,
            "search what emergencies disclose",
            long.search_emergencies,
            timedelta(seconds=0.5),
        )
    )
    lanes.append(
        Lane(
            following.LANE,
            "tell ahead of ends, note months, raise again",
            following.follow_all,
            timedelta(seconds=5),
        )
    )
    lanes.append(
        Lane(
            following.LADDER,
            "climb the on-call ladder",
            lambda clock: following.follow_all(clock, following.LADDER),
            timedelta(seconds=1),
        )
    )
    lanes += switches.OF_ENDS
    lanes.append(Lane(switches.STARTS, "switch on what was approved", switches.start, timedelta(seconds=1)))
    lanes.append(
        Lane(
            "certifications",
            "hold the records of interceptions against what switches did",
            _balance,
            timedelta(minutes=2),
        )
    )
    lanes.append(
        # The lists come once a day; a target that was switched on since is compared within minutes.
        Lane("accounts", "hold accounts that end against targets", _watch_accounts, timedelta(minutes=5))
    )
    lanes.append(Lane("visits", "end the visits that ran out", _leave, timedelta(minutes=1)))
    lanes.append(
        Lane("trail-check", "verify the whole trail, asked for or nightly", _verify, timedelta(seconds=2))
    )
    lanes.append(
        Lane("watched", "see to it that a silent watcher is noticed", watching.expect, timedelta(minutes=1))
    )
    lanes.append(
        Lane(
            "reports",
            "make reports from the trail, count the numbers under consent",
            _report,
            timedelta(seconds=3),
        )
    )
    lanes.append(
        Lane("consents", "seal documents of consents that still lie open", _shut, timedelta(minutes=10))
    )
    lanes.append(
        Lane(retention.LANE, "destroy the keys of what its time is over", retention.step, retention.REST)
    )
    lanes.append(
        Lane(
            "pages",
            "page whoever is on call, before all other messages",
            outbox.page_all,
            timedelta(seconds=0.5),
        )
    )
    lanes.append(Lane("outbox", "send what is to be sent", outbox.send_all, timedelta(seconds=1)))
    return {lane.name: lane if lane.name in IN_RECOVERY else _resting(lane) for lane in lanes}


def _resting(lane: Lane) -> Lane:
    """Return a lane that does nothing while a copy that was put back is being checked: it does not know what ended since."""

    def step(clock: Clock) -> int:
        return 0 if recovery.is_under_way() else lane.step(clock)

    return replace(lane, step=step)


def _due(name: str) -> Lane:
    def step(clock: Clock) -> int:
        left = routing.catch_up(clock) if name == "mail-route" else 0
        return left + worker.run_all(TABLE, lane=name, clock=clock)

    return Lane(name, f"do what is due ({name})", step, timedelta(seconds=1))


def _sorted(name: str) -> Lane:
    """Return a lane that reads messages: outside any transaction, because a message may take its time."""

    def step(clock: Clock) -> int:
        return sorting.sort(name, clock=clock)

    return Lane(name, f"read messages received ({name})", step, timedelta(seconds=1))


def _seal(clock: Clock) -> int:
    sealed = more = audit.seal(now=clock())
    while more == audit.MOST_IN_ONE_PASS:
        more = audit.seal(now=clock())
        sealed += more
    return sealed


def _gather(clock: Clock) -> int:
    return gathering.gather(clock=clock)


def _leave(clock: Clock) -> int:
    return accounts.end_run_out(now=clock())


def _verify(clock: Clock) -> int:
    by = Actor.system("jobs")
    assurance.ask_nightly(by=by, now=clock())
    return int(assurance.check_one(clock=clock, by=by))


def _report(clock: Clock) -> int:
    return reports.step(clock=clock, by=Actor.system("jobs"))


def _watch_roster(clock: Clock) -> int:
    return oncall.watch_roster(by=Actor.system("jobs"), now=clock())


def _shut(clock: Clock) -> int:
    return customers.seal_documents(by=Actor.system("jobs"), now=clock())


def _watch_accounts(clock: Clock) -> int:
    return watched.watch(by=Actor.system("jobs"), now=clock())


def _balance(clock: Clock) -> int:
    return certifying.balance(by=Actor.system("jobs"), now=clock())


def _sign(clock: Clock) -> int:
    signed = audit.publish_checkpoint(now=clock())
    return signed.size if signed else 0
