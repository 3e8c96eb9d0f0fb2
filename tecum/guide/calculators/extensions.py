"""
An order and its extensions as one life: which period joins which, and what was served too late (R-132, decisions C).

An extension prolongs an authority only when it was served before that authority ended. Served at its last moment or later
it prolongs nothing: what it authorises is begun anew, by people. An extension never shortens what was authorised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from tecum.guide.calculators.expiry import Ending, Order, ending, spoken
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.guide.values import instant
from tecum.kernel.periods import Period

Joins = Literal["first", "overlaps", "touches", "gap"]
SAYS: dict[Joins, str] = {
    "first": "the order",
    "overlaps": "overlaps the period before it",
    "touches": "begins when the period before it ends",
    "gap": "leaves a gap after the period before it",
}


@dataclass(frozen=True, kw_only=True)
class Extension:
    """One extension order, and when it was served on the carrier."""

    order: Order
    served: datetime


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """
    One order's part of the life. `begins` is when its authority begins; `in_time` whether it was served before the end.

    `after_cut`: served while the authority still ran, but access had been cut already; people must activate again.
    """

    begins: datetime
    expires: datetime
    cut: datetime
    joins: Joins
    in_time: bool
    after_cut: bool
    says: str
    ending: Ending


@dataclass(frozen=True, kw_only=True)
class Life(Result):
    """An order with its extensions: the end in force, and the periods in which access was or is authorised."""

    expires: datetime
    cut: datetime
    stretches: tuple[Stretch, ...]
    periods: tuple[Period, ...]
    continuous: bool


def stitched(
    guide: Guide,
    question: Question,
    first: Order,
    extensions: Sequence[Extension],
    *,
    began: datetime | None = None,
) -> Life:
    """
    Return the life of an order with its extensions, in the order in which they were served.

    `began` is when access began; left out, the order's implementation or its date.

    :raises NotInGuide: when one of them gives no end, or the first does not say from when it holds
    """
    head = ending(guide, question, first)
    zone = head.expires.tzinfo
    known = began or first.implemented or first.ordered
    if known is None:
        raise NotInGuide("An order with extensions needs its date, or when it was implemented.")
    start = instant(known, head.zone)
    stretches = [
        Stretch(
            begins=start, expires=head.expires, cut=head.cut, joins="first", in_time=True, after_cut=False,
            says=SAYS["first"], ending=head,
        )
    ]  # fmt: skip
    runs = [Period(start, max(start, head.expires, key=_utc))]
    cut = head.cut
    for each in sorted(extensions, key=lambda one: one.served.astimezone(UTC)):
        former = runs[-1].end
        in_time = _utc(each.served) < former
        known = former.astimezone(zone) if in_time or each.order.start == "former_end" else None
        found = ending(guide, question, replace(each.order, former=known))
        dated = each.order.ordered if each.order.start != "former_end" else None
        opens = former if dated is None else instant(dated, found.zone)
        joins: Joins = "overlaps" if _utc(opens) < former else "touches" if _utc(opens) == former else "gap"
        joined = in_time and joins != "gap"
        begins = opens if joined else max(each.served, opens, key=_utc)
        after_cut = in_time and _utc(each.served) >= _utc(cut)
        if joined:
            longer = max(former, _utc(found.expires))
            cut = found.cut if longer == _utc(found.expires) else cut
            runs[-1] = Period(runs[-1].start, longer)
        elif _utc(found.expires) > _utc(begins):
            runs.append(Period(begins, found.expires))
            cut = found.cut
        stretches.append(
            Stretch(
                begins=begins.astimezone(zone), expires=found.expires, cut=found.cut, joins=joins, in_time=in_time,
                after_cut=after_cut, says=_says(joins, in_time=in_time, after_cut=after_cut), ending=found,
            )
        )  # fmt: skip
    return Life(
        expires=runs[-1].end.astimezone(zone),
        cut=cut,
        stretches=tuple(stretches),
        periods=tuple(runs),
        continuous=len(runs) == 1,
        because=_paragraph(stretches, runs[-1].end.astimezone(zone), cut),
        used=once(entry for each in stretches for entry in each.ending.used),
        warnings=tuple(dict.fromkeys(w for each in stretches for w in each.ending.warnings)),
    )


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _says(joins: Joins, *, in_time: bool, after_cut: bool) -> str:
    if not in_time:
        return "served when the authority before it had ended: it prolongs nothing, and begins anew when people activate it"
    if joins == "gap":
        return "served in time, but its authority begins after the one before it has ended: access is cut between them"
    late = "; access had been cut by then, and people must activate it again" if after_cut else ""
    return f"served in time; it {SAYS[joins]}{late}"


def _paragraph(stretches: Sequence[Stretch], expires: datetime, cut: datetime) -> str:
    if len(stretches) == 1:
        return stretches[0].ending.because
    parts = [
        f"With {len(stretches) - 1} extension{'s' if len(stretches) > 2 else ''} it ends {spoken(expires)}."
    ]
    parts += [f"Extension {place}: {each.says}." for place, each in enumerate(stretches[1:], 1)]
    parts.append(
        stretches[-1].ending.because
        if _utc(stretches[-1].expires) == _utc(expires)
        else f"Access is cut {spoken(cut)}."
    )
    return " ".join(parts)
