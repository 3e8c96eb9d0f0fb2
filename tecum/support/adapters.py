"""What was said in a thread, in and out of its seal."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from tecum.secrecy import operations as secrecy
from tecum.support.models import SupportEntry, SupportThread
from tecum.support.states import EntryKind


@dataclass(frozen=True, slots=True)
class Opening:
    """Who asked, and about what. `number` is where a caller can be reached; `references` is the mail's thread."""

    name: str = ""
    address: str = ""
    number: str = ""
    subject: str = ""
    last_message_id: str = ""
    references: tuple[str, ...] = ()


def seal(row: SupportThread, opening: Opening) -> None:
    """Put what a thread begins with under its seal."""
    row.opening = _sealed(row, "opening", json.dumps(asdict(opening)))


def opening(row: SupportThread) -> Opening:
    """Return what a thread began with. :raises Destroyed: when its retention is over"""
    said = json.loads(_opened(row, "opening", bytes(row.opening)))
    return Opening(**{**said, "references": tuple(said["references"])})


def add(
    row: SupportThread,
    kind: EntryKind,
    *,
    at: datetime,
    by: str,
    text: str = "",
    message: str = "",
    notice: str = "",
    proven: bool = False,
) -> SupportEntry:
    """Write one more thing into a thread."""
    return SupportEntry.objects.create(
        thread=row, kind=kind, at=at, by=by, message=message, notice=notice, proven=proven,
        text=_sealed(row, "entry", text) if text else b"",
    )  # fmt: skip


def said(row: SupportThread, entry: SupportEntry) -> str:
    """Return the text of an entry."""
    return _opened(row, "entry", bytes(entry.text)) if entry.text else ""


def fingerprint(address: str) -> str:
    """Return a mark that tells whether two requests came from one address, and nothing else."""
    return secrecy.fingerprint(address.lower().encode(), purpose="support") if address else ""


def _sealed(row: SupportThread, what: str, text: str) -> bytes:
    return secrecy.seal_bytes(text.encode(), matter=row.matter, about=f"support {row.pk} {what}")


def _opened(row: SupportThread, what: str, sealed: bytes) -> str:
    return secrecy.read_bytes(sealed, matter=row.matter, about=f"support {row.pk} {what}").decode()
