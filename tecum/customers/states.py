"""The lives of a customer, a contact card and a consent; the bases and the scopes of consents."""

from enum import StrEnum


class CustomerStanding(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"  # its people cannot act; what it consented to stays (A2)
    CLOSED = "CLOSED"


CUSTOMER_NEXT: dict[CustomerStanding, frozenset[CustomerStanding]] = {
    CustomerStanding.ACTIVE: frozenset({CustomerStanding.SUSPENDED, CustomerStanding.CLOSED}),
    CustomerStanding.SUSPENDED: frozenset({CustomerStanding.ACTIVE, CustomerStanding.CLOSED}),
    CustomerStanding.CLOSED: frozenset(),
}


class CardState(StrEnum):
    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    IN_FORCE = "IN_FORCE"
    REPLACED = "REPLACED"
    REFUSED = "REFUSED"


CARD_NEXT: dict[CardState, frozenset[CardState]] = {
    CardState.PROPOSED: frozenset({CardState.CONFIRMED, CardState.REFUSED}),
    CardState.CONFIRMED: frozenset({CardState.IN_FORCE, CardState.REFUSED}),
    CardState.IN_FORCE: frozenset({CardState.REPLACED}),
    CardState.REPLACED: frozenset(),
    CardState.REFUSED: frozenset(),
}


class ConsentState(StrEnum):
    IN_FORCE = "IN_FORCE"
    REPLACED = "REPLACED"
    WITHDRAWN = "WITHDRAWN"


CONSENT_NEXT: dict[ConsentState, frozenset[ConsentState]] = {
    ConsentState.IN_FORCE: frozenset({ConsentState.REPLACED, ConsentState.WITHDRAWN}),
    ConsentState.REPLACED: frozenset(),
    ConsentState.WITHDRAWN: frozenset(),
}


class Basis(StrEnum):
    """What a customer agrees to; which of them a hit needs is the guide's to say (A15)."""

    CPNI_OPT_IN = "cpni_opt_in"  # 47 USC 222(c)(1), 47 CFR 64.2007
    CARRIER_INFORMATION = "carrier_information"  # 47 USC 222(b): the customer is itself a carrier
    STORED_RECORDS = (
        "stored_records"  # 18 USC 2702(c)(2): consent of the customer to disclose to the government
    )
    CONTRACT = "contract"  # a clause of the contract with the customer


class ConsentScope(StrEnum):
    ALL = "all"
    ACCOUNT = "account"  # the ranges of one of the customer's accounts, under the customer's name for it
    RANGES = "ranges"


class Medium(StrEnum):
    """How an approval was given (47 CFR 64.2007(a)); for an oral one the burden of proof is the carrier's."""

    ELECTRONIC = "electronic"
    WRITTEN = "written"
    ORAL = "oral"


class CampaignStep(StrEnum):
    ASKED = "asked"
    REMINDED = "reminded"
    DECLINED = "declined"
    NOTE = "note"


class CampaignState(StrEnum):
    """Where a customer stands in the campaign; derived, never stored."""

    NOT_ASKED = "not asked"
    ASKED = "asked"
    DECLINED = "declined"
    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"


def choices(of: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the choices of a column."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in of]


def standings() -> list[tuple[str, str]]:
    """Return the choices of a customer's standing."""
    return choices(CustomerStanding)


def card_states() -> list[tuple[str, str]]:
    """Return the choices of a card's state."""
    return choices(CardState)


def consent_states() -> list[tuple[str, str]]:
    """Return the choices of a consent's state."""
    return choices(ConsentState)


def scopes() -> list[tuple[str, str]]:
    """Return the choices of a consent's scope."""
    return choices(ConsentScope)


def media() -> list[tuple[str, str]]:
    """Return the choices of how a consent was given."""
    return choices(Medium)


def steps() -> list[tuple[str, str]]:
    """Return the choices of a step of the campaign."""
    return choices(CampaignStep)
