"""Makers for emergencies: an agency with call-back numbers in the directory, people on call, a request, every step after it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from tecum.agencies import operations as directory
from tecum.agencies.rules import AgencyView
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.exigent.queries import RequestView
from tecum.exigent.rules.calling import Heard
from tecum.exigent.rules.compiling import Wanted
from tecum.exigent.rules.facts import Said
from tecum.exigent.states import CallState
from tecum.jobs import long
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.surveillance.rules.ordered import Ordered
from tests import make, subscribers
from tests.make import NOON, acting
from tests.taps import DIAL_UP, INTERCONNECT, PEN

NUMBER, OTHER, STRANGE = "2925550142", "2925550143", "3925550199"
DISPATCH_DESK = "4925550110"  # in the directory
IN_MESSAGE = "4925550177"  # what the message gives as its own
WEEK = timedelta(days=7)
STORY = "A child was taken from the school at ten; the caller's telephone is with the man who took her."
HEARD = Heard(
    spoke_with="Sergeant Adaeze Cole", badge="4471", supervisor="Lieutenant Brandt",
    challenge="gave the case number of the county's computer-aided dispatch", ground="a girl of six was taken from school",
    designation="by order of the principal prosecuting attorney, shown in the county's list",
)  # fmt: skip
SAID = Said(
    requester="psap", name="Adaeze Cole", title="Dispatcher", agency="Marrow County 911", phone=IN_MESSAGE,
    grounds=("danger_to_life",), assistance=("subscriber information", "location information"), targets=(NUMBER,),
    circumstances=STORY,
)  # fmt: skip
CERTIFIED = replace(
    SAID, requester="lea", title="Deputy Chief", agency="Marrow County Sheriff",
    designation="the principal prosecuting attorney of the State or subdivision",
    assistance=("installation of a trap and trace or pen register",), types=("pen_register", "trap_and_trace"),
    signatures=("A. Cole; Deputy Chief; Marrow County Sheriff; 4925550110", "R. Okafor; District Attorney; Marrow County; 4925550111"),
)  # fmt: skip


@pytest.fixture
def wireless(settings, billing):
    """Put the wireless carrier's guide in force, with its billing list, in folders of the test's own."""
    settings.TECUM_GUIDE = "wireless-2003"
    subscribers.load(billing, [subscribers.SMITH, subscribers.JONES], now=NOON)


def on_call(name: str, now: datetime = NOON) -> Actor:
    return acting(make.person(name, roles=["on_call_administrator"], now=now), stepped_up_at=now)


def with_number(agency: AgencyView, number: str = DISPATCH_DESK, *, at: datetime = NOON - WEEK) -> str:
    """Put a number of an agency into the directory, as two people do, and return its entry."""
    one, two = (
        acting(make.person(roles=["portal_administrator"], now=at), stepped_up_at=at) for _ in range(2)
    )
    made = directory.propose_call_back_number(
        agency=agency.id, number=number, label="Dispatch, day and night", source="the county's published directory",
        by=one, now=at,
    )  # fmt: skip
    directory.confirm_call_back_number(entry=made.id, by=two, now=at)
    return made.id


@dataclass
class Emergency:
    """One request and who is about."""

    case: str
    agency: AgencyView
    entry: str
    caller: Actor
    approver: Actor
    now: datetime = NOON
    third: Actor = field(init=False)

    def at(self, who: Actor, now: datetime | None = None) -> Actor:
        """Return the person with a second factor given just now."""
        return acting(make.again_by_ref(who.ref), stepped_up_at=now or self.now)

    def seen(self, now: datetime | None = None) -> RequestView:
        return queries.of_case(case=self.case, by=Actor.system("tests"), now=now or self.now)

    def call(self, by: Actor | None = None, now: datetime | None = None, **more) -> "Emergency":
        at = now or self.now
        given = {"outcome": CallState.VERIFIED, "heard": HEARD, "called_at": at, "entry": self.entry, **more}
        exigent.call_back(case=self.case, by=self.at(by or self.caller, at), now=at, **given)
        return self

    def written(self, now: datetime | None = None, signed: bool = True) -> "Emergency":
        """Bring the signed paper and find it to be the written request."""
        at = now or self.now
        paper = make.paper(self.case, now=at)
        exigent.find_written(
            case=self.case, document=paper, signed=signed, by=self.at(self.caller, at), now=at
        )
        return self

    def propose(self, now: datetime | None = None, wanted: Iterable[Wanted] | None = None) -> str:
        at = now or self.now
        chosen = list(wanted or [Wanted("basic_subscriber", NUMBER, Period(at - WEEK, at))])
        return exigent.propose_disclosure(case=self.case, wanted=chosen, by=self.at(self.caller, at), now=at)

    def propose_tap(self, *ordered: Ordered, now: datetime | None = None) -> str:
        at = now or self.now
        lines = ordered or (Ordered(NUMBER, INTERCONNECT, PEN, ("training-1",)),)
        return exigent.propose_surveillance(
            case=self.case, ordered=lines, delivery={NUMBER: DIAL_UP}, by=self.at(self.caller, at), now=at
        )

    def approve(self, decision: str, by: Actor | None = None, now: datetime | None = None) -> RequestView:
        at = now or self.now
        who = self.at(by or self.approver, at)
        return exigent.approve(decision=decision, affirmed_as=who.name, by=who, now=at)

    def searched(self, now: datetime | None = None) -> str:
        """Let the jobs search and pack, and return the production."""
        at = now or self.now
        assert long.search_emergencies(lambda: at) == 1
        long.make_all(lambda: at)
        (made,) = [each.gathering for each in self.seen(at).decided if each.gathering]
        assert made.state == "DONE", made.why
        return made.production


def asked(
    said: Said = SAID,
    *,
    now: datetime = NOON,
    pathway: str = "",
    number: bool = True,
    fresh: datetime | None = None,
    again: Emergency | None = None,
) -> Emergency:
    """Return a request that came by the public page, with its agency found in the directory and nothing verified yet."""
    agency = (
        again.agency
        if again
        else make.agency("Marrow County 911", domain="marrow.example.gov", now=now - WEEK)
    )
    entry = again.entry if again else with_number(agency, at=fresh or now - WEEK) if number else ""
    path = pathway or ("surveillance" if said.types else "disclosure")
    got = exigent.ask(said=said, pathway=path, by=Actor.stranger(), now=now)
    people = (
        (again.caller, again.approver)
        if again
        else (on_call("Ada Lindqvist", now), on_call("Bo Farrow", now))
    )
    made = Emergency(got.case, agency, entry, *people, now)
    exigent.correct(case=got.case, said=said, agency=agency.id, by=made.caller, now=now)
    return made


def tapped(now: datetime = NOON) -> Emergency:
    """Return an emergency surveillance that two people decided and that the switch was told of."""
    made = asked(CERTIFIED, now=now).written().call()
    made.approve(made.propose_tap())
    return made
