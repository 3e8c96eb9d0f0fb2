"""The life of a report, and the reports there are."""

from enum import StrEnum


class ReportState(StrEnum):
    WAITING = "WAITING"
    MADE = "MADE"
    STOPPED = "STOPPED"  # it cannot be made; the row says why


REPORT_NEXT: dict[ReportState, frozenset[ReportState]] = {
    ReportState.WAITING: frozenset({ReportState.MADE, ReportState.STOPPED}),
    ReportState.MADE: frozenset(),
    ReportState.STOPPED: frozenset(),
}


class Name(StrEnum):
    DISCLOSURES = "disclosures"
    TRANSPARENCY = "transparency"
    HIT_RATE = "hit-rate"
    COVERAGE = "coverage"
    TURNAROUND = "turnaround"


TITLES: dict[Name, str] = {
    Name.DISCLOSURES: "Register of disclosures",
    Name.TRANSPARENCY: "Transparency report",
    Name.HIT_RATE: "Share of look-ups that were found",
    Name.COVERAGE: "Numbers under consent",
    Name.TURNAROUND: "How long answers took",
}


def report_states() -> list[tuple[str, str]]:
    """Return the states as choices; callables, so that a new one writes no migration."""
    return [(each.value, each.value.lower()) for each in ReportState]


def report_names() -> list[tuple[str, str]]:
    """Return the reports as choices."""
    return [(each.value, TITLES[each]) for each in Name]
