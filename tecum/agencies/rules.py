"""What an entry of the directory must be like."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.agencies.states import SUBDIVISIONS, Country, Standing

FRESH_FOR = timedelta(
    hours=72
)  # assurance control 5: a number changed within 72 h needs a second independent source


def place(*, country: str, subdivision: str) -> str | None:
    """Say in a sentence what is wrong with a place, None if it is a state or province of the two countries (R-001)."""
    if country not in set(Country):
        return "Only agencies of the United States and Canada may be entered."
    if subdivision not in SUBDIVISIONS[Country(country)]:
        return f"'{subdivision}' is no state, territory or province of {'the United States' if country == Country.US else 'Canada'}."
    return None


def domain_of(address: str) -> str:
    """Return the domain of a mail address, lower case, empty if there is none."""
    return address.rpartition("@")[2].strip().lower() if "@" in address else ""


def is_domain(text: str) -> bool:
    """Tell whether a text can be a mail domain: labels with at least one dot between them."""
    labels = text.split(".")
    return len(labels) > 1 and all(
        label and label.replace("-", "").isalnum() and label.isascii() for label in labels
    )


def fresh(*, confirmed_at: datetime, now: datetime) -> bool:
    """Tell whether a call-back number is too new to stand alone."""
    return now < confirmed_at + FRESH_FOR


@dataclass(frozen=True)
class NumberView:
    """A call-back number of the directory, as doors see it."""

    id: str
    number: str
    label: str
    source: str
    proposed_at: datetime
    proposed_by: str
    confirmed_at: datetime | None
    confirmed_by: str

    @property
    def waits(self) -> bool:
        """Tell whether a second person has yet to confirm it."""
        return self.confirmed_at is None


@dataclass(frozen=True)
class ContactView:
    """A person whom an agency names for the subjects of one desk of ours."""

    id: str
    agency: str
    desk: str
    name: str
    title: str
    email: str
    phone: str
    source: str
    proposed_by: str
    confirmed_at: datetime | None
    confirmed_by: str

    @property
    def waits(self) -> bool:
        """Tell whether a second person has yet to confirm it."""
        return self.confirmed_at is None


def honoured(register: Iterable[ContactView], *, desk: str, way: str) -> bool:
    """
    Tell whether somebody reached at `way` (a mail address, or ten digits) speaks for an agency in a desk's subjects (R-074).

    Only confirmed names count, and each only for its own subject. A case that no desk has yet is open to the names of
    every desk.
    """
    named = [each for each in register if not each.waits]
    said = way.strip().casefold()
    return bool(said) and any(
        said in {each.email.casefold(), each.phone} for each in named if not desk or each.desk == desk
    )


@dataclass(frozen=True)
class AgencyView:
    """An agency of the directory, as doors see it."""

    id: str
    name: str
    type: str
    country: str
    subdivision: str
    address: str
    switchboard: str
    ori: str
    standing: str
    standing_since: datetime
    standing_by: str
    standing_reason: str
    created_at: datetime
    domains: tuple[str, ...] = ()
    call_back_numbers: tuple[NumberView, ...] = ()

    @property
    def suspended(self) -> bool:
        """Tell whether its people are kept out."""
        return self.standing == Standing.SUSPENDED


def place_name(*, country: str, subdivision: str) -> str:
    """Return a place in words: `Ohio, United States`."""
    land = Country(country)
    return f"{SUBDIVISIONS[land].get(subdivision, subdivision)}, {'United States' if land is Country.US else 'Canada'}"
