"""Plain makers: each returns what it made, with real operations where there is one."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from tecum.access.catalogue import PERMISSIONS
from tecum.access.rules import permissions_of
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.models import Person
from tecum.accounts.rules import PersonView, terms_digest
from tecum.agencies import operations as agencies
from tecum.agencies.rules import AgencyView
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked
from tecum.cases.queries import CaseView
from tecum.cases.states import CaseKind
from tecum.customers import operations as customers
from tecum.customers import rules as customers_rules
from tecum.customers.rules import ConsentView, CustomerView
from tecum.documents import operations as documents
from tecum.guide.loading import NoGuide
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.periods import Period
from tecum.policy import queries as policy

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)  # Tuesday, noon in New York
ROOT = Actor.operator("root", frozenset(PERMISSIONS))
ALL_BASES = ("cpni_opt_in", "carrier_information", "stored_records")
PASSWORD = "correct horse battery staple"
_next = count(1)


def agency(name: str = "", *, domain: str = "", now: datetime = NOON, **more: str) -> AgencyView:
    number = next(_next)
    given = {"type": "county", "country": "US", "subdivision": "OH", **more}
    return agencies.create_agency(
        name=name or f"Marrow County Sheriff {number}",
        domains=[domain or f"agency{number}.example.gov"],
        how="the county's published staff directory",
        by=ROOT,
        now=now,
        **given,
    )


def customer(
    id: str = "", *, name: str = "", is_carrier: bool = True, now: datetime = NOON, **card: str
) -> CustomerView:
    number = next(_next)
    given = {
        "address": "1 Exchange Street, Fennimore Falls, OH",
        "contact_person": "Desk of Legal Requests",
        "phone": "292-555-0150",
        "email": "legal@provider.example",
        "website": "https://provider.example",
        **card,
    }
    return customers.create_customer(
        id=id or f"C-{number:05}",
        legal_name=name or f"Quillon Voice {number} LLC",
        is_carrier=is_carrier,
        by=ROOT,
        now=now,
        **given,
    )


def consent(
    customer: str,
    *,
    bases: Iterable[str] = ALL_BASES,
    scope: str = "all",
    ranges: Iterable[tuple[str, str]] = (),
    now: datetime = NOON,
    **more: object,
) -> ConsentView:
    paper = customers_paper()
    return customers.give_consent(
        customer=customer,
        bases=list(bases),
        scope=scope,
        ranges=list(ranges),
        signer_name="R. Quillon",
        signer_title="Chief Executive",
        medium="written",
        paper=paper,
        by=ROOT,
        now=now,
        **more,  # type: ignore[arg-type]
    )


def customers_paper() -> customers_rules.Paper:
    return customers_rules.Paper("consent.pdf", "application/pdf", b"%PDF-1.7 signed")


def person(
    name: str = "",
    *,
    roles: Iterable[str] = ("le_user",),
    agency: AgencyView | None = None,
    customer: str = "",
    email: str = "",
    now: datetime = NOON,
    **more: str,
) -> PersonView:
    number = next(_next)
    domain = agency.domains[0] if agency else "carrier.example"
    made = accounts.create_person(
        email=email or f"person{number}@{domain}",
        name=name or f"Ines Barrowclough {number}",
        roles=list(roles),
        agency=agency.id if agency else "",
        customer=customer,
        by=ROOT,
        now=now,
        **more,
    )
    return agreed(made, now=now) if agency else made


def agreed(who: PersonView, *, now: datetime = NOON) -> PersonView:
    """Let a person have accepted the terms long ago: written as it stands then, without an event of today."""
    try:
        guide = policy.at(now)
    except NoGuide:  # long before the first version
        guide = policy.at(NOON)
    if digest := terms_digest(guide):
        Person.objects.filter(pk=who.id).update(terms_sha256=digest)
    return again(who)


def newcomer(name: str = "", *, at: AgencyView | None = None, now: datetime = NOON) -> PersonView:
    """Return an officer who was never here: nothing is accepted yet."""
    who = officer(name, at=at, now=now)
    Person.objects.filter(pk=who.id).update(terms_sha256="")
    return again(who)


def officer(name: str = "", *, at: AgencyView | None = None, now: datetime = NOON) -> PersonView:
    return person(name, agency=at or agency(now=now), job_role="investigator", now=now)


def acting(who: PersonView, *, stepped_up_at: datetime | None = NOON) -> Actor:
    """Return the person as the actor that a request would carry, second factor proved."""
    return Actor(
        ref=who.ref,
        kind=ActorKind.PERSON,
        name=who.name,
        permissions=permissions_of(who.roles),
        agency=who.agency,
        customer=who.customer,
        stepped_up_at=stepped_up_at,
    )


def with_password(who: PersonView, password: str = PASSWORD, *, now: datetime = NOON) -> PersonView:
    link = accounts.issue_link(person=who.id, by=ROOT, now=now)
    return accounts.use_link(token=link.token, password=password, by=Actor.stranger(), now=now)


def again(who: PersonView) -> PersonView:
    return people.person(id=who.id, by=ROOT, now=NOON)


def later(*, minutes: float = 0, hours: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes, hours=hours)


def again_by_ref(ref: str) -> PersonView:
    return people.person(id=ref.removeprefix("person:"), by=ROOT, now=NOON)


def analyst(name: str = "", *, now: datetime = NOON) -> Actor:
    return acting(person(name, roles=["subpoena_analyst"], now=now), stepped_up_at=now)


def legal_case(
    *,
    by: Actor | None = None,
    kind: CaseKind = CaseKind.DEMAND,
    agency: str = "",
    numbers: Iterable[str] = (),
    period: Period | None = None,
    product: str = "",
    received_at: datetime = NOON,
    now: datetime = NOON,
    **more: object,
) -> CaseView:
    who = by or Actor.system("tests")
    made = cases.open_case(
        kind=kind, channel="email", received_at=received_at, agency=agency, by=who, now=now, **more  # type: ignore[arg-type]
    )  # fmt: skip
    for number in numbers:
        cases.add_target(case=made.id, asked=Asked(number, period, product), by=who, now=now)
    return made


def paper(
    case: str, *, now: datetime = NOON, name: str = "signed.pdf", content: bytes = b"%PDF-1.7 signed"
) -> str:
    """Put a paper into a case, as a person brings it, and return its document."""
    home = files.case(case=case, by=Actor.system("tests"), now=now)
    kept = documents.put(content, matter=home.matter)
    return cases.add_document(
        case=case, kept=kept, name=name, media_type="application/pdf", role="process", received_at=now,
        source=f"hand:{next(_next)}", by=Actor.system("tests"), now=now,
    ).id  # fmt: skip
