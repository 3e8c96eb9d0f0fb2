"""What a case itself says to the house."""

from tecum.notices.messages import declare

CASE_OVERDUE = declare("case_overdue", "the desk that a clock of a case ran out", "case")
CASE_DUE_SOON = declare(
    "case_due_soon", "whoever works on a case that a clock of it runs out soon", "case", "due"
)
