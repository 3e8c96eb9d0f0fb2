"""What can be asked about cases: only what its reader may know of (assurance control 8)."""

from tecum.cases.queries.billable import (
    AccountView,
    account,
    accounts,
    billable,
    cases_of_facts,
    noted,
    sealed_to,
)
from tecum.cases.queries.files import (
    CaseFile,
    ClockView,
    DocumentView,
    EntryView,
    FactView,
    GateView,
    LinkView,
    NoteView,
    PersonOnCase,
    TargetView,
    case_file,
    clocks,
    documents,
    entries,
    facts,
    gates,
    gates_open,
    held_entries,
    notes,
    people,
    prints,
    prints_of,
    proofs,
    targets,
    timeline,
)
from tecum.cases.queries.keeping import not_over
from tecum.cases.queries.lists import (
    Filter,
    Line,
    Page,
    cases,
    count,
    naming_number,
    owners,
    with_documents,
    with_targets,
)
from tecum.cases.queries.quotes import (
    QuoteView,
    accepted_quote,
    accepted_version,
    case_of_quote,
    last_answers,
    quotes,
    quotes_told,
    waiting_quotes,
)
from tecum.cases.queries.reading import (
    CaseView,
    allowed,
    by_matter,
    by_reference,
    case,
    readable,
    sees_all_but_sealed,
    view,
)

__all__ = [
    "AccountView", "CaseFile", "CaseView", "ClockView", "DocumentView", "EntryView", "FactView", "Filter",
    "GateView", "Line", "LinkView", "NoteView", "Page", "PersonOnCase", "QuoteView", "TargetView",
    "accepted_quote", "account", "accounts", "allowed", "billable", "cases_of_facts", "by_matter", "by_reference", "case",
    "case_file", "case_of_quote", "last_answers", "cases", "clocks", "count", "documents", "entries", "facts", "gates",
    "gates_open", "held_entries", "naming_number", "not_over", "noted", "notes", "owners", "people", "prints", "prints_of", "proofs",
    "accepted_version", "quotes", "quotes_told", "readable", "sealed_to", "sees_all_but_sealed", "targets", "timeline", "view", "waiting_quotes",
    "with_documents", "with_targets",
]  # fmt: skip
