"""The record of each interception (47 CFR 1.20004): opened by what a switch shows, signed by the employee who oversees it."""

from tecum.surveillance.operations.certifying.balancing import balance
from tecum.surveillance.operations.certifying.compromises import CannotReport, report, tell
from tecum.surveillance.operations.certifying.compromises import remind as remind_of_compromise
from tecum.surveillance.operations.certifying.following import follow, follow_unknown, remind
from tecum.surveillance.operations.certifying.signing import (
    CannotSign,
    complete,
    print_sheet,
    record_now,
    show,
    sign,
    take_over,
)

__all__ = [
    "CannotReport", "CannotSign", "balance", "complete", "follow", "follow_unknown", "print_sheet", "record_now", "remind", "remind_of_compromise",
    "report", "show", "sign", "take_over", "tell",
]  # fmt: skip
