"""Whether a door is open for legal process, and what the guide says of a demand before it is handed in."""

from datetime import datetime

from tecum.access.rules import require
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases.facts import Contact
from tecum.demands.rules import submitting as rules
from tecum.demands.rules.submitting import Submission
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process.rules.checklist import Finding, examined


def door_open(door: str, *, now: datetime) -> bool:
    """Tell whether the guide in force names a channel of this kind (`portal`, `api`); else it is closed (A17)."""
    guide = policy.at(now)
    return rules.door_open(guide, door, on=now.astimezone(guide.carrier.zone.tz).date())


def check(*, submission: Submission, door: str, by: Actor, now: datetime) -> tuple[Finding, ...]:
    """Return what the guide says of a demand before it is handed in; nothing is kept. :raises NotYours"""
    require(by, "demand.submit", now=now)
    aims = rules.aims(submission.targets)
    return examined(policy.at(now), submission.said, aims, channel=door, received_at=now)


def faults(*, submission: Submission, by: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return what would refuse a demand before anything is kept: the part, and a sentence. :raises NotYours"""
    require(by, "demand.submit", now=now)
    return rules.faults(policy.at(now), submission)


def contact_of(given: Contact, *, by: Actor, now: datetime) -> Contact:
    """Return who stands behind it: the officer as the account knows them; beside that, what they typed."""
    me = people.person(id=by.ref.removeprefix("person:"), by=Actor.system("portal"), now=now)
    home = agencies.agency(id=by.agency, by=Actor.system("portal"), now=now)
    return Contact.read(
        {
            "agency_name": home.name, "name": me.name, "title": me.title, "email": me.email,
            "phone": given.phone or me.phone, "fax": given.fax, "address": given.address,
        }
    )  # fmt: skip
