"""What is done with a court order until it is an authority, and the receipts that confirm it: one function per verb."""

from tecum.process.operations.by_hand import CannotEnter, Entered
from tecum.surveillance.operations.orders.asking import CannotAsk, answer_coverage, note_cancellation
from tecum.surveillance.operations.orders.authorising import CannotPropose, propose, propose_longer, settle
from tecum.surveillance.operations.orders.confirming import (
    CannotConfirm,
    confirm,
    correct_billing,
    match,
    note_collection,
    tell_password,
)
from tecum.surveillance.operations.orders.deciding import (
    CannotDecide,
    accept,
    copy_for_processing,
    find_deficient,
    go_on,
    refuse,
    route,
)
from tecum.surveillance.operations.orders.entering import add_papers, enter, read_form
from tecum.surveillance.operations.orders.handing_in import (
    FormGiven,
    hand_in,
    hand_in_draft,
    show_mine,
)
from tecum.surveillance.operations.orders.opening import begin, receive, set_kind, take
from tecum.surveillance.operations.orders.pricing import note_price
from tecum.surveillance.operations.orders.receipts import CannotIssue, issue, show, show_to_officer
from tecum.surveillance.operations.orders.rows import CannotTurn

__all__ = [
    "CannotAsk", "CannotConfirm", "CannotDecide", "CannotEnter", "CannotIssue", "CannotPropose", "CannotTurn", "Entered",
    "FormGiven", "hand_in", "hand_in_draft", "show_mine", "show_to_officer",
    "accept", "add_papers", "answer_coverage", "begin", "confirm", "copy_for_processing", "correct_billing", "enter",
    "find_deficient", "go_on", "issue", "match", "note_cancellation", "note_collection", "note_price", "propose", "propose_longer",
    "read_form", "receive", "refuse", "route", "set_kind", "settle", "show", "take", "tell_password",
]  # fmt: skip
