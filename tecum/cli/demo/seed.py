"""Fills an empty installation with the demo's people, customers, consents, numbers and first look-ups."""

import argparse
import secrets
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tecum.access.catalogue import PERMISSIONS
from tecum.access.rules import permissions_of
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.rules import PersonView, terms_digest
from tecum.agencies import operations as agencies
from tecum.audit import operations as audit
from tecum.cli.demo import cast, emergencies, mail, numbers, oncall, orders, production, surveillance
from tecum.config import clock
from tecum.customers import operations as customers
from tecum.customers.rules import Paper
from tecum.inventory import operations as inventory
from tecum.kernel.actors import Actor, ActorKind
from tecum.lookup import operations as lookup
from tecum.policy import queries as policy

OPERATOR = Actor.operator("demo", frozenset(PERMISSIONS))
CONSENTED = 31  # of the 40 customers; the last ones have not (yet)
PAPER = Paper(
    "consent.txt",
    "text/plain",
    b"Invented evidence of the demo: signed consent to inclusion in the portal.\n",
)
Say = Callable[[str], None]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser: `tecum demo` calls it, nobody else needs to."""
    noun = commands.add_parser("demo-fill")
    noun.add_argument("folder", type=Path)
    noun.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Fill the installation."""
    fill(folder=options.folder, now=clock.now(), say=print_step)
    return 0


def print_step(text: str) -> None:
    """Say on the terminal what is being made."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


def fill(*, folder: Path, now: datetime, say: Say) -> None:
    """Make everything, with a history of the last two months; each step is one operation as a person would do it."""
    opened = now - timedelta(days=60)
    say("agencies and people")
    people_of_the_demo(opened)
    say("40 wholesale customers, 31 of them with consent")
    ids = providers(opened)
    contacts(opened)
    say("some 210,000 numbers, in two snapshots")
    _load(folder / "first.csv", ids, later=False, at=opened)
    campaign(ids, opened + timedelta(days=1))
    say("a first look-up")
    _first_look_up(now - timedelta(days=1))
    say("a morning's mail: applications, support, process, strays")
    mail.deliver(now=now, operator=OPERATOR, actor_of=lambda who: _actor(who, now - timedelta(days=30)))
    _load(folder / "second.csv", ids, later=True, at=now - timedelta(minutes=6))
    say("a demand that went the whole way to a signed production")
    production.deliver(now=now, operator=OPERATOR, actor_of=lambda who: at_work(who, now))
    say("a roster, a drill, a night on call, and somebody who waits for a call-back")
    oncall.fill(now=now, operator=OPERATOR, actor_of=lambda who: _actor(who, now - timedelta(days=60)))
    say("an emergency that waits for the call back")
    emergencies.fill(now=now, operator=OPERATOR, actor_of=at_work)
    say("three surveillances on played switches: ended and certified, ending today, running on")
    surveillance.fill(now=now, operator=OPERATOR, actor_of=at_work)
    say("a court order by fax, whose receipt is out")
    orders.fill(now=now, operator=OPERATOR, actor_of=at_work)
    while audit.seal(now=now):
        pass
    audit.publish_checkpoint(now=now)


def people_of_the_demo(at: datetime) -> None:
    """Enter the agencies and the people that belong to no customer."""
    ids: dict[str, str] = {}
    for agency in cast.AGENCIES:
        view = agencies.create_agency(
            name=agency.name,
            type=agency.type,
            country=agency.country,
            subdivision=agency.subdivision,
            domains=[agency.domain],
            how="Compared with the state's published directory",
            switchboard=agency.switchboard,
            by=OPERATOR,
            now=at,
        )
        ids[agency.key] = view.id
    for person in cast.PEOPLE:
        if not person.customer:
            _person(person, at, agency=ids.get(person.agency, ""))


def contacts(at: datetime) -> None:
    """Enter the people of wholesale customers, once their companies stand."""
    for person in cast.PEOPLE:
        if person.customer:
            _person(person, at)


def _person(person: cast.DemoPerson, at: datetime, agency: str = "") -> None:
    view = accounts.create_person(
        email=person.email,
        name=person.name,
        title=person.title,
        roles=[person.role],
        agency=agency,
        customer=person.customer,
        job_role=person.job_role,
        by=OPERATOR,
        now=at,
    )
    link = accounts.issue_link(person=view.id, by=OPERATOR, now=at)
    accounts.use_link(token=link.token, password=cast.PASSWORD, by=Actor.stranger(), now=at)
    if "lookup.run" in permissions_of([person.role]) and agency:
        himself = Actor(f"person:{view.id}", ActorKind.PERSON, person.name, permissions_of([person.role]))
        accounts.accept_terms(digest=terms_digest(policy.at(at)), by=himself, now=at)


def providers(at: datetime) -> list[str]:
    """Enter the customers; return their ids."""
    rows = cast.customers()
    for place, (id_, name, address, contact, domain) in enumerate(rows):
        customers.create_customer(
            id=id_,
            legal_name=name,
            is_carrier=place % 5 == 0,
            address=address,
            contact_person=contact,
            phone=f"292-555-01{place:02}",
            email="" if place == 2 else f"legal@{domain}",
            website=domain,
            by=OPERATOR,
            now=at,
        )
    return [row[0] for row in rows]


def campaign(ids: list[str], at: datetime) -> None:
    """Let the customers answer, one a day; the last ones were asked, reminded, or declined."""
    for place, customer in enumerate(ids):
        moment = at + timedelta(days=place, hours=place % 7)
        if place < CONSENTED:
            _consent(place, customer, moment)
        else:
            step = ("asked", "reminded", "declined")[place % 3]
            customers.note_campaign(customer=customer, step=step, by=OPERATOR, now=moment)


def _consent(place: int, customer: str, at: datetime) -> None:
    bases = ["cpni_opt_in", "stored_records"] + (["carrier_information"] if place % 5 == 0 else [])
    customers.give_consent(
        customer=customer,
        bases=bases,
        scope="all",
        signer_name="The authorised officer",
        signer_title="Officer",
        medium="written",
        paper=PAPER,
        by=OPERATOR,
        now=at,
    )


def _load(path: Path, ids: list[str], *, later: bool, at: datetime) -> None:
    numbers.write(path, customers=ids, later=later)
    inventory.load_snapshot(path, by=OPERATOR, now=at, as_of=at, max_change=1.0)
    path.unlink()


def _first_look_up(at: datetime) -> None:
    (detective,) = people.people(by=OPERATOR, now=at, words=cast.PEOPLE[0].email)
    lookup.run(
        text="(292) 555-0142\n292-555-0117\n392-555-0163",
        purpose=lookup.Purpose("MC-26-004380", attested=True),
        submission=secrets.token_hex(16),
        door="page",
        by=_actor(detective, at - timedelta(days=30)),
        now=at,
    )


def at_work(who: PersonView, now: datetime) -> Actor:
    """Return a person who has just confirmed their second factor."""
    return replace(_actor(who, now - timedelta(days=30)), stepped_up_at=now)


def _actor(who: PersonView, since: datetime) -> Actor:
    """Return a person as the actor that their request would carry."""
    return Actor(
        ref=who.ref,
        kind=ActorKind.PERSON,
        name=who.name,
        permissions=permissions_of(who.roles),
        agency=who.agency,
        active_since=since,
    )
