"""Mail servers on loopback that behave as real ones do on a bad day."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[["Peer", Envelope], str]


@dataclass
class Arrived:
    """One message as it came through the wire."""

    envelope_from: str
    to: list[str]
    raw: bytes

    @property
    def parsed(self) -> Message:
        return message_from_bytes(self.raw, policy=compat32)

    @property
    def id(self) -> str:
        return str(self.parsed["Message-ID"]).strip()

    def part(self, kind: str) -> str:
        part = next(part for part in self.parsed.walk() if part.get_content_type() == kind)
        text = (part.get_payload(decode=True) or b"").decode(str(part.get_content_charset() or "utf-8"))
        return text.replace("\r\n", "\n")


def accept(_peer: "Peer", _envelope: Envelope) -> str:
    return "250 2.0.0 kept"


@dataclass
class Peer:
    """A server that keeps what it got and answers as `answer` says; `rcpt` answers RCPT TO."""

    answer: Answer = accept
    rcpt: str = "250 OK"
    arrived: list[Arrived] = field(default_factory=list)
    address: str = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.arrived.append(Arrived(envelope.mail_from or "", list(envelope.rcpt_tos), raw))
        said = self.answer(self, envelope)
        if said == "die":  # the wire is cut after the message was taken, before the answer
            assert server.transport is not None
            server.transport.abort()
            return "250 never heard"
        return said


@contextlib.contextmanager
def serving(peer: Peer) -> Iterator[Peer]:
    """Let a peer listen on a free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(peer, hostname="127.0.0.1", port=port)
    controller.start()
    peer.address = f"smtp://127.0.0.1:{port}"
    try:
        yield peer
    finally:
        controller.stop()
