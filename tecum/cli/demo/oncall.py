"""The demo's nights on call: a roster of two, a drill, a night in which somebody called back, and a caller who waits now."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from tecum.accounts.rules import PersonView
from tecum.cli.demo import people
from tecum.kernel.actors import Actor
from tecum.oncall import operations as oncall
from tecum.oncall.operations import Call
from tecum.oncall.rules.views import Caller

CLOCKWORK = Actor.system("jobs")
MINUTE = timedelta(minutes=1)


def fill(*, now: datetime, operator: Actor, actor_of: Callable[[PersonView], Actor]) -> None:
    """Make it, as the people of the demo would have done."""
    jonah, petra, noc = (
        people.of(role, by=operator, now=now)
        for role in ("on_call_administrator", "order_administrator", "noc_escalation")
    )
    began = now - timedelta(days=60)
    oncall.enter_rotation(
        people=[jonah.ref, petra.ref],
        first=began.date(),
        at=time(8),
        days=7,
        turns=10,
        by=operator,
        now=began,
    )
    _drill(began + timedelta(days=40), operator, actor_of(jonah))
    _a_night(now - timedelta(days=1, hours=9), noc=actor_of(noc), on_call=actor_of(jonah))
    oncall.begin(
        about="voicemail:night:demo", cause="voicemail", received_at=now - 4 * MINUTE, by=Actor.system("telephony"),
        caller=Caller("Sgt. Lena Ashdown", "2925550147", "Marrow County Sheriff", "A man of 80 has been missing since noon."),
        now=now - 4 * MINUTE,
    )  # fmt: skip


def _drill(at: datetime, operator: Actor, on_call: Actor) -> None:
    row = oncall.start_drill(by=operator, now=at)
    oncall.climb(escalation=row.id, by=CLOCKWORK, now=at)
    oncall.acknowledge(escalation=row.id, by=on_call, now=at + 6 * MINUTE)
    oncall.end_drill(escalation=row.id, by=operator, now=at + 8 * MINUTE)


def _a_night(at: datetime, *, noc: Actor, on_call: Actor) -> None:
    """Nobody heard the first page; the second woke somebody, and the NOC had the caller on the line meanwhile."""
    said = Caller("Dispatcher Ilse Brandt", "2925550149", "Marrow County 911", "")
    call = Call(said, at, voicemail_left=True, page_attempted=True)
    row = oncall.take_call(call=call, by=noc, now=at)
    for minute in (0, 15):
        oncall.climb(escalation=row.id, by=CLOCKWORK, now=at + minute * MINUTE)
    oncall.acknowledge(escalation=row.id, by=on_call, now=at + 17 * MINUTE)
    oncall.call_back(
        escalation=row.id, spoke_with="Dispatcher Brandt", number="2925550149", at=at + 19 * MINUTE, by=on_call,
        now=at + 21 * MINUTE,
    )  # fmt: skip
