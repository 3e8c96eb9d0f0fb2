"""The list of answers as a spreadsheet file in which nothing is a formula."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tecum.breaches.rules import BreachView
from tecum.documents import spreadsheets
from tecum.kernel import numbers
from tecum.lookup.adapters import MEDIA_TYPES, File, local
from tecum.lookup.rules import GivenAnswer

HEADER = [
    "When",
    "Look-up",
    "Agency's case",
    "Number",
    "Answer",
    "Customer revealed",
    "Consent",
    "Trail receipt",
]


def listed(
    view: BreachView, answers: Sequence[GivenAnswer], *, names: dict[str, str], form: str, zone: ZoneInfo
) -> File:
    """Return the list as `xlsx` or `csv`; its name carries the reference only."""
    notes = [
        f"Breach {view.reference}: every answer the account got",
        f"From {local(view.since, zone)} until {local(view.until, zone)}; {len(answers)} answers",
    ]
    rows = [
        [
            local(one.at, zone),
            one.reference,
            one.case_number,
            numbers.grouped(one.number),
            one.outcome.value,
            f"{names[one.customer]} ({one.customer})" if one.customer in names else one.customer,
            one.consent,
            one.receipt,
        ]
        for one in answers
    ]
    if form == "xlsx":
        content = spreadsheets.as_xlsx(title="Answers", notes=notes, header=HEADER, rows=rows)
    else:
        content = spreadsheets.as_csv(notes=notes, header=HEADER, rows=rows)
    return File(f"{view.reference}.{form}", MEDIA_TYPES[form], content)
