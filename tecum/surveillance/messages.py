"""What an agency hears about its court order and about the end of its surveillance, and the desk about what needs a person: references alone."""

from tecum.notices.messages import declare

SURVEILLANCE_ENDS = declare(
    "surveillance_ends",
    "an agency, in writing, when access will be disabled, when its authority ends and why then (R-127)",
    "case",
    "expires",
    "expires_utc",
    "cut",
    "cut_utc",
    "because",
)
SURVEILLANCE_ENDED = declare(
    "surveillance_ended",
    "an agency that access was disabled, and when",
    "case",
    "ended",
    "ended_utc",
    "because",
)
END_REFUSED = declare(
    "surveillance_end_refused",
    "an agency that somebody asked in its name for an end, and that nothing ended because it stood not by it (R-181)",
    "case",
    "asked",
    "asked_utc",
    "channel",
)
SURVEILLANCE_DESK = declare(
    "surveillance_desk",
    "the desk that a surveillance needs a person, by reference alone",
    "about",
    "what",
    "by_when",
)

TROUBLE_FINDING = declare(
    "trouble_finding",
    "the agency what was found after it lost its interception capability (R-150, R-152)",
    "case",
    "ticket",
    "finding",
)
ACCOUNT_LEAVING = declare(
    "account_leaving",
    "the agency that the account of a target may end, and that it may pay the charges that keep it active (R-147)",
    "case",
    "reason",
    "until",
)

ORDER_RECEIPT = declare(
    "order_receipt",
    "the agency that its court order was received, when it expires, when access ends and why (R-131, R-165 to R-173)",
    "case",
    "facts",
    "ends",
    "cut",
    "why",
)
ORDER_MODIFIED = declare(
    "order_modified",
    "the agency that its court order must be modified, and in what (R-115)",
    "case",
    "findings",
    "wording",
)
ORDER_COVERAGE = declare(
    "order_coverage",
    "the agency which switches cover what it asked about (R-077)",
    "case",
    "switches",
    "note",
)
