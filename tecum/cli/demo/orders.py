"""The demo's court order: it came by fax this morning, its receipt is out, and the order administrator is to review it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tecum.accounts.rules import PersonView
from tecum.cases.facts import Contact
from tecum.cli.demo import people
from tecum.documents.drivers import pdf
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process.facts import Brought
from tecum.surveillance.operations import orders

NUMBER = "2925550154"


def fill(*, now: datetime, operator: Actor, actor_of: Callable[[PersonView, datetime], Actor]) -> None:
    """Enter it as the page does: a scan, the time on the fax, the officer who sent it."""
    administrator, detective = (
        people.of(role, by=operator, now=now) for role in ("order_administrator", "le_user")
    )
    came = now - timedelta(minutes=40)
    orders.enter(
        channel="fax", received_at=came, contact=Contact(name=detective.name, email=detective.email),
        agency=detective.agency, targets=[NUMBER], brought=[Brought("order.pdf", _scan(now))],
        by=actor_of(administrator, now), now=now,
    )  # fmt: skip


def _scan(now: datetime) -> bytes:
    """Return the paper: every line that the checklist asks for, and a length that two readings end differently."""
    carrier = policy.at(now).carrier
    day = now.astimezone(carrier.zone.tz) - timedelta(days=1)
    said = (
        f"IT IS ORDERED that {carrier.name} install a pen register and a trap and trace device on {numbers.grouped(NUMBER)},",
        "subscribed to by John Smith, 14 Ferry Lane, Tamsin Falls, OH 43999, and on any changed telephone number or handset of",
        "the same subscriber, within the jurisdiction of this court and beyond it, pursuant to 18 U.S.C. 3122-3124,",
        "for thirty (30) days from the date of this order.",
        "This order and its application are sealed. You shall not disclose its existence until further order of the court.",
        f"Dated: {day:%B} {day.day}, {day.year}",
        "R. Okonkwo, Judge",
    )
    lines = "".join(f"<p>{line}</p>" for line in said)
    return pdf.render(
        '<html lang="en"><head><title>Order</title></head><body><h1>District Court of Marrow County</h1>'
        f"<h2>Order No. 26-MC-0522</h2>{lines}</body></html>"
    )
