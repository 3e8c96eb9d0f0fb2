"""Dimension 13 and the forms: transparency reports by period, the officer's certificate; forms with stable ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry, Rule, Stated
from tecum.guide.fields import maybe, need

# What a column of a report counts, by the words that a guide may use for it.
OF_DEMANDS: Mapping[str, str] = {
    "demands": "demands", "orders": "demands", "targets": "targets", "numbers": "targets", "accounts": "targets",
    "answered": "answered", "produced": "answered", "some_data_disclosed": "answered", "no_data_found": "no_records",
    "no_records": "no_records", "rejected": "rejected", "withdrawn": "withdrawn", "open": "open", "pending": "open",
    "reasons": "reasons", "disclosures": "disclosures",
}  # fmt: skip
OF_LOOKUPS: Mapping[str, str] = {
    "queried_numbers": "asked", "asked": "asked", "hits": "hits", "found": "hits", "non_results": "non_results",
    "malformed": "malformed", "share_of_the_inventory_under_consent": "coverage", "coverage": "coverage",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Report(Rule):
    """`[[reports]]`: the columns and counting rules of the transparency report; periods by effective dates."""

    name: str = maybe("Transparency report", "Its title.")
    about: Literal["demands", "lookups"] = maybe("demands", "Whether it counts legal process or look-ups.")
    every: Literal["month", "quarter", "half_year", "year"] = maybe("half_year", "The period of one report.")
    rows: tuple[str, ...] = maybe((), "What the rows are.", example='["process_type", "country"]')
    columns: tuple[str, ...] = need(
        "The columns, in words that can be counted.",
        example='["demands", "targets", "some_data_disclosed", "no_data_found", "rejected", "withdrawn", "open", "reasons"]',
    )
    counts: Literal["demands", "targets", "accounts", "disclosures"] = maybe("demands", "What one is.")
    intercepts: Literal["initial_only", "with_extensions"] = maybe(
        "initial_only", "Whether extensions of an intercept are counted."
    )
    rejections: bool = maybe(True, "Whether rejections and their reasons are told.")
    withdrawn: Literal["counted", "left_out"] = maybe("counted", "How withdrawn demands count.")
    emergencies: Literal["separate", "included", "left_out"] = maybe("separate", "How emergencies count.")
    counted_by: Literal["received", "closed", "produced"] = maybe(
        "received", "The date that puts a demand in a period."
    )
    bands: dict[str, int] = maybe(
        {}, "Process types told only in bands of this width.", example="{ nsl = 500 }"
    )
    smallest: int = maybe(
        0,
        "Counts below this, other than none, are told as “fewer than”; what would give them away is left out too.",
    )
    sealed: Literal["left_out", "counted"] = maybe(
        "left_out", "Whether cases are counted that are sealed when the report is made."
    )


@dataclass(frozen=True, kw_only=True)
class DisclosureRegister(Stated):
    """`[disclosure_register]`: the record of disclosures and what an officer of the carrier states about it each year."""

    citation: str = maybe("47 CFR 64.2009(c) and (e)", "The rule behind it.")
    due: str = maybe(
        "03-01", "Until when the statement for a year is made in the next year.", example="03-01"
    )
    statement: str = maybe(
        "I have personal knowledge that the carrier has established operating procedures that are adequate to ensure "
        "compliance with the rules of 47 CFR Part 64, Subpart U.",
        "What the officer states.",
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the table by itself."""
        month, _, day = self.due.partition("-")
        good = month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12 and 1 <= int(day) <= 28
        return () if good else ("due is a month and a day of it up to the 28th, like 03-01.",)


@dataclass(frozen=True, kw_only=True)
class FormField(Stated):
    """One field of a form."""

    id: str = need("Its name.", example="target_number")
    label: str = need("The label as printed.", example="Target Number")
    kind: Literal[
        "text", "lines", "number", "numbers", "phone", "email", "date", "datetime", "choice", "choices", "yes_no",
        "signature", "address", "secret", "fixed",
    ] = maybe(
        "text", "What it holds. A `secret` is named on the form and never printed; `fixed` is filled in already."
    )  # fmt: skip
    value: str = maybe("", "What a `fixed` field says.")
    required: bool = maybe(False, "Whether it must be filled.")
    choices: tuple[str, ...] = maybe((), "What may be chosen.")
    most: int | None = maybe(None, "The most entries.")
    section: str = maybe("", "The heading it stands under.")
    printed_marker: Literal["clear", "unclear"] = maybe(
        "clear", "Whether the copy shows clearly that it is required."
    )
    only_for: tuple[str, ...] = maybe((), "Only for these services or types.", example='["dispatch"]')
    hint: str = maybe("", "A line printed beneath the label.", example="Year-month-day")
    above: str = maybe("", "The wording printed above it.", ref="wording")
    parts: tuple[str, ...] = maybe(
        (),
        "What stands in typed letters beneath a signature.",
        example='["Name", "Title", "Law Enforcement Agency", "Phone Number"]',
    )


@dataclass(frozen=True, kw_only=True)
class Form(Entry):
    """`[[forms]]`: a form with a stable id, whatever label is printed on it."""

    title: str = need("Its title.", example="Electronic Surveillance Request Form")
    label: str = maybe("", "The label printed on it; empty when it bears none.", example="Appendix D")
    kind: Literal[
        "request", "receipt", "certification", "schedule", "application", "consent", "cover_page"
    ] = maybe("request", "What it is for.")
    fields: tuple[FormField, ...] = maybe((), "Its fields in order.")
    text: str = maybe(
        "", "The wording printed on it: before the signatures, else beneath everything.", ref="wording"
    )
    signers: tuple[str, ...] = maybe((), "Who may sign it.")
    requesters: tuple[str, ...] = maybe((), "Who may send it.", example='["lea", "psap"]')
    desk: str = maybe("", "The desk that it is sent to, as printed.", ref="desks")
    subject: str = maybe("", "The subject matter it belongs to.")
    products: tuple[str, ...] = maybe((), "The products it asks for.", ref="products")
    document: str = maybe("", "The document that prints it.", ref="documents")
