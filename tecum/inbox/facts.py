"""What a message says, as frozen values that travel from the reader's process as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox in a header: the address in lower case, the name as shown, harmless."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """Return what stands behind the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Part:
    """
    One leaf of a message. `number` names it when it is fetched again; `sniffed` is what its first bytes say it is,
    whatever was declared. `signs` are what a reader must know before opening it; `fields` are the values of a PDF form.
    """

    number: str
    name: str
    declared: str
    sniffed: str
    size: int
    sha256: str
    attached: bool
    signs: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """An Authentication-Results header and how many Received headers stand above it."""

    text: str
    received_above: int


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says: about which of our messages, and what came of it."""

    end: str
    message_ids: tuple[str, ...]
    recipient: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the other side said outside the message: RFC 5321's sender ("" the null one, None not known) and more."""

    sender: str | None = None
    recipients: tuple[str, ...] = ()
    address: str = ""
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """One message, read. Everything in it was said by a stranger."""

    subject: str = ""
    senders: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    date: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    return_path: str | None = None
    auto_submitted: str = ""
    precedence: str = ""
    suppress: str = ""
    mailing_list: bool = False
    judged: tuple[Judged, ...] = ()
    received: tuple[str, ...] = ()
    text: str = ""
    parts: tuple[Part, ...] = ()
    nested: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    bounce: Bounce | None = None
    digest: str = ""  # of sender, text and attachments: two copies of one message have the same

    @property
    def sender(self) -> Address:
        """Return the one sender, or nobody."""
        return self.senders[0] if len(self.senders) == 1 else Address("")

    @property
    def refers_to(self) -> tuple[str, ...]:
        """Return the Message-IDs that it answers, each once."""
        return tuple(dict.fromkeys(each for each in (*self.references, self.in_reply_to) if each))

    @property
    def attachments(self) -> tuple[Part, ...]:
        """Return what was sent as a file."""
        return tuple(part for part in self.parts if part.attached)


@dataclass(frozen=True, slots=True)
class Authentication:
    """
    What is known about who really sent a message; evidence, never an identity (decisions, part E).

    `verdict`: aligned (a pass that belongs to the sender's domain), unaligned (passes, but others'), failed, none.
    """

    verdict: str = "none"
    spf: str = "none"
    dkim: str = "none"
    by: str = ""
    domains: tuple[str, ...] = field(default=())


def as_json(facts: Facts) -> dict[str, Any]:
    """Return facts as JSON knows them."""
    return asdict(facts)


def from_json(given: dict[str, Any]) -> Facts:
    """Return facts that `as_json` wrote."""
    read = dict(given)
    for name in ("senders", "to", "cc", "reply_to"):
        read[name] = tuple(Address(**each) for each in read.get(name, ()))
    read["judged"] = tuple(Judged(**each) for each in read.get("judged", ()))
    read["parts"] = tuple(_part(each) for each in read.get("parts", ()))
    for name in ("references", "received", "nested", "signs"):
        read[name] = tuple(read.get(name, ()))
    if bounce := read.get("bounce"):
        read["bounce"] = Bounce(**{**bounce, "message_ids": tuple(bounce["message_ids"])})
    return Facts(**read)


def _part(given: dict[str, Any]) -> Part:
    tuples = {name: tuple(given.get(name, ())) for name in ("signs", "names")}
    fields = tuple((name, value) for name, value in given.get("fields", ()))
    return Part(**{**given, **tuples, "fields": fields})
