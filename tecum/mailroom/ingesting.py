"""The file door: a message, an mbox, or an Outlook message, from a file or a pipe."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tecum.inbox import operations as inbox
from tecum.inbox.facts import Envelope
from tecum.inbox.operations import Received
from tecum.kernel.actors import Actor

OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARTING = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]+\r?\n")
QUOTED = re.compile(rb"(?m)^>(>*From )")


@dataclass(frozen=True, slots=True)
class Found:
    """One message in a file."""

    raw: bytes
    form: str = "mail"


def messages(content: bytes) -> Iterator[Found]:
    """Yield the messages of a file: one, one of Outlook's, or those of an mbox (with its quoted From lines restored)."""
    if content.startswith(OUTLOOK):
        yield Found(content, "outlook")
    elif content.startswith(b"From "):
        starts = [match.span() for match in PARTING.finditer(content)]
        ends = [start for start, _ in starts[1:]] + [len(content)]
        for (_, begin), end in zip(starts, ends, strict=True):
            yield Found(QUOTED.sub(rb"\1", content[begin:end]))
    elif content.strip():
        yield Found(content)


def ingest(content: bytes, *, to: str, mailbox: str, by: Actor, now: datetime) -> list[Received]:
    """Take every message of a file in. :raises TooLarge: for one that is larger than any may be"""
    envelope = Envelope(None, (to,) if to else ())
    return [
        inbox.receive(
            found.raw, envelope=envelope, door="file", by=by, now=now, form=found.form, mailbox=mailbox
        )
        for found in messages(content)
    ]
