"""Papers out of a message or an upload: the bytes, a harmless copy, the text layer; each sealed on the disk at once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tecum.documents import operations as documents
from tecum.documents.operations import Kept
from tecum.inbox import queries as inbox
from tecum.inbox.drivers.reader import NoSuchPart, Reader, Unreadable
from tecum.inbox.facts import Facts, Part

LARGEST = 25 << 20
MOST = 20
PDF = "application/pdf"


class TooLarge(Exception):
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
    """Return one paper that a person brought. :raises TooLarge: for what is larger than 25 MiB"""
    if len(content) > LARGEST:
        raise TooLarge
    try:
        media_type, _ = reader.paper(content, "itself")
    except (NoSuchPart, Unreadable):
        media_type = "application/octet-stream"
    kept = documents.put(content, matter=matter)
    return _made(content, "", "file", name, source, media_type, kept, reader)


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
    copy = text = None
    copy_type, pages, why = "", 0, ""
    try:
        if media_type == PDF or media_type.startswith("image/"):
            copy_type, made = reader.paper(raw, "copy", number=number, form=form)
            copy = documents.put(made, matter=kept.matter)
        if media_type == PDF:
            _, layer = reader.paper(raw, "text", number=number, form=form)
            said = json.loads(layer)
            pages, why = said.get("count", 0), "locked" if said["locked"] else ""
            text = documents.put(layer, matter=kept.matter)
    except NoSuchPart:
        why = "no copy"
    except Unreadable as fault:
        why = fault.reason
    return Taken(name, source, media_type, kept, copy, copy_type, text, pages, why)
