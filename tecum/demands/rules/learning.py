"""Who would learn of a demand, by every channel there is, and what the gag makes of it: the dry run before anything leaves."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    MAIL = "mail to the agency"
    STATUS = "status page of the agency's people on the list"
    INVOICE = "invoice"
    EXPORT = "register of disclosures"
    CUSTOMER = "notice to the customer"
    PROVIDER = "the wholesale customer's view"
    STAFF = "people of the carrier"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides who learns."""

    agency_address: str
    on_list: tuple[str, ...]
    sealed: bool
    gag_holds: bool
    gag_because: str
    charged: bool
    customer_told: bool | None
    told_because: str


@dataclass(frozen=True, slots=True)
class Learns:
    """One who would learn, or is kept from it."""

    channel: Channel
    who: str
    learns: bool
    because: str


def learners(facts: Facts) -> tuple[Learns, ...]:
    """Return every channel with its answer; nothing is left out, so that nobody is forgotten."""
    seal = "The case is sealed: only its list knows that it exists."
    staff = (
        Learns(Channel.STAFF, "those on the case's list", True, seal)
        if facts.sealed
        else Learns(Channel.STAFF, "everybody who works on demands", True, "The case is not sealed.")
    )
    customer = (
        Learns(Channel.CUSTOMER, "the customer", False, facts.gag_because)
        if facts.gag_holds
        else Learns(Channel.CUSTOMER, "the customer", bool(facts.customer_told), facts.told_because)
    )
    return (
        Learns(
            Channel.MAIL,
            facts.agency_address or "no address is known",
            bool(facts.agency_address),
            "Letters name the case by its reference, never a number or a name.",
        ),
        *(Learns(Channel.STATUS, each, True, "Stands on the case's own list.") for each in facts.on_list),
        Learns(
            Channel.INVOICE,
            "the agency's billing address",
            facts.charged,
            "Invoices name the case by its reference; those of sealed cases have a series of their own."
            if facts.charged
            else "Nothing is charged.",
        ),
        Learns(
            Channel.EXPORT,
            "readers of the register",
            not facts.sealed,
            seal if facts.sealed else "The register names the case by its reference.",
        ),
        Learns(
            Channel.PROVIDER,
            "the wholesale customer of the number",
            False,
            "A customer never sees what was asked about its numbers.",
        ),
        customer,
        staff,
    )
