"""When a notice is tried again, whether a message may be answered automatically, and how an address is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tecum.guide.model.mail import Retries
from tecum.kernel import numbers
from tecum.kernel.refusals import Refused
from tecum.notices.states import AttemptEnd, NoticeChannel

LEASE = timedelta(minutes=5)  # longer than the longest honest conversation: see drivers.smtp.PATIENCE
REMEMBERED = timedelta(days=7)  # RFC 3834, 2: how long one conversation is remembered by its subject alone

CHALLENGE = "webhook.challenge"  # what proves an address before it is told anything

_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_ADDRESS = re.compile(r"[^\s@<>\x00-\x1f\x7f\"(),:;\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_REPLY_MARK = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|tr|sv|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of office|undeliverable)"
    r"(?:\[\d+\])?\s*:\s*)+",
    re.I,
)
_UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_NOBODY = frozenset(
    {
        "mailer-daemon",
        "postmaster",
        "listserv",
        "majordomo",
        "noreply",
        "no-reply",
        "donotreply",
        "do-not-reply",
    }
)
_BULK = frozenset({"bulk", "list", "junk"})


class NoAddress(Refused):
    """What a notice was to be sent to is no address of any channel."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a notice goes: a mail address, ten digits of a fax, or the id of a hook of the guide."""

    channel: NoticeChannel
    address: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    What the manners of RFC 3834 ask about a message that might be answered.

    `sender` is the address of its only From line, `return_path` the envelope's sender ("" for the null one).
    `authenticated` tells whether the From line's domain is proven (DMARC-aligned SPF or DKIM). `mark` is our own name of
    the message, which stands for its conversation where it has no Message-ID.
    """

    sender: str
    return_path: str
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""
    auto_submitted: str = ""
    precedence: str = ""
    list_headers: bool = False
    suppress: str = ""  # X-Auto-Response-Suppress
    authenticated: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: the other side's code and words, as far as it said any."""

    end: AttemptEnd
    code: str = ""
    words: str = ""


def destination(to: str) -> Destination:
    """
    Read where a notice goes: `somebody@agency.example`, `fax:2925550142`, `sms:…`, `call:…`, `pager:ID` or `webhook:ID`.

    A pager's id and what it is told to whom are told apart by a slash: `pager:bridge/team-two`.

    :raises NoAddress: when it is none of these
    """
    kind, colon, rest = to.partition(":")
    if colon and kind == "fax":
        try:
            return Destination(NoticeChannel.FAX, numbers.read(rest))
        except numbers.NotANumber as reason:
            raise NoAddress(f"That fax number cannot be used: {reason}") from None
    if colon and kind in {"sms", "call"}:
        try:
            return Destination(NoticeChannel(kind), numbers.read(rest))
        except numbers.NotANumber as reason:
            raise NoAddress(f"That telephone number cannot be used: {reason}") from None
    if colon and kind == "pager" and rest:
        return Destination(NoticeChannel.PAGER, rest)
    if colon and kind == "webhook" and rest:
        return Destination(NoticeChannel.WEBHOOK, rest)
    if not is_address(to):
        raise NoAddress("That is no e-mail address.")
    return Destination(NoticeChannel.MAIL, to)


