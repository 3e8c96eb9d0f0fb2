"""What can be done to a legal demand: one function per verb."""

from tecum.cases.facts import Answer
from tecum.demands.operations.answering import (
    CannotAnswer,
    accept,
    find_deficient,
    go_on,
    object_to,
    refuse,
    released,
    route,
)
from tecum.demands.operations.counting import Counted, count
from tecum.demands.operations.customers import (
    CannotTell,
    customer_due,
    customer_waited,
    show_customer,
    spare_customer,
    tell_customer,
)
from tecum.demands.operations.deciding import NeedsReason, choose
from tecum.demands.operations.drafts import (
    CannotKeep,
    TooManyDrafts,
    draft_over,
    drop_draft,
    save_draft,
    submit_draft,
)
from tecum.demands.operations.entering import add_papers, enter
from tecum.demands.operations.fees import (
    CannotAnswerFee,
    answer_fee,
    answer_fee_by_mail,
    ask_fee,
    close_paper_gate,
    fee_paid,
    quote_lapses,
    waive_fee,
)
from tecum.demands.operations.forms import (
    CannotReach,
    Ground,
    confirm_order_copy,
    confirm_reach,
    desk_of,
    enter_form,
    form_of,
    link_order,
    recognised,
    take_form,
    take_reach_back,
)
from tecum.demands.operations.gated import FeeNotAsked
from tecum.demands.operations.holding import hold_waiting, holds_lapse
from tecum.demands.operations.keyed import (
    CannotSubmit,
    DoorShut,
    Handing,
    KeyUsed,
    Submitted,
    once,
)
from tecum.demands.operations.nearness import look_nearby
from tecum.demands.operations.opening import begin, confirm, receive, take
from tecum.demands.operations.preserving import CannotPreserve, follow, preserve, release, renew
from tecum.demands.operations.preserving import ends as preservation_ends
from tecum.demands.operations.preserving import warns as preservation_warns
from tecum.demands.operations.returning import CannotExtend, extend_return
from tecum.demands.operations.rows import CannotTurn
from tecum.demands.operations.scoping import CannotScope, approve_scope, propose_scope
from tecum.demands.operations.searching import CannotSearch, gather
from tecum.demands.operations.searching import cancel as cancel_search
from tecum.demands.operations.searching import run as run_search
from tecum.demands.operations.showing import CannotShow, Found, show_found, take_found
from tecum.demands.operations.silence import CannotSilence, gag_rings, set_gag
from tecum.demands.operations.submitting import submit
from tecum.demands.operations.telling import show, tell_status
from tecum.demands.operations.views import CannotSave, assign_many, forget_view, save_view
from tecum.demands.operations.withdrawing import settle, undo, withdraw, withdraw_by_mail
from tecum.demands.operations.work_orders import CannotEnd, take_result
from tecum.demands.operations.work_orders import attach as attach_result
from tecum.demands.operations.work_orders import drop as drop_work_order
from tecum.demands.operations.work_orders import show as show_work_order
from tecum.demands.rules.submitting import Submission
from tecum.process.facts import Brought
from tecum.process.operations.by_hand import CannotEnter, Entered

__all__ = [
    "CannotTell",
    "customer_due",
    "customer_waited",
    "show_customer",
    "spare_customer",
    "tell_customer",
    "Answer",
    "CannotEnter",
    "CannotExtend",
    "extend_return",
    "CannotReach",
    "Ground",
    "confirm_order_copy",
    "confirm_reach",
    "desk_of",
    "enter_form",
    "form_of",
    "link_order",
    "look_nearby",
    "recognised",
    "take_form",
    "take_reach_back",
    "CannotAnswerFee",
    "Counted",
    "FeeNotAsked",
    "answer_fee",
    "answer_fee_by_mail",
    "ask_fee",
    "fee_paid",
    "close_paper_gate",
    "count",
    "quote_lapses",
    "waive_fee",
    "Brought",
    "CannotAnswer",
    "CannotEnd",
    "CannotKeep",
    "TooManyDrafts",
    "draft_over",
    "drop_draft",
    "save_draft",
    "submit_draft",
    "CannotPreserve",
    "CannotSave",
    "CannotScope",
    "CannotSearch",
    "CannotShow",
    "CannotSilence",
    "CannotSubmit",
    "CannotTurn",
    "DoorShut",
    "Handing",
    "once",
    "KeyUsed",
    "Submission",
    "Submitted",
    "submit",
    "Entered",
    "Found",
    "NeedsReason",
    "accept",
    "add_papers",
    "approve_scope",
    "assign_many",
    "attach_result",
    "begin",
    "cancel_search",
    "choose",
    "confirm",
    "drop_work_order",
    "enter",
    "find_deficient",
    "follow",
    "forget_view",
    "gag_rings",
    "gather",
    "go_on",
    "hold_waiting",
    "holds_lapse",
    "object_to",
    "preservation_ends",
    "preservation_warns",
    "preserve",
    "propose_scope",
    "receive",
    "refuse",
    "release",
    "released",
    "renew",
    "route",
    "run_search",
    "save_view",
    "set_gag",
    "settle",
    "show",
    "show_found",
    "show_work_order",
    "take",
    "take_found",
    "take_result",
    "tell_status",
    "undo",
    "withdraw",
    "withdraw_by_mail",
]
