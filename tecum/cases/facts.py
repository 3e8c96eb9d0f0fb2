"""What a case says, as frozen values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from tecum.cases.states import Identifier
from tecum.kernel.money import Money
from tecum.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Contact:
    """Who stands behind a case at the agency, as the papers say it; the agency's id stands beside it."""

    agency_name: str = ""
    name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    fax: str = ""
    address: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Contact":
        """Return a contact from what a form or a seal holds; what it does not know is left out."""
        known = {field.name for field in fields(cls)}
        said = {name: " ".join(str(value).split()) for name, value in given.items() if name in known}
        return cls(**{**said, "email": said.get("email", "").lower()})

    def as_dict(self) -> dict[str, str]:
        """Return the contact by name of field."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One target as it was asked for: a number (ten digits), or another identifier, an interval and a product.

    A defective demand may lack the interval or the product; nothing is produced before it has both (R-110).
    """

    value: str
    period: Period | None = None
    product: str = ""
    identifier: Identifier = Identifier.NUMBER
    words: str = ""  # as the paper says it


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a quote, in words and exact amounts (text with two decimals); `schedule` is the guide's version of the price."""

    fee: str
    label: str
    product: str
    quantity: str
    unit: str
    unit_price: str
    low: str
    high: str
    currency: str
    schedule: str = ""
    basis: str = ""
    waiver: str = ""
    how: str = ""

    @property
    def amount(self) -> str:
        """Return what it costs as a person reads it; a range where it is not certain."""
        low, high = (str(Money(Decimal(each), self.currency)) for each in (self.low, self.high))
        return low if low == high else f"{low} to {high}"


#: How an agency answers a quote when staff write it down, and the word for it.
BY_STAFF = {"telephone": "telephone", "letter": "letter", "fax": "fax", "mail": "message"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about a quote: `seen` is the digest of what was shown, `evidence` a paper or message of the case."""

    accepts: bool
    seen: str
    how: str
    said_by: str = ""
    evidence: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered for acceptance: the guide's quote for some targets on a day."""

    on: date
    guide_version: str
    low: Money
    high: Money
    lines: tuple[QuoteLine, ...]
    targets: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def schedules(self) -> tuple[str, ...]:
        """Return the schedules that its lines come from."""
        return tuple(dict.fromkeys(line.schedule for line in self.lines if line.schedule))
