"""
What one legal process allows to be read (assurance, control 7): products × numbers × half-open periods, each with its clause.

A scope is made by the rules of demands, emergencies and surveillances; `records` obeys it. Two scopes that allow the same are
equal and have one digest, in whatever order their grants were written.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from tecum.kernel.numbers import is_canonical
from tecum.kernel.periods import Period

ABROAD = re.compile(r"\+[2-9]\d{5,14}", re.ASCII)
SHORT_CODE = re.compile(r"\d{3,6}", re.ASCII)
PRODUCT = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
FIELDS = {"product", "number", "start", "end", "clause"}


class BrokenScope(ValueError):
    """A scope, or the text of one, that is not what a scope must be."""


def is_party(text: str) -> bool:
    """Tell whether a text names one end of a call: ten digits of North America, `+` and a number abroad, or a short code."""
    return is_canonical(text) or bool(ABROAD.fullmatch(text) or SHORT_CODE.fullmatch(text))


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """
    One product of one number in one period, and the words that allow it.

    :raises BrokenScope: for a number that is none, an empty period, or a grant without product or clause
    """

    product: str
    number: str
    period: Period
    clause: str

    def __post_init__(self) -> None:
        if not PRODUCT.fullmatch(self.product):
            raise BrokenScope("A grant names the product by the guide's key.")
        if not is_party(self.number):
            raise BrokenScope(
                "A grant names a number as ten digits, as + and a number abroad, or as a short code."
            )
        if self.period.empty:
            raise BrokenScope("A grant's period holds no instant.")
        if not self.clause.strip():
            raise BrokenScope("A grant names the clause that allows it.")

    def allows(self, at: datetime) -> bool:
        """Tell whether an instant lies in the period."""
        return at in self.period


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Everything one matter allows, under one version of the guide; grants are kept sorted, each once.

    :raises BrokenScope: without a matter or a guide
    """

    matter: str
    guide: str
    grants: tuple[Grant, ...]

    def __post_init__(self) -> None:
        if not self.matter or not self.guide:
            raise BrokenScope("A scope names its matter and the version of the guide it was made under.")
        object.__setattr__(self, "grants", tuple(sorted(set(self.grants))))

    def grants_for(self, product: str) -> tuple[Grant, ...]:
        """Return what is allowed of one product."""
        return tuple(grant for grant in self.grants if grant.product == product)

    def allows(self, product: str, number: str, at: datetime) -> bool:
        """Tell whether a record of this number at this instant may be part of this product."""
        return any(grant.number == number and grant.allows(at) for grant in self.grants_for(product))

    def json(self) -> str:
        """Return the canonical text: sorted keys, no spaces, instants in UTC."""
        return json.dumps(
            {
                "matter": self.matter,
                "guide": self.guide,
                "grants": [_written(grant) for grant in self.grants],
            },
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )

    def digest(self) -> str:
        """Return the SHA-256 of the canonical text, in hexadecimal; what an approval is bound to."""
        return hashlib.sha256(self.json().encode()).hexdigest()

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """
        Return the scope that a canonical text stands for.

        :raises BrokenScope: for anything else, also for a field nobody knows
        """
        try:
            data = json.loads(text)
            grants = tuple(_read(item) for item in data.pop("grants"))
            return cls(**data, grants=grants)
        except BrokenScope:
            raise
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise BrokenScope(f"This is not the text of a scope: {type(problem).__name__}.") from None


def _written(grant: Grant) -> dict[str, str]:
    return {
        "product": grant.product,
        "number": grant.number,
        "start": grant.period.start.isoformat(),
        "end": grant.period.end.isoformat(),
        "clause": grant.clause,
    }


def _read(item: dict[str, str]) -> Grant:
    if set(item) != FIELDS:
        raise BrokenScope(
            "A grant of this scope has other fields than product, number, start, end and clause."
        )
    period = Period(datetime.fromisoformat(item["start"]), datetime.fromisoformat(item["end"]))
    return Grant(item["product"], item["number"], period, item["clause"])
