"""What can be asked of people and their sign-in."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q

from tecum.access.catalogue import ROLES
from tecum.access.rules import require
from tecum.accounts.models import (
    AddressProof,
    ApiToken,
    Attestation,
    LockOut,
    PasswordLink,
    Person,
    SharedUse,
    Visit,
)
from tecum.accounts.rules import (
    PROGRAM,
    WITHHELD,
    AttestationView,
    Member,
    PersonView,
    SharedUseView,
    login_hash,
    terms_wait,
    token_hash,
    withheld,
)
from tecum.accounts.states import Cause
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy

FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class VisitView:
    """A visit that is open, without what would let somebody into it."""

    opened_at: datetime
    seen_at: datetime
    address: str
    current: bool


@dataclass(frozen=True)
class FactorView:
    """A second factor somebody holds."""

    id: int
    kind: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


def person(*, id: str, by: Actor, now: datetime) -> PersonView:
    """
    Return one person.

    :raises NotYours: when unknown or not for this actor
    """
    if by.ref != f"person:{id}":
        require(by, "person.read", now=now)
    found = Person.objects.prefetch_related("roles").filter(pk=id).first()
    if found is None:
        raise NotYours
    return found.view()


def people(
    *,
    by: Actor,
    now: datetime,
    words: str = "",
    role: str = "",
    standing: str = "",
    agency: str = "",
    customer: str = "",
) -> list[PersonView]:
    """Return people in order of name, narrowed by words of name or address, role, standing, agency and customer."""
    require(by, "person.read", now=now)
    rows = Person.objects.prefetch_related("roles").order_by("name", "id")
    if words.strip():
        rows = rows.filter(Q(name__icontains=words.strip()) | Q(email__icontains=words.strip()))
    if role:
        rows = rows.filter(roles__role=role, roles__ended_at=None)
    given = {"standing": standing, "agency": agency, "customer": customer}
    return [row.view() for row in rows.filter(**{name: value for name, value in given.items() if value})]


def names(refs: set[str]) -> dict[str, str]:
    """Return actor ref → name, for timelines and lists; refs of machines and strangers are left out."""
    ids = {ref.removeprefix("person:") for ref in refs if ref.startswith("person:")}
    return {f"person:{id}": name for id, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")}


def titles(refs: set[str]) -> dict[str, str]:
    """Return actor ref → title, of those who have one."""
    ids = {ref.removeprefix("person:") for ref in refs if ref.startswith("person:")}
    rows = Person.objects.filter(pk__in=ids).exclude(title="").values_list("pk", "title")
    return {f"person:{id}": title for id, title in rows}


def holders(permission: str) -> list[tuple[str, str]]:
    """Return ref and name of the active people whose roles open something, by name."""
    roles = [name for name, role in ROLES.items() if permission in role.permissions]
    rows = Person.objects.filter(standing="ACTIVE", roles__role__in=roles, roles__ended_at=None).distinct()
    return [(row.ref, row.name) for row in rows.order_by("name", "pk")]


def addresses(refs: set[str]) -> dict[str, str]:
    """Return actor ref → address, of people in good standing."""
    ids = {ref.removeprefix("person:") for ref in refs if ref.startswith("person:")}
    rows = Person.objects.filter(pk__in=ids, standing="ACTIVE")
    return {f"person:{id}": email for id, email in rows.values_list("pk", "email")}


def agency_of(ref: str) -> str:
    """Return the agency id of a person's ref, empty where there is none."""
    row = Person.objects.filter(pk=ref.removeprefix("person:")).values_list("agency", flat=True).first()
    return row or ""


def agencies_of(refs: set[str]) -> dict[str, str]:
    """Return ref → agency id of those people who belong to an agency."""
    ids = {ref.removeprefix("person:") for ref in refs if ref.startswith("person:")}
    rows = Person.objects.filter(pk__in=ids).exclude(agency=None).values_list("pk", "agency")
    return {f"person:{id}": str(agency) for id, agency in rows if agency}


def visits(*, by: Actor, visit: str) -> list[VisitView]:
    """Return the actor's own open visits, newest first."""
    rows = Visit.objects.filter(person=by.ref.removeprefix("person:"), ended_at=None).order_by("-opened_at")
    return [VisitView(row.opened_at, row.seen_at, row.address or "", row.pk == visit) for row in rows]


