"""The demo's surveillances on played switches: one that ended and is certified, one that ends today, one that runs on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tecum.accounts.rules import PersonView
from tecum.cases import operations as cases
from tecum.cases.facts import Contact
from tecum.cases.queries import CaseView
from tecum.cases.states import CaseKind
from tecum.cli.demo import people
from tecum.documents import operations as documents
from tecum.documents.drivers import pdf
from tecum.jobs import following, switches
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import certifying, trouble
from tecum.surveillance.queries import certifications
from tecum.surveillance.queries import reading as queries
from tecum.surveillance.rules.ordered import Allows, AuthorityKind, Intercept, Ordered, Service

JOBS = Actor.system("demo")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SWITCHES = ("training-1", "training-2")


def fill(*, now: datetime, operator: Actor, actor_of: Callable[[PersonView, datetime], Actor]) -> None:
    """Make them, as the people of the demo would have done: every step is the operation of its page, in the order of time."""
    first, second, detective = (
        people.of(role, by=operator, now=now)
        for role in ("order_administrator", "on_call_administrator", "le_user")
    )

    def start(number: str, kind: Intercept, at: datetime, until: datetime) -> str:
        case = _case(number, kind, detective, at)
        propose, approve = actor_of(first, at), actor_of(second, at)
        act = surveillance.authorize(
            case=case.id, kind=AuthorityKind.ORDER, starts_at=at, ends_at=until, evidence=_paper(case, number, kind, at),
            ordered=[Ordered(number, Service.INTERCONNECT, kind, SWITCHES[:1])], allows=Allows(exact_time=True), by=propose, now=at,
        )  # fmt: skip
        authority = surveillance.approve(act=act, by=approve, now=at, affirmed_as=approve.name)
        act = surveillance.activate(authority=authority, delivery={number: "2925550160"}, by=propose, now=at)
        surveillance.approve(act=act, by=approve, now=at, affirmed_as=approve.name)
        _carried(at + SECOND)
        return queries.authority(authority=authority, by=JOBS, now=at).surveillance

    ended = start("2925550151", Intercept.PEN_REGISTER, now - 40 * DAY, now - 10 * DAY)
    start("2925550152", Intercept.TRAP_AND_TRACE, now - 29 * DAY, now + 6 * HOUR)
    _carried(now - 10 * DAY)
    _certify(ended, actor_of(second, now - 9 * DAY), now - 9 * DAY)
    running = start("2925550153", Intercept.TITLE_III, now - 3 * DAY, now + 27 * DAY)
    _carried(now)
    trouble.report(
        surveillance=running, channel="telephone", reporter=detective.name, words="Nothing is heard since this morning.",
        reported_at=now - HOUR, lost_at=now - 4 * HOUR, by=actor_of(first, now), now=now,
    )  # fmt: skip


def _certify(home: str, by: Actor, now: datetime) -> None:
    (record,) = certifications.of_surveillance(surveillance=home, by=by, now=now)
    certifying.complete(
        certification=record.id, officer="Det. of the demo", signer="Hon. R. Okonkwo, judge", by=by, now=now
    )
    view, _ = certifying.show(certification=record.id, by=by, now=now)
    certifying.sign(certification=record.id, digest=view.digest, name=by.name, by=by, now=now)


def _case(number: str, kind: Intercept, detective: PersonView, at: datetime) -> CaseView:
    contact = Contact(name=detective.name, email=detective.email)
    return cases.open_case(
        kind=CaseKind.ORDER, channel="fax", received_at=at - HOUR, agency=detective.agency, contact=contact, by=JOBS, now=at
    )  # fmt: skip


def _paper(case: CaseView, number: str, kind: Intercept, at: datetime) -> str:
    words = f"IT IS ORDERED that a {kind.replace('_', ' ')} be installed on {numbers.grouped(number)}."
    page = pdf.render(
        f'<html lang="en"><head><title>Order</title></head><body><h1>District Court of Marrow County</h1><p>{words}</p>'
        "<p>R. Okonkwo, Judge</p></body></html>"
    )
    kept = documents.put(page, matter=case.matter)
    return cases.add_document(
        case=case.id, kept=kept, name="order.pdf", media_type="application/pdf", role="process", received_at=at,
        source="demo", by=JOBS, now=at,
    ).id  # fmt: skip


def _carried(at: datetime) -> None:
    """Let the lanes do what is due at an instant of the past, as they would have then."""
    switches.terminate(lambda: at)
    switches.start(lambda: at)
    following.follow_all(lambda: at)
