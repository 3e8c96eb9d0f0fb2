"""Copies for the eyes: without scripts, actions and hidden data. The original stays as it came. In the reader's process."""

import io
from typing import Any

import pikepdf
from PIL import Image

from tecum.inbox.drivers.sniffing import PDF

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp", "image/tiff"})
WIDEST = 2_000  # pixels
Image.MAX_IMAGE_PIXELS = 80_000_000
ROOT_ACTIONS = (
    "/OpenAction",
    "/AA",
    "/Names",
    "/Outlines",
    "/Collection",
    "/URI",
    "/Threads",
    "/Metadata",
    "/PieceInfo",
)
ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


class NoCopy(Exception):
    """Of this file no harmless copy can be made."""


def copy(content: bytes, media_type: str) -> tuple[str, bytes]:
    """
    Return the type and bytes of a harmless copy.

    :raises NoCopy: for a type of which none is made, or a file that is damaged
    """
    try:
        if media_type == PDF:
            return PDF, _pdf(content)
        if media_type in PICTURES:
            return "image/png", _picture(content)
    except MemoryError:
        raise
    except Exception as fault:  # the libraries raise what they like on damaged files
        raise NoCopy(type(fault).__name__) from fault
    raise NoCopy("type")


def _picture(content: bytes) -> bytes:
    """Draw the first frame anew, at most 2,000 pixels wide and high: nothing but its pixels survives."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.thumbnail((WIDEST, WIDEST))
        plain = picture.convert("RGB")
        made = io.BytesIO()
        Image.frombytes("RGB", plain.size, plain.tobytes()).save(made, "PNG")
        return made.getvalue()


def _pdf(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for name in ROOT_ACTIONS:
            if name in pdf.Root:
                del pdf.Root[name]
        form = pdf.Root.get("/AcroForm")
        if form is not None:
            _quiet_form(form)
        for page in pdf.pages:
            _quiet_page(page.obj)
        made = io.BytesIO()
        pdf.save(made, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return made.getvalue()


def _quiet_form(form: Any) -> None:
    if "/XFA" in form:
        del form["/XFA"]
    waiting = list(form.get("/Fields", ()))[:2_000]
    for field in waiting:
        for name in ("/A", "/AA"):
            if name in field:
                del field[name]


def _quiet_page(page: Any) -> None:
    if "/AA" in page:
        del page["/AA"]
    if "/Annots" not in page:
        return
    kept = []
    for annotation in page.Annots:
        if str(annotation.get("/Subtype", "")) in ANNOTATIONS:
            continue
        for name in ("/A", "/AA", "/PA"):
            if name in annotation:
                del annotation[name]
        kept.append(annotation)
    page.Annots = pikepdf.Array(kept)
