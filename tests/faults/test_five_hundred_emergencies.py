"""
T11's second half: many emergencies at once over a roster with gaps, dead channels and crashes. No silent end, and somebody or
the NOC reached within the ladder's time; the guards taken away in turn turn it red (controls 1 and 11).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connection

from tecum.deadlines import operations as deadlines
from tecum.jobs import following, outbox
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Deadline, Escalation, EscalationEntry, Notice
from tecum.notices import operations as notices
from tecum.notices.models import NoticeRows
from tecum.notices.rules import Outcome
from tecum.notices.states import AttemptEnd
from tecum.oncall import operations as oncall
from tecum.oncall.operations import paging
from tecum.oncall.states import EntryKind
from tests import make, pagers
from tests.make import NOON, ROOT
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)
LADDER = timedelta(minutes=30)  # the NOC's step of the guide's ladder
SLACK = 6 * MINUTE  # a sender that died holds its page for five minutes; the lane looks once a minute here
LONG = 46  # minutes that each emergency is watched
PAGED_BY = "pagerduty"
DEAD = Outcome(AttemptEnd.REFUSED, "410", "gone")
DOWN = Outcome(AttemptEnd.DEFERRED, "503", "down")
SENT = Outcome(AttemptEnd.ACCEPTED, "202")


class Crash(Exception):
    """The process died here."""


@dataclass
class Bad:
    """A bad night: which channels are dead when, and how often a process dies. Everything follows from one seed."""

    dice: random.Random
    dead: dict[str, list[Period]] = field(default_factory=dict)
    crashes: int = 0

    def state_of(self, channel: str, at: datetime) -> Outcome:
        if any(at in each for each in self.dead.get(channel, ())):
            return self.dice.choice([DEAD, DOWN]) if channel != "mail" else DOWN
        return SENT

    def dies(self, share: float) -> bool:
        died = self.dice.random() < share
        self.crashes += died
        return died


def night(seed: int, monkeypatch, now_of: Callable[[], datetime]) -> Bad:
    """Let channels fail and processes die: in the middle of a step, after a claim, after a page left."""
    bad = Bad(random.Random(seed))
    for channel in ("pager", "sms", "call", "mail"):
        for _ in range(3):
            start = NOON + bad.dice.randrange(0, 60) * MINUTE
            long = bad.dice.randrange(2, 4) if channel == "mail" else bad.dice.randrange(5, 40)
            bad.dead.setdefault(channel, []).append(Period(start, start + long * MINUTE))

    def carry(notice: str, *, now: datetime) -> Outcome:
        return bad.state_of(Notice.objects.get(pk=notice).channel, now)

    real = paging.fire

    def fire(*args, **more):
        done = real(*args, **more)
        if bad.dies(0.15):
            raise Crash  # in the transaction of the step: pages are in the outbox, and nothing is committed
        return done

    monkeypatch.setattr("tecum.notices.queries.carry", carry)
    monkeypatch.setattr(paging, "fire", fire)
    return bad


def roster(dice: random.Random) -> None:
    """Put three people on call with holes between their shifts, each reached by other ways."""
    ways = (["pager:duty"], ["sms:2925550163", "call:2925550163"], ["pager:bridge", "bo@carrier.example"])
    at = NOON - MINUTE
    people = [make.person(roles=["on_call_administrator"]) for _ in ways]
    for who, some in zip(people, ways, strict=True):
        oncall.set_ways(person=who.ref, ways=some, by=ROOT, now=NOON)
    while at < NOON + 150 * MINUTE:
        long = dice.randrange(5, 40) * MINUTE
        if dice.random() < 0.6:
            oncall.add_shift(
                person=dice.choice(people).ref, period=Period(at, at + long), by=ROOT, now=NOON - 5 * MINUTE
            )
        at += long
    make.person(roles=["noc_escalation"])


def send_pages(at: datetime, bad: Bad) -> None:
    """Send what is due, as the lane does; now and then the sender dies between claim and mark."""
    while (claimed := notices.claim(now=at, urgent=True)) is not None:
        if bad.dies(0.05):
            continue  # nobody writes down what came of it: its lease runs out
        outcome = outbox.queries.carry(claimed.id, now=at)
        notices.settle(claimed, outcome, by=outbox.SENDER, now=at)


def climb(at: datetime, bad: Bad) -> None:
    """Let the lane of the ladder look once; now and then its process dies right after a claim."""
    if bad.dies(0.1):
        deadlines.claim(now=at, lane=following.LADDER)
    following.follow_all(lambda: at, following.LADDER)


@dataclass
class Measured:
    """What came of it: minutes from receipt until a page was delivered, and those of whom nobody ever heard."""

    reached: list[float]
    silent: list[str]
    waiting: int
    answered: int
    pages: int


def simulate(count: int, bad: Bad, *, answer: bool = True) -> Measured:
    """Let so many emergencies come within half an hour, and watch each for longer than its ladder is high."""
    dice, clerk = bad.dice, Actor.system("tests")
    on_call = make.acting(make.person(roles=["on_call_administrator"]))
    begun = {NOON + dice.randrange(0, 30) * MINUTE: 0 for _ in range(count)}
    arrivals = sorted(dice.choice(list(begun)) for _ in range(count))
    rows, answered = [], 0
    for minute in range(30 + LONG):
        at = NOON + minute * MINUTE
        while arrivals and arrivals[0] <= at:
            arrivals.pop(0)
            rows.append(oncall.begin(about=f"call:{len(rows)}", cause="voicemail", by=clerk, now=at))
        climb(at, bad)
        send_pages(at, bad)
        climb(at, bad)
        for row in Escalation.objects.filter(ended_at=None):
            waits = at - row.received_at
            if answer and waits >= LONG * MINUTE or (answer and reached(row.pk) and dice.random() < 0.02):
                oncall.call_back(
                    escalation=row.pk, spoke_with="Det. Quill", number="2925550142", at=at, by=on_call, now=at
                )
                answered += 1
    return measured(answered)


def reached(escalation: str) -> datetime | None:
    pages = EscalationEntry.objects.filter(escalation=escalation, kind=EntryKind.PAGED).values_list(
        "notice", flat=True
    )
    sent = Notice.objects.filter(pk__in=list(pages), state="SENT").order_by("ended_at").first()
    return sent.ended_at if sent else None


def measured(answered: int) -> Measured:
    """
    Hold every escalation against the promise: open with a step armed, or over by a call-back; reached in time.

    A silent one is open with nothing armed, or over without a call-back, or nobody was reached about it.
    """
    armed = set(
        Deadline.objects.filter(kind="oncall.step", state__in=["ARMED", "CLAIMED"]).values_list(
            "subject", flat=True
        )
    )
    found = Measured([], [], 0, answered, EscalationEntry.objects.filter(kind=EntryKind.PAGED).count())
    for row in Escalation.objects.order_by("pk"):
        when = reached(row.pk)
        over = row.called_back_at is not None
        if when is None or not (over or row.pk in armed):
            found.silent.append(row.pk)
        else:
            found.reached.append((when - row.received_at).total_seconds() / 60)
            found.waiting += not over
    return found


@pytest.fixture
def carrier(settings, tmp_path, monkeypatch):
    pagers.carrier(settings, tmp_path, "http://127.0.0.1:9", monkeypatch)


@pytest.mark.both_databases
@pytest.mark.slow
def test_no_emergency_ends_in_silence_and_somebody_is_reached_within_the_ladders_time(
    carrier, monkeypatch, record_property
):
    count = size(ci=12, proof=500)
    bad = night(11, monkeypatch, lambda: NOON)
    roster(bad.dice)

    found = simulate(count, bad)

    latest = max(found.reached)
    middle = sorted(found.reached)[len(found.reached) // 2]
    record_property("latest_minutes", latest)
    print(
        f"T11 {connection.vendor}: {count} emergencies, {bad.crashes} crashes, {found.pages} pages: {len(found.silent)} silent, "
        f"reached after {middle:.0f} minutes in the middle, {latest:.0f} at most; {found.answered} called back"
    )
    assert found.silent == []
    assert len(found.reached) == count
    assert timedelta(minutes=latest) <= LADDER + SLACK
    assert bad.crashes > 0


@pytest.mark.sabotage("control 1: a step that is not a row of the due-table")
def test_without_the_row_of_the_next_step_emergencies_fall_silent(carrier, monkeypatch):
    bad = night(11, monkeypatch, lambda: NOON)
    monkeypatch.setattr("tecum.oncall.operations.climbing.deadlines.arm", lambda *a, **k: None)

    found = simulate(3, bad, answer=False)

    assert len(found.silent) == 3


@pytest.mark.sabotage("control 11: a page whose sender died is nobody's")
def test_without_the_lease_a_page_whose_sender_died_is_never_delivered(carrier, monkeypatch):
    on_call = make.person(roles=["on_call_administrator"])
    oncall.set_ways(person=on_call.ref, ways=["pager:duty"], by=ROOT, now=NOON)
    oncall.add_shift(person=on_call.ref, period=Period(NOON, NOON + 60 * MINUTE), by=ROOT, now=NOON)
    monkeypatch.setattr("tecum.notices.queries.carry", lambda notice, now: SENT)
    due = NoticeRows.due

    def delivered() -> str:
        oncall.begin(about="call:1", cause="voicemail", by=Actor.system("tests"), now=NOON)
        following.follow_all(lambda: NOON, following.LADDER)
        if (died := notices.claim(now=NOON, urgent=True)) is None:
            return ""
        outbox.page_all(lambda: NOON + 6 * MINUTE)
        return Notice.objects.get(pk=died.id).state

    assert delivered() == "SENT"
    Escalation.objects.update(
        called_back_at=NOON, called_back_by="x", state="ENDED", ended_at=NOON, next_at=None
    )
    monkeypatch.setattr(NoticeRows, "due", lambda rows, now: due(rows, now=now).filter(state="QUEUED"))
    assert delivered() == "SENDING"
