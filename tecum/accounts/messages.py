"""What people and their supervisors hear about accounts."""

from tecum.notices.messages import declare

ATTESTATION_DUE = declare(
    "attestation_due",
    "a supervisor, or the desk where an agency has none, that a person of the agency is to be confirmed",
    "until",
    "page",
    portal=True,
)
ACCESS_PAUSED = declare(
    "access_paused",
    "a user why the account does not work for the moment, and what brings it back",
    "reason",
    "remedy",
    portal=True,
)
PERSON_LEFT = declare(
    "person_left", "the desk that a supervisor reported somebody as gone", "agency", "page", portal=True
)
ADDRESS_PROVE = declare(
    "address_prove",
    "a user that this address is to be proved, with the link that does it",
    "link",
    "expires",
    portal=True,
    secret=True,
)
ADDRESS_AGREE = declare(
    "address_agree",
    "a user at the address so far that another one was asked for, with the link that agrees to it",
    "link",
    "expires",
    portal=True,
    secret=True,
)
ADDRESS_CHANGED = declare(
    "address_changed",
    "a user at the address so far that another one has taken its place",
    "since",
    portal=True,
)
ADDRESS_CHANGING = declare(
    "address_changing",
    "a user at the address so far that another one is to take its place",
    "since",
    portal=True,
)
