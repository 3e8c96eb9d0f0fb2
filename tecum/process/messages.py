"""What the agency hears about a legal process it sent."""

from tecum.notices.messages import declare

DEMAND_RECEIVED = declare(
    "demand_received", "the submitting address that a case was opened, and its number (R-042)", "case"
)
DEMAND_MISDIRECTED = declare(
    "demand_misdirected",
    "the submitting address of a demand sent to the wrong address its case's number, and the right address",
    "case",
    "address",
)
PROCESS_DEFICIENT = declare(
    "process_deficient",
    "the agency what its process lacks, with the wording to copy",
    "case",
    "findings",
    "wording",
)
PROCESS_ELSEWHERE = declare(
    "process_elsewhere",
    "the agency whom its process belongs to and where to send it",
    "case",
    "provider",
    "where",
)
PROCESS_NOT_HONOURED = declare(
    "process_not_honoured", "the agency that this process is not acted on, and why", "case", "reason"
)
CONTACT_UNKNOWN = declare(
    "contact_unknown",
    "a sender who is no authorised contact whom to turn to, and nothing else (A10)",
    "subject",
    "where",
)
