"""What the receivers of a production are told: the case by its reference, never what it is about."""

from tecum.notices.messages import declare

READY = declare(
    "production_ready",
    "a vetted person that an answer can be fetched",
    "case",
    "reference",
    "link",
    "expires",
)
LINK = declare(
    "production_link", "the address on file that an answer can be fetched with a code",
    "case", "reference", "link", "expires", secret=True,
)  # fmt: skip
RECALLED = declare("production_recalled", "a receiver that an answer is recalled", "case", "reference")
