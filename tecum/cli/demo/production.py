"""One demand of the demo that went the whole way: from the fax to a production that the detective can fetch and verify."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.accounts import queries as people
from tecum.accounts.rules import PersonView
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.process.facts import Said
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers

NUMBER, PRODUCT = "2925550142", "wholesale_customer"
JOBS = Actor.system("demo")


def deliver(*, now: datetime, operator: Actor, actor_of: Callable[[PersonView], Actor]) -> str:
    """
    Bring a subpoena through receipt, review, a scope of two people, search, release by two and the hand-over.

    Return the production. Each step is the operation that its page calls, by the person whose page it is.
    """
    cast = {role: who for who in people.people(by=operator, now=now) for role in who.roles}
    analyst, counsel, second = (
        actor_of(cast[role]) for role in ("subpoena_analyst", "counsel", "order_administrator")
    )
    detective = cast["le_user"]
    zone = policy.at(now).carrier.zone.tz
    said = Said(
        process="subpoena", number="GJ-26-0098", signed=True, signed_by="prosecutor", signer="A. Fairlamb",
        issued_on=(now - timedelta(days=5)).astimezone(zone).date(), entity=policy.at(now).carrier.name, country="US",
        region="OH", issuer="Marrow County Grand Jury", gag=False,
    )  # fmt: skip
    got = demands.receive(
        channel="fax", received_at=now - timedelta(days=2), said=said, agency=detective.agency,
        contact=Contact(name=detective.name, email=detective.email), people=(detective.ref,),
        targets=[Asked(NUMBER, _spring(now, zone), PRODUCT, words="the first paragraph")], by=JOBS, now=now,
    )  # fmt: skip
    case = got.case
    demands.take(case=case, by=analyst, now=now)
    demands.confirm(case=case, said=said, targets=[], by=analyst, now=now)
    demands.accept(case=case, despite="Read against the paper.", by=analyst, now=now)
    _decide(case, analyst, now)
    proposal = demands.propose_scope(case=case, by=analyst, now=now)
    demands.approve_scope(proposal=proposal, by=counsel, now=now)
    search = demands.gather(case=case, by=analyst, now=now)
    demands.run_search(search=search, by=JOBS, now=now)
    production = next(each.production for each in queries.searches(case=case, by=analyst, now=now))
    productions.make(production=production, by=JOBS, now=now)
    release = productions.propose_release(
        production=production, receivers=Receivers((detective.ref,)), by=analyst, now=now
    )
    productions.approve_release(production=production, approval=release.id, by=second, now=now)
    demands.released(production=production, by=JOBS, now=now)
    productions.hand_to_account(production=production, person=detective.ref, by=analyst, now=now)
    return production


def _spring(now: datetime, zone: ZoneInfo) -> Period:
    """Return March to June 2022, in which the number changed hands."""
    return Period(datetime(2022, 3, 1, tzinfo=zone), min(datetime(2022, 7, 1, tzinfo=zone), now))


def _decide(case: str, analyst: Actor, now: datetime) -> None:
    for target in files.targets(case=case, by=analyst, now=now):
        holders = sorted(
            {line.holder for line in queries.lines(case=case, by=analyst, now=now) if line.holder}
        )
        demands.choose(
            case=case, target=target.id, holders=holders or ["unknown"], withheld=False,
            reason="Both customers had the number in the time that is asked for.", by=analyst, now=now,
        )  # fmt: skip
