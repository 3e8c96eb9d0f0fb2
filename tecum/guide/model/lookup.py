"""Dimension 11: look-up products (the portal), who may use them, how much, and what an answer shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Number, Span, Unit, Zone

Reply = Literal["notice", "silent", "person"]
LONGEST_SESSION = Span(7, 7, Unit.DAY)  # a cookie is kept no longer
PASSES = {Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK}


def not_elapsed(lengths: Mapping[str, Span]) -> tuple[str, ...]:
    """Return one sentence for each length that does not simply pass: a range, business time, months, or nothing."""
    return tuple(
        f"{name} must be one length in minutes, hours, days or weeks, and more than none; found '{length}'."
        for name, length in lengths.items()
        if length.unit not in PASSES or not length.exact or length.high == 0
    )


def at_least_one(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return one sentence for each count that lets nobody through."""
    return tuple(f"{name} must be 1 or more; found {count}." for name, count in counts.items() if count < 1)


@dataclass(frozen=True, kw_only=True)
class Eligibility(Stated):
    """Who may apply for an account. A list left out admits everybody."""

    countries: tuple[str, ...] = maybe(
        (), "Countries where the agency is based (ISO codes).", example='["US", "CA"]'
    )
    agency_types: tuple[str, ...] = maybe((), "Kinds of agency.", example='["federal", "state", "county"]')
    roles: tuple[str, ...] = maybe((), "Job roles.", example='["officer", "agent"]')
    psap: bool = maybe(False, "Whether public safety answering points may apply.")
    refused_parties: tuple[str, ...] = maybe(
        ("civil_litigant",), "Parties that are never admitted.", example='["civil_litigant", "civil_counsel"]'
    )
    reply_to_refused_parties: Reply = maybe(
        "silent", "What such a party hears: a notice, nothing (`silent`), or a person decides."
    )
    reply_to_other_countries: Reply = maybe("notice", "What an agency of another country hears.")
    reply_to_other_roles: Reply = maybe("notice", "What another role or kind of agency hears.")
    refusal: str = maybe("", "The wording of the notice.", ref="wording")
    individual_only: bool = maybe(True, "Whether an account belongs to one person.")
    supervisor: bool = maybe(True, "Whether a supervisor must be named and copied.")
    attestations: tuple[str, ...] = maybe(
        (), "What an applicant declares, in order (wording).", ref="wording"
    )


@dataclass(frozen=True, kw_only=True)
class RampStep(Stated):
    """A lower limit for a new account."""

    days: int = need("For so many days after activation.", unit="days")
    limit: int = need("The limit meanwhile.", unit="units in a window")


@dataclass(frozen=True, kw_only=True)
class Quota(Stated):
    """How much one person may ask."""

    limit: int = need("Units in one window.", example="25")
    batch: int = need("Lines in one submission.", example="25")
    unit: Literal["distinct_numbers", "submissions", "queries"] = maybe(
        "distinct_numbers",
        "What is counted: different valid numbers in the window, submissions, or every number each time.",
    )
    window: Literal["calendar_day", "rolling_24h", "session", "calendar_week", "calendar_month"] = maybe(
        "calendar_day", "The window in which they are counted."
    )
    zone: Zone | None = maybe(None, "The zone whose midnight ends the day; left out, the carrier's.")
    ramp: tuple[RampStep, ...] = maybe((), "Lower limits for new accounts; empty is off.")


@dataclass(frozen=True, kw_only=True)
class Answers(Stated):
    """What an answer shows."""

    shows: tuple[
        Literal[
            "customer_name", "address", "contact_person", "phone", "email", "website", "in_service_date",
            "customer_id", "previous_customers", "line_type", "end_user",
        ],
        ...,
    ] = maybe(
        ("customer_name", "address", "contact_person", "phone", "email", "website", "in_service_date"),
        "The fields of a hit, in order.",
    )  # fmt: skip
    history: Literal["current_only", "with_history"] = maybe(
        "current_only", "Whether only the customer of the day is shown, or earlier ones too."
    )
    history_back: Span | None = maybe(None, "How far back history goes.", example="5 years")
    dates: bool = maybe(False, "Whether the query may name a date or an interval.")
    ranges: bool = maybe(False, "Whether a range of numbers may be asked at once.")
    non_result: str = maybe("non_result", "The wording of the one answer to everything else.", ref="wording")
    coverage_verdict: bool = maybe(True, "Whether the result page compares a hit with a target interval.")
    exports: tuple[Literal["xlsx", "csv"], ...] = maybe(
        ("xlsx", "csv"), "The files a result can be taken as."
    )


