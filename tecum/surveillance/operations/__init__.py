"""What can be done to a surveillance: one function per verb."""

from tecum.surveillance.operations import certifying
from tecum.surveillance.operations.asking import CHANNELS as END_CHANNELS
from tecum.surveillance.operations.asking import REASONS as END_REASONS
from tecum.surveillance.operations.asking import (
    CannotAsk,
    NotCalledBack,
    ask_end,
    note_by_mail,
    note_end,
    obey_end,
    refuse_end,
)
from tecum.surveillance.operations.carrying import Command, Shown, carry_all, commands, settle
from tecum.surveillance.operations.charging import month_begins
from tecum.surveillance.operations.deciding import NotAffirmed, approve, withdraw
from tecum.surveillance.operations.differing import CannotSettle, settle_mismatch
from tecum.surveillance.operations.ending import (
    CannotEnd,
    CannotHold,
    end,
    expire,
    hold_cut,
    release_hold,
)
from tecum.surveillance.operations.noticing import notice_due
from tecum.surveillance.operations.proposing import (
    CannotActivate,
    CannotAuthorize,
    activate,
    add_switch,
    authorize,
    change_handset,
    extend,
    replace,
)
from tecum.surveillance.operations.reconciling import CannotPutBack, compare, listing, put_back
from tecum.surveillance.operations.resuming import approve_leave, approve_resume, propose_resume
from tecum.surveillance.operations.rows import NoAuthority
from tecum.surveillance.operations.telling import raise_mismatch
from tecum.surveillance.operations.working import (
    CannotWork,
    WorkView,
    accept,
    confirm,
    give_back,
    hand_over,
    recheck,
    report,
    show,
    unaccepted,
)

__all__ = [
    "END_CHANNELS",
    "END_REASONS",
    "certifying",
    "notice_due",
    "CannotWork",
    "WorkView",
    "show",
    "accept",
    "confirm",
    "give_back",
    "hand_over",
    "recheck",
    "report",
    "unaccepted",
    "CannotActivate",
    "CannotAuthorize",
    "CannotEnd",
    "CannotHold",
    "CannotPutBack",
    "CannotSettle",
    "Command",
    "NoAuthority",
    "NotAffirmed",
    "Shown",
    "activate",
    "add_switch",
    "CannotAsk",
    "NotCalledBack",
    "ask_end",
    "note_by_mail",
    "note_end",
    "obey_end",
    "refuse_end",
    "approve",
    "approve_leave",
    "approve_resume",
    "propose_resume",
    "authorize",
    "carry_all",
    "change_handset",
    "commands",
    "compare",
    "end",
    "expire",
    "extend",
    "hold_cut",
    "listing",
    "month_begins",
    "put_back",
    "raise_mismatch",
    "release_hold",
    "replace",
    "settle",
    "settle_mismatch",
    "withdraw",
]
