"""The promised answer: its clock starts as the guide says, stands still while the agency mends, goes on, ends."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.queries import CaseView, ClockView
from tecum.cases.states import ClockState, TargetState
from tecum.guide.calculators import turnaround
from tecum.guide.calculators.turnaround import Window
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.kernel.business import midnight
from tecum.policy import queries as policy
from tecum.process.models import Received
from tecum.process.queries import view
from tecum.process.states import ANSWER, RETURN_DATE, ReceivedState

AT_RECEIPT = frozenset({"receipt"})
AT_ACCEPTANCE = frozenset({"acceptance", "complete_request"})  # what is found sound is complete


def promise(row: Received, home: CaseView, *, by: Actor, now: datetime) -> None:
    """
    Start the clock of the answer as the guide promises it for what is known now; known better, its end moves.

    Of several products asked the earliest promise counts: no other is broken then. What is known of a process may grow;
    the time is counted from its arrival all the same, less what the clock stood still.
    """
    clock = _clock(row.case_id, by=by, now=now)
    if clock is not None and clock.state is ClockState.PAUSED:
        return
    start = clock.started_at if clock is not None and clock.state is ClockState.RUNNING else row.received_at
    reached = AT_RECEIPT if row.state != ReceivedState.SOUND else AT_RECEIPT | AT_ACCEPTANCE
    found = _window(row, start, reached, by=by, now=now)
    if found is not None:
        cases.start_clock(
            case=home.id, kind=ANSWER, started_at=start, due_at=found.latest, rule=found.rule, by=by, now=now
        )


def promise_at_acceptance(row: Received, *, by: Actor, now: datetime) -> None:
    """Start the clock of an answer that the guide counts from the moment a process is found sound."""
    if _clock(row.case_id, by=by, now=now) is not None:
        return
    found = _window(row, now, AT_ACCEPTANCE, by=by, now=now)
    if found is not None:
        cases.start_clock(
            case=row.case_id,
            kind=ANSWER,
            started_at=now,
            due_at=found.latest,
            rule=found.rule,
            by=by,
            now=now,
        )


def note_return_date(row: Received, home: CaseView, *, by: Actor, now: datetime) -> None:
    """Keep the clock of the return date by what a person read last; an agency that extends it moves it."""
    if row.return_on is None:
        cases.end_clock(case=home.id, kind=RETURN_DATE, how="none", by=by, now=now)
        return
    due = midnight(policy.at(row.received_at).carrier.zone, row.return_on + timedelta(days=1))
    cases.start_clock(
        case=home.id,
        kind=RETURN_DATE,
        started_at=row.received_at,
        due_at=due,
        rule=RETURN_DATE,
        by=by,
        now=now,
    )


@transaction.atomic
def answer_waits(*, case: str, by: Actor, now: datetime, after: str = "deficiency") -> bool:
    """Let the promised time stand still after a letter (`deficiency`, or another), where the guide says so."""
    pauses = policy.at(now).demands.pauses
    if pauses == "never" or (pauses == "deficiency" and after != "deficiency"):
        return False
    return cases.pause_clock(case=case, kind=ANSWER, by=by, now=now)


@transaction.atomic
def answer_goes_on(*, case: str, by: Actor, now: datetime) -> bool:
    """
    Let the promised time run again: on with what was left, in the promise's own unit, or from the start, as the guide says.
    """
    clock = _clock(case, by=by, now=now)
    row = Received.objects.filter(case=case).order_by("received_at", "pk").first()
    if clock is None or clock.state is not ClockState.PAUSED or clock.paused_at is None or row is None:
        return False
    if not clock.rule:  # a promise that a person made, and no rule of the guide
        return cases.resume_clock(case=case, kind=ANSWER, by=by, now=now)
    guide = policy.at(row.received_at)
    anew = policy.at(now).demands.restarts == "from_start"
    start = now if anew else turnaround.moved(
        guide, clock.rule, clock.started_at, paused=clock.paused_at, resumed=now
    )  # fmt: skip
    found = _window(row, start, AT_RECEIPT | AT_ACCEPTANCE, by=by, now=now)
    return cases.resume_clock(
        case=case, kind=ANSWER, started_at=start, due_at=found.latest if found else None, by=by, now=now
    )


@transaction.atomic
def answer_ends(*, case: str, how: str, by: Actor, now: datetime) -> bool:
    """End the promised time, and the return date with it: the agency has its answer, or nothing is waited for."""
    cases.end_clock(case=case, kind=RETURN_DATE, how=how, by=by, now=now)
    return cases.end_clock(case=case, kind=ANSWER, how=how, by=by, now=now)


def _clock(case: str, *, by: Actor, now: datetime) -> ClockView | None:
    """Return the clock of a case's answer that runs or stands still; none once it ended."""
    clocks = files.clocks(case=case, by=by, now=now)
    return next((each for each in clocks if each.kind == ANSWER and each.state is not ClockState.ENDED), None)


def _window(
    row: Received, start: datetime, reached: frozenset[str], *, by: Actor, now: datetime
) -> Window | None:
    """Return the earliest promise among the products that a case asks for, of those whose beginning was reached."""
    guide = policy.at(row.received_at)
    said = view(row).said
    live = [
        each for each in files.targets(case=row.case_id, by=by, now=now) if each.state is TargetState.ASKED
    ]
    found = []
    for product in sorted({each.product for each in live}) or [""]:
        window = _of(guide, said.process, said.country, said.region, product, start)
        if window is not None and window.starts in reached and window.rule:
            found.append(window)
    ends = [each for each in found if each.latest is not None]
    return min(ends, key=lambda each: each.latest or start) if ends else next(iter(found), None)


def _of(
    guide: Guide, process: str, country: str, region: str, product: str, start: datetime
) -> Window | None:
    zone: ZoneInfo = guide.carrier.zone.tz
    question = Question(
        on=start.astimezone(zone).date(), process=process, country=country, region=region, product=product
    )
    try:
        return turnaround.window(guide, question, start)
    except NotInGuide:
        return None
