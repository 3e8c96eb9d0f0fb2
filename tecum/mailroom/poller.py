"""The IMAP door: takes a mailbox on another server message by message, raw, and remembers how far it came."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from imaplib import Internaldate2tuple
from time import mktime

import structlog
from django.db import close_old_connections
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from tecum.inbox import operations as inbox
from tecum.inbox.facts import Envelope
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused

Clock = Callable[[], datetime]
IDLE = 240.0  # seconds: well under the 29 minutes after which servers log off
PAUSES = (1.0, 5.0, 15.0, 60.0)  # seconds after faults that follow each other
BY = Actor.system("imap")
log = structlog.get_logger()


class NoMailbox(Refused):
    """The mailbox on the other server cannot be had."""


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox on another server, and the guide's mailbox that it is."""

    host: str
    port: int
    user: str
    password: str
    mailbox: str
    folder: str = "INBOX"
    security: str = "tls"  # tls, starttls or none

    @property
    def name(self) -> str:
        """Return what its mark is kept under."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


@contextmanager
def opened(account: Account) -> Iterator[BaseMailBox]:
    """Sign in; the mailbox is signed out of at the end."""
    kinds = {"tls": MailBox, "starttls": MailBoxStartTls, "none": MailBoxUnencrypted}
    if account.security not in kinds:
        raise NoMailbox("The security of an IMAP account is tls, starttls or none.")
    box = kinds[account.security](account.host, account.port, timeout=60)
    with box.login(account.user, account.password, initial_folder=account.folder) as signed_in:
        yield signed_in


def take_all(box: BaseMailBox, account: Account, *, clock: Clock) -> int:
    """
    Take every message that was not taken before, oldest first, and return how many.

    A message is marked as seen there, and passed over next time, only after it is safe with us.
    """
    validity = int(box.folder.status(account.folder)["UIDVALIDITY"])
    known, last = inbox.mark_of(account.name)
    if known != validity:
        last = 0  # the server numbered its messages anew; what we have already is recognised by its bytes
    fresh = sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*")) if uid > last)
    for uid in fresh:
        raw, came = _fetched(box, uid)
        if raw is not None:
            now = clock()
            inbox.receive(
                raw, envelope=Envelope(), door="imap", mailbox=account.mailbox, by=BY, now=now,
                arrived_at=min(came or now, now),
            )  # fmt: skip
        inbox.advance_mark(account.name, validity=validity, uid=uid, now=clock())
        box.client.uid("STORE", str(uid), "+FLAGS", r"(\Seen)")
    return len(fresh)


def keep_taking(account: Account, *, clock: Clock, stop: threading.Event, idle: float = IDLE) -> None:
    """Take what is there, wait for more, and sign in anew after a fault, until told to stop."""
    faults = 0
    while not stop.is_set():
        try:
            with opened(account) as box:
                while not stop.is_set():
                    close_old_connections()
                    take_all(box, account, clock=clock)
                    faults = 0
                    _wait(box, idle)
        except NoMailbox:
            raise
        except Exception:  # the network, the server, our database: what was not taken is still there
            log.exception("mail.poll_failed", faults=faults)
            stop.wait(PAUSES[min(faults, len(PAUSES) - 1)])
            faults += 1


def _wait(box: BaseMailBox, seconds: float) -> None:
    """Wait until the server says that something came, or for a while."""
    if "IDLE" in box.client.capabilities:
        box.idle.wait(timeout=seconds)
    else:
        threading.Event().wait(min(seconds, 30.0))


def _fetched(box: BaseMailBox, uid: int) -> tuple[bytes | None, datetime | None]:
    """Return the raw bytes of a message and when it came there; nothing for one that is gone meanwhile."""
    _status, answer = box.client.uid("FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")
    for piece in answer or ():
        if isinstance(piece, tuple) and len(piece) == 2:
            return bytes(piece[1]), _came(bytes(piece[0]))
    return None, None


def _came(head: bytes) -> datetime | None:
    if not re.search(rb'INTERNALDATE "', head):
        return None
    parsed = Internaldate2tuple(head)
    return datetime.fromtimestamp(mktime(parsed), UTC) if parsed else None
