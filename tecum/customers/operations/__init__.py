"""What can be done to customers, their cards and their consents: one function per verb."""

from tecum.customers.operations.campaign import note_campaign
from tecum.customers.operations.cards import approve_card, confirm_card, propose_card, refuse_card
from tecum.customers.operations.consents import (
    consents_for_reveal,
    give_consent,
    seal_documents,
    withdraw_consent,
)
from tecum.customers.operations.customers import (
    close_customer,
    create_customer,
    reinstate_customer,
    stand,
    suspend,
)
from tecum.customers.refusals import (
    AlreadySo,
    AlreadyThere,
    CustomerSuspended,
    NoConsent,
    NotACard,
    NotAConsent,
    NotAnEntry,
    SamePerson,
)

__all__ = [
    "AlreadySo",
    "AlreadyThere",
    "CustomerSuspended",
    "NoConsent",
    "NotACard",
    "NotAConsent",
    "NotAnEntry",
    "SamePerson",
    "approve_card",
    "close_customer",
    "confirm_card",
    "consents_for_reveal",
    "create_customer",
    "give_consent",
    "note_campaign",
    "propose_card",
    "refuse_card",
    "seal_documents",
    "reinstate_customer",
    "stand",
    "suspend",
    "withdraw_consent",
]
