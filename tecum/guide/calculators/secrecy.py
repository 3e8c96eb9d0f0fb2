"""Whether a customer is told, and what a gag becomes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from tecum.guide.calculators.results import Result, once
from tecum.guide.model.guide import Guide
from tecum.guide.model.secrecy import CustomerNotice, Gag
from tecum.guide.questions import Question, best, presumed, resolved, word
from tecum.guide.values import Span, Unit, add, shift
from tecum.kernel.business import BusinessCalendar

GagOutcome = Literal["none", "in_force", "indefinite", "lapses", "refused", "ask"]


@dataclass(frozen=True, kw_only=True)
class Silence(Result):
    """What holds about telling the customer. `gag_until` is the first day without the gag."""

    gag: GagOutcome
    gag_from: date | None = None
    gag_until: date | None = None
    duration: Span | None = None
    shortened: bool = False
    must_state_duration: bool = False
    customer_told: bool | None = None
    told_when: str = ""
    told_because: str = ""
    told_on: date | None = None
    wait: Span | None = None
    put_off: bool = False  # a gag without an end keeps it back until it is lifted
    before_production: bool = False
    exceptions: tuple[str, ...] = ()
    wording: str = ""
    reminder_on: date | None = None
    citation: str = ""


def silence(
    guide: Guide,
    question: Question,
    *,
    gag: bool,
    starts: date,
    duration: Span | None = None,
    cited: bool = True,
) -> Silence:
    """
    Return what a gag becomes and whether the customer is told.

    :raises NotInGuide: when the guide knows no such product or process
    """
    said, question = question, resolved(guide, question)
    rule, warnings = best(guide.gags, question, guide)
    outcome, length, why = _gag(rule, gag=gag, duration=duration, cited=cited)
    shortened = False
    if (
        rule is not None
        and rule.longest is not None
        and length is not None
        and _later(starts, length, rule.longest)
    ):
        length, shortened = rule.longest, True
        why += f" Longer than {rule.longest} is not honoured."
    facts = question.facts | ({"gag"} if outcome in {"in_force", "indefinite"} else frozenset())
    notice, more = best(guide.customer_notices, question, guide)
    until = _after(starts, length) if length is not None and outcome == "in_force" else None
    puts_off = notice is not None and (notice.told_after is not None or notice.when == "after_gag")
    told, told_why = _told(notice, facts - {"gag"} if until and puts_off else facts)
    put_off = False
    if told and puts_off and outcome in {"in_force", "indefinite"} and until is None:
        put_off = True
        told, told_why = (
            False,
            "The customer is not told while the gag lasts, and it has no end; told once it is lifted.",
        )
    told_on = _told_on(notice, question.on, outcome, until) if told else None
    if told_on is not None:
        told_why = f"{told_why[:-1]}, on {told_on}."
    reminder = rule.reminder if rule is not None else None
    return Silence(
        gag=outcome,
        gag_from=starts if outcome in {"in_force", "indefinite"} else None,
        gag_until=until,
        duration=length,
        shortened=shortened,
        must_state_duration=rule.must_state_duration if rule else False,
        customer_told=told,
        told_when=_told_when(notice, told_on) if notice and told else "",
        told_because=told_why,
        told_on=told_on,
        wait=notice.wait if notice and told else None,
        put_off=put_off,
        before_production=bool(told and notice and notice.when == "before_production"),
        exceptions=tuple(each for each in notice.exceptions if each != "gag") if notice else (),
        wording=notice.wording if notice else "",
        reminder_on=_after(until, reminder, back=True) if until and reminder else None,
        citation=rule.citation if rule else "",
        because=f"{why} {told_why}".strip() + presumed(said, question),
        used=once([rule, notice]),
        warnings=(*warnings, *more),
    )


def _gag(
    rule: Gag | None, *, gag: bool, duration: Span | None, cited: bool
) -> tuple[GagOutcome, Span | None, str]:
    if not gag and not (rule is not None and rule.automatic):
        return "none", None, "There is no gag."
    if rule is None:
        return ("in_force" if duration else "ask"), duration, "The guide has no rule for this gag."
    if rule.must_cite and not cited and not rule.automatic:
        return "refused", None, "The gag cites no law."
    if duration is not None:
        return "in_force", duration, f"The gag holds for {duration}."
    return _without(rule)


def _without(rule: Gag) -> tuple[GagOutcome, Span | None, str]:
    if rule.without_duration == "default_duration":
        return (
            "in_force",
            rule.default_duration,
            f"A gag without a duration holds for {rule.default_duration}.",
        )
    outcomes: dict[str, tuple[GagOutcome, str]] = {
        "indefinite": ("indefinite", "A gag without a duration holds until it is lifted."),
        "lapses": ("lapses", "A gag without a duration has no effect."),
        "refused": ("refused", "A gag without a duration is refused."),
        "ask": ("ask", "A gag without a duration: the agency is asked for one."),
    }
    outcome, why = outcomes[rule.without_duration]
    return outcome, None, why


def _told(notice: CustomerNotice | None, facts: frozenset[str]) -> tuple[bool | None, str]:
    if notice is None:
        return None, "The guide does not say whether the customer is told."
    if not notice.told:
        return False, "The customer is not told."
    met = set(map(word, facts)) & set(map(word, notice.exceptions))
    if met:
        return False, f"The customer is not told: {', '.join(sorted(met))}."
    if notice.told_after is None:
        return True, f"The customer is told {notice.when.replace('_', ' ')}."
    since = "a gag ends" if notice.when == "after_gag" else "the process, and after a gag ends"
    return True, f"The customer is told {notice.told_after} after {since}."


def _told_on(notice: CustomerNotice | None, on: date, outcome: GagOutcome, until: date | None) -> date | None:
    """Return the day on which the customer is told, where the guide fixes one; a gag's end puts it off."""
    if notice is None or (
        until is None and (outcome in {"indefinite", "in_force"} or notice.told_after is None)
    ):
        return None
    if notice.told_after is not None:
        return _after(until or on, notice.told_after)
    return until if notice.when == "after_gag" else None


def _told_when(notice: CustomerNotice, told_on: date | None) -> str:
    return told_on.isoformat() if told_on is not None and notice.told_after is not None else notice.when


def _after(day: date, span: Span, *, back: bool = False) -> date:
    count = -span.high if back else span.high
    if span.unit in {Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR}:
        return add(day, count, span.unit)
    noon = datetime.combine(day, time(12), UTC)
    return shift(noon, count, span.unit, BusinessCalendar("UTC", ())).date()


def _later(starts: date, length: Span, longest: Span) -> bool:
    return _after(starts, length) > _after(starts, longest)