@dataclass(frozen=True, kw_only=True)
class Consent(Stated):
    """Whose consent an answer needs."""

    required: bool = maybe(True, "Whether a customer must have consented before its numbers are answered.")
    bases: tuple[Literal["cpni_opt_in", "47_usc_222b", "18_usc_2702c2", "contract"], ...] = maybe(
        ("cpni_opt_in",), "The legal bases that must all have been given; others are recorded where given."
    )
    remind_after: Span | None = maybe(
        None, "When a customer without an answer is asked again.", example="30 days"
    )


@dataclass(frozen=True, kw_only=True)
class Freshness(Stated):
    """How old the inventory may be."""

    max_age: Span | None = maybe(None, "From this age on it is stale; left out, never.", example="36 hours")
    then: Literal["say", "refuse"] = maybe(
        "say", "Whether a stale inventory is said with the answer, or refuses it."
    )
    max_change: Number = maybe(
        Number("0.05"),
        "The share of the inventory that one load may change unless told.",
        unit="share, 0 to 1",
    )


@dataclass(frozen=True, kw_only=True)
class Assisted(Stated):
    """Look-ups by the carrier's staff."""

    allowed: bool = maybe(True, "Whether staff may look up at all.")
    needs_case: bool = maybe(True, "Whether a case and a purpose are needed.")
    for_callers: bool = maybe(False, "Whether staff may look up for a caller about a non-result.")


@dataclass(frozen=True, kw_only=True)
class Sessions(Stated):
    """How long a signed-in session lasts."""

    idle: Span = maybe(Span(30, 30, Unit.MINUTE), "Without activity.", example="30 minutes")
    absolute: Span = maybe(Span(12, 12, Unit.HOUR), "At most.", example="12 hours")
    single: bool = maybe(True, "Whether a person has one session at a time.")
    step_up: Span = maybe(
        Span(5, 5, Unit.MINUTE), "How fresh a second factor must be for a dangerous act.", example="5 minutes"
    )
    tries: int = maybe(
        5, "So many wrong passwords or codes of one person within `tries_within` lock the door."
    )
    tries_within: Span = maybe(Span(15, 15, Unit.MINUTE), "The time in which they are counted.")
    locked_for: Span = maybe(
        Span(15, 15, Unit.MINUTE), "How long nothing is looked at after too many wrong answers."
    )
    token_life: Span = maybe(Span(1, 1, Unit.HOUR), "How long a program's personal token is good for.")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the lengths by themselves."""
        lengths = {
            name: getattr(self, name)
            for name in ("idle", "absolute", "step_up", "tries_within", "locked_for", "token_life")
        }
        wrong = (*not_elapsed(lengths), *at_least_one({"tries": self.tries}))
        if not wrong and self.idle.elapsed > self.absolute.elapsed:
            return (f"idle ({self.idle}) is longer than absolute ({self.absolute}).",)
        if not wrong and self.absolute.elapsed > LONGEST_SESSION.elapsed:
            return (f"absolute ({self.absolute}) is longer than {LONGEST_SESSION}.",)
        return wrong


@dataclass(frozen=True, kw_only=True)
class Vetting(Stated):
    """What an applicant may expect after applying."""

    apply_by: tuple[Literal["mail", "page"], ...] = maybe(
        ("mail",),
        "How an application may be made; a way that is not named is closed.",
        example='["mail", "page"]',
    )
    window: Span = maybe(
        Span(3, 5, Unit.BUSINESS_DAY), "How long an application takes.", example="3-5 business days"
    )
    ask_after: Span = maybe(
        Span(7, 7, Unit.DAY), "From when on an applicant may ask how it stands.", example="7 days"
    )
    link_life: Span = maybe(
        Span(24, 24, Unit.HOUR), "How long the link that sets the password is good for.", example="24 hours"
    )
    code_life: Span = maybe(
        Span(20, 20, Unit.MINUTE), "How long a code that proves an address is good for.", example="20 minutes"
    )
    code_tries: int = maybe(5, "So many wrong tries close a code.")
    codes_per_hour: int = maybe(3, "So many codes go to one address within an hour.")
    status_open: Span = maybe(
        Span(15, 15, Unit.MINUTE), "How long the code opens the page that says how an application stands."
    )
    form_open: Span = maybe(Span(2, 2, Unit.HOUR), "How long it opens the form of an application.")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the lengths and counts by themselves."""
        spans = {name: getattr(self, name) for name in ("link_life", "code_life", "status_open", "form_open")}
        counts = {"code_tries": self.code_tries, "codes_per_hour": self.codes_per_hour}
        return (*not_elapsed(spans), *at_least_one(counts))


