"""
The LMTP and SMTP door, behind a real mail system. 250 means: the bytes are sealed on the disk and committed in the
database. Anything else means that the other side still has the message and will try again.
"""

import asyncio
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.db import close_old_connections

from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.addresses import accepts
from tecum.inbox.facts import Envelope
from tecum.inbox.operations.receiving import LARGEST
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy

Clock = Callable[[], datetime]
LONGEST_LINE = 4 << 20  # bytes: real mail has lines longer than any standard lets it
MOST_RECIPIENTS = 100
SECONDS = 300.0
log = structlog.get_logger()


class Smtp(SMTP):
    """SMTP that takes the long lines of real mail."""

    line_length_limit = LONGEST_LINE


class Lmtp(LMTP):
    """LMTP that owes one answer for each recipient after the data (RFC 2033, 4.2)."""

    line_length_limit = LONGEST_LINE
    owed = 0

    async def smtp_DATA(self, arg: str) -> None:
        """Take the data; the answers to it are as many as there were recipients."""
        self.owed = len(self.envelope.rcpt_tos) if self.envelope is not None else 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self.owed = 0

    async def push(self, status: Any) -> None:
        """Say something, as often as it is owed."""
        text = status.decode() if isinstance(status, bytes) else str(status)
        once = self.owed < 2 or text.startswith(("354", "501", "503"))
        await super().push(text if once else "\r\n".join([text] * self.owed))


@dataclass(
    frozen=True
)  # without slots: the library lists its members, and Python 3.11.2 cannot list those of slots
class Door:
    """What the two protocols ask of us."""

    name: str
    clock: Clock
    threads: ThreadPoolExecutor
    express: ThreadPoolExecutor  # for what looks like an emergency, and for the questions that cost nothing

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient of our domains, published or not; nobody's mail is relayed."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            loop = asyncio.get_running_loop()
            ours = await loop.run_in_executor(self.express, self._ours, address)
        except Exception:  # a guide that cannot be read: the other side keeps the message
            log.exception("mail.door_closed")
            return "451 4.3.5 Try again later"
        if not ours:
            return "550 5.7.1 This is no address of ours"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Any, envelope: Any) -> str:
        """Store the message, then say so. An emergency does not wait for what others brought before it (T10)."""
        peer = session.peer[0] if isinstance(session.peer, tuple) else ""
        said = Envelope(
            (envelope.mail_from or "").lower(), tuple(envelope.rcpt_tos), peer, session.host_name or ""
        )
        raw = bytes(envelope.original_content or b"")
        loop = asyncio.get_running_loop()
        pressing = await loop.run_in_executor(self.express, self._pressing, raw, said)
        return await loop.run_in_executor(self.express if pressing else self.threads, self._take, raw, said)

    def _ours(self, address: str) -> bool:
        close_old_connections()  # which guide is in force stands in the database
        return accepts(address, policy.at(self.clock()))

    def _pressing(self, raw: bytes, said: Envelope) -> bool:
        try:
            close_old_connections()
            return queries.is_pressing(raw, envelope=said, now=self.clock())
        except Exception:  # then it is taken in its turn, where the same fault is told to the other side
            log.exception("mail.not_looked_at")
            return False

    def _take(self, raw: bytes, said: Envelope) -> str:
        try:
            close_old_connections()
            here = inbox.receive(
                raw, envelope=said, door=self.name, by=Actor.system(self.name), now=self.clock()
            )
        except inbox.TooLarge:
            return "552 5.3.4 Larger than we can take"
        except Exception:  # whatever it was, the message is still the sender's, who tries again
            log.exception("mail.not_taken")
            close_old_connections()
            return "451 4.3.0 Not stored; try again later"
        return f"250 2.0.0 Stored as {here.reference}"


async def listen(
    protocol: str,
    where: socket.socket,
    *,
    clock: Clock,
    ready: Callable[[], None] = lambda: None,
    workers: int = 4,
) -> None:
    """Serve a bound socket until SIGTERM or SIGINT; what is being stored then is finished first."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    threads = ThreadPoolExecutor(workers, thread_name_prefix="mail-door")
    express = ThreadPoolExecutor(1, thread_name_prefix="mail-express")
    door = Door(protocol, clock, threads, express)
    kind = Lmtp if protocol == "lmtp" else Smtp

    def conversation() -> SMTP:
        return kind(
            door, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname=socket.gethostname(), ident="Tecum",
            timeout=SECONDS, loop=loop,
        )  # fmt: skip

    server = await loop.create_server(conversation, sock=where)
    ready()
    try:
        await stop.wait()
    finally:
        server.close()
        express.shutdown(wait=True)
        threads.shutdown(wait=True)
