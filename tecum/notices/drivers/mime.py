"""
A notice as the bytes of a mail message, the same bytes at every attempt.

Built with the old `compat32` policy: the new one fails on message ids that real mail systems write (stack notes).
"""

from collections.abc import Sequence
from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from html import escape

from tecum.notices.models import Notice
from tecum.notices.rules import Attached

_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP  # as people can read it in the source, and as few filters mistrust
_WRITTEN = compat32.clone(linesep="\r\n", max_line_length=78)
_PAGE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
    '<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 40em">\n{body}{foot}</body></html>\n'
)
_FOOT = '<hr>\n<div style="font-size: 13px; color: #454545">\n{said}{mark}</div>\n'
_MARK = '<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{note}</pre>\n'


def compose(
    notice: Notice,
    *,
    sender_name: str,
    footer: tuple[str, str],
    at: datetime,
    attached: Sequence[tuple[Attached, bytes]] = (),
) -> bytes:
    """Return the message as bytes with CRLF, without a DKIM signature. `footer` is its text and its HTML."""
    said = MIMEMultipart("alternative", boundary=f"=_{notice.pk}")
    message = MIMEMultipart("mixed", boundary=f"=_files_{notice.pk}") if attached else said
    message["From"] = formataddr((sender_name, notice.sender))
    message["To"] = notice.recipient
    message["Subject"] = (
        notice.subject if notice.subject.isascii() else Header(notice.subject, "utf-8").encode()
    )
    message["Date"] = format_datetime(at)
    message["Message-ID"] = notice.message_id
    if notice.in_reply_to:
        message["In-Reply-To"] = notice.in_reply_to
    if notice.references:
        message["References"] = notice.references
    message["Auto-Submitted"] = "auto-replied" if notice.automatic else "auto-generated"
    if notice.automatic:
        message["X-Auto-Response-Suppress"] = "All"
    said.attach(_part(notice.text + _text_foot(footer[0], notice.checkpoint), "plain"))
    said.attach(_part(_page(notice, footer[1]), "html"))
    if attached:
        del said["MIME-Version"]
        message.attach(said)
    for each, content in attached:
        message.attach(_file(each, content))
    return message.as_bytes(policy=_WRITTEN)


def _part(text: str, kind: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", kind)
    part.set_payload(text, Charset("us-ascii") if text.isascii() and _short(text) else _QUOTED)
    return part


def _file(each: Attached, content: bytes) -> MIMENonMultipart:
    part = MIMENonMultipart(*each.media_type.split("/", 1))
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=each.name)
    return part


def _short(text: str) -> bool:
    return all(len(line) < 900 for line in text.splitlines())


def _text_foot(said: str, note: str) -> str:
    """Return the footer, which stands only beneath a message that carries a checkpoint."""
    if not note:
        return ""
    parts = [part.strip("\n") for part in (said, note) if part]
    return "\n-- \n" + "\n\n".join(parts) + "\n"


def _page(notice: Notice, said: str) -> str:
    note = notice.checkpoint
    foot = _FOOT.format(said=said, mark=_MARK.format(note=escape(note))) if note else ""
    return _PAGE.format(title=escape(notice.subject), body=notice.html, foot=foot)