@dataclass(frozen=True, kw_only=True)
class Scanning(Stated):
    """What makes an agency's look-ups look like mapping of the carrier's base; staff are warned."""

    within: Span = maybe(
        Span(7, 7, Unit.DAY), "The time whose look-ups are taken together.", example="7 days"
    )

    consecutive: int = maybe(10, "So many numbers in a row.", unit="numbers")
    block: int = maybe(100, "The size of a block.", unit="numbers", example="100")
    block_asked: int = maybe(30, "So many numbers of one block.", unit="numbers")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the length by itself."""
        return not_elapsed({"within": self.within})


@dataclass(frozen=True, kw_only=True)
class Upkeep(Stated):
    """What keeps an account good after it was activated."""

    attested_every: Span | None = maybe(
        Span(3, 3, Unit.MONTH),
        "How long a supervisor's confirmation that a person still serves is good for; then look-ups stop until the next.",
        example="3 months",
    )
    warned_before: Span = maybe(
        Span(14, 14, Unit.DAY), "How long before its end the supervisors are told.", example="14 days"
    )
    inactive_after: Span | None = maybe(
        None, "After so long without signing in an account is suspended; left out, never.", example="90 days"
    )
    bounce_suspends: bool = maybe(
        True, "Whether an address that no longer takes mail suspends the account until it is proved again."
    )
    two_places_within: Span | None = maybe(
        Span(30, 30, Unit.MINUTE),
        "A sign-in from another network so soon after use elsewhere is shown to staff; left out, never.",
        example="30 minutes",
    )


@dataclass(frozen=True, kw_only=True)
class Support(Stated):
    """How people ask for help with it, and what is ready for an answer."""

    doors: tuple[Literal["mail", "page"], ...] = maybe(
        ("mail",), "How a request may be made; one that is not named is closed.", example='["mail", "page"]'
    )
    answers: tuple[str, ...] = maybe(
        (), "Texts ready for an answer, in order (wording; may use `person` and `reference`).", ref="wording"
    )
    answer_within: Span | None = maybe(
        None,
        "Then the desk is told that a request waits; left out, nothing is watched.",
        example="2 business days",
    )
    open_at_once: int = maybe(10, "So many requests of one person may wait at once.")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the count by itself."""
        return at_least_one({"open_at_once": self.open_at_once})


@dataclass(frozen=True, kw_only=True)
class Lookup(Entry):
    """`[[lookups]]`: a look-up product. The first one is the portal."""

    name: str = need("Its name.", example="Law Enforcement Portal")
    purpose: str = maybe(
        "", "What a query must stand for.", example="a legal demand would otherwise be served"
    )
    doors: tuple[Literal["page", "api", "cli"], ...] = maybe(
        ("page",), "The doors that are open; one that is not named is closed."
    )
    takes_process: bool = maybe(False, "Whether legal process may be served through it.")
    eligibility: Eligibility = maybe(Eligibility(), "Who may apply.")
    quota: Quota = need("How much one person may ask.")
    answers: Answers = maybe(Answers(), "What an answer shows.")
    consent: Consent = maybe(Consent(), "Whose consent it needs.")
    inventory: Freshness = maybe(Freshness(), "How old and how changeable the inventory may be.")
    assisted: Assisted = maybe(Assisted(), "Look-ups by staff.")
    scanning: Scanning = maybe(Scanning(), "When look-ups look like mapping.")
    sessions: Sessions = maybe(Sessions(), "Sessions of its users.")
    vetting: Vetting = maybe(Vetting(), "What follows an application.")
    upkeep: Upkeep = maybe(Upkeep(), "What keeps an account good.")
    support: Support = maybe(Support(), "How people ask for help with it.")
    mailbox: str = maybe("", "The mailbox for everything about it.", ref="mailboxes")
    process_mailbox: str = maybe("", "Where a person with legal process is sent.", ref="mailboxes")
    activation_sender: str = maybe("", "The address from which activation mail comes.", ref="mailboxes")
    launched: str = maybe("", "Since when it exists, as said.", example="early 2022")
    files: tuple[str, ...] = maybe((), "Documents published for applicants.", ref="documents")


@dataclass(frozen=True, kw_only=True)
class OwnRecords(Entry):
    """`[[own_records]]`: how long records of Tecum's own are kept, by kind."""

    keep: Span = need("How long.", example="2 years")
    from_event: str = maybe("creation", "The event from which it is counted.", example="closure")
    basis: str = maybe("", "The law or the reason.", example="47 CFR 64.2009(c): at least one year")
