"""Strings from strangers, made harmless: nothing that moves the cursor, turns the line around or hides."""

import re
import unicodedata
from email.header import decode_header
from html.parser import HTMLParser

# Codecs that are no charsets of mail, or take quadratic time.
NO_CHARSET = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LONGEST_LINE = 2_000
BLOCKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"})
SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript"})


def line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return one line: controls, bidirectional marks and line breaks gone, white space single."""
    seen = "".join(" " if c in "\r\n\t" else c for c in text[: longest * 4])
    seen = "".join(c for c in seen if unicodedata.category(c) not in UNSEEN)
    return re.sub(r"\s+", " ", seen).strip()[:longest]


def lines(text: str, longest: int) -> str:
    """Return a text of several lines without anything that is not seen."""
    plain = text[:longest].replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in UNSEEN)


def decoded(value: object) -> str:
    """Return a header's value with its encoded words decoded as well as can be; never fails."""
    text = str(value)[: LONGEST_LINE * 8]
    if "=?" not in text:
        return line(text)
    try:
        pieces = decode_header(re.sub(r"[\r\n]+", " ", text))
    except Exception:  # binascii, HeaderParseError, ValueError: whatever it is, the words stay as they came
        return line(text)
    return line("".join(p if isinstance(p, str) else in_charset(p, c or "ascii")[0] for p, c in pieces))


def in_charset(content: bytes, charset: str) -> tuple[str, bool]:
    """Return bytes as text, and whether the charset was one that is known."""
    name = charset.strip().strip("'\"").lower()[:40]
    try:
        if name.replace("-", "_") in NO_CHARSET:
            raise LookupError
        return content.decode(name, "replace"), True
    except (LookupError, ValueError, TypeError):
        known = name in {"", "unknown-8bit", "x-unknown", "8bit", "binary"}
        return _guessed(content), known
    except Exception:  # some codecs raise what they like
        return _guessed(content), False


def _guessed(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def file_name(text: str) -> str:
    """Return a name that is a name: the last part of any path, no dots before it, 120 characters."""
    name = re.split(r"[/\\]", line(text, 400))[-1].strip(". ")
    head, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{head[:108]}.{extension}"
    return name[:120]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self.skipping += 1
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED and self.skipping:
            self.skipping -= 1
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.pieces.append(re.sub(r"\s+", " ", data))


def from_html(source: str, longest: int) -> str:
    """Return the words of an HTML body."""
    reader = _Text()
    try:
        reader.feed(source[: longest * 4])
        reader.close()
    except Exception:  # a parser of strangers' markup: what it had so far will do
        reader.pieces.append("\n")
    words = re.sub(r"[ \t]*\n\s*\n\s*", "\n\n", "".join(reader.pieces))
    return lines(words.strip(), longest)
