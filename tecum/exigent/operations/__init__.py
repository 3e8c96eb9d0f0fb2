"""What can be done about an emergency: one function per verb."""

from tecum.exigent.operations.alone import CannotAlone, confirm, decide_alone
from tecum.exigent.operations.deciding import (
    WHYS,
    CalledBack,
    CannotDecide,
    approve,
    counsel_decides,
    look_again,
    propose_disclosure,
    propose_location,
    propose_surveillance,
    refuse,
    withdraw,
)
from tecum.exigent.operations.disclosing import CannotDisclose, gather, released, search_again
from tecum.exigent.operations.ending import (
    CALL,
    OURS,
    REPORTED,
    CannotEnd,
    end_now,
    report_end,
    settle_end,
    turned,
)
from tecum.exigent.operations.entering import Entered, add_papers, ask_with_papers, enter
from tecum.exigent.operations.following import CannotSettle, due, note, remind, waive
from tecum.exigent.operations.forging import CannotMark, mark_forged
from tecum.exigent.operations.locating import CannotLocate, end_location, locate, location_over
from tecum.exigent.operations.partnering import CannotPassOn, look_whose, pass_on
from tecum.exigent.operations.prolonging import CannotProlong, propose_later
from tecum.exigent.operations.receiving import (
    BY_HAND,
    CannotAsk,
    Taken,
    ask,
    correct,
    find_written,
    is_ordinary,
    receive,
    repeats,
)
from tecum.exigent.operations.rows import CannotTurn
from tecum.exigent.operations.stitching import CannotStitch, hold, note_order, propose_replacement
from tecum.exigent.operations.surveilling import CannotSurveil
from tecum.exigent.operations.verifying import CannotCall, call_back, find_source

__all__ = [
    "CannotAlone", "confirm", "decide_alone",
    "CALL", "OURS", "REPORTED", "CannotEnd", "CannotPassOn", "CannotStitch", "end_now", "hold", "look_whose", "note_order", "pass_on",
    "CannotProlong", "propose_later", "propose_replacement", "report_end", "settle_end", "turned",
    "BY_HAND", "WHYS", "CalledBack", "CannotAsk", "CannotCall", "CannotDecide", "CannotDisclose", "CannotLocate", "CannotMark",
    "CannotSettle", "CannotSurveil", "CannotTurn", "Entered", "Taken", "add_papers", "approve", "ask", "ask_with_papers", "enter", "call_back", "correct", "counsel_decides", "mark_forged", "due", "end_location",
    "find_source", "find_written", "gather", "is_ordinary", "locate", "location_over", "look_again", "note", "propose_disclosure",
    "propose_location", "propose_surveillance", "receive", "refuse", "released", "remind", "repeats", "search_again",
    "waive", "withdraw",
]  # fmt: skip
