"""
Wording becomes a letter: plain text and HTML from one Markdown text, the values never read as Markdown or HTML.

The text is rendered with marks in the place of its variables; the values take the marks' places afterwards. So a name
like `[click](https://elsewhere.example)` stays what it is: a strange name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tecum.documents.drivers.markdown import to_html
from tecum.guide.model.guide import Guide
from tecum.notices.rules import one_line, seen

Value = str | int | Sequence[str]

_OPEN, _CLOSE = (
    "\ue000",
    "\ue001",
)  # private use: `seen` leaves them out of no value, so values are cleaned of them
_MARK = re.compile(f"{_OPEN}([a-z0-9_]+){_CLOSE}")
_ALONE = re.compile(f"<p>{_OPEN}([a-z0-9_]+){_CLOSE}</p>")
_STRONG = re.compile(r"(\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Letter:
    """A text ready to be sent."""

    subject: str
    text: str
    html: str


def write(guide: Guide, name: str, values: Mapping[str, Value]) -> Letter:
    """
    Return the guide's text of a message with the values in it. A list becomes a list of points.

    :raises NotInGuide: when the guide has no such text
    :raises UndefinedVariable: when a variable is missing or not declared
    """
    clean = {key: _cleaned(value) for key, value in values.items()}
    marked = guide.say(name, **{key: f"{_OPEN}{key}{_CLOSE}" for key in clean})
    subject = _MARK.sub(lambda match: _flat(clean[match.group(1)]), marked.subject)
    text = _MARK.sub(lambda match: _plain(clean[match.group(1)]), plain(marked.body))
    return Letter(one_line(subject), text, _html(marked.body, clean))


def plain(body: str) -> str:
    """Return Markdown as people write plain mail: without stars, links with their address behind them."""
    text = _STRONG.sub(r"\2", body)
    text = _LINK.sub(lambda match: f"{match.group(1)} ({match.group(2)})", text)
    return _BACKSLASH.sub(r"\1", text).strip() + "\n"


def _html(body: str, values: Mapping[str, str | tuple[str, ...]]) -> str:
    def alone(match: re.Match[str]) -> str:
        value = values[match.group(1)]
        if isinstance(value, str):
            return match.group()
        return "<ul>" + "".join(f"<li>{escape(point)}</li>" for point in value) + "</ul>"

    html = _ALONE.sub(alone, to_html(body))
    return _MARK.sub(lambda match: _inline(values[match.group(1)]), html)


def _inline(value: str | tuple[str, ...]) -> str:
    text = _flat(value) if not isinstance(value, str) else value
    if text.startswith(("https://", "http://localhost", "http://127.0.0.1")) and not re.search(r"\s", text):
        return f'<a href="{escape(text)}">{escape(text)}</a>'
    return escape(text).replace("\n", "<br>\n")


def _plain(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(f"- {point}" for point in value)


def _flat(value: str | tuple[str, ...]) -> str:
    return one_line(value if isinstance(value, str) else "; ".join(value))


def _cleaned(value: Value) -> str | tuple[str, ...]:
    if isinstance(value, (str, int)):
        return _without_marks(str(value))
    return tuple(_without_marks(str(point)) for point in value)


def _without_marks(text: str) -> str:
    return seen(text).replace(_OPEN, "").replace(_CLOSE, "")
