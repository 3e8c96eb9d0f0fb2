"""What a file really is, and what whoever opens it must know. Runs in the reader's process only."""

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from typing import Any

import filetype
import pikepdf

from tecum.inbox.drivers import harmless

PDF = "application/pdf"
ZIP = "application/zip"
TNEF = "application/ms-tnef"
HEAD = 8_192
MOST_FIELDS, MOST_NAMES, LONGEST_VALUE = 120, 200, 2_000
BOMB = 200  # times larger inside than outside
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|OpenAction|AA|EmbeddedFile|RichMedia|XFA)\b")
LEADS: tuple[tuple[bytes, str], ...] = (
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/x-msdownload"),
    (b"#!", "text/x-script"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    (b"-----BEGIN PKCS7", "application/pkcs7-mime"),
)
DANGEROUS = frozenset(
    {"application/x-msdownload", "text/x-script", "application/x-executable", "application/x-elf"}
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What was found."""

    media_type: str
    signs: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    pages: int = 0


def sniff(content: bytes, declared: str) -> Sniffed:
    """Return what a file is by its bytes; never fails."""
    kind = media_type(content, declared)
    signs = _mismatch(kind, declared)
    if kind == PDF:
        return _pdf(content, signs)
    if kind == ZIP or kind.startswith("application/vnd.openxmlformats"):
        return _zip(content, kind, signs)
    if kind == TNEF:
        return Sniffed(
            kind, (*signs, "winmail"), names=tuple(name for name, _ in tnef_files(content))[:MOST_NAMES]
        )
    if kind in DANGEROUS:
        return Sniffed(kind, (*signs, "program"))
    return Sniffed(kind, signs)


def media_type(content: bytes, declared: str) -> str:
    """Return the type that the first bytes show; what shows none is text, or bytes."""
    head = content[:HEAD]
    for lead, kind in LEADS:
        if head.lstrip()[: len(lead)] == lead:
            return kind
    if b"%PDF-" in head[:1024]:
        return PDF
    try:
        found = filetype.guess(head)
    except Exception:  # a guess that fails is no guess
        found = None
    if found is not None:
        return str(found.mime)
    if re.match(rb"\s*(?:<!doctype html|<html|<body|<script|<svg)", head, re.IGNORECASE):
        return "image/svg+xml" if b"<svg" in head[:200].lower() else "text/html"
    if b"\0" in head:
        return "application/octet-stream"
    return declared if declared.startswith(("text/", "message/")) else "text/plain"


def _mismatch(kind: str, declared: str) -> tuple[str, ...]:
    """Tell when a file says it is one thing and is another."""
    said, is_ = declared.partition("/")[0], kind.partition("/")[0]
    vague = declared in {
        "",
        "application/octet-stream",
        "application/x-zip-compressed",
        "application/download",
    }
    if vague or declared == kind or said == is_ == "text" or (said == is_ == "image"):
        return ()
    if said == "application" and is_ == "application" and kind not in DANGEROUS:
        return ()
    return ("not_what_it_says",)


def _pdf(content: bytes, signs: tuple[str, ...]) -> Sniffed:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            fields = _fields(pdf)
            found = list(signs)
            if pdf.is_encrypted:
                found.append("protected")
            if ACTIVE.search(content):
                found.append("active")
            if fields:
                found.append("form")
            elif not _has_text(pdf):
                found.append("scan")
            return Sniffed(PDF, tuple(found), fields=fields, pages=len(pdf.pages))
    except pikepdf.PasswordError:
        return Sniffed(PDF, (*signs, "encrypted"))
    except MemoryError:
        raise
    except Exception:  # qpdf's errors, recursion, values of a wrong kind: the file is what it is
        return Sniffed(PDF, (*signs, "damaged"))


def _fields(pdf: Any) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a form's fields, top level names joined with dots."""
    if "/AcroForm" not in pdf.Root or "/Fields" not in pdf.Root.AcroForm:
        return ()
    found: list[tuple[str, str]] = []
    waiting = [("", field, 0) for field in reversed(list(pdf.Root.AcroForm.Fields))]
    while waiting and len(found) < MOST_FIELDS:
        above, field, depth = waiting.pop()
        own = str(field.get("/T", ""))
        name = f"{above}.{own}".strip(".") if own else above
        kids = [kid for kid in field.get("/Kids", ()) if "/T" in kid] if depth < 8 else []
        if kids:
            waiting += [(name, kid, depth + 1) for kid in reversed(kids)]
        elif name:
            found.append((harmless.line(name, 80), _value(field)))
    return tuple(found)


def _value(field: Any) -> str:
    value = str(field.get("/V", ""))
    if field.get("/FT", "") == "/Btn":
        return value.removeprefix("/")
    return harmless.lines(value, LONGEST_VALUE).strip()


def _has_text(pdf: Any) -> bool:
    """Tell whether the first pages show letters rather than pictures only."""
    return any("/Font" in page.get("/Resources", {}) for page in list(pdf.pages)[:3])


def _zip(content: bytes, kind: str, signs: tuple[str, ...]) -> Sniffed:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
    except Exception:  # zipfile raises half a dozen kinds
        return Sniffed(kind, (*signs, "damaged"))
    found = [*signs] if kind != ZIP else [*signs, "archive"]
    if any(each.flag_bits & 1 for each in inside):
        found.append("encrypted")
    if sum(each.file_size for each in inside) > BOMB * max(len(content), 1):
        found.append("bomb")
    if any(each.filename.endswith("vbaProject.bin") for each in inside):
        found.append("active")
    names = tuple(harmless.file_name(each.filename) for each in inside[:MOST_NAMES]) if kind == ZIP else ()
    return Sniffed(kind, tuple(found), names=names)


def tnef_files(content: bytes) -> list[tuple[str, bytes]]:
    """
    Return the files in a winmail.dat, as far as it can be read.

    Attributes follow each other: level (1), id (4), length (4), data, checksum (2), little endian [MS-OXTNEF].
    """
    found: list[tuple[str, bytes]] = []
    name, at = "", 6
    while at + 9 <= len(content) and len(found) < MOST_NAMES:
        _level, attribute, length = struct.unpack_from("<BII", content, at)
        data = content[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if attribute == 0x00018010:  # attAttachTitle
            name = harmless.file_name(harmless.in_charset(data.rstrip(b"\0"), "cp1252")[0])
        elif attribute == 0x0006800F:  # attAttachData
            found.append((name or f"attachment {len(found) + 1}", data))
            name = ""
    return found
