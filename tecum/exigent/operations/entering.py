"""Requests with papers: typed during a call, from a fax, from the public page. The request stands before a paper is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.exigent.operations import receiving
from tecum.exigent.operations.receiving import DOOR, Taken
from tecum.exigent.operations.rows import WORK
from tecum.exigent.queries import reading
from tecum.exigent.rules.facts import Said
from tecum.kernel.actors import Actor
from tecum.process.facts import Brought
from tecum.process.operations import by_hand


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of it, and a sentence for each paper of which something could not be made."""

    taken: Taken
    told: tuple[str, ...]


def enter(
    *,
    said: Said,
    channel: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    pathway: str = "",
    agency: str = "",
    brought: Sequence[Brought] = (),
) -> Entered:
    """
    Take in a request that somebody of the carrier types or brings, with its papers.

    Whatever a paper does to the reader, the request is not lost, and the paper can be added again.

    :raises CannotAsk: for a way that is none, or where the guide has no pathway for it
    :raises TooLarge: for a paper larger than 80 MB; nothing is entered then
    """
    require(by, WORK, now=now)
    if channel not in receiving.BY_HAND:
        raise receiving.CannotAsk("Say how it came.")
    by_hand.weigh(brought)
    got = receiving.receive(
        said=said, channel=channel, received_at=received_at, pathway=pathway, agency=agency, by=by, now=now
    )
    return Entered(got, by_hand.keep(got.received, brought, by=by, now=now))


def ask_with_papers(
    *, said: Said, pathway: str, brought: Sequence[Brought], by: Actor, now: datetime
) -> Entered:
    """Take a request with papers from the public page. :raises TooLarge: for one larger than 80 MB"""
    by_hand.weigh(brought)
    got = receiving.ask(said=said, pathway=pathway, by=by, now=now)
    return Entered(got, by_hand.keep(got.received, brought, by=DOOR, now=now))


def add_papers(*, case: str, brought: Sequence[Brought], by: Actor, now: datetime) -> tuple[str, ...]:
    """Add papers to a request. :raises CannotEnter: without one, or for a case that is over"""
    require(by, WORK, now=now)
    row = reading.row_of(case, by=by, now=now)
    return by_hand.add(case=case, received=row.received_id, brought=brought, by=by, now=now)
