"""What a consent reaches, and where a customer stands in the campaign."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.customers.states import Basis, CampaignState, CampaignStep, ConsentScope

Ranges = Sequence[tuple[str, str]]
REMIND_AFTER = timedelta(days=30)
DOCUMENT_BYTES_AT_MOST = 5_000_000
DOCUMENT_TYPES = ("application/pdf", "image/png", "image/jpeg", "text/plain")


@dataclass(frozen=True)
class ConsentVersion:
    """A consent in force, as a look-up and its disclosure record need it."""

    id: str
    customer: str
    version: int
    bases: frozenset[Basis]
    scope: ConsentScope
    ranges: tuple[tuple[str, str], ...]
    given_at: datetime
    good_until: datetime | None

    def reaches(self, number: str) -> bool:
        """Tell whether the ten-digit number lies within the scope."""
        return self.scope is ConsentScope.ALL or any(first <= number <= last for first, last in self.ranges)

    def suffices(self, number: str, *, bases: Collection[Basis], now: datetime) -> bool:
        """Tell whether a hit on this number may rest on this consent (R-033, A15)."""
        running = self.good_until is None or now < self.good_until
        return running and self.bases.issuperset(bases) and self.reaches(number)


def merged(ranges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort ranges of ten-digit numbers and join those that touch or overlap."""
    joined: list[tuple[str, str]] = []
    for first, last in sorted(ranges):
        if joined and int(first) <= int(joined[-1][1]) + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def contains(outer: Ranges, inner: Ranges) -> bool:
    """Tell whether every number of `inner` lies in `outer`."""
    wide = merged(outer)
    return all(any(low <= first and last <= high for low, high in wide) for first, last in merged(inner))


def campaign_state(*, in_force: bool, withdrawn: bool, steps: Sequence[str]) -> CampaignState:
    """Say where a customer stands, from its consents and the campaign's steps in order."""
    if in_force:
        return CampaignState.CONSENTED
    asked = [step for step in steps if step != CampaignStep.NOTE]
    if asked and asked[-1] == CampaignStep.DECLINED:
        return CampaignState.DECLINED
    if withdrawn:
        return CampaignState.WITHDRAWN
    return CampaignState.ASKED if asked else CampaignState.NOT_ASKED
