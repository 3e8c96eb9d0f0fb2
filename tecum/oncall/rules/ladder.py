"""What a ladder of the guide means for one escalation: which step fires at which instant (R-085 to R-088, C5)."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from tecum.guide.calculators import calendars
from tecum.guide.model.desks import Desk, Ladder, Step
from tecum.guide.model.guide import Guide
from tecum.kernel import business
from tecum.kernel.periods import after

WAIT = timedelta(minutes=15)
AGAIN = timedelta(
    minutes=5
)  # a last step without `repeat_every` repeats all the same: no ladder ends with nobody
RINGS = timedelta(minutes=5)
BUILT_IN = "built-in"
TO_DESK, TO_ROSTER = "desk", "roster"


@dataclass(frozen=True, slots=True)
class Rung:
    """
    One step as it was when the escalation began: a guide put in force meanwhile changes no ladder that is climbed.

    `after_s` and `repeats_s` are seconds from receipt and between repeats; 0 repeats nothing.
    """

    number: int
    who: str
    by: str
    aims: str
    desk: str
    to: str
    after_s: int
    repeats_s: int

    @property
    def after(self) -> timedelta:
        """Return how long after receipt it fires."""
        return timedelta(seconds=self.after_s)

    @property
    def repeats(self) -> timedelta | None:
        """Return how often it is repeated, None when it is not."""
        return timedelta(seconds=self.repeats_s) if self.repeats_s else None


@dataclass(frozen=True, slots=True)
class Plan:
    """The ladder of one escalation."""

    ladder: str
    rungs: tuple[Rung, ...]

    def json(self) -> str:
        """Return it as it is stored."""
        return json.dumps({"ladder": self.ladder, "rungs": [asdict(each) for each in self.rungs]})

    @classmethod
    def parse(cls, text: str) -> "Plan":
        """Read it as it was stored."""
        said = json.loads(text)
        return cls(said["ladder"], tuple(Rung(**each) for each in said["rungs"]))

    def due(self, position: int, *, received: datetime, fired: datetime) -> datetime:
        """
        Return when the step at a position fires, or, past the last, when that is repeated.

        Steps are counted from receipt, whatever the earlier ones took; a repeat from when it last fired.
        """
        if position < len(self.rungs):
            return after(received, self.rungs[position].after)
        return after(fired, self.rungs[-1].repeats or AGAIN)

    def at(self, position: int) -> tuple[Rung, int]:
        """Return the step at a position, and which repeat of it that is (0 is the first)."""
        last = len(self.rungs) - 1
        return self.rungs[min(position, last)], max(0, position - last)


def plan(guide: Guide, ladder: str, *, received: datetime) -> Plan:
    """
    Return the steps of a ladder, from a desk that is staffed at that moment upwards.

    Where the guide has no such ladder the built-in one is climbed: an emergency is not lost for want of a line in a file.
    """
    rule = chosen(guide, ladder)
    if rule is None:
        return Plan(BUILT_IN, _rungs(guide, _OWN, ()))
    ringing = tuple(desk for desk in guide.desks if _rings(guide, desk, rule, received))
    return Plan(
        rule.id, _rungs(guide, rule.steps, ringing, rule.desk_first.elapsed if rule.desk_first else RINGS)
    )


def chosen(guide: Guide, ladder: str) -> Ladder | None:
    """Return the ladder that is named, else that of the first emergency that has one, else the first of the guide."""
    known = {each.id: each for each in guide.ladders}
    if ladder in known:
        return known[ladder]
    named = (known[each.ladder] for each in guide.emergencies if each.ladder in known)
    return next(named, guide.ladders[0] if guide.ladders else None)


def _rings(guide: Guide, desk: Desk, ladder: Ladder, at: datetime) -> bool:
    """Tell whether a desk that this ladder belongs to has hours, and is within them."""
    if desk.ladder != ladder.id or not desk.calendar:
        return False
    kernel = calendars.of_desk(guide, desk, "").kernel
    return not kernel.always and business.is_staffed(kernel, at)


def _rungs(
    guide: Guide, steps: Sequence[Step], ringing: Sequence[Desk], rings: timedelta = RINGS
) -> tuple[Rung, ...]:
    found = [_ring(number, desk) for number, desk in enumerate(ringing)]
    passed, shift = timedelta(), rings if ringing else timedelta()
    for number, step in enumerate(steps, len(found)):
        wait = step.wait.elapsed if step.wait else WAIT
        repeats = step.repeat_every.elapsed if step.repeat_every else timedelta()
        # The desk takes its time from the first page alone: every later step keeps its minute from receipt.
        begins = max(passed, shift)
        found.append(_rung(guide, number, step, begins, repeats))
        passed += wait
    last = found[-1]
    if not last.repeats_s:
        found[-1] = Rung(**{**asdict(last), "repeats_s": int(AGAIN.total_seconds())})
    return tuple(found)


def _ring(number: int, desk: Desk) -> Rung:
    return Rung(number + 1, desk.name, "call", TO_DESK, desk.id, desk.phone, 0, 0)


def _rung(guide: Guide, number: int, step: Step, begins: timedelta, repeats: timedelta) -> Rung:
    aims = TO_DESK if step.desk or step.to else TO_ROSTER
    desk = next((each for each in guide.desks if each.id == step.desk), None)
    to = step.to or (desk.phone if desk else "")
    seconds = int(begins.total_seconds()), int(repeats.total_seconds())
    return Rung(number + 1, step.who, step.by, aims, step.desk, to, *seconds)


_OWN = (
    Step(who="whoever is on call", by="page"),
    Step(who="whoever is on call", by="call"),
    Step(who="everybody who may answer", by="contact_list"),
)
