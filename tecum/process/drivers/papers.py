"""Papers out of a message or an upload: the bytes, a harmless copy, the text layer; each sealed on the disk at once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tecum.documents import operations as documents
from tecum.documents.operations import Kept
from tecum.inbox import queries as inbox
from tecum.inbox.drivers.reader import NoSuchPart, Reader, Unreadable
from tecum.inbox.facts import Facts, Part
from tecum.kernel.refusals import Refused

LARGEST = 25 << 20  # the largest that is read: its copy and its text are made
HEAVIEST = 80 << 20  # the largest that is taken from a hand: above `LARGEST` it is kept unread
MOST = 20
PDF = "application/pdf"


class TooLarge(Refused):
    """A paper larger than any that is taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One paper on the disk, and what could be made of it; `why` says why it has no copy or text."""

    name: str
    source: str
    media_type: str
    kept: Kept
    copy: Kept | None = None
    copy_type: str = ""
    text: Kept | None = None
    pages: int = 0
    why: str = ""


def of_message(message: str, *, matter: str, reader: Reader) -> list[Taken]:
    """Return the papers of a message, the words of the message itself as the last, sealed under another matter."""
    raw, content = inbox.raw(message), inbox.content(message)
    form = inbox.message(message).form
    found = [
        _taken(raw, part, message, form=form, matter=matter, reader=reader)
        for part in _papers(content.facts)
        if part.size <= LARGEST
    ]
    if content.facts.text.strip():
        body = documents.put(content.facts.text.encode(), matter=matter)
        layer = documents.put(json.dumps(as_layer(content.facts.text)).encode(), matter=matter)
        found.append(Taken("message.txt", f"{message}/text", "text/plain", body, text=layer, pages=1))
    return found


def of_upload(content: bytes, name: str, *, matter: str, source: str, reader: Reader) -> Taken:
    """
    Return one paper that a person brought; above 25 MiB it is kept as it came, without a copy or a text.

    :raises TooLarge: for what is larger than 80 MiB
    """
    if len(content) > HEAVIEST:
        raise TooLarge("A paper of more than 80 MB is not taken: scan it in parts, or in black and white.")
    try:
        media_type, _ = (
            reader.paper(content, "itself") if len(content) <= LARGEST else ("application/octet-stream", b"")
        )
    except (NoSuchPart, Unreadable):
        media_type = "application/octet-stream"
    kept = documents.put(content, matter=matter)
    if len(content) > LARGEST:
        return Taken(name, source, media_type, kept, why="too large")
    return _made(content, "", "file", name, source, media_type, kept, reader)


def told(paper: Taken) -> str:
    """Return what a person is told of a paper that was kept: what could be made of it, and what could not."""
    if paper.why == "locked":
        return "It is locked with a password: it is kept as it came. Ask the agency for one that opens."
    if paper.why == "too large":
        return "It is larger than 25 MB: it is kept as it came, and nothing was read from it."
    if paper.why or paper.copy is None:
        return "It is no PDF or picture that can be shown safely: it is kept as it came."
    if paper.text is None or not paper.pages:
        return "It has no text that a machine can read: a person reads it."
    return ""


def as_layer(text: str) -> dict[str, object]:
    """Return a plain text as a text layer of one page, so that values are suggested from it too."""
    lines = [
        {"x": 40.0, "y": 40.0 + 14 * place, "w": 7.0 * len(line), "h": 14.0, "text": line[:1_000]}
        for place, line in enumerate(text.splitlines()[:400])
        if line.strip()
    ]
    return {"locked": False, "pages": [{"w": 612.0, "h": max(792.0, 80.0 + 14 * len(lines)), "lines": lines}]}


def _papers(facts: Facts) -> Iterator[Part]:
    """Yield what was sent as a file, and pictures in the text as telephones send them; no logo is so large."""
    papers = [
        part
        for part in facts.parts
        if part.attached or (part.sniffed.startswith("image/") and part.size > 20_000)
    ]
    yield from papers[:MOST]


def _taken(raw: bytes, part: Part, message: str, *, form: str, matter: str, reader: Reader) -> Taken:
    _, content = reader.paper(raw, "itself", number=part.number, form=form)
    kept = documents.put(content, matter=matter)
    source, name = f"{message}/{part.number}", part.name or f"part {part.number}"
    return _made(raw, part.number, form, name, source, part.sniffed, kept, reader)


def _made(
    raw: bytes, number: str, form: str, name: str, source: str, media_type: str, kept: Kept, reader: Reader
) -> Taken:
    copy, copy_type, why = _copied(raw, number, form, media_type, kept, reader)
    text, pages = None, 0
    if media_type == PDF:
        try:
            _, layer = reader.paper(raw, "text", number=number, form=form)
            said = json.loads(layer)
            pages, why = said.get("count", 0), "locked" if said["locked"] else why
            text = documents.put(layer, matter=kept.matter)
        except NoSuchPart:
            why = why or "no copy"
        except Unreadable as fault:
            why = why or fault.reason
    return Taken(name, source, media_type, kept, copy, copy_type, text, pages, why)


def _copied(
    raw: bytes, number: str, form: str, media_type: str, kept: Kept, reader: Reader
) -> tuple[Kept | None, str, str]:
    """Return a harmless copy with its type, or why there is none. A locked PDF has none, and its text says so."""
    if media_type != PDF and not media_type.startswith("image/"):
        return None, "", ""
    try:
        copy_type, made = reader.paper(raw, "copy", number=number, form=form)
    except NoSuchPart:
        return None, "", "no copy"
    except Unreadable as fault:
        return None, "", fault.reason
    return documents.put(made, matter=kept.matter), copy_type, ""
