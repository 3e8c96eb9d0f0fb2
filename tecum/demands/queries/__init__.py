"""What can be asked about legal demands; always as far as the asker may know."""

from tecum.demands.queries.customers import OwedView, owed, to_tell
from tecum.demands.queries.customers import one as one_owed
from tecum.demands.queries.drafting import DraftView, brought, draft, drafts
from tecum.demands.queries.fees import fees_to_ask
from tecum.demands.queries.forms import FormView, surveillance_form
from tecum.demands.queries.judging import lines
from tecum.demands.queries.learning import who_would_learn
from tecum.demands.queries.planning import hold_plan
from tecum.demands.queries.queue import (
    Filter,
    KeptView,
    QueueLine,
    QueuePage,
    board,
    counts,
    naming_number,
    owners,
    queue,
    saved_views,
)
from tecum.demands.queries.reading import DemandView, Silence, of_case, readable
from tecum.demands.queries.reviewing import Review, review
from tecum.demands.queries.searching import SearchView, searches
from tecum.demands.queries.standing import (
    HoldView,
    PreservationView,
    ScopeView,
    holds,
    preservation,
    scopes,
)
from tecum.demands.queries.submitting import check, contact_of, door_open, faults
from tecum.demands.queries.telling import Told, mine
from tecum.demands.queries.work_orders import OrderView, desk_orders, work_order, work_orders

__all__ = [
    "brought",
    "contact_of",
    "OwedView",
    "one_owed",
    "owed",
    "to_tell",
    "Review",
    "review",
    "OrderView",
    "SearchView",
    "searches",
    "desk_orders",
    "work_order",
    "work_orders",
    "DemandView",
    "DraftView",
    "Filter",
    "draft",
    "drafts",
    "HoldView",
    "KeptView",
    "PreservationView",
    "QueueLine",
    "QueuePage",
    "ScopeView",
    "Silence",
    "Told",
    "board",
    "check",
    "door_open",
    "faults",
    "counts",
    "FormView",
    "fees_to_ask",
    "surveillance_form",
    "hold_plan",
    "holds",
    "lines",
    "mine",
    "naming_number",
    "of_case",
    "owners",
    "preservation",
    "queue",
    "readable",
    "saved_views",
    "scopes",
    "who_would_learn",
]
