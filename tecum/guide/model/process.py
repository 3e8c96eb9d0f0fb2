"""Dimensions 3 to 5: kinds of legal process, record products, the ladder between them, and the channels."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tecum.guide.entries import Entry, Rule, Stated
from tecum.guide.fields import maybe, need

Kind = Literal[
    "subpoena", "grand_jury_subpoena", "trial_subpoena", "administrative_subpoena", "summons",
    "civil_investigative_demand", "nsl", "order_2703d", "court_order", "search_warrant", "pen_trap_order",
    "title_iii_order", "production_order", "preservation_request", "preservation_order", "exigent_form",
    "letterhead_request", "oral_request", "civil_process", "consent", "foreign_process", "extension_order",
    "cancellation", "other",
]  # fmt: skip

RANKS: dict[str, int] = {
    "civil_process": 5, "summons": 10, "subpoena": 10, "trial_subpoena": 10, "administrative_subpoena": 10,
    "civil_investigative_demand": 10, "grand_jury_subpoena": 12, "nsl": 12, "court_order": 20, "order_2703d": 20,
    "production_order": 20, "search_warrant": 30,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ProcessType(Entry):
    """`[[process_types]]`: a kind of legal process, as the carrier defines it."""

    name: str = need("Its name in letters and forms.", example="Subpoena")
    kind: Kind = maybe(
        "other",
        "The common kind that it is. It gives the rank where none is written: civil process 5; summons, subpoenas and "
        "civil investigative demands 10; grand-jury subpoenas and NSLs 12; court, 2703(d) and production orders 20; "
        "search warrants 30; all others 0.",
    )
    countries: tuple[str, ...] = maybe((), "Countries where it exists; left out, the carrier's.")
    regions: tuple[str, ...] = maybe((), "States or provinces where it exists; left out, all.")
    definition: str = maybe("", "What it is, for the published guide.")
    honoured: bool = maybe(True, "Whether the carrier acts on it.")
    honoured_for: tuple[str, ...] = maybe(
        (), "Products for which alone it is honoured; left out, all.", ref="products"
    )
    refusal: str = maybe("", "The wording when it is not honoured.", ref="wording")
    signed_by: tuple[str, ...] = maybe(
        (), "Who must have signed it; one of these.", example='["judge", "magistrate"]'
    )
    rank: int | None = maybe(
        None,
        "Its strength on the ladder: a higher rank is enough wherever `at_least` asks for a lower one. Left out, it "
        "follows from the kind (see `kind`); 0 is not on the ladder.",
        example="30",
    )
    matters: tuple[str, ...] = maybe((), "Kinds of matter in which it is used.", example='["criminal"]')
    synonyms: tuple[str, ...] = maybe((), "Other words for it.", example='["eavesdropping warrant"]')
    citation: str = maybe("", "The statute.", example="18 USC 2703(c)(2)")
    statutes: tuple[str, ...] = maybe(
        (),
        "The statutes of which it must cite one; left out, its citation.",
        example='["18 USC 3121-3127"]',
    )

    @property
    def strength(self) -> int:
        """Return the rank, or that of the kind; 0 is not on the ladder."""
        return RANKS.get(self.kind, 0) if self.rank is None else self.rank


Column = Literal[
    "target", "direction", "calling", "called", "dialed", "start", "local", "offset", "end", "duration", "call_type",
    "switch", "first_cell", "last_cell", "imei", "imsi", "record_id", "charge",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Product(Entry):
    """`[[products]]`: something that can be asked for: a kind of record, a surveillance, a service."""

    name: str = need("Its name.", example="Toll records")
    kind: Literal["records", "content", "location", "surveillance", "lookup", "preservation", "service"] = (
        maybe("records", "What kind of thing it is.")
    )
    description: str = maybe("", "What one gets, for the published guide.")
    fields: tuple[str, ...] = maybe((), "The fields it shows.")
    columns: tuple[Column, ...] = maybe(
        (),
        "The columns of its table, where it is answered from call-detail records: number and start are always among them. "
        "Left out, all of the call-detail export (all but `charge`).",
        example='["calling", "called", "duration"]',
    )
    masks: dict[str, str] = maybe(
        {},
        "Fields that are not shown, and what stands instead: a field or column by its name, or `incoming_number` for "
        "whatever names the caller of an incoming call.",
        example='{ incoming_number = "INCOMING" }',
    )
    answered_by: Literal["calls", "destination", "subscriber", "provider", "work_order", "live"] = maybe(
        "calls",
        "How it is answered: `calls` of a number; `destination`, who called a number; `subscriber`, from the bill; `provider`, the "
        "wholesale customer of a number; `work_order`, by hand at another system; `live`, a surveillance.",
    )
    source_system: str = maybe("", "The system the records come from.", example="fraud_system")
    desk: str = maybe("", "The desk that answers it.", ref="desks")
    certification: Literal["yes", "no", "counsel"] = maybe(
        "yes", "Whether a business-records certificate goes with it, or only after counsel's decision."
    )
    disclaimer: str = maybe("", "The wording printed on every answer.", ref="wording")
    synonyms: tuple[str, ...] = maybe((), "Other words for it.")
    services: tuple[str, ...] = maybe((), "The network services it exists for.")
    types: tuple[str, ...] = maybe(
        (), "Its kinds, for a surveillance.", example='["pen_register", "title_iii"]'
    )
    offered: bool = maybe(True, "Whether the carrier offers it at all.")


@dataclass(frozen=True, kw_only=True)
class Words(Stated):
    """Words that the process must hold."""

    phrase: str = need("The phrase; case, white space and thru/through do not matter.")
    names: str = maybe(
        "",
        "The word that must at least be named: without it nothing is honoured; with it alone it is a deficiency.",
    )
    where: Literal["body", "anywhere", "caption", "attachment"] = maybe("body", "Where it must stand.")
    processes: tuple[str, ...] = maybe(
        (), "Only for these kinds of process; left out, all.", ref="process_types"
    )
    wording: str = maybe("", "The text to copy, sent with the deficiency.", ref="wording")


@dataclass(frozen=True, kw_only=True)
class NeededField(Stated):
    """A detail that the process must give."""

    name: str = need("The detail.", example="number")
    label: str = maybe("", "What it is called in letters.", example="the telephone number with area code")
    together: tuple[str, ...] = maybe(
        (), "Details that must come together with it.", example='["from", "to"]'
    )
    when: tuple[str, ...] = maybe(
        (), "Needed only when one of these other details is given.", example='["ip_address"]'
    )
    since: date | None = maybe(None, "Needed only from this date on.")
    until: date | None = maybe(None, "Needed only before this date.")
    processes: tuple[str, ...] = maybe(
        (), "Only for these kinds of process; left out, all.", ref="process_types"
    )
    facts: tuple[str, ...] = maybe(
        (),
        "The circumstances in which it is required; in all others it is asked for where it fits.",
        example='["changing_handset"]',
    )
    hint: str = maybe("", "How it may be given.", example="in writing; letterhead is enough")
    optional: bool = maybe(False, "Whether it is only requested.")
    if_known: bool = maybe(False, "Whether it is needed only if known to the agency.")


@dataclass(frozen=True, kw_only=True)
class NeededForm(Stated):
    """A form that must come along."""

    form: str = need("The form.", ref="forms")
    signed: bool = maybe(True, "Whether it must be signed.")
    facts: tuple[str, ...] = maybe((), "Only in these circumstances; left out, always.")
    processes: tuple[str, ...] = maybe(
        (), "Only for these kinds of process; left out, all.", ref="process_types"
    )


@dataclass(frozen=True, kw_only=True)
class Requirement(Rule):
    """
    `[[requirements]]`: which process is enough for which product, and what it must say.

    Of the requirements that decide on a process (`accepts` or `at_least`) the most specific one rules; words, fields
    and forms are collected from every requirement that applies.
    """

    accepts: tuple[str, ...] = maybe((), "The kinds of process that are enough.", ref="process_types")
    at_least: str = maybe("", "The weakest kind that is enough, by rank.", ref="process_types")
    never: bool = maybe(False, "Whether the product is given on no process at all.")
    citation: str = maybe("", "The law.", example="18 USC 2703(d)")
    words: tuple[Words, ...] = maybe((), "Words that the process must hold.")
    fields: tuple[NeededField, ...] = maybe((), "Details that it must give.")
    forms: tuple[NeededForm, ...] = maybe((), "Forms that must come along.")
    conditions: tuple[str, ...] = maybe((), "Further conditions in words, shown to the reviewer.")


@dataclass(frozen=True, kw_only=True)
class Channel(Rule):
    """
    `[[channels]]`: a way in which process may reach the carrier. A channel that no rule names is closed.

    For a question, the channels whose scope fits are offered; `accepted = false` closes one where it fits better.
    """

    kind: Literal[
        "portal", "email", "fax", "mail", "courier", "hand_delivery", "personal_service", "registered_agent",
        "local_office", "oral", "phone", "api", "in_country_service",
    ] = need("The way.")  # fmt: skip
    accepted: bool = maybe(True, "Whether process is accepted this way.")
    preferred: bool = maybe(False, "Whether the carrier prefers it.")
    desk: str = maybe("", "The desk it reaches.", ref="desks")
    mailbox: str = maybe("", "The mailbox it reaches.", ref="mailboxes")
    address: str = maybe("", "Where to send, when neither desk nor mailbox says it.")
    agent: str = maybe("", "The registered agent.", example="Example Agents, Inc.")
    starts_clock: bool = maybe(True, "Whether arrival this way starts the clock.")
    clock_starts: Literal[
        "receipt", "next_business_day", "arrival_at_desk", "acceptance", "signed_original"
    ] = maybe("receipt", "The event that starts it.")
    cover_page: str = maybe("", "The form that must lie on top.", ref="forms")
    attachments: tuple[str, ...] = maybe((), "What must be attached.")
    copy_to: tuple[str, ...] = maybe((), "Desks that must get a copy.", ref="desks")
    refusal: str = maybe("", "The wording when it is closed.", ref="wording")
    removed_by: tuple[str, ...] = maybe((), "Circumstances that close it.", example='["arrears"]')
