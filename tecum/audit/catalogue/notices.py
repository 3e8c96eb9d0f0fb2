"""What becomes of messages that leave."""

from tecum.audit.catalogue.words import AMOUNT, CODE, HASH, ID, Event, change

NOTICES: dict[str, Event] = {
    "notice.enqueued": change(
        "put notice {notice} into the outbox: {message}", notice=ID, message=CODE, channel=CODE
    ),
    "notice.attached": change(
        "put a file of {size} bytes with notice {notice}", notice=ID, file=ID, content=HASH, size=AMOUNT
    ),
    "notice.kept_back": change("did not answer automatically: {message}", notice=ID, message=CODE),
    "notice.sent": change("sent notice {notice}", notice=ID, attempts=AMOUNT),
    "notice.failed": change("could not deliver notice {notice}: {code}", notice=ID, code=CODE),
    "notice.bounced": change("got notice {notice} back: {code}", notice=ID, code=CODE),
    "webhook.registered": change("registered webhook {hook}", hook=ID),
    "webhook.confirmed": change("proved the address of webhook {hook}", hook=ID),
    "webhook.rotated": change("gave webhook {hook} a new secret", hook=ID),
    "webhook.ended": change("ended webhook {hook}", hook=ID),
}