def factors(*, person: str) -> list[FactorView]:
    """Return the second factors a person holds, oldest first."""
    rows = Authenticator.objects.filter(user=person).order_by("created_at")
    return [FactorView(row.pk, row.type, str(row), row.created_at, row.last_used_at) for row in rows]


def has_second_factor(*, person: str) -> bool:
    """Tell whether a person can prove a second factor; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())


def link_good(*, token: str, now: datetime) -> bool:
    """Tell whether a link would work, without using it: mail scanners follow links (A6)."""
    digest = token_hash(token)
    return PasswordLink.objects.filter(
        token_sha256=digest, used_at=None, voided_at=None, expires_at__gt=now, person__standing="ACTIVE"
    ).exists()


def link_waiting(*, person: str, now: datetime) -> datetime | None:
    """Return until when a person's open link is good, None without one."""
    row = PasswordLink.objects.filter(person=person, used_at=None, voided_at=None, expires_at__gt=now).first()
    return row.expires_at if row else None


def id_of(login: str) -> str:
    """Return the id of the person with a user name, empty when it is nobody's."""
    return Person.objects.filter(email=login.strip().lower()).values_list("pk", flat=True).first() or ""


def terms_due(*, by: Actor, now: datetime) -> bool:
    """Tell whether this person has to accept the terms of use before the next look-up."""
    if not (by.agency and by.may("lookup.run")):
        return False
    found = Person.objects.filter(pk=by.ref.removeprefix("person:")).values_list("terms_sha256", flat=True)
    accepted = found.first() or ""
    return terms_wait(accepted=accepted, agency=by.agency, permissions=by.permissions, guide=policy.at(now))


def welcome(*, person: str) -> bool:
    """Tell whether a person may sign in: they, their agency and their customer are all in good standing."""
    found = Person.objects.select_related("agency", "customer").filter(pk=person).first()
    return found is not None and found.welcome


def locked_until(*, login: str, step: str, now: datetime) -> datetime | None:
    """Return until when guesses for a user name are not looked at, None when they are."""
    login_sha256 = login_hash(login)
    row = (
        LockOut.objects.filter(login_sha256=login_sha256, step=step, until__gt=now).order_by("-until").first()
    )
    return row.until if row else None


def actor_of_token(token: str, *, now: datetime) -> Actor | None:
    """Return the person whose program calls, with standing and roles of this moment; None for a token that is not good."""
    row = (
        ApiToken.objects.select_related("person__agency", "person__customer")
        .prefetch_related("person__roles")
        .filter(token_sha256=token_hash(token), voided_at=None, expires_at__gt=now)
        .first()
    )
    if row is None or not row.person.welcome:
        return None
    person: Person = row.person
    fetches = row.fetches and policy.at(now).productions.by_program
    actor = person.actor(
        permissions=person.permitted(now=now) & PROGRAM,
        stepped_up_at=row.issued_at if fetches else None,
        session=f"token:{row.pk}",
        session_ends_at=row.expires_at,
    )
    return replace(actor, step_up_lasts=row.expires_at - row.issued_at)


def token_open(*, by: Actor, now: datetime) -> tuple[datetime, bool] | None:
    """Return until when the person's own token is good and whether it fetches; None without one."""
    rows = ApiToken.objects.filter(person=by.ref.removeprefix("person:"), voided_at=None, expires_at__gt=now)
    row = rows.first()
    return (row.expires_at, row.fetches) if row else None


def actor_now(ref: str, *, now: datetime) -> Actor | None:
    """Return a person with standing and roles of this moment, for work that goes on without them; None when they may not act."""
    row = Person.objects.prefetch_related("roles").filter(pk=ref.removeprefix("person:")).first()
    if row is None or not row.welcome:
        return None
    return row.actor(permissions=row.permitted(now=now))


def team(*, by: Actor, now: datetime) -> list[Member]:
    """Return who of a supervisor's agency may look numbers up: first whose confirmation ran out or runs out soonest."""
    require(by, "person.team", now=now)
    rows = (
        Person.objects.filter(agency=by.agency, roles__role="le_user", roles__ended_at=None)
        if by.agency
        else ()
    )
    found = [_member(row, now=now) for row in rows if row.ref != by.ref]
    return sorted(found, key=lambda one: (one.suspended, one.attested_until or FAR, one.name))


