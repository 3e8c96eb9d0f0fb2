"""
Form C: which of its numbers may be answered at all (decision D12; R-183 to R-187).

A form yields nothing by itself: up to 26 strangers' names would leave on it. A number is reached when a person read that
a clause of the order, or an attached subpoena, reaches it; and where the surveillance's target is not said to be ours, a
copy of the order must be there (R-185).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tecum.cases.facts import Asked, Contact
from tecum.kernel import numbers as canonical
from tecum.kernel.business import midnight
from tecum.kernel.numbers import NotANumber
from tecum.kernel.periods import Period

FORM = "active_surveillance_subscribers"  # its stable id in every guide (decision D1)
RULE = "D12, R-185"
NO_COPY = "A copy of the court order must come along, because the surveillance's target number is not said to be ours."
NOT_REACHED = "No confirmed clause of the order, and no attached subpoena, reaches this number."
NO_FORM = "Subscribers seen on a surveillance are asked for on form C, with the order or a subpoena that reaches them."
GROUNDS = {"order": "a clause of the order", "subpoena": "an attached subpoena"}
DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%m-%d-%Y")


@dataclass(frozen=True, slots=True)
class FormC:
    """What a form says, as it was typed; `unread` are lines among its numbers that are no numbers."""

    order: str
    target: str
    ours: bool | None
    dated: date | None
    contact: Contact
    numbers: tuple[str, ...]
    unread: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]


def read(values: Mapping[str, Sequence[str]]) -> FormC:
    """Return what the fields of form C say; nothing that was typed is lost, also what cannot be read."""

    def one(name: str) -> str:
        return " ".join(" ".join(values.get(name, ())).split())

    found: dict[str, None] = {}
    unread = []
    for line in values.get("numbers", ()):
        if not line.strip():
            continue
        try:
            found.setdefault(canonical.read(line))
        except NotANumber:
            unread.append(" ".join(line.split())[:80])
    box = one("nextel_target").casefold()
    contact = Contact.read(
        {
            "agency_name": one("agency"), "name": one("contact_name"), "phone": one("contact_number"),
            "fax": one("fax_number"), "address": ", ".join(values.get("address", ())),
        }
    )  # fmt: skip
    return FormC(
        order=one("court_order_number")[:80], target=one("target_number")[:80],
        ours=True if box == "yes" else False if box == "no" else None, dated=_date(one("date")), contact=contact,
        numbers=tuple(found), unread=tuple(unread), values={name: tuple(each) for name, each in values.items()},
    )  # fmt: skip


def _date(text: str) -> date | None:
    for shape in DATES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def targets(form: FormC, product: str, *, received: datetime, zone: str) -> list[Asked]:
    """
    Return its numbers as targets. The form has no interval: the day it bears counts, else that of its receipt, and no more.
    """
    came = received.astimezone(ZoneInfo(zone)).date()
    day = min(form.dated or came, came)
    period = Period(midnight(zone, day), midnight(zone, date.fromordinal(day.toordinal() + 1)))
    return [
        Asked(number, period, product, words=f"form C, line {place}")
        for place, number in enumerate(form.numbers, 1)
    ]


@dataclass(frozen=True, slots=True)
class Stands:
    """What of a form has been found: whether it says that the target is ours, and whether the order's copy is there."""

    ours: bool | None
    has_copy: bool


def unreached(form: Stands | None, wanted: Iterable[str], reached: Collection[str]) -> dict[str, str]:
    """Return, for each target that may not be answered, the sentence that says what is missing."""
    if form is None:
        return dict.fromkeys(wanted, NO_FORM)
    copy = form.ours is True or form.has_copy
    found = {}
    for target in wanted:
        lacks = [*([] if copy else [NO_COPY]), *([] if target in reached else [NOT_REACHED])]
        if lacks:
            found[target] = " ".join(lacks)
    return found
