"""How the own demand stands, for those on its list; the words stand in the rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tecum.accounts import queries as accounts
from tecum.cases import queries as cases
from tecum.cases.queries import QuoteView, TargetView
from tecum.cases.states import ClockState
from tecum.demands import messages
from tecum.demands.models import Demand, DemandHold, Preservation
from tecum.demands.queries.reading import readable
from tecum.demands.rules import telling as rules
from tecum.demands.states import OPEN, DemandState, PreservationState
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.notices import queries as notices
from tecum.policy import queries as policy
from tecum.process import messages as letters
from tecum.process.states import ANSWER, RETURN_DATE

LETTERS = (letters.PROCESS_DEFICIENT.name, messages.DEMAND_OBJECTION.name)


SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One demand as its own officers see it. `letter` is the last letter that waits for them, as it was sent."""

    case: str
    reference: str
    state: DemandState
    received_at: datetime
    stands: str
    promised: str
    points: tuple[str, ...]
    held: str
    letter: str
    letter_at: datetime | None
    undo_until: datetime | None
    targets: tuple[TargetView, ...]
    quotes: tuple[QuoteView, ...] = ()  # those that can be answered now, and those that were accepted
    return_on: date | None = None  # by what a person read, as long as the answer is open

    @property
    def open(self) -> bool:
        """Tell whether it can still be withdrawn."""
        return self.state in OPEN


def mine(*, by: Actor, now: datetime) -> Long[Told]:
    """Return the demands on whose list an officer stands, the newest first, without their targets and letters."""
    rows = readable(by=by, now=now) if by.agency else Demand.objects.none()
    return Long.of(rows.order_by("-case__received_at", "-pk"), lambda row: told(row, now=now, whole=False))


def own(*, case: str, by: Actor, now: datetime) -> Demand:
    """Return the row of a demand for an officer on its list. :raises NotYours: for everybody else"""
    row = readable(by=by, now=now).filter(case=case).first() if by.agency else None
    if row is None:
        raise NotYours
    return row


def told(row: Demand, *, now: datetime, whole: bool = True) -> Told:
    """Return how a demand stands, for somebody already known to be on its list."""
    desk = Actor.system("portal")
    guide, state = policy.at(now), DemandState(row.state)
    clocks = cases.clocks(case=row.case_id, by=desk, now=now)
    answers = [each for each in clocks if each.kind == ANSWER]
    returns = next(
        (each.due_at for each in clocks if each.kind == RETURN_DATE and each.state is ClockState.RUNNING),
        None,
    )
    clock = min(answers, key=lambda each: each.state is ClockState.ENDED, default=None)
    goal = (
        any(each.id == clock.rule and each.kind == "goal" for each in guide.turnarounds) if clock else False
    )
    due = words.moment(clock.due_at, guide.carrier.zone.tz) if clock and clock.due_at else ""
    letter = _letter(row) if whole and state in rules.WRITTEN else None
    return Told(
        case=row.case_id, reference=row.case.reference, state=state, received_at=row.case.received_at,
        stands=rules.STANDS[state], promised=rules.promised(clock.state if clock else None, due, goal=goal) if state in OPEN else "",
        points=rules.points(state, cases.gates_open(row.case_id)) if state in OPEN else (),
        held=_held(row, state, now=now), letter=letter.text if letter else "",
        letter_at=letter.enqueued_at if letter else None,
        undo_until=row.undo_until if row.undo_until and row.undo_until > now else None,
        targets=tuple(cases.targets(case=row.case_id, by=desk, now=now)) if whole else (),
        quotes=tuple(cases.quotes_told(case=row.case_id, by=desk, now=now)) if whole else (),
        return_on=(returns - SECOND).astimezone(guide.carrier.zone.tz).date() if returns else None,
    )  # fmt: skip


def addresses_on_list(refs: Iterable[str]) -> frozenset[str]:
    """Return the verified addresses, in lower case, of the people of agencies among those on a list."""
    people = {ref for ref in refs if accounts.agency_of(ref)}
    return frozenset(address.casefold() for address in accounts.addresses(people).values())


def _letter(row: Demand) -> "notices.NoticeView | None":
    sent = [each for each in notices.of_matter(row.matter) if each.message in LETTERS]
    return sent[-1] if sent else None


def _held(row: Demand, state: DemandState, *, now: datetime) -> str:
    """Say until when records are held for a demand (R-103, C6); empty where none are."""
    zone = policy.at(now).carrier.zone.tz
    kept = Preservation.objects.filter(demand=row, state=PreservationState.ACTIVE).first()
    if kept is not None:
        return f"Records are preserved for you until {words.moment(kept.ends_at, zone)}."
    if not DemandHold.objects.filter(demand=row, lifted_at=None).exists():
        return ""
    if state is DemandState.WITHDRAWN and row.undo_until is not None:
        return f"Records are held until {words.moment(row.undo_until, zone)}, while this can be undone."
    if row.lapses_at is not None:
        return f"Records are held until {words.moment(row.lapses_at, zone)}; a corrected process keeps them longer."
    return "Records that would expire are held until this is answered."
