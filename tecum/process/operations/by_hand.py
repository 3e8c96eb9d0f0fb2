"""A process that a person brings in: fax, post, counter. Its papers are read by the guarded reader, outside any transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tecum.cases import queries as cases
from tecum.cases.states import CaseState
from tecum.inbox.drivers.reader import Reader
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.process import queries
from tecum.process.drivers import papers
from tecum.process.drivers.papers import HEAVIEST, TooLarge
from tecum.process.facts import Brought
from tecum.process.operations.papers import keep_papers
from tecum.process.queries import ReceivedView

WAYS = {"fax": "Fax", "post": "Post or courier", "counter": "At the counter"}


class CannotEnter(Refused):
    """What was typed cannot be entered as it stands."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of it: the process received, and a sentence for each paper of which something could not be made."""

    received: ReceivedView
    told: tuple[str, ...]


def look_at(channel: str, received_at: datetime, brought: Sequence[Brought], *, now: datetime) -> None:
    """
    Refuse what cannot be entered, before anything is.

    :raises CannotEnter: for a channel that is none of these, or a time of receipt that has not come
    :raises TooLarge: for a paper larger than 80 MB
    """
    if channel not in WAYS:
        raise CannotEnter("Say how it came: by fax, by post or at the counter.")
    if received_at > now:
        raise CannotEnter("The time of receipt has not come yet. Look at the stamp, and at the zone.")
    weigh(brought)


def weigh(brought: Sequence[Brought]) -> None:
    """Refuse what is too heavy. :raises TooLarge: for a paper larger than 80 MB"""
    if any(len(each.content) > HEAVIEST for each in brought):
        raise TooLarge("A paper of more than 80 MB is not taken: scan it in parts, or in black and white.")


def keep(
    got: ReceivedView, brought: Sequence[Brought], *, by: Actor, now: datetime, at: datetime | None = None
) -> tuple[str, ...]:
    """Keep papers with a process, read by the guarded reader; return what is to be said of them."""
    if not brought:
        return ()
    matter = cases.case(case=got.case, by=by, now=now).matter
    with Reader() as reader:
        taken = [
            papers.of_upload(each.content, each.name, matter=matter, source=f"hand:{ids.unguessable()}", reader=reader)
            for each in brought
        ]  # fmt: skip
    keep_papers(received=got.id, papers=taken, received_at=at, by=by, now=now)
    return tuple(f"{each.name}: {said}" for each in taken if (said := papers.told(each)))


def add(*, case: str, received: str, brought: Sequence[Brought], by: Actor, now: datetime) -> tuple[str, ...]:
    """
    Add papers that a person brings to the process of an open case; return what is to be said of them.

    :raises CannotEnter: without a paper, or for a case that is over
    :raises TooLarge: for a paper larger than 80 MB
    """
    file = cases.case(case=case, by=by, now=now)
    if file.state is not CaseState.OPEN:
        raise CannotEnter(f"Case {file.reference} is over; open it again first.")
    if not brought:
        raise CannotEnter("Choose a file.")
    weigh(brought)
    return keep(queries.received(id=received, by=by, now=now), brought, by=by, now=now, at=now)
