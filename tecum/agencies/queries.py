"""What can be asked of the directory of agencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from tecum.access.rules import require
from tecum.agencies import rules
from tecum.agencies.models import Agency, AgencyContact, AgencyDomain
from tecum.agencies.rules import AgencyView, ContactView
from tecum.guide.calculators import payment
from tecum.guide.calculators.payment import Terms
from tecum.guide.model.guide import NotInGuide
from tecum.guide.questions import Question, word
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy


def agency(*, id: str, by: Actor, now: datetime) -> AgencyView:
    """
    Return one agency.

    :raises NotYours: when unknown or not for this actor
    """
    require(by, "agency.read", now=now)
    found = Agency.objects.prefetch_related("domains", "call_back_numbers").filter(pk=id).first()
    if found is None:
        raise NotYours
    return found.view()


def agencies(
    *, by: Actor, now: datetime, words: str = "", standing: str = "", country: str = ""
) -> list[AgencyView]:
    """Return the directory in order of name, narrowed by words of name or domain, standing and country."""
    require(by, "agency.read", now=now)
    rows = Agency.objects.prefetch_related("domains", "call_back_numbers").order_by("name", "id")
    if words.strip():
        rows = rows.filter(
            Q(name__icontains=words.strip()) | Q(domains__domain__icontains=words.strip())
        ).distinct()
    if standing:
        rows = rows.filter(standing=standing)
    if country:
        rows = rows.filter(country=country)
    return [row.view() for row in rows]


def found_by(words: str) -> set[str]:
    """Return the ids of the agencies whose name contains the words, for lists that can be searched by an agency."""
    return (
        set(Agency.objects.filter(name__icontains=words.strip()).values_list("pk", flat=True))
        if words.strip()
        else set()
    )


def names(ids: set[str]) -> dict[str, str]:
    """Return id → name for lists that show an agency beside something else."""
    return dict(Agency.objects.filter(pk__in=ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an agency is, for an address on a letter."""

    name: str
    country: str
    subdivision: str
    address: str


def seat(agency: str) -> Seat | None:
    """Return where an agency is; nothing for one that the directory does not have."""
    row = Agency.objects.filter(pk=agency).first()
    return None if row is None else Seat(row.name, row.country, row.subdivision, row.address)


# Whatever a guide says of agencies that have not paid, a life is never waited for.
URGENT = frozenset({"emergency", "danger_to_life", "danger", "serious_injury", "exigent"})


def overdue_since(agency: str) -> date | None:
    """Return the day on which the oldest open invoice of an agency was due, where it is overdue."""
    return (
        Agency.objects.filter(pk=agency).values_list("overdue_since", flat=True).first() if agency else None
    )


def told_of_arrears(agency: str) -> frozenset[str]:
    """Return the rules of arrears that an agency was told of."""
    return frozenset(
        (Agency.objects.filter(pk=agency).values_list("overdue_told", flat=True).first() or "").split()
    )


def arrears(
    *, agency: str, at: datetime, process: str = "", product: str = "", facts: Iterable[str] = ()
) -> Terms | None:
    """
    Return what arrears change for an agency at an instant, as the guide says it; nothing where nothing is overdue.

    Nothing holds in an emergency, whatever the guide says or leaves out.
    """
    since, known = overdue_since(agency), frozenset(map(word, facts))
    if since is None or known & URGENT:
        return None
    guide = policy.at(at)
    day = at.astimezone(guide.carrier.zone.tz).date()
    question = Question(on=day, process=process, product=product, facts=known)
    try:
        terms = payment.terms(guide, question, overdue=(day - since).days)
    except NotInGuide:
        terms = payment.terms(guide, Question(on=day, facts=known), overdue=(day - since).days)
    return terms if terms.in_arrears else None


def has_domain_of(*, agency: str, address: str) -> bool:
    """Tell whether a mail address lies in a domain verified for the agency (R-050)."""
    return AgencyDomain.objects.filter(agency=agency, domain=rules.domain_of(address)).exists()


def in_good_standing(*, agency: str) -> bool:
    """Tell whether the agency's people may act at this moment; `operations.stand` holds it so."""
    return Agency.objects.filter(pk=agency, standing="ACTIVE").exists()


def of_domain(domain: str) -> list[AgencyView]:
    """Return the agencies that a mail domain is verified for; two may share one (a county's)."""
    rows = Agency.objects.filter(domains__domain=domain.lower()).prefetch_related(
        "domains", "call_back_numbers"
    )
    return [row.view() for row in rows.order_by("name", "id")] if domain else []


def verified_domains() -> frozenset[str]:
    """Return every mail domain that is verified for some agency, to compare strangers with."""
    return frozenset(AgencyDomain.objects.values_list("domain", flat=True))


def contacts(*, agency: str, by: Actor, now: datetime) -> list[ContactView]:
    """Return the register of an agency's contacts, by desk and name, those that wait among them."""
    require(by, "agency.read", now=now)
    return _register(agency)


def honoured(*, agency: str, desk: str, way: str) -> bool:
    """
    Tell whether a mail address or a number may speak for an agency in a desk's subjects (R-072 to R-074).

    An agency that never named anybody is spoken for by whom its process names. Once it did, only the names count, and
    striking the last of them leaves nobody: no single person widens it again.
    """
    kept = AgencyContact.objects.filter(agency=agency, confirmed_at__isnull=False)
    return not agency or not kept.exists() or rules.honoured(_register(agency), desk=desk, way=way)


def _register(agency: str) -> list[ContactView]:
    rows = AgencyContact.objects.filter(agency=agency, ended_at=None)
    return [row.view() for row in rows.order_by("desk", "name", "id")]
