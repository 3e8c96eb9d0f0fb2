"""Who sent what came in (decisions, part E: an address is no identity; a reference alone opens nothing)."""

from collections.abc import Collection

from tecum.cases.states import Sender


def judged(
    *, address: str, proven: bool, contacts: Collection[str], agency_domains: Collection[str]
) -> Sender:
    """
    Return who a sender is to a case.

    `proven` tells whether a mail system vouches for the domain of the From line (DMARC-aligned); without that an
    address is what anybody could have written.
    """
    said = address.strip().lower()
    domain = said.rpartition("@")[2]
    is_contact = bool(said) and said in {each.strip().lower() for each in contacts}
    is_agency = bool(domain) and domain in {each.lower() for each in agency_domains}
    if not (is_contact or is_agency):
        return Sender.STRANGER
    if not proven:
        return Sender.UNPROVEN
    return Sender.CONTACT if is_contact else Sender.AGENCY
