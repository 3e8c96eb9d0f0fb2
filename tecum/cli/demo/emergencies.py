"""The demo's emergency: a dispatcher asked a few minutes ago, her agency is known, and somebody has to call it back."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tecum.accounts.rules import PersonView
from tecum.agencies import operations as directory
from tecum.agencies import queries as agencies
from tecum.cli.demo import people
from tecum.exigent import operations as exigent
from tecum.exigent.rules.facts import PSAP, Said
from tecum.kernel.actors import Actor

SAID = Said(
    requester=PSAP, name="Ilse Brandt", title="Dispatcher", agency="Marrow County", phone="2925550149",
    email="brandt@gmail.example", grounds=("danger_to_life",), assistance=("whose number it is",), targets=("2925550142",),
    circumstances="A caller said that she is locked in a cellar and bleeding. The line dropped; the number is all we have.",
)  # fmt: skip


def fill(*, now: datetime, operator: Actor, actor_of: Callable[[PersonView, datetime], Actor]) -> None:
    """Make it: the directory's number is a month old, the request five minutes."""
    then, asked = now - timedelta(days=30), now - timedelta(minutes=5)
    one, two = (
        people.of(role, by=operator, now=now) for role in ("on_call_administrator", "portal_administrator")
    )
    marrow = next(each for each in agencies.agencies(by=operator, now=now, words="Marrow"))
    if not marrow.call_back_numbers:
        made = directory.propose_call_back_number(
            agency=marrow.id, number="2925550147", label="Dispatch, day and night", source="the county's published directory",
            by=actor_of(one, then), now=then,
        )  # fmt: skip
        directory.confirm_call_back_number(entry=made.id, by=actor_of(two, then), now=then)
    got = exigent.ask(said=SAID, pathway="disclosure", by=Actor.stranger(), now=asked)
    exigent.correct(case=got.case, said=SAID, agency=marrow.id, by=actor_of(one, now), now=now)
