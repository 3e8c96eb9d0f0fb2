"""What happens to customers, their cards and their consents."""

from tecum.audit.catalogue.words import AMOUNT, CODE, HASH, ID, Event, change

CUSTOMERS: dict[str, Event] = {
    "customer.created": change("entered customer {customer}", customer=ID),
    "customer.suspended": change("suspended customer {customer}", customer=ID),
    "customer.reinstated": change("let customer {customer} in again", customer=ID),
    "customer.closed": change("closed customer {customer}", customer=ID),
    "card.proposed": change(
        "proposed version {version} of the card of {customer}", customer=ID, card=ID, version=AMOUNT
    ),
    "card.confirmed": change("recorded that {customer} confirmed its card elsewhere", customer=ID, card=ID),
    "card.approved": change(
        "put version {version} of the card of {customer} in force", customer=ID, card=ID, version=AMOUNT
    ),
    "card.refused": change("refused a change of the card of {customer}", customer=ID, card=ID),
    "consent.given": change(
        "recorded version {version} of the consent of {customer}",
        customer=ID,
        consent=ID,
        version=AMOUNT,
        scope=CODE,
        bases=CODE,
        medium=CODE,
        document=HASH,
    ),
    "consent.withdrawn": change(
        "withdrew version {version} of the consent of {customer}", customer=ID, consent=ID, version=AMOUNT
    ),
    "consent.document_sealed": change(
        "put a document of {customer} into a sealed file", customer=ID, document=HASH
    ),
    "consent.campaign_noted": change("noted of {customer}: {step}", customer=ID, step=CODE),
}