def member(*, id: str, by: Actor, now: datetime) -> Member:
    """
    Return one person of the supervisor's own agency.

    :raises NotYours: for anybody else
    """
    found = next((one for one in team(by=by, now=now) if one.id == id), None)
    if found is None:
        raise NotYours
    return found


def _member(row: Person, *, now: datetime) -> Member:
    until = row.attested_until
    return Member(
        id=row.pk,
        name=row.name,
        title=row.title,
        email=row.email,
        suspended=not row.is_active,
        attested_until=until,
        last_seen=row.last_login,
        lapsed=bool(withheld(attested_until=until, now=now)),
    )


def paused_since(*, by: Actor, now: datetime) -> datetime | None:
    """Return since when the actor's own look-ups wait for a supervisor's confirmation; None while they do not."""
    if by.permissions >= WITHHELD:
        return None
    row = Person.objects.filter(pk=by.ref.removeprefix("person:")).first()
    return row.attested_until if row and withheld(attested_until=row.attested_until, now=now) else None


def supervisors_of(*, by: Actor) -> int:
    """Return how many other people of the actor's own agency may confirm them now."""
    rows = Person.objects.filter(
        agency=by.agency or None, standing="ACTIVE", roles__role="supervisor", roles__ended_at=None
    )
    return rows.exclude(pk=by.ref.removeprefix("person:")).distinct().count()


def attestations(*, person: str, by: Actor, now: datetime) -> list[AttestationView]:
    """Return the confirmations of a person, newest first."""
    require(by, "person.read", now=now)
    return [row.view() for row in Attestation.objects.filter(person=person).order_by("-given_at")]


def signs(*, by: Actor, now: datetime, person: str = "", settled: bool = False) -> list[SharedUseView]:
    """Return the signs of shared use that nobody has looked into, or those that somebody has; newest first."""
    require(by, "person.signs", now=now)
    rows = SharedUse.objects.filter(looked_at__isnull=not settled).order_by("-noticed_at", "pk")
    return [row.view() for row in (rows.filter(person=person) if person else rows)]


def sign(*, id: str, by: Actor, now: datetime) -> SharedUseView:
    """
    Return one sign of shared use.

    :raises NotYours: when unknown or not for this actor
    """
    require(by, "person.signs", now=now)
    row = SharedUse.objects.filter(pk=id).first()
    if row is None:
        raise NotYours
    return row.view()


def proof_gives(*, token: str, now: datetime) -> str:
    """Return the address that takes the place of the one a link was sent to, "" where the link is the new one's own."""
    rows = AddressProof.objects.filter(proved_at=None, voided_at=None, expires_at__gt=now)
    row = rows.filter(agree_sha256=token_hash(token)).first() if token else None
    return row.address if row else ""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A change of one's own address that waits: whether the link at either end was used (none is needed: it counts as used)."""

    address: str
    expires_at: datetime
    new_end: bool
    old_end: bool


def proof_good(*, token: str, now: datetime) -> bool:
    """Tell whether a link that proves an address would work, without using it: mail scanners follow links (A6)."""
    secret = token_hash(token)
    link = Q(token_sha256=secret, read_at=None) | Q(agree_sha256=secret, agreed_at=None)
    rows = AddressProof.objects.filter(link, proved_at=None, voided_at=None, expires_at__gt=now)
    return rows.filter(Q(person__standing="ACTIVE") | Q(person__standing_cause=Cause.BOUNCED)).exists()


def own_change(*, by: Actor, now: datetime) -> AddressChange | None:
    """Return the change of the own address that is under way, if any."""
    rows = AddressProof.objects.filter(proved_at=None, voided_at=None, expires_at__gt=now)
    row = rows.filter(person=by.ref.removeprefix("person:")).first()
    if row is None:
        return None
    return AddressChange(
        row.address,
        row.expires_at,
        new_end=row.read_at is not None,
        old_end=row.agreed_at is not None or not row.agree_sha256,
    )


def proof_waiting(*, person: str, now: datetime) -> str:
    """Return the address that a person is to prove, "" where none is open."""
    row = AddressProof.objects.filter(
        person=person, proved_at=None, voided_at=None, expires_at__gt=now
    ).first()
    return row.address if row else ""
