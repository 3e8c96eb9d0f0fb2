"""What can be done to a production: one function per verb."""

from tecum.production.operations.handing import (
    Told,
    close_handover,
    hand_to_account,
    hand_to_address,
    recall,
)
from tecum.production.operations.making import make
from tecum.production.operations.preparing import prepare, withdraw
from tecum.production.operations.releasing import approve_release, propose_release, withdraw_proposal
from tecum.production.operations.scopes import end_scope, set_scope
from tecum.production.operations.taking import Fetched, fetch, fetch_by_code
from tecum.production.operations.upkeep import handover_over, hold_ended, keep_over, open_production
from tecum.production.refusals import (
    CannotFetch,
    CannotPrepare,
    CannotRecall,
    CannotRelease,
    CodeNotGood,
    NotAReceiver,
    NotReleased,
)

__all__ = [
    "CannotFetch",
    "CannotPrepare",
    "CannotRecall",
    "CannotRelease",
    "CodeNotGood",
    "Fetched",
    "NotAReceiver",
    "NotReleased",
    "Told",
    "approve_release",
    "close_handover",
    "end_scope",
    "fetch",
    "fetch_by_code",
    "hand_to_account",
    "hand_to_address",
    "handover_over",
    "hold_ended",
    "keep_over",
    "make",
    "open_production",
    "prepare",
    "propose_release",
    "recall",
    "set_scope",
    "withdraw",
    "withdraw_proposal",
]
