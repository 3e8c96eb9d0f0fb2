"""
The mail that real mail is: invented messages, each with what must become of it. What is too large for a repository is
made here; the rest is made here too, so that a reader sees what is odd about each.
"""

import io
import struct
import zipfile
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

from tecum.inbox.states import MessageClass as C
from tests.letters import ACTIVATION, DEMANDS, PORTAL, a_form, a_pdf, a_picture, letter

HEAD = b"From: Detective Ruiz <ruiz@police.marrow.example.gov>\r\nTo: LEArequests@sinch.com\r\nSubject: Subpoena\r\nMessage-ID: <%d.c@police.marrow.example.gov>\r\nMIME-Version: 1.0\r\n"  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One message: what is odd about it, where it comes, what it is (None: waits), and signs that its facts must have."""

    odd: str
    raw: bytes
    klass: C | None
    reason: str
    to: str = DEMANDS
    form: str = "mail"
    signs: tuple[str, ...] = ()
    files: tuple[str, ...] = field(default=())


def _head(number: int) -> bytes:
    return HEAD % number


def _part(media_type: str, content: bytes, name: str = "") -> bytes:
    shown = f'; name="{name}"' if name else ""
    disposition = f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    lead = f"Content-Type: {media_type}{shown}\r\n{disposition}Content-Transfer-Encoding: base64\r\n\r\n"
    return lead.encode() + encodebytes(content).replace(b"\n", b"\r\n")


def _mixed(number: int, *parts: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts)
    return (
        _head(number) + f'Content-Type: multipart/{kind}; boundary="x"\r\n\r\n'.encode() + body + b"--x--\r\n"
    )


def _forwarded(depth: int) -> bytes:
    inner = letter("The first one", files=(("subpoena.pdf", "application/pdf", a_pdf()),))
    for level in range(depth):
        lead = f'From: a{level}@police.example.gov\r\nSubject: Fwd {level}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="f{level}"\r\n\r\n'
        inner = (
            lead.encode()
            + f"--f{level}\r\nContent-Type: message/rfc822\r\n\r\n".encode()
            + inner
            + f"\r\n--f{level}--\r\n".encode()
        )
    return inner


def _nest(size: int) -> bytes:
    nest, level = bytearray(_head(12)), 0
    while len(nest) < size:
        nest += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
        level += 1
    return bytes(nest)


def _many_parts(count: int) -> bytes:
    return _mixed(13, *([b"Content-Type: text/plain\r\n\r\nx"] * count))


def winmail(name: str, content: bytes) -> bytes:
    """Return a winmail.dat with one file in it."""

    def attribute(number: int, data: bytes) -> bytes:
        return struct.pack("<BII", 2, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    title, data = attribute(0x00018010, name.encode() + b"\0"), attribute(0x0006800F, content)
    return struct.pack("<IH", 0x223E9F78, 1) + attribute(0x00069002, b"\0" * 14) + title + data


def a_zip(*names: str, content: bytes = b"x" * 200) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def a_scan() -> bytes:
    """Return a PDF of one page that is a picture only."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        picture = pdf.make_stream(
            b"\x80" * 64, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8, Height=8,
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
        page.Contents = pdf.make_stream(b"q 600 0 0 780 0 0 cm /I Do Q")
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def outlook(subject: str, text: str, sender: str) -> bytes:
    """
    Return an Outlook message: a compound file [MS-CFB] of 512-byte sectors with the few streams that a message needs
    [MS-OXMSG], all of them in the mini stream.
    """
    texts = {
        0x001A001F: "IPM.Note",
        0x0037001F: subject,
        0x1000001F: text,
        0x007D001F: f"From: Ruiz <{sender}>\r\nMessage-ID: <o1@x>\r\n\r\n",
        0x5D01001F: sender,
    }
    listed = b"".join(struct.pack("<IIQ", tag, 6, 2 * len(value) + 2) for tag, value in texts.items())
    streams = {"__properties_version1.0": b"\0" * 32 + listed}
    streams |= {f"__substg1.0_{tag:08X}": value.encode("utf-16-le") for tag, value in texts.items()}
    small, small_links, chains = b"", list[int](), list[tuple[str, int, int]]()
    for name, content in streams.items():
        count = -(-len(content) // 64)
        first = len(small_links)
        chains.append((name, first, len(content)))
        small += content.ljust(count * 64, b"\0")
        small_links += [first + index + 1 for index in range(count - 1)] + [0xFFFFFFFE]
    sectors: list[bytes] = []
    links: list[int] = []

    def keep(content: bytes) -> int:
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        first = len(sectors)
        links.extend([first + index + 1 for index in range(len(pieces) - 1)] + [0xFFFFFFFE])
        sectors.extend(pieces)
        return first

    small_at = keep(small)
    small_fat = b"".join(struct.pack("<I", link) for link in small_links)
    small_fat_at = keep(small_fat.ljust(-(-len(small_fat) // 512) * 512, b"\xff"))
    order = sorted(range(len(chains)), key=lambda i: (len(chains[i][0]), chains[i][0].upper()))

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        text16 = name.encode("utf-16-le")
        head = text16.ljust(64, b"\0") + struct.pack("<HBB", len(text16) + 2, kind, 1)
        return (
            head
            + struct.pack("<III", 0xFFFFFFFF, right, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )

    following = {a: b + 1 for a, b in zip(order, order[1:], strict=False)}
    folder = entry("Root Entry", 5, 0xFFFFFFFF, order[0] + 1, small_at, len(small))
    folder += b"".join(
        entry(name, 2, following.get(i, 0xFFFFFFFF), 0xFFFFFFFF, start, size)
        for i, (name, start, size) in enumerate(chains)
    )
    folder += entry("", 0, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0) * (-(len(folder) // 128) % 4)
    folder_at = keep(folder)
    links.append(0xFFFFFFFD)
    fat = b"".join(struct.pack("<I", link) for link in links).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIII", 0, 1, folder_at, 0, 0x1000)
    header += struct.pack("<IIIII", small_fat_at, -(-len(small_fat) // 512), 0xFFFFFFFE, 0, len(sectors))
    return header.ljust(512, b"\xff") + b"".join(sectors) + fat


def large(size: int = 40 << 20) -> bytes:
    """Return a message with a large attachment."""
    return letter("A large one", files=(("large.pdf", "application/pdf", a_pdf() + b"0" * size),))


def cases() -> Iterator[Case]:
    """Yield the corpus."""
    pdf, ok = a_pdf(), "demand_mailbox"
    yield Case(
        "no subject",
        _head(1).replace(b"Subject: Subpoena\r\n", b"") + b"\r\nsee attached",
        C.LEGAL_DEMAND,
        ok,
        signs=("no_subject",),
    )
    yield Case(
        "two From lines", b"From: chief@other.example\r\n" + _head(2) + b"\r\nx", C.QUARANTINED, "two_from"
    )
    yield Case(
        "two senders in one From",
        _head(3).replace(b".gov>\r\nTo", b".gov>, b@c.example\r\nTo") + b"\r\nx",
        C.QUARANTINED,
        "several_from",
    )
    yield Case(
        "no sender, only a group",
        _head(4).replace(b"Detective Ruiz <ruiz@police.marrow.example.gov>", b"undisclosed:;") + b"\r\nx",
        C.QUARANTINED,
        "no_from",
    )
    yield Case(
        "forwarded five times",
        _forwarded(5),
        C.LEGAL_DEMAND,
        ok,
        signs=("forwarded",),
        files=("subpoena.pdf",),
    )
    yield Case(
        "winmail.dat",
        _mixed(5, _part("application/ms-tnef", winmail("subpoena.pdf", pdf), "winmail.dat")),
        C.LEGAL_DEMAND,
        ok,
        files=("winmail.dat", "subpoena.pdf"),
    )
    yield Case(
        "a broken winmail.dat",
        _mixed(6, _part("application/ms-tnef", winmail("s.pdf", pdf)[:60], "winmail.dat")),
        C.LEGAL_DEMAND,
        ok,
        files=("winmail.dat", "s.pdf"),
    )
    signature = _part("application/pkcs7-signature", b"0\x82" + b"\1" * 90, "smime.p7s")
    yield Case(
        "S/MIME, signed in the open",
        _mixed(7, b"Content-Type: text/plain\r\n\r\nsubpoena", signature, kind="signed"),
        C.LEGAL_DEMAND,
        ok,
        signs=("signed",),
    )
    opaque = b'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n'
    yield Case(
        "S/MIME, signed and wrapped, at the portal",
        _head(8).replace(b"Subpoena", b"hello") + opaque,
        None,
        "sealed_mail",
        to=PORTAL,
        signs=("opaque",),
    )
    yield Case(
        "an encrypted PDF",
        letter(files=(("s.pdf", "application/pdf", a_pdf(password="x")),)),
        C.LEGAL_DEMAND,
        ok,
        files=("s.pdf",),
    )
    yield Case(
        "a scanned form",
        letter(
            "Application Attached for Law Portal Access",
            files=(("form.pdf", "application/pdf", a_scan()), ("badge.jpg", "image/jpeg", a_picture())),
        ),
        C.APPLICATION,
        "application_subject",
        to=PORTAL,
    )
    yield Case(
        "a form of an older version",
        letter(
            "hello",
            files=(
                (
                    "form.pdf",
                    "application/pdf",
                    a_form(
                        form_version="2021-1", applicant_name="Ana Ruiz", supervisor_email="c@p.example.gov"
                    ),
                ),
            ),
        ),
        C.APPLICATION,
        "application_form",
        to=PORTAL,
    )
    yield Case(
        "a ZIP",
        letter(files=(("all.zip", "application/zip", a_zip("subpoena.pdf", "../../etc/passwd")),)),
        C.LEGAL_DEMAND,
        ok,
        files=("all.zip",),
    )
    yield Case(
        "a ZIP that swells",
        letter(files=(("b.zip", "application/zip", a_zip("zeros", content=b"\0" * (8 << 20))),)),
        C.QUARANTINED,
        "bomb",
    )
    yield Case(
        "a program that calls itself a PDF",
        letter(files=(("s.pdf", "application/pdf", b"MZ\x90\0" + b"\0" * 200),)),
        C.QUARANTINED,
        "program",
    )
    yield Case("a nest of 250 KB", _nest(250_000), C.QUARANTINED, "too_deep")
    yield Case("ten thousand parts", _many_parts(10_000), C.QUARANTINED, "too_many_parts")
    yield Case(
        "an Exchange Message-ID in brackets",
        _head(14).replace(b"<14.c@", b"<[a1b2c3]@") + b"\r\nx",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "a charset nobody knows",
        _head(15) + b"Content-Type: text/plain; charset=klingon-7\r\n\r\nsubpoena \xe9",
        C.LEGAL_DEMAND,
        ok,
        signs=("unknown_charset",),
    )
    yield Case(
        "a charset that is none",
        _head(16) + b'Content-Type: text/plain; charset="zlib_codec"\r\n\r\nx\x9c',
        C.LEGAL_DEMAND,
        ok,
        signs=("unknown_charset",),
    )
    yield Case(
        "a charset with a NUL in its name",  # found by mutation: the library raises when such a part is asked as text
        _head(61) + b'Content-Type: text/plain; charset="utf\x00-8"\r\n\r\nsubpoena \xe9',
        C.LEGAL_DEMAND,
        ok,
        signs=("unknown_charset",),
    )
    yield Case(
        "letters beyond ASCII in a raw header",
        _head(17).replace(b"Subpoena", b"Cit\xe9 \xff\xfe") + b"\r\nx",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "a subject that turns the line around",
        _head(18).replace(b"Subpoena", b"=?utf-8?q?fdp=2E_=E2=80=AE_anecopbuS=0D=0ABcc=3A_x?=") + b"\r\nx",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "encoded words that are broken",
        _head(19).replace(b"Subpoena", b"=?utf-8?b?AAA?= =?nope?q?=ZZ?= =??b??=") + b"\r\nx",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "a header of a megabyte",
        _head(20).replace(b"Subpoena", b"a" * (1 << 20)) + b"\r\nx",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "ten thousand recipients",
        _head(21).replace(b"To: ", b"To: " + b", ".join(b"p%d@x.example" % n for n in range(10_000)) + b", ")
        + b"\r\nx",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "HTML only, with a script",
        _head(22)
        + b"Content-Type: text/html\r\n\r\n<script>alert(1)</script><p>grand jury <b>subpoena</b><br>enclosed</p>",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "base64 that is none",
        _head(23) + b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64 at all",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "an unknown transfer encoding",
        _head(24) + b"Content-Transfer-Encoding: x-rot13\r\n\r\nfhocbran",
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case("zero bytes", _head(25) + b"\r\n\0\0\0", C.LEGAL_DEMAND, ok)
    yield Case(
        "a boundary that never comes",
        _head(26) + b'Content-Type: multipart/mixed; boundary="z"\r\n\r\nsubpoena',
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case("no bytes at all", b"", C.QUARANTINED, "no_from")
    yield Case("bytes that are no message", bytes(range(256)) * 40, C.QUARANTINED, "no_from")
    yield Case(
        "a file name that climbs",
        letter(files=(("../../../etc/cron.d/x\u202efdp.pdf", "application/pdf", pdf),)),
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "a delivery report",
        letter("Undelivered Mail Returned to Sender", sender="MAILER-DAEMON@mx.example").replace(
            b"Content-Type: text/plain; charset=utf-8",
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',
        ),
        C.AUTOMATIC,
        "automatic_answer",
        to=PORTAL,
    )
    yield Case(
        "an automatic answer",
        letter("Automatic reply: Your demand", headers="Auto-Submitted: auto-replied\r\n"),
        C.AUTOMATIC,
        "automatic_answer",
    )
    yield Case(
        "a case system that sends process by itself",
        letter(
            headers="Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n",
            files=(("s.pdf", "application/pdf", pdf),),
        ),
        C.LEGAL_DEMAND,
        ok,
    )
    yield Case(
        "thanks to the address that only sends",
        letter("Re: Welcome", "Thank you", to=ACTIVATION),
        C.MISDIRECTED,
        "no_reply_mailbox",
        to=ACTIVATION,
    )
    yield Case(
        "an Outlook message",
        outlook("SUPPORT NEEDED", "My link expired", "ruiz@police.marrow.example.gov"),
        C.SUPPORT,
        "support_subject",
        to=PORTAL,
        form="outlook",
        signs=("outlook",),
    )
    yield Case(
        "an Outlook message that breaks off",
        outlook("x", "y", "a@b.example")[:900],
        C.QUARANTINED,
        "unreadable_raised",
        form="outlook",
    )


MOST = 1 << 17


def seeds() -> list[bytes]:
    """Return the messages that mutations start from: those of mail that are not large."""
    return [case.raw for case in cases() if case.form == "mail" and len(case.raw) < MOST]
