"""What agencies and customers are told of a breach, and what the desk hears of its clocks."""

from tecum.notices.messages import declare

BREACH_AGENCY = declare(
    "breach_agency",
    "an agency of the United States that customer information was breached",
    "reference", "receiver", "what", "how", "begins", "ends", "found", "answers", "customers", "loss",
    portal=True,
)  # fmt: skip
BREACH_CUSTOMER = declare(
    "breach_customer",
    "a customer that information about its numbers was breached",
    "reference", "what", "begins", "ends", "found", "numbers",
    portal=True,
)  # fmt: skip
BREACH_CLOCK = declare(
    "breach_clock", "the desk that an end of a breach comes near or has passed", "reference", "duty", "due", "page",
    portal=True,
)  # fmt: skip
