"""What a consent reaches, and where a customer stands in the campaign."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tecum.customers.states import Basis, CampaignState, CampaignStep, ConsentScope

Ranges = Sequence[tuple[str, str]]
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


@dataclass(frozen=True)
class Card:
    """A version of a contact card, as doors see it (R-020)."""

    id: str
    customer: str
    version: int
    state: str
    legal_name: str
    address: str
    contact_person: str
    phone: str
    email: str
    website: str
    proposed_at: datetime
    proposed_by: str
    confirmed_at: datetime | None
    confirmed_by: str
    confirmed_how: str
    decided_at: datetime | None
    decided_by: str
    reason: str

    @property
    def since(self) -> datetime:
        """Return since when the card stands as it does, for "as known since …" beside a hit."""
        return self.decided_at or self.proposed_at


@dataclass(frozen=True)
class CustomerView:
    """A wholesale customer, as doors see it; `name` is that of the card in force."""

    id: str
    name: str
    is_carrier: bool
    standing: str
    standing_since: datetime
    standing_reason: str
    created_at: datetime
    remind_at: date | None


@dataclass(frozen=True)
class ConsentView:
    """A version of a consent with its evidence, as doors see it."""

    id: str
    customer: str
    version: int
    state: str
    bases: tuple[Basis, ...]
    scope: ConsentScope
    account: str
    ranges: tuple[tuple[str, str], ...]
    medium: str
    signer_name: str
    signer_title: str
    document: str
    document_name: str
    document_sha256: str
    given_at: datetime
    given_by: str
    good_until: datetime | None
    ended_at: datetime | None
    ended_by: str
    ended_reason: str


@dataclass(frozen=True)
class CampaignRow:
    """Where one customer stands in the pursuit of consents (R-035)."""

    customer: str
    name: str
    state: CampaignState
    last_step: str
    last_at: datetime | None
    remind_at: date | None
    scope: ConsentScope | None
    ranges: tuple[tuple[str, str], ...]
    consent_since: datetime | None

    def due(self, today: date) -> bool:
        """Tell whether it is time to turn to this customer again."""
        return self.remind_at is not None and self.remind_at <= today


@dataclass(frozen=True)
class NoteView:
    """One thing done to win a customer's consent."""

    at: datetime
    by: str
    step: str
    text: str


@dataclass(frozen=True)
class Paper:
    """A document handed in as proof of a consent."""

    name: str
    media_type: str
    content: bytes


BASIS_WORDS: dict[Basis, str] = {
    Basis.CPNI_OPT_IN: (
        "disclosure of our customer proprietary network information, namely that a number is ours, since when, and how "
        "we are reached (47 USC 222(c)(1), 47 CFR 64.2007: opt-in approval)"
    ),
    Basis.CARRIER_INFORMATION: (
        "use for this purpose of what we, as a carrier, told the carrier to obtain its service (47 USC 222(b))"
    ),
    Basis.STORED_RECORDS: (
        "disclosure of that record to a governmental entity, as the customer it concerns (18 USC 2702(c)(2))"
    ),
}


def statement(
    *,
    name: str,
    bases: Collection[Basis],
    scope: ConsentScope,
    ranges: Ranges,
    account: str,
    good_until: datetime | None,
) -> str:
    """Return the words a customer agrees to on screen; these very words are kept as the evidence."""
    reach = {
        ConsentScope.ALL: "every number the carrier has assigned to us now or later",
        ConsentScope.ACCOUNT: f"the numbers of our account {account} listed below",
        ConsentScope.RANGES: "the numbers listed below",
    }[scope]
    until = f"until {good_until:%Y-%m-%d %H:%M} UTC" if good_until else "until we withdraw or limit it"
    lines = [f"{name} agrees, for {reach} and {until}, to:"]
    lines += [f"- {BASIS_WORDS[basis]};" for basis in Basis if basis in bases]
    lines += [f"- {first} to {last}" for first, last in (() if scope is ConsentScope.ALL else ranges)]
    lines.append(
        "The carrier may show this to vetted law-enforcement users of its portal who look a number up, and records every "
        "such disclosure. Refusing or withdrawing does not affect the service. We may withdraw at any time; withdrawal "
        "takes effect at once."
    )
    return "\n".join(lines)
