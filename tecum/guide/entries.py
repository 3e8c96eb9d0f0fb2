"""What every table of a guide shares: source, note, readings; entries have an id; rules have a scope."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tecum.guide.fields import hidden, maybe, need
from tecum.guide.problems import Place


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a value comes from. A plain text is read as the sentence."""

    document: str = maybe(
        "", "The document, by the id of a `[[documents]]`; empty means the first one.", ref="documents"
    )
    section: str = maybe("", "Chapter, page or paragraph in it.", example="Billing Information")
    sentence: str = maybe("", "The sentence itself, as printed.", example="$150 per ping")
    printed: str = maybe(
        "", "The words as printed, where the value here corrects them.", example="(888) 5639835"
    )

    @classmethod
    def from_text(cls, text: str) -> "Source":
        """Read a source that is written as one sentence."""
        return cls(sentence=text)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    Another way to read the same rule. Besides the keys below it holds the keys of the rule that would differ.

    Every answer that uses the rule also says what each of its readings would give.
    """

    id: str = need("A short name of the reading.", example="each")
    title: str = maybe("", "The reading in words.", example="each service is charged by itself")
    source: Source | None = maybe(None, "The sentence that supports this reading.")
    decision: str = maybe("", "The decision that chose between the readings.", example="B2", ref="decisions")
    entry: Any = hidden(None)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Keys that every table may carry."""

    source: Source | None = maybe(None, "Where this comes from: a sentence, or a table (see Source).")
    sources: dict[str, Source] = maybe({}, 'A source of its own for single keys: `sources.amount = "…"`.')
    note: str = maybe("", "A remark for the people who keep the guide. It is not published.")
    decision: str = maybe("", "The recorded decision (id of a `[[decisions]]`) behind this.", ref="decisions")
    readings: tuple[Reading, ...] = maybe((), "Other readings of this rule, each a table (see Reading).")
    place: Place = hidden(Place())


@dataclass(frozen=True, kw_only=True)
class Entry(Stated):
    """Keys of every table in a list: an id, and dates where it holds only for a time."""

    id: str = need("The name by which other tables refer to this one; it never changes.", example="toll")
    effective_from: date | None = maybe(None, "The first day on which this holds.", example="2026-01-01")
    effective_until: date | None = maybe(
        None, "The first day on which it no longer holds.", example="2027-01-01"
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the entry by itself."""
        if self.effective_from and self.effective_until and self.effective_until <= self.effective_from:
            return (f"'{self.id}' ends ({self.effective_until}) before it begins ({self.effective_from}).",)
        return ()

    def holds(self, on: date) -> bool:
        """Tell whether the entry holds on a day."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on < self.effective_until
        )


@dataclass(frozen=True, kw_only=True)
class Rule(Entry):
    """
    Keys that say to which questions a rule applies. A key left out does not narrow; a list means "any of these".

    Where one rule must be chosen, the one that names most of what was asked wins; among equals the first.
    """

    products: tuple[str, ...] = maybe((), "Record or service products.", ref="products", example='["toll"]')
    processes: tuple[str, ...] = maybe(
        (), "Kinds of legal process.", ref="process_types", example='["subpoena"]'
    )
    countries: tuple[str, ...] = maybe((), "Countries whose law governs (ISO codes).", example='["US", "CA"]')
    regions: tuple[str, ...] = maybe((), "States or provinces.", example='["TX"]')
    brands: tuple[str, ...] = maybe((), "Brands; a brand that inherits counts too.", ref="brands")
    entities: tuple[str, ...] = maybe((), "Legal entities.", ref="entities")
    requesters: tuple[str, ...] = maybe(
        (),
        "Who asks: `lea`, `psap`, `prosecutor`, `court`, `civil_litigant`, or a word of the carrier.",
        example='["lea"]',
    )
    matters: tuple[str, ...] = maybe(
        (), "Kind of matter: `criminal`, `civil`, `regulatory` …", example='["civil"]'
    )
    subjects: tuple[str, ...] = maybe((), "Subject matter of a contact.", example='["toll records"]')
    customer_types: tuple[str, ...] = maybe((), "Kinds of customer.", example='["business"]')
    customer_subtypes: tuple[str, ...] = maybe((), "Kinds within a customer type.", example='["prepaid"]')
    services: tuple[str, ...] = maybe((), "Network services.", example='["dispatch"]')
    technologies: tuple[str, ...] = maybe((), "Technologies.", example='["5g"]')
    markets: tuple[str, ...] = maybe((), "Markets.", ref="markets")
    facts: tuple[str, ...] = maybe(
        (),
        "Circumstances of the request, in words of the guide's own; one of them is enough.",
        example='["child_exploitation"]',
    )

    @property
    def scope_key(self) -> tuple[frozenset[str], ...]:
        """Return the scope as a value that can be compared."""
        return tuple(frozenset(getattr(self, key)) for key in SCOPE_KEYS)


SCOPE_KEYS = (
    "products", "processes", "countries", "regions", "brands", "entities", "requesters", "matters", "subjects",
    "customer_types", "customer_subtypes", "services", "technologies", "markets", "facts",
)  # fmt: skip
