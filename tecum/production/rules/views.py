"""What pages are shown of productions: frozen rows."""

from dataclasses import dataclass
from datetime import datetime

from tecum.production.rules.facts import Inputs
from tecum.production.states import OUT, HandoverState, ProductionState, Way
from tecum.records.rules.scope import Scope


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whom a release is for: accounts by their reference, and whether the address on file."""

    people: tuple[str, ...] = ()
    address: str = ""

    @property
    def nobody(self) -> bool:
        """Tell whether nobody is named."""
        return not self.people and not self.address


@dataclass(frozen=True, slots=True)
class DownloadView:
    """One fetching."""

    at: datetime
    by: str
    receipt: str


@dataclass(frozen=True, slots=True)
class HandoverView:
    """One handing over as staff see it; the link itself is never shown again."""

    id: str
    way: Way
    person: str
    address: str
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    downloads_left: int
    state: HandoverState
    ended_at: datetime | None
    downloads: tuple[DownloadView, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One production in a list; it tells nothing of what it is about."""

    id: str
    reference: str
    case: str
    case_reference: str
    matter: str
    agency: str
    ordinal: int
    state: ProductionState
    prepared_at: datetime
    prepared_by: str
    made_at: datetime | None
    released_at: datetime | None
    released_by: str
    ended_at: datetime | None
    ended_by: str
    size: int

    @property
    def out(self) -> bool:
        """Tell whether it can be handed over."""
        return self.state in OUT


@dataclass(frozen=True, slots=True)
class Opened:
    """One production with what is under its seal."""

    line: Line
    inputs: Inputs
    scope: Scope
    scope_digest: str
    kind: str
    sha256: str
    manifest: str
    receipt: str
    supplements: str
    why: str
    wanted: Receivers
    receivers: Receivers
    handovers: tuple[HandoverView, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A production that an officer may fetch, or fetched."""

    id: str
    reference: str
    case_reference: str
    kind: str
    sha256: str
    size: int
    made_at: datetime
    expires_at: datetime
    downloads_left: int
    state: HandoverState
    files: tuple[tuple[str, str], ...]
    receipt: str
    process: str
    downloads: tuple[DownloadView, ...]

    @property
    def open(self) -> bool:
        """Tell whether it can be fetched."""
        return self.state is HandoverState.OPEN


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one identity ever got, for the rewind of an account."""

    production: str
    reference: str
    case_reference: str
    matter: str
    at: datetime
    receipt: str
    sha256: str
    numbers: tuple[str, ...]
    products: tuple[str, ...]
