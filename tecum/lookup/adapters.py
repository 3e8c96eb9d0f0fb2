"""Between the guide's words and our tables, and from an answer to a spreadsheet file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tecum.customers.rules import Card
from tecum.customers.states import Basis
from tecum.documents import spreadsheets
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.lookup.rules import LineView, LookupView
from tecum.lookup.states import Outcome

LABELS = {
    "customer_name": "Service provider",
    "address": "Business address",
    "contact_person": "Contact person",
    "phone": "Phone",
    "email": "E-mail",
    "website": "Web site",
}
BASES = {
    "cpni_opt_in": Basis.CPNI_OPT_IN,
    "47_usc_222b": Basis.CARRIER_INFORMATION,
    "18_usc_2702c2": Basis.STORED_RECORDS,
    "contract": Basis.CONTRACT,
}
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: its name carries the reference only."""

    name: str
    media_type: str
    content: bytes


def local(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant in the zone with its offset, and in UTC."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z (UTC%z)}, {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def bases(guide: Guide) -> list[Basis]:
    """Return the consent bases that a hit needs (A15), none where the guide asks for no consent."""
    terms = guide.lookup.consent
    return [BASES[name] for name in terms.bases] if terms.required else []


def shown(card: Card, guide: Guide) -> dict[str, str]:
    """Return the fields of a contact card that the guide shows, in its order; one without a value is left out (R-020)."""
    values = {
        "customer_name": card.legal_name,
        "address": card.address,
        "contact_person": card.contact_person,
        "phone": card.phone,
        "email": card.email,
        "website": card.website,
        "customer_id": card.customer,
    }
    return {field: values[field] for field in guide.lookup.answers.shows if values.get(field)}


def export(view: LookupView, *, form: str, guide: Guide, zone: ZoneInfo) -> File:
    """
    Return an answer as a spreadsheet file with its as-of time, consent versions and trail receipt (R-024).

    :raises NotYours: for a form that the guide does not offer
    """
    if form not in guide.lookup.answers.exports:
        raise NotYours
    fields = [field for field in guide.lookup.answers.shows if field in LABELS]
    header = [
        "Line",
        "As typed",
        "Number",
        "Result",
        *(LABELS[field] for field in fields),
        "In service since",
        "Consent",
    ]
    rows = [_row(line, fields, guide) for line in view.lines]
    notes = [
        f"Look-up {view.reference}, case {view.case_number}, asked {local(view.asked_at, zone)}",
        f"True as of {local(view.inventory_as_of, zone)}, inventory version {view.inventory_version}; guide {view.guide_version}",
        f"Trail receipt {view.receipt}",
    ]
    if form == "xlsx":
        content = spreadsheets.as_xlsx(title="Look-up", notes=notes, header=header, rows=rows)
    else:
        content = spreadsheets.as_csv(notes=notes, header=header, rows=rows)
    return File(f"{view.reference}.{form}", MEDIA_TYPES[form], content)


def _row(line: LineView, fields: Sequence[str], guide: Guide) -> list[str]:
    number = numbers.grouped(line.number) if line.number else ""
    start = [str(line.place), line.typed, number]
    if line.hit is not None:
        card = [line.hit.shown.get(field, "") for field in fields]
        return [*start, "Found", *card, line.hit.in_service.isoformat(), line.hit.consent]
    said = {
        Outcome.NON_RESULT: " ".join(guide.say(guide.lookup.answers.non_result).body.split()),
        Outcome.MALFORMED: f"Not looked up, not charged. {line.problem}",
        Outcome.DUPLICATE: f"The same number as line {line.repeats}; charged once.",
    }
    return [*start, said[line.outcome], *("" for _ in fields), "", ""]
