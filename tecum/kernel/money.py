"""Money: an exact amount in one currency; cents are rounded half up, once, at the end of a line."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """
    An amount in a currency (ISO 4217 code); two currencies are never added.

    :raises ValueError: when amounts of two currencies meet
    """

    amount: Decimal
    currency: str = "USD"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        sign = "$" if self.currency in {"USD", "CAD"} else ""
        prefix = "CA" if self.currency == "CAD" else ""
        suffix = "" if sign else f" {self.currency}"
        amount = self.rounded().amount
        return f"{'-' if amount < 0 else ''}{prefix}{sign}{abs(amount):,.2f}{suffix}"

    def rounded(self) -> "Money":
        """Return the amount in whole cents, half a cent upwards."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_UP), self.currency)

    @property
    def cents(self) -> int:
        """Return the amount in hundredths, half of one upwards."""
        return int(self.rounded().amount.scaleb(2))

    @classmethod
    def of_cents(cls, cents: int, currency: str) -> "Money":
        """Return so many hundredths as an amount."""
        return cls(Decimal(cents).scaleb(-2), currency)

    @property
    def text(self) -> str:
        """Return the bare amount with two decimals, as exports and JSON carry it."""
        return f"{self.rounded().amount:.2f}"

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added.")
        return other.amount
