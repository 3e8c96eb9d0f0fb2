"""What a sign-in sets running: the confirmation of a supervisor, the count of inactivity, a look at where it came from."""

from datetime import datetime

from tecum.access.rules import permissions_of
from tecum.accounts.models import Person, SharedUse, Visit
from tecum.accounts.rules import same_place
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.guide.model.lookup import Upkeep
from tecum.policy import queries as policy

DUE, LAPSED, INACTIVE = "account.attest_due", "account.attest_lapsed", "account.inactive"


def terms(guide: Guide) -> Upkeep:
    """Return what keeps an account good; nothing is asked where the carrier has no portal."""
    return guide.lookups[0].upkeep if guide.lookups else Upkeep(attested_every=None, two_places_within=None)


def begin(person: Person, *, address: str | None, now: datetime) -> None:
    """
    Do what a sign-in means for an officer's account, in the caller's transaction, before the visit before it ends.

    The first one starts the quarter of the confirmation, each one moves the day of inactivity. A guide that no longer
    asks for confirmations lifts what an earlier version left.
    """
    if not person.agency_id or "lookup.run" not in permissions_of(person.held()):
        return
    guide = policy.at(now)
    rule = terms(guide)
    if rule.attested_every is None:
        _lift(person, now=now)
    elif person.attested_until is None:
        count_from(person, guide=guide, now=now)
    watch_inactivity(person, guide=guide, now=now)
    _look(person, rule, address=address, now=now)


def count_from(person: Person, *, guide: Guide, now: datetime) -> datetime | None:
    """Start a new term of confirmation, with the warning before its end; None where the guide asks for none."""
    rule = terms(guide)
    if rule.attested_every is None:
        return None
    until = calendars.later(guide, now, rule.attested_every)
    person.attested_until = until
    person.save(update_fields=["attested_until"])
    warning = calendars.later(guide, until, rule.warned_before, back=True)
    deadlines.arm(DUE, subject=person.pk, due_at=max(warning, now), now=now)
    deadlines.arm(LAPSED, subject=person.pk, due_at=until, now=now)
    return until


def watch_inactivity(person: Person, *, guide: Guide, now: datetime) -> None:
    """Count anew from this moment until the account is suspended for not being used."""
    rule = terms(guide)
    if rule.inactive_after is None:
        deadlines.disarm(INACTIVE, subject=person.pk, now=now)
        return
    due_at = calendars.later(guide, now, rule.inactive_after)
    deadlines.arm(INACTIVE, subject=person.pk, due_at=due_at, now=now)


def _lift(person: Person, *, now: datetime) -> None:
    if person.attested_until is None:
        return
    person.attested_until = None
    person.save(update_fields=["attested_until"])
    for kind in (DUE, LAPSED):
        deadlines.disarm(kind, subject=person.pk, now=now)


def _look(person: Person, rule: Upkeep, *, address: str | None, now: datetime) -> None:
    """Keep what was seen where an account is used at two places within a short time; nothing else happens by itself."""
    before = Visit.objects.filter(person=person, ended_at=None).order_by("-seen_at").first()
    if before is None or rule.two_places_within is None or not address or not before.address:
        return
    soon = now - before.seen_at <= rule.two_places_within.elapsed
    if soon and not same_place(before.address, address):
        seen = SharedUse.objects.create(
            person=person,
            noticed_at=now,
            first_seen_at=before.seen_at,
            first_address=before.address,
            second_address=address,
        )
        audit.record("person.seen_twice", by=person.actor(), at=now, person=person.pk, sign=seen.pk)
