"""One report derived from the trail up to a mark: read, tally, say. The same entries and guide give the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass

from tecum.audit.deriving import Mark, up_to
from tecum.audit.queries import EVERY_MATTER, Entry
from tecum.guide.model.guide import Guide
from tecum.kernel.periods import Period
from tecum.reports.rules.content import Content, Told
from tecum.reports.rules.disclosures import Disclosures
from tecum.reports.rules.lookups import Coverage, HitRate
from tecum.reports.rules.tallies import Tally
from tecum.reports.rules.times import Turnaround
from tecum.reports.rules.transparency import Transparency
from tecum.reports.states import Name

TALLIES: dict[Name, type[Tally]] = {
    Name.DISCLOSURES: Disclosures,
    Name.TRANSPARENCY: Transparency,
    Name.HIT_RATE: HitRate,
    Name.COVERAGE: Coverage,
    Name.TURNAROUND: Turnaround,
}


@dataclass(frozen=True, slots=True)
class Derived:
    """What came out, from how many entries; the lines only where they were wanted."""

    content: Content
    entries: int
    lines: tuple[tuple[str, ...], ...] = ()


def derive(name: Name, period: Period, *, guide: Guide, mark: Mark, keep: bool = False) -> Derived:
    """
    Return a report, from the first `mark.size` entries of the trail; `keep` keeps the lines of the register.

    :raises NotInGuide: where the guide has no counting rules for it
    """
    tally = TALLIES[name](period, guide)
    if isinstance(tally, Disclosures):
        tally.keep = keep
    read = 0
    for entry in _entries(tally, mark):
        tally.read(_told(entry))
        read += 1
    content = tally.content()
    return Derived(content, read, tuple(tally.lines) if isinstance(tally, Disclosures) else ())


def _entries(tally: Tally, mark: Mark) -> Iterator[Entry]:
    since = None if tally.WHOLE else tally.period.start
    return up_to(mark, within=EVERY_MATTER, events=tally.events(), since=since)


def _told(entry: Entry) -> Told:
    return Told(entry.event, entry.at, entry.by, entry.agency, entry.matter, entry.data, entry.receipt.leaf)
