"""The rules of look-ups, emergencies and reports as one answer each."""

from dataclasses import dataclass, replace

from tecum.guide.calculators.eligibility import find
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.emergency import Emergency, FollowUp, Ground
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.reporting import Report
from tecum.guide.questions import Question, best, resolved, why_not, word
from tecum.guide.values import Span


@dataclass(frozen=True, kw_only=True)
class LookupRules(Result):
    """A look-up product as it stands."""

    lookup: str
    name: str
    doors: tuple[str, ...]
    takes_process: bool
    limit: int
    batch: int
    unit: str
    window: str
    zone: str
    limit_now: int
    countries: tuple[str, ...]
    roles: tuple[str, ...]
    psap: bool
    history: str
    history_back: Span | None
    dates: bool
    ranges: bool
    shows: tuple[str, ...]
    exports: tuple[str, ...]
    consent_required: bool
    consent_bases: tuple[str, ...]
    assisted: bool
    max_age: Span | None
    when_stale: str


def lookup_rules(guide: Guide, lookup_id: str = "", account_age: int | None = None) -> LookupRules:
    """Return the rules of a look-up product; `account_age` in days picks a step of the ramp. :raises NotInGuide: for none"""
    one = find(guide, lookup_id)
    quota, answers, consent, fresh = one.quota, one.answers, one.consent, one.inventory
    now = quota.limit
    if account_age is not None:
        steps = [step.limit for step in sorted(quota.ramp, key=lambda s: s.days) if account_age < step.days]
        now = steps[0] if steps else quota.limit
    return LookupRules(
        lookup=one.id, name=one.name, doors=one.doors, takes_process=one.takes_process, limit=quota.limit,
        batch=quota.batch, unit=quota.unit, window=quota.window, zone=quota.zone or guide.carrier.zone, limit_now=now,
        countries=one.eligibility.countries, roles=one.eligibility.roles, psap=one.eligibility.psap,
        history=answers.history, history_back=answers.history_back, dates=answers.dates, ranges=answers.ranges,
        shows=answers.shows, exports=answers.exports, consent_required=consent.required, consent_bases=consent.bases,
        assisted=one.assisted.allowed, max_age=fresh.max_age, when_stale=fresh.then,
        because=f"{quota.limit} {quota.unit.replace('_', ' ')} in one {quota.window.replace('_', ' ')}, {quota.batch} at once.",
        used=once([one, quota, answers, consent, fresh]),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EmergencyRules(Result):
    """A way in which the carrier acts without legal process."""

    emergency: str
    name: str
    kind: str
    may_ask: bool | None
    may_certify: bool | None
    ground_counts: bool | None
    stops_for: str
    grounds: tuple[str, ...]
    requesters: tuple[str, ...]
    certifiers: tuple[str, ...]
    first: str
    release_gate: str
    forms: tuple[str, ...]
    alternatives: tuple[str, ...]
    must_hold: tuple[str, ...]
    call_back: bool
    must_follow: tuple[FollowUp, ...]
    clock: str
    desk: str
    ladder: str
    citation: str


def emergency_rules(
    guide: Guide, question: Question, *, emergency: str = "", ground: str = "", certifier: str = ""
) -> EmergencyRules:
    """Return how the carrier acts in an emergency, and whether this one qualifies. :raises NotInGuide: when it never does"""
    question = resolved(guide, question)
    wanted = [e for e in guide.emergencies if word(emergency) in {"", word(e.id), word(e.name), e.kind}]
    if not wanted:
        raise NotInGuide("The guide has no such emergency.")
    # Without a product the question is about the pathway, whichever of its products is meant.
    open_to = {e.id: e if question.product else replace(e, products=()) for e in wanted}
    found, warnings = best(tuple(open_to.values()), question, guide)
    rule = next((e for e in wanted if found is not None and e.id == found.id), wanted[0])
    refusal = "" if found else why_not(open_to[rule.id], question, guide)
    given = _ground(rule, ground, question, guide)
    return EmergencyRules(
        emergency=rule.id, name=rule.name, kind=rule.kind,
        may_ask=not refusal,
        may_certify=word(certifier) in set(map(word, rule.certifiers)) if certifier and rule.certifiers else None,
        ground_counts=None if not ground else given is not None,
        stops_for=given.stops_for if given else "",
        grounds=tuple(one.id for one in rule.grounds), requesters=rule.requesters, certifiers=rule.certifiers,
        first=rule.first, release_gate=rule.release_gate, forms=rule.forms, alternatives=rule.alternatives,
        must_hold=rule.must_hold, call_back=rule.call_back, must_follow=rule.follow_ups, clock=rule.clock,
        desk=rule.desk, ladder=rule.ladder, citation=rule.citation,
        because=refusal or f"{rule.name}: {rule.first} request first.",
        used=(rule,), warnings=warnings,
    )  # fmt: skip


def _ground(rule: Emergency, said: str, question: Question, guide: Guide) -> Ground | None:
    country = question.country or guide.carrier.country
    for one in rule.grounds:
        if word(said) in {word(one.id), word(one.label)} and (not one.countries or country in one.countries):
            return one
    return None


@dataclass(frozen=True, kw_only=True)
class ReportRules(Result):
    """The counting rules in force on a day."""

    report: Report


def report_rules(guide: Guide, question: Question, report_id: str = "") -> ReportRules:
    """Return the columns and counting rules of the transparency report. :raises NotInGuide: when there are none"""
    rules = [rule for rule in guide.reports if word(report_id) in {"", word(rule.id)}]
    rule, warnings = best(rules, question, guide)
    if rule is None:
        raise NotInGuide(f"The guide has no counting rules for a report on {question.on}.")
    because = f"Intercepts: {rule.intercepts.replace('_', ' ')}; counted by the date {rule.counted_by}."
    return ReportRules(report=rule, because=because, used=(rule,), warnings=warnings)
