"""What a case says, as frozen values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tecum.cases.states import Identifier
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
