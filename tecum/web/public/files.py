"""The files for applicants and agencies, made from the guide in force and kept until it changes: a PDF takes a second to print."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tecum.agencies.states import SUBDIVISIONS
from tecum.documents import printing
from tecum.documents.drivers import pdf
from tecum.documents.guide import pages
from tecum.guide.model.guide import Guide
from tecum.web.public import manual

APPLICATION, GUIDE, MANUAL = "application-form.pdf", "guide.pdf", "user-guide.pdf"
OURS = {"receipt"}  # filled in by the carrier and sent: not for anybody to take


@dataclass(slots=True)
class _Shelf:
    """What was printed of one guide on one day; one file is printed at a time."""

    guide: Guide | None = None
    on: date | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_shelf = _Shelf()


def _application(guide: Guide, _on: date) -> bytes:
    return printing.application_form(
        guide, subdivisions={str(land): parts for land, parts in SUBDIVISIONS.items()}
    )


def _guide(guide: Guide, on: date) -> bytes:
    return pdf.render(pages.page(guide, on, "guide", fonts=pdf.faces()))


MAKERS: dict[str, Callable[[Guide, date], bytes]] = {
    APPLICATION: _application,
    GUIDE: _guide,
    MANUAL: manual.as_pdf,
}


def published(guide: Guide, on: date) -> tuple[tuple[str, str], ...]:
    """Return the carrier's forms that agencies fill in: the file's name and the title."""
    forms = [form for form in printing.printable(guide, on) if form.kind not in OURS]
    return tuple(
        (f"form-{form.id}.pdf", f"{form.title} ({form.label})" if form.label else form.title)
        for form in forms
    )


def offered(name: str, guide: Guide, on: date) -> bool:
    """Tell whether there is a file of that name."""
    return name in MAKERS or name in {one for one, _ in published(guide, on)}


def _made(name: str, guide: Guide, on: date) -> bytes:
    if name in MAKERS:
        return MAKERS[name](guide, on)
    return printing.blank(guide, name.removeprefix("form-").removesuffix(".pdf"), on=on)


def file(name: str, guide: Guide, on: date) -> bytes:
    """
    Return a file that is `offered`.

    :raises NotInGuide: for a name that is none of them, or a file that this carrier does not publish
    :raises NoPrinter: where this machine lacks the libraries that print
    """
    with _shelf.lock:
        if _shelf.guide is not guide or _shelf.on != on:
            _shelf.guide, _shelf.on, _shelf.files = guide, on, {}
        if name not in _shelf.files:
            _shelf.files[name] = _made(name, guide, on)
        return _shelf.files[name]
