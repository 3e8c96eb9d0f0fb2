"""The picture of the campaign: which share of the numbers in service a consent reaches, and who holds the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tecum.customers.rules import CampaignRow
from tecum.customers.states import CampaignState

WIDTH = 1328.0  # of the picture, in its own units


@dataclass(frozen=True)
class Band:
    """One stretch of the bar: numbers of customers in one state."""

    label: str
    numbers: int
    customers: int
    x: float
    width: float
    percent: float
    hatch: str


@dataclass(frozen=True)
class Coverage:
    """The whole bar."""

    total: int
    reached: int
    bands: tuple[Band, ...]

    @property
    def percent(self) -> float:
        """Return the share that is reached, in percent."""
        return 100 * self.reached / self.total if self.total else 0.0


def coverage_of(
    rows: Sequence[CampaignRow], counts: Mapping[str, int], reached: Mapping[str, int]
) -> Coverage:
    """Cut the inventory into what is consented to, what its customer's consent leaves out, and the rest by state."""
    total = sum(counts.values())
    known = {row.customer for row in rows}
    given = sum(reached.values())
    cuts: list[tuple[str, int, int, str]] = [
        ("Consented to", given, sum(1 for row in rows if reached[row.customer]), "solid"),
        (
            "Left out by a consent's scope",
            sum(counts.get(row.customer, 0) - reached[row.customer] for row in rows if row.scope is not None),
            sum(
                1
                for row in rows
                if row.scope is not None and reached[row.customer] < counts.get(row.customer, 0)
            ),
            "grid",
        ),
    ]
    for state, hatch in (
        (CampaignState.ASKED, "lines"),
        (CampaignState.NOT_ASKED, "dots"),
        (CampaignState.DECLINED, "none"),
        (CampaignState.WITHDRAWN, "none"),
    ):
        mine = [row for row in rows if row.state is state]
        cuts.append(
            (state.value.capitalize(), sum(counts.get(row.customer, 0) for row in mine), len(mine), hatch)
        )
    strangers = set(counts) - known
    cuts.append(
        ("Of customers not entered here", sum(counts[each] for each in strangers), len(strangers), "none")
    )
    return Coverage(total, given, _bands(cuts, total))


def _bands(cuts: Sequence[tuple[str, int, int, str]], total: int) -> tuple[Band, ...]:
    bands, x = [], 0.0
    for label, numbers, customers, hatch in cuts:
        width = WIDTH * numbers / total if total else 0.0
        share = 100 * numbers / total if total else 0.0
        bands.append(Band(label, numbers, customers, round(x, 1), round(width, 1), share, hatch))
        x += width
    return tuple(bands)
