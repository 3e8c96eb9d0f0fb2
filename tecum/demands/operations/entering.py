"""A demand that a person brings in: fax, post, counter. Its papers are read by the guarded reader, outside any transaction."""

from collections.abc import Sequence
from datetime import datetime

from tecum.access.rules import require
from tecum.cases.facts import Asked, Contact
from tecum.demands.operations.opening import receive
from tecum.demands.queries.reading import of_case
from tecum.kernel.actors import Actor
from tecum.process.facts import Brought
from tecum.process.operations import by_hand
from tecum.process.operations.by_hand import Entered


def enter(
    *,
    channel: str,
    received_at: datetime,
    contact: Contact,
    by: Actor,
    now: datetime,
    agency: str = "",
    targets: Sequence[Asked] = (),
    brought: Sequence[Brought] = (),
    testimony: bool = False,
    desk: str = "",
) -> Entered:
    """
    Enter a demand that came by fax, post or at the counter, with its scan.

    The case stands, and its records are held, before the scan is read: whatever a paper does to the reader, the
    demand is not lost, and the paper can be added again.

    :raises CannotEnter: for a channel that is none of these, or a time of receipt that has not come
    :raises TooLarge: for a paper larger than 80 MB; nothing is entered then
    """
    require(by, "demand.work", now=now)
    by_hand.look_at(channel, received_at, brought, now=now)
    got = receive(
        channel=channel, received_at=received_at, contact=contact, agency=agency, targets=targets,
        testimony=testimony, desk=desk, by=by, now=now,
    )  # fmt: skip
    return Entered(got, by_hand.keep(got, brought, by=by, now=now))


def add_papers(*, case: str, brought: Sequence[Brought], by: Actor, now: datetime) -> tuple[str, ...]:
    """
    Add papers that a person brings to the process of a case; return what is to be said of them.

    :raises NotYours: when the case is unknown, or not for this person
    :raises CannotEnter: without a paper, or for a case that is over
    """
    require(by, "demand.work", now=now)
    demand = of_case(case=case, by=by, now=now)
    return by_hand.add(case=case, received=demand.received, brought=brought, by=by, now=now)
