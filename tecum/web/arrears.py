"""What overdue invoices of an agency change, as the pages of the desk and of its officers show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tecum.agencies import queries as agencies
from tecum.guide import saying
from tecum.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Late:
    """Since when, of whom, and what the guide changes."""

    whose: str
    since: date
    changes: tuple[str, ...]


def late(
    agency: str, *, whose: str, now: datetime, process: str = "", facts: Iterable[str] = ()
) -> Late | None:
    """Return what a page shows of arrears; nothing where none of the guide's rules holds."""
    found = agencies.arrears(agency=agency, at=now, process=process, facts=facts)
    since = agencies.overdue_since(agency)
    if found is None or since is None:
        return None
    return Late(whose, since, saying.changed_by_arrears(found.arrears, policy.at(now)))
