"""A demand that a person brings in: fax, post, counter. Its papers are read by the guarded reader, outside any transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseState
from tecum.demands.operations.opening import receive
from tecum.demands.queries.reading import of_case
from tecum.demands.rules.submitting import Brought
from tecum.inbox.drivers.reader import Reader
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.drivers import papers
from tecum.process.drivers.papers import HEAVIEST, TooLarge
from tecum.process.queries import ReceivedView

BY_HAND = {"fax": "Fax", "post": "Post or courier", "counter": "At the counter"}


class CannotEnter(Refused):
    """What was typed cannot be entered as it stands."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of it: the process received, and a sentence for each paper of which something could not be made."""

    received: ReceivedView
    told: tuple[str, ...]


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
    if channel not in BY_HAND:
        raise CannotEnter("Say how it came: by fax, by post or at the counter.")
    if received_at > now:
        raise CannotEnter("The time of receipt has not come yet. Look at the stamp, and at the zone.")
    _light(brought)
    got = receive(
        channel=channel, received_at=received_at, contact=contact, agency=agency, targets=targets,
        testimony=testimony, desk=desk, by=by, now=now,
    )  # fmt: skip
    return Entered(got, _keep(got, brought, by=by, now=now))


def add_papers(*, case: str, brought: Sequence[Brought], by: Actor, now: datetime) -> tuple[str, ...]:
    """
    Add papers that a person brings to the process of a case; return what is to be said of them.

    :raises NotYours: when the case is unknown, or not for this person
    :raises CannotEnter: without a paper, or for a case that is over
    """
    require(by, "demand.work", now=now)
    demand = of_case(case=case, by=by, now=now)
    if files.case(case=case, by=by, now=now).state is not CaseState.OPEN:
        raise CannotEnter(f"Case {demand.case.reference} is over; open it again first.")
    if not brought:
        raise CannotEnter("Choose a file.")
    _light(brought)
    return _keep(
        received_queries.received(id=demand.received, by=by, now=now), brought, by=by, now=now, at=now
    )


def _light(brought: Sequence[Brought]) -> None:
    for each in brought:
        if len(each.content) > HEAVIEST:
            raise TooLarge(
                "A paper of more than 80 MB is not taken: scan it in parts, or in black and white."
            )


def _keep(
    got: ReceivedView, brought: Sequence[Brought], *, by: Actor, now: datetime, at: datetime | None = None
) -> tuple[str, ...]:
    if not brought:
        return ()
    matter = files.case(case=got.case, by=by, now=now).matter
    with Reader() as reader:
        taken = [
            papers.of_upload(each.content, each.name, matter=matter, source=f"hand:{ids.unguessable()}", reader=reader)
            for each in brought
        ]  # fmt: skip
    process.keep_papers(received=got.id, papers=taken, received_at=at, by=by, now=now)
    return tuple(f"{each.name}: {said}" for each in taken if (said := papers.told(each)))
