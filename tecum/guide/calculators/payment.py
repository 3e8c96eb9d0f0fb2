"""How money and release hang together: gates, the due date, arrears."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tecum.guide.calculators.results import Result, once
from tecum.guide.model.fees import Arrears
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, fitting, presumed, resolved, word
from tecum.guide.values import Span, shift
from tecum.kernel.business import BusinessCalendar, midnight


@dataclass(frozen=True, kw_only=True)
class OpenGate(Result):
    """Something that must happen first."""

    gate: str
    kind: str
    before: str
    form: str
    preserve_meanwhile: bool
    said_at_receipt: bool
    lapses_after: Span | None
    wording: str


@dataclass(frozen=True, kw_only=True)
class Terms(Result):
    """The money side of a request."""

    invoice: bool
    invoiced: str
    interim: bool
    due_days: int | None
    due_on: date | None
    gates: tuple[OpenGate, ...]
    payment_in_advance: bool
    release_withheld_until_paid: bool
    in_arrears: bool
    arrears: tuple[str, ...]
    closed_channels: tuple[str, ...]
    open_channels: tuple[str, ...]
    expedite_available: bool
    schedule_used: str


def terms(
    guide: Guide,
    question: Question,
    *,
    total: Decimal | None = None,
    invoiced_on: date | None = None,
    overdue: int = 0,
) -> Terms:
    """
    Return the gates, the due date and what arrears change; `overdue` is in days after the due date.

    :raises NotInGuide: when the guide knows no such product or process
    """
    said, question = question, resolved(guide, question)
    billing = guide.billing
    gates = [
        g
        for g in fitting(guide.gates, question, guide)
        if g.over is None or (total is not None and total > g.over)
    ]
    late = _late(guide, question, overdue)
    charges = billing.charges == "schedule" or (
        billing.charges == "civil_only" and word(question.matter) == "civil"
    )
    only = {name for rule in late for name in rule.only_channels}
    closed = {name for rule in late for name in rule.closes_channels}
    all_channels = [
        channel.id for channel in guide.channels if channel.accepted and channel.holds(question.on)
    ]
    closed |= {name for name in all_channels if only and name not in only}
    due = (
        invoiced_on + timedelta(days=billing.due_days)
        if invoiced_on and billing.due_days is not None
        else None
    )
    return Terms(
        invoice=charges,
        invoiced=billing.invoice,
        interim=billing.interim,
        due_days=billing.due_days,
        due_on=due,
        gates=tuple(
            OpenGate(
                gate=g.id, kind=g.kind, before=g.before, form=g.form, preserve_meanwhile=g.preserve_meanwhile,
                said_at_receipt=g.said_at_receipt, lapses_after=g.lapses_after, wording=g.wording,
            )
            for g in gates
        ),
        payment_in_advance=any(g.kind in {"paid", "deposit"} and g.before != "release" for g in gates)
        or any(rule.payment_in_advance for rule in late),
        release_withheld_until_paid=any(g.kind == "paid" for g in gates) or any(r.withholds_release for r in late),
        in_arrears=bool(late),
        arrears=tuple(rule.id for rule in late),
        closed_channels=tuple(name for name in all_channels if name in closed),
        open_channels=tuple(name for name in all_channels if name not in closed),
        expedite_available=not any(rule.removes_expedite for rule in late),
        schedule_used=billing.schedule_used,
        because=_sentence(len(gates), late) + presumed(said, question),
        used=once([billing, *gates, *late]),
    )  # fmt: skip


def closed(guide: Guide, late: Terms, kind: str) -> bool:
    """Tell whether arrears close every channel of a kind that the guide has."""
    mine = {channel.id for channel in guide.channels if channel.kind == kind and channel.accepted}
    return bool(mine) and mine <= set(late.closed_channels)


def _late(guide: Guide, question: Question, overdue: int) -> list[Arrears]:
    """Return the rules of arrears that hold after so many days."""
    if overdue <= 0:
        return []
    zone = guide.carrier.zone
    due = midnight(zone, question.on) - timedelta(days=overdue)
    facts = set(map(word, question.facts))
    return [
        rule
        for rule in fitting(guide.arrears, question, guide)
        if shift(due, rule.after.high, rule.after.unit, BusinessCalendar(zone, ()))
        <= midnight(zone, question.on)
        and not facts & set(map(word, rule.except_facts))
    ]


def _sentence(gates: int, late: list[Arrears]) -> str:
    text = "Nothing holds it back." if not gates else f"{gates} gate{'' if gates == 1 else 's'} before it."
    return f"{text} In arrears: {', '.join(rule.id for rule in late)}." if late else text
