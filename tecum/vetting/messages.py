"""What an applicant hears from us."""

from tecum.notices.messages import declare

APPLICATION_RECEIVED = declare(
    "application_received",
    "an applicant that the application arrived, and what is missing already",
    "reference",
    "window",
    "missing",
    portal=True,
)
APPLICATION_MISDIRECTED = declare(
    "application_misdirected",
    "an applicant who wrote to the wrong address that the application arrived, what is missing, and the right address",
    "reference",
    "window",
    "missing",
    "address",
    portal=True,
)
APPLICATION_RETURNED = declare(
    "application_returned",
    "an applicant what must be mended before the application can be looked at",
    "reference",
    "deficiencies",
    portal=True,
)
APPLICATION_REFUSED = declare(
    "application_refused",
    "an applicant that the application cannot be accepted, and why",
    "rule",
    portal=True,
)
ACTIVATION_WELCOME = declare(
    "activation_welcome",
    "a new user that the profile exists: first of the pair, with the code word, the user guide, and without a secret",
    "applicant",
    "code_word",
    "next_subject",
    "user_guide",
    portal=True,
)
ACTIVATION_LINK = declare(
    "activation_link",
    "a new user the user name and the link that sets the password: second of the pair",
    "user_name",
    "link",
    "expires",
    portal=True,
    secret=True,
)
APPLICATION_STATUS = declare(
    "application_status",
    "an applicant how the application stands (R-060)",
    "reference",
    "stands",
    "window",
    portal=True,
)
APPLICATION_STATUS_OWN = declare(
    "application_status_own",
    "somebody who asks about an application from another address that nothing is told there",
    portal=True,
)
CODE_STATUS = declare(
    "code_status",
    "an applicant the code that shows how the application stands",
    "code",
    "good_until",
    portal=True,
    secret=True,
)
CODE_APPLY = declare(
    "code_apply",
    "somebody who applies on the page the code that proves the address",
    "code",
    "good_until",
    portal=True,
    secret=True,
)
APPLICATION_COPIED = declare(
    "application_copied",
    "the supervisor named in an application made on the page that it was made (R-051)",
    "applicant",
    "agency",
    portal=True,
)
APPLICATION_LATE = declare(
    "application_late",
    "the desk that an application waits longer than was promised",
    "reference",
    "window",
    portal=True,
)
