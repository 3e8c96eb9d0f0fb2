"""Who may have an account for a look-up product, and what the others hear."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.calculators.results import Result
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.lookup import Lookup
from tecum.guide.problems import meant
from tecum.guide.questions import word


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """What is known about somebody who applies; what is empty is not judged."""

    country: str = ""
    agency_type: str = ""
    role: str = ""
    party: str = ""
    psap: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing(Result):
    """Whether somebody is eligible, and what they hear if not."""

    eligible: bool
    lookup: str
    reply: Literal["none", "notice", "silent", "person"]
    failed: str = ""
    wording: str = ""
    attestations: tuple[str, ...] = ()
    individual_only: bool = True
    supervisor: bool = True


def judge(guide: Guide, applicant: Applicant, lookup_id: str = "") -> Standing:
    """Return whether somebody may have an account. :raises NotInGuide: when there is no such look-up product"""
    lookup = find(guide, lookup_id)
    rule = lookup.eligibility
    failed, reply, because = _failed(lookup, applicant)
    return Standing(
        eligible=not failed,
        lookup=lookup.id,
        reply=reply,
        failed=failed,
        wording=rule.refusal if reply == "notice" else "",
        attestations=rule.attestations,
        individual_only=rule.individual_only,
        supervisor=rule.supervisor,
        because=because,
        used=(rule, lookup),
    )


def find(guide: Guide, lookup_id: str = "") -> Lookup:
    """Return a look-up product by its id, else the first. :raises NotInGuide: when there is none"""
    if not lookup_id:
        return guide.lookup
    for lookup in guide.lookups:
        if word(lookup_id) in {word(lookup.id), word(lookup.name)}:
            return lookup
    raise NotInGuide(
        f"There is no look-up product '{lookup_id}'. {meant(lookup_id, [o.id for o in guide.lookups])}"
    )


Outcome = tuple[str, Literal["none", "notice", "silent", "person"], str]


def _failed(lookup: Lookup, applicant: Applicant) -> Outcome:
    """Return what fails first: the party, the country, the public safety answering point, the agency, the role."""
    rule = lookup.eligibility
    if _in(applicant.party, rule.refused_parties):
        return (
            "party",
            rule.reply_to_refused_parties,
            f"Applications of a {_said(applicant.party)} are refused.",
        )
    if applicant.country and rule.countries and not _in(applicant.country, rule.countries):
        because = f"Only agencies based in {' or '.join(rule.countries)} may apply."
        return "country", rule.reply_to_other_countries, because
    if applicant.psap and not rule.psap:
        return "psap", rule.reply_to_other_roles, "Public safety answering points are not admitted."
    kind = rule.agency_types
    if applicant.agency_type and kind and not _in(applicant.agency_type, kind) and not applicant.psap:
        return (
            "agency_type",
            rule.reply_to_other_roles,
            f"Only these agencies may apply: {', '.join(map(_said, kind))}.",
        )
    if applicant.role and rule.roles and not _in(applicant.role, rule.roles):
        return (
            "role",
            rule.reply_to_other_roles,
            f"Only these roles may apply: {', '.join(map(_said, rule.roles))}.",
        )
    return "", "none", f"Eligible for {lookup.name}."


def _in(value: str, known: tuple[str, ...]) -> bool:
    return bool(value) and word(value) in set(map(word, known))


def _said(value: str) -> str:
    return value.replace("_", " ")
