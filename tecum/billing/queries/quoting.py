"""The price of a court order before it begins: what the guide quotes, and whether it must be accepted first."""

from dataclasses import dataclass
from datetime import datetime

from tecum.agencies import queries as agencies
from tecum.billing.rules import quoting
from tecum.billing.rules.facts import About
from tecum.cases.facts import Offer
from tecum.guide.model.fees import Gate
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.surveillance.operations.charging import product
from tecum.surveillance.queries import orders
from tecum.surveillance.rules.quoted import gate


@dataclass(frozen=True, slots=True)
class Price:
    """
    What an order costs from now to its end; `gate` is the rule by which it is accepted first, `small` says that it is not
    above what that rule lets begin without; `why` says why there is no price.
    """

    offer: Offer | None
    gate: Gate | None
    ends: datetime | None
    why: str = ""
    small: bool = False


def price_of_order(*, case: str, by: Actor, now: datetime) -> Price:
    """Return what an order would cost if it began now. :raises NotYours: when it is not for this person"""
    order = orders.of_case(case=case, by=by, now=now)
    said = process.received(id=order.received, by=by, now=now).said
    guide = policy.at(now)
    seat = agencies.seat(order.case.agency)
    about = About(
        process=said.process, country=seat.country if seat else said.country,
        region=seat.subdivision if seat else said.region,
    )  # fmt: skip
    day = now.astimezone(guide.carrier.zone.tz).date()
    question = Question(
        on=day, product=product(guide), process=about.process, country=about.country, region=about.region
    )
    rule = gate(guide, question)
    if order.kind != "order":
        return Price(None, None, None, "Only an order is quoted: what runs goes on without.")
    if order.expires_at is None or not order.said.subjects or not order.said.all_switches:
        return Price(None, rule, None, "Write down first what it orders, on which switches, and until when.")
    facts = quoting.expected(
        order.said.ordered(), product=product(guide), begins=now, ends=order.expires_at, guide=guide
    )
    offer = quoting.offered(facts, guide=guide, about=about, on=day)
    small = rule is not None and (offer is None or (rule.over is not None and offer.high.amount <= rule.over))
    return Price(offer, rule, order.expires_at, "" if offer else "The guide charges nothing for it.", small)
