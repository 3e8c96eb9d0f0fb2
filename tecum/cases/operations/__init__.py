"""What is done to a case: one function per verb."""

from tecum.cases.operations.clocks import (
    clock_near,
    clock_rings,
    end_clock,
    pause_clock,
    resume_clock,
    start_clock,
)
from tecum.cases.operations.correspondence import CannotSettle, join_message, note_sent, settle, write_down
from tecum.cases.operations.files import (
    CannotTake,
    Shown,
    add_document,
    add_note,
    attach_copy,
    show,
    take_document,
)
from tecum.cases.operations.gates import (
    CannotClose,
    GateOpen,
    close_gate,
    deny_gate,
    note_billable,
    open_gate,
    refuse_while_gated,
    waive_gate,
)
from tecum.cases.operations.keeping import (
    CannotKeep,
    approve_legal_hold,
    end_legal_hold,
    propose_legal_hold,
)
from tecum.cases.operations.lists import (
    CannotLetIn,
    CannotSeal,
    add_person,
    approve_let_in,
    propose_let_in,
    propose_unseal,
    remove_person,
    seal,
)
from tecum.cases.operations.opening import (
    CannotJoin,
    CaseClosed,
    assign,
    change_contact,
    change_kind,
    close,
    join,
    link,
    locked,
    open_case,
    part,
    reopen,
)
from tecum.cases.operations.quotes import (
    CannotSettleQuote,
    accept_quote,
    end_quote,
    offer_quote,
    waive_quote,
)
from tecum.cases.operations.register import OutsideRegister, refuse_outside_register
from tecum.cases.operations.targets import CannotTurn, add_target, correct_target, turn_target

__all__ = [
    "CannotClose", "CannotJoin", "CannotKeep", "CannotLetIn", "CannotSeal", "CannotSettle", "CannotSettleQuote", "CannotTake", "CannotTurn", "CaseClosed",
    "accept_quote", "deny_gate", "end_quote", "offer_quote", "waive_quote",
    "GateOpen", "OutsideRegister", "refuse_outside_register", "Shown", "add_document", "add_note", "add_person", "add_target", "approve_legal_hold", "approve_let_in", "assign", "attach_copy",
    "change_contact", "change_kind", "clock_near", "clock_rings", "close", "close_gate", "correct_target", "end_clock", "end_legal_hold", "join", "join_message",
    "link", "locked", "note_billable", "note_sent", "open_case", "open_gate", "part", "pause_clock", "propose_legal_hold", "propose_let_in",
    "propose_unseal", "refuse_while_gated", "remove_person", "reopen", "resume_clock", "seal", "settle", "show",
    "start_clock", "take_document", "turn_target", "waive_gate", "write_down",
]  # fmt: skip