def is_address(text: str) -> bool:
    """Tell whether a text is one plain mail address, fit to stand in an envelope and a header."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and ".." not in text


def domain_of(address: str) -> str:
    """Return the domain of a mail address in lower case."""
    return address.rpartition("@")[2].lower()


def pause(retries: Retries, attempts: int, *, urgent: bool = False) -> timedelta:
    """Return how long to wait after so many attempts: the guide's first pause, doubled each time up to its longest; a page's own."""
    if urgent:
        return timedelta(seconds=retries.page)
    doubled = timedelta(seconds=retries.first) * (1 << max(0, min(attempts, 16) - 1))
    return min(doubled, retries.longest.elapsed)


def gives_up(retries: Retries, *, enqueued_at: datetime, now: datetime, urgent: bool = False) -> bool:
    """Tell whether a notice that still cannot be delivered is given to a person; a page soon gives its time to others."""
    return now - enqueued_at >= (retries.page_for if urgent else retries.tried_for).elapsed


def message_ids(*texts: str) -> tuple[str, ...]:
    """Return the message ids that may stand in a header of ours, in order, each once; anything else is left out."""
    found = [match for text in texts for match in _ID.findall(text)]
    return tuple(dict.fromkeys(found))[-20:]


def one_line(text: str, most: int = 200) -> str:
    """Return a text fit for a header: one line, nothing unseen, not too long."""
    return " ".join(_UNSEEN.sub(" ", text).split())[:most]


def seen(text: str) -> str:
    """Return a text of several lines without characters that are not seen."""
    return "\n".join(_UNSEEN.sub(" ", line).rstrip() for line in text.splitlines())


def bare_subject(subject: str) -> str:
    """Return a subject without the marks of replies and forwards, in lower case."""
    return one_line(_REPLY_MARK.sub("", one_line(subject))).casefold()


def conversation(incoming: Incoming) -> str:
    """Return what a message's conversation is called: its first message, as far as it says which that was."""
    thread = message_ids(*incoming.references, incoming.in_reply_to, incoming.message_id)
    return thread[0] if thread else incoming.mark


def why_not(incoming: Incoming, *, own: frozenset[str]) -> str:
    """
    Say why a message must not be answered automatically, "" when it may be (RFC 3834, 2; control 11).

    `own` holds our own addresses in lower case: two of our mailboxes never answer each other.
    """
    return _of_the_sender(incoming, own) or _of_the_headers(incoming)


def reply_address(incoming: Incoming) -> str:
    """
    Return where the answer goes: the From address when it is proven or agrees with the envelope, else the envelope's
    sender (RFC 3834, 4), so that a forged From line makes us write to nobody but the forger.
    """
    aligned = domain_of(incoming.sender) == domain_of(incoming.return_path)
    return incoming.sender if incoming.authenticated or aligned else incoming.return_path


def _of_the_sender(incoming: Incoming, own: frozenset[str]) -> str:
    path = incoming.return_path.strip("<> ")
    if not path:
        return "it came with a null return path, as reports and automatic messages do"
    if not is_address(incoming.sender) or not is_address(path):
        return "it has no single sender's address"
    if {incoming.sender.lower(), path.lower()} & own:
        return "it came from an address of our own"
    local = path.rpartition("@")[0].lower()
    name = incoming.sender.rpartition("@")[0].lower()
    if {local, name} & _NOBODY or local.startswith("owner-") or local.endswith(("-request", "-bounces")):
        return "it came from an address that nobody reads"
    return ""


def _of_the_headers(incoming: Incoming) -> str:
    submitted = incoming.auto_submitted.partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "it says that it is automatic itself"
    if incoming.list_headers or incoming.precedence.strip().lower() in _BULK:
        return "it came through a mailing list"
    wanted = {word.strip().lower() for word in incoming.suppress.split(",")}
    if wanted & {"all", "autoreply"}:
        return "it asks for no automatic answer"
    return ""


MOST_ATTACHED = 10 << 20  # bytes of all files of one message: what the mail systems of agencies commonly take


@dataclass(frozen=True, slots=True)
class Attached:
    """A stored file that goes with a message. Its bytes are read by whoever delivers, and held against the hash."""

    name: str
    file: str
    sha256: str
    size: int
    media_type: str

    def as_data(self) -> list[object]:
        """Return what the row keeps."""
        return [self.name, self.file, self.sha256, self.size, self.media_type]

    @classmethod
    def read(cls, data: Sequence[Any]) -> "Attached":
        """Return what a row keeps."""
        name, file, sha256, size, media_type = data
        return cls(str(name), str(file), str(sha256), int(size), str(media_type))
